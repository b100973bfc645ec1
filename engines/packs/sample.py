"""What does a demo of a pack invent? (`sample.yaml`)

Every name that it states is one of the pack's: the headings of fields.yaml, the roles of contacts.yaml and the families
of roles.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

STRICT = {"extra": "forbid"}

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1, le=5_000)]


@dataclass(frozen=True, slots=True)
class Town:
    """A real place for invented accounts."""

    __pydantic_config__ = STRICT

    city: str
    state: str
    zip: str
    county: str
    area_code: str
    weight: Weight = 1


@dataclass(frozen=True, slots=True)
class Groups:
    """Which share of the accounts is in a group, how large groups are, and how their names end."""

    __pydantic_config__ = STRICT

    share: Share
    sizes: Annotated[tuple[Count, ...], Field(min_length=1)]
    names: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Quarters:
    """A value at the end of each of the latest quarters that are published, instead of one."""

    __pydantic_config__ = STRICT

    count: Annotated[int, Field(ge=1, le=40)]
    varies: Share
    """The standard deviation from one quarter to the next, as a share of the drawn number."""
    unusual: Share = 0
    """The share of accounts whose latest value is far from the others."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the values of a column or a fact are drawn: in one of these ways, and missing for a share of the accounts.

    Numbers stay within the limits that fields.yaml states.
    """

    __pydantic_config__ = STRICT

    one_of: Annotated[Mapping[str, Weight] | None, Field(min_length=1)] = None
    """One value, by weight."""
    some_of: Annotated[Mapping[str, Share] | None, Field(min_length=1)] = None
    """Each with its share, with `|` between them; the likeliest one where chance takes none."""
    most: Annotated[int | None, Field(ge=1)] = None
    """So many of `some_of` at most."""
    between: tuple[float, float] | None = None
    """A number between two, both included ..."""
    around: float | None = None
    """... or of a normal distribution with this mean ..."""
    spread: Annotated[float | None, Field(gt=0)] = None
    """... and this standard deviation."""
    decimals: Annotated[int, Field(ge=0, le=9)] = 0
    """To so many decimal places a number is rounded."""
    times: str | None = None
    """The heading of a column, by whose number the drawn one is multiplied."""
    days_ago: Annotated[int | None, Field(ge=1)] = None
    """A day at most so long before that of the list."""
    text: str | None = None
    """A text with `{name}`, `{place}`, `{city}`, `{state}` or `{domain}`."""
    only_if: str | None = None
    """The heading of a column; the value is missing where that one is empty or 0."""
    unknown: Share = 0
    quarters: Quarters | None = None
    """Only of a fact that is a number."""

    def __post_init__(self) -> None:
        ways = ("one_of", "some_of", "between", "around", "days_ago", "text")
        if sum(getattr(self, way) is not None for way in ways) != 1:
            raise ValueError(f"state one of {', '.join(ways)}")
        if self.most is not None and self.some_of is None:
            raise ValueError("most goes with some_of")
        if (self.around is None) != (self.spread is None):
            raise ValueError("around and spread go together")
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("between states the least number first")
        if (self.decimals or self.times or self.quarters) and self.between is None and self.around is None:
            raise ValueError("decimals, times and quarters go with between or around")
        self._refuse_unknown_parts()

    def _refuse_unknown_parts(self) -> None:
        try:
            (self.text or "").format(name="", place="", city="", state="", domain="")
        except (KeyError, ValueError, IndexError, AttributeError):
            raise ValueError("text may state {name}, {place}, {city}, {state} and {domain}") from None


@dataclass(frozen=True, slots=True)
class RoleFamily:
    """How many of the relevant postings are of a family, and their titles."""

    __pydantic_config__ = STRICT

    share: Weight
    titles: Annotated[tuple[str, ...], Field(min_length=1)]


Adapter = Literal["career_site", "careeronestop", "csv_url", "greenhouse", "smartrecruiters"]
"""How a source is fetched whose postings name their employers."""


@dataclass(frozen=True, slots=True)
class SampleSource:
    """Where postings come from, and which share of them."""

    __pydantic_config__ = STRICT

    share: Weight
    adapter: Adapter | None = None
    """Without one, the source pushes its postings with a key."""


def _sources() -> Mapping[str, SampleSource]:
    return {
        "career-pages": SampleSource(0.22, "career_site"),
        "county-pages": SampleSource(0.15, "career_site"),
        "company-board": SampleSource(0.16, "smartrecruiters"),
        "state-exchange": SampleSource(0.15, "careeronestop"),
        "chain-board": SampleSource(0.08, "greenhouse"),
        "group-board": SampleSource(0.06, "greenhouse"),
        "association-list": SampleSource(0.06, "csv_url"),
        "job-board": SampleSource(0.12),
    }


@dataclass(frozen=True, slots=True)
class SamplePostings:
    """How many postings there are on a day, and whose. Without families, all have the titles of `other`."""

    __pydantic_config__ = STRICT

    per_day: Count
    other: Annotated[tuple[str, ...], Field(min_length=1)]
    """Titles of no family."""
    families: Mapping[str, RoleFamily] = field(default_factory=dict)
    noise: Share = 0.33
    """Postings of accounts with a title of no family."""
    strangers: Share = 0.1
    """Postings of employers that are no accounts."""
    strangers_are: tuple[str, ...] = ("Memorial Hospital", "Staffing Partners")
    """How their names end."""
    sources: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")], SampleSource] = field(
        default_factory=_sources
    )
    """By name; one of them pushes its postings, and the others are fetched."""

    def __post_init__(self) -> None:
        adapters = [each.adapter for each in self.sources.values()]
        if adapters.count(None) != 1:
            raise ValueError("sources: one source has no adapter, because it pushes its postings")
        if adapters.count("careeronestop") > 1:
            raise ValueError("sources: careeronestop is one source at most")
        if self.noise + self.strangers > 1:
            raise ValueError("noise and strangers add up to 1 at most")
        if self.strangers and not self.strangers_are:
            raise ValueError("strangers_are states how names of strangers end")


@dataclass(frozen=True, slots=True)
class SampleContact:
    """For which share of the accounts, or groups, someone is known; of these, a direct phone and an e-mail address."""

    __pydantic_config__ = STRICT

    share: Share
    phone: Share = 0.7
    email: Share = 0.9
    successor: Share = 0
    """Of those who are known, the share that someone else has followed since."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a demo invents: accounts, or postings and people for the accounts of a list (`of`)."""

    __pydantic_config__ = STRICT

    postings: SamplePostings
    days: Annotated[int, Field(ge=1, le=365)] = 60
    """How many days the demo lasts, if a person states none."""
    of: str | None = None
    """A list in the pack's folder sample/."""
    count: Annotated[int | None, Field(ge=10, le=10_000)] = None
    """The number of invented accounts."""
    key: str | None = None
    """Their keys, if the pack makes none: a text with `{n}`, as in `W-{n:04d}`."""
    kinds: tuple[str, ...] = ()
    """A name is an invented place, a plant, and one of these."""
    short: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How job boards abbreviate words of names."""
    towns: tuple[Town, ...] = ()
    groups: Groups | None = None
    legal: tuple[str, ...] = ()
    """How legal names end, after the place and the plant; without any, accounts have none."""
    columns: Mapping[str, Drawn] = field(default_factory=dict)
    """By heading, how the columns after those of name and place are drawn."""
    facts: Mapping[str, Drawn] = field(default_factory=dict)
    """By field of fields.yaml, what a second file states, for fields that have no heading or a value per quarter."""
    contacts: Mapping[str, SampleContact] = field(default_factory=dict)
    """By role."""
    clients: Annotated[int, Field(ge=0, le=1_000)] = 0
    undecided: bool = False
    """Whether some employers of the last morning wait in the inbox."""

    def __post_init__(self) -> None:
        if (self.of is None) == (self.count is None):
            raise ValueError("state either of, a list in the folder sample/, or count")
        names = ("key", "kinds", "towns", "groups", "legal", "columns", "facts")
        invented = {name: getattr(self, name) for name in names}
        if self.of and (extra := [name for name, value in invented.items() if value]):
            raise ValueError(f"{' and '.join(extra)}: not with of, whose list has all of it")
        if self.count and not (self.kinds and self.towns):
            raise ValueError("invented accounts need kinds and towns")
        if self.kinds and (absent := [word for word in self.short if not any(word in kind for kind in self.kinds)]):
            raise ValueError(f"short.{absent[0]}: no kind has these words")
        if self.undecided and not self.postings.families:
            raise ValueError("undecided needs families of postings")
        if self.key is not None:
            self._refuse_equal_keys(self.key)
        self._refuse_unstated()

    def _refuse_equal_keys(self, key: str) -> None:
        try:
            differ = key.format(n=1) != key.format(n=2)
        except (KeyError, ValueError, IndexError, AttributeError):
            differ = False
        if not differ:
            raise ValueError("key is a text with {n}, as in W-{n:04d}")

    def _refuse_unstated(self) -> None:
        """Raises `ValueError` if a value depends on a column that is not stated, or not before it."""
        before = list[str]()
        for heading, drawn in self.columns.items():
            if missing := [each for each in (drawn.times, drawn.only_if) if each and each not in before]:
                raise ValueError(f"columns.{heading}: no column {missing[0]!r} is stated before it")
            if drawn.quarters:
                raise ValueError(f"columns.{heading}: quarters are for facts")
            before.append(heading)
        for name, drawn in self.facts.items():
            if missing := [each for each in (drawn.times, drawn.only_if) if each and each not in before]:
                raise ValueError(f"facts.{name}: there is no column {missing[0]!r}")
