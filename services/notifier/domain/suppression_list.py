"""What does a row of a list of suppressions state about an address or a domain?"""

from __future__ import annotations

from typing import Protocol

from engines.suppression import lists
from engines.suppression.changes import Cause, NoTarget, Stated
from engines.suppression.lists import Listed, Reject, channels_of, text_of
from services.notifier.domain.suppressing import OWN_SCOPES, of_address, of_domain


class Cells(Protocol):
    """The cells of a row."""

    @property
    def line(self) -> int: ...
    @property
    def email(self) -> str | None: ...
    @property
    def domain(self) -> str | None: ...
    @property
    def scope(self) -> str | None: ...
    @property
    def target(self) -> str | None: ...
    @property
    def channels(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...


def read(row: Cells, cause: Cause) -> Listed | Reject:
    """What a row states, for the reason that it has or that of the list."""
    return lists.read(row.line, row.reason, cause, lambda own: _stated(row, own))


def _stated(row: Cells, cause: Cause) -> Stated:
    channels, (email, domain) = channels_of(row.channels), _named(row)
    if email and set(channels) - {"email"}:
        raise NoTarget("an address is suppressed for e-mail; leave its channels empty")
    return of_address(email, cause) if email else of_domain(domain, channels, cause)


def _named(row: Cells) -> tuple[str, str]:
    """The address or the domain of a row, in its own column or as scope and target; raises `NoTarget`."""
    email, domain, scope = text_of(row.email), text_of(row.domain), text_of(row.scope).lower()
    if scope == "person":
        raise NoTarget("a person is suppressed by `pipeline suppression add`")
    if email and domain:
        raise NoTarget("has both an email and a domain")
    if (email or domain) and scope in ("", "address" if email else "domain"):
        return email, domain
    if email or domain or scope not in OWN_SCOPES or not (target := text_of(row.target)):
        raise NoTarget(
            "has neither an email nor a domain, nor a scope (address, domain, facility or chain) with a target"
        )
    return (target, "") if scope == "address" else ("", target)
