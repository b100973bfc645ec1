"""Do receivers with the usual packages accept what we sign and write, and does no one else's message pass for ours?"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from standardwebhooks import Webhook, WebhookVerificationError

from shared.contracts.cloudevents import LARGEST, STRUCTURED, body_of, encoded, structured, structured_message
from shared.contracts.envelope import Malformed, seal, unseal
from shared.contracts.events import SignalDismissed
from shared.outbound import webhooks
from shared.outbound.webhooks import Forged, headers, key_of, new_secret, secret_of, sign, verify
from tests.support.reference import DATA

VECTORS = sorted((DATA / "webhooks" / "standard-webhooks").glob("*.json"))
SCHEMA = DATA / "webhooks" / "cloudevents-spec" / "cloudevents.json"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECRET = secret_of(bytes(range(32)))
OTHER = secret_of(bytes(32))


def a_dismissal(employer: str = "Invented Home") -> SignalDismissed:
    return SignalDismissed(
        employer_name=employer, city=None, state="NY", posting_ids=(UUID(int=1),), dismissed_on=NOW.date()
    )


def as_webhook(employer: str) -> bytes:
    """The body in which a dismissal is sent."""
    sealed = seal(a_dismissal(employer), "matcher", NOW)
    return encoded(structured_message(sealed.headers, sealed.body.encode()))


# --- signatures ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not VECTORS, reason="needs the vectors in ../shared/data/webhooks")
@pytest.mark.parametrize("vector", [json.loads(path.read_text()) for path in VECTORS], ids=lambda each: each["name"])
def test_the_vectors_of_standard_webhooks_agree(vector: dict[str, Any]) -> None:
    at = datetime.fromtimestamp(vector["timestamp"], UTC)
    received = {
        "webhook-id": vector["msg_id"],
        "webhook-timestamp": str(vector["timestamp"]),
        "webhook-signature": vector["signature_header"],
    }
    body = vector["body"].encode()

    made = sign(vector["secret"], vector["msg_id"], at, body)

    assert (made in vector["signature_header"].split()) is vector["must_verify"]
    if vector["must_verify"]:
        assert verify(vector["secret"], received, body, at) == vector["msg_id"]
    else:
        with pytest.raises(Forged):
            verify(vector["secret"], received, body, at)


@settings(deadline=None, max_examples=50)
@given(st.text(min_size=1), st.binary(min_size=24, max_size=64))
def test_the_package_of_standard_webhooks_accepts_what_is_signed_here(employer: str, key: bytes) -> None:
    secret, body, now = secret_of(key), as_webhook(employer), datetime.now(UTC)

    sent = dict(headers("0198-id", now, body, secret))

    assert Webhook(secret).verify(body, sent)["data"]["employer_name"] == employer
    assert verify(secret, sent, body, now) == "0198-id"


def test_while_a_secret_is_replaced_receivers_with_either_one_accept_a_message() -> None:
    body, now = as_webhook("Invented Home"), datetime.now(UTC)
    sent = dict(headers("0198-id", now, body, OTHER, SECRET))

    for secret in (SECRET, OTHER):
        assert Webhook(secret).verify(body, sent)
        assert verify(secret, sent, body, now) == "0198-id"


@pytest.mark.parametrize(
    "change, why",
    [
        ({"webhook-id": "another"}, "no signature"),
        ({"webhook-id": ""}, "no signature"),
        ({"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, "no signature"),
        ({"webhook-timestamp": str(int(NOW.timestamp()) - 301)}, "more than 5 minutes"),
        ({"webhook-timestamp": str(int(NOW.timestamp()) + 301)}, "more than 5 minutes"),
        ({"webhook-timestamp": "99999999999"}, "more than 5 minutes"),
        ({"webhook-timestamp": "-1"}, "not a number"),
        ({"webhook-timestamp": "١٢٣"}, "not a number"),
        ({"webhook-timestamp": f" {int(NOW.timestamp())}"}, "not a number"),
        ({"webhook-timestamp": "nan"}, "not a number"),
        ({"webhook-timestamp": "9" * 5_000}, "not a number"),
        ({"webhook-signature": ""}, "no signature"),
        ({"webhook-signature": "v1,"}, "no signature"),
        ({"webhook-signature": "v1,é"}, "no signature"),
        ({"webhook-signature": "v1,\udc80"}, "no signature"),
        ({"webhook-signature": sign(OTHER, "0198-id", NOW, b"{}")}, "no signature"),
        ({"webhook-signature": sign(SECRET, "0198-id", NOW, b"{ }")}, "no signature"),
        ({"webhook-signature": sign(SECRET, "0198-id", NOW, b"{}").replace("v1", "v2")}, "no signature"),
        ({"webhook-signature": sign(SECRET, "0198-id", NOW, b"{}").lower()}, "no signature"),
        ({"webhook-signature": sign(SECRET, "0198-id", NOW, b"{}").rstrip("=")}, "no signature"),
        ({"webhook-signature": sign(SECRET, "0198-id", NOW, b"{}").replace(",", ", ")}, "no signature"),
    ],
)
def test_a_forged_or_old_message_is_refused(change: dict[str, str], why: str) -> None:
    received = dict(headers("0198-id", NOW, b"{}", SECRET))
    assert verify(SECRET, received, b"{}", NOW) == "0198-id"

    with pytest.raises(Forged, match=why):
        verify(SECRET, {**received, **change}, b"{}", NOW)


def _forgeries() -> dict[str, tuple[dict[str, str], bytes]]:
    """Requests of others, and ours sent again: by name, headers and body."""
    now = datetime.now(UTC)
    body = b'{"id": "0198-id"}'
    good = dict(headers("0198-id", now, body, SECRET))
    ours, other = good["webhook-signature"], sign(OTHER, "0198-id", now, body)
    flipped = bytes([body[5] ^ 1]).join((body[:5], body[6:]))

    def signed(at: datetime) -> dict[str, str]:
        return dict(headers("0198-id", at, body, SECRET))

    def having(**changes: str) -> dict[str, str]:
        return {**good, **{f"webhook-{name}": value for name, value in changes.items()}}

    def without(name: str) -> dict[str, str]:
        return {key: value for key, value in good.items() if key != f"webhook-{name}"}

    return {
        "another secret": (having(signature=other), body),
        "a bit of the body": (good, flipped),
        "a longer body": (good, body + b" "),
        "no body": (good, b""),
        "the body of another message": (good, b'{"id": "0198-other"}'),
        "another id": (having(id="0198-other"), body),
        "an id in upper case": (having(id="0198-ID"), body),
        "replayed after six minutes": (signed(now - timedelta(minutes=6)), body),
        "replayed after a day": (signed(now - timedelta(days=1)), body),
        "from the future": (signed(now + timedelta(days=1)), body),
        "replayed with a new time": (having(timestamp=str(int(now.timestamp()) - 60)), body),
        "a time in words": (having(timestamp="now"), body),
        "a time that is empty": (having(timestamp=""), body),
        "a time in milliseconds": (having(timestamp=str(int(now.timestamp() * 1_000))), body),
        "no id": (without("id"), body),
        "no time": (without("timestamp"), body),
        "no signature": (without("signature"), body),
        "an empty signature": (having(signature=""), body),
        "a signature without its version": (having(signature=ours.removeprefix("v1,")), body),
        "a version that is not known": (having(signature=ours.replace("v1,", "v1a,")), body),
        "several signatures, none of them right": (having(signature=f"{other} v1a,{ours[3:]} v2,{ours[3:]}"), body),
        "base64 in another case": (having(signature=f"v1,{ours[3:].swapcase()}"), body),
        "a signature that is cut": (having(signature=ours[:-4]), body),
        "a header twice, joined by a comma": (having(signature=f"{ours},{ours}"), body),
        "an id twice": (having(id="0198-id, 0198-id"), body),
    }


FORGERIES = _forgeries()


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_forged_or_replayed_is_refused_here_and_by_the_package_alike(name: str) -> None:
    received, body = FORGERIES[name]

    with pytest.raises(Forged):
        verify(SECRET, received, body, datetime.now(UTC))
    with pytest.raises((WebhookVerificationError, ValueError)):  # the second one for what it cannot read
        Webhook(SECRET).verify(body, received)


def test_at_least_20_requests_are_refused() -> None:
    assert len(FORGERIES) >= 20


@pytest.mark.parametrize("missing", [webhooks.ID, webhooks.TIMESTAMP, webhooks.SIGNATURE])
def test_a_message_without_one_of_its_headers_is_refused(missing: str) -> None:
    received = dict(headers("0198-id", NOW, b"{}", SECRET))
    del received[missing]

    with pytest.raises(Forged, match=f"{missing}' is missing"):
        verify(SECRET, received, b"{}", NOW)


def test_the_time_of_a_message_may_differ_by_five_minutes() -> None:
    received = dict(headers("0198-id", NOW, b"{}", SECRET))

    for difference in (timedelta(minutes=5), -timedelta(minutes=5)):
        assert verify(SECRET, received, b"{}", NOW + difference) == "0198-id"


def test_a_period_cannot_move_from_the_id_into_the_body() -> None:
    for wrong in ("a.1", "a b", "", "é", "a\n", "a" * 201):
        with pytest.raises(ValueError, match="id of a message"):
            sign(SECRET, wrong, NOW, b"{}")


def test_new_secrets_differ_and_have_the_length_that_the_specification_asks_for() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert {len(key_of(secret)) for secret in made} == {32}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "whsec_secret!",
        "hunter2",
        "whsec_" + b64encode(bytes(23)).decode(),
        "whsec_é" + "A" * 40,
        b64encode(bytes(65)).decode(),
    ],
)
def test_what_is_no_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="in base64") as refused:
        key_of(text)

    assert len(text) < 8 or text not in str(refused.value)


# --- bodies --------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1))
def test_the_package_of_cloudevents_reads_the_same_event_from_the_message_and_from_the_webhook(employer: str) -> None:
    sealed = seal(a_dismissal(employer), "matcher", NOW)
    body = as_webhook(employer)

    event = from_http_event(HTTPMessage({"content-type": STRUCTURED}, body))

    assert (event.get_type(), event.get_source()) == ("signal.dismissed", "/matcher")
    assert (event.get_subject(), event.get_time()) == (employer, NOW)
    assert event.get_extension("traceparent").startswith("00-")
    assert event.get_data() == json.loads(sealed.body)
    assert unseal({"Content-Type": STRUCTURED}, body, SignalDismissed) == a_dismissal(employer)


def test_an_event_is_the_same_whether_it_is_written_from_its_facts_or_from_its_message() -> None:
    event = a_dismissal("50 % «off»")
    sealed = seal(event, "matcher", NOW)
    body = sealed.body.encode()
    facts = structured(
        "signal.dismissed",
        sealed.event_id,
        "matcher",
        NOW,
        event.key,
        json.loads(body),
        sealed.headers["traceparent"],
    )

    written = structured_message(sealed.headers, body)

    assert written == facts
    assert structured_message({"Content-Type": STRUCTURED}, encoded(written)) == facts


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs the schema of CloudEvents in ../shared/data/webhooks")
def test_an_event_has_the_schema_of_cloudevents() -> None:
    written = structured("score.changed", UUID(int=1), "scorer", NOW, "33X001", {}, "", cursor="12")

    Draft7Validator(json.loads(SCHEMA.read_text())).validate(written)


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"'])
def test_a_structured_message_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        structured_message({"Content-Type": STRUCTURED}, body)


def test_a_webhook_of_a_large_event_has_the_address_of_its_data_instead() -> None:
    event = structured("score.changed", UUID(int=1), "scorer", NOW, "33X001", {"evidence": ""})
    room = LARGEST - len(encoded(event))
    fits, large = ({**event, "data": {"evidence": "x" * size}} for size in (room, room + 1))

    assert body_of(fits, "https://events.example.com") == encoded(fits)
    body = body_of(large, "https://events.example.com")

    sent = from_http_event(HTTPMessage({"content-type": STRUCTURED}, body))
    assert sent.get_data() is None
    assert sent.get_extension("dataref") == f"https://events.example.com/events/{UUID(int=1)}"
    assert {name: value for name, value in json.loads(body).items() if name != "dataref"} == {
        name: value for name, value in large.items() if name != "data"
    }
