"""Words that frame a question without naming its topic, in Spanish, English and Portuguese."""

from __future__ import annotations

_FUNCTION_WORDS = {
    "es": (
        "a al ante algo algun alguna aqui asi aun aunque bien cada con cosa creo cual cuales de del desde e"
        " el ella ellos en entre era eran eres es esa ese eso esta estaba estan estar estas este esto estos"
        " estoy fue fui ha haber habia han has hasta hay he hice hizo ir la las le les lo los me mi mia mio"
        " mis mismo mucho muy nada nos nosotros o os otra otro para pero por porque pues que quien se sea"
        " ser si sido sin sobre solo son soy su sus tambien tan te tengo tenga tener ti tiene tienen toda"
        " todo todos tu tus un una uno unas unos usted ustedes va van voy vas ver y ya yo hola buenas buenos"
        " buen tardes noches favor gracias puedo puede pueden podria necesito saber decir dime digan quede"
        " ahi alla bueno senor senora querria gustaria vosotros"
    ),
    "en": (
        "a about after again all also am an and any are as at be because been before being both but by can"
        " could did do does doing done for from had has have having he her here hers him his i if in into is"
        " it its just like may me might mine my myself no of off on once one only or other our ours out over"
        " own please really same she should so some such than that the their them then there these they this"
        " those through to too under until up us very was we were what which while who whom why will with"
        " would you your yours yourself need know tell hi hello hey thanks thank help let lets guys get got"
        " getting sir madam ask question looking going"
    ),
    "pt": (
        "a ao aos ai algo algum alguma aqui as assim ate com da das de dela dele deles do dos e ela elas"
        " ele eles em entre era essa esse esta estao estar estou eu fiz foi fui ha isso isto ja la lhe mais"
        " mas me mesmo meu meus minha minhas muito na nas nem no nos nossa nosso num numa o os ou para pela"
        " pelo por porque pra pro qual quais que quem se seja sem ser seu seus sim so sou sua suas tambem te"
        " tem tenho tinha tu tudo um uma umas uns vai vao voce voces vou oi ola bom boa dia tarde noite"
        " favor obrigado obrigada posso pode podem preciso saber dizer gente ta to ne entao gostaria"
    ),
}
FUNCTION_WORDS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
"""Words that say little about the topic; left out, also of the thesaurus' longer terms."""

WEAK_WORDS = frozenset(
    (
        "como quiero quisiera hacer hago hace hacen haga cuando donde how where want wanted make when quero"
        " queria fazer faco faz quando onde no not nao mi mas more mucho much many cuanto cuantos cuantas"
        " quanto quantos quantas que tal still todavia ainda siempre always nunca"
    ).split()
)
"""Words that shape a question without naming its topic; they count a little."""
