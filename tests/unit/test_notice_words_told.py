"""Every notice in every language: its status first, true about money, honest about parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.contract import Notice, OrderStatus, PaymentStatus, Refund, ShipmentStatus
from plugin.notices.render import UntrueNotice, render_notice
from tests.unit.notice_samples import (
    NOW,
    OF_PARCEL,
    at_the_door,
    build_mail,
    build_order,
    build_parcel,
    money,
    two_parcels,
)

SAID = {
    ("order_received", "es"): (
        "Ya tenemos tu pedido", "Gracias por tu compra. Te escribiremos cuando salga."
    ),
    ("order_received", "en"): ("We have your order", "We will write to you when it leaves."),
    ("order_received", "pt"): ("Recebemos seu pedido", "Escreveremos quando ele sair."),
    ("payment_pending", "es"): ("Tu pedido está pendiente de pago", "En cuanto llegue tu pago de $125.800"),
    ("payment_pending", "en"): (
        "Your order is waiting for payment", "As soon as your payment of $125,800.00 arrives"
    ),
    ("payment_pending", "pt"): (
        "Seu pedido está aguardando pagamento", "Assim que seu pagamento de R$ 125.800,00"
    ),
    ("payment_received", "es"): ("Pago recibido, gracias", "Llegó tu pago de $125.800."),
    ("payment_received", "en"): ("Payment received, thank you", "Your payment of $125,800.00 has arrived."),
    ("payment_received", "pt"): ("Pagamento recebido, agradecemos", "Seu pagamento de R$ 125.800,00 chegou."),
    ("payment_failed", "es"): ("El pago no se completó", "Puedes intentarlo de nuevo en la tienda"),
    ("payment_failed", "en"): ("The payment did not go through", "You can try again in the store"),
    ("payment_failed", "pt"): ("O pagamento não foi concluído", "Você pode tentar de novo na loja"),
    ("on_hold", "es"): ("Tu pedido está en espera", "Una transferencia puede tardar uno o dos días hábiles"),
    ("on_hold", "en"): ("Your order is on hold", "A bank transfer can take one or two working days"),
    ("on_hold", "pt"): ("Seu pedido está em espera", "Uma transferência pode levar um ou dois dias úteis"),
    ("preparing", "es"): ("Estamos preparando tu pedido", "Te escribiremos cuando salga."),
    ("preparing", "en"): ("We are preparing your order", "We will write to you when it leaves."),
    ("preparing", "pt"): ("Estamos preparando seu pedido", "Escreveremos quando ele sair."),
    ("shipped", "es"): (
        "Tu pedido va en camino", "Lo lleva Servientrega. Número de seguimiento: PQ4F2X0012345678."
    ),
    ("shipped", "en"): ("Your order is on its way", "Expected: Monday, November 23."),
    ("shipped", "pt"): ("Seu pedido está a caminho", "Previsão de entrega: segunda-feira, 23 de novembro."),
    ("out_for_delivery", "es"): ("Tu pedido está en reparto", "lo normal es que llegue en el día"),
    ("out_for_delivery", "en"): ("Your order is out for delivery", "normally arrives the same day"),
    ("out_for_delivery", "pt"): ("Seu pedido saiu para entrega", "normalmente chega no mesmo dia"),
    ("ready_for_pickup", "es"): ("Tu pedido está listo para recoger", "Te espera en: Calle 10 # 4-21, Cali."),
    ("ready_for_pickup", "en"): (
        "Your order is ready to pick up", "It is waiting for you at: Calle 10 # 4-21, Cali."
    ),
    ("ready_for_pickup", "pt"): (
        "Seu pedido está pronto para retirada", "Está à sua espera em: Calle 10 # 4-21, Cali."
    ),
    ("attempted", "es"): (
        "Todavía no se pudo entregar tu pedido", "En el seguimiento verás el siguiente paso"
    ),
    ("attempted", "en"): ("Your order could not be delivered yet", "The tracking shows what comes next"),
    ("attempted", "pt"): (
        "Ainda não foi possível entregar seu pedido", "No rastreamento você vê o próximo passo"
    ),
    ("delayed", "es"): ("Tu pedido se retrasa", "Nueva fecha prevista: lunes, 23 de noviembre."),
    ("delayed", "en"): ("Your order is delayed", "It is now expected on: Monday, November 23."),
    ("delayed", "pt"): (
        "Seu pedido está atrasado", "Nova previsão de entrega: segunda-feira, 23 de novembro."
    ),
    ("delivered", "es"): ("Tu pedido ya está entregado", "Esperamos que lo disfrutes."),
    ("delivered", "en"): ("Your order has been delivered", "We hope you enjoy it."),
    ("delivered", "pt"): ("Seu pedido foi entregue", "Esperamos que você goste."),
    ("returned", "es"): ("Tu pedido vuelve a la tienda", "Escríbenos y acordamos cómo seguir."),
    ("returned", "en"): (
        "Your order is coming back to us", "Write to us and we will agree on what to do next."
    ),
    ("returned", "pt"): (
        "Seu pedido está voltando para a loja", "Escreva para nós e combinamos como seguir."
    ),
    ("cancelled", "es"): ("Tu pedido está cancelado", "Tu pago de $125.800 no se ha reembolsado por ahora"),
    ("cancelled", "en"): (
        "Your order is cancelled", "Your payment of $125,800.00 has not been refunded so far"
    ),
    ("cancelled", "pt"): (
        "Seu pedido foi cancelado", "Seu pagamento de R$ 125.800,00 não foi reembolsado até agora"
    ),
    ("refunded", "es"): ("Te devolvemos $125.800", "Es el importe completo de tu pedido."),
    ("refunded", "en"): ("We are refunding $125,800.00 to you", "That is the whole amount of your order."),
    ("refunded", "pt"): ("Estamos devolvendo R$ 125.800,00 para você", "É o valor total do seu pedido."),
    ("partly_refunded", "es"): (
        "Te devolvemos $45.800 de tu pedido", "Es una parte de tu pedido de $125.800."
    ),
    ("partly_refunded", "en"): (
        "We are refunding $45,800.00 of your order", "This is part of your order of $125,800.00."
    ),
    ("partly_refunded", "pt"): (
        "Estamos devolvendo R$ 45.800,00 do seu pedido", "É uma parte do seu pedido de R$ 125.800,00."
    ),
}
DOOR = {"es": "Pagas $125.800 al recibirlo.", "en": "You pay $125,800.00 at the door.",
        "pt": "Você paga R$ 125.800,00 na entrega."}  # fmt: skip
RECEIVED = ("pago recibido", "llegó tu pago", "pagado", "payment received", "has arrived", "paid", "pagamento recebido",
            "chegou", "recebemos seu pagamento")  # fmt: skip
BEFORE_DELIVERY = ("order_received", "payment_pending", "on_hold", "preparing", "shipped", "out_for_delivery",
                   "attempted", "delayed")  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_notice_has_its_words_in_every_language() -> None:
    assert set(SAID) == {(str(notice), language) for notice in Notice for language in ("es", "en", "pt")}


@pytest.mark.parametrize(("notice", "language"), sorted(SAID))
def test_the_first_line_is_the_status_and_the_rest_is_true(notice: str, language: str) -> None:
    headline, sentence = SAID[notice, language]
    rendered = render_notice(build_mail(Notice(notice), language))
    assert plain(rendered.text).split("\n", 1)[0] == headline
    assert plain(rendered.html).partition("<h1")[2].partition(">")[2].startswith(f"{headline}</h1>")
    assert sentence in plain(rendered.text)
    assert "1042" in rendered.subject and "\n" not in rendered.subject and "None" not in rendered.text
    assert rendered.text.count("https://mostrador.example/u/5jq0c9kz") == 1


def test_subjects_differ_so_that_each_mail_can_be_told_apart() -> None:
    for language in ("es", "en", "pt"):
        subjects = {render_notice(build_mail(notice, language)).subject for notice in Notice}
        assert len(subjects) == len(Notice)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("notice", BEFORE_DELIVERY)
def test_before_delivery_who_pays_at_the_door_reads_how_much(notice: str, language: str) -> None:
    rendered = render_notice(at_the_door(Notice(notice), language))
    assert DOOR[language] in plain(rendered.text) and DOOR[language] in plain(rendered.html)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("notice", [notice for notice in Notice if notice is not Notice.payment_received])
@pytest.mark.parametrize("payment", [PaymentStatus.on_delivery, PaymentStatus.paid])
def test_who_pays_at_the_door_never_reads_that_money_arrived(
    notice: Notice, language: str, payment: PaymentStatus
) -> None:
    mail = at_the_door(notice, language, payment_status=payment, paid_at=NOW)
    mail = replace(mail, told_together=(Notice.order_received, Notice.payment_received), help_links=())
    rendered = render_notice(mail)
    said = plain(f"{rendered.subject} {rendered.text} {rendered.html}").lower()
    # "not paid at the door yet" and "pay" are no claim that money arrived.
    said = said.replace("if you have not paid at the door yet", "").replace("if you have already paid", "")
    said = said.replace("si todavía no has pagado al recibirlo", "").replace("você ainda não pagou na entrega", "")
    assert [words for words in RECEIVED if words in said] == []


def test_payment_received_is_refused_for_who_pays_at_the_door() -> None:
    with pytest.raises(UntrueNotice, match="73 is paid at the door"):
        render_notice(at_the_door(Notice.payment_received))


def test_pay_at_the_door_is_the_rest_after_refunds_and_for_the_whole_order() -> None:
    refund = Refund(external_id="r1", amount=money("25800"))
    text = render_notice(at_the_door(Notice.shipped, refunds=(refund,))).text
    assert "Pagas $100.000 al recibirlo." in text and "A pagar al recibirlo: $100.000" in text
    assert "Reembolso: −$25.800" in text
    several = two_parcels()
    order = replace(several.order, pay_on_delivery=True, payment_status=PaymentStatus.on_delivery)
    assert "Pagas $125.800 al recibirlo, por todo el pedido." in render_notice(replace(several, order=order)).text
    assert "Pagas $125.800 al recogerlo." in render_notice(at_the_door(Notice.ready_for_pickup)).text


def test_after_delivery_nobody_is_asked_to_pay_again() -> None:
    text = render_notice(at_the_door(Notice.delivered, status=OrderStatus.completed)).text
    assert "Pagas" not in text and "A pagar" not in text and "Pago: contra entrega" in text


def test_a_refund_before_paying_at_the_door_lowers_what_is_paid() -> None:
    mail = at_the_door(Notice.partly_refunded, status=OrderStatus.processing)
    rendered = render_notice(mail)
    assert rendered.text.startswith("Descontamos $45.800 de tu pedido\n")
    assert "Pagas $80.000 al recibirlo." in rendered.text and "devolvemos" not in rendered.text
    assert rendered.subject == "Pedido 1042: $45.800 menos por pagar"
    whole = render_notice(at_the_door(Notice.refunded)).text
    assert whole.startswith("No tienes que pagar nada por tu pedido\n") and "banco" not in whole


def test_a_refund_of_an_order_that_may_not_have_arrived_says_both() -> None:
    text = render_notice(at_the_door(Notice.partly_refunded)).text
    assert text.startswith("Te devolvemos $45.800 de tu pedido\n")
    assert "Si todavía no has pagado al recibirlo, pagas $80.000 en ese momento." in text


def test_two_partial_refunds_tell_each_amount_and_the_sum() -> None:
    first = Refund(external_id="r1", amount=money("10000"), created_at=NOW - timedelta(hours=1))
    second = Refund(external_id="r2", amount=money("5000"), created_at=NOW)
    order = build_order(refunds=(first, second), payment_status=PaymentStatus.partly_refunded)
    said = [render_notice(build_mail(Notice.partly_refunded, order=order, refund=one)) for one in (first, second)]
    assert [one.subject for one in said] == [
        "Pedido 1042: reembolso parcial de $10.000", "Pedido 1042: reembolso parcial de $5.000",
    ]  # fmt: skip
    assert "Hasta ahora se han reembolsado $15.000 de $125.800." in said[1].text


def test_the_refund_that_completes_the_rest_says_that_all_is_refunded() -> None:
    parts = (Refund(external_id="r1", amount=money("100000")), Refund(external_id="r2", amount=money("25800")))
    order = build_order(refunds=parts, payment_status=PaymentStatus.refunded, status=OrderStatus.refunded)
    text = render_notice(build_mail(Notice.refunded, order=order, refund=parts[1])).text
    assert text.startswith("Te devolvemos $25.800\n")
    assert "Con esto, tu pedido de $125.800 queda reembolsado por completo." in text
    unnamed = render_notice(build_mail(Notice.refunded, order=replace(order, refunds=()), refund=None)).text
    assert unnamed.startswith("Te devolvemos $125.800\n")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"payment_status": PaymentStatus.unpaid}, "No nos consta ningún pago. Si ya pagaste, escríbenos."),
        ({"payment_status": PaymentStatus.failed}, "No nos consta ningún pago."),
        ({"payment_status": PaymentStatus.on_delivery}, "No tienes que pagar nada."),
        ({"payment_status": PaymentStatus.refunded}, "Te devolvemos $125.800."),
        ({"payment_status": PaymentStatus.paid}, "si se reembolsa, te escribiremos"),
    ],
)
def test_a_cancelled_order_says_what_is_known_about_its_money(changes: dict[str, object], sentence: str) -> None:
    order = build_order(status=OrderStatus.cancelled, **changes)
    assert sentence in render_notice(build_mail(Notice.cancelled, order=order)).text


@pytest.mark.parametrize("payment", [PaymentStatus.unknown, PaymentStatus.authorized])
def test_a_cancelled_order_whose_money_is_unknown_says_nothing_of_it(payment: PaymentStatus) -> None:
    order = build_order(status=OrderStatus.cancelled, payment_status=payment)
    text = render_notice(build_mail(Notice.cancelled, order=order, help_links=())).text
    lead = text.partition("Ver tu pedido")[0]
    assert "$" not in lead and "reembols" not in lead and "pag" not in lead


@pytest.mark.parametrize("no_tracking", [True, False])
def test_an_order_that_left_without_a_number_says_so(no_tracking: bool) -> None:
    mail = build_mail(Notice.shipped, parcel=None, parcels=(), no_tracking=no_tracking)
    text = render_notice(mail).text
    assert text.startswith("Tu pedido va en camino\n")
    assert "Por ahora no tenemos un número de seguimiento. Si nos llega, lo verás en la página de tu pedido." in text
    alone = render_notice(replace(mail, tracking_url="")).text
    assert "Por ahora no tenemos un número de seguimiento." in alone and "la página de tu pedido" not in alone


def test_a_number_that_came_in_the_end_is_told_although_the_mail_was_held() -> None:
    text = render_notice(build_mail(Notice.shipped, no_tracking=True)).text
    assert "Número de seguimiento: PQ4F2X0012345678." in text and "no tenemos" not in text


def test_several_parcels_are_counted() -> None:
    rendered = render_notice(two_parcels())
    assert rendered.subject == "Pedido 1042, paquete 2 de 2: en camino"
    assert rendered.text.startswith("El paquete 2 de 2 va en camino\n")
    assert "Tu pedido llega en 2 paquetes; te escribiremos sobre cada uno." in rendered.text
    assert "Paquete 1 de 2: entregado, viernes, 20 de noviembre" in rendered.text
    assert "Paquete 2 de 2: en camino" in rendered.text
    assert "Contiene: 2 × Taza de barro" in rendered.text and "Contiene: 1 × Café de Nariño, 500 g" in rendered.text


def test_a_delivered_parcel_tells_how_many_are_still_to_come() -> None:
    first = build_parcel(ShipmentStatus.delivered)
    others = tuple(build_parcel(external_id=f"p{n}", tracking_number=f"N{n}") for n in (2, 3))
    said = render_notice(build_mail(Notice.delivered, parcel=first, parcels=(first, *others))).text
    assert said.startswith("El paquete 1 de 3 ya está entregado\n") and "Quedan 2 paquetes por llegar." in said
    said = render_notice(build_mail(Notice.delivered, parcel=first, parcels=(first, others[0]))).text
    assert "Queda 1 paquete por llegar." in said and "[>] En camino" in said
    said = render_notice(build_mail(Notice.delivered, parcel=first, parcels=(first,))).text
    assert "por llegar" not in said and "[x] Entregado" in said


def test_an_old_expected_day_is_not_called_new() -> None:
    parcel = build_parcel(ShipmentStatus.delayed, expected_at=NOW - timedelta(days=1))
    text = render_notice(build_mail(Notice.delayed, parcel=parcel, parcels=(parcel,))).text
    assert "Todavía no tenemos una fecha nueva." in text and "Nueva fecha" not in text


def test_nothing_to_ship_is_never_said_to_leave() -> None:
    order = build_order(needs_shipping=False, status=OrderStatus.completed)
    for notice in (Notice.order_received, Notice.payment_received, Notice.delivered):
        text = render_notice(build_mail(notice, order=order, parcel=None, parcels=())).text
        assert "salga" not in text and "En camino" not in text
    assert text.startswith("Tu pedido está completo\n")


def test_what_is_told_together_is_listed_once() -> None:
    told = (Notice.order_received, Notice.payment_received, Notice.order_received, Notice.preparing)
    text = render_notice(build_mail(Notice.preparing, told_together=told)).text
    assert "Hasta ahora: Recibido · Pago recibido\n" in text


def test_a_name_that_is_no_name_is_not_greeted() -> None:
    for name in ("", "www.evil.example", "GRATIS!!! http://evil.example", "X", "4111111111111111", "ana@x.example"):
        assert "Hola" not in render_notice(build_mail(Notice.preparing, order=build_order(customer_name=name))).text
    assert "Hola, María:" in render_notice(
        build_mail(Notice.preparing, order=build_order(customer_name="María José O'Neill"))
    ).text  # fmt: skip


def test_the_steps_never_go_past_the_notice() -> None:
    for notice in OF_PARCEL:
        text = render_notice(build_mail(notice)).text
        assert ("[x] Entregado" in text) is (notice is Notice.delivered)
