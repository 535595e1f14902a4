"""Takes the README's and the desk's pictures from the real demo: `python -m docs.pictures`, or with the names of those
that are wanted: `python -m docs.pictures desk editor`.

Everything on them happened: a shopper buys and asks, an agent answers, the mail lies in the mailbox. They are taken
again when what they show has changed; no test looks at their pixels.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from plugin.testing.demo import Demo, open_demo

HERE = Path(__file__).parent
IMAGES = HERE / "images"
LARGEST = 150_000
"""Bytes that one picture may weigh."""

sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
from purchase import DESKTOP, PHONE, Desk, Shopper, Staff, sign_in  # noqa: E402

EMAIL = "alma@example.com"
PARCEL = {
    "carrier": "Correos",
    "number": "PQ4F6P0704104480181750T",
    "url": "https://carrier.example/PQ4F6P07",
}


@dataclass(frozen=True)
class Album:
    """Where the pictures go. `wanted`: the names of those that are kept; none: all."""

    wanted: frozenset[str]

    def wants(self, *names: str) -> bool:
        return not self.wanted or not self.wanted.isdisjoint(names)

    def keep(self, page: Page, name: str, shopper: Shopper | None = None) -> None:
        """What the page shows now, as a file of this name."""
        if not self.wants(name):
            return
        if shopper is not None:
            shopper.settle()
        picture = press(page.screenshot())
        assert len(picture) <= LARGEST, f"{name}.png weighs {len(picture)} bytes"
        (IMAGES / f"{name}.png").write_bytes(picture)
        print(f"{name}.png  {len(picture)} bytes")


def take_pictures(*wanted: str) -> None:
    """Those that are named, else all of them, into `docs/images`."""
    IMAGES.mkdir(exist_ok=True)
    album = Album(frozenset(wanted))
    chromium = (
        os.environ.get("MOSTRADOR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        open_demo(Path(folder), settle_seconds=1, hold_seconds=60) as demo,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        agent = browser.new_context(locale="es-ES", **DESKTOP)
        entry = agent.new_page()
        sign_in(entry, demo)
        entry.close()  # the tabs of one browser share one live line
        desk = Desk(demo, agent)
        desk.open_list()  # from now on somebody is there to answer
        if album.wants("widget-payment", "widget-closed-phone", "widget-payment-phone"):
            _show_payment_step(album, browser, demo)
        if album.wants("widget-chat-phone", "desk", "mail"):
            _show_talk_and_mail(album, browser, demo, desk)
        if album.wants("editor"):
            _show_editor(album, desk)
        browser.close()


def _show_payment_step(album: Album, browser: Browser, demo: Demo) -> None:
    shopper = Shopper(browser, demo, DESKTOP)
    shopper.reach("payment")
    shopper.open().locator(".row").first.wait_for()
    shopper.page.mouse.move(5, 5)
    album.keep(shopper.page, "widget-payment", shopper)
    shopper.close()
    shopper = Shopper(browser, demo, {**PHONE, "viewport": {"width": 390, "height": 760}})
    shopper.reach("payment")
    album.keep(shopper.page, "widget-closed-phone", shopper)
    shopper.open().locator(".row").first.wait_for()
    album.keep(shopper.page, "widget-payment-phone", shopper)
    shopper.close()


def _show_talk_and_mail(album: Album, browser: Browser, demo: Demo, desk: Desk) -> None:
    staff = Staff(demo)
    shopper = Shopper(browser, demo, {**PHONE, "viewport": {"width": 390, "height": 760}}, email=EMAIL)
    shopper.reach("thanks")
    staff.wait_for_mails(EMAIL, 1)
    staff.act(shopper.number, "ship", parcels=[PARCEL])
    shipped = staff.wait_for_mails(EMAIL, 2)[-1]
    shopper.open("chat")
    shopper.say("¿Puedo cambiar la dirección de envío?")
    shopper.panel.locator(".bot").wait_for()
    wish = "Quiero hablar con una persona, por favor"
    shopper.say(wish)
    desk.find(wish).click()
    desk.take()
    desk.answer("¡Hola, Alma! Soy Ana. Tu taza ya va con Correos; dime la nueva dirección y se lo aviso.")
    shopper.panel.locator(".agent").wait_for()
    shopper.say("Calle Mayor 10, 2.º B, la misma ciudad. ¡Gracias!")
    desk.thread.filter(has_text="Calle Mayor 10").wait_for()
    desk.page.locator("#waiting [data-waiting]").wait_for()
    album.keep(shopper.page, "widget-chat-phone", shopper)
    album.keep(desk.page, "desk")
    shopper.close()
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.set_content(staff.open_mail(shipped["id"])["html"])
    page.set_viewport_size(
        {"width": 680, "height": min(page.evaluate("document.documentElement.scrollHeight"), 1000)}
    )
    album.keep(page, "mail")


def _show_editor(album: Album, desk: Desk) -> None:
    """An article of the merchant's own, with its preview beside it."""
    page = desk.page
    page.goto(f"{desk.demo.desk}editor/new")
    page.locator("#title").fill("¿Se puede grabar un nombre en la taza?")
    page.locator("#text").fill(
        "Sí, a mano y gratis, en cualquier taza.\n\n"
        "1. Al pagar, escribe el nombre en **Nota para la tienda**.\n"
        "2. Grabamos hasta doce letras.\n"
        "3. Tu pedido tarda **dos días más**.\n\n"
        "Una taza grabada no se puede devolver, salvo que llegue rota."
    )
    page.locator("#phrasings").fill("pueden poner mi nombre en la taza\ntazas personalizadas")
    page.locator("#preview", has_text="doce letras").wait_for()
    page.locator("h1").click()  # no field has the focus
    album.keep(page, "editor")


def press(png: bytes) -> bytes:
    """The same picture in fewer bytes, with 256 colours: flat pages have few, and shades next to them pass for them.

    Reads what Chromium writes: 8 bits a channel, no interlace.
    """
    width, height, bits, kind, _, _, interlace = struct.unpack(">IIBBBBB", png[16:29])
    assert (bits, interlace) == (8, 0) and kind in (2, 6)
    rows = _unfilter(png, width, height, 3 if kind == 2 else 4)
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(256)]
    nearest = {colour: place for place, colour in enumerate(palette)}
    for colour in counted:
        if colour not in nearest:
            nearest[colour] = min(
                range(len(palette)),
                key=lambda place: sum((a - b) ** 2 for a, b in zip(palette[place], colour, strict=True)),
            )
    lines = b"".join(b"\0" + bytes(nearest[pixel] for pixel in row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return png[:8] + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _unfilter(png: bytes, width: int, height: int, size: int) -> list[list[tuple[int, int, int]]]:
    """Rows of (red, green, blue)."""
    packed, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    plain, step = zlib.decompress(packed), width * size
    before, rows = bytearray(step), []
    for top in range(0, height * (step + 1), step + 1):
        line = bytearray(plain[top + 1 : top + 1 + step])
        _restore(plain[top], line, before, size)
        rows.append([(line[x], line[x + 1], line[x + 2]) for x in range(0, step, size)])
        before = line
    return rows


def _restore(kind: int, line: bytearray, before: bytearray, size: int) -> None:
    """Undoes one line's filter. https://www.w3.org/TR/png-3/#9Filter-types (read 2026-11-21)"""
    for x in range(len(line)):
        left, up = line[x - size] if x >= size else 0, before[x]
        corner = before[x - size] if x >= size else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        elif kind == 4:
            guess = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        else:
            guess = 0
        line[x] = (line[x] + guess) & 255


if __name__ == "__main__":
    take_pictures(*sys.argv[1:])
