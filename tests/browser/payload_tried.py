"""One batch of payloads in its scene, and the browser that looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payload_alarm import Alarm, Site
from payload_scene import Scene
from payloads import Payload, in_path, squash
from playwright.sync_api import Frame, Page

from plugin.help import catalogue_of


@dataclass
class Tried:
    """One batch of payloads in a scene, and the watched browser that looks at it."""

    scene: Scene
    alarm: Alarm
    shop: Site
    beacon: Site

    def open(self, page: Page, url: str) -> str:
        """What the page shows once it is there, its details unfolded."""
        page.goto(url)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        return self.look(page, url[:120])

    def look(self, page: Page | Frame, name: str) -> str:
        """What the page shows; it ran, asked and changed nothing, and worked out no template."""
        text = self.alarm.check(page, name)
        assert self.beacon.hits == [], name
        assert [one.text for one in self.scene.payloads if one.told and one.told in text] == [], name
        return text


def list_missing(text: str, payloads: Sequence[Payload], head: int = 200) -> list[str]:
    """The payloads whose words, up to `head` signs of them, are not there to be read."""
    shown = squash(text)
    return [one.text for one in payloads if squash(one.text[:head]) not in shown]


def list_articles(scene: Scene, locale: str) -> list[tuple[str, list[Payload]]]:
    """Articles that together show every payload which the answers of this language show, and those in each."""
    found, left = [], set(scene.payloads)
    inside = {
        one.article_id: {two for two in scene.payloads if squash(two.text) in squash(one.text)}
        for one in catalogue_of(scene.store).articles(locale)
    }
    while inside and (best := max(inside, key=lambda one: len(inside[one] & left))) and inside[best] & left:
        found.append((best, sorted(inside[best], key=lambda one: one.mark)))
        left -= inside[best]
    assert len(left) < len(scene.payloads) / 2, "the answers stand in the articles"
    return found


def sign_in(tried: Tried) -> Page:
    """A page of Ana's; the first one comes through the door."""
    page = tried.alarm.new_page()
    if any(cookie["name"] != "locale" for cookie in tried.alarm.context.cookies(tried.scene.base)):
        return page
    page.goto(f"{tried.scene.base}/sign-in/{tried.scene.counter.mint_link(tried.scene.ana)}")
    page.locator("main button").first.click()
    page.wait_for_url(f"**/desk/{tried.scene.store.public_id}/")
    return page


def fill_in(tried: Tried, path: str) -> str:
    scene = tried.scene
    given = {
        "talk": scene.talk,
        "asked": scene.asked,
        "letter": next(iter(scene.letters), ""),
        "order": scene.order.id,
        "q": in_path(*scene.payloads[5:7]),
    }
    return f"{scene.base}/desk/{scene.store.public_id}/{path.format(**given)}"
