"""The care of shoppers: conversations, the bot, hand-over to a person, a proven order in their words."""

from plugin.care.acknowledge import acknowledge, is_automatic
from plugin.care.addresses import (
    NoAddress,
    OtherConsent,
    consent_words,
    index_mailbox,
    leave_email,
    read_address,
)
from plugin.care.answer import answer_message, proven_view, settle_message
from plugin.care.calibrate import calibrate_all, calibrate_store
from plugin.care.call_mail import call_agents
from plugin.care.calls import promise_call
from plugin.care.code_mail import send_code
from plugin.care.codes import LONGEST_NUMBER, Opened, TooManyLooks, WrongCode, ask_for_code, check_code
from plugin.care.desk import Listed, WholeConversation, get_conversation, list_conversations
from plugin.care.desk_models import MacroRow, MessageWordRow, NoteRow, PromiseRow, WaitRow
from plugin.care.doors import Care, open_care
from plugin.care.figures import median_answer_seconds
from plugin.care.form import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Form,
    NoText,
    Sent,
    check_form,
    feign_form,
    is_proven,
    send_form,
    was_sent,
)
from plugin.care.gaps import (
    Gap,
    GapGroup,
    count_gaps,
    list_alike,
    list_gap_groups,
    note_gap,
    read_question,
    settle_gaps,
    settle_group,
)
from plugin.care.hold import Agent, HeldByOther, give_back_to_bot, reply, resolve, take
from plugin.care.inbox import count_by_status
from plugin.care.mail_answer import carry_answer, gather_answers
from plugin.care.mailing import Post
from plugin.care.models import (
    AcknowledgementRow,
    ConversationRow,
    MessageRow,
    OrderCodeRow,
    RatingRow,
    VisitorRow,
)
from plugin.care.order_view import RedactedOrder, ShownOrder, show_order, show_redacted
from plugin.care.phases import PHASES, find_phase, greeting_words
from plugin.care.post import Arrived, Posted, ask_for_person, post_message
from plugin.care.presence import answered_by, is_staffed, people_words, promise_words
from plugin.care.proof import (
    LONGEST_PROOF,
    PlatformAway,
    Proven,
    find_order_of,
    find_proven_order,
    read_proof,
)
from plugin.care.rating import LONGEST_COMMENT, NothingToRate, rate
from plugin.care.read import agents_here, is_waiting, read_conversation, read_own_order
from plugin.care.refusals import Refusal, refusal_words
from plugin.care.requests import (
    Request,
    ask_for_requests,
    is_of_its_order,
    list_requests,
    rate_request,
    read_request,
    reply_to_request,
)
from plugin.care.requests_mail import carry_requests, look_for_requests
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
from plugin.care.talk_links import TalkLink, is_begun_anew, read_talk_token, talk_token
from plugin.care.typing import note_agent_typing, note_shopper_typing
from plugin.care.verdicts import NoSuchAnswer, answer_with_article, correct, say_helped
from plugin.care.visitors import AlreadyBegun, find_visitor, revoke_visitor, was_met
from plugin.care.waits import SILENCE
from plugin.care.walk import note_page

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_NAME",
    "LONGEST_NUMBER",
    "LONGEST_PROOF",
    "LONGEST_TEXT",
    "PHASES",
    "SILENCE",
    "AcknowledgementRow",
    "Agent",
    "AlreadyBegun",
    "Arrived",
    "Care",
    "ConversationRow",
    "Form",
    "Gap",
    "GapGroup",
    "HeldByOther",
    "Listed",
    "MacroRow",
    "MessageRow",
    "MessageWordRow",
    "NoAddress",
    "NoSuchAnswer",
    "NoText",
    "NoteRow",
    "NothingToRate",
    "Opened",
    "OrderCodeRow",
    "OtherConsent",
    "PlatformAway",
    "Post",
    "Posted",
    "PromiseRow",
    "Proven",
    "RatingRow",
    "RedactedOrder",
    "Refusal",
    "Request",
    "Sent",
    "ShownConversation",
    "ShownMessage",
    "ShownOrder",
    "Stream",
    "TalkLink",
    "TooManyLooks",
    "VisitorRow",
    "WaitRow",
    "WholeConversation",
    "WrongCode",
    "acknowledge",
    "agents_here",
    "answer_message",
    "answer_with_article",
    "answered_by",
    "ask_for_code",
    "ask_for_person",
    "ask_for_requests",
    "calibrate_all",
    "calibrate_store",
    "call_agents",
    "carry_answer",
    "carry_requests",
    "check_code",
    "check_form",
    "consent_words",
    "conversation_channel",
    "correct",
    "count_by_status",
    "count_gaps",
    "desk_channel",
    "feign_form",
    "find_order_of",
    "find_phase",
    "find_proven_order",
    "find_visitor",
    "gather_answers",
    "get_conversation",
    "give_back_to_bot",
    "greeting_words",
    "index_mailbox",
    "is_automatic",
    "is_begun_anew",
    "is_of_its_order",
    "is_proven",
    "is_staffed",
    "is_waiting",
    "leave_email",
    "list_alike",
    "list_conversations",
    "list_gap_groups",
    "list_requests",
    "look_for_requests",
    "median_answer_seconds",
    "note_agent_typing",
    "note_gap",
    "note_page",
    "note_shopper_typing",
    "open_care",
    "open_stream",
    "people_words",
    "post_message",
    "promise_call",
    "promise_words",
    "proven_view",
    "rate",
    "rate_request",
    "read_address",
    "read_conversation",
    "read_own_order",
    "read_proof",
    "read_question",
    "read_request",
    "read_talk_token",
    "refusal_words",
    "reply",
    "reply_to_request",
    "resolve",
    "revoke_visitor",
    "say_helped",
    "send_code",
    "send_form",
    "settle_gaps",
    "settle_group",
    "settle_message",
    "show_conversation",
    "show_message",
    "show_order",
    "show_redacted",
    "take",
    "talk_token",
    "was_met",
    "was_sent",
    "write_time",
]
