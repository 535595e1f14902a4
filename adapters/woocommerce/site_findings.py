"""What our WordPress plugin tells of the site around it, as findings of the connection doctor. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.woocommerce.bodies import PluginStatus
from adapters.woocommerce.plugin_link import find_wp_admin, list_words
from adapters.woocommerce.values import read_optional_time
from plugin.contract import Finding, FindingState, PayloadUnreadable, Store, Words

GOOD, TROUBLE, UNKNOWN = FindingState.good, FindingState.trouble, FindingState.unknown
MOST_DRIFT = timedelta(minutes=5)
CRON_STOPPED = timedelta(hours=1)
MOST_OVERDUE = 20
NEEDS_PLUGIN = ("permalinks", "clock", "cron", "caching", "lease", "checkout")


def list_findings(
    status: PluginStatus | None, store: Store, now: datetime, mailers: list[str]
) -> tuple[Finding, ...]:
    """The rest of the questions; *unknown* for what only the plugin could tell. `mailers` are those which the
    shop's own status named."""
    names = sorted({*mailers, *(list_words(status.mailers) if status is not None else ())})
    if status is None:
        words = Words("Only the Mostrador plugin in WordPress could tell this, and it did not answer.")
        unknown = (Finding(key=key, state=UNKNOWN, words=words) for key in NEEDS_PLUGIN)
        return (*unknown, describe_mailers(names, store))
    return (
        describe_permalinks(status, store),
        describe_clock(read_moment(status.time_gmt), now),
        describe_cron(status, now),
        describe_caching(status, store),
        describe_lease(status),
        describe_checkout(status, store),
        describe_mailers(names, store),
    )


def describe_permalinks(status: PluginStatus, store: Store) -> Finding:
    if status.permalinks == "plain":
        url = find_wp_admin(store, "options-permalink.php")
        return Finding(key="permalinks", state=TROUBLE, words=PLAIN_ADDRESSES, url=url)
    return Finding(key="permalinks", state=GOOD, words=Words("The addresses of the shop's pages are as we need them."))


PLAIN_ADDRESSES = Words(
    "WordPress uses plain addresses, with which WooCommerce's API does not work for us. Open Settings > Permalinks, "
    "choose anything but Plain, and save."
)


def describe_clock(theirs: datetime | None, now: datetime) -> Finding:
    if theirs is None:
        return Finding(key="clock", state=UNKNOWN, words=Words("The shop did not tell its time."))
    drift = abs(theirs - now)
    if drift > MOST_DRIFT:
        words = Words(
            "The clock of the shop's server is {minutes} minutes away from the right time: shoppers are not "
            "recognised, and times in mails are wrong. Ask your hosting company to set its clock.",
            minutes=int(drift.total_seconds() // 60),
        )
        return Finding(key="clock", state=TROUBLE, words=words)
    return Finding(key="clock", state=GOOD, words=Words("The clock of the shop's server is right."))


def describe_cron(status: PluginStatus, now: datetime) -> Finding:
    """WordPress runs its timed jobs only when somebody visits, and webhooks are such jobs."""
    cron = status.cron
    if cron is None:
        return Finding(key="cron", state=UNKNOWN, words=Words("The shop did not tell about its timed jobs."))
    last = read_moment(cron.last_run_gmt)
    stopped = last is not None and now - last > CRON_STOPPED
    if cron.overdue >= MOST_OVERDUE or (stopped and cron.overdue):
        words = Words(
            "Overdue timed jobs of the shop: {count}. Its webhooks wait among them, so news of orders come late. "
            "{advice}",
            count=cron.overdue,
            advice=ADVICE_DISABLED if cron.disabled else ADVICE_QUIET,
        )
        return Finding(key="cron", state=TROUBLE, words=words)
    if cron.disabled and last is None:
        return Finding(key="cron", state=TROUBLE, words=ADVICE_DISABLED)
    return Finding(key="cron", state=GOOD, words=Words("The shop's timed jobs run."))


ADVICE_DISABLED = Words(
    "WordPress is set not to run timed jobs itself (DISABLE_WP_CRON). Ask your hosting company to call wp-cron.php "
    "every minute, or take that line out of wp-config.php."
)
ADVICE_QUIET = Words(
    "They only run when somebody visits the shop: ask your hosting company to call wp-cron.php every minute."
)


def describe_caching(status: PluginStatus, store: Store) -> Finding:
    names = list_words(status.caching)
    if status.delays_scripts:
        words = Words(
            "The cache plugin ({names}) holds scripts back until the visitor moves, so the chat appears late. Exclude "
            "mostrador from its delayed scripts.",
            names=", ".join(names) or "?",
        )
        return Finding(key="caching", state=TROUBLE, words=words, url=find_wp_admin(store, "plugins.php"))
    if names:
        words = Words(
            "The cache plugin ({names}) leaves the chat alone. After a change, empty its cache so that shoppers see "
            "it.",
            names=", ".join(names),
        )
        return Finding(key="caching", state=GOOD, words=words)
    return Finding(key="caching", state=GOOD, words=Words("No cache plugin stands in the way of the chat."))


def describe_lease(status: PluginStatus) -> Finding:
    if status.lease is not None and status.lease.fresh:
        words = Words("WooCommerce leaves its order mails to Mostrador, for new orders.")
    else:
        words = Words("WooCommerce writes its order mails itself, with a link to the tracking page.")
    return Finding(key="lease", state=GOOD, words=words)


def describe_checkout(status: PluginStatus, store: Store) -> Finding:
    if "none" in (status.cart, status.checkout):
        words = Words(
            "WooCommerce has no page for the cart or the checkout, or it holds neither WooCommerce's block nor its "
            "shortcode. Choose the pages under WooCommerce > Settings > Advanced."
        )
        url = find_wp_admin(store, "admin.php?page=wc-settings&tab=advanced")
        return Finding(key="checkout", state=TROUBLE, words=words, url=url)
    return Finding(key="checkout", state=GOOD, words=Words("The pages of cart and checkout are there."))


def describe_mailers(names: list[str], store: Store) -> Finding:
    if names:
        words = Words(
            "Another plugin ({names}) may mail shoppers about their parcels as well. Switch its mails off, or ours, so "
            "that nobody gets two.",
            names=", ".join(names),
        )
        return Finding(key="mailers", state=TROUBLE, words=words, url=find_wp_admin(store, "plugins.php"))
    return Finding(key="mailers", state=GOOD, words=Words("No other plugin mails about parcels."))


def read_moment(value: str | None) -> datetime | None:
    try:
        return read_optional_time(value, "time")
    except PayloadUnreadable:
        return None
