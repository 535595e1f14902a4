"""What the shopper hears: decided from state, written in the ledger, sent once."""

from plugin.notices.decide import Decision, Entry, Policy, decide
from plugin.notices.facts import Fact, list_facts
from plugin.notices.ledger import LedgerLine, decide_order, read_ledger, suppress
from plugin.notices.links import TRACKING, UNSUBSCRIBE, link_token, read_token
from plugin.notices.models import LedgerRow, Suppression
from plugin.notices.send import Sender, send_notice

__all__ = [
    "TRACKING",
    "UNSUBSCRIBE",
    "Decision",
    "Entry",
    "Fact",
    "LedgerLine",
    "LedgerRow",
    "Policy",
    "Sender",
    "Suppression",
    "decide",
    "decide_order",
    "link_token",
    "list_facts",
    "read_ledger",
    "read_token",
    "send_notice",
    "suppress",
]
