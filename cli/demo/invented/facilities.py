"""Which facilities are in the invented registry?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from cli.demo.invented.words import FLORA, GROUPS, KINDS, STREETS, TOWNS, Town, phone, places, weighted

COUNT = 581
CHAIN_SIZES = (34, 19, 18, 18, 17, 16, 14, 13, 13, 11, 10, 9, 8, *[7] * 4, *[6] * 7, *[5] * 7, 4, *[2] * 6, *[1] * 6)
NAMESAKES = 2
"""Pairs of facilities with the same name in different cities, of which every state's registry has a few."""

_QM_STARS = (("5", 0.44), ("4", 0.28), ("3", 0.15), ("2", 0.09), ("1", 0.04))
_STAFFING_STARS = (("5", 0.08), ("4", 0.16), ("3", 0.26), ("2", 0.37), ("1", 0.13))
_INSPECTION_STARS = (("5", 0.10), ("4", 0.24), ("3", 0.23), ("2", 0.25), ("1", 0.18))
_OVERALL_STARS = (("5", 0.24), ("4", 0.20), ("3", 0.18), ("2", 0.19), ("1", 0.19))
_OWNERSHIP = (
    ("For profit - Limited Liability company", 0.44),
    ("For profit - Corporation", 0.14),
    ("For profit - Partnership", 0.07),
    ("Non profit - Corporation", 0.29),
    ("Government - County", 0.06),
)
_BEDS = ((20, 60), (60, 100), (100, 122), (122, 162), (162, 205), (205, 320), (320, 520))
_BED_WEIGHTS = (0.10, 0.12, 0.22, 0.18, 0.16, 0.16, 0.06)
_UNKNOWN = 0.05


@dataclass(frozen=True, slots=True)
class Facility:
    """An invented nursing home; a rating of "" is suppressed and has a footnote."""

    facility_id: str
    name: str
    legal_name: str
    town: Town
    address: str
    phone: str
    ownership: str
    chain: str | None
    chain_size: int
    beds: int
    residents: float
    overall: str
    inspection: str
    qm: str
    staffing: str
    fines: int
    fines_total: int

    @property
    def place(self) -> str:
        return self.name.split()[0]

    @property
    def domain(self) -> str:
        """Its e-mail domain, under the top-level domain that is reserved for examples."""
        return f"{self.place.lower()}-{self.facility_id[-3:]}.example"


def invent_facilities(seed: int) -> list[Facility]:
    """The entire cohort, by key. The keys from 33X001 on follow the pattern, but were never assigned."""
    rng = Random(f"{seed}:facilities")  # noqa: S311 - invented data, no secret depends on it
    words = places(rng)
    chains = _chains(rng, words)
    names = _names(rng, words)
    facilities = [
        _facility(rng, number, name, chain) for number, (name, chain) in enumerate(zip(names, chains, strict=True), 1)
    ]
    return _with_namesakes(facilities)


def _names(rng: Random, words: list[str]) -> list[str]:
    """Places in turn, so that most places have two homes, with different plants in their names."""
    used: set[str] = set()
    names = []
    for number in range(COUNT):
        place = words[number % len(words)]
        stem = f"{place} {rng.choice(FLORA)}"
        while stem in used:
            stem = f"{place} {rng.choice(FLORA)}"
        used.add(stem)
        names.append(f"{stem} {rng.choice(KINDS)}")
    return names


def _chains(rng: Random, words: list[str]) -> list[tuple[str, int] | None]:
    """The chain of each facility: about 55 % are in a chain, whose name is an invented place of its own."""
    owners = [words.pop() for _ in CHAIN_SIZES]
    members: list[tuple[str, int] | None] = []
    for owner, size in zip(owners, CHAIN_SIZES, strict=True):
        elsewhere = rng.randrange(4) if size > 1 else rng.randrange(2, 30)
        group = (f"{owner} {rng.choice(GROUPS)}", size + elsewhere)
        members += [group] * size
    members += [None] * (COUNT - len(members))
    rng.shuffle(members)
    return members


def _facility(rng: Random, number: int, name: str, chain: tuple[str, int] | None) -> Facility:
    town = rng.choices(TOWNS, [town.weight for town in TOWNS])[0]
    low, high = rng.choices(_BEDS, _BED_WEIGHTS)[0]
    beds = rng.randrange(low, high)
    ownership = weighted(rng, _OWNERSHIP)
    fines = rng.choices((0, 1, 2, 3), (0.74, 0.18, 0.06, 0.02))[0]
    unrated = rng.random() < 0.01
    return Facility(
        facility_id=f"33X{number:03d}",
        name=name,
        legal_name=_legal_name(rng, name, ownership),
        town=town,
        address=f"{rng.randrange(1, 2400)} {rng.choice(STREETS)}",
        phone=phone(rng, town.area_code),
        ownership=ownership,
        chain=chain[0] if chain else None,
        chain_size=chain[1] if chain else 0,
        beds=beds,
        residents=round(beds * min(0.995, max(0.35, rng.gauss(0.91, 0.09))), 1),
        overall="" if unrated else weighted(rng, _OVERALL_STARS),
        inspection="" if unrated else weighted(rng, _INSPECTION_STARS),
        qm="" if unrated or rng.random() < _UNKNOWN else weighted(rng, _QM_STARS),
        staffing="" if unrated or rng.random() < _UNKNOWN else weighted(rng, _STAFFING_STARS),
        fines=fines,
        fines_total=sum(rng.randrange(3_000, 60_000) for _ in range(fines)),
    )


def _legal_name(rng: Random, name: str, ownership: str) -> str:
    """The name of the operator, which is derived from the name of the home."""
    stem = " ".join(word for word in name.split()[:2] if word not in ("Nursing", "Care", "Center", "Health"))
    forms = {
        "For profit - Limited Liability company": ("OPERATING LLC", "OPERATING CO LLC", "ACQUISITION I LLC", "SNF LLC"),
        "For profit - Corporation": ("NURSING HOME INC", "CARE CORP"),
        "For profit - Partnership": ("ASSOCIATES LP", "OPERATING PARTNERSHIP"),
    }.get(ownership, ("RESIDENTIAL HEALTH CARE FACILITY INC",))
    return f"{stem} {rng.choice(forms)}".upper()


def _with_namesakes(facilities: list[Facility]) -> list[Facility]:
    for pair in range(NAMESAKES):
        first = facilities[pair * 2]
        other = next(at for at in range(100 * (pair + 1), COUNT) if facilities[at].town != first.town)
        facilities[other] = replace(facilities[other], name=first.name)
    return facilities
