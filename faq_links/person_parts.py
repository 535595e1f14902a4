"""The part that each word has in asking for a person: one letter, the same in Spanish, English and Portuguese.

p somebody, c people, r whose work it is, t where they work, b nobody, m a bot, l another machine; s to speak, h to
help or answer, x to pass on or fetch, w to wish, @ to send, q to be able, e to be there; o us, j ours, i who speaks or
is spoken to, k who, g towards, u for, n not, v no more, y here, a asks of facts, d and f small words, W what somebody
else wishes, z all else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq_links.situation_space import load_space

_PARTS = {
    "p": "person persons someone somebody anyone anybody human humans being persona personas alguien alguno humano"
    " humanos humana pessoa pessoas alguem humanas alma cristiano any1 some1 sum1 sm1 algm algen hooman whoever",
    "c": "gente gnt people folks povo",
    "r": "agent agents representative representatives rep reps advisor adviser advisers advisors operator operators"
    " supervisor manager boss owner colleague staff associate specialist consultant csr asesor asesora asesores"
    " agente agentes ejecutivo ejecutiva operador operadora operadores representante encargado encargada"
    " supervisora vendedor vendedora vendedores dependiente dependienta gerente responsable jefe jefa dueno"
    " duena senorita companero companera colega especialista atendente atendentes consultor consultora"
    " responsavel dono dona moca moco funcionario funcionaria chefe rapaz muchacho muchacha superior superiora"
    " gerencia gerencias coordinadora lider administradora representantes vendedoras asesoras expertos experto"
    " experta profesional analista recepcionista receptionist telefonista encarregado encarregada colaborador"
    " colaboradora supervisors supervisores managers colleagues specialists attendant teammate member employee"
    " employees clerk salesman salesperson executive officer administrator management moderator empleado"
    " empleada trabajador gestor gestora administrador comercial coordinador diretor director proprietario"
    " proprietaria propietario pessoal assistant asistente assistente",
    "t": "team time sales support billing service desk department office store shop ventas soporte atencion servicio"
    " administracion departamento area equipo tienda cliente clientes customer care vendas suporte financeiro"
    " atendimento servico setor equipe loja sac devoluciones reclamaciones reclamos returns refunds devolucoes",
    "b": "nadie ninguem nobody",
    "m": "bot bots chatbot chatbots robot robots robo robos",
    "l": "machine machines maquina maquinas maquinita computer computers computadora automated automatico automatica"
    " ia chatgpt virtual artificial",
    "s": "talk talking speak speaking chat chatting word touch deal tratar quejo discuss contact contacto contato"
    " communicate",
    "@": "send take manda mande mandem mandame",
    "h": "contarle contarlo explicarle explicarlo quejarme reclamar"
    " asistencia assistencia orientacion orientacao apoyo apoio advise guide chamar chame chamem help helping"
    " assist assistance answer answering answers reply respond attend attending call ring message text explain"
    " fix look check handle respuesta resposta asesoria asesoramiento write contacted ajuda ayuda",
    "x": "transfer transferred connect connected put patch forward refer direct redirect escalate pass hand fetch"
    " bring reach find hold ponme poneme pon ponga pongan ponganme llama llamen chama coloca coloque swap switch"
    " shift loop asigna asigne asignar asignen assign route reroute redirige redirigir redirija repassa repassar"
    " joga jogar bota poe muda mude troca troque cambia cambiame cambio canaliza canalizar venga venha",
    "w": "regala regaleme requerimos solicitamos pretendo ruego suplico imploro begging hoping insist insisto ocupo"
    " necessito querria aguardo espero trying tentando precisando demand want need wish prefer"
    " request require get gimme give wanna gotta quiero queremos quisiera necesito necesitamos deseo desearia"
    " prefiero exijo solicito busco dame deme denme urge gustaria requiero quero queria preciso precisamos"
    " gostaria prefiro desejo rather would like id let lemme dejame dejenme deixa deixe opcion opcao option pide"
    " pidan pede peca peco pido",
    "W": "wants wishes needs quiere quieren necesita necesitan desea desean quer querem precisa precisam desejam",
    "q": "can could may possible able puede pueden puedo podria podrian podrias podemos pueda puedan puedes posible"
    " pode podem posso podia poderia poderiam possivel consigo consegue da",
    "e": "cade hay haya existe tem teria tienen tienes there any is are estan esta have got",
    "o": "me us nos mim conmigo comigo",
    "j": "my mi mis our nuestro meu minha meus minhas nosso",
    "i": "i we you u vc vcs voce voces eu tu usted ustedes vosotros vosotras",
    "k": "who whom quien quienes quem",
    "g": "to with from by con com a al ao por",
    "u": "for para pra pro",
    "n": "n no not nao non dont don sin sem without isnt cero zero nada never",
    "v": "stop enough basta harto harta cansado cansada cansei canse chega deja dejen pare parem sai sal fuera fora"
    " hate odio tired sick off apaga apague desliga quit exit skip pula pular tira tire quita quitame saquenme"
    " sacame saio salgo desativa desative solo puro pura bypass saltar saltarse evitar sair salir",
    "y": "here available around online free home disponible disponibles conectado conectada linea line ahi ahy aca"
    " aqui alla disponivel disponiveis ai lado now ahora agora asap urgente urgent today hoy hoje right pronto",
    "a": "does did",
    "d": "o do desse deste dessa desta nesse neste nessa the an some one another other your ur of un una uno unos"
    " unas el la los las lo algun alguna algunos otro otra de del tus su sus real reals actual live living"
    " proper verdad carne hueso viva vivo um uma uns umas os as algum alguma outro outra dos das seu sua osso"
    " vdd verdadeiro flesh blood different decent else este esse",
    "f": "hi hello hey hola oi ola alo buenas buenos buen dia dias tarde tardes noche noches bom boa noite please"
    " pls plz favor porfa porfavor porfis gentileza gracias thanks thank thx obrigado obrigada yes si sim ok"
    " okay just only so and y e or but pero que q se im it this that then actually really too even still"
    " directly instead which through over on in up ele mesmo logo kindly sir madam urgently disculpe disculpa"
    " amigo amiga parce veci che oye oiga bueno mejor well pues entao sera will shall en em ya ja already eso"
    " isso inteligencia about regarding sobre acerca po mano mana loco loca wey guey boludo parcero bro dude"
    " mate man opa ei posta",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_STEMS = (
    # Verbs, by what all their forms but those of the past begin with.
    ("s", r"habl|charl|chate|convers[ae]|platic|fal(?:ar|e|em|amos|o|a)$|tecl|comuni(?:que|quen|carme|quense)$"
          r"|contat[ae]$|contact[ae]r?$"),
    ("h", r"(?:ayud|ajud|atiend|atend|respond|contest|asesor)(?:[ae]|[ae][nrsm]|iend[ao]|ando|ido|ida|i?er[ae]n?"
          r"|[ae]ran?|[aei]ssem?)?(?:me|nos|lo|la)?$"
          r"|(?:resuelv|resolv)(?:a|an|e|er|am)(?:lo)?$|solucion(?:e|en|ar)$|revis(?:e|en|ar|a)$|(?:vea|veja|olhe|olhar"
          r"|olhasse)$|llam(?:e|en|a|an|ar|aran?)$|lig(?:ue|uem|ar|a|assem?)$|comuniq(?:ue|uen)$|entiend(?:a|e|en)$|entend(?:e|er)$|escrib(?:a|an|e|ir)$"
          r"|escrev(?:a|am|er)$|(?:orient|expliqu|apoy|colabor)(?:e|en|a|an|ar)$|(?:guie|guiar|explicar|explique|orientar|apoiar)$"),
    ("v", r"hart(?:o|a|e|os|as|isim[oa])$|cans(?:e|ei|ado|ada)$|aburr(?:i|ido|ida)$|fart[oa]$"),
    ("x", r"pas(?:a|e|en|as|ar|an)(?:me|nos)?$|pass(?:a|e|em|ar)$|transf(?:ier|er|ir)|deriv(?:a|e|ar|en)|encaminh"
          r"|conect(?:a|e|ar|en)(?:me)?$|comuni(?:ca|can|cas|car|came|queme|quenme)$|direc?cion(?:a|e|ar)|contact(?:a|e)?me$"),
)  # fmt: skip
_VERBS = tuple((part, re.compile(stem)) for part, stem in _STEMS)
_LONGEST_MENDED, _SHORTEST_MENDED = 14, 4
_MENDED = sorted(word for word, part in _PART_OF.items() if len(word) > _SHORTEST_MENDED and part in "prmswhxqf")
_BODILY = re.compile(
    r"\b(?:in person|en persona|em pessoa|ser(?= humano)"
    # How crowded the shop is.
    r"|(?:gente|people)(?= (?:en|in|at|na|no) (?:la |el |su |tu |the |your )?"
    r"(?:tienda|local|sucursal|shop|store|loja)\b(?! que\b)))\b"
)
_LEAVE_OFF = re.compile(r"\bpara(?= (?:de|com)\b)")
"""Of Portuguese "para de responder": the same letters as "for"."""


def read_parts(plain: str) -> str:
    """One letter for each of the folded words."""
    plain = _LEAVE_OFF.sub("pare", _BODILY.sub(" ", plain)).replace("contigo", "con tu")
    return "".join(_part_of(word) for word in plain.split())


@lru_cache(maxsize=20_000)
def _part_of(word: str) -> str:
    known = _PART_OF.get(word)
    if known is not None:
        return known
    for part, verb in _VERBS:
        if verb.match(word):
            return part
    if _SHORTEST_MENDED <= len(word) <= _LONGEST_MENDED and not _is_met(word):
        found = process.extractOne(word, _MENDED, scorer=OSA.distance, score_cutoff=1)
        if found is not None and found[0][0] == word[0]:
            return _PART_OF[found[0]]
    return "z"


def _is_met(word: str) -> bool:
    """Whether shoppers use it: then it is no slip for another word."""
    return any(word in words for words in load_space().met_often.values())
