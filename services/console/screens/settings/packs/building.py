"""How are scoring models and their differences put in words?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.console import settings
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
WORDS = {
    "at_least": "needs at least",
    "calibrate": "calibrated",
    "evidence": "text",
    "full_z": "full value from z",
    "hysteresis": "points below the cut before one drops out",
    "if_unknown": "value if unknown",
    "lift": "share by urgency, from 0 to 4",
    "min_score": "lowest cut of tier",
    "most": "adds at most",
    "none_open": "text if none is open",
    "otherwise": "any other value",
    "out_of": "divided by",
    "targets": "accounts in tier",
    "tie_break": "order of equals",
    "unknown": "text if unknown",
    "weights_sum": "sum of the weights",
}
"""Keys of packs that are no words by themselves; of the others, `_` is a space."""
OF_FACTS = ("field", "fact", "rises", "measure")
"""The keys whose value is the id of a fact."""
Path = tuple[str, ...]
"""Where a value is: its part, and the keys down to it."""


def parts(scheme: Scheme) -> tuple[Section, ...]:
    """All values, by part."""
    return _sections({path: ("", value) for path, value in _values(scheme).items()}, _labels(scheme))


def differences(before: Scheme, after: Scheme) -> tuple[Section, ...]:
    """The values that differ, by part."""
    old, new = _values(before), _values(after)
    paths = dict.fromkeys([*old, *new])
    changed = {path: (old.get(path, ""), new.get(path, "")) for path in paths if old.get(path) != new.get(path)}
    return _sections(changed, _labels(after) | _labels(before), labels_changed=True)


def compared(before: Scheme, after: Scheme, tried: TriedScheme | None, csv: str) -> Comparison:
    found = tried.comparison.crossings if tried else []
    names, labels = tried.names if tried else {}, factor_labels(before, after)
    return Comparison(
        hash=after.pack,
        sections=differences(before, after),
        cohort=tried.comparison.cohort if tried else 0,
        crossings=tuple(crossing(each, names, labels) for each in found[:MOST]),
        crossed=len(found),
        tried=tried is not None,
        csv=csv if found else "",
    )


def crossing(each: CrossingFacility, names: Mapping[str, str], labels: Mapping[str, str]) -> Crossing:
    return Crossing(
        name=names.get(each.facility_id, each.facility_id),
        href=f"/facilities/{each.facility_id}",
        before=each.from_tier,
        after=each.to_tier,
        score_before=float(each.score_before),
        score_after=float(each.score_after),
        because=", ".join(labels.get(each.factor, each.factor.replace("_", " ")) for each in each.because),
    )


def factor_labels(*schemes: Scheme) -> dict[str, str]:
    """What the factors of packs are called, by id."""
    return {path[1]: label for each in schemes for path, label in _labels(each).items() if len(path) == 2}


def _sections(
    values: Mapping[Path, tuple[str, str]], labels: Mapping[Path, str], *, labels_changed: bool = False
) -> tuple[Section, ...]:
    """A label is the name of what has it, so it is a value of its own only where it has changed."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path, (before, after) in values.items():
        if len(path) > 2 and (path[-1] in KEYS[:2] or (path[-1] == "label" and not labels_changed)):
            continue
        found.setdefault(path[0], []).append((_in_words(path, labels), before, after))
    return tuple(Section(TITLES[part], tuple(found[part])) for part in TITLES if part in found)


def _in_words(path: Path, labels: Mapping[Path, str]) -> str:
    """`Open posting: roles: Chart reviewer: weight`"""
    ends = range(2, len(path) + 1)
    words = (labels.get(path[:end]) or WORDS.get(path[end - 1]) or path[end - 1].replace("_", " ") for end in ends)
    return ": ".join(words)


def _labels(scheme: Scheme) -> dict[Path, str]:
    return {path[:-1]: value for path, value in _values(scheme).items() if path[-1] == "label" and len(path) > 2}


def _values(scheme: Scheme) -> dict[Path, str]:
    """Each value by its path: `factors`, `open_posting`, `weight`."""
    found: dict[Path, str] = {("policy", *path): value for path, value in _flat(scheme.policy)}
    for key, entry in scheme.model.items():
        part = (key,) if key in TITLES and key != "model" else ("model", key)
        found |= {(*part, *path): value for path, value in _flat(entry)}
    return {path: _value(path, value) for path, value in found.items()}


def _flat(entry: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(entry, Mapping):
        for key, each in entry.items():
            for path, value in _flat(each):
                yield (str(key), *path), value
    elif isinstance(entry, list) and any(isinstance(each, Mapping) for each in entry):
        for number, each in enumerate(entry, 1):
            own = next((str(each[key]) for key in KEYS if isinstance(each, Mapping) and key in each), str(number))
            for path, value in _flat(each):
                yield (own, *path), value
    elif isinstance(entry, list):
        yield (), ", ".join(map(str, entry))
    elif isinstance(entry, bool):
        yield (), "yes" if entry else "no"
    elif entry is not None:
        yield (), str(entry)


def _value(path: Path, value: str) -> str:
    """Facts and roles are called what pages call them."""
    titles = settings.fact_titles()
    if path[0] == "composites":
        return ", ".join(titles.get(each, each) for each in value.split(", "))
    if path[-1] in OF_FACTS:
        return titles.get(value, value)
    return settings.role_labels().get(value, value) if path[-1] == "contact" else value
