"""What the stub knows of a shop where nobody is: its ways of contact, and the message form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widget_stub import Stub

CONSENT = "Casa Lima puede escribirme a este correo para responder a esta conversación."
REFERENCE = "M-ABC234"
WORDS = (
    f"Tu mensaje ha llegado. Su referencia es {REFERENCE}. Una persona te responderá mañana antes de las 10:00"
    " (hora de Bogotá). La respuesta te llega también por correo."
)
CONTACT: dict[str, Any] = {
    "email": "hola@casalima.example",
    "phones": [
        {
            "number": "+34911223344", "shown": "+34 911 22 33 44", "url": "tel:+34911223344",
            "charged": False, "hours": "Lun–vie 9:00–18:00", "note": "Llamada gratuita · Lun–vie 9:00–18:00",
        },
        {
            "number": "+576011234567", "shown": "+57 601 123 4567", "url": "tel:+576011234567",
            "charged": True, "hours": "", "note": "Llamada de pago",
        },
    ],
    "whatsapp": {"shown": "+57 300 123 4567", "url": "https://wa.me/573001234567"},
    "social": [
        {"name": "Instagram", "url": "https://www.instagram.com/casalima"},
        {"name": "TikTok", "url": "https://www.tiktok.com/@casalima"},
    ],
    "form_url": "https://help.example/help/st_demo/es/contact",
    "requests_url": "https://help.example/help/st_demo/es/requests",
}  # fmt: skip
FIELDS = {
    "text", "email", "name", "order_number", "locale", "client_id", "consent", "page", "steps", "basket",
    "proof", "website",
}  # fmt: skip


def send_form(stub: Stub, body: dict[str, Any], token: str | None) -> tuple[int, Any]:
    """Keeps the message once, however often it comes; as the server does, it refuses what it does not know."""
    with stub.lock:
        if set(body) != FIELDS or body["consent"] != CONSENT:
            return 422, None
        if body["email"].endswith("@refused.example"):
            words = "Escribe un correo completo, como ana@ejemplo.com."
            return 422, {"code": 422, "status": "Unprocessable Content", "message": words}
        known = stub.forms.get(body["client_id"])
        if known:
            talk = stub.talks[known]
            minted, messages = (None if token else known), talk.messages[-2:]
        else:
            minted = None
            if token is None:
                minted = token = f"vt_{len(stub.talks):032d}"
                stub.begin(token)
            talk = stub.talks[token]
            stub.forms[body["client_id"]] = token
            messages = [stub.append(talk, "shopper", body["text"], client_id=body["client_id"])]
            messages.append(stub.append(talk, "system", WORDS))
            talk.state.update(status="open", email=True, ask_email=False, form=False)
            talk.version = next(talk.changes)
        answer = {
            "reference": REFERENCE, "answered_by": "2026-11-23T15:00:00Z", "words": WORDS, "token": minted,
            "conversation": dict(talk.state), "messages": messages,
        }  # fmt: skip
        return (200 if known else 201), answer
