"""Is an event the same after it was sent and received?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import (
    LONGEST_KEY,
    Envelope,
    Malformed,
    TooLong,
    new_event_id,
    refuse_unpublishable,
    schema_uri,
    seal,
    unseal,
)
from shared.contracts.events import SignalDismissed, TaskDone

REPOSITORY = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
POSTING = UUID("00000000-0000-7000-8000-000000000001")
MEGABYTE = 1_048_576


def a_dismissal(employer: str = "Invented Nursing Home") -> SignalDismissed:
    return SignalDismissed(
        employer_name=employer, city=None, state="NY", posting_ids=(POSTING,), dismissed_on=NOW.date()
    )


@given(st.text(min_size=1))
def test_any_text_is_received_as_sent_and_headers_are_printable_ascii(employer: str) -> None:
    event = a_dismissal(employer)

    envelope = seal(event, "matcher", NOW)

    assert all(value.isascii() and value.isprintable() for value in envelope.headers.values())
    assert unseal(envelope.headers, envelope.body.encode(), SignalDismissed).model_dump() == event.model_dump()


def test_the_headers_are_those_of_a_binary_cloudevent() -> None:
    headers = seal(a_dismissal('50 % "off"'), "matcher", NOW).headers

    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "signal.dismissed"
    assert headers["ce-source"] == "/matcher"
    assert headers["ce-subject"] == "50%20%25%20%22off%22"
    assert headers["ce-time"] == "2026-07-01T12:00:00+00:00"
    assert headers["Nats-Msg-Id"] == headers["ce-id"]


URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[A-Za-z0-9()+,\-.:=@;$_!*'/&~]+")
"""The part of RFC 8141 that is used."""


def test_the_schema_uri_is_absolute_and_equals_the_id_of_the_generated_schema() -> None:
    uri = seal(a_dismissal(), "matcher", NOW).headers["ce-dataschema"]
    schema = json.loads((REPOSITORY / "docs" / "events" / "signal.dismissed.json").read_text())

    assert URN.fullmatch(uri)
    assert schema["$id"] == uri == schema_uri(SignalDismissed)


def test_a_received_event_has_its_source_and_time() -> None:
    envelope = seal(a_dismissal(), "matcher", NOW)

    event = unseal(envelope.headers, envelope.body.encode(), SignalDismissed)

    assert event.origin is not None
    assert (event.event_id, event.origin.source, event.origin.time) == (envelope.event_id, "/matcher", NOW)


def test_an_effect_has_the_trace_and_the_id_of_its_cause() -> None:
    first = seal(a_dismissal(), "matcher", NOW)
    cause = unseal(first.headers, first.body.encode(), SignalDismissed)

    effect = seal(a_dismissal(), "scorer", NOW, cause)
    unrelated = seal(a_dismissal(), "scorer", NOW)

    trace, span = first.headers["traceparent"].split("-")[1:3]
    assert effect.headers["traceparent"].split("-")[1] == trace
    assert effect.headers["traceparent"].split("-")[2] != span
    assert effect.headers["ce-causationid"] == str(first.event_id)
    assert unrelated.headers["traceparent"].split("-")[1] != trace


def test_unknown_fields_of_a_newer_producer_are_ignored() -> None:
    envelope = seal(a_dismissal(), "matcher", NOW)
    newer = envelope.body[:-1] + ',"added_next_year":1}'

    assert unseal(envelope.headers, newer.encode(), SignalDismissed).model_dump() == a_dismissal().model_dump()


@pytest.mark.parametrize("missing", ["ce-id", "ce-source", "ce-time", "ce-type"])
def test_a_missing_attribute_is_reported(missing: str) -> None:
    envelope = seal(a_dismissal(), "matcher", NOW)
    headers = {name: value for name, value in envelope.headers.items() if name != missing}

    with pytest.raises(Malformed, match=missing.removeprefix("ce-")):
        unseal(headers, envelope.body.encode(), SignalDismissed)


def test_an_event_of_another_type_is_malformed() -> None:
    envelope = seal(a_dismissal(), "matcher", NOW)

    with pytest.raises(Malformed):
        unseal(envelope.headers, envelope.body.encode(), TaskDone)


@given(st.binary(), st.dictionaries(st.sampled_from(["ce-id", "ce-type", "Content-Type", "x"]), st.text()))
def test_garbage_is_reported_as_malformed(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        unseal(headers, body, SignalDismissed)


@given(st.binary())
def test_garbage_in_a_structured_envelope_is_reported_as_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        unseal({"Content-Type": "application/cloudevents+json"}, body, SignalDismissed)


def test_event_ids_are_version_7_and_ordered_by_time() -> None:
    ids = [new_event_id() for _ in range(100)]

    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in ids)
    assert [each.int >> 80 for each in ids] == sorted(each.int >> 80 for each in ids)
    assert len(set(ids)) == 100


def test_an_event_too_large_for_the_stream_is_refused_before_it_is_stored() -> None:
    with pytest.raises(TooLong, match=r"signal\.dismissed of"):
        refuse_unpublishable([sealed_with(employer_name="é" * LONGEST_KEY)], MEGABYTE)
    with pytest.raises(TooLong, match=r"NATS accepts 1,048,576"):
        refuse_unpublishable([sealed_with(city="é" * (MEGABYTE // 2))], MEGABYTE)
    refuse_unpublishable([sealed_with(city="é" * (MEGABYTE // 4))], MEGABYTE)


def sealed_with(**fields: str) -> Envelope:
    """An event as it would be if its fields had no limits."""
    return seal(a_dismissal().model_copy(update=fields), "matcher", NOW)


def test_a_deeply_nested_structured_body_is_malformed() -> None:
    with pytest.raises(Malformed):
        unseal({"Content-Type": "application/cloudevents+json"}, b"[" * 100_000, SignalDismissed)
