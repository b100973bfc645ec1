"""Which files do HubSpot and Salesforce import, for those who connect no system?

One file for each kind, with a header row in UTF-8. HubSpot finds its own properties by their labels and ours by their
internal names, and takes an owner by e-mail address; Salesforce takes names of its interface and ids of users.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from engines.crm.mapping import Crm, Property
from engines.crm.records import Kind, Record, Type, id_field
from engines.reports.cells import escaped

KINDS: Final[tuple[Kind, ...]] = ("companies", "contacts")
LABELS: Final[Mapping[str, str]] = {
    "name": "Name", "domain": "Company domain name", "address": "Street address", "city": "City",
    "state": "State/Region", "zip": "Postal code", "phone": "Phone number", "website": "Website URL",
    "email": "Email", "firstname": "First name", "lastname": "Last name", "jobtitle": "Job title",
}  # fmt: skip
"""How HubSpot calls its own properties in a file."""
_OWNERS: Final[Mapping[Kind, str]] = {"companies": "Company owner", "contacts": "Contact owner"}
_NAMES: Final[Mapping[Kind, tuple[str, str]]] = {
    "companies": ("hubspot-companies.csv", "salesforce-accounts.csv"),
    "contacts": ("hubspot-contacts.csv", "salesforce-contacts.csv"),
}
_DIALED: Final = re.compile(r"\+\d{6,15}")
"""A phone number, which begins as a formula does and is none."""


def files(crm: Crm, records: Mapping[Kind, Iterable[Record]], users: Mapping[str, str]) -> dict[str, str]:
    """The content of each file by its name; `users` are the ids of Salesforce by e-mail address, if they are known."""
    found = dict[str, str]()
    for kind in KINDS:
        rows = sorted(records.get(kind, ()), key=lambda each: each.id)
        of_hubspot, of_salesforce = _NAMES[kind]
        found[of_hubspot] = _file({_of_hubspot(kind, each): each for each in crm.properties("hubspot", kind)}, rows, {})
        columns = {each.name: each for each in crm.properties("salesforce", kind) if users or each.name != "OwnerId"}
        place = next((each for each in columns.values() if kind == "contacts" and each.field == "facility_id"), None)
        if place:  # which account a contact belongs to, by our id
            columns[f"Account.{place.name}"] = place
        found[of_salesforce] = _file(columns, rows, users)
    return found


def _of_hubspot(kind: Kind, each: Property) -> str:
    if each.type == "owner" and not each.is_custom:
        return _OWNERS[kind]
    return each.name if each.is_custom else LABELS.get(each.name, each.name)


def _file(columns: Mapping[str, Property], rows: Iterable[Record], users: Mapping[str, str]) -> str:
    """RFC 4180. No cell is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(escaped, columns))
    for row in rows:
        values = {id_field(row.kind): row.id, **row.sent}
        writer.writerow(_cell(each, values.get(each.field), users) for each in columns.values())
    return file.getvalue()


def _cell(each: Property, value: str | None, users: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if each.type == "owner" and users:
        return users.get(value, "")
    return value if _is_harmless(each.type, value) else escaped(value)


def _is_harmless(type_: Type, value: str) -> bool:
    """Whether a value that begins as a formula does is a number or a phone number."""
    if type_ != "number":
        return _DIALED.fullmatch(value) is not None
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
