"""The privacy page and the share of wrong answers: what a merchant may say, and what a new owner begins with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from plugin.stores.connect import change_hands
from plugin.stores.coverage import LARGEST_FACTS, save_facts
from plugin.stores.models import DEFAULT_WRONG_TARGET, StoreRow
from plugin.stores.wishes import Unwanted, set_privacy_url, set_wrong_target

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("url", [
    "", "https://tienda.example/privacidad", "https://tienda.example/política?x=1#abajo", "https://tienda.example:8443/",
    "https://ñandú.example/p",
])  # fmt: skip
def test_an_https_page_or_none_is_kept(url: str) -> None:
    row = StoreRow(privacy_url="https://old.example/")
    set_privacy_url(row, f"  {url} ")
    assert row.privacy_url == url


@pytest.mark.parametrize("url", [
    "http://tienda.example/", "javascript:alert(1)", "//tienda.example/", "tienda.example/privacidad", "https://",
    "https://user:pass@tienda.example/", "https://user@tienda.example/", "https://tienda.example/\nx", "https://localhost/p",
    'https://tienda.example/"onmouseover=', "https://tienda.example\\@evil.example/", "https://tienda.example:99999/",
    "https://[::1/", "https://tienda.example/<b>", "https://tienda.example/" + "x" * 500, "ftp://tienda.example/",
    "https://tienda.example/ x", "https://tienda.example/\u202etxt",
])  # fmt: skip
def test_anything_else_is_refused(url: str) -> None:
    row = StoreRow(privacy_url="https://old.example/")
    with pytest.raises(Unwanted) as refused:
        set_privacy_url(row, url)
    assert refused.value.code == "privacy_url" and row.privacy_url == "https://old.example/"


@pytest.mark.parametrize(("share", "kept"), [(0.01, 0.01), (0.3, 0.3), (0.125, 0.125)])
def test_a_share_of_wrong_answers_is_kept(share: float, kept: float) -> None:
    row = StoreRow(wrong_target=0.07)
    set_wrong_target(row, share)
    assert row.wrong_target == kept


@pytest.mark.parametrize("share", [0.0, 0.009, 0.301, 1.0, -1.0, float("nan"), float("inf")])
def test_none_at_all_and_too_many_wrong_answers_are_refused(share: float) -> None:
    row = StoreRow(wrong_target=0.07)
    with pytest.raises(Unwanted) as refused:
        set_wrong_target(row, share)
    assert refused.value.code == "wrong_target" and row.wrong_target == 0.07


def test_a_new_owner_does_not_speak_with_the_earlier_one_s_words() -> None:
    row = StoreRow(
        hours={"week": {"mon": [["09:00", "18:00"]]}, "days": {}}, privacy_url="https://old.example/", wrong_target=0.2,
        calibration={"threshold": 0.9},
    )  # fmt: skip
    change_hands(row, NOW)
    assert (row.hours, row.privacy_url, row.wrong_target, row.calibration) == ({}, "", DEFAULT_WRONG_TARGET, {})


def test_facts_are_kept_as_plain_json_and_never_without_bound() -> None:
    row = StoreRow(facts={}, facts_at=None)
    told: dict[str, Any] = {"currency": "COP", "free_from": Decimal("125800.00"), "zones": ({"name": "Bogotá"},)}
    save_facts(row, told, NOW)
    assert row.facts == {"currency": "COP", "free_from": "125800.00", "zones": [{"name": "Bogotá"}]}
    assert row.facts_at == NOW
    save_facts(row, {"x": "y" * LARGEST_FACTS}, datetime(2026, 11, 23, tzinfo=UTC))
    assert row.facts["currency"] == "COP" and row.facts_at == NOW
