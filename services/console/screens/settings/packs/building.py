"""How are scoring models and their differences put in words?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.console.screens.settings.packs.view import Comparison, Crossing, Section
from shared.contracts.schemes import CrossingFacility, Scheme
from shared.contracts.scorer_replies import TriedScheme

TITLES = {
    "factors": "Factors",
    "multiplier": "Multiplier",
    "composites": "Composites",
    "policy": "Tiers",
    "model": "Model",
}
"""The parts of a pack that its scoring has."""
MOST = 100
"""Crossings on a page."""
KEYS = ("name", "factor", "id")
"""What names an entry of a list."""


def parts(scheme: Scheme) -> tuple[Section, ...]:
    """All values, by part."""
    return _sections({key: ("", value) for key, value in _values(scheme).items()})


def differences(before: Scheme, after: Scheme) -> tuple[Section, ...]:
    """The values that differ, by part."""
    old, new = _values(before), _values(after)
    keys = dict.fromkeys([*old, *new])
    return _sections({key: (old.get(key, ""), new.get(key, "")) for key in keys if old.get(key) != new.get(key)})


def compared(before: Scheme, after: Scheme, tried: TriedScheme | None, csv: str) -> Comparison:
    found = tried.comparison.crossings if tried else []
    names = tried.names if tried else {}
    return Comparison(
        hash=after.pack,
        sections=differences(before, after),
        cohort=tried.comparison.cohort if tried else 0,
        crossings=tuple(crossing(each, names) for each in found[:MOST]),
        crossed=len(found),
        tried=tried is not None,
        csv=csv if found else "",
    )


def crossing(each: CrossingFacility, names: Mapping[str, str]) -> Crossing:
    return Crossing(
        name=names.get(each.facility_id, each.facility_id),
        href=f"/facilities/{each.facility_id}",
        before=each.from_tier,
        after=each.to_tier,
        score_before=float(each.score_before),
        score_after=float(each.score_after),
        because=", ".join(each.factor.replace("_", " ") for each in each.because),
    )


def _sections(values: Mapping[tuple[str, str], tuple[str, str]]) -> tuple[Section, ...]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for (part, name), (before, after) in values.items():
        found.setdefault(part, []).append((name, before, after))
    return tuple(Section(TITLES[part], tuple(found[part])) for part in TITLES if part in found)


def _values(scheme: Scheme) -> dict[tuple[str, str], str]:
    """Each value by its part and its name: `open_posting: weight`."""
    found = {("policy", name): value for name, value in _flat(scheme.policy)}
    for key, entry in scheme.model.items():
        part = key if key in TITLES and key != "model" else "model"
        found |= {(part, name or key): value for name, value in _flat(entry, "" if part == key else key)}
    return found


def _flat(entry: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(entry, Mapping):
        for key, each in entry.items():
            yield from _flat(each, f"{name}: {key}" if name else str(key))
    elif isinstance(entry, list) and any(isinstance(each, Mapping) for each in entry):
        for number, each in enumerate(entry, 1):
            own = next((str(each[key]) for key in KEYS if isinstance(each, Mapping) and key in each), str(number))
            yield from _flat(each, f"{name}: {own}" if name else own)
    elif isinstance(entry, list):
        yield name, ", ".join(map(str, entry))
    elif entry is not None:
        yield name, str(entry)
