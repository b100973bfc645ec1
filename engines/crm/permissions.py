"""Who sees the fields of our own in Salesforce?

No one sees a field that is created there, not even the user as whom we sign in. A permission set of our own shows all
of them; set-up assigns it to that user, and who runs Salesforce to people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engines.crm import soql
from engines.crm.exchange import Request, Steps, as_json
from engines.crm.jobs import asked


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """The one of our own."""

    base: str
    name: str
    label: str

    def show(self, user: str, sobject: str, fields: Collection[str]) -> Steps[None]:
        """Let a user, and those who have the permission set, see and change fields; safe to repeat."""
        known = yield from self._ids("PermissionSet", Name=self.name)
        number = known[0] if known else (yield from self._create("PermissionSet", Name=self.name, Label=self.label))
        assigned = {"PermissionSetId": number, "AssigneeId": user}
        if not (yield from self._ids("PermissionSetAssignment", **assigned)):
            yield from self._create("PermissionSetAssignment", **assigned)
        for field in fields:
            place = {"ParentId": number, "SobjectType": sobject, "Field": f"{sobject}.{field}"}
            if not (yield from self._ids("FieldPermissions", **place)):
                yield from self._create("FieldPermissions", **place, PermissionsRead=True, PermissionsEdit=True)

    def _ids(self, sobject: str, **values: str) -> Steps[list[str]]:
        where = " AND ".join(f"{name} = {soql.text(value)}" for name, value in values.items())
        query = f"SELECT Id FROM {sobject} WHERE {where}"  # noqa: S608  names are of this module, values are escaped
        answer = yield from asked(Request("GET", soql.path(self.base, query)))
        return [str(each["Id"]) for each in answer.object.get("records", [])]

    def _create(self, sobject: str, **values: Any) -> Steps[str]:
        stated: Mapping[str, Any] = values
        answer = yield from asked(as_json("POST", f"{self.base}/sobjects/{sobject}", stated))
        return str(answer.object.get("id"))
