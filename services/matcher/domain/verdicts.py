"""For which reasons can a person reject all candidates of a group?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerdictKind:
    """A reason to name no facility."""

    name: str
    is_final: bool = False
    """The postings are ignored from now on; otherwise they keep waiting."""
    of_matches: bool = False
    """Also valid for a person who judges an automatic match without seeing it."""
