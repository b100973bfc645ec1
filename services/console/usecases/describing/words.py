"""In which words are events described?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from services.console import settings
from services.console.rendering.filters import day
from shared.contracts.events import CRMS

Tone = Literal["plain", "signal", "score"]
Data = Mapping[str, Any]
CHANNELS = {"call": "Call", "email": "E-mail", "linkedin": "Message by hand", "research": "Research"}
ICONS = {"call": "phone", "email": "mail", "linkedin": "message-square", "research": "search"}
KINDS = {"done": "", "skipped": "skipped", "moved": "put off", "reassigned": "given to another rep"}


@dataclass(frozen=True, slots=True)
class Names:
    """What people call what events name by its id; an id without a name is shown as it is."""

    reps: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    sequences: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def rep(self, rep: str | None) -> str:
        return self.reps.get(rep or "", rep or "no one")

    def by(self, rep: str | None) -> str:
        """Who did something: `by Ann Lee`, `in HubSpot`."""
        return f"in {rep}" if rep in CRMS.values() else f"by {self.rep(rep)}"


def names_of(reps: Mapping[str, str]) -> Names:
    """What people call what events name by its id."""
    return Names(
        reps=reps,
        roles=settings.role_labels(),
        families=settings.family_labels(),
        outcomes=settings.outcome_titles(),
        stages=settings.stage_labels(),
        sequences={name: each.title for name, each in settings.sequences().items()},
        facts=settings.fact_titles(),
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """An event in words: `strong` and `title` are one sentence."""

    icon: str
    strong: str
    title: str = ""
    tone: Tone = "plain"
    lines: tuple[str, ...] = ()
    quote: str = ""
    """What a person wrote."""
    change: tuple[str, str, str] | None = None
    """What changed, from, to."""

    @property
    def sentence(self) -> str:
        return self.strong + self.title


Describe = Callable[[Data, Names], Phrase]


def lines(*lines: str | None) -> tuple[str, ...]:
    return tuple(each for each in lines if each)


def on_day(value: str) -> str:
    return day(date.fromisoformat(value))


def as_of(d: Data, name: str) -> str:
    return f"as of {on_day(d[name])}" if d.get(name) else ""


def known(value: str | None) -> str:
    return "unknown" if value is None else value


def points(value: Any) -> str:
    return f"{Decimal(value):.1f}"


def family_of(d: Data, n: Names) -> str:
    return n.families.get(d["role_family"], str(d["role_family"]).replace("_", " "))


def newest(d: Data) -> Data | None:
    return max(d.get("signals") or (), key=lambda each: each["last_seen_on"], default=None)


def role_of(role: str, n: Names) -> str:
    return n.roles.get(role, role.replace("_", " "))


def stage_of(stage: str, n: Names) -> str:
    return n.stages.get(stage, stage.replace("_", " ").capitalize())


def sequence_of(d: Data, n: Names) -> str:
    return n.sequences.get(d["sequence"], d["sequence"])


def covers(d: Data) -> str:
    return f"covers {len(d['covers'])} of its chain" if len(d.get("covers") or ()) > 1 else ""


def channel_of(d: Data) -> str:
    return CHANNELS.get(d["channel"], str(d["channel"]).capitalize())


def icon_of(d: Data) -> str:
    return ICONS.get(d["channel"], "activity")


def outcome_of(outcome: str | None, n: Names) -> str:
    return next((those[outcome] for those in n.outcomes.values() if outcome and outcome in those), outcome or "")
