"""The first page of the server, to which the WordPress plugin's readme sends whoever looks for terms and privacy."""

from __future__ import annotations

import pytest
from pages_house import open_client, open_house

from plugin.language import LOCALES
from plugin.settings import SettingsError
from plugin.testing.factories import make_settings

TERMS, PRIVACY = "https://operator.example/terms", "https://operator.example/privacy"
WORDS = {
    "es": ("Condiciones del servicio", "Política de privacidad", "la tienda en la que compraste"),
    "en": ("Terms of service", "Privacy policy", "the shop you bought from"),
    "pt": ("Termos de serviço", "Política de privacidade", "loja em que você comprou"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_page_leads_to_terms_and_privacy_policy_of_who_runs_it(database_url: str, locale: str) -> None:
    with open_house(database_url, terms_url=TERMS, privacy_url=PRIVACY) as house:
        page = open_client(house).get("/", headers={"Accept-Language": locale})
    terms, privacy, _ = WORDS[locale]
    assert page.status_code == 200 and f'<html lang="{locale}">' in page.text
    assert f'href="{TERMS}">{terms}</a>' in page.text and f'href="{PRIVACY}">{privacy}</a>' in page.text
    assert "<script" not in page.text and "Set-Cookie" not in page.headers


@pytest.mark.parametrize("locale", LOCALES)
def test_without_them_it_says_whom_to_ask_and_names_no_shop(database_url: str, locale: str) -> None:
    with open_house(database_url) as house:
        page = open_client(house).get("/", headers={"Accept-Language": locale})
    assert WORDS[locale][2] in page.text and WORDS[locale][0] not in page.text
    assert 'href="/sign-in"' in page.text


@pytest.mark.parametrize("name", ["terms_url", "privacy_url"])
def test_an_address_of_theirs_that_is_none_is_refused(database_url: str, name: str) -> None:
    with pytest.raises(SettingsError, match=f"MOSTRADOR_{name.upper()}"):
        make_settings(database_url, **{name: "javascript:alert(1)"})
