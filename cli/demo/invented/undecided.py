"""Which postings of the last morning must a person resolve?

They are not part of the feed, where they would be dismissed after some days without a decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cli.demo.invented.facilities import Facility


def undecided_postings(facilities: Sequence[Facility]) -> list[dict[str, str]]:
    """One per reason: a name without its city, a place with two homes in a city, a hospital with a home's name."""
    return [
        {
            "source": "career-pages",
            "source_posting_id": f"C9000{number}",
            "title": "MDS Coordinator (RN)",
            "employer_name": employer,
            "city": city,
            "state": "NY",
            "url": f"https://career-pages.example/jobs/C9000{number}",
        }
        for number, (employer, city) in enumerate(_doubtful(facilities), 1)
    ]


def _doubtful(facilities: Sequence[Facility]) -> Iterator[tuple[str, str]]:
    names: dict[str, list[Facility]] = defaultdict(list)
    places: dict[tuple[str, str], list[Facility]] = defaultdict(list)
    for facility in facilities:
        names[facility.name].append(facility)
        places[facility.place, facility.town.name].append(facility)
    namesake = next(name for name, homes in names.items() if len(homes) > 1)
    yield namesake, ""
    for (place, city), homes in places.items():
        if len({home.name for home in homes}) > 1:
            yield f"{place} of {city}", city
            break
    alone = next(homes[0] for homes in places.values() if len(homes) == 1 and homes[0].name != namesake)
    yield f"{alone.place} General Hospital", alone.town.name
