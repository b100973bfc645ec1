"""Which properties does an object of the fake of HubSpot have, and which values are valid?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

Definition = dict[str, Any]
_STANDARD: Final[Mapping[str, tuple[str, ...]]] = {
    "companies": (
        "name", "domain", "address", "city", "state", "zip", "phone", "website", "industry", "lifecyclestage",
        "hubspot_owner_id", "hs_object_id", "hs_lastmodifieddate:datetime", "createdate:datetime",
    ),
    "contacts": (
        "email", "firstname", "lastname", "jobtitle", "phone", "company", "lifecyclestage", "hubspot_owner_id",
        "hs_object_id", "lastmodifieddate:datetime", "createdate:datetime",
    ),
    "tasks": (
        "hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority", "hs_task_type",
        "hs_timestamp:datetime", "hubspot_owner_id", "hs_object_id", "hs_lastmodifieddate:datetime",
    ),
    "notes": (
        "hs_note_body", "hs_timestamp:datetime", "hubspot_owner_id", "hs_object_id", "hs_lastmodifieddate:datetime",
    ),
}  # fmt: skip
KINDS: Final = tuple(_STANDARD)
READ_ONLY: Final = frozenset({"hs_object_id", "hs_lastmodifieddate", "lastmodifieddate", "createdate"})
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "hs_task_status": ("NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"),
    "hs_task_priority": ("LOW", "MEDIUM", "HIGH"),
    "hs_task_type": ("TODO", "CALL", "EMAIL"),
}


def standard(kind: str) -> dict[str, Definition]:
    found = dict[str, Definition]()
    for stated in _STANDARD[kind]:
        name, _, type_ = stated.partition(":")
        found[name] = {"name": name, "label": name, "type": type_ or "string", "fieldType": "text",
                       "hasUniqueValue": kind == "contacts" and name == "email", "hubspotDefined": True}  # fmt: skip
    return found


def problem(
    name: str, value: str, known: Mapping[str, Definition], owners: Mapping[str, str]
) -> tuple[str, str] | None:
    """The code and the message of an invalid value; None if it is valid."""
    if name not in known:
        return "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist'
    if name in READ_ONLY:
        return "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.'
    if value == "":
        return None
    if name == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "INVALID_EMAIL", f"Email address {value} is invalid"
    if name == "hubspot_owner_id" and value not in owners.values():
        return "INVALID_OWNER_ID", f'"{value}" is not a valid owner ID'
    if name in CHOICES and value not in CHOICES[name]:
        return "INVALID_OPTION", f"{value} was not one of the allowed options: {list(CHOICES[name])}"
    if not _is_of(str(known[name]["type"]), value):
        return f"INVALID_{known[name]['type'].upper()}", f"{value} was not a valid {known[name]['type']}."
    if len(value) > 65_536:
        return "PROPERTY_VALUE_TOO_LONG", f"The value of {name} is longer than 65536 characters"
    return None


def as_kept(name: str, value: str) -> str:
    """Texts are trimmed, and a telephone number of ten digits is formatted."""
    digits = re.sub(r"\D", "", value)
    if name == "phone" and len(digits) == 10:
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return value.strip()


def _is_of(type_: str, value: str) -> bool:
    try:
        match type_:
            case "number":
                float(value)
            case "bool":
                return value in ("true", "false")
            case "date" | "datetime" if not value.isdigit():
                datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
