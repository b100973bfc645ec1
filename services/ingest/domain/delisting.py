"""Does a file that is said to be complete delist what it lacks?

A file that was cut, or of which rows were not taken, lacks facilities that still exist; and so may one that is whole,
if it is not what it was taken for. So a delisting that is out of the ordinary needs a person who has seen its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FEW = 5
"""Facilities of a state: fewer may close in a month where it has but twenty."""


@dataclass(frozen=True, slots=True)
class Delisting:
    """What a complete file would delist, and what is known of file and registry."""

    complete: str
    """The state that the file is complete for, or `US`."""
    as_of: date
    held_as_of: date | None
    listed: int
    """Facilities of the place in the file."""
    held: Mapping[str, int]
    """Facilities that are listed, by state, the missing ones included."""
    gone: Mapping[str, int]
    """How many of these the file lacks, by state."""
    rejected: Sequence[int]
    """Lines that were not taken."""
    cut: str | None
    told: int | None
    """How many a person said that there are to delist."""
    most_share: Decimal


def against(said: Delisting) -> str | None:
    """Why nothing is delisted, in sentences; None if what is missing may go."""
    if not said.listed:
        return "Nothing was delisted: the file lists no facility of the place that it is said to be complete for."
    if said.held_as_of and said.as_of < said.held_as_of:
        return f"Nothing was delisted: the file is of {said.as_of}, and what is held is of {said.held_as_of}."
    count = sum(said.gone.values())
    if said.told is not None:
        return (
            None
            if said.told == count
            else f"Nothing was delisted: told to delist {said.told}, but {count} are missing."
        )
    doubts = list(_doubts(said, count))
    return f"Nothing was delisted: {'; '.join(doubts)}." if doubts else None


def _doubts(said: Delisting, count: int) -> Iterator[str]:
    if said.rejected:
        more = f" and {len(said.rejected) - 5} more" if len(said.rejected) > 5 else ""
        several = "s" * (len(said.rejected) > 1)
        lines = f"line{several} " + ", ".join(map(str, said.rejected[:5])) + more
        rows = f"{len(said.rejected)} row{'s were' if len(said.rejected) > 1 else ' was'}"
        yield f"{rows} not taken ({lines}), so the file does not say who else is listed"
    if said.cut:
        yield f"the file may be cut short ({said.cut})"
    held = sum(said.held.values())
    if count > said.most_share * held:
        share = f"{count / held:.0%}, and at most {said.most_share:.0%} go unasked"
        yield f"{count} of {held} listed facilities are missing, {share}"
    elif said.complete == "US":
        yield from _doubts_by_state(said)


def _doubts_by_state(said: Delisting) -> Iterator[str]:
    """A state that is missing, wholly or in good part, is a small share of the country."""
    emptied = sorted(state for state, count in said.gone.items() if count == said.held.get(state))
    if emptied:
        yield f"no facility of {', '.join(emptied)} is in it any more"
    for state, count in sorted(said.gone.items()):
        held = said.held.get(state, 0)
        if state not in emptied and count >= FEW and count > said.most_share * held:
            yield f"{count} of {held} facilities of {state} are missing, and at most {said.most_share:.0%} go unasked"
