"""Which other facts are known about the invented facilities, with which dates?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from cli.demo.invented.facilities import Facility

QUARTERS = 9
_PUBLICATION_LAG = timedelta(days=45)


def invent_facts(seed: int, facilities: Iterable[Facility], start: date) -> Iterator[dict[str, str]]:
    """Rows `facility_id, field, value, as_of`: each field for a realistic share of the facilities, nothing after the
    start."""
    rng = Random(f"{seed}:facts")  # noqa: S311 - invented data, no secret depends on it
    quarters = quarter_ends(start)
    known = start - timedelta(days=16)
    for facility in facilities:
        for field, value in _dated_and_shares(rng, facility, known):
            yield _fact(facility, field, value, known)
        for quarter, volume in zip(quarters, _volumes(rng, facility), strict=False):
            yield _fact(facility, "mds_volume", str(volume), quarter)


def quarter_ends(start: date) -> list[date]:
    """The ends of the quarters that are published by then, the latest last."""
    last = start - _PUBLICATION_LAG + timedelta(days=1)
    months = last.year * 4 + (last.month - 1) // 3
    return [date(number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1) for number in range(months - 8, months + 1)]


def _fact(facility: Facility, field: str, value: str, as_of: date) -> dict[str, str]:
    return {"ccn": facility.facility_id, "field": field, "value": value, "as_of": as_of.isoformat()}


def _dated_and_shares(rng: Random, facility: Facility, known: date) -> Iterator[tuple[str, str]]:
    if rng.random() < 0.22:
        yield "last_f641_on", _ago(rng, known, 1000)
    if facility.fines:
        yield "last_fine_on", _ago(rng, known, 1000)
    if rng.random() < 0.30:
        yield "administrator_changed_on", _ago(rng, known, 500)
    if rng.random() < 0.90:
        yield "medicaid_share", f"{min(0.97, max(0.04, rng.gauss(0.62, 0.19))):.4f}"
    elif rng.random() < 0.3:
        yield "medicaid_share", ""


def _ago(rng: Random, known: date, days: int) -> str:
    return (known - timedelta(days=rng.randrange(3, days))).isoformat()


def _volumes(rng: Random, facility: Facility) -> list[int]:
    """Assessments per quarter, oldest first; for about one facility in twelve, the latest is an anomaly."""
    if rng.random() < 0.25:
        return []
    usual = facility.beds * rng.uniform(1.4, 3.6)
    volumes = [max(1, round(rng.gauss(usual, usual * 0.05))) for _ in range(QUARTERS)]
    if rng.random() < 0.08:
        volumes[-1] = max(1, round(usual * rng.choice((0.72, 0.8, 1.2, 1.35))))
    return volumes
