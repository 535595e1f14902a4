"""Ready answers at the desk: found among many, their words read by everybody, and what is wrong said at its field."""

from __future__ import annotations

import re

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from sqlalchemy import update

from plugin.agents import AgentRow
from plugin.care import ConversationRow
from plugin.care.macros import add_macro
from plugin.orders import OrderRow
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT

HTMX = OURS | {"HX-Request": "true"}


def keep(counter: Counter, store: StoreRow, *titles: str) -> None:
    with counter.db.transaction(store.id) as tx:
        for title in titles:
            add_macro(tx, store.id, title, {"es": f"Palabras de {title}: envío <b>gratis</b>"}, MOMENT)


def listed(page: str) -> list[str]:
    return re.findall(r'aria-label="Use ([^"]+)"', page)


def test_few_stand_there_at_once_and_among_many_one_is_looked_for(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    place = f"/desk/{store.public_id}/conversations/{counter.write(store, 'hola')}/macros"
    keep(counter, store, *(f"Estado {number}" for number in range(8)))
    assert 'id="macro-q"' not in client.get(place, headers=HTMX).text
    keep(counter, store, "Ámbar", "Devolución")
    page = client.get(place, headers=HTMX).text
    assert 'id="macro-q"' in page and listed(page)[:2] == ["Ámbar", "Devolución"]
    for typed, found in (("DEVOLUCION", ["Devolución"]), ("ambar envio", ["Ámbar"]), ("estado 3", ["Estado 3"])):
        assert listed(client.get(place, headers=OURS, query_string={"q": typed}).text) == found
        part = client.get(place, headers=HTMX, query_string={"q": typed, "results": 1}).text
        assert listed(part) == found and "<form" not in part
    assert len(listed(client.get(place, query_string={"q": "  "}, headers=HTMX).text)) == 10
    for odd in ("%", "_", "'", "<b>", "\x00", "x" * 5000):
        part = client.get(place, headers=HTMX, query_string={"q": odd, "results": 1}).text
        assert "<b>gratis" not in part and len(listed(part)) in (0, 10), odd


def test_a_conversation_offers_those_of_its_shoppers_phase_first(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    macros = f"/desk/{store.public_id}/macros"
    for title, phases in (("Siempre", []), ("Talla", ["pre_purchase"]), ("Devolver", ["post_sale", "nonsense"])):
        form = {"title": title, "text.es": f"Texto {title}", "phases": phases}
        assert client.post(macros, data=form, headers=OURS).status_code == 303
    page = client.get(macros).text
    assert "<span>Before buying</span>" in page and "<span>Every one</span>" in page and "nonsense" not in page
    asks, has = (counter.write(store, "hola", steps=("product",)) for _ in range(2))
    with counter.db.transaction(store.id) as tx:
        one = (ConversationRow.store_id == store.id, ConversationRow.public_id == has)
        tx.execute(update(ConversationRow).where(*one).values(phase="post_sale"))
    for talk, first, other in ((asks, "Talla", "Devolver"), (has, "Devolver", "Talla")):
        place = f"/desk/{store.public_id}/conversations/{talk}/macros"
        for headers in (OURS, HTMX):
            part = client.get(place, headers=headers).text
            assert listed(part) == [first, "Siempre", other]
            assert listed(part[part.index("1 for another stage of the purchase"):]) == [other]
            looked_for = client.get(place, headers=headers, query_string={"q": "texto"}).text
            assert len(listed(looked_for)) == 3 and "other-macros" not in looked_for


def test_the_stage_of_a_ready_answer_is_changed_and_kept_when_the_form_is_refused(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    with counter.db.transaction(store.id) as tx:
        macro = add_macro(tx, store.id, "Talla", {"es": "Hola"}, MOMENT, ["pre_purchase"])
    place, ticked = f"/desk/{store.public_id}/macros", re.compile(r'name="phases" value="(\w+)" checked')
    page = client.get(f"{place}?macro={macro.public_id}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert ticked.findall(page) == ["pre_purchase"] and seen is not None
    form = {"macro": macro.public_id, "title": "Talla", "seen": seen[1], "phases": ["purchase", "post_sale"]}
    refused = client.post(place, data=form | {"text.es": ""}, headers=OURS)
    assert refused.status_code == 422 and ticked.findall(refused.text) == ["purchase", "post_sale"]
    assert client.post(place, data=form | {"text.es": "Hola"}, headers=OURS).status_code == 303
    assert ticked.findall(client.get(f"{place}?macro={macro.public_id}").text) == ["purchase", "post_sale"]


def test_whoever_may_not_change_them_still_reads_their_words(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    keep(counter, store, "Estado")
    vera = counter.add_agent("Vera", store, role="viewer")
    page = counter.sign_in(vera).get(f"/desk/{store.public_id}/macros").text
    assert "Palabras de Estado: envío &lt;b&gt;gratis&lt;/b&gt;" in page and "<textarea" not in page


@pytest.mark.parametrize(("form", "field", "words"), [
    ({"title": "x", "text.es": "Hola", "text.pt": "Oi {nome}"}, "text-pt", "Português: We do not know the placeholder"),
    ({"title": "x", "text.es": "x" * 3501}, "text-es", "Español: An answer has"),
    ({"title": "", "text.es": "Hola"}, "macro-title", "Give it a name"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    store: StoreRow, client: FlaskClient, form: dict[str, str], field: str, words: str
) -> None:
    answer = client.post(f"/desk/{store.public_id}/macros", data=form, headers=OURS)
    assert answer.status_code == 422 and words in answer.text
    wrong = re.findall(r'<(?:input|textarea) id="([^"]+)"[^>]*aria-invalid="true" autofocus', answer.text)
    assert wrong == [field]
    at = re.search(rf'<[a-z]+ id="{field}"[^>]*>', answer.text)
    assert at is not None and 'aria-describedby="macro-fault' in at[0]


def test_a_name_that_another_has_is_refused_with_the_way_to_it(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    keep(counter, store, "Envío")
    form = {"title": "envio", "text.es": "Hola"}
    answer = client.post(f"/desk/{store.public_id}/macros", data=form, headers=OURS)
    assert answer.status_code == 422 and "Your team has a ready answer with this name already." in answer.text
    found = re.search(r'id="macro-fault">.*?<a href="([^"]+)">Open the other one</a>', answer.text)
    assert found is not None and 'value="Envío"' in client.get(found[1]).text
    assert client.get(f"/desk/{store.public_id}/macros").text.count("<th scope=\"row\"") == 1


def test_a_draft_tells_of_no_order_that_the_bot_would_not(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    order = counter.add_order(store)
    talk = counter.write(store, "hola", order_id=order.id, order_proof="order")
    with counter.db.transaction(store.id) as tx:
        macro = add_macro(tx, store.id, "Estado", {"es": "Tu pedido: {order}"}, MOMENT).public_id
    place = f"/desk/{store.public_id}/conversations/{talk}/macros?macro={macro}"
    assert ">Tu pedido: 1001</textarea>" in client.get(place).text
    with counter.db.transaction(store.id) as tx:
        tx.execute(update(OrderRow).where(OrderRow.store_id == store.id).values(gone_at=MOMENT))
    assert ">Tu pedido: {order}</textarea>" in client.get(place).text, "the platform has it no longer"
