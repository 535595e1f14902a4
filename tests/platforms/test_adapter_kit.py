"""The conformance kit itself: green over an adapter that keeps every promise, red for each planted fault."""
# ruff: noqa: E501  (the table of faults quotes code as it stands in the toy platform)

import re
from pathlib import Path

import pytest

from plugin.testing.kit import load_recorded

pytest_plugins = ["pytester"]
KIT = Path(__file__).parent.parent / "data" / "kit"

# (what is broken, how it reads now, how it reads then, which test must notice, what it must say)
FAULTS = [
    ("a time without zone", ".replace(tzinfo=UTC)", "", "types_of_the_contract", "created_at has no time zone"),
    ("a time of another zone", ".replace(tzinfo=UTC)", ".replace(tzinfo=__import__('zoneinfo').ZoneInfo('Asia/Tokyo'))",
     "types_of_the_contract", "created_at is not in UTC"),
    ("money as a float", "Money(amount=amount,", "Money(amount=float(amount),", "types_of_the_contract",
     "amount is float"),
    ("a number as id", 'external_id=read_text(data.get("id"))', 'external_id=int(data.get("id"))',
     "types_of_the_contract", "external_id is int"),
    ("a list in a frozen noun", "shipments=tuple(read_parcel(parcel) for parcel in data[\"parcels\"])",
     "shipments=[read_parcel(parcel) for parcel in data[\"parcels\"]]", "types_of_the_contract", "is list, not tuple"),
    ("no raw word", "raw_status=raw, payment_status", 'raw_status="", payment_status', "types_of_the_contract",
     "raw_status is empty"),
    ("a crash on an unknown status", "STATUSES.get(raw, OrderStatus.unknown)", "STATUSES[raw]",
     "status_nobody_knows", "KeyError"),
    ("an unknown status taken for a known one", "STATUSES.get(raw, OrderStatus.unknown)",
     "STATUSES.get(raw, OrderStatus.processing)", "status_nobody_knows", "processing"),
    ("an unknown parcel status taken for a known one", "PARCELS.get(raw, ShipmentStatus.unknown)",
     "PARCELS.get(raw, ShipmentStatus.in_transit)", "status_nobody_knows", "in_transit"),
    ("a status that loses its word", "raw_status=raw, payment_status", "raw_status='busy', payment_status",
     "status_nobody_knows", "read as nothing"),
    ("no signature check", "        if not hmac.compare_digest(given, sign(delivery.body, store.webhook_secret)",
     "        if False and (given, sign(delivery.body, store.webhook_secret)", "one_byte_changed", "believed"),
    ("a check only when there is a signature", "if not hmac.compare_digest(given, sign",
     "if given and not hmac.compare_digest(given, sign", "missing_empty", "believe"),
    ("a check over the parsed body", "sign(delivery.body, store.webhook_secret)",
     "sign(json.dumps(json.loads(delivery.body)).encode(), store.webhook_secret)", "one_byte_changed", ""),
    ("a check of a prefix", "hmac.compare_digest(given, sign(delivery.body, store.webhook_secret).encode())",
     "sign(delivery.body, store.webhook_secret).encode().startswith(given[:20] or b'-')", "missing_empty", "believed"),
    ("an empty secret that signs", "if store is None or not store.webhook_secret:", "if store is None:",
     "empty_secret", "anybody can sign"),
    ("a secret in the code", "sign(delivery.body, store.webhook_secret)", "sign(delivery.body, 'toy-webhook-secret')",
     "another_store", "Another secret did as well"),
    ("a crash without a store", "if store is None or not store.webhook_secret:", "if not store.webhook_secret:",
     "another_store", "AttributeError"),
    ("header names in capitals", '"x-toy-signature"', '"X-Toy-Signature"', "header_names_in_lower_case", "rejected"),
    ("a greeting for anything unsigned", 'if request.headers.get("x-toy-topic") == "hello":',
     'if "x-toy-signature" not in request.headers:', "missing_empty", "taken for a greeting"),
    ("a greeting that is remembered", '            return Handshake(reason="hello")',
     '            self.greeted = request.body\n            return Handshake(reason="hello")', "greeting_keeps_nothing",
     "changed the adapter"),
    ("a body that crashes the parser", "except (ValueError, RecursionError):\n        raise PayloadUnreadable(\"JSON",
     "except UnicodeError:\n        raise PayloadUnreadable(\"JSON", "cannot_be_read", "JSONDecodeError"),
    ("a deep body that crashes the parser", "except (ValueError, RecursionError):\n        raise PayloadUnreadable(\"JSON",
     "except ValueError:\n        raise PayloadUnreadable(\"JSON", "cannot_be_read", "RecursionError"),
    ("a value of another type that crashes the parser", "if not isinstance(data, dict) or not isinstance(data.get(\"parcels\"), list):",
     "if not isinstance(data, dict):", "wrong_value_anywhere", "TypeError"),
    ("an amount that is no number", "    if not amount.is_finite():", "    if False:", "wrong_value_anywhere", "no number"),
    ("a parser that knows the time", "modified_at=read_time(data.get(\"changed\"))", "modified_at=datetime.now(UTC)",
     "no_clock_and_no_memory", ""),
    ("a parser that asks the platform", "        return [OrderChanged(order=read_order(read_json(delivery.body)))]",
     "        __import__('contextlib').suppress(Exception)\n        try:\n            self.http.request('GET', 'https://toy.example')\n"
     "        except BaseException: pass\n        return [OrderChanged(order=read_order(read_json(delivery.body)))]",
     "needs_no_network", "asked the platform"),
    ("a parser that opens a socket", "        return [OrderChanged(order=read_order(read_json(delivery.body)))]",
     "        try:\n            __import__('socket').create_connection(('127.0.0.1', 9))\n        except OSError: pass\n"
     "        return [OrderChanged(order=read_order(read_json(delivery.body)))]", "needs_no_network", "went to the network"),
    ("a parser that remembers", "        return [OrderChanged(order=read_order(read_json(delivery.body)))]",
     "        seen = vars(self).setdefault('seen', set())\n        if delivery.body in seen:\n            return []\n"
     "        seen.add(delivery.body)\n        return [OrderChanged(order=read_order(read_json(delivery.body)))]",
     "no_clock_and_no_memory", ""),
    ("strangers not welcome", '    raw = read_text(data.get("state"))\n    return Order(',
     '    raw = read_text(data.get("state"))\n    if len(data) > 8: raise PayloadUnreadable("new")\n    return Order(',
     "field_nobody_knows", "PayloadUnreadable"),
    ("a capability too much", "    def store_facts(self, store):", "    def facts(self, store):", "claimed_is_supported",
     "store_facts is unsupported"),
    ("a capability too little", "capabilities = frozenset(Capability)",
     "capabilities = frozenset(Capability) - {Capability.COUPONS}", "not_claimed_is_unsupported", "issue_coupon|DID NOT"),
    ("a page left out", "for step in Step]", "for step in Step if step is not Step.payment]", "every_page",
     "missing: payment"),
    ("a page without words", 'words="Switch the widget on."', 'words=" "', "every_page", "does not say"),
    ("a state that is lost", "connect?state={state}", "connect", "begins_with", "state is lost"),
    ("a stranger's callback", 'raise InstallRejected("Toy sent no code.")', "return None", "callback_nobody_asked", "DID NOT"),
    ("the last store remembered", "        headers = {\"Authorization\"", "        self.last = store.credentials\n        headers = {\"Authorization\"",
     "nothing_of_a_store_is_kept", "keeps something"),
    ("the first store's token for all", "f\"Bearer {store.credentials['token']}\"",
     "f\"Bearer {vars(self).setdefault('_t', [store.credentials['token']])[0]}\"", "nothing_of_a_store_is_kept",
     "another store's keys"),
    ("a token in the address", "/api{path}\"", "/api{path}?token={store.credentials['token']}\"", "no_secret_shows",
     "in the address"),
    ("a token in an error", "    def ask(self, store, method, path, payload=None):\n",
     "    def ask(self, store, method, path, payload=None):\n        if path.startswith('/orders/'):\n"
     "            raise PlatformDown(f'no luck with {store.credentials}')\n", "no_secret_shows", "tells a secret"),
    ("a token in the log", "    def ask(self, store, method, path, payload=None):\n",
     "    def ask(self, store, method, path, payload=None):\n        __import__('logging').info('%s', store.credentials)\n",
     "no_secret_shows", "was logged"),
    ("401 as an outage", "(401, 403)", "(403,)", "right_class", "AccessExpired or AccessRevoked expected"),
    ("404 as a refusal", "answer.status == 404", "answer.status == 405", "does_not_exist", "NotFound|PlatformRefused"),
    ("429 as a refusal", "answer.status == 429", "answer.status == 428", "right_class", "RateLimited expected"),
    ("waiting not read", "float(wait) if wait.isdigit() else 60.0", "60.0", "how_long_to_wait", "RateLimited"),
    ("waiting read carelessly", "float(wait) if wait.isdigit() else 60.0", "float(wait or 60)", "right_class",
     "ValueError"),
    ("an outage as a refusal", "answer.status >= 500", "answer.status >= 600", "right_class", "PlatformDown expected"),
    ("a page of HTML as a crash", "        except PayloadUnreadable:\n            raise PlatformDown(\"Toy answered",
     "        except KeyError:\n            raise PlatformDown(\"Toy answered", "right_class", "HTML with 200.*PayloadUnreadable"),
    ("an odd answer as a crash", "    if not isinstance(data, list):", "    if False:", "odd_answer", "TypeError"),
    ("another way out", "        answer = self.http.request(method,",
     "        import requests\n        requests.get('http://127.0.0.1:9/', timeout=1)\n        answer = self.http.request(method,",
     "right_class", "went to the network|ConnectionError"),
    ("an endless backfill", "        yield from self.read(self.ask(store, \"GET\", f\"/orders?since={since:%Y-%m-%d}\"), list_orders)",
     "        for _ in range(50):\n            yield from self.read(self.ask(store, \"GET\", \"/orders\"), list_orders)",
     "empty_store", "asked 50 times"),
    ("a proof nobody sealed", "if not store.webhook_secret or not hmac.compare_digest(given.encode(\"utf-8\", \"replace\"), expected.encode()):",
     "if not store.webhook_secret:", "forged_proof", "believed with letter"),
    ("a proof sealed with nothing", "if not store.webhook_secret or not hmac", "if store.webhook_secret and not hmac",
     "another_secret_or_none", "The secret .. did as well"),
    ("a proof for ever", "if int(until) <= self.clock.now().timestamp():", "if False:", "expired_proof", "is_believed"),
    ("a proof of any store", "        if store_id != store.public_id:", "        if False:", "proof_of_another_store",
     "another store was believed"),
    ("a proof that crashes", "        except ValueError:\n            raise WebhookRejected(\"No proof.\") from None",
     "        except KeyError:\n            raise WebhookRejected(\"No proof.\") from None", "no_proof", "ValueError|UnicodeDecodeError"),
]


