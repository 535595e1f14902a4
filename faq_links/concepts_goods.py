"""The thesaurus goes on: goods, service, the shop itself, and what happens to a parcel on its way.

The form is that of `concepts.py`. What stands there is said again here only where shoppers use more words.
"""

from __future__ import annotations

GOODS_TABLE = """
assemble: armar, arman, armado, montar, montan, montaje, armador, ensamblar, ensamble, atornillar
    | assemble, assembly, assembled, put together, put up, build, screw, fitter, carpenter, flat pack
    | montar, montagem, montador, montam, parafusar
install: instalar, instalacion, instalan, instalador, tecnico, colocacion
    | install, installation, installed, instal, fitting, technician, plumber, electrician, engineer visit
    | instalar, instalacao, instalam, instalador, tecnico
repair: reparar, reparacion, arreglar, arreglan, arreglo, servicio tecnico, compostura, taller
    | repair, fix, mend, service centre, service center, servicing, workshop repair, technician
    | consertar, conserto, arrumar, reparo, reparar, assistencia tecnica, oficina
trial: prueba, probar, noches, periodo prueba, probarlo
    | trial, try, test, nights, night trial, trial period, try at home, demo
    | teste, testar, experimentar, noites, periodo teste, provar
sample: muestra, muestras, sachet, tester
    | sample, samples, swatch, swatches, tester, sachet
    | amostra, amostras, sache
firm: firme, duro, blando, suave, ortopedico, firmeza, comodo, comodidad, dolor espalda
    | firm, firmness, soft, hard, orthopaedic, orthopedic, comfort, comfortable, plush, back pain, ortho, sag,
    sagging
    | firme, duro, macio, ortopedico, conforto, confortavel, dor costas
custom: personalizar, personalizado, a medida, sobre medida, grabar, grabado, bordar, bordado, a mi gusto,
    medida especial
    | custom, customise, customize, customised, customized, bespoke, tailor, made measure, personalise,
    personalize, personalised, engrave, engraving, engraved, embroidery, monogram, special size, own design
    | personalizar, personalizado, sob medida, gravar, gravacao, bordar, bordado, medida especial
expiry: vence, vencimiento, vencido, vencida, caduca, caducidad, caducado, caducada, fecha vencimiento,
    fecha caducidad, expira, expirado, por vencer
    | expiry, expire, expires, expired, expiring, expiration, shelf life, best before, use by, manufacturing
    date, mfg, batch, out of date
    | vence, vencimento, vencido, vencida, validade, expira, expirado, data validade
original: original, originales, autentico, genuino, replica, imitacion, falso, copia, pirata, certificado
    | original, genuine, authentic, authenticity, fake, counterfeit, replica, real brand, copy, knock off,
    certificate, certified, verify
    | original, autentico, genuino, replica, imitacao, falso, copia, pirata, certificado
health: efectos secundarios, contraindicacion, contraindicaciones, alergia, alergico, embarazo, embarazada,
    lactancia, diabetes, medicamento, irritacion
    | side effect, side effects, pregnant, pregnancy, breastfeeding, allergy, allergic, allergies, diabetic,
    diabetes, medication, rash, irritation, harmful, blood pressure
    | efeito colateral, efeitos colaterais, contraindicacao, alergia, alergico, gravida, gravidez, lactante,
    amamentando, diabetes, remedio, irritacao
dose: dosis, tomar, tomo, toma, cuantas al dia, como se toma, cucharada, scoop
    | dose, dosage, take it, scoop, spoon, times a day, before meal, after meal, empty stomach, daily
    | dose, dosagem, tomar, tomo, quantas por dia, como tomar, colher
ingredients: ingrediente, ingredientes, contiene, composicion, azucar, gluten, lactosa, vegano, vegetariano,
    organico, natural, conservantes
    | ingredient, ingredients, contain, contains, composition, sugar, gluten, lactose, vegan, vegetarian, veg,
    halal, kosher, organic, natural, preservatives, nuts, soy, cruelty free
    | ingrediente, ingredientes, contem, composicao, acucar, gluten, lactose, vegano, vegetariano, organico,
    natural, conservantes
fabric_care: lavar, lava, lavo, lavadora, secadora, planchar, limpiar, limpieza, limpio, mancha, manchas,
    encoge, destine, cuidado, cuidar
    | wash, washing, washable, machine wash, tumble dry, dry, iron, clean, cleaning, stain, stains, shrink,
    bleach, care, polish, wipe
    | lavar, lava, lavo, maquina lavar, secadora, passar, limpar, limpeza, mancha, manchas, encolhe, desbota,
    cuidado, cuidar, alvejante
compatible: compatible, sirve para, funciona con, le queda, adaptador, conector, voltaje
    | compatible, compatibility, work with, works with, fit my, adapter, connector, plug, voltage, support
    | compativel, serve para, funciona com, serve no, adaptador, conector, voltagem, bivolt
specs: caracteristica, caracteristicas, especificacion, ficha tecnica, peso, pesa, potencia, capacidad,
    bateria dura, resolucion, soporta
    | feature, features, specification, specifications, specs, weight, weigh, heavy, power, watt, watts,
    capacity, battery life, resolution, thickness, thick, warm, waterproof
    | caracteristica, caracteristicas, especificacao, ficha tecnica, peso, pesa, potencia, capacidade, bateria
    dura, resolucao, suporta, espessura
spare: repuesto, repuestos, refaccion, refacciones, recambio, recambios, accesorio, accesorios, pieza, tornillo
    | spare, spares, spare part, replacement part, accessory, accessories, refill, refills, screw, screws, bolt
    | reposicao, peca reposicao, pecas, refil, acessorio, acessorios, parafuso
compare: comparar, comparacion, diferencia, versus, vs, mejor entre, cual mejor
    | compare, comparison, difference, differ, versus, vs, better than, which better, better
    | comparar, comparacao, diferenca, versus, vs, melhor entre, qual melhor
recommend: recomendar, recomiendan, recomiendas, aconsejan, sugieren, cual me conviene, cual sirve, asesoria
    | recommend, recommendation, suggest, suggestion, advise, which should, what should, best for, suits,
    suitable, right one, good for
    | recomendar, recomendam, recomenda, sugerem, qual devo, qual serve, indica, indicam, melhor para
photo: foto, fotos, imagen, imagenes, video
    | photo, photos, picture, pictures, image, images, video, pic, real life
    | foto, fotos, imagem, imagens, video
range: catalogo, modelo, modelos, surtido, coleccion, venden, manejan, tienen en
    | catalogue, catalog, brochure, range, collection, models, variety, do you sell, sell, carry, stock any
    | catalogo, modelo, modelos, colecao, vendem, trabalham com, variedade
new_in: novedad, novedades, nueva coleccion, proxima coleccion, lanzamiento, nuevo modelo
    | new arrivals, new collection, launch, launching, coming out, release, new stock, latest
    | novidade, novidades, nova colecao, lancamento, chega novidade
used: usado, usados, segunda mano, reacondicionado, reacondicionados, parte pago, recompra
    | used, second hand, secondhand, refurbished, pre owned, trade in, buyback, old one, exchange old
    | usado, usados, segunda mao, recondicionado, seminovo, recompra
origin: fabricado, fabrican, fabrica, hecho en, procedencia, importado, nacional
    | made in, manufactured, manufacturer, factory, origin, imported, where made, come from
    | fabricado, fabricam, fabrica, feito em, procedencia, importado, nacional
digital: descarga, descargar, licencia, activacion, clave activacion, digital, pdf libro
    | download, downloadable, activation, activation key, licence, license, digital, ebook, serial key
    | download, baixar, licenca, ativacao, chave ativacao, digital
bulk: volumen, cantidad, docena, mayoreo, por mayor, mayorista, empresa, corporativo, cotizacion, cotizar,
    presupuesto, hotel, oficina, unidades, al mayor, boutique
    | bulk, quantity, wholesale, dozen, corporate, company order, quote, quotation, business order, b2b, trade
    price, trade pricing, hotel, hostel, office, school, pieces, units, large order
    | volume, quantidade, duzia, atacado, empresa, corporativo, cotacao, orcamento, hotel, escritorio, unidades,
    lojista, revenda
dealer: franquicia, franquicias, distribuidor, distribuidora, revendedor, concesionario, representar marca,
    abrir tienda, vender su marca
    | franchise, franchisee, dealer, dealership, distributor, distributorship, distribution, reseller, stockist,
    partner with, become partner, sell your, open store, agency, retailer, resell, investment
    | franquia, franquias, distribuidor, distribuidora, revendedor, revendedora, representante marca, abrir loja,
    vender sua marca
influencer: influencer, embajador, embajadora, colaboracion, colaborar, afiliado, afiliados, prensa, patrocinio
    | influencer, ambassador, collab, collaboration, affiliate, affiliates, sponsor, sponsorship, press, blogger,
    followers
    | influencer, embaixador, embaixadora, parceria, afiliado, afiliados, imprensa, patrocinio
jobs: empleo, vacante, vacantes, trabajo, hoja vida, curriculum, cv, pasantia, practicas, contratando, personal
    | job, jobs, vacancy, vacancies, career, careers, hiring, internship, intern, cv, resume, recruit, salary,
    work for
    | vaga, vagas, emprego, curriculo, cv, estagio, contratando, contratam, trabalhar com
loyalty: puntos, fidelidad, recompensa, recompensas, referido, referidos, invitar amigo, cliente frecuente,
    monedero
    | points, loyalty, reward, rewards, cashback, refer, referral, refer friend, coins, membership
    | pontos, fidelidade, recompensa, recompensas, cashback, indicar amigo, indicacao
wallet: saldo, monedero, credito tienda, billetera
    | wallet, store credit, balance, credit balance
    | saldo, carteira, credito loja
otp: otp, codigo verificacion, codigo sms, verificacion, verificar, dos pasos
    | otp, verification, verification code, verify, one time, two step, 2fa, sms code, code not coming
    | otp, codigo verificacao, codigo sms, verificacao, verificar, duas etapas
locked: bloqueada, bloqueado, bloquearon, suspendida, suspendido, hackeada, hackearon, hackeado
    | locked, blocked, suspended, disabled, banned, hacked, hack, unauthorised, unauthorized, compromised
    | bloqueada, bloqueado, bloquearam, suspensa, suspenso, invadida, hackeada, invadiram
two_times: dos veces, doble, duplicado, duplicada, dos pedidos, repetido, 2 veces
    | twice, double, duplicate, duplicated, two times, 2x charge, two orders, same order
    | duas vezes, dobro, duplicado, duplicada, dois pedidos, repetido, 2 vezes
charged: cobraron, cobro, cobrado, debitaron, descontaron, cargo, se desconto, me cobran
    | charged, charge, deducted, debited, debit, taken from, money gone, money taken, amount deducted
    | cobraram, cobrado, debitaram, debitado, descontaram, descontado, cobranca
reschedule: reprogramar, otro dia, otra fecha, aplazar entrega, cambiar fecha, franja, elegir dia, programar
    | reschedule, another day, different day, time slot, slot, delivery slot, choose day, pick day, postpone, hold
    order, later date, not home, be away
    | reagendar, reprogramar, outro dia, outra data, adiar, agendar, escolher dia, marcar dia
missed: no estaba, no habia nadie, nadie en casa, intento, intentaron, toco timbre, aviso, ausente
    | missed delivery, nobody home, not home, was out, attempt, attempted, redeliver, redelivery, rang bell, card
    door
    | nao estava, ninguem casa, tentativa, tentaram, campainha, aviso, ausente, interfone
delivered_mark: dice entregado, aparece entregado, figura entregado, marcado entregado, sale entregado
    | says delivered, marked delivered, shows delivered, status delivered, delivered but, supposedly delivered
    | consta entregue, diz entregue, aparece entregue, marcado entregue, marcado entregaram
late: tarde, atrasado, atrasada, atraso, retraso, retrasado, demora, demorado, demorando, prometieron, prometida
    | late, delay, delayed, overdue, promised, supposed to, should have, past date, expected, still waiting,
    waiting since
    | atraso, atrasado, atrasada, demora, demorando, prometeram, prometido, passou prazo
stairs: escalera, escaleras, piso, subir, ascensor, elevador
    | stairs, upstairs, floor, lift, elevator, carry, carrying
    | escada, escadas, andar, subir, elevador
locker: punto recogida, casillero, taquilla, oficina correos, sucursal paqueteria, locker
    | pickup point, pick up point, locker, parcel shop, post office, collection point, drop off
    | ponto retirada, locker, agencia correios, ponto coleta
click_collect: recoger tienda, retirar tienda, recojo tienda, retiro tienda, pasar a buscar
    | collect store, pick up store, click collect, collect shop, pick up myself, self pickup
    | retirar loja, buscar loja, retirada loja, pegar na loja
postcode: codigo postal, cp, mi zona, mi barrio, mi pueblo, mi ciudad, cobertura
    | pincode, pin code, postcode, post code, postal code, zip code, pin, serviceable, my area, my city, my town,
    village, location
    | cep, minha cidade, meu bairro, minha regiao, cobertura
rude: grosero, grosera, maleducado, trato, grito, insulto, falta respeto
    | rude, shouted, yelled, insulted, swore, behaviour, attitude, disrespectful, unprofessional, misbehaved
    | grosso, grosseiro, mal educado, gritou, xingou, falta respeito
escalate: queja formal, libro reclamaciones, hoja reclamaciones, denuncia, consumidor, radicado, pqrs, demanda
    | escalate, grievance, ombudsman, consumer court, consumer forum, legal action, sue, lawyer, formal complaint,
    on record
    | protocolo, procon, reclame aqui, ouvidoria, processo, processar, denuncia
trust: confiable, confianza, estafa, estafadores, existen, empresa seria, son reales
    | trust, trusted, legit, scam, real company, registered, genuine site, fraud company, reviews fake
    | confiavel, confianca, golpe, existe, empresa seria, sao reais
visit: cita, agendar, visitar, visita, asesoria presencial
    | appointment, visit, book visit, consultation, come by, drop by, see in person, come in
    | agendamento, agendar, visitar, visita, hora marcada
seen_where: ver en persona, tocar, probar en tienda, exhibicion
    | see in person, see it, touch, feel it, display, experience centre, experience center, lie on
    | ver pessoalmente, ver de perto, experimentar na loja, exposicao
app: aplicacion, app, movil app, descargar app
    | app, application, mobile app, android app, ios app
    | aplicativo, app, baixar app
broken_site: no carga, error, no funciona pagina, no abre, se cae, no me deja, pagina lenta, boton
    | not load, not loading, error, glitch, bug, button, not open, crash, crashes, stuck page, spinning
    | nao carrega, erro, nao abre, trava, botao, site lento
gift: regalo, regalar, envolver, moño, tarjeta dedicatoria, sorpresa
    | gift, giftwrap, wrap, present, surprise, greeting card, card message, ribbon
    | presente, presentear, embrulho, embalagem presente, surpresa, cartao mensagem, bilhete
pack: paquete trae, cuantas unidades, contenido caja, viene con, incluye, incluido
    | pack, how many pieces, what in box, in the box, come with, comes with, include, included, includes, set of
    | pacote vem, quantas unidades, o que vem, vem com, inclui, incluso
age: edad, anos tiene, para ninos, apto
    | age, years old, year old, for kids, suitable for children, age group
    | idade, anos, para criancas, indicado idade
legal: terminos, condiciones, politica, legal
    | terms, conditions, policy, legal, terms conditions
    | termos, condicoes, politica, legal
promo_end: hasta cuando oferta, termina oferta, cuando rebajas, proxima rebaja
    | offer end, sale end, next sale, when sale, offer valid, how long offer
    | ate quando promocao, quando promocao, proxima promocao, queima
first_buy: primera compra, cliente nuevo, bienvenida, estudiante
    | first order, first purchase, new customer, student, welcome code, senior
    | primeira compra, cliente novo, boas vindas, estudante
stack: dos cupones, combinar, acumular, dos codigos
    | two codes, combine, stack, both codes, multiple coupons
    | dois cupons, combinar, acumular, dois codigos
opened: abierto, abri, usado ya, sin caja, sin etiqueta, sin empaque, sin ticket
    | opened, used it, without box, no tags, without tag, no packaging, threw box, without receipt
    | aberto, abri, usei, sem caixa, sem etiqueta, sem embalagem, sem nota
label: etiqueta, etiqueta devolucion, guia devolucion
    | label, return label, prepaid label, return form
    | etiqueta, etiqueta devolucao, codigo postagem
collect_return: recogen, pasan a recoger, recoleccion, vienen por
    | collect return, pick up return, fetch, reverse pickup, return pickup, collect it, pickup from home
    | buscam, coleta, recolhem, vem buscar
"""

GOODS_BROADER = {
    "assemble": "manual",
    "install": "manual",
    "postcode": "areas",
    "delivered_mark": "missing_parcel",
    "late": "missing_parcel",
    "ingredients": "material",
    "fabric_care": "material",
    "repair": "warranty",
    "dealer": "wholesale",
    "bulk": "wholesale",
    "otp": "login",
    "locked": "login",
    "compare": "choose",
    "recommend": "choose",
    "firm": "choose",
    "click_collect": "pickup",
    "locker": "pickup",
    "trust": "safe",
    "escalate": "complaint",
    "rude": "complaint",
    "charged": "pay_problem",
    "custom": "size",
    "sample": "trial",
    "promo_end": "discount",
    "first_buy": "discount",
    "stack": "discount",
    "opened": "return",
    "label": "return",
    "collect_return": "return",
    "reschedule": "delivery",
    "missed": "delivery",
    "stairs": "delivery",
}
