"""Who are the contacts of the invented facilities, and which facilities are clients?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from random import Random

from cli.demo.invented.facilities import Facility
from cli.demo.invented.words import GIVEN_NAMES, phone, places

CLIENTS = 5
_OWNERS = ("rep-1", "rep-2")
_DIRECT_PHONE = 2 / 3
_EMAIL = 0.85
_SUCCESSOR = 0.06


def invent_clients(seed: int, facilities: Sequence[Facility]) -> list[dict[str, str]]:
    """The active clients with their owners, by key."""
    rng = Random(f"{seed}:clients")  # noqa: S311 - invented data, no secret depends on it
    chosen = sorted(facility.facility_id for facility in rng.sample(facilities, CLIENTS))
    return [{"ccn": facility_id, "owner": _OWNERS[number % len(_OWNERS)]} for number, facility_id in enumerate(chosen)]


def invent_contacts(
    seed: int, facilities: Sequence[Facility], start: date, clients: Collection[str] = ()
) -> list[dict[str, str]]:
    """Public professional contacts, and one for each client, by the date of their source; imported on the first day."""
    rng = Random(f"{seed}:contacts")  # noqa: S311 - invented data, no secret depends on it
    surnames = places(rng)
    rows = [row for facility in facilities for row in _of_facility(rng, surnames, facility, start)]
    rows += [row for name in sorted(_groups(facilities)) for row in _of_chain(rng, surnames, name, start)]
    rows = [row for row in rows if row["ccn"] not in clients]
    rows += [_of_client(seed, facility, start) for facility in facilities if facility.facility_id in clients]
    return sorted(rows, key=lambda row: (row["source_date"], row["ccn"], row["chain"], row["role"]))


def _groups(facilities: Sequence[Facility]) -> set[str]:
    members = Counter(facility.chain for facility in facilities if facility.chain)
    return {chain for chain, count in members.items() if count > 1}


def _of_facility(rng: Random, surnames: list[str], facility: Facility, start: date) -> Iterator[dict[str, str]]:
    for role, share in (("administrator", 0.60), ("don", 0.40)):
        if rng.random() >= share:
            continue
        known = start - timedelta(days=rng.randrange(20, 700))
        yield _person(rng, surnames, role, facility, known)
        if rng.random() < _SUCCESSOR:
            yield _person(rng, surnames, role, facility, _later(rng, known, start))


def _of_client(seed: int, facility: Facility, start: date) -> dict[str, str]:
    """Whom the seller works with: always with a telephone number."""
    rng = Random(f"{seed}:client:{facility.facility_id}")  # noqa: S311 - invented data, no secret depends on it
    row = _person(rng, places(rng), "administrator", facility, start - timedelta(days=400))
    direct = phone(rng, facility.town.area_code)
    return row | {"direct_phone": f"({direct[:3]}) {direct[3:6]}-{direct[6:]}"}


def _later(rng: Random, known: date, start: date) -> date:
    """A successor's date: always after the predecessor's, and sometimes recent enough to affect the score."""
    return max(known + timedelta(days=7), start - timedelta(days=rng.randrange(1, 150)))


def _person(rng: Random, surnames: list[str], role: str, facility: Facility, known: date) -> dict[str, str]:
    return _row(
        rng,
        name=f"{rng.choice(GIVEN_NAMES)} {rng.choice(surnames)}",
        role=role,
        area_code=facility.town.area_code,
        domain=facility.domain,
        source="state directory",
        url=f"https://directory.example.org/homes/{facility.facility_id}",
        known=known,
        facility_id=facility.facility_id,
    )


def _of_chain(rng: Random, surnames: list[str], chain: str, start: date) -> Iterator[dict[str, str]]:
    if rng.random() < 0.45:
        stem = chain.split()[0].lower()
        yield _row(
            rng,
            name=f"{rng.choice(GIVEN_NAMES)} {rng.choice(surnames)}",
            role="regional",
            area_code="212",
            domain=f"{stem}-group.example",
            source="website",
            url=f"https://{stem}-group.example.org/leadership",
            known=start - timedelta(days=rng.randrange(20, 400)),
            chain=chain,
        )


def _row(
    rng: Random,
    *,
    name: str,
    role: str,
    area_code: str,
    domain: str,
    source: str,
    url: str,
    known: date,
    facility_id: str = "",
    chain: str = "",
) -> dict[str, str]:
    direct = phone(rng, area_code) if rng.random() < _DIRECT_PHONE else ""
    email = f"{name.lower().replace(' ', '.')}@{domain}" if rng.random() < _EMAIL else ""
    return {
        "ccn": facility_id,
        "chain": chain,
        "name": name,
        "role": role,
        "direct_phone": f"({direct[:3]}) {direct[3:6]}-{direct[6:]}" if direct else "",
        "email": email,
        "source": source,
        "source_date": known.isoformat(),
        "source_url": url,
    }
