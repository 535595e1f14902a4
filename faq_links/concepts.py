"""The commerce thesaurus: different words of shoppers for one thing, in Spanish, English and Portuguese.

Each concept is `name: Spanish | English | Portuguese`, terms parted by commas; lines that begin with a space
go on with the one before. A term of several words is found when its words follow each other, function words
left out. A term may stand in several concepts. Add what real shoppers say; accents and plurals are not
needed.
"""

from __future__ import annotations

from faq_links.concepts_goods import GOODS_BROADER, GOODS_TABLE

LANGUAGES = ("es", "en", "pt")

TABLE = """
order: pedido, orden, compra, pedi, encargo
    | order, purchase, ordered
    | pedido, compra, encomenda, pedi, comprei
buy: comprar, como compro, adquirir, hacer pedido, hago pedido, realizar pedido, realizar compra, pedir
    pagina, quiero pedir
    | buy, place order, placing order, make order, make purchase, how order, how purchase, ordering, guest
    checkout
    | comprar, como compro, fazer pedido, faco pedido, realizar pedido, fazer compra, adquirir, peco site
cancel: cancelar, cancelacion, anular, anulacion, desistir, ya no quiero, no quiero pedido, detener pedido,
    echar atras, pedi dos veces, por error, sin querer, eliminar pedido, eliminarlo pedido
    | cancel, cancellation, call off, not want anymore, no longer want, stop order, stop purchase, undo
    order, ordered twice, revoke, by mistake, accidentally, by accident, get rid order
    | cancelar, cancelamento, desistir, anular, nao quero mais, comprei duas vezes, desistencia, por engano,
    sem querer
change: cambiar, cambio, modificar, corregir, editar, actualizar, rectificar, puse mal, equivoque, agregar,
    anadir, quitar, sumar
    | change, modify, edit, update, amend, alter, correct, fix, adjust, add, made mistake, mistyped
    | alterar, mudar, modificar, corrigir, editar, atualizar, coloquei errado, adicionar, acrescentar, tirar
    item, errei
exchange: cambiar por otro, cambiar por otra, cambio talla, cambiar talla, cambios, hacer cambio, canjear,
    otra talla, quedo grande, quedo pequeno, quedo chico, queda grande, queda pequeno, queda chico, no
    quedo, mas grande, talla mas, no sirve, ajustado, apretado
    | exchange, swap, swop, trade, different size, bigger size, larger size, smaller size, another size,
    bigger one, smaller one, too small, too big, too large, too tight, not fit, replace size, switch size,
    medium large
    | troca, trocar, trocas, outro tamanho, ficou pequeno, ficou grande, ficou apertado, nao serviu, nao
    coube, numero maior, um maior, um menor, tamanho maior, apertado, apertada
return: devolver, devolucion, retornar, regresar, regreso, retorno, devuelta, no gusto, mandar vuelta,
    derecho desistimiento, arrepenti, arrepentir
    | return, returning, send back, sending back, give back, bring back, ship back, take back, not like,
    changed mind, not happy product, regret
    | devolver, devolucao, retornar, mandar volta, nao gostei, arrependi, arrependimento, enviar volta
refund: reembolso, reembolsar, rembolso, reintegro, dinero, plata, devolver dinero, devolucion dinero, mi
    dinero, mi plata, regresar dinero, abono cuenta, abonan, abonar, me abonan, reintegrar, devolvieron
    dinero, nada dinero
    | refund, money back, reimbursement, reimburse, refunded, get money, money, compensation, repay,
    credited, credit back, pay back, paid back, credited back
    | reembolso, reembolsar, estorno, estornar, dinheiro volta, dinheiro, ressarcimento, devolver dinheiro,
    restituicao, pagaram volta, ressarcir, credito volta
track: rastrear, rastreo, rastreador, seguimiento, seguir, tracking, trackear, guia, numero guia, donde
    pedido, donde paquete, donde compra, donde esta, donde va, donde viene, localizar, paradero, estado
    pedido, estado compra, estado envio, no llega, no llego, no ha llegado, no llegado, no recibido, no
    recibi, ya salio, ya enviaron, en camino, hace dias compre, no aparece guia, compre hace, pedi hace, no
    se nada, sin noticias, ninguna noticia, todavia nada, aun nada, que paso con mi, que pasa con mi
    | track, tracking, trace, tracing, follow, locate, whereabouts, where order, where package, where
    parcel, where stuff, where shipment, where delivery, order status, status order, purchase status, not
    arrived, not arrive, not received, not receive, not delivered, not come, not here, still waiting order,
    still waiting parcel, still waiting package, still waiting delivery, been shipped, shipped yet, has
    shipped, in transit, eta, on its way, progress order, nothing yet, still nothing, not get order, not
    got, not got order, heard nothing, no news, any update, no update, not heard, turn up, what happened to
    my
    | rastrear, rastreio, rastreamento, acompanhar, acompanhamento, cade pedido, cade pacote, cade compra,
    cade encomenda, onde pedido, onde pacote, onde encomenda, onde compra, codigo rastreio, status pedido,
    nao chegou, nao chega, nao recebi, nao veio, ja saiu, foi enviado, a caminho, comprei faz, pedi faz,
    ainda nada, nada pedido, sem noticia, nao tive noticia, ainda nao, nenhuma noticia
missing_parcel: no llega, no llego, no ha llegado, no llegado, no recibido, no recibi, perdido, extraviado,
    extravio, retraso, retrasado, atrasado, demorado, tarde, figura entregado, parado
    | not arrived, not arrive, not received, not receive, not delivered, lost, late, delay, delayed,
    overdue, stuck, marked delivered, says delivered
    | nao chegou, nao chega, nao recebi, perdido, extraviado, extravio, atraso, atrasado, atrasada, parado,
    consta entregue
delivery: envio, enviar, entrega, entregar, domicilio, despacho, despachar, mensajeria, reparto, porte,
    mandar, mandarlo, mandan, mando
    | shipping, delivery, deliver, ship, shipment, dispatch, postage, send, posted
    | entrega, entregar, frete, envio, enviar, despacho, mandar, mandam
parcel: paquete, caja, encomienda, bulto
    | parcel, package, box, stuff, packet
    | pacote, caixa, encomenda, embalagem
carrier: transportista, transportadora, mensajero, repartidor, correos, cartero
    | carrier, courier, driver, postman, post office, mail carrier
    | transportadora, entregador, correios, carteiro, motoboy
arrive: llegar, llega, llegue, llegara, recibir, recibo
    | arrive, arrival, receive, get here, reach, come
    | chegar, chega, receber, recebo
time: plazo, tiempo, dia, semana, tarda, tardar, demora, demorar, cuando, fecha, rapido, urgente, pronto
    | when, long, day, week, time, fast, quick, soon, date, period, timeframe, deadline
    | prazo, tempo, dia, semana, demora, demorar, quando, data, rapido, urgente, leva
delivery_time: cuanto tarda, cuanto demora, tarda llegar, demora llegar, cuando llega, cuando llegara,
    cuando llegaria, cuantos dias llega, cuantos dias, plazo entrega, tiempo entrega, tiempo envio, plazo
    envio, llega antes, llega para, compro hoy, pido hoy, dias habiles, fecha entrega, lo necesito para,
    necesito para, tiempo estimado, llegar antes, llega manana, llega hoy, tarda envio, demora envio
    | how long shipping, how long delivery, how long take, long does take, delivery time, shipping time,
    delivery period, delivery date, when arrive, when receive, when get order, when get package, arrive
    before, arrive by, get here by, get here before, here before, how many days, working days, business
    days, order today, order now, buy now, how fast, how soon, need it for, need it by, quick delivery, fast
    delivery, delivery estimate, arrive in time, arrive on time, when expect
    | prazo entrega, tempo entrega, prazo envio, quanto tempo, quando chega, quando recebo, chega quantos
    dias, quantos dias, chega antes, chega ate, demora chegar, demora entrega, comprar hoje, dias uteis,
    data entrega, preciso ate, preciso para, tempo estimado, chegar antes, chega hoje, chega amanha
cost: precio, costo, coste, vale, valor, cuesta, cuestan, cuanto, gratis, tarifa, gasto, recargo, caro,
    cobran, barato, economico, mas barato, sale
    | price, cost, fee, much, free, rate, charge, expensive, surcharge, pricing, cheap, cheapest, cheaper
    | preco, custo, custa, valor, quanto, gratis, taxa, tarifa, caro, cobram, barato, mais barato
shipping_cost: costo envio, coste envio, gasto envio, gastos envio, valor envio, precio envio, precio
    domicilio, valor domicilio, cuanto envio, cuesta envio, vale envio, envio gratis, envio gratuito, cobran
    envio, cuanto domicilio, costo domicilio, portes, precios envio
    | shipping cost, shipping fee, shipping price, shipping rate, shipping charge, delivery cost, delivery
    fee, delivery price, delivery charge, cost shipping, cost delivery, postage, free shipping, free
    delivery, much shipping, much delivery, much ship, much deliver, delivery options prices
    | frete, valor frete, frete gratis, preco frete, taxa entrega, custo frete, quanto frete, calcular
    frete, custa entrega
areas: pais, paises, ciudad, extranjero, internacional, fuera pais, zona, envian a, hacen envios, llegan a,
    hasta donde, cobertura, isla, europa, mandarlo a, enviarlo a, mandan a
    | ship to, deliver to, shipping to, delivery to, send to, country, countries, international,
    internationally, abroad, overseas, worldwide, city, area, region, island, europe, outside
    | pais, paises, cidade, exterior, internacional, fora pais, regiao, entregam em, entrega em, enviam
    para, enviam pra, entregam para, area, ilha, mandam para
express: expres, express, urgente, mismo dia, siguiente, dia siguiente, 24 horas, estandar, opcion envio,
    opciones envio, opciones entrega
    | express, next day, same day, overnight, standard, priority, delivery option, shipping option, delivery
    method, shipping method, faster, shipping methods, ship method, delivery methods
    | expresso, sedex, pac, mesmo dia, dia seguinte, opcao frete, opcao entrega, opcoes frete, urgente
pickup: recoger, recogida, retirar, retiro, pasar por, punto recogida, locker
    | pick up, pickup, collect, collection, click collect, locker, pick-up point
    | retirar, retirada, buscar, ponto retirada
pay: pagar, pago, abonar, pagan, pagaria, pagando
    | pay, payment, paying, checkout
    | pagar, pagamento, pago, pagando
pay_ways: metodo pago, forma pago, medio pago, formas pago, metodos pago, medios pago, tarjeta, visa,
    mastercard, amex, american express, paypal, bizum, pse, nequi, daviplata, bancolombia, efecty, oxxo,
    mercado pago, mercadopago, transferencia, transferir, consignacion, consignar, debito, credito, apple
    pay, google pay, efectivo, criptomoneda, bitcoin pago, webpay, yape, plin, spei, pagar con, aceptan,
    puedo pagar, como pago, como pagar, como puedo pagar
    | payment method, payment option, payment type, payment mode, payment modality, ways pay, way pay, how
    pay, can pay with, pay with, pay by, accept, card, credit card, debit card, debit, credit, visa,
    mastercard, amex, american express, paypal, apple pay, google pay, bank transfer, wire, venmo, zelle,
    klarna, afterpay, stripe, crypto payment, cash
    | forma pagamento, meio pagamento, metodo pagamento, formas pagamento, meios pagamento, cartao, visa,
    mastercard, elo, hipercard, amex, paypal, pix, boleto, transferencia, debito, credito, mercado pago,
    picpay, apple pay, google pay, pagar com, aceita, aceitam, como pago, como pagar, dinheiro vivo
instalments: cuota, cuotas, a plazos, pago plazos, pagar plazos, meses sin intereses, meses sin interes, sin
    intereses, sin interes, fraccionar, fraccionado, financiar, financiacion, aplazar, aplazado, a meses,
    msi, addi, sistecredito, sequra, aplazame, cuotas sin, dividir pago, partes, mes a mes, ir pagando,
    pagar poco
    | instalment, instalments, emi, klarna, afterpay, affirm, clearpay, pay later, pay monthly, monthly,
    finance, financing, split payment, split, buy now pay later, bnpl, without interest, interest free, over
    months, spread cost, few months, month by month
    | parcelar, parcela, parcelamento, parcelas, parcelado, quantas vezes, vezes sem juros, sem juros, em
    vezes, 2x, 3x, 4x, 5x, 6x, 10x, 12x, crediario, dividir, carne, pagar aos poucos, em ate vezes, ate
    vezes
cod: contra entrega, contraentrega, contra reembolso, contrareembolso, contrarreembolso, pago recibir, pagar
    recibir, pagar reciba, pagar cuando, pago cuando, pagar al llegar, pagar llegue, pagar casa, pagar
    puerta, pago en casa, pagar entrega, pago entrega, pagar mensajero, pagar repartidor, efectivo
    mensajero, efectivo entrega, efectivo repartidor
    | cod, cash delivery, pay delivery, payment delivery, pay door, pay when, pay upon delivery, pay
    arrival, pay arrives, pay courier, pay driver, pay postman, cash courier, cash door, on delivery payment
    | pagar entrega, pagamento entrega, pago entrega, pagar quando, pago quando, pagamento quando, pagar
    receber, pagamento receber, pagar so quando, pagamento so quando, pagar chegar, pagar casa, pagar
    entregador, dinheiro entregador, dinheiro entrega, contra entrega, contra reembolso
pay_problem: rechazar, rechazada, rechazado, rechazo, declinar, declinada, denegada, denegado, pago fallido,
    pago fallo, no deja pagar, no puedo pagar, no pasa pago, pago no pasa, no pasa tarjeta, error pago,
    error pagar, error tarjeta, sale error, problema pago, problema tarjeta, cobraron dos veces, cobro
    doble, doble cobro, cobro dos veces, doble cargo, cobraron mal, cobro indebido, error, fallo, no pasa,
    tarjeta no pasa, intento pagar, no logro pagar, no puedo completar
    | declined, decline, refused, rejected, payment failed, payment fail, payment error, payment problem,
    payment issue, payment trouble, payment not, not pay, not can pay, not accept card, card not, error pay,
    error payment, error checkout, checkout error, checkout not, charged twice, double charged, charged
    double, overcharged, transaction failed, card failed, not go through, error, refusing, keeps refusing,
    try to pay
    | recusado, recusada, recusou, negado, negada, pagamento falhou, falha pagamento, erro pagamento, erro
    pagar, deu erro, nao consigo pagar, nao passa, pagamento nao, cartao nao, nao passou, problema
    pagamento, cobrado duas vezes, cobrou duas vezes, cobranca duplicada, cobranca indevida, cobraram duas,
    erro, falha, cartao nao passa, tento pagar, tentando pagar
safe: seguro, segura, seguridad, confiable, fiable, confiar, estafa, estafador, fraude, fraudulento, fiar,
    robo, timo, legal, de verdad existe
    | safe, secure, security, legit, legitimate, scam, fraud, trust, trustworthy, reliable, fake, genuine,
    encrypted
    | seguro, segura, seguranca, confiavel, confiar, golpe, fraude, fake, idoneo, legitimo
invoice: factura, facturar, facturacion, recibo, comprobante, nif, cif, rut, nit, ruc, rfc, razon social,
    boleta, contador, contabilidad
    | invoice, invoicing, bill, billing, receipt, vat, tax number, proof purchase, accountant, accounting,
    tax document
    | nota fiscal, nf, nfe, danfe, recibo, comprovante, cpf, cnpj, segunda via nota, nota, contador,
    contabilidade
account: cuenta, perfil, usuario, mis datos
    | account, profile, user, membership
    | conta, perfil, cadastro, usuario
register: registrar, registro, registrarme, registrarse, crear cuenta, abrir cuenta, hacer cuenta, darme
    alta, inscribir, tener cuenta, sin cuenta, sin registrarme
    | register, registering, registration, sign up, signup, signing up, create account, creating account,
    open account, opening account, make account, new account, need account, without account, without
    registering, become member
    | cadastrar, cadastro, cadastre, criar conta, abrir conta, registrar, registro, inscrever, precisa
    cadastro, sem cadastro, fazer conta
login: entrar cuenta, iniciar sesion, inicio sesion, acceder, acceso, ingresar, loguear, login, no puedo
    entrar, no deja entrar
    | log in, login, logging in, sign in, signin, signing in, access account, locked out, not access
    | entrar conta, entrar minha conta, fazer login, login, logar, acessar, acesso, nao consigo entrar
password: contrasena, clave, password, restablecer, recuperar cuenta, olvide, recuerdo contrasena, no
    recuerdo
    | password, passcode, pasword, pin, pwd, forgot, forgotten, reset, recover, not remember
    | senha, esqueci, redefinir, recuperar conta, password, nao lembro, lembro senha
delete: eliminar, eliminacion, borrar, cerrar cuenta, dar baja cuenta, suprimir, dar baja, baja perfil,
    darme baja
    | delete, deletion, remove, close account, closing account, erase, deactivate, terminate
    | excluir, exclusao, apagar, deletar, encerrar conta, remover
personal_data: dato personal, datos personales, datos, privacidad, proteccion datos, rgpd
    | personal data, data, privacy, gdpr, personal information
    | dado pessoal, dados pessoais, dados, privacidade, lgpd
address: direccion, mudar, mude, mudado, mudanza, codigo postal, calle, direccion entrega, direccion envio
    | address, street, zip, postcode, postal code, moved house, moved, move house, shipping address,
    delivery address, where you send
    | endereco, cep, rua, mudei, mudanca, endereco entrega
phone: telefono, celular, movil, llamar, llamada, numero telefono, whatsapp, wasap, whats
    | phone, telephone, call, phone number, mobile, whatsapp
    | telefone, celular, ligar, whatsapp, zap, zapzap, ligacao
email: correo, email, mail, correo electronico
    | email, mail, e mail
    | email, mail, e mail
hours: horario, abren, abre, abierto, abierta, abris, apertura, cierran, cierra, cerrado, que hora,
    atienden, a que hora, horas abren, abren domingo, abren sabado, domingos, lunes a
    | hours, open, opening, close, closed, closing, what time, business hours, are you open, you open, open
    on, open sunday, open today, open weekend, open monday, monday to
    | horario, abre, abrem, aberto, aberta, fecha que, fecham, que hora, funcionamento, que horas, a que
    horas, domingos, segunda a, abre domingo, abre sabado
store: tienda, local, sucursal, sede, tienda fisica, punto venta, ubicacion, ubicado, ubicada, ubicados,
    donde queda, donde quedan, donde estais, donde estan, showroom, direccion tienda, su direccion, tu
    direccion, donde encuentro, donde los encuentro, como llego
    | store, shop, branch, showroom, location, located, physical store, visit, premises, where are you, in
    person, store address, shop address, your address, nearest
    | loja, filial, loja fisica, onde fica, onde ficam, localizacao, localizado, ponto venda, showroom,
    presencial, endereco loja, seu endereco, como chego, mais perto
contact: contacto, contactar, comunicar, atencion cliente, servicio cliente, hablar, escribir, ayuda,
    soporte
    | contact, reach, support, customer service, customer care, get touch, speak, talk, help desk
    | contato, contatar, falar, atendimento, suporte, sac
product: producto, articulo, mercancia, prenda
    | product, item, goods, article
    | produto, item, artigo, mercadoria, peca
stock: stock, disponible, disponibilidad, agotado, agotada, agoto, quedan, existencia, reponer, reposicion,
    restock, inventario, llega mas, llegan mas, mas mercancia, tienen todavia, todavia tienen, aun tienen,
    volver haber, vuelve haber, tienen en talla, queda en talla, avisame, todavia hay, aun hay, sigue
    disponible, volver tener
    | stock, available, availability, sold out, restock, restocking, back stock, out stock, get more, more
    of, still have, have left, still sell, inventory, unavailable, notify me, run out, coming back, get back
    in, getting back
    | estoque, disponivel, disponibilidade, esgotado, esgotada, esgotou, repor, reposicao, volta quando,
    quando volta, ter novo, ainda tem, tem ainda, tem mais, chega mais, avise me, ainda ha
size: talla, tallas, medida, medidas, tamano, talle, mide, miden, mido, medir, tallaje, horma, guia tallas,
    largo, ancho, dimension, entre dos tallas
    | size, sizes, sizing, measurement, measurements, measure, dimension, fit, fits, size guide, size chart,
    run small, run large, runs small, runs big, between sizes, waist, true to size
    | tamanho, tamanhos, medida, medidas, medir, mede, tabela medidas, guia tamanhos, forma, numeracao,
    veste, dimensao
choose: elegir, escoger, recomiendan, recomendar, aconsejar, cual modelo, cual compro, comparar, diferencia
    | choose, choosing, recommend, recommendation, advice, which model, which one, compare, difference,
    suitable
    | escolher, escolho, recomendam, recomendar, aconselhar, qual modelo, qual compro, comparar, diferenca
colour: color, colores, tono
    | colour, colours, shade
    | cor, cores, tom
warranty: garantia, garantizado, dejo funcionar, dejo prender, dejo encender, dejo cargar, no funciona, no
    prende, no enciende, no carga, se dano, se estropeo, estropeado, averia, averiado, defecto fabrica,
    defecto fabricacion, defectuoso, se rompio, reparar, reparacion, cubre, meses uso, semanas uso, a los
    meses, murio bateria, bateria, desgaste, no sirve mas
    | warranty, guarantee, guaranteed, stopped working, stop working, not working, not work, not turn on,
    not charge, broke after, break broken after, defect, faulty, fault, malfunction, covered, cover, repair,
    after month, after months, after weeks, normal use, battery, died, months later, weeks later
    | garantia, garantido, parou funcionar, nao funciona, nao liga, nao carrega, estragou, queimou, pifou,
    defeito fabrica, defeito fabricacao, deu defeito, defeito, consertar, conserto, cobre, assistencia
    tecnica, meses uso, semanas uso, em meses, bateria, morreu
damaged: roto, rota, rotos, danado, danada, dano, quebrado, golpeado, rayado, aplastado, defectuoso, mal
    estado, mala condicion, abierta, manchado, partido, pedazos, trizas, hecho pedazos, astillado, fisurado,
    fisura
    | broken, damaged, damage, cracked, smashed, crushed, torn, defective, ripped, scratched, shattered,
    leaking, bad condition, stained, dented, faulty, pieces, in pieces, bits, chipped, snapped, bent
    | quebrado, quebrada, danificado, danificada, riscado, riscada, amassado, rasgado, avariado, com
    defeito, violado, aberta, manchado, rachado, pedacos, em pedacos, trincado, lascado, estilhacado
wrong: equivocado, equivocada, incorrecto, erroneo, no es lo que, no pedi, otra cosa, otro producto, no es
    mio, no era, mandaron otro, mandaron otra, llego otro, color equivocado, talla equivocada, pedi otro,
    mandaron equivocado
    | wrong, incorrect, not what ordered, not ordered, somebody else, someone else, elses, another person
    order, different item, different product, mixed up, not mine, not as described
    | errado, errada, trocado, outro produto, outra coisa, nao e que pedi, nao pedi, nao e meu, veio outro,
    mandaram outro, cor errada, tamanho errado, pedi outro
missing_part: falta, faltan, falto, faltaba, incompleto, incompleta, vacia
    | missing, incomplete, lacks, left out, empty box, only received
    | falta, faltou, faltando, incompleto, incompleta, vazia
newsletter: boletin, newsletter, publicidad, suscribir, suscripcion, suscribirme, dar baja, dejar recibir
    correos, correos promocionales, dejen mandar, dejen enviar, no quiero correos, no mas correos, mas
    correos, tantos correos, demasiados correos, tantos mensajes, muchos correos
    | newsletter, subscribe, unsubscribe, subscription, marketing, mailing list, promotional email, stop
    emails, stop sending, opt out, news, no more emails, too many emails, so many emails, many emails,
    mailings
    | newsletter, assinar, assine, descadastrar, propaganda, emails promocionais, inscricao, novidades,
    parar receber, nao quero receber, nao quero mais receber, mais emails, tantos emails, muitos emails,
    tantas mensagens
complaint: queja, quejarme, quejar, reclamo, reclamacion, reclamar, pesimo, pesima, mal servicio, horrible,
    denunciar, denuncia, inaceptable, verguenza
    | complaint, complain, complaining, claim, terrible, awful, unhappy, disappointed, worst, unacceptable,
    bad service, poor service
    | reclamacao, reclamar, queixa, pessimo, pessima, horrivel, denunciar, procon, inaceitavel, absurdo, mau
    atendimento
review: resena, opinion, valoracion, calificar, comentario, valorar
    | review, rating, rate product, opinion, feedback, testimonial
    | avaliacao, opiniao, avaliar, comentario, resenha
discount: descuento, cupon, codigo promocional, codigo descuento, promocion, oferta, rebaja, promo, codigo,
    black friday, vale descuento
    | discount, coupon, promo, promotion, voucher, promo code, code, offer, deal, sale, black friday,
    markdown
    | desconto, cupom, cupons, codigo promocional, promocao, oferta, promo, voucher, black friday
gift: regalo, regalar, envolver, envuelto, envoltorio, envoltura, empacar regalo, obsequio, cumpleanos,
    dedicatoria
    | gift, wrap, wrapping, wrapped, gift wrap, present, birthday, gift note
    | presente, presentear, embrulho, embrulhar, embrulha, aniversario
gift_card: tarjeta regalo, tarjeta de regalo, bono regalo, gift card
    | gift card, gift voucher, store credit
    | cartao presente, vale presente, gift card
loyalty: puntos, fidelidad, programa puntos, recompensas
    | points, loyalty, rewards, reward points
    | pontos, fidelidade, cashback, recompensas
customs: aduana, arancel, aranceles, impuesto importacion, impuesto, iva
    | customs, duty, duties, import tax, import fee, tariff, tax
    | alfandega, imposto, taxa importacao, tributo, aduana
wholesale: mayorista, por mayor, mayoreo, volumen, revender, distribuidor
    | wholesale, bulk, reseller, resell, distributor
    | atacado, revender, revendedor, distribuidor, por atacado
material: material, tela, algodon, cuero, hecho, ingrediente, composicion, lavar
    | material, fabric, cotton, leather, made of, ingredient, composition, wash, care instructions
    | material, tecido, algodao, couro, feito, ingrediente, composicao, lavar
manual: instrucciones, manual, armar, montar, montaje, instalar, instalacion, como usa
    | instructions, manual, assemble, assembly, install, installation, setup, how use
    | instrucoes, manual, montar, montagem, instalar, instalacao, como usa
preorder: preventa, preorden, reservar, reserva, apartar
    | preorder, pre order, reserve, backorder
    | pre venda, prevenda, reservar, reserva, encomendar
jobs: empleo, vacante, hoja vida, curriculum, trabajar con ustedes, trabajo con ustedes
    | job, vacancy, career, hiring, apply job, resume
    | vaga, emprego, curriculo, trabalhe conosco, trabalhar com voces
website: pagina web, sitio, pagina no carga, web no funciona, aplicacion, app
    | website, site not, page not load, app, bug, crash
    | site nao, pagina nao carrega, aplicativo, app
cart: carrito, cesta, canasta, bolsa compra
    | cart, basket, bag
    | carrinho, cesta, sacola
weekday: lunes, martes, miercoles, jueves, viernes, sabado, domingo, festivo, finde, fin semana
    | monday, tuesday, wednesday, thursday, friday, saturday, sunday, weekend, holiday
    | segunda, terca, quarta, quinta, sexta, sabado, domingo, feriado, fim semana
"""
TABLE += GOODS_TABLE.lstrip()

