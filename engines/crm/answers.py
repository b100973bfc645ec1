"""What does an answer of HubSpot or Salesforce mean: did it succeed, and if not, whose error is it?

HubSpot states an error as an object, Salesforce as a list; a page in between states neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from engines.crm.exchange import Answer, Cause, Failure, seconds

LONGEST: Final = 300
TEN_SECONDS: Final = 10.0
HOUR: Final = 3_600.0
_LATER: Final = frozenset({0, 408, 423, 425, 429, 477, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_OF_HUBSPOT: Final[Mapping[str, Cause]] = {
    "RATE_LIMITS": "theirs",
    "INVALID_AUTHENTICATION": "credentials",
    "EXPIRED_AUTHENTICATION": "credentials",
    "MISSING_SCOPES": "credentials",
    "BANNED": "credentials",
    "PROPERTY_DOESNT_EXIST": "setup",
}
_OF_SALESFORCE: Final[Mapping[str, Cause]] = {
    **dict.fromkeys(
        ("INVALID_SESSION_ID", "INVALID_LOGIN", "INVALID_AUTH_HEADER", "API_DISABLED_FOR_ORG", "invalid_grant",
         "invalid_client", "invalid_client_id", "inactive_user", "inactive_org", "unauthorized_client"),
        "credentials",
    ),
    **dict.fromkeys(
        ("REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT", "UNKNOWN_EXCEPTION",
         "REQUEST_RUNNING_TOO_LONG", "EXCEEDED_MAX_SEMAPHORE_WAIT", "API_CURRENTLY_DISABLED", "STORAGE_LIMIT_EXCEEDED",
         "rate_limit_exceeded", "temporarily_unavailable", "server_error"),
        "theirs",
    ),
    **dict.fromkeys(
        ("INVALID_FIELD", "INVALID_TYPE", "NOT_FOUND", "INVALID_FIELD_FOR_INSERT_UPDATE", "MALFORMED_QUERY",
         "MALFORMED_SEARCH", "METHOD_NOT_ALLOWED", "UNSUPPORTED_API_VERSION", "INSUFFICIENT_ACCESS_OR_READONLY",
         "INSUFFICIENT_ACCESS", "JSON_PARSER_ERROR", "InvalidBatch", "INVALIDJOB"),
        "setup",
    ),
}  # fmt: skip
_SLOW: Final = frozenset({"REQUEST_LIMIT_EXCEEDED", "STORAGE_LIMIT_EXCEEDED"})
"""Limits that are counted over 24 hours."""


def of_hubspot(answer: Answer) -> Failure | None:
    """None if it succeeded as a whole; each item of a 207 is judged by itself."""
    if answer.has_succeeded:
        return _page(answer)
    stated = answer.object
    category = str(stated.get("category") or "")
    after = seconds(answer)
    if answer.status == 429 and after is None:
        after = HOUR if stated.get("policyName") == "DAILY" else TEN_SECONDS
    cause = _cause(answer.status, bool(stated), category, _OF_HUBSPOT)
    if cause == "record" and _lacks_property(stated):
        cause = "setup"
    return Failure(cause, category or f"HTTP {answer.status}", _message(answer, stated), after, _existing(stated))


def of_item(error: Mapping[str, Any]) -> Failure:
    """The error of one record, in the list of a HubSpot batch."""
    category = str(error.get("category") or "")
    cause = _OF_HUBSPOT.get(category, "record")
    if category in ("INTERNAL_ERROR", "SERVICE_UNAVAILABLE"):
        cause = "theirs"
    if cause == "record" and _lacks_property(error):
        cause = "setup"
    message = str(error.get("message") or "It states no reason.")
    return Failure(cause, category or "ERROR", message[:LONGEST], existing_id=_existing(error))


def of_salesforce(answer: Answer) -> Failure | None:
    """None if it succeeded; a list of results is judged item by item."""
    if answer.has_succeeded:
        return _page(answer)
    if answer.status == 300:
        known = answer.json if isinstance(answer.json, list) else []
        there = ", ".join(str(each) for each in known)
        return Failure("record", "MULTIPLE_CHOICES", f"several records have this external id: {there}"[:LONGEST])
    stated = answer.json
    errors = [each for each in stated if isinstance(each, dict)] if isinstance(stated, list) else []
    if errors:
        failure = of_errors(errors)
        if failure.cause == "record" and answer.status in _LATER:
            failure = Failure("theirs", failure.code, failure.message)
        return _waiting(failure, seconds(answer))
    code = str(answer.object.get("error") or "")
    cause = _cause(answer.status, bool(answer.object), code, _OF_SALESFORCE)
    if code and cause == "record":
        cause = "credentials"  # the answer of a token, which concerns no record
    message = str(answer.object.get("error_description") or _message(answer, answer.object))
    return _waiting(Failure(cause, code or f"HTTP {answer.status}", message[:LONGEST]), seconds(answer))


def _page(answer: Answer) -> Failure | None:
    """A page of something in between, as during maintenance, does not state that there are no records."""
    if answer.body.lstrip().startswith(b"<"):
        return Failure("theirs", "NO_RESULT", "A page came instead of an answer.")
    return None


def of_errors(errors: list[dict[str, Any]]) -> Failure:
    """The errors of one record in Salesforce; the first one that another time may mend counts last."""
    found = [
        Failure(_of_item(code, message), code, message[:LONGEST])
        for each in errors
        for code in [str(each.get("errorCode") or each.get("statusCode") or "ERROR")]
        for message in [str(each.get("message") or code)]
    ]
    order: dict[Cause, int] = {"credentials": 0, "setup": 1, "record": 2, "theirs": 3}
    return _waiting(min(found, key=lambda each: order[each.cause]), None)


def _of_item(code: str, message: str) -> Cause:
    """A field that refers to a record which is not there is no wrong field."""
    return "record" if "oreign key external ID" in message else _OF_SALESFORCE.get(code, "record")


def of_row(stated: str) -> Failure:
    """The error of a row of a bulk job: `UNABLE_TO_LOCK_ROW:unable to obtain exclusive access ...:--`."""
    code, _, message = stated.partition(":")
    return of_errors([{"errorCode": code.strip(), "message": re.sub(r":[\w ,.]*--\s*$", "", message) or code}])


def _waiting(failure: Failure, after: float | None) -> Failure:
    if after is None and failure.code in _SLOW:
        after = HOUR
    return Failure(failure.cause, failure.code, failure.message, after, failure.existing_id)


def _cause(status: int, is_stated: bool, code: str, known: Mapping[str, Cause]) -> Cause:
    if code in known:
        return known[code]
    if status in (401, 403):
        return "credentials"
    if status in _LATER or status >= 500:
        return "theirs"
    if status in (405, 415) or not is_stated:  # no answer of the interface: the address is another one
        return "setup"
    return "record"


def _lacks_property(stated: Mapping[str, Any]) -> bool:
    return "PROPERTY_DOESNT_EXIST" in json.dumps(stated)


def _message(answer: Answer, stated: Mapping[str, Any]) -> str:
    message = stated.get("message")
    details = stated.get("errors") or stated.get("validationResults") or []
    texts = [str(each["message"]) for each in details if isinstance(each, dict) and each.get("message")]
    whole = " ".join([str(message), *texts]) if message else f"status {answer.status or 'none'}"
    return whole[:LONGEST]


def _existing(stated: Mapping[str, Any]) -> str | None:
    """The id of the record that is there already, as today's and as former interfaces state it."""
    found = re.search(r'(?:Existing ID: |\\?"vid\\?":\s*)(\d+)', json.dumps(stated.get("message")).replace("\\", ""))
    return found[1] if found else None
