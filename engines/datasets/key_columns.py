"""Which account is a row of a file about? Files state its key, or the pack makes it of other columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engines.datasets.account_key import AccountKey
from engines.datasets.facts import Headings
from engines.datasets.headings import letters
from engines.datasets.states import state_of
from engines.datasets.text import plain, quoted

NO_STATE = "is not a state; write NY or New York"


@dataclass(frozen=True, slots=True)
class KeyColumns:
    """The columns of a file that identify the accounts of its rows."""

    key: AccountKey
    stated: tuple[int, ...]
    """Those with keys, of which the first that is not empty counts."""
    parts: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Without such columns, those that the key is made of."""

    def of(self, cells: Sequence[str]) -> str:
        """The key of a row; raises `ValueError` with the problem."""
        if self.stated:
            return self.key.of(first(cells, self.stated))
        parts = {name: first(cells, places) for name, places in self.parts}
        if parts.get("state"):
            state = state_of(parts["state"])
            if not state:
                raise ValueError(f"state {quoted(parts['state'])} {NO_STATE}")
            parts["state"] = state
        return self.key.made(parts)

    def readable(self, cells: Sequence[str]) -> str | None:
        """The key of a row, or None if it cannot be read."""
        try:
            return self.of(cells)
        except ValueError:
            return None

    @property
    def columns(self) -> tuple[int, ...]:
        """A column of each that the key is read from."""
        return self.stated[:1] or tuple(places[0] for _, places in self.parts)


def key_columns(headings: Headings, header: Sequence[str]) -> KeyColumns | None:
    """The columns by which a file identifies accounts; None if it has none."""
    places = {letters(title): place for place, title in reversed(list(enumerate(header)))}

    def of(name: str) -> tuple[int, ...]:
        titles = map(letters, headings.identity.get(name, ()))
        return tuple(places[title] for title in titles if title in places)

    if stated := of("facility_id"):
        return KeyColumns(headings.key, stated)
    parts = tuple((name, of(name)) for name in headings.key.made_of)
    return KeyColumns(headings.key, (), parts) if parts and all(found for _, found in parts) else None


def first(cells: Sequence[str], places: Sequence[int]) -> str:
    """The first cell of some columns that is not empty, in plain text."""
    found = (plain(cells[place]) for place in places if place < len(cells))
    return next((text for text in found if text), "")
