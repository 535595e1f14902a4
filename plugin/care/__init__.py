"""The care of shoppers: conversations, the bot, hand-over to a person, a proven order in their words."""

from plugin.care.answer import answer_message, settle_message
from plugin.care.desk import Listed, WholeConversation, count_by_status, get_conversation, list_conversations
from plugin.care.doors import Care, open_care
from plugin.care.hold import Agent, HeldByOther, give_back_to_bot, reply, resolve, take
from plugin.care.models import ConversationRow, MessageRow, OrderCodeRow, RatingRow, VisitorRow
from plugin.care.order_view import RedactedOrder, ShownOrder, show_order, show_redacted
from plugin.care.post import Arrived, Posted, ask_for_person, post_message
from plugin.care.proof import LONGEST_PROOF, PlatformAway, find_order_of, find_proven_order
from plugin.care.read import agents_here, is_waiting, read_conversation
from plugin.care.refusals import Refusal, refusal_words
from plugin.care.shapes import (
    ShownConversation,
    ShownMessage,
    conversation_channel,
    desk_channel,
    show_conversation,
    show_message,
    write_time,
)
from plugin.care.stream import Stream, open_stream
from plugin.care.visitors import find_visitor, revoke_visitor, was_met

__all__ = [
    "LONGEST_PROOF",
    "Agent",
    "Arrived",
    "Care",
    "ConversationRow",
    "HeldByOther",
    "Listed",
    "MessageRow",
    "OrderCodeRow",
    "PlatformAway",
    "Posted",
    "RatingRow",
    "RedactedOrder",
    "Refusal",
    "ShownConversation",
    "ShownMessage",
    "ShownOrder",
    "Stream",
    "VisitorRow",
    "WholeConversation",
    "agents_here",
    "answer_message",
    "ask_for_person",
    "conversation_channel",
    "count_by_status",
    "desk_channel",
    "find_order_of",
    "find_proven_order",
    "find_visitor",
    "get_conversation",
    "give_back_to_bot",
    "is_waiting",
    "list_conversations",
    "open_care",
    "open_stream",
    "post_message",
    "read_conversation",
    "refusal_words",
    "reply",
    "resolve",
    "revoke_visitor",
    "settle_message",
    "show_conversation",
    "show_message",
    "show_order",
    "show_redacted",
    "take",
    "was_met",
    "write_time",
]
