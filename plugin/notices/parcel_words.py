"""What is said about parcels. A tracking number is named when there is one, and missed honestly when not."""

from __future__ import annotations

from plugin.contract import Shipment, ShipmentStatus
from plugin.notices.mail_facts import all_parcels, clean, is_arrived, safe_link, told_parcel
from plugin.notices.speaker import Speaker, Told, joined, on_parcel


def tell_shipped(say: Speaker) -> Told:
    _ = say.gettext
    headline = on_parcel(say, _("Your order is on its way"), _("Parcel {place} of {count} is on its way"))
    parcel, count = told_parcel(say.mail), len(all_parcels(say.mail))
    several = ""
    if count > 1:
        several = _("Your order is coming in {count} parcels; we will write to you about each one.").format(count=count)
    carriage = joined(*_carriage(say, parcel), _expected(say, parcel))
    return Told(_("on its way"), headline, tuple(part for part in (several, carriage) if part))


def _carriage(say: Speaker, parcel: Shipment | None) -> list[str]:
    """Who brings it and under which number; honest when there is none."""
    _, sentences = say.gettext, []
    if parcel and parcel.carrier:
        sentences.append(_("{carrier} is bringing it.").format(carrier=clean(parcel.carrier, 60)))
    known = (parcel,) if parcel else all_parcels(say.mail)
    if parcel and parcel.tracking_number:
        sentences.append(_("Tracking number: {number}.").format(number=clean(parcel.tracking_number, 60)))
    elif not any(one.tracking_number or safe_link(one.tracking_url) for one in known):
        sentences.append(_("So far we have no tracking number for it."))
        if safe_link(say.mail.tracking_url):
            sentences.append(_("If we get one, you will see it on your order page."))
    return sentences


def _expected(say: Speaker, parcel: Shipment | None) -> str:
    if parcel is None or parcel.expected_at is None:
        return ""
    return say.gettext("Expected: {day}.").format(day=say.day(parcel.expected_at))


def tell_out_for_delivery(say: Speaker) -> Told:
    _ = say.gettext
    headline = on_parcel(say, _("Your order is out for delivery"), _("Parcel {place} of {count} is out for delivery"))
    lead = _("It is out on the delivery round and normally arrives the same day.")
    return Told(_("out for delivery"), headline, (lead,))


def tell_ready_for_pickup(say: Speaker) -> Told:
    _ = say.gettext
    headline = on_parcel(say, _("Your order is ready to pick up"), _("Parcel {place} of {count} is ready to pick up"))
    place = last_place(told_parcel(say.mail), ShipmentStatus.ready_for_pickup)
    lead = joined(
        _("It is waiting for you at: {place}.").format(place=place) if place else "",
        _("Bring your order number and an identity document, in case you are asked for them."),
    )
    return Told(_("ready to pick up"), headline, (lead,))


def last_place(parcel: Shipment | None, status: ShipmentStatus) -> str:
    """Where the last report with this status comes from, in the carrier's words."""
    events = [event for event in (parcel.events if parcel else ()) if event.status == status and event.location]
    return clean(max(events, key=lambda event: event.occurred_at).location, 100) if events else ""


def tell_attempted(say: Speaker) -> Told:
    _, parcel = say.gettext, told_parcel(say.mail)
    headline = on_parcel(
        say, _("Your order could not be delivered yet"), _("Parcel {place} of {count} could not be delivered yet"),
    )
    followable = safe_link(say.mail.tracking_url) or (parcel and safe_link(parcel.tracking_url))
    lead = joined(
        _("The carrier tried to deliver it, without success."),
        _("The tracking shows what comes next: another attempt, or a place to pick it up.")
        if followable
        else _("Write to us if you would like to arrange the delivery."),
    )
    return Told(_("delivery attempted"), headline, (lead,))


def tell_delayed(say: Speaker) -> Told:
    _, parcel = say.gettext, told_parcel(say.mail)
    headline = on_parcel(say, _("Your order is delayed"), _("Parcel {place} of {count} is delayed"))
    since = [event.occurred_at for event in (parcel.events if parcel else ()) if event.status == ShipmentStatus.delayed]
    expected = parcel.expected_at if parcel else None
    if expected and (not since or expected > max(since)):
        when = _("It is now expected on: {day}.").format(day=say.day(expected))
    else:
        when = _("We do not have a new date yet.")
    return Told(_("delayed"), headline, (joined(_("We are sorry for the wait."), when),))


def tell_delivered(say: Speaker) -> Told:
    _, mail = say.gettext, say.mail
    if not mail.order.needs_shipping:
        return Told(_("complete"), _("Your order is complete"), (_care(say),))
    headline = on_parcel(say, _("Your order has been delivered"), _("Parcel {place} of {count} has been delivered"))
    left = sum(1 for parcel in all_parcels(mail) if not is_arrived(parcel)) if mail.parcel else 0
    more = ""
    if left:
        more = say.ngettext("{count} more parcel is still to come.", "{count} more parcels are still to come.", left)
    return Told(_("delivered"), headline, tuple(part for part in (more.format(count=left), _care(say)) if part))


def _care(say: Speaker) -> str:
    return joined(
        say.gettext("We hope you enjoy it."),
        say.gettext("If anything is not as you expected, write to us and we will put it right."),
    )


def tell_returned(say: Speaker) -> Told:
    _ = say.gettext
    headline = on_parcel(
        say, _("Your order is coming back to us"), _("Parcel {place} of {count} is coming back to us"),
    )
    lead = _("The carrier is returning it to the store. Write to us and we will agree on what to do next.")
    return Told(_("coming back to us"), headline, (lead,))
