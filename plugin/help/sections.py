"""The sections of the help, with their titles, and where its plain pages stand."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from faq_links import Article
from plugin.help.catalogues import catalogue_of
from plugin.language import language_of
from plugin.stores import StoreRow

_TITLES = {
    "products": {"es": "Productos", "en": "Products", "pt": "Produtos"},
    "shop": {"es": "La tienda y tu pedido", "en": "The shop and your order", "pt": "A loja e seu pedido"},
    "payment": {"es": "Pago", "en": "Payment", "pt": "Pagamento"},
    "shipping": {"es": "Envío", "en": "Delivery", "pt": "Entrega"},
    "returns": {"es": "Cambios y devoluciones", "en": "Returns and exchanges", "pt": "Trocas e devoluções"},
}


@dataclass(frozen=True)
class Section:
    """One section with its articles, in the catalogue's order."""

    id: str
    title: str
    articles: tuple[Article, ...]


def section_title(store: StoreRow, section: str, locale: str) -> str:
    """The section's name for a reader. One of the merchant's own is called what they wrote, in this language or else in
    another; as its id where nobody wrote anything."""
    titles = _TITLES.get(section)
    if titles:
        return titles[language_of(locale)]
    return _find_written(store, section, locale) or section.replace("-", " ").replace("_", " ").capitalize()


def _find_written(store: StoreRow, section: str, locale: str) -> str:
    catalogue = catalogue_of(store)
    for name in dict.fromkeys((catalogue.resolve(locale) or locale, *catalogue.locales)):
        for one in (*catalogue.articles(name), *catalogue.hidden(name)):
            if one.section == section and (written := one.extra.get("section_title")):
                return str(written)
    return ""


def list_sections(store: StoreRow, locale: str) -> tuple[Section, ...]:
    """Every section that has something to show readers of `locale`."""
    catalogue = catalogue_of(store)
    shown: dict[str, list[Article]] = {}
    for article in catalogue.articles(locale):
        shown.setdefault(article.section, []).append(article)
    return tuple(
        Section(section, section_title(store, section, locale), tuple(shown[section]))
        for section in catalogue.sections
        if section in shown
    )


def hub_url(base_url: str, store: StoreRow, locale: str, article_id: str = "") -> str:
    """The address of the store's help in plain pages, or of one article in it."""
    return f"{base_url.rstrip('/')}/help/{store.public_id}/{language_of(locale)}/{quote(article_id, safe='')}"
