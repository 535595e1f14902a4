"""The desk on both databases, after the migrations: one walk through everything that asks them something."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_house import OURS, open_counter

from faq_links import PLACEHOLDERS


@pytest.mark.parametrize("engine", ["sqlite_url", "postgresql_url"])
def test_the_whole_desk_works_on_each_database(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    with open_counter(tmp_path, request.getfixturevalue(engine)) as counter:
        store = counter.add_store("a.example")
        order, talk = counter.add_order(store), counter.write(store, "quiero una persona", person=True)
        counter.clock.advance(30)
        counter.run_jobs()
        ana = counter.sign_in(counter.add_agent("Ana", store))
        base = f"/desk/{store.public_id}"
        for path, form in {
            f"conversations/{talk}/take": {}, f"conversations/{talk}/reply": {"text": "Voy 😀\x00"},
            f"conversations/{talk}/resolve": {}, f"conversations/{talk}/give-back": {},
            f"orders/{order.id}/refetch": {}, "deliveries/replay": {}, "store/preview": {},
            "store/live": {}, "store/mail-mode": {"mail_mode": "all"},
            "store/sender": {"sender_name": "Barro\x00 y Sol", "reply_to": "hola@a.example"},
            "store/pace": {"settle_seconds": "30", "hold_hours": "2"}, "store/accent": {"accent": "#0b57d0"},
            "store/test-mail": {}, "store/repair": {},
            "answers": {f"{one.key}.es": one.example["es"] + "\x00" for one in PLACEHOLDERS},
        }.items():  # fmt: skip
            answer = ana.post(f"{base}/{path}", data=form, headers=OURS)
            assert answer.status_code == 303, (path, answer.text[-300:])
        for path in ("", "conversations", "conversations?show=mine&phase=purchase&topic=doubt&page=2",
                     f"conversations/{talk}", "waiting", "orders", "orders?number=1001",
                     f"orders/{order.id}", "deliveries", "store", "answers"):  # fmt: skip
            assert ana.get(f"{base}/{path}").status_code in (200, 303), path
        assert ana.post("/desk/account/name", data={"name": "Ana\x00 María"}, headers=OURS).status_code == 303
        assert "Ana María" in ana.get("/desk/account").text
        assert ana.post("/sign-in", data={"email": "ana@example.com"}, headers=OURS).status_code == 200
        counter.run_jobs()
        assert "/sign-in/" in counter.taken.mails[-1][0].decode()
