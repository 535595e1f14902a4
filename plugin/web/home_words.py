"""Why the core refuses what a platform-shaped page asked of it, in words."""

from __future__ import annotations

from plugin.language import language_of, translator


def tell_refusal(code: str, locale: str) -> str:
    """What happened and what to do. `code`: invited, gone, address, owner, unknown."""
    _ = translator(language_of(locale), "web").gettext
    return {
        "invited": _(
            "Whoever runs this Mostrador lets new shops in by a set-up link only. Ask them for one, then open the app "
            "again."
        ),
        "gone": _("This shop is not connected here (any more). Open the app in your shop again to connect it."),
        "address": _(
            "Your shop knows no e-mail address of yours. Add one to your profile there, then press the button again."
        ),
        "owner": _("Only the store's owner changes things here. You can look at everything."),
        "unknown": _("This could not be saved. Load the page again and try once more."),
    }[code]
