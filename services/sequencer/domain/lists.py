"""Which rows of lists of contacts are valid?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engines.datasets.account_key import AccountKey
from engines.datasets.emails import address_of
from engines.datasets.limits import first_too_long
from engines.datasets.phones import national
from engines.datasets.text import one_line, plain, quoted
from engines.datasets.urls import host_of, is_url
from engines.suppression.statements import ALL, CHANNELS, together
from services.sequencer.domain.contacts import Sighting, chain_key
from services.sequencer.domain.roles import ContactRoles

_SPELLINGS = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "dnc", "do not contact", "opted out", "opt out"), ALL),
    **dict.fromkeys(("no", "n", "false", "0"), "no"),
    **dict.fromkeys(("phone", "calls", "do not call", "no calls"), "call"),
    **dict.fromkeys(("e mail", "mail", "do not email", "do not e mail", "no email", "unsubscribed"), "email"),
}


class Reject(ValueError):
    """A row is incomplete or invalid; the message is for the person who sent it."""


def contact_of(row: Mapping[str, str | None], key: AccountKey, roles: ContactRoles, latest: date) -> Sighting:
    """The sighting in a row of a contact list, of `latest` or earlier. Raises `Reject`.

    The source must be stated (R82); a URL without a source is one. `Vacant` is accepted: the previous incumbent has
    left. `N/A` is rejected. If the policy names no people, the name is that of the office.
    """
    cells = {name: text for name, value in row.items() if value and (text := _plain(name, value))}
    if long := first_too_long(cells):
        raise Reject(long)
    url = _url(cells.get("source_url"))
    if url:
        cells.setdefault("source", host_of(url))
    for required in ("role", "name", "source", "source_date"):
        if required not in cells and (required, roles.policy) != ("name", "role_only"):
            raise Reject(f"{required} is missing")
    role = cells["role"].casefold()
    if role not in roles.names:
        raise Reject(f"role {quoted(cells['role'])} is not one of {', '.join(roles.names)}")
    facility_id, chain = _place(role, cells, key, roles)
    return Sighting(
        role=role,
        name=_name(cells.get("name", ""), role, roles),
        source=cells["source"],
        source_date=_date(cells["source_date"], latest),
        facility_id=facility_id,
        chain=chain,
        direct_phone=_phone(cells.get("direct_phone")),
        email=_email(cells.get("email")),
        source_url=url,
    )


def check_provenance(sighting: Sighting, roles: ContactRoles) -> None:
    """A named person needs a public source, or a person of the team who states it. Raises `Reject` (R82, K12)."""
    if sighting.source_url or sighting.stated_by or roles.policy == "role_only" or roles.placeholder(sighting.name):
        return
    raise Reject(
        f"source_url is missing: {quoted(sighting.name)} may be named only as a public source does; give the address of"
        " the page that names them, in a column source_url or for the file with --source-url"
    )


def channels_in(do_not_contact: str | None, do_not_call: str | None, do_not_email: str | None) -> list[str]:
    """The channels that a row stops, also in the columns that CRM systems have for one channel. Raises `Reject`."""
    given = {*channels_of(do_not_contact)}
    given |= {"call"} if channels_of(do_not_call, "do_not_call") else set()
    return together(given | ({"email"} if channels_of(do_not_email, "do_not_email") else set()))


def channels_of(cell: str | None, column: str = "do_not_contact") -> list[str]:
    """The channels in a column, which has yes, no, or channels. Raises `Reject`."""
    words = (" ".join(word.replace("-", " ").split()) for word in re.split("[;,]", (cell or "").casefold()))
    given = {_SPELLINGS.get(word, word) for word in words} - {""}
    if given <= {"no"}:
        return []
    if unknown := given - {ALL, *CHANNELS}:
        raise Reject(f"{column} {', '.join(sorted(unknown))!r} is not yes, no or one of {', '.join(CHANNELS)}")
    return together(given)


def account_of(text: str | None, key: AccountKey) -> str | None:
    """The account key with the leading zeros that spreadsheets drop. Raises `Reject` for an invalid key."""
    if not text or not text.strip():
        return None
    facility_id = key.padded(text)
    if not key.matches(facility_id):
        raise Reject(key.problem(text.strip()))
    return facility_id


def _place(role: str, cells: Mapping[str, str], key: AccountKey, roles: ContactRoles) -> tuple[str | None, str | None]:
    """The facility id and the chain of a row, one of which is None."""
    if roles.is_of_chain(role):
        if "chain" not in cells:
            raise Reject(f"chain is missing: a {roles.label(role)} belongs to a chain")
        return None, chain_key(cells["chain"])
    if "facility_id" not in cells:
        raise Reject(f"{key.column} is missing: role {role!r} belongs to a facility")
    return account_of(cells["facility_id"], key), None


def _plain(name: str, value: str) -> str:
    return one_line(value) if name == "source_url" else plain(value)


def _name(text: str, role: str, roles: ContactRoles) -> str:
    """The name to store: the label of the role, if no people are named; a vacancy stays one."""
    placeholder = roles.placeholder(text)
    if roles.policy == "role_only":
        return text if placeholder == "vacant" else roles.label(role)
    if placeholder == "unknown":
        raise Reject(f"name {text!r} is a placeholder; give a person's name, or leave the row out until one is known")
    return text


def _url(text: str | None) -> str | None:
    if text and not is_url(text):
        raise Reject(f"source_url {quoted(text)} is not a web address that begins with http:// or https://")
    return text


def _date(text: str, latest: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Reject(f"source_date {quoted(text)} is not a date (YYYY-MM-DD)") from None
    if day > latest:
        raise Reject(f"source_date {day} is in the future; check the year")
    return day


def _phone(text: str | None) -> str | None:
    number = national(text)
    if text and not number:
        raise Reject(f"direct_phone {quoted(text)} is not a telephone number")
    return number


def _email(text: str | None) -> str | None:
    address = address_of(text)
    if text and not address:
        raise Reject(f"email {quoted(text)} is not an e-mail address")
    return address
