"""How far has the exchange with a CRM come, and what is done next?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from engines.crm.exchange import Failure
from engines.crm.records import Kind

POLL: Final = timedelta(minutes=1)
"""Between two looks at what they changed."""
LATE: Final = timedelta(minutes=1)
"""The index of their search is some seconds late."""
OWNERS: Final = timedelta(hours=1)
"""How long the ids of owners are used."""
RESTS: Final = timedelta(hours=1)
"""How long a lane rests if only an operator can mend it; each `pipeline crm setup` ends it."""
_DELAYS: Final = (10.0, 60.0, 300.0, 1800.0)


class Lane(NamedTuple):
    """The exchange of one kind of records, as it is stored."""

    system: Literal["hubspot", "salesforce"]
    kind: Kind
    set_up_at: datetime | None
    wrong: list[str]
    owners: dict[str, str]
    owners_at: datetime | None
    polled_until: datetime | None
    polled_at: datetime | None
    page: str | None
    failures: int
    rests_until: datetime | None
    cause: str | None
    error: str | None

    @property
    def key(self) -> str:
        return f"{self.system} {self.kind}"

    def poll_at(self, now: datetime) -> datetime:
        """When we look at what they changed."""
        return now if self.page or not self.polled_at else self.polled_at + POLL


def delay(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    return timedelta(seconds=_DELAYS[min(max(failures, 1), len(_DELAYS)) - 1])


def rest(failure: Failure, failures: int) -> timedelta:
    """How long nothing is asked after a failure that concerns more than a record."""
    if failure.cause != "theirs":
        return RESTS
    return timedelta(seconds=failure.after) if failure.after else delay(failures)
