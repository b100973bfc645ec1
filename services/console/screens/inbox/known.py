"""What does the address of the signal inbox ask for, and what is known of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.console import settings
from services.console.domain.addresses import address_of
from services.console.rendering.filters import plural
from services.console.screens.inbox.queries import Account, Decided, Posting
from shared.contracts.matcher import InboxGroup
from shared.contracts.matcher_replies import MatchToJudge, MeasuredPrecision, Verdict

TABS = {"": "Waiting", "judge": "Judge", "decided": "Decided", "dismissed": "Dismissed"}
MOST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    state: str = ""
    key: str = ""
    find: str = ""
    """What another account is looked for by."""

    def href(self, key: str = "", state: str | None = None) -> str:
        named = self.state if state is None else state
        path = f"/inbox/{key}" if key else "/inbox"
        return address_of(path, {"state": named})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for the page."""

    groups: Sequence[InboxGroup]
    """Those of the tab, in the order of the matcher."""
    waiting: Sequence[InboxGroup]
    today: date
    zone: str
    matches: Sequence[MatchToJudge] = ()
    precision: MeasuredPrecision | None = None
    verdicts: Sequence[Verdict] = ()
    decided: Sequence[Decided] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    found: Sequence[Account] = ()
    postings: Sequence[Posting] = ()
    reps: Mapping[str, str] = field(default_factory=dict)
    live: bool = True
    """Whether the matcher replied."""


def opened_group(asked: Asked, known: Known) -> InboxGroup | None:
    """The group of the address; beside a list, its first one."""
    named = next((each for each in (*known.groups, *known.waiting) if each.key == asked.key), None)
    return named or (next(iter(known.groups), None) if not asked.key else None)


def opened_match(asked: Asked, known: Known) -> MatchToJudge | None:
    named = next((each for each in known.matches if each.key == asked.key), None)
    return named or (next(iter(known.matches), None) if not asked.key else None)


def leaves_in(known: Known, each: InboxGroup) -> tuple[str, bool]:
    """How long people still have, once a day has passed."""
    if each.dismissed_on:
        return "", False
    left = (each.waiting_since + timedelta(settings.days_to_decide()) - known.today).days
    if (known.today - each.waiting_since).days < 1:
        return "", False
    return (f"leaves in {plural(left, 'day')}" if left > 1 else "leaves tonight"), left <= 1


def place_of(city: str | None, state: str | None) -> str:
    return ", ".join(filter(None, (settings.usual_name(city) if city else "", state))) or "place unknown"


def family_of(role: str) -> str:
    return settings.family_labels().get(role, role.replace("_", " "))
