"""Who holds which role, according to everything that was ever said about it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.datasets.emails import address_of
from engines.datasets.limits import first_too_long
from engines.datasets.phones import national
from engines.datasets.text import plain, shown
from engines.naming.nobody import nobody
from services.sequencer.domain.reach import Contact

ROLES = ("administrator", "don", "regional")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One source naming one person in one role, at a facility or (Regional) at a chain."""

    role: str
    name: str
    source: str
    source_date: date
    facility_id: str | None = None
    chain: str | None = None
    direct_phone: str | None = None
    email: str | None = None

    @property
    def contact(self) -> Contact:
        return Contact(self.role, self.name, self.direct_phone, self.email, self.source)

    @property
    def subject(self) -> str:
        return f"chain:{self.chain}" if self.chain else f"facility:{self.facility_id}"


@dataclass(frozen=True, slots=True)
class Holding:
    """What is known about a role of a facility."""

    contact: Contact
    changed_on: date | None
    """Since when another person than before holds it; None while only one person is known."""
    vacant: bool = False
    """What was said last is that nobody holds it, or nobody was ever named."""


class Reject(ValueError):
    """A row says too little, or something that cannot be; the message is for the person who sent it."""


def chain_key(chain: str | None) -> str | None:
    """A chain's name as contacts and registry are compared: case and spacing do not matter."""
    return " ".join(chain.split()).upper() if chain and chain.strip() else None


def name_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def account_of(text: str | None, key: AccountKey) -> str | None:
    """An account key as stated, with the leading zeros that spreadsheets drop; raises `Reject` for anything else."""
    if not text or not text.strip():
        return None
    facility_id = key.padded(text)
    if not key.matches(facility_id):
        raise Reject(key.problem(text.strip()))
    return facility_id


def read(row: Mapping[str, str | None], key: AccountKey) -> Sighting:
    """A row of a contact list; raises `Reject`. Where a person comes from must be stated (R82).

    `Vacant` is taken: it says that whoever held the role has left. `N/A` says nothing about anybody.
    """
    cells = {name: text for name, value in row.items() if value and (text := plain(value))}
    if long := first_too_long(cells):
        raise Reject(long)
    for needed in ("role", "name", "source", "source_date"):
        if needed not in cells:
            raise Reject(f"{needed} is missing")
    if nobody(cells["name"]) == "unknown":
        raise Reject(
            f"name {cells['name']!r} names nobody; give a person's name, or leave the row out until one is known"
        )
    role = cells["role"].casefold()
    if role not in ROLES:
        raise Reject(f"role {shown(cells['role'])} is none of {', '.join(ROLES)}")
    facility_id, chain = _whose(role, cells, key)
    return Sighting(
        role=role,
        name=cells["name"],
        source=cells["source"],
        source_date=_date(cells["source_date"]),
        facility_id=facility_id,
        chain=chain,
        direct_phone=_phone(cells.get("direct_phone")),
        email=_email(cells.get("email")),
    )


def _whose(role: str, cells: Mapping[str, str], key: AccountKey) -> tuple[str | None, str | None]:
    """A Regional contact belongs to a chain, everybody else to a facility."""
    if role == "regional":
        if "chain" not in cells:
            raise Reject("chain is missing: a Regional contact belongs to a chain")
        return None, chain_key(cells["chain"])
    if "facility_id" not in cells:
        raise Reject(f"{key.column} is missing: role {role!r} belongs to a facility")
    return account_of(cells["facility_id"], key), None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Reject(f"source_date {shown(text)} is no date (YYYY-MM-DD)") from None


def _phone(text: str | None) -> str | None:
    number = national(text)
    if text and not number:
        raise Reject(f"direct_phone {shown(text)} is no telephone number")
    return number


def _email(text: str | None) -> str | None:
    address = address_of(text)
    if text and not address:
        raise Reject(f"email {shown(text)} is no e-mail address")
    return address


def holding(sightings: Iterable[Sighting]) -> Holding:
    """Who holds a role, from the set of sightings of that role at one place; their order does not matter.

    The person seen last holds it (then the one who came last, then by name). A newer source that leaves a number or an
    address out says nothing about it. Placeholders are nobody: a vacancy seen last leaves the role without a person.
    """
    ordered = sorted(sightings, key=lambda s: (s.source_date, s.source, s.name, s.direct_phone or "", s.email or ""))
    by_person: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in ordered:
        if (placeholder := nobody(sighting.name)) != "unknown":
            by_person[_VACANT if placeholder else name_key(sighting.name)].append(sighting)
    if not by_person:
        return _vacant(ordered[-1])
    current = max(by_person, key=lambda who: (by_person[who][-1].source_date, by_person[who][0].source_date, who))
    seen = by_person[current]
    if current == _VACANT:
        return _vacant(seen[-1])
    others = [seen.source_date for who in by_person if who not in (current, _VACANT) for seen in by_person[who]]
    since = _since([sighting.source_date for sighting in seen], others)
    contact = Contact(
        role=seen[-1].role,
        name=seen[-1].name,
        direct_phone=next((s.direct_phone for s in reversed(seen) if s.direct_phone), None),
        email=next((s.email for s in reversed(seen) if s.email), None),
        source=seen[-1].source,
    )
    return Holding(contact, since if any(day < since for day in others) else None)


_VACANT = ""
"""Stands for nobody where people are told apart by name."""


def _vacant(sighting: Sighting) -> Holding:
    return Holding(Contact(sighting.role, sighting.name, source=sighting.source), None, vacant=True)


def _since(own: Sequence[date], others: Sequence[date]) -> date:
    """When somebody was first named after everybody else: who comes back after another came back on that day."""
    last_of_others = max(others, default=date.min)
    return min((day for day in own if day > last_of_others), default=max(own))


def holdings(sightings: Iterable[Sighting]) -> dict[tuple[str, str], Holding]:
    """Who holds which role where: by (subject, role)."""
    grouped: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        grouped[sighting.subject, sighting.role].append(sighting)
    return {key: holding(group) for key, group in sorted(grouped.items())}


def people_for(held: Mapping[tuple[str, str], Holding], facility_id: str, chain: str | None) -> dict[str, Contact]:
    """Whom a run can turn to, by role: those of its facility and, for the run of a chain, the Regional contact.

    Who holds a role that is vacant is nobody, and opens no gate.
    """
    subjects = [f"facility:{facility_id}", *([f"chain:{chain_key(chain)}"] if chain else [])]
    found = ((role, held[subject, role]) for subject in subjects for role in ROLES if (subject, role) in held)
    return {role: holding.contact for role, holding in found if not holding.vacant}
