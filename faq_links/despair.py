"""Hears who no longer wants to live: whatever the shop sells, a person must see that message."""

from __future__ import annotations

import re

_PLAINLY = re.compile(
    # Spanish
    r"\b(?:me quiero morir|quiero morir(?:me)?|quisiera morir(?:me)?|prefiero morir(?:me)?|deseo morir|ganas de"
    r" morir\w*"
    r"|me quiero matar|quiero matarme|me voy a matar|voy a matarme|(?:quiero )?suicidarme|me (?:quiero |voy a"
    r" )?suicid\w+"
    r"|no quiero (?:seguir )?vivi(?:r|endo)(?: mas)?|ya no quiero (?:seguir )?vivi(?:r|endo)|no quiero seguir"
    r" viviendo"
    r"|quitarme la vida|me quito la vida|acabar con mi vida|terminar con mi vida|hacerme dano|lastimarme|cortarme"
    r" las venas"
    r"|pensamientos? suicidas?)\b"
    # English
    r"|\b(?:i (?:really |just )?(?:want|wanna|wish|need|would like|would rather) (?:to |i could )?die|wanna die"
    r"|want to be dead"
    r"|wish i (?:was|were) dead|better off dead|ready to die|kill(?:ing)? my ?self|end(?:ing)? my (?:own )?life"
    r"|tak(?:e|ing) my own life|end it all|suicidal|commit suicide|(?:thinking|thoughts?) (?:of|about) suicide"
    r"|(?:dont|do not|no longer) (?:want|wanna) (?:to )?(?:live|be alive)(?: any ?more)?|no reason to live"
    r"|(?:hurt|harm|cut)(?:ing)? my ?self(?: on purpose)?|self harm)\b"
    # Portuguese
    r"|\b(?:eu )?(?:quero|queria|prefiro|vontade de|penso em) (?:me )?morrer\b|\b(?:quero|queria|vou|penso em) me"
    r" matar\b"
    r"|\b(?:me suicidar|me matar|pensamentos? suicidas?|nao quero (?:mais )?viver(?: mais)?|nao aguento mais viver"
    r"|acabar com (?:a )?minha vida|tirar (?:a )?minha (?:propria )?vida|me machucar de proposito|me cortar)\b"
)
_SAYING = re.compile(
    r"\b(?:morir\w*|matar\w*|die|dead|myself|morrer|matar) (?:de (?:la |tanta? |tanto )?(?:risa|amor|gusto|ternura"
    r"|emocion"
    r"|verguenza|rir|riso|vergonha|tanto|saudade|fome|hambre|calor|frio)|laughing|with laughter|of laughter|my|the"
    r"|this|it"
    r"|these|cut|cast|in (?:it|them))\b"
    r"|\b(?:live|vivir|viver) (?:without|sin|sem|in|en|em|with|con|com|chat|here|near|so|aqui|aca)\b"
    r"|\b(?:kill|matar)\b.*\b(?:weeds?|ants?|bugs?|roaches|cucarachas?|hormigas?|baratas?|formigas?|mosquitos?)\b"
    r"|\b(?:cut|hurt|corte|cortar|machuc\w+) (?:my ?self|me) (?:with|on|opening|con|com|no|na|abrindo)\b"
)


def is_in_despair(plain: str) -> bool:
    """True when folded words say so plainly; not for "me quiero morir de risa"."""
    return bool(_PLAINLY.search(plain)) and not _SAYING.search(plain)
