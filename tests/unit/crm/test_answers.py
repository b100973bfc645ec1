"""Are recorded answers of HubSpot and Salesforce understood: what succeeded, what failed, whose error, when again?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from engines.crm.answers import HOUR, TEN_SECONDS, of_hubspot, of_item, of_row, of_salesforce
from engines.crm.exchange import Answer

CRM = Path(__file__).parents[4] / "shared" / "data" / "crm"
recorded = pytest.mark.skipif(
    not (CRM / "truth.jsonl").exists(), reason="needs the recorded answers in ../shared/data/crm"
)


def truths() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CRM / "truth.jsonl").read_text().splitlines()]


@recorded
def test_every_recorded_answer_of_hubspot_is_understood() -> None:
    causes, ids = Counter[str](), set[str | None]()
    for name in sorted({each["file"] for each in truths() if "method" in each}):
        expected = [each for each in truths() if each["file"] == name]
        found = yaml.safe_load((CRM / name).read_text(errors="replace"))["http_interactions"]
        for truth, one in zip(expected, found, strict=True):
            body = one["response"]["body"].get("string") or ""
            failure = of_hubspot(
                Answer(one["response"]["status"]["code"], body if isinstance(body, bytes) else body.encode())
            )
            assert one["response"]["status"]["code"] == truth["status"]
            assert (failure is None) == (truth["status"] < 300), name
            if failure:
                assert failure.message.startswith((truth.get("error") or {}).get("message", "status")[:200]), name
                causes[failure.cause] += 1
                ids.add(failure.existing_id)

    assert causes == {"record": 19, "setup": 5, "credentials": 1}
    assert ids == {None, "82325"}


@recorded
def test_every_recorded_answer_of_salesforce_is_understood() -> None:
    statuses = {"refresh_error": 400, "search_error": 400, "write_error": 400, "upsert_error": 404,
                "upsert_multiple_error": 300, "delete_error": 404}  # fmt: skip
    found = {}
    for truth in truths():
        if "method" in truth:
            continue
        stem = Path(truth["file"]).stem.removeprefix("sobject__").removesuffix("_response")
        failure = of_salesforce(Answer(statuses.get(stem, 200), (CRM / truth["file"]).read_bytes()))
        assert (failure is not None) == truth["is_error"], truth["file"]
        if failure:
            found[stem] = (failure.cause, failure.code)

    assert found == {
        "refresh_error": ("credentials", "invalid_grant"),
        "search_error": ("setup", "MALFORMED_SEARCH"),
        "write_error": ("setup", "INVALID_FIELD"),
        "upsert_error": ("setup", "NOT_FOUND"),
        "upsert_multiple_error": ("record", "MULTIPLE_CHOICES"),
        "delete_error": ("setup", "NOT_FOUND"),
    }


def hubspot(status: int, **stated: object) -> Answer:
    return Answer(status, json.dumps(stated).encode(), {"retry-after": "7"} if stated.pop("waits", None) else {})


@pytest.mark.parametrize(
    "answer, cause, after",
    [
        (hubspot(429, waits=True, category="RATE_LIMITS"), "theirs", 7),
        (hubspot(429, category="RATE_LIMITS", policyName="TEN_SECONDLY_ROLLING"), "theirs", TEN_SECONDS),
        (hubspot(429, category="RATE_LIMITS", policyName="DAILY"), "theirs", HOUR),
        (hubspot(401, category="EXPIRED_AUTHENTICATION"), "credentials", None),
        (hubspot(403, category="MISSING_SCOPES"), "credentials", None),
        (hubspot(400, category="VALIDATION_ERROR"), "record", None),
        (hubspot(400, category="VALIDATION_ERROR", errors=[{"code": "PROPERTY_DOESNT_EXIST"}]), "setup", None),
        (hubspot(423), "theirs", None),
        (Answer(503, b"<h1>Try again later</h1>"), "theirs", None),
        (Answer(0), "theirs", None),
        (Answer(404, b"<h1>Not found</h1>"), "setup", None),
        (Answer(302), "setup", None),
    ],
)
def test_hubspot_states_whose_error_it_is_and_when_to_try_again(
    answer: Answer, cause: str, after: float | None
) -> None:
    failure = of_hubspot(answer)

    assert failure is not None
    assert (failure.cause, failure.after) == (cause, after)


@pytest.mark.parametrize(
    "status, code, cause, after",
    [
        (403, "REQUEST_LIMIT_EXCEEDED", "theirs", HOUR),
        (401, "INVALID_SESSION_ID", "credentials", None),
        (400, "UNABLE_TO_LOCK_ROW", "theirs", None),
        (400, "DUPLICATES_DETECTED", "record", None),
        (400, "REQUIRED_FIELD_MISSING", "record", None),
        (503, "SERVER_UNAVAILABLE", "theirs", None),
        (500, "A_NEW_ONE", "theirs", None),
    ],
)
def test_salesforce_states_whose_error_it_is(status: int, code: str, cause: str, after: float | None) -> None:
    failure = of_salesforce(Answer(status, json.dumps([{"errorCode": code, "message": "m"}]).encode()))

    assert failure is not None
    assert (failure.cause, failure.code, failure.after) == (cause, code, after)


def test_an_item_of_a_batch_and_a_row_of_a_job_have_errors_of_their_own() -> None:
    item = of_item({"category": "CONFLICT", "message": "Contact already exists. Existing ID: 101"})
    row = of_row("UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--")

    assert (item.cause, item.existing_id) == ("record", "101")
    assert (row.cause, row.message) == ("theirs", "unable to obtain exclusive access to this record")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'"text"', b"[1]", b'{"message": null}', b"\xff\xfe"])
@pytest.mark.parametrize("status", [0, 300, 400, 404, 429, 500])
def test_no_body_breaks_the_judgment(body: bytes, status: int) -> None:
    answer = Answer(status, body)

    assert of_hubspot(answer) is not None
    assert of_salesforce(answer) is not None
