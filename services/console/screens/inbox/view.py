"""What does the signal inbox show: employers that wait for a decision, and the one that is open?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.shapes import Choice, Score

Words = tuple[tuple[str, bool], ...]
"""A text in pieces: each with whether employer and candidate have these words in common."""


@dataclass(frozen=True, slots=True)
class Group:
    """An employer at a place, with its postings. In the order of the matcher."""

    key: str
    href: str
    employer: str
    place: str
    roles: str
    postings: int
    age: str
    """`20 h`"""
    leaves: str = ""
    """`leaves in 9 h`; empty until it is near."""
    urgent: bool = False
    """It leaves within 12 hours."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a confidence: of the name, the place, the chain. Unknown is not 0: then `share` is None."""

    title: str
    share: float | None
    """0 to 1."""
    word: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that the employer may be."""

    id: str
    key: str
    """1 to 5."""
    name: Words
    place: Words
    confidence: float
    """The confidences of all candidates and of none of these add to 1."""
    parts: tuple[Part, ...]
    score: Score
    href: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting of the employer, as it was published."""

    title: str
    quoted: str
    source: str
    seen: str
    """`23 to 24 Nov`"""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason why it is none of the candidates; a verdict of the pack."""

    name: str
    title: str
    key: str
    detail: str = ""
    """What follows: `these postings are ignored from now on`"""


@dataclass(frozen=True, slots=True)
class Case:
    """The group that is open."""

    key: str
    version: int | None
    """None if only read models are known."""
    employer: Words
    place: Words
    facts: tuple[str, ...]
    """`urgency 3`, `4 postings, 3 sources`, `waiting 63 h`"""
    why: str
    """Why it could not be matched: `names a chain and a city with three of its members`"""
    kind: str
    """The same in two words: `Chain only`"""
    candidates: tuple[Candidate, ...]
    none: float
    """The confidence that it is none of these."""
    verdicts: tuple[Verdict, ...]
    """The first stands below the candidates, the others at the foot."""
    postings: tuple[Posting, ...]
    decide: bool
    """Whether the person may decide."""
    leaves: str = ""
    urgent: bool = False
    error: str = ""
    """Why the last decision was refused."""
    other: str = ""
    """What was typed to find another account."""
    found: tuple[Candidate, ...] = ()
    """The accounts that have it in their names."""
    state: str = ""
    """The tab, which a search keeps."""
    dismissed: bool = False
    """No one decided in time, and a person may let it wait anew."""
    judging: bool = False
    """The match is judged blind: neither confidences nor the matched one are shown."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a person, and whether it can be taken back."""

    key: str
    version: int | None
    employer: str
    text: str
    """`is Alder Creek Rehabilitation`, `not one of ours`"""
    by: str
    at: str
    postings: int
    undo: bool


@dataclass(frozen=True, slots=True)
class Precision:
    """What judging has shown."""

    right: int
    judged: int
    low: float
    high: float
    """The interval, in percent."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The page."""

    sentence: str
    """`7 employers wait, 15 postings`"""
    tabs: tuple[Choice, ...]
    groups: tuple[Group, ...]
    decisions: tuple[Decision, ...] = ()
    """Of the tabs decided and dismissed."""
    matched: str = ""
    """`91 %`"""
    matched_of: str = ""
    """`matched this week, 86/94, target ≥ 80 %`"""
    matched_href: str = ""
    case: Case | None = None
    opened: bool = False
    caption: str = "Most postings, least certain first. 72 h to decide."
    decided: str = ""
    """`Decided today 5: 9 postings matched`"""
    precision: Precision | None = None
    empty: str = ""
    """`91 % matched this week`"""
