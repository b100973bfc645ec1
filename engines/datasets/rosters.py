"""Which people does a row of a roster name, a file of facilities with the people of roles in columns of their own?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.datasets.headings import column

_STATED = (
    "facility_id", "chain", "direct_phone", "email", "source", "source_date", "source_url", "do_not_contact",
    "do_not_call", "do_not_email",
)  # fmt: skip
"""The columns of a contact list that a roster may have as well."""


@dataclass(frozen=True, slots=True)
class Rosters:
    """The headings of rosters: of the names by role, of the key of the facility, and of the day of the file."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facility_id: tuple[str, ...] = ()
    source_date: tuple[str, ...] = ()


NO_ROSTERS = Rosters()


def people_in(rosters: Rosters, cells: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a contact list in a row of a roster, by column: one for each role with a name.

    A row with a role of its own is one of a contact list already. The telephone number of a roster is that of the
    facility, so that a direct number is still missing. Empty cells are left out of `cells`.
    """
    columns = {role: _known(cells, headings) for role, headings in rosters.roles.items()}
    is_roster = any(columns.values()) or ("name" not in cells and _known(cells, _own(rosters)) is not None)
    if "role" in cells or not is_roster:
        return [dict(cells)]
    stated = {name: cells[name] for name in _STATED if name in cells}
    for name, headings in (("facility_id", rosters.facility_id), ("source_date", rosters.source_date)):
        if found := _known(cells, headings):
            stated.setdefault(name, cells[found])
    named = ((role, name) for role, found in columns.items() if found and (name := cells[found]))
    return [stated | {"role": role, "name": name} for role, name in named]


def _own(rosters: Rosters) -> tuple[str, ...]:
    """The headings that only rosters have."""
    return (*rosters.facility_id, *rosters.source_date)


def _known(cells: Mapping[str, Any], headings: Iterable[str]) -> str | None:
    """The column that a row has under one of these headings."""
    return next((name for heading in headings if (name := column(heading)) in cells), None)
