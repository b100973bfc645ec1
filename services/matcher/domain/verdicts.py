"""For which reasons can a person reject all candidates of a group?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictKind:
    """A reason not to name a facility, as defined by the pack in `matching.yaml`."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    label: str
    """What it means, for people."""
    is_final: bool = False
    """The postings are ignored from now on; otherwise they keep waiting."""
    of_matches: bool = False
    """Also valid for a person who judges an automatic match without seeing it."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.name != self.name.lower() or not self.label.strip():
            raise ValueError(
                "a verdict needs a name of lower-case letters, digits and underscores, and a label for people"
            )
