"""The vocabulary of asking for a person, folded, in Spanish, English and Portuguese."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRONG = _words(
    """
    human humans humano humana humanos operator operators operador operadora agent agents agente agentes
    representative representatives rep reps csr representante asesor asesora asesores ejecutivo ejecutiva executive
    advisor adviser atendente atendentes supervisor supervisora manager gerente encargado encargada insaan
    humanperson realperson livechat liveagent moderator consultor consultora
    """
)
"""Words that alone, or among the words below, ask for a person."""

NAMES = STRONG | _words(
    """
    person persons people someone somebody anyone anybody staff employee colleague teammate member persona personas
    alguien alguno companero companera empleado empleada vendedor vendedora dependiente senorita chica chico muchacho
    muchacha pibe responsable pessoa pessoas alguem gente moca moco rapaz funcionario funcionaria responsavel
    colaborador colaboradora assistant associate guy lady boss chefe jefe jefa
    """
)
"""Words for a person, also in other questions."""

AROUND = _words(
    """
    a an the to with of from for my your our you u i we me us am is are be there here any some one please pls plz
    now right away asap immediately today just only want wants wanted need needs wish like would could can may shall
    let lets get give gimme put pass connect transfer switch direct speak speaking talk talking chat chatting reach
    contact call real live actual living breathing proper human support service customer care desk team help helpdesk
    line online available chatting who that not no bot bots robot ai instead directly through over up id ill im have
    has hi hello hey sir madam ok okay yes so and or then again back kindly urgent urgently really rather prefer
    possible possibly have would waiting wait agent where how do your stop this answer answers
    un una uno el la los las de del con a al que me mi te se lo le por para favor porfa porfavor ya ahora quiero
    quisiera necesito deseo prefiero dame deme pasame paseme pasa pasar paso comunicame comuniqueme comunicar comunicas
    comunica hablar hablo hable hablas charlar chatear contactar conectame conecte transfiereme transferir ponme
    poneme poner atienda atiende atender atencion humana real verdad vivo ahi hay algun alguna cliente servicio
    soporte linea en vez no si hola buenas gracias urgente solicito exijo busco ver con quien alguna chat puede
    puedo pueden podria gustaria ayude ayudar conteste conteste responda
    um uma o os as do da com eu voce voces quero queria preciso gostaria prefiro falar falo fala conversar passa
    passe passar chama chame chamar transfere transfira transferir atender atendimento atenda atende humano real
    verdade ai aqui tem algum alguma pra pro me por favor agora ja ola oi bom dia boa tarde noite ao vivo suporte
    kisi se mujhe ek sac cliente nao robo sim obrigado urgente pode posso ligar
    """
)
"""Words that may stand around a strong one without making it another question."""

ES_ONE = (
    r"(?:persona|humano|humana|asesora?|agente|operadora?|ejecutiv[oa]|representante|encargad[oa]|supervisora?"
    r"|vendedora?"
    r"|alguien|ser humano|dependient[ea]|gerente|responsable|senorita|senor|muchach[oa]|especialista|expert[oa]"
    r"|tecnico|duen[oa]"
    r"|companer[oa]|colega|recepcionista|propietari[oa]|jef[ea])"
)
EN_ONE = (
    r"(?:person|human(?: being)?|agent|representative|rep|operator|advis[eo]r|someone|somebody|people|associate"
    r"|staff(?: member)?|member of staff|supervisor|manager|assistant|employee|support team|customer (?:service"
    r"|support|care)"
    r"|bloke|lady|guy|woman|specialist|expert|technician|consultant|owner|boss|colleague|humans)"
)
PT_ONE = (
    r"(?:pessoa|humano|humana|atendente|agente|operadora?|alguem|representante|consultora?|vendedora?|gerente"
    r"|supervisora?"
    r"|responsavel|gente(?: de verdade)?|funcionari[oa]|assistente(?! virtual)|mo[cs][ao]|especialista"
    r"|tecnic[oa]|don[oa]|colega|chefe|patrao)"
)

MACHINE = (
    r"(?:bots?|chat ?bots?|robots?|robos?|machines?|maquinas?|maquinitas?|computers?|automated"
    r"|automatic[oa]?s?)"
)
ENOUGH = (
    r"(?:no more|no mas|not (?:an? |this |the )?(?:stupid )?|stop|enough|tired|sick of|hate|"
    r"anything but|anyone but|instead of|turn off|bypass|skip|exit|basta|harta|harto|cansad[oa]|chega|otra vez"
    r"|de novo|outra vez|apaga\w*|desliga\w*|salir|sair|quit|no quiero|nao quero|nao aguento|odio)"
)

HINTS = frozenset(
    """
    bot bots chatbot robot robots robo robos machine machines maquina maquinas maquinita computer computadora automated
    automatic automatica automaticas ai ia talk talking speak speaking chat hablar hablo habla falar falo fala conversar
    atender atienda atiende atienden  atenda atende atendido atendida attend transfer transfieran transfiere
    transferir transfira connect conecta conectar  pasame paseme pasen escalate csr staff  owner
    dueno duena dono dona boss jefe chefe superior supervisor setor equipe equipo carne gente  saleswoman
    salesperson  responsavel responsable encargado queue fila
    """.split()
)
"""Without one of these words the learnt ear must be surer."""
