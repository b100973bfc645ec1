"""Which requests exchange records with Salesforce, and what do its answers mean?

Accounts and contacts are upserted by an external id of ours: up to 200 in a request, or more as a job. Tasks have no
external id there, so those that exist are found by a field of ours first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from engines.crm import jobs, soql
from engines.crm.answers import of_errors, of_salesforce
from engines.crm.exchange import Failed, Failure, Outcome, Page, Request, SetUp, Steps, as_json
from engines.crm.jobs import asked
from engines.crm.mapping import Crm, Property
from engines.crm.permissions import PermissionSet
from engines.crm.records import FIELDS, Kind, Record, canonical, id_field, time_of

MOST: Final = 200
OBJECTS: Final[Mapping[Kind, str]] = {"companies": "Account", "contacts": "Contact", "tasks": "Task"}
"""Notes have no object here that takes them as they are."""
_ABOUT: Final[Mapping[Kind, str]] = {"companies": "WhatId", "contacts": "WhoId"}
"""Where a task states what it is about."""
_STATUSES: Final = {"open": "Not Started", "done": "Completed", "dropped": "Deferred"}
"""What Salesforce calls the status of a task."""
_READ: Final = {"In Progress": "open", "Waiting on someone else": "open"} | {
    theirs: ours for ours, theirs in _STATUSES.items()
}
_OF_ACTIVITIES: Final = "Activity"
"""Where custom fields of tasks are defined."""
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": {"type": "Text", "length": 255},
    "long_text": {"type": "LongTextArea", "length": 32_768, "visibleLines": 5},
    "number": {"type": "Number", "precision": 16, "scale": 4},
    "date": {"type": "Date"},
    "time": {"type": "DateTime"},
    "flag": {"type": "Checkbox", "defaultValue": "false"},
    "owner": {"type": "Text", "length": 255},
}
_DESCRIBED: Final = {"Text": "string", "LongTextArea": "textarea", "Number": "double", "Date": "date",
                     "DateTime": "datetime", "Checkbox": "boolean"}  # fmt: skip


@dataclass(frozen=True)
class Salesforce:
    """Salesforce with the field map of a pack."""

    crm: Crm
    owners: Mapping[str, str]
    """The id of each user by e-mail address."""
    base: str = "/services/data/v65.0"
    """With the version of the interface, which changes three times a year."""

    def properties(self, kind: Kind) -> tuple[Property, ...]:
        """A contact belongs to the account with this id, and a task to one that the caller knows."""
        return self._properties[kind]

    @cached_property
    def _properties(self) -> Mapping[Kind, tuple[Property, ...]]:
        return {kind: self.crm.properties("salesforce", kind) for kind in FIELDS}

    @cached_property
    def _emails(self) -> Mapping[str, str]:
        """The e-mail address of each owner by id."""
        return {number: email for email, number in self.owners.items()}

    def set_up(self, kind: Kind) -> Steps[SetUp]:
        """Create the fields of our own that are missing, and show them to us; safe to repeat."""
        sobject, properties = OBJECTS[kind], self.properties(kind)
        known = yield from self._described(sobject)
        hidden = [each for each in properties if each.is_custom and each.name not in known]
        created = list[str]()
        for each in hidden:
            place = _OF_ACTIVITIES if kind == "tasks" else sobject
            keys = {"externalId": True, "unique": True} if each.is_unique and kind != "tasks" else {}
            metadata = {"label": each.title, **_TYPES[each.type], **keys}
            answer = yield as_json("POST", f"{self.base}/tooling/sobjects/CustomField",
                                   {"FullName": f"{place}.{each.name}", "Metadata": metadata})  # fmt: skip
            failure = of_salesforce(answer)
            if failure and not _is_there(failure):
                raise Failed(failure)
            created += [] if failure else [each.name]
        if hidden:
            user = self.owners.get("") or (yield from self._user())
            ours = PermissionSet(self.base, f"{self.crm.prefix.upper()}Pipeline", self.crm.title)
            yield from ours.show(user, sobject, [each.name for each in hidden])
            known = yield from self._described(sobject)
        wrong = {each.name: problem for each in properties if (problem := self._problem(kind, each, known))}
        present = [each.name for each in properties if each.name not in (*created, *wrong)]
        return SetUp(tuple(created), tuple(present), tuple(wrong.values()))

    def _described(self, sobject: str) -> Steps[dict[str, Mapping[str, Any]]]:
        answer = yield from asked(Request("GET", f"{self.base}/sobjects/{sobject}/describe"))
        return {each["name"]: each for each in answer.object.get("fields", [])}

    def _problem(self, kind: Kind, each: Property, known: Mapping[str, Mapping[str, Any]]) -> str | None:
        field = known.get(each.name)
        if field is None:
            return f"{kind}: {OBJECTS[kind]} shows us no field {each.name} for {each.field}"
        if each.is_custom and field.get("type") != _DESCRIBED[_TYPES[each.type]["type"]]:
            return f"{kind}: {each.name} is of type {field.get('type')}"
        if each.is_unique and kind != "tasks" and not field.get("externalId"):
            return f"{kind}: {each.name} is no external id; make it one that is unique"
        return None

    def _user(self) -> Steps[str]:
        """As whom we sign in."""
        identity = (yield from asked(Request("GET", f"{self.base}/"))).object.get("identity")
        return str(identity or "").rpartition("/")[2]

    def users(self) -> Steps[dict[str, str]]:
        """The id of each active user, by e-mail address.

        Each record has an owner there: the user as whom we sign in owns what no one owns here, so its address is empty.
        """
        ours, found = (yield from self._user()), dict[str, str]()
        after: str | None = soql.path(self.base, "SELECT Id, Email FROM User WHERE IsActive = true")
        while after:
            answer = yield from asked(Request("GET", after))
            for each in answer.object.get("records", []):
                is_ours = ours and each["Id"].startswith(ours)  # of which the last three characters may be missing
                found["" if is_ours else (each["Email"] or "").lower()] = each["Id"]
            after = self._following(answer.object)
        return found

    def upsert(
        self, kind: Kind, records: Sequence[Record], about: Mapping[str, Mapping[Kind, str]] | None = None
    ) -> Steps[list[Outcome]]:
        """Send records, with the values that are to be changed; what became of each, in their order."""
        if kind == "tasks":
            named = {
                name: {_ABOUT[one]: number for one, number in each.items()} for name, each in (about or {}).items()
            }
            return (yield from self._upsert_tasks(records, named))
        outcomes, path = list[Outcome](), f"{self.base}/composite/sobjects/{OBJECTS[kind]}/{self._unique(kind)}"
        for first in range(0, len(records), MOST):
            some = records[first : first + MOST]
            rows = [{"attributes": {"type": OBJECTS[kind]}, **self.written(each)} for each in some]
            for each, row in zip(some, rows, strict=True):
                place = (about or {}).get(each.id, {}).get("companies")
                if place and "Account" not in row:  # the contact of an account that was made again
                    row["AccountId"] = place
            outcomes += yield from self._collection("PATCH", path, rows, [each.id for each in some])
            stopped = next((each.failure for each in outcomes if _stops(each.failure)), None)
            if stopped:
                return outcomes + [Outcome(each.id, failure=stopped) for each in records[first + MOST :]]
        return outcomes

    def _upsert_tasks(self, records: Sequence[Record], about: Mapping[str, Mapping[str, str]]) -> Steps[list[Outcome]]:
        """Tasks, with the `WhatId` (account) and `WhoId` (contact) of each; those that exist are changed."""
        outcomes, path = dict[str, Outcome](), f"{self.base}/composite/sobjects"
        for first in range(0, len(records), MOST):
            some = {each.id: each for each in records[first : first + MOST]}
            there = {each.id: str(each.their_id) for each in (yield from self.read("tasks", list(some)))}
            rows = {name: {"attributes": {"type": "Task"}, **self.written(each), **about.get(name, {})}
                    for name, each in some.items()}  # fmt: skip
            changed = [name for name in some if name in there]
            for method, names in (("PATCH", changed), ("POST", [name for name in some if name not in there])):
                if names:
                    body = [rows[name] | ({"id": there[name]} if name in there else {}) for name in names]
                    for each in (yield from self._collection(method, path, body, names)):
                        outcomes[each.id] = each
        return [outcomes[each.id] for each in records]

    def remove(self, kind: Kind, their_ids: Sequence[str]) -> Steps[None]:
        """Remove records by their ids there; safe to repeat."""
        for first in range(0, len(their_ids), MOST):
            query = urlencode({"ids": ",".join(their_ids[first : first + MOST]), "allOrNone": "false"})
            yield from asked(Request("DELETE", f"{self.base}/composite/sobjects?{query}"))

    def _collection(
        self, method: str, path: str, rows: Sequence[Mapping[str, Any]], ids: Sequence[str]
    ) -> Steps[list[Outcome]]:
        answer = yield as_json(method, path, {"allOrNone": False, "records": rows})
        failure = of_salesforce(answer)
        results = answer.json
        if failure is None and (not isinstance(results, list) or len(results) != len(ids)):
            failure = Failure("theirs", "NO_RESULT", "Salesforce did not state what became of each record.")
        if failure:
            return [Outcome(each, failure=failure) for each in ids]
        return [
            Outcome(name, each.get("id"), bool(each.get("created", method == "POST")))
            if each.get("success")
            else Outcome(name, failure=of_errors(each.get("errors") or [{}]))
            for name, each in zip(ids, results, strict=True)
        ]

    def start_job(self, kind: Kind, records: Sequence[Record]) -> Steps[str]:
        """The same for many records; the id of the job, to be asked about later."""
        rows = [self.written(each) for each in records]
        flat = [
            {f"{name}.{key}" if isinstance(value, Mapping) else name: inner
             for name, value in row.items()
             for key, inner in (value.items() if isinstance(value, Mapping) else [("", value)])}
            for row in rows
        ]  # fmt: skip
        return (yield from jobs.start(self.base, OBJECTS[kind], self._unique(kind), flat))

    def job_result(self, kind: Kind, job: str, ids: Sequence[str]) -> Steps[list[Outcome] | None]:
        return (yield from jobs.result(self.base, job, self._unique(kind), ids))

    def read(self, kind: Kind, ids: Sequence[str]) -> Steps[list[Record]]:
        """Records by our ids; those that are not there are left out."""
        found = list[Record]()
        for some in soql.batches(ids, MOST):
            found += (yield from self._page(kind, f"{self._unique(kind)} IN {soql.one_of(some)}", None)).records
        return found

    def modified(self, kind: Kind, since: datetime, after: str | None = None) -> Steps[Page]:
        """A page of the records of ours that changed since a time, the first ones first.

        Where the next page begins is forgotten there after a while; then the first one is asked again.
        """
        where = f"SystemModstamp >= {soql.time(since)} AND {self._unique(kind)} != null ORDER BY SystemModstamp"
        try:
            return (yield from self._page(kind, where, after))
        except Failed as failed:
            if after is None or failed.failure.code != "INVALID_QUERY_LOCATOR":
                raise
        return (yield from self._page(kind, where, None))

    def all(self, kind: Kind, after: str | None = None) -> Steps[Page]:
        """A page of all records of ours."""
        return (yield from self._page(kind, f"{self._unique(kind)} != null", after))

    def _page(self, kind: Kind, where: str, after: str | None) -> Steps[Page]:
        names = dict.fromkeys(["Id", "LastModifiedDate", *(each.name for each in self.properties(kind))])
        query = f"SELECT {', '.join(names)} FROM {OBJECTS[kind]} WHERE {where}"  # noqa: S608  names are of the pack
        answer = yield from asked(Request("GET", after or soql.path(self.base, query)))
        found = answer.object.get("records")
        if not isinstance(found, list):
            raise Failed(Failure("theirs", "NO_RESULT", "Salesforce did not state which records there are."))
        records = tuple(self.record(kind, each) for each in found)
        return Page(records, self._following(answer.object))

    def _following(self, stated: Mapping[str, Any]) -> str | None:
        following = stated.get("nextRecordsUrl")
        if stated.get("done", True) or not following:
            return None
        if not str(following).startswith("/services/data/"):
            raise Failed(Failure("theirs", "ELSEWHERE", f"the next page is at {str(following)[:100]}"))
        return str(following)

    def written(self, record: Record) -> dict[str, Any]:
        """The fields of a record, as Salesforce takes them."""
        names = {each.field: each for each in self.properties(record.kind)}
        found = dict[str, Any]()
        for name, value in {id_field(record.kind): record.id, **record.sent}.items():
            if name in names:
                found |= self._written(names[name], value)
        place = record.sent.get("facility_id")
        if record.kind == "contacts" and place:
            found["Account"] = {self._unique("companies"): place}
        return found

    def _written(self, each: Property, value: str | None) -> dict[str, Any]:
        if each.type == "owner" and not each.is_custom:  # one that no one owns has the owner whose address is empty
            owner = self.owners.get(value or "")
            return {each.name: owner} if owner else {}
        if each.type == "flag":
            return {each.name: value == "true"}
        if each.name == "Status":
            return {each.name: _STATUSES.get(value or "", value)}
        if each.type == "number" and value is not None:
            try:
                return {each.name: float(value)}
            except ValueError:
                return {each.name: value}
        return {each.name: value}

    def record(self, kind: Kind, stated: Mapping[str, Any]) -> Record:
        """A record of theirs in our words."""
        values = dict[str, str | None]()
        for each in self.properties(kind):
            raw = stated.get(each.name)
            if each.type == "owner" and not each.is_custom:
                raw = self._emails.get(str(raw), f"owner {raw}") if raw else None
            raw = _READ.get(str(raw), raw) if each.name == "Status" else raw
            values[each.field] = canonical(each.type, raw)
        ours = values.get(id_field(kind)) or ""
        at = time_of(stated.get("LastModifiedDate"))
        return Record(kind, ours, values, str(stated.get("Id")), modified_at=at)

    def _unique(self, kind: Kind) -> str:
        return self.crm.custom("salesforce", id_field(kind))


def _is_there(failure: Failure) -> bool:
    """Whether a field was there already, which we do not see."""
    return failure.code == "DUPLICATE_DEVELOPER_NAME" or "already a field named" in failure.message


def _stops(failure: Failure | None) -> bool:
    """Whether the next records would fail too; a locked row is one of its own."""
    return failure is not None and failure.concerns_all and failure.code != "UNABLE_TO_LOCK_ROW"
