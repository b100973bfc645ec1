"""Which request signs in to Salesforce, and when is another token needed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from engines.crm.answers import of_salesforce
from engines.crm.exchange import Answer, Failed, Failure, Request, Steps


@dataclass(frozen=True, slots=True)
class Token:
    """What signs in, and where the organization is."""

    access_token: str = field(repr=False)
    instance_url: str


def token(parameters: Mapping[str, str]) -> Steps[Token]:
    """By `grant_type` refresh_token, client_credentials or a JWT bearer, with what that takes."""
    body = urlencode(parameters).encode()
    answer = yield Request(
        "POST", "/services/oauth2/token", body, "application/x-www-form-urlencoded", is_signed_in=False
    )
    failure = of_salesforce(answer)
    if failure is None and not answer.object.get("access_token"):
        failure = Failure("setup", "NO_TOKEN", "The answer has no access_token: is the address the one of Salesforce?")
    if failure:
        raise Failed(failure)
    return Token(str(answer.object["access_token"]), str(answer.object.get("instance_url", "")))


def has_expired(answer: Answer) -> bool:
    """Whether another token may help, which is needed after some hours."""
    failure = of_salesforce(answer)
    return failure is not None and failure.code == "INVALID_SESSION_ID"
