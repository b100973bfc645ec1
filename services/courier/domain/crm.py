"""How far has the exchange with a CRM come, and what is done next?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from engines.crm.exchange import Failure
from engines.crm.records import Kind, System

POLL: Final = timedelta(minutes=1)
"""Between two looks at what they changed."""
WHILE_A_JOB_RUNS: Final = timedelta(seconds=15)
"""The same, while we wait for a job, of which we ask then too."""
LATE: Final[Mapping[System, timedelta]] = {"hubspot": timedelta(minutes=1), "salesforce": timedelta(minutes=10)}
"""How much earlier each look begins: the index of HubSpot's search is some seconds late, and what a transaction of
Salesforce changed is seen when it ends."""
SLICE: Final[Mapping[System, int]] = {"hubspot": 100, "salesforce": 200}
"""Records of a slice, which are one request."""
JOB_FROM: Final = 2_000
"""New records that Salesforce is sent as a job."""
JOB_MOST: Final = 5_000
"""Those of one job, whose results are read as a whole."""
OWNERS: Final = timedelta(hours=1)
"""How long the ids of owners are used."""
RESTS: Final = timedelta(hours=1)
"""How long a lane rests if only an operator can mend it; each `pipeline crm setup` ends it."""
_DELAYS: Final = (10.0, 60.0, 300.0, 1800.0)


class Lane(NamedTuple):
    """The exchange of one kind of records, as it is stored."""

    system: System
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
    job: str | None = None
    """The job that sends records now."""

    @property
    def key(self) -> str:
        return f"{self.system} {self.kind}"

    def poll_at(self, now: datetime) -> datetime:
        """When we look at what they changed."""
        if self.page or not self.polled_at:
            return now
        return self.polled_at + (WHILE_A_JOB_RUNS if self.job else POLL)


def delay(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    return timedelta(seconds=_DELAYS[min(max(failures, 1), len(_DELAYS)) - 1])


def rest(failure: Failure, failures: int) -> timedelta:
    """How long nothing is asked after a failure that concerns more than a record."""
    if failure.cause != "theirs":
        return RESTS
    return timedelta(seconds=failure.after) if failure.after else delay(failures)
