"""Puts the app together: settings → rooms → jobs → web. Which function does which job is on this page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from plugin.agents import end_bound_sessions
from plugin.care import (
    Post,
    acknowledge,
    answer_message,
    calibrate_all,
    calibrate_store,
    call_agents,
    carry_answer,
    carry_requests,
    gather_answers,
    look_for_requests,
    open_care,
    send_code,
)
from plugin.care.gap_groups import group_gaps
from plugin.care.promise_mail import carry_overdue, tell_overdue
from plugin.care.search_round import index_all
from plugin.care.take_back import take_back
from plugin.contract import Clock, SystemClock
from plugin.database import Database, Vault
from plugin.help import warm_all
from plugin.http import GuardedHttp
from plugin.mail import open_transport
from plugin.notices import Sender, decide_order, send_notice
from plugin.orders import (
    CHECK_ROUND,
    RECONCILE_EVERY,
    add_shipment,
    apply_receipt,
    ask_rested,
    check_all,
    check_open_orders,
    decide_meant_orders,
    forget_old_receipts,
    reconcile_all,
    reconcile_store,
    refetch_order,
)
from plugin.privacy import (
    erase_requested_customer,
    erase_requested_store,
    export_requested_customer,
    retain,
)
from plugin.privacy.sweep import sweep_uninstalled
from plugin.push import open_hub
from plugin.registry import find_adapters
from plugin.settings import Settings
from plugin.stores.access import refresh_all, refresh_store
from plugin.stores.announce import sweep_announced
from plugin.stores.coverage import examine_all, examine_store
from plugin.stores.disconnect import confirm_departure
from plugin.stores.mail_lease import lease_all, lease_mails
from plugin.stores.set_up import set_up_store
from plugin.web.alert_mail import alert_owners
from plugin.web.create import create_web
from plugin.web.desk_mails import mail_sign_in_link
from plugin.web.doors import Doors
from plugin.web.invitation_mail import mail_invitation
from plugin.work import Claimed, Engine, Handler, promise_next, repeat


@dataclass(frozen=True)
class House:
    """One instance of Mostrador: its doors, its jobs, its engine."""

    doors: Doors
    kinds: Mapping[str, Handler]
    engine: Engine

    @property
    def db(self) -> Database:
        return self.doors.db

    def start(self) -> None:
        """Starts the embedded engine and promises the first rounds of what comes round."""
        for kind, (every, _) in _rounds(self.doors).items():
            promise_next(self.db, self.doors.clock, kind, every)
        self.engine.start()
        warm_all(self.db)

    def stop(self) -> None:
        """Ends the streams, finishes what is in hands and lets go of the database."""
        self.doors.hub.close()
        self.engine.stop()
        self.db.close()

    def web(self) -> Flask:
        """The Flask app over this house."""
        return create_web(self.doors)


def build_house(settings: Settings, clock: Clock | None = None, *, threads: int = 4) -> House:
    """Everything but the start. The database must be migrated."""
    clock = clock or SystemClock()
    db = Database(settings.database_url, Vault(settings.secret_keys, settings.index_key))
    http = GuardedHttp(
        allow_private_hosts=settings.allow_private_hosts, ca_bundle=settings.ca_bundle or None
    )
    registry = find_adapters(settings.adapter_values, http, clock, settings.adapters)
    hub = open_hub(settings.redis_url)
    doors = Doors(
        settings=settings,
        db=db,
        registry=registry,
        clock=clock,
        transport=open_transport(settings.smtp_url),
        hub=hub,
        care=open_care(db, clock, hub, registry),
    )
    kinds = list_kinds(doors)
    alone = settings.jobs == "embedded"
    return House(doors=doors, kinds=kinds, engine=Engine(db, clock, kinds, threads, alone=alone))


def list_kinds(doors: Doors) -> dict[str, Handler]:
    """Every kind of job and the function that does it."""
    db, registry, clock = doors.db, doors.registry, doors.clock
    base_url = doors.settings.base_url.rstrip("/")
    sender = Sender(
        db=db,
        clock=clock,
        transport=doors.transport,
        base_url=doors.settings.base_url,
        mail_from=doors.settings.mail_from,
        index_key=doors.settings.index_key,
    )
    post = Post(doors.transport, doors.settings.mail_from, doors.settings.base_url)
    anybody = doors.settings.installs == "open"
    kinds: dict[str, Handler] = {
        "care.acknowledge": lambda job: acknowledge(doors.care, post, job),
        "care.answer": lambda job: answer_message(doors.care, job),
        "care.calibrate": lambda job: calibrate_store(db, clock, job),
        "care.call_agents": lambda job: call_agents(doors.care, post, job, anybody=anybody),
        "care.carry_answer": lambda job: carry_answer(doors.care, post, job),
        "care.carry_overdue": lambda job: carry_overdue(doors.care, post, job, anybody=anybody),
        "care.carry_requests": lambda job: carry_requests(doors.care, post, job),
        "care.code": lambda job: send_code(doors.care, post, job),
        "care.group_gaps": lambda job: group_gaps(doors.care, job),
        "care.index_all": lambda job: index_all(db, clock, job),
        "care.mail_answer": lambda job: gather_answers(doors.care, job),
        "care.requests": lambda job: look_for_requests(doors.care, job),
        "care.take_back": lambda job: take_back(doors.care, job),
        "care.tell_overdue": lambda job: tell_overdue(doors.care, job, anybody=anybody),
        "desk.mail_invitation": lambda job: mail_invitation(doors, job),
        "desk.mail_link": lambda job: mail_sign_in_link(doors, job),
        "orders.apply": lambda job: apply_receipt(db, registry, clock, job),
        "orders.refetch": lambda job: refetch_order(db, registry, clock, job),
        "orders.ask_rested": lambda job: ask_rested(db, clock, job),
        "orders.reconcile": lambda job: reconcile_store(db, registry, clock, base_url, job),
        "orders.check_open": lambda job: check_open_orders(db, registry, clock, job),
        "orders.add_shipment": lambda job: add_shipment(db, registry, clock, job),
        "orders.meaning": lambda job: decide_meant_orders(db, clock, job),
        "notices.decide": lambda job: decide_order(db, clock, job),
        "privacy.erase_customer": lambda job: erase_requested_customer(db, clock, job),
        "privacy.erase_store": lambda job: erase_requested_store(db, registry, clock, job),
        "privacy.export_customer": lambda job: export_requested_customer(db, clock, job),
        "stores.departure": lambda job: confirm_departure(db, registry, clock, job, end_bound_sessions),
        "stores.examine": lambda job: examine_store(db, registry, clock, base_url, job),
        "stores.alert": lambda job: alert_owners(doors, job),
        "stores.refresh": lambda job: refresh_store(db, registry, clock, job),
        "stores.lease": lambda job: lease_mails(db, registry, clock, job),
        "stores.set_up": lambda job: set_up_store(db, registry, clock, base_url, job),
        "notices.send": lambda job: send_notice(sender, job),
    }
    for kind, (every, handler) in _rounds(doors).items():
        kinds[kind] = repeat(db, clock, kind, every, handler)
    return kinds


def _rounds(doors: Doors) -> dict[str, tuple[timedelta, Handler]]:
    """What comes round: kind → how often, and what is done."""
    db, clock = doors.db, doors.clock

    def reconcile(_job: Claimed) -> None:
        reconcile_all(db, clock)
        lease_all(db, clock)

    def check_open(_job: Claimed) -> None:
        check_all(db, clock)

    def forget(_job: Claimed) -> None:
        forget_old_receipts(db, clock)

    def keep_no_longer(_job: Claimed) -> None:
        retain(db, clock)

    def examine(_job: Claimed) -> None:
        examine_all(db, clock)

    def refresh(_job: Claimed) -> None:
        refresh_all(db, clock)

    def sweep_strangers(_job: Claimed) -> None:
        sweep_announced(db, clock)

    def sweep_leavers(_job: Claimed) -> None:
        sweep_uninstalled(db, doors.registry, clock)

    def calibrate(_job: Claimed) -> None:
        calibrate_all(db, clock)

    return {
        "care.calibrate_all": (timedelta(days=1), calibrate),
        "privacy.retain": (timedelta(days=1), keep_no_longer),
        "privacy.sweep": (timedelta(days=1), sweep_leavers),
        "orders.reconcile_all": (RECONCILE_EVERY, reconcile),
        "orders.check_all": (CHECK_ROUND, check_open),
        "orders.forget": (timedelta(days=1), forget),
        "stores.examine_all": (timedelta(days=1), examine),
        "stores.refresh_all": (timedelta(days=1), refresh),
        "stores.sweep_announced": (timedelta(days=1), sweep_strangers),
    }
