"""Classes of words that shops of every kind meet: a town, a pay brand, a garment stand for each other.

Folded words of Spanish, English and Portuguese together; a name shared by two languages means one thing in
both. They let what was learnt of "do you deliver to pune" serve "leeds".
"""

from __future__ import annotations

import re

_CLASSES = {
    "place": """
        mumbai delhi bangalore bengaluru pune chennai hyderabad kolkata noida gurgaon gurugram jaipur lucknow nagpur
        indore bhopal surat ahmedabad kochi kerala goa patna chandigarh punjab assam guwahati bihar odisha kashmir
        srinagar jammu coimbatore mysore vizag ranchi dehradun kota udaipur agra varanasi thane nashik india nepal
        london leeds manchester birmingham glasgow edinburgh cardiff belfast liverpool bristol sheffield newcastle
        brighton oxford cambridge hackney camden scotland wales england ireland dublin britain uk jersey guernsey
        york boston chicago texas dallas houston austin california florida miami seattle denver atlanta brooklyn
        ohio nyc hawaii alaska usa america states canada toronto vancouver montreal australia sydney melbourne
        perth zealand auckland dubai uae qatar doha saudi riyadh kuwait oman singapore malaysia manila cebu davao
        luzon mindanao philippines indonesia jakarta bangkok thailand pakistan karachi lahore bangladesh dhaka
        colombo lanka lagos abuja ibadan nigeria kenya nairobi ghana accra uganda kampala tanzania africa
        johannesburg durban pretoria cape egypt cairo germany france italy spain portugal netherlands belgium poland
        sweden norway denmark finland austria switzerland greece turkey romania europe china japan korea taiwan
        hongkong bogota medellin cali barranquilla cartagena bucaramanga pereira manizales cucuta ibague pasto
        envigado bello soacha popayan neiva villavicencio armenia monteria colombia lima arequipa trujillo cusco
        peru quito guayaquil ecuador caracas venezuela santiago valparaiso concepcion antofagasta chile cordoba
        rosario mendoza buenosaires tucuman argentina montevideo uruguay asuncion paraguay bolivia panama costarica
        guatemala honduras salvador nicaragua dominicana mexico cdmx guadalajara monterrey puebla tijuana merida
        cancun queretaro toluca polanco condesa oaxaca chiapas veracruz madrid barcelona sevilla valencia malaga
        bilbao zaragoza murcia granada alicante canarias tenerife ceuta melilla baleares mallorca ibiza galicia
        vigo espana brasil brazil recife fortaleza maceio salvador bahia manaus belem brasilia goiania
        curitiba florianopolis campinas santos osasco guarulhos niteroi caruaru mossoro piaui teresina ceara
        pernambuco parana amazonas lisboa lisbon oporto porto braga coimbra faro acores madeira algarve
        """,
    "pay_brand": """
        visa mastercard amex maestro rupay discover elo hipercard diners paypal stripe klarna afterpay clearpay
        affirm laybuy paytm gpay googlepay phonepe upi bhim mobikwik freecharge razorpay applepay samsungpay
        netbanking neft imps rtgs gcash maya grabpay mpesa opay flutterwave paystack momo skrill venmo zelle cashapp
        alipay wechat bizum pse nequi daviplata bancolombia efecty baloto addi sistecredito sequra aplazame oneypay
        oxxo spei mercadopago codi webpay yape plin pagoefectivo rapipago pagofacil naranja pix boleto picpay
        pagseguro nupay multibanco mbway hdfc icici sbi axis kotak bajaj citibank santander bbva banamex bancomer
        banorte itau bradesco nubank
        """,
    "carrier": """
        dhl fedex ups usps hermes evri dpd yodel tnt gls bluedart delhivery dtdc ekart ecomexpress shadowfax
        xpressbees aramex lbc jnt ninjavan servientrega coordinadora interrapidisimo estafeta paquetexpress
        redpack seur mrw nacex ctt correios jadlog sedex loggi andreani oca correoargentino chilexpress starken
        olva shalom royalmail parcelforce courierguy
        """,
    "colour": """
        black white red blue green grey gray pink yellow brown beige purple orange navy silver gold golden maroon
        mustard ivory cream walnut oak negro negra blanco blanca rojo roja azul verde gris rosa rosado amarillo
        amarilla marron cafe morado naranja dorado plateado preto preta branco branca vermelho vermelha cinza
        amarelo amarela marrom roxo laranja dourado prateado bordo vino lila celeste turquesa
        """,
    "clothing": """
        shirt tshirt tee blouse dress skirt trousers pants jeans shorts jacket coat hoodie sweater jumper cardigan
        kurta saree lehenga suit vest bra underwear panties lingerie socks leggings pyjamas bikini swimsuit scarf
        hat cap gloves belt top tops camisa camiseta blusa vestido falda pantalon pantalones jean chaqueta abrigo
        sudadera sueter saco buzo remera pollera campera polera playera ropa interior brasier calcetines medias
        pijama gorra bufanda cinturon saia calca calcas bermuda casaco jaqueta moletom meia meias roupa sutia
        calcinha cueca uniforme prenda garment clothes
        """,
    "shoes": """
        shoes shoe sneakers sneaker trainers trainer boots boot sandals sandal heels slippers loafers flipflops
        zapatos zapato zapatillas zapatilla tenis botas bota botines sandalias chanclas mocasines tacones zapas
        alpargatas sapato sapatos sapatenis sandalia chinelo chinelos salto suela suelas sole soles sola
        """,
    "furniture": """
        sofa couch settee chair armchair table desk bed mattress mattresses wardrobe shelf shelves bookcase
        bookshelf cupboard cabinet drawer dresser nightstand stool bench headboard futon recliner frame
        sillon silla sillas mesa cama colchon colchones armario estante mueble muebles comoda escritorio cadeira
        cadeiras colchao guarda roupa movel moveis estante poltrona pillow pillows cushion almohada almohadas
        cojin travesseiro almofada topper duvet bedsheet bedsheets sheets sabanas lencol blanket manta rug carpet
        alfombra tapete curtain curtains cortina cortinas lamp lampara luminaria mirror espejo espelho
        """,
    "device": """
        phone laptop tablet computer charger cable headphones earphones earbuds headset speaker watch smartwatch tv
        television monitor keyboard mouse camera printer router console ps5 xbox iphone android samsung ipad macbook
        blender mixer kettle toaster fridge refrigerator freezer washer oven microwave vacuum heater fan cooler
        iron drill celular portatil computador computadora ordenador cargador audifonos auriculares parlante
        televisor camara impresora licuadora batidora nevera refrigerador lavadora horno microondas aspiradora
        ventilador plancha taladro notebook carregador fone fones caixa som televisao liquidificador geladeira
        fogao forno aspirador furadeira drone appliance
        """,
    "consumable": """
        protein whey creatine vitamin vitamins supplement supplements multivitamin omega collagen capsules tablets
        gummies powder syrup serum cream lotion shampoo conditioner soap perfume makeup lipstick foundation mascara
        sunscreen moisturiser moisturizer oil coffee tea chocolate honey snacks biscuits cake food flowers bouquet
        plant plants proteina creatina vitamina vitaminas suplemento suplementos colageno capsulas pastillas polvo
        crema champu jabon maquillaje labial bloqueador aceite chocolates miel comida flores ramo planta plantas
        comprimidos creme sabonete maquiagem batom protetor oleo mel flor ramalhete vela velas candle candles
        """,
    "kin": """
        mum mom mother mama dad father wife husband son daughter kid kids child children baby toddler brother sister
        niece nephew grandma granny grandmother grandson granddaughter grandchild girlfriend boyfriend friend aunt
        uncle cousin neighbour neighbor roommate flatmate landlord madre papa padre esposa esposo marido mujer hijo
        hija nino nina ninos bebe hermano hermana sobrino sobrina abuela abuelo nieto nieta novia novio amiga tia
        tio prima vecino vecina portero mae pai filho filha crianca irmao irma sobrinha sobrinho avo neto neta
        netinha netinho namorada namorado vizinho vizinha porteiro cunada cunado cunhada cunhado sogra suegra
        """,
    "month": """
        january february march april june july august september october november december jan feb apr jun jul aug
        sept oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
        """,
    "feast": """
        christmas xmas diwali eid easter valentine valentines thanksgiving halloween holi rakhi pongal ramadan
        wedding anniversary birthday bday navidad reyes nochebuena pascua cumpleanos boda aniversario quinceanera
        natal pascoa casamento aniversario carnaval
        """,
    "weekday": """
        monday tuesday wednesday thursday friday saturday sunday mon tue wed thu thurs fri sat sun weekend lunes
        martes miercoles jueves viernes sabado domingo segunda terca quarta quinta sexta tomorrow tonight today
        manana hoy amanha hoje
        """,
    "span": """
        day days week weeks month months year years hour hours minute minutes dia dias semana semanas mes meses ano
        anos hora horas minuto minutos fortnight night nights noche noches noite noites
        """,
    "currency": """
        rs inr rupee rupees dollar dollars usd bucks euro euros eur pound pounds quid gbp peso pesos cop mxn clp ars
        php reais real naira ngn lakh k dolar dolares soles libras conto contos
        """,
    "body": """
        back neck spine shoulder hip knee skin hair face eye eyes stomach head foot feet leg arm hand espalda cuello
        piel pelo cabello cara ojos cabeza pie pies pierna rodilla costas pescoco pele cabelo rosto olhos cabeca pe
        pes perna joelho lumbar
        """,
    "fabric": """
        cotton wool silk linen leather polyester velvet denim nylon latex foam bamboo wood wooden steel plastic glass
        ceramic algodon lana seda lino cuero piel poliester terciopelo espuma madera acero plastico vidrio barro
        algodao seda linho couro poliester veludo madeira aco plastico vidro synthetic sintetico
        """,
}  # fmt: skip
_ORDER_CODE = re.compile(r"(?=.*\d)[a-z]{1,4}\d{3,}|\d{7,}")
_POSTCODE = re.compile(r"\d{5,6}|[a-z]{1,2}\d{1,2}[a-z]?")


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _CLASSES.items():
        for word in words.split():
            found[word] = tuple(dict.fromkeys((*found.get(word, ()), name)))
    return found


_BY_WORD = _by_word()


def classes_of(word: str) -> tuple[str, ...]:
    """The classes of a folded word; numbers and codes by their shape."""
    found = _BY_WORD.get(word)
    if found is not None or word.isalpha():
        return found or ()
    if word.isdigit() and len(word) < 5:
        return ("number",)
    if _POSTCODE.fullmatch(word):
        return ("postcode",)
    return ("code",) if _ORDER_CODE.fullmatch(word) else ("number",)