@pytest.fixture
def run_kit(pytester, monkeypatch):
    """Runs the kit over the toy platform, texts of its adapter or of its tests exchanged: (outcomes, what was printed)."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*changes, only=""):
        files = {name: (KIT / f"{name}.py").read_text() for name in ("toy_platform", "toy_contract")}
        for old, new in changes:
            holder = [name for name, text in files.items() if text.count(old) == 1]
            assert len(holder) == 1, f"{old!r} does not stand exactly once in the toy platform or its tests"
            files[holder[0]] = files[holder[0]].replace(old, new)
        pytester.makepyfile(toy_platform=files["toy_platform"], test_toy=files["toy_contract"])
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rf", "--tb=short", "-k", only)
        return result.parseoutcomes(), result.stdout.str()
    return run


def test_the_kit_is_green_over_an_adapter_that_keeps_every_promise(run_kit):
    outcomes, _ = run_kit()
    assert set(outcomes) == {"passed"} and outcomes["passed"] > 80


@pytest.mark.parametrize(("old", "new", "noticed_by", "words"), [fault[1:] for fault in FAULTS],
                         ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_noticed(run_kit, old, new, noticed_by, words):
    outcomes, output = run_kit((old, new), only=noticed_by)
    assert outcomes.get("failed", 0) > 0 and "errors" not in outcomes, output
    assert re.search(words, output), output


def test_a_red_kit_test_says_what_is_wrong_and_not_only_that_it_is(run_kit):
    _, output = run_kit(("Money(amount=amount,", "Money(amount=float(amount),"), only="types_of_the_contract")
    assert "order: OrderChanged.order.total.amount is float (12.5), not Decimal" in output


def test_without_webhooks_no_deliveries_are_asked_for_and_nothing_fails(run_kit):
    outcomes, _ = run_kit(
        ("    capabilities = frozenset(Capability)\n", "    capabilities = frozenset(Capability) - {Capability.WEBHOOKS}\n"),
        ("    def read_webhook", "    def unread_webhook"), ("    def verify_webhook", "    def unverified_webhook"),
        ("    def parse_webhook", "    def unparsed_webhook"), ("    def deliveries", "    def nothing"))
    assert outcomes["skipped"] == 14 and set(outcomes) == {"passed", "skipped"}


def test_an_empty_list_of_deliveries_is_a_task_and_no_success(run_kit):
    outcomes, output = run_kit(('[record("order", ORDER), record("product", {"id": "3"})]', "[]"))
    assert outcomes["failed"] == 1 and "Record some deliveries of a real store first" in output


def test_recordings_are_read_from_a_folder_byte_for_byte(tmp_path):
    (tmp_path / "b.body").write_bytes(b"\xff\r\n")
    (tmp_path / "b.headers.json").write_text('{"X-One": "1"}')
    (tmp_path / "a.body").write_bytes(b"")
    (tmp_path / "a.headers.json").write_text("{}")
    first, second = load_recorded(tmp_path, secret="s")
    assert (first.name, second.name, second.body, second.secret) == ("a", "b", b"\xff\r\n", "s")
    assert second.request().headers == {"x-one": "1"}
