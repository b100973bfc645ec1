"""How do suppressions match tasks?

By marks: `facility:335001`, `chain:MOSS CARE`, `domain:example.com`, `name:facility:335001/ada moss`,
`address:ada@example.com`. A suppression stops a task on its channels if the two share a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engines.naming.people import parse_name
from engines.suppression.marks import address_marks, domain_marks, mark_of
from services.sequencer.domain.contacts import Sighting, chain_key, name_key
from services.sequencer.domain.corrections import Corrections
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.roles import ContactRoles

# Words beside a name that do not identify a person.
_TITLES = frozenset("mr mrs ms miss dr jr sr ii iii".split())


def place_marks(facility_id: str, chain: str | None) -> list[str]:
    return [mark_of("facility", facility_id), *chain_marks(chain)]


def chain_marks(chain: str | None) -> list[str]:
    key = chain_key(chain)
    return [mark_of("chain", key)] if key else []


def person_marks(roles: ContactRoles, subject: str, name: str, address: str | None) -> list[str]:
    """The marks of a person in a contact list; a placeholder has none."""
    if roles.placeholder(name):
        return []
    return [mark_of("name", person_of(roles, subject, name)), *address_marks(address)]


def person_of(roles: ContactRoles, subject: str, name: str) -> str:
    """A key of a person at a place, in any spelling: `SMITH, JANE A., RN` is Jane Smith."""
    return f"{subject}/{' '.join(_words(roles, name)) or name_key(name)}"


def sighting_marks(roles: ContactRoles, sighting: Sighting) -> list[str]:
    """The marks of a sighting. Phone numbers identify people, but stop no task."""
    if roles.placeholder(sighting.name):
        return []
    phone = [mark_of("phone", sighting.direct_phone)] if sighting.direct_phone else []
    return person_marks(roles, sighting.subject, sighting.name, sighting.email) + phone


def task_marks(
    roles: ContactRoles, facility_id: str, chain: str | None, contact: Contact | None, channel: str
) -> list[str]:
    """The marks of a task. An address that two people share stops e-mails to both, and calls to one."""
    places = place_marks(facility_id, chain)
    if contact is None:
        return places
    subject = f"chain:{chain_key(chain)}" if roles.is_of_chain(contact.role) else f"facility:{facility_id}"
    person = person_marks(roles, subject, contact.name, contact.email if channel == "email" else None)
    aliases = [mark for place, name in contact.aliases for mark in person_marks(roles, place, name, None)]
    return places + person + [mark for mark in aliases if mark not in person] + domain_marks(contact.email)


def with_aliases(roles: ContactRoles, marks: Iterable[str], known: Corrections) -> list[str]:
    """Marks of a person with those of all names that were merged with one of theirs."""
    found = set(marks)
    for names in known.names.values():
        group = {mark for (place, _), name in names.items() for mark in person_marks(roles, place, name, None)}
        found |= group if group & found else set()
    return sorted(found)


def extended(roles: ContactRoles, marks: Iterable[str], sightings: Iterable[Sighting]) -> list[str]:
    """A person's marks, extended by those of all sightings of the same person.

    A person is recognized by the name at the same place, or by an address or a direct number and a word of the name.
    So a mailbox that a successor took over does not make the two the same person.
    """
    found = set(marks)
    before = -1
    while len(found) != before:
        before = len(found)
        for each in sightings:
            if same_person(roles, found, others := sighting_marks(roles, each)):
                found.update(others)
    return sorted(found)


def same_person(roles: ContactRoles, some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether marks are of the same person. An address or number alone matches every person who has it."""
    one, other = set(some), set(others)
    shared = one & other
    if any(mark.startswith("name:") for mark in shared):
        return True
    words, other_words = _names(roles, one), _names(roles, other)
    return bool(shared) and (not words or not other_words or bool(words & other_words))


def _names(roles: ContactRoles, marks: Iterable[str]) -> set[str]:
    return {word for mark in marks if mark.startswith("name:") for word in _words(roles, mark.rpartition("/")[2])}


def _words(roles: ContactRoles, name: str) -> list[str]:
    """The words of a name in their usual order, without titles, credentials and initials."""
    known = parse_name(name, roles.offices)
    words = re.findall(r"\w{2,}", (known.full if known else name).casefold())
    return [word for word in words if word not in _TITLES and word not in roles.offices.folded_shared]
