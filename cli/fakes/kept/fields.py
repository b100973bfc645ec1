"""Which fields do the objects of the fake of Salesforce have, and which values are valid?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

Field = dict[str, Any]
_TYPES: Final = {"Text": "string", "LongTextArea": "textarea", "Number": "double", "Date": "date",
                 "DateTime": "datetime", "Checkbox": "boolean"}  # fmt: skip
_READ_ONLY: Final = ("Id", "LastModifiedDate", "SystemModstamp")


def _fields(*stated: str) -> dict[str, Field]:
    found = dict[str, Field]()
    for each in (*stated, "Id:id", "OwnerId:reference", "LastModifiedDate:datetime", "SystemModstamp:datetime"):
        name, _, type_ = each.partition(":")
        found[name] = {"name": name, "type": type_ or "string", "length": 255, "externalId": False, "unique": False}
    return found


STANDARD: Final[Mapping[str, Mapping[str, Field]]] = {
    "Account": _fields(
        "Name", "BillingStreet:textarea", "BillingCity", "BillingState", "BillingPostalCode", "Phone:phone",
        "Website:url", "Description:textarea",
    ),
    "Contact": _fields(
        "FirstName", "LastName", "Email:email", "Title", "Phone:phone", "AccountId:reference", "Description:textarea",
    ),
    "Task": _fields(
        "Subject", "Description:textarea", "ActivityDate:date", "Status", "WhatId:reference", "WhoId:reference",
    ),
    "User": _fields("Email:email", "IsActive:boolean"),
    "PermissionSet": _fields("Name", "Label"),
    "PermissionSetAssignment": _fields("PermissionSetId:reference", "AssigneeId:reference"),
    "FieldPermissions": _fields(
        "ParentId:reference", "SobjectType", "Field", "PermissionsRead:boolean", "PermissionsEdit:boolean",
    ),
}  # fmt: skip
REQUIRED: Final = {"Account": ("Name",), "Contact": ("LastName",)}
PREFIX: Final = {"Account": "001", "Contact": "003", "Task": "00T", "User": "005", "PermissionSet": "0PS",
                 "PermissionSetAssignment": "0Pa", "FieldPermissions": "01k"}  # fmt: skip


def custom(name: str, metadata: Mapping[str, Any]) -> Field:
    return {"name": name, "label": metadata.get("label"), "type": _TYPES[metadata["type"]],
            "length": metadata.get("length", 0), "externalId": bool(metadata.get("externalId")),
            "unique": bool(metadata.get("unique"))}  # fmt: skip


def problem(known: Mapping[str, Field], name: str, value: Any, users: Mapping[str, str]) -> tuple[str, str] | None:
    """The code and the message of an invalid value; None if it is valid."""
    if name not in known:
        return "INVALID_FIELD", f"No such column '{name}' on sobject"
    if name in _READ_ONLY:
        return "INVALID_FIELD_FOR_INSERT_UPDATE", f"Unable to create/update fields: {name}"
    field = known[name]
    if value is None:
        return ("INVALID_TYPE_ON_FIELD_IN_RECORD", f"{name}: null") if field["type"] == "boolean" else None
    if name == "OwnerId" and value not in users.values():
        return "INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be found"
    if field["type"] == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "INVALID_EMAIL_ADDRESS", f"{name}: invalid email address: {value}"
    if field["type"] in ("string", "phone") and len(str(value)) > (field["length"] or 255):
        return "STRING_TOO_LONG", f"{name}: data value too large (max length={field['length']})"
    try:
        stored(field, value)
    except ValueError:
        return "INVALID_TYPE_ON_FIELD_IN_RECORD", f"{name}: value not of required type: {value}"
    return None


def stored(field: Field, value: Any) -> Any:
    """A value as it is kept and shown; raises `ValueError`."""
    if value is None:
        return None
    match field["type"]:
        case "double":
            return float(value)
        case "boolean":
            return str(value).lower() == "true"
        case "date":
            return date.fromisoformat(str(value)).isoformat()
        case "datetime":
            at = datetime.fromisoformat(str(value))
            return at.isoformat(timespec="milliseconds").replace("+00:00", "+0000")
    return str(value)
