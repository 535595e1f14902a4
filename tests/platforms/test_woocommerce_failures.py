"""Every failure that was observed on a real shop has a sentence for its owner in three languages, with what to do.

Each is provoked. Numbers: 1 connecting, 2 keys, 3 orders and coupons, 4 webhooks, 5 pages, 7 mails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from woo_failures import (
    SHOP,
    TEN,
    ask,
    ask_with_a_wrong_clock,
    begin,
    bin_order,
    delete_order,
    demote,
    disable,
    double,
    examine,
    fail_deliveries,
    hear,
    look,
    over_the_fake,
    plant_keys,
    post,
    read_signed_error,
    refuse,
    repeat_coupon,
    return_with,
    see_surface,
    ship_and_cancel,
    tell_reach,
    tell_site,
    write_with_a_reading_key,
)
from woo_gate import KEY, MESSAGES, SECRET
from woo_shop_bench import URLS, open_connected
from woo_web import PAGE, WP_PAGE, go, make_index

from adapters.woocommerce import WooCommerceAdapter
from adapters.woocommerce.bodies import CronReport
from plugin.contract import (
    PlatformDown,
    Words,
)
from plugin.stores.words import pack, tell, tell_words
from plugin.testing.fakes import make_answer

QUIET = CronReport(overdue=30)
STOPPED = CronReport(overdue=30, disabled=True)
INDEX = f"{SHOP}/wp-json/"
FAILURES: dict[str, tuple[Callable[[], str], str, str, str]] = {
    # What happened → how it is provoked, and what to do in English, Spanish, Portuguese.
    "1 our server has no https": (
        lambda: begin("http://care.example/cb"),
        "Add key",
        "Añadir clave",
        "Adicionar chave",
    ),
    "1 our server is in a private network": (
        lambda: begin("https://10.0.0.7/cb"),
        "paste both values",
        "pega aquí los dos valores",
        "cole aqui os dois valores",
    ),
    "1 our server is on another port than 80, 443, 8080": (
        lambda: begin("https://care.example:8443/cb"),
        "unusual port",
        "puerto poco usual",
        "porta incomum",
    ),
    "1 the merchant pressed Deny": (
        lambda: return_with(success="0"),
        "press Approve",
        "pulsa Aprobar",
        "clique em Aprovar",
    ),
    "1 the shop's server could not post the keys": (
        lambda: return_with(success="1"),
        "paste the keys",
        "pega las claves",
        "cole as chaves",
    ),
    "1 the access is not what was asked for": (
        lambda: post(key_permissions="read"),
        "Begin again",
        "Empieza de nuevo",
        "Comece de novo",
    ),
    "1 keys planted for another shop": (
        over_the_fake(plant_keys),
        "Make new ones",
        "Crea otros",
        "Crie outros",
    ),
    "1 half a key": (lambda: post(consumer_secret="cs_1"), "40 characters", "40 caracteres", "40 caracteres"),
    "1 whoever approved lost the rights": (
        over_the_fake(demote),
        "administrator or shop manager",
        "administrador o gestor",
        "administrador ou gerente",
    ),
    "2 the secret is wrong": (
        lambda: post(refuse(401, "error_401_basic_https_wrong_secret")),
        "Copy both again",
        "Copia los dos",
        "Copie os dois",
    ),
    "2 the keys were revoked": (
        lambda: ask(refuse(401, "error_401_basic_https_wrong_key")),
        "Connect it again",
        "Conéctala",
        "Conecte-a",
    ),
    "2 the Authorization header is kept back": (
        lambda: post(refuse(401, "error_401_no_credentials")),
        "ask your hosting company",
        "pide a tu empresa de hosting",
        "peça à sua empresa de hospedagem",
    ),
    "2 the key may only read": (
        write_with_a_reading_key,
        "Read/Write",
        "Lectura/Escritura",
        "Leitura/Gravação",
    ),
    "2 the clock is wrong": (ask_with_a_wrong_clock, "set its clock", "lo ponga en hora", "acerte o relógio"),
    "2 a proxy hides https": (
        over_the_fake(
            lambda shop: examine(
                replace(
                    shop, store=replace(shop.store, credentials={**shop.store.credentials, "auth": "oauth"})
                ),
                "tls",
            )
        ),
        "X-Forwarded-Proto",
        "reenvíe X-Forwarded-Proto",
        "repasse o X-Forwarded-Proto",
    ),
    "2 the shop has no https": (
        over_the_fake(
            lambda shop: examine(
                replace(
                    shop,
                    store=replace(
                        shop.store,
                        credentials={
                            **shop.store.credentials,
                            "url": shop.store.credentials["url"].replace("https", "http"),
                        },
                    ),
                ),
                "tls",
            )
        ),
        "certificate",
        "Pide un certificado",
        "Peça um certificado",
    ),
    "2 plain permalinks": (
        lambda: look({INDEX: make_answer(body=WP_PAGE), f"{SHOP}/?rest_route=/": make_index()}),
        "Settings > Permalinks",
        "Ajustes > Enlaces permanentes",
        "Configurações > Links permanentes",
    ),
    "2 a page redirects to itself": (
        lambda: look({INDEX: go(INDEX)}),
        "Settings > General",
        "Ajustes > Generales",
        "Configurações > Geral",
    ),
    "2 the address moved (www)": (
        lambda: ask(go("https://www.shop.example.com/wp-json/wc/v3/orders/7")),
        "both address fields",
        "los dos campos de dirección",
        "nos dois campos de endereço",
    ),
    "2 HTML where the index should be": (
        lambda: look({INDEX: make_answer(body=WP_PAGE)}),
        "Let /wp-json/ through",
        "Deja pasar",
        "Deixe passar",
    ),
    "2 HTML with 200 where an order should be": (
        lambda: ask(make_answer(body=PAGE)),
        "requests to /wp-json/ through",
        "deja pasar",
        "deixe passar",
    ),
    "2 no WordPress": (
        lambda: look({INDEX: make_answer(body=PAGE), f"{SHOP}/": make_answer(body=PAGE)}),
        "Type the address",
        "Escribe la dirección",
        "Digite o endereço",
    ),
    "2 no WooCommerce": (
        lambda: look({INDEX: make_index(namespaces=["wp/v2"])}),
        "Activate it",
        "Actívalo",
        "Ative-o",
    ),
    "2 too many requests": (
        lambda: ask(make_answer(429)),
        "Wait a few minutes",
        "Espera unos minutos",
        "Espere alguns minutos",
    ),
    "2 the shop is down": (
        lambda: ask(make_answer(503)),
        "Try again in a few minutes",
        "Prueba otra vez en unos minutos",
        "Tente de novo em alguns minutos",
    ),
    "2 nothing answers": (
        lambda: ask(PlatformDown("The address could not be reached.")),
        "let it in",
        "que lo permita",
        "que o libere",
    ),
    "2 the certificate ended": (
        lambda: ask(PlatformDown("The certificate of the address is not valid.")),
        "Renew it",
        "Renuévalo",
        "Renove-o",
    ),
    "3 an order in the bin": (over_the_fake(bin_order), "the shop's bin", "papelera", "lixeira"),
    "3 an order deleted for good": (
        over_the_fake(delete_order),
        "deleted it for good",
        "borrado del todo",
        "apagado de vez",
    ),
    "3 a parcel has left": (
        over_the_fake(ship_and_cancel),
        "cannot be cancelled",
        "no se puede cancelar",
        "não pode mais",
    ),
    "3 coupons are switched off": (
        over_the_fake(lambda shop: hear(lambda: shop.adapter.issue_coupon(shop.store, TEN)), coupons=False),
        "Switch them on",
        "Actívalos",
        "Ative-os",
    ),
    "3 another coupon has the code": (
        over_the_fake(repeat_coupon),
        "another code",
        "otro código",
        "outro código",
    ),
    "3 a coupon of more than a hundred percent": (
        over_the_fake(
            lambda shop: hear(
                lambda: shop.adapter.issue_coupon(shop.store, replace(TEN, percent=Decimal(101)))
            )
        ),
        "100 percent",
        "100 por ciento",
        "100 por cento",
    ),
    "3 a wish is refused with 500": (
        lambda: ask(refuse(500, "error_500_refund_too_large"), writing=True),
        "by hand",
        "a mano",
        "à mão",
    ),
    "3 a part of the API is missing": (
        lambda: ask(refuse(404, "error_404_no_route")),
        "Update WooCommerce",
        "Actualiza WooCommerce",
        "Atualize o WooCommerce",
    ),
    "4 a webhook was disabled after seven failures": (
        over_the_fake(disable),
        "right again",
        "ya están en orden",
        "já estão em ordem",
    ),
    "4 a webhook was there twice": (
        over_the_fake(double),
        "right again",
        "ya están en orden",
        "já estão em ordem",
    ),
    "4 deliveries fail": (
        over_the_fake(fail_deliveries, plugin_installed=True),
        "ask your hosting company",
        "pregunta a tu empresa de hosting",
        "pergunte à sua empresa de hospedagem",
    ),
    "4 no delivery can ever come": (
        over_the_fake(lambda shop: tell_reach(shop)),
        "public address",
        "dirección pública",
        "endereço público",
    ),
    "4 webhooks may not be made": (
        over_the_fake(lambda shop: shop.adapter.set_up(shop.with_key(permissions="read"), URLS).warnings[1]),
        "Add a webhook",
        "Añade un webhook",
        "Adicione um webhook",
    ),
    "4 a signed body is an error: the owner lost the rights": (
        read_signed_error,
        "administrator or shop manager",
        "administrador o gestor",
        "administrador ou gerente",
    ),
    "4 the timed jobs wait for a visit": (
        tell_site("cron", cron=QUIET),
        "wp-cron.php every minute",
        "wp-cron.php cada minuto",
        "wp-cron.php a cada minuto",
    ),
    "4 DISABLE_WP_CRON": (
        tell_site("cron", cron=STOPPED),
        "wp-config.php",
        "quita esa línea",
        "retire essa linha",
    ),
    "5 the plugin is not there": (
        over_the_fake(see_surface),
        "Upload Plugin",
        "Subir plugin",
        "Enviar plugin",
    ),
    "5 the plugin was made for another server": (
        over_the_fake(
            lambda shop: shop.adapter.set_up(shop.store, URLS).warnings[0],
            plugin_installed=True,
            plugin_service="https://other.example",
        ),
        "mostrador.zip",
        "instala el mostrador.zip",
        "instale o mostrador.zip",
    ),
    "5 a cache delays the script": (
        tell_site("caching", caching=["wp-rocket"], delays_scripts=True),
        "Exclude mostrador",
        "Excluye mostrador",
        "Exclua mostrador",
    ),
    "5 there is no checkout page": (
        tell_site("checkout", checkout="none"),
        "Choose the pages",
        "Elige las páginas",
        "Escolha as páginas",
    ),
    "7 a second plugin mails": (
        tell_site("mailers", ("AfterShip",)),
        "Switch its mails off",
        "Desactiva sus correos",
        "Desative os e-mails",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_observed_failure_tells_the_merchant_what_to_do_in_three_languages(name: str) -> None:
    provoke, english, spanish, portuguese = FAILURES[name]
    words = provoke()
    assert isinstance(words, Words), "a sentence that cannot be told in another language"
    check_known(words)
    told = {locale: tell_words(words, WooCommerceAdapter, locale) for locale in ("en", "es", "pt")}
    assert told["en"] == str(words)
    for locale, remedy in (("en", english), ("es", spanish), ("pt", portuguese)):
        assert remedy in told[locale], told[locale]
        assert not re.search(r"\{\w+\}", told[locale])
        assert tell(pack(words), WooCommerceAdapter, locale) == told[locale], (
            "kept in a column it says the same"
        )
        assert KEY not in told[locale] and SECRET not in told[locale]
    assert len(set(told.values())) == 3


def check_known(words: Words) -> None:
    """Also what stands inside of it is for translators."""
    assert words.message in MESSAGES, words.message
    for value in words.values.values():
        if isinstance(value, Words):
            check_known(value)


def test_a_shop_in_our_own_network_gets_deliveries_and_no_warning() -> None:
    with open_connected(plugin_installed=True) as shop:
        urls = replace(URLS, webhook="http://127.0.0.1:5000/hooks/woocommerce/k1")
        assert shop.adapter.set_up(shop.store, urls).warnings == ()
