"""The shape of a shop's other ways of contact, a part of the boot answer; `contact_shape` fills it."""

from __future__ import annotations

from marshmallow import fields, validate

from plugin.web.widget_fields import Schema


class Phone(Schema):
    number = fields.String(required=True, validate=validate.Regexp(r"^\+[1-9][0-9]{7,14}$"))
    shown = fields.String(required=True, metadata={"description": "As people read it: `+34 911 22 33 44`."})
    url = fields.String(required=True, validate=validate.Regexp(r"^tel:\+[0-9]+$"))
    charged = fields.Boolean(required=True, metadata={"description": "false: calling it is free."})
    hours = fields.String(required=True, metadata={"description": "When it is answered, in words; '': not told."})
    note = fields.String(required=True, metadata={"description": "What stands under it: free or charged, then hours."})


class WhatsApp(Schema):
    shown = fields.String(required=True)
    url = fields.String(required=True, validate=validate.Regexp(r"^https://wa\.me/[0-9]+$"))


class Social(Schema):
    name = fields.String(required=True)
    url = fields.Url(required=True, schemes={"https"})


class Contact(Schema):
    email = fields.String(required=True, metadata={"description": "'': not told."})
    phones = fields.List(fields.Nested(Phone), required=True)
    whatsapp = fields.Nested(WhatsApp, required=True, allow_none=True)
    social = fields.List(fields.Nested(Social), required=True)
    form_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    requests_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
