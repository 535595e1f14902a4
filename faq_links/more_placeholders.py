"""The second, optional part of the form: one sentence of the merchant each, and one more article is shown.

Whoever does not do a thing leaves its question empty, and shoppers are not told of it, but for what the shop itself
tells: ways to pay, instalments, safety of paying, pick-up.
"""

from __future__ import annotations

from faq_links.question import Placeholder, three

MORE_PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder(
        "invoice_way",
        "text",
        three(
            "¿Cómo consigue su factura quien compra?",
            "How do shoppers get their invoice?",
            "Como quem compra recebe a nota fiscal?",
        ),
        three(
            "Una frase completa: dónde se pide o cuándo llega, y hasta cuándo se puede pedir.",
            "One full sentence: where to ask for it or when it comes, and until when one may ask.",
            "Uma frase completa: onde pedir ou quando chega, e até quando dá para pedir.",
        ),
        three(
            "Te llega por correo cuando sale el pedido; para que vaya a nombre de una empresa, escribe sus datos"
            " al comprar.",
            "It comes by mail when the order leaves; to have it in a company's name, write its details when you"
            " order.",
            "Chega por e-mail quando o pedido sai; para sair em nome de uma empresa, escreva os dados dela na"
            " compra.",
        ),
    ),
    Placeholder(
        "account_way",
        "text",
        three(
            "¿Cómo se entra en la cuenta de tu tienda?",
            "How does one sign in to an account in your shop?",
            "Como se entra na conta da sua loja?",
        ),
        three(
            "Una frase completa: con contraseña o con un código, y qué hace quien la olvidó.",
            "One full sentence: by password or by a code, and what to do when it is forgotten.",
            "Uma frase completa: com senha ou com um código, e o que faz quem esqueceu.",
        ),
        three(
            "En «Mi cuenta» pulsa «¿Olvidaste la contraseña?», y te llega un enlace para poner otra.",
            "In “My account” press “Forgot your password?”, and a link to choose another comes by mail.",
            "Em “Minha conta”, clique em “Esqueceu a senha?”, e chega um link para criar outra.",
        ),
    ),
    Placeholder(
        "instalments",
        "text",
        three(
            "¿Se puede pagar en cuotas o a plazos?",
            "Can one pay in instalments?",
            "Dá para parcelar?",
        ),
        three(
            "Una frase completa: sí o no, con qué tarjeta o servicio, en cuántas y con qué interés.",
            "One full sentence: yes or no, with which card or service, how many and at what interest.",
            "Uma frase completa: sim ou não, com qual cartão ou serviço, em quantas vezes e com que juros.",
        ),
        three(
            "Sí: en tres pagos sin intereses con PayPal, en compras desde 60 €.",
            "Yes: in three payments without interest with PayPal, from €60.",
            "Sim: em três vezes sem juros com PayPal, em compras a partir de 60 €.",
        ),
    ),
    Placeholder(
        "payment_safety",
        "text",
        three(
            "¿Por qué es seguro pagar en tu tienda?",
            "Why is it safe to pay in your shop?",
            "Por que é seguro pagar na sua loja?",
        ),
        three(
            "Una o dos frases completas: dónde se escribe la tarjeta y quién la cobra, o que se paga al recibir.",
            "One or two full sentences: where a card is typed and who takes it, or that one pays on delivery.",
            "Uma ou duas frases completas: onde se digita o cartão e quem cobra, ou que se paga na entrega.",
        ),
        three(
            "El número de tu tarjeta se escribe en un formulario de Stripe, que hace el cobro: nosotros no lo"
            " recibimos.",
            "Your card's number is typed into a form of Stripe, which takes the payment: we do not receive it.",
            "O número do seu cartão é digitado em um formulário do Stripe, que faz a cobrança: nós não o"
            " recebemos.",
        ),
    ),
    Placeholder(
        "gift_cards",
        "text",
        three("¿Vendes tarjetas de regalo?", "Do you sell gift cards?", "Você vende vale-presente?"),
        three(
            "Una frase completa: dónde se compran, de cuánto y cuándo vencen. Vacío si no las tienes.",
            "One full sentence: where to buy them, of how much and when they expire. Empty if you have none.",
            "Uma frase completa: onde se compra, de quanto e quando vence. Vazio se você não tem.",
        ),
        three(
            "Sí, de 20, 50 y 100 €: están en la tienda, llegan por correo en minutos y valen dos años.",
            "Yes, of €20, €50 and €100: they are in the shop, come by mail within minutes and last two years.",
            "Sim, de 20, 50 e 100 €: estão na loja, chegam por e-mail em minutos e valem dois anos.",
        ),
    ),
    Placeholder(
        "gift_wrapping",
        "text",
        three(
            "¿Envuelves los pedidos para regalo?",
            "Do you wrap orders as gifts?",
            "Você embrulha pedidos para presente?",
        ),
        three(
            "Una frase completa: sí o no, cómo se pide y cuánto cuesta.",
            "One full sentence: yes or no, how to ask for it and what it costs.",
            "Uma frase completa: sim ou não, como pedir e quanto custa.",
        ),
        three(
            "Sí, lo envolvemos sin coste: marca «Es un regalo» en la cesta.",
            "Yes, we wrap it at no cost: tick “It is a gift” in the basket.",
            "Sim, embrulhamos sem custo: marque “É um presente” na sacola.",
        ),
    ),
    Placeholder(
        "pickup_places",
        "text",
        three(
            "¿Dónde se puede recoger un pedido?",
            "Where can an order be picked up?",
            "Onde dá para retirar um pedido?",
        ),
        three(
            "Una frase completa: lugar, horas y cuánto lo guardas. Vacío si no se puede.",
            "One full sentence: the place, the hours and how long you keep it. Empty if it cannot be done.",
            "Uma frase completa: lugar, horários e por quanto tempo você guarda. Vazio se não dá.",
        ),
        three(
            "Sí, gratis en nuestra tienda de Madrid, de lunes a viernes de 9:00 a 18:00; lo guardamos diez días.",
            "Yes, free at our shop in Madrid, Monday to Friday 9:00 to 18:00; we keep it for ten days.",
            "Sim, grátis na nossa loja em Madri, de segunda a sexta das 9h às 18h; guardamos por dez dias.",
        ),
    ),
    Placeholder(
        "delivery_slots",
        "text",
        three(
            "¿Se puede elegir el día o la hora de entrega?",
            "Can one choose the day or the hour of delivery?",
            "Dá para escolher o dia ou a hora da entrega?",
        ),
        three(
            "Una frase completa: qué días y a qué horas reparten los tuyos, y si se puede elegir.",
            "One full sentence: the days and hours of your deliveries, and whether one may choose.",
            "Uma frase completa: em que dias e horários se entrega, e se dá para escolher.",
        ),
        three(
            "Entregamos de lunes a viernes, de 9:00 a 19:00, y por ahora no se puede elegir la hora.",
            "We deliver Monday to Friday, 9:00 to 19:00, and for now the hour cannot be chosen.",
            "Entregamos de segunda a sexta, das 9h às 19h, e por enquanto não dá para escolher a hora.",
        ),
    ),
    Placeholder(
        "customs",
        "text",
        three(
            "¿Quién paga aduana e impuestos en envíos a otros países?",
            "Who pays customs and taxes on parcels to other countries?",
            "Quem paga alfândega e impostos em envios para outros países?",
        ),
        three(
            "Una frase completa: a dónde no hay, y a dónde los paga quién. Vacío si no envías fuera.",
            "One full sentence: where there are none, and who pays them elsewhere. Empty if you stay inside.",
            "Uma frase completa: onde não há, e quem paga onde há. Vazio se você não envia para fora.",
        ),
        three(
            "A España y Portugal no hay aduana, y el precio ya incluye los impuestos.",
            "There are no customs for Spain and Portugal, and the price includes all taxes.",
            "Para Espanha e Portugal não há alfândega, e o preço já inclui os impostos.",
        ),
    ),
    Placeholder(
        "no_returns",
        "text",
        three(
            "¿Qué productos no se pueden devolver?",
            "Which products cannot be returned?",
            "Quais produtos não podem ser devolvidos?",
        ),
        three(
            "Una frase completa: lo que la ley te deja excluir y tú excluyes, o que no excluyes nada.",
            "One full sentence: what the law lets you exclude and you do exclude, or that you exclude nothing.",
            "Uma frase completa: o que a lei permite excluir e você exclui, ou que não exclui nada.",
        ),
        three(
            "No admitimos de vuelta lo hecho a medida ni lo que va precintado por higiene y ya se abrió.",
            "We do not take back what was made to measure, nor what is sealed for hygiene and has been opened.",
            "Não aceitamos de volta o que é feito sob medida nem o que vem lacrado por higiene e já foi aberto.",
        ),
    ),
    Placeholder(
        "wholesale",
        "text",
        three("¿Vendes al por mayor?", "Do you sell wholesale?", "Você vende no atacado?"),
        three(
            "Una frase completa: desde cuántas unidades o qué importe. Vacío si no lo haces.",
            "One full sentence: from how many units or which amount. Empty if you do not.",
            "Uma frase completa: a partir de quantas unidades ou de que valor. Vazio se você não vende.",
        ),
        three(
            "Sí, a tiendas y empresas, desde 20 unidades de un mismo producto.",
            "Yes, to shops and companies, from 20 units of one product.",
            "Sim, para lojas e empresas, a partir de 20 unidades de um mesmo produto.",
        ),
    ),
)
