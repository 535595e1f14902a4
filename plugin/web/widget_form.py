"""The widget API about the message form: for when nobody is there, with an address to answer at."""

# flask-smorest has no types: its decorators cannot be checked, what they wrap is.
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

from plugin import care
from plugin.web import widget_schemas as shapes
from plugin.web.doors import doors
from plugin.web.form_limits import count_form, is_trapped
from plugin.web.widget_blueprint import here, read_locale, show_talk, widget_api
from plugin.web.widget_errors import Refused
from plugin.web.widget_guard import read_visitor
from plugin.web.widget_wishes import plain_basket, plain_page, plain_steps, read_proof


@widget_api.post("/stores/<store>/form")
@widget_api.arguments(shapes.NewForm)
@widget_api.response(201, shapes.SentForm)
@widget_api.alt_response(200, schema=shapes.SentForm, description="Sent before with this client id")
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(422, schema=shapes.Error, description="See `errors.json` for the field")
@widget_api.alt_response(429, schema=shapes.Error, description="Too many forms; see Retry-After")
@widget_api.doc(security=[{}, {"visitor": []}])
def send_form(wish: dict[str, Any], store: str) -> Any:
    """A message for the store's people, who answer it here and by mail. With a token it goes into the visitor's
    conversation, without one it begins one and gives a token."""
    row, visitor = here(), read_visitor()
    proven = read_proof(row, wish["proof"])
    form = care.Form(
        text=wish["text"], email=wish["email"], client_id=wish["client_id"], consent=wish["consent"],
        locale=read_locale(wish["locale"]), name=wish["name"], order_number=wish["order_number"],
        page=plain_page(wish["page"]), steps=plain_steps(wish["steps"]), basket=plain_basket(wish["basket"]),
    )  # fmt: skip
    try:
        care.check_form(row, form)
        if wait := count_form(row, form.email, form.client_id, visitor, proven):
            raise Refused(care.Refusal.too_many_forms, retry_after=wait)
        if is_trapped(wish["website"]):
            sent = care.feign_form(doors().care, row, form)
        else:
            sent = care.send_form(doors().care, row, visitor, form, proven)
    except care.NoAddress:
        raise Refused(care.Refusal.no_address, field="email") from None
    except care.NoText:
        raise Refused(care.Refusal.length, field="text") from None
    except care.OtherConsent:
        raise Refused(care.Refusal.other_consent, field="consent") from None
    except care.AlreadyBegun:
        raise Refused(care.Refusal.not_open) from None
    answer = show_talk(sent.conversation, sent.messages) | {
        "reference": sent.reference, "words": sent.words, "token": sent.token if visitor is None else None,
        "answered_by": care.write_time(sent.answered_by) if sent.answered_by else None,
    }  # fmt: skip
    return answer, 201 if sent.new else 200
