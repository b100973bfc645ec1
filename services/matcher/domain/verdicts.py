"""What can a person find of a group of postings that means none of the facilities shown?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerdictKind:
    """A reason why no facility is named."""

    name: str
    is_final: bool = False
    """The postings are ignored from now on; otherwise they go on waiting."""
    of_matches: bool = False
    """Also for somebody who judges an automatic match without being shown it."""
