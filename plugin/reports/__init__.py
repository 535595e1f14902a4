"""What a merchant is told in numbers, and the rows behind each. Reads only."""

from plugin.reports.answer_times import AnswerTimes, Waited, list_waits, sum_up
from plugin.reports.contacts import (
    RETURN,
    Contact,
    Contacts,
    Deflection,
    OrderContacts,
    list_contacts,
    read_contacts,
    read_order_contacts,
    sum_deflection,
)
from plugin.reports.promises import KeptPromises, Promised, list_promises, sum_promises
from plugin.reports.ranges import LENGTHS, USUAL, Range, last_days
from plugin.reports.weeks import UNSORTED, Week, count_topics, pick_contacts

__all__ = [
    "LENGTHS",
    "RETURN",
    "UNSORTED",
    "USUAL",
    "AnswerTimes",
    "Contact",
    "Contacts",
    "Deflection",
    "KeptPromises",
    "OrderContacts",
    "Promised",
    "Range",
    "Waited",
    "Week",
    "count_topics",
    "last_days",
    "list_contacts",
    "list_promises",
    "list_waits",
    "pick_contacts",
    "read_contacts",
    "read_order_contacts",
    "sum_deflection",
    "sum_promises",
    "sum_up",
]
