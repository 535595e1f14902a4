"""The help, the pages that mails lead to and the API's own answers, looked at with payloads in them."""

from __future__ import annotations

import uuid

from payload_tried import Tried, fill_in, list_articles, list_missing, sign_in
from payloads import in_path, squash
from playwright.sync_api import Page


def look_at_the_help_and_tracking(tried: Tried) -> None:
    scene, page = tried.scene, tried.alarm.new_page()
    for locale in ("es", "en", "pt"):
        hub = f"{scene.base}/help/{scene.store.public_id}/{locale}/"
        shown = tried.open(page, hub)
        assert list_missing(shown, scene.payloads[:3]) == [] and squash(scene.contact_email()) in squash(shown)
        for article_id, payloads in (
            list_articles(scene, locale) if locale != "es" else ()
        ):  # those the widget showed
            assert list_missing(tried.open(page, hub + article_id), payloads) == [], article_id
    text = tried.open(page, scene.tracking)
    assert len(list_missing(text, scene.payloads, 20)) < len(scene.payloads) - 5
    tried.open(page, scene.unsubscribe)
    name = in_path(*scene.payloads[6:8])
    for path in (
        f"help/{name}/es/",
        f"help/{scene.store.public_id}/es/{name}",
        f"help/{scene.store.public_id}/{name}/",
        f"t/{name}",
        f"t/demo/{name}",
        f"u/{name}",
        f"install/{name}",
        f"sign-in/{name}",
        name,
        f"?a={name}",
    ):
        tried.open(page, f"{scene.base}/{path}")
    ask_the_api(tried, page)
    page.close()


def ask_the_api(tried: Tried, page: Page) -> None:
    """Its answers opened as pages; what no page of a shop may send as id, language or step is refused or left out."""
    scene = tried.scene
    api, store = f"{scene.base}/api/widget/v1", scene.store.public_id
    for at in range(0, len(scene.payloads), 30):
        text = in_path(*scene.payloads[at : at + 30 : 15])
        for path in (
            f"boot?locale={text[:35]}&steps={text}&basket={text[:40]}",
            f"search?q={text}&locale=es",
            f"articles/{text}",
        ):
            answer = page.goto(f"{api}/stores/{store}/{path}")
            assert answer is not None and answer.headers["content-type"] == "application/json", path
            tried.look(page, f"api {path}")
    given = {"text": "hola", "locale": "es", "steps": [], "page": None, "proof": None}
    client, told = scene.counter.browser(), {"Origin": tried.shop.origin}
    for one in scene.payloads:
        body = {**given, "client_id": one.text}
        refused = client.post(f"/api/widget/v1/stores/{store}/messages", json=body, headers=told)
        assert refused.status_code == 422 and refused.mimetype == "application/json"
        if one not in scene.payloads[::3]:
            continue
        tag = {
            **given,
            "client_id": str(uuid.uuid4()),
            "locale": one.text[:35],
            "steps": [one.text[:40]],
            "page": one.text,
            "basket": one.text,
        }
        kept = client.post(
            f"/api/widget/v1/stores/{store}/messages",
            json=tag,
            headers=told | {"Authorization": f"Bearer {scene.token}"},
        )
        assert kept.status_code in (200, 201, 422, 429) and kept.mimetype == "application/json", one.text
    desk = sign_in(tried)
    tried.open(desk, fill_in(tried, "conversations/{talk}"))
    desk.close()