BROADER = GOODS_BROADER | {
    "instalments": "pay_ways",
    "cod": "pay_ways",
    "pay_ways": "pay",
    "pay_problem": "pay",
    "exchange": "return",
    "refund": "return",
    "delivery_time": "delivery",
    "shipping_cost": "delivery",
    "areas": "delivery",
    "express": "delivery",
    "pickup": "delivery",
    "missing_parcel": "track",
    "password": "login",
    "login": "account",
    "register": "account",
    "gift_card": "discount",
    "phone": "contact",
    "weekday": "hours",
    "email": "contact",
    "hours": "store",
    "wrong": "damaged",
    "missing_part": "damaged",
    "warranty": "damaged",
    "choose": "size",
    "preorder": "stock",
}
"""An article about the broader concept is a second-best answer to a question about the narrower one."""

SOFT_CONCEPTS = frozenset(
    "order buy change time weekday delivery_time cost product arrive parcel carrier colour track"
    " missing_parcel delivery contact email choose".split()
)
"""Concepts that frame many questions ("when", "how much", "not arrived"): beside another, half."""

SHOP_CONCEPTS = frozenset(
    "return refund exchange cancel cod instalments shipping_cost pay_ways pay_problem invoice discount"
    " damaged wrong missing_part warranty stock newsletter track".split()
)
"""Concepts hardly met outside a shop: beside them a word met nowhere names a product or a town."""

SOFT_WORDS = frozenset("available availability disponible disponibles disponivel disponiveis".split())
"""Words of a hard concept that often only frame a question ("is COD available?")."""
