"""Which requests exchange records with HubSpot, and what do its answers mean?

Companies and contacts are upserted by a property of our own that is unique; so are tasks and notes, which are then
associated. A request has at most 100 records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, urlencode

from engines.crm.answers import of_hubspot, of_item
from engines.crm.associations import associate
from engines.crm.exchange import Answer, Failed, Failure, Outcome, Page, Request, SetUp, Steps, as_json
from engines.crm.mapping import Crm, Property
from engines.crm.records import FIELDS, Kind, Record, Type, canonical, id_field, time_of

MOST: Final = 100
SEARCHED: Final = 10_000
"""A search answers no more than these."""
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "hs_task_status": {"open": "NOT_STARTED", "done": "COMPLETED", "dropped": "DEFERRED"},
    "hs_task_type": {"call": "CALL", "email": "EMAIL", "other": "TODO"},
}
"""What HubSpot calls our words."""
_READ: Final = {"IN_PROGRESS": "open", "WAITING": "open"} | {
    theirs: ours for choices in CHOICES.values() for ours, theirs in choices.items()
}
_TYPES: Final[Mapping[Type, tuple[str, str]]] = {
    "text": ("string", "text"),
    "long_text": ("string", "textarea"),
    "number": ("number", "number"),
    "date": ("date", "date"),
    "time": ("datetime", "date"),
    "flag": ("bool", "booleancheckbox"),
    "owner": ("string", "text"),
}


@dataclass(frozen=True)
class HubSpot:
    """HubSpot with the field map of a pack."""

    crm: Crm
    owners: Mapping[str, str]
    """The id of each owner by e-mail address."""
    objects: str = "/crm/v3/objects"
    """Where its versions of the interface begin, which change."""

    def properties(self, kind: Kind) -> tuple[Property, ...]:
        return self._properties[kind]

    @cached_property
    def _properties(self) -> Mapping[Kind, tuple[Property, ...]]:
        return {kind: self.crm.properties("hubspot", kind) for kind in FIELDS}

    @cached_property
    def _emails(self) -> Mapping[str, str]:
        return {number: email for email, number in self.owners.items()}

    def set_up(self, kind: Kind) -> Steps[SetUp]:
        """Create the properties of our own that are missing; safe to repeat."""
        base, group = f"/crm/v3/properties/{kind}", f"{self.crm.prefix}pipeline"
        yield from _created(as_json("POST", f"{base}/groups", {"name": group, "label": self.crm.title}))
        stated = (yield from asked(Request("GET", base))).object.get("results", [])
        known = {each["name"]: each for each in stated}
        created, present, wrong = list[str](), list[str](), list[str]()
        for each in self.properties(kind):
            type_, field_type = _TYPES[each.type]
            if each.name not in known:
                if not each.is_custom:
                    wrong.append(f"{kind}: HubSpot has no property {each.name} for {each.field}")
                    continue
                body = {"name": each.name, "label": each.title, "type": type_, "fieldType": field_type,
                        "groupName": group, "hasUniqueValue": each.is_unique}  # fmt: skip
                if each.type == "flag":
                    body["options"] = [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]
                yield from _created(as_json("POST", base, body))
                created.append(each.name)
            elif each.is_custom and known[each.name].get("type") != type_:
                wrong.append(f"{kind}: {each.name} is of type {known[each.name].get('type')}, not {type_}")
            elif each.is_unique and not known[each.name].get("hasUniqueValue"):
                wrong.append(f"{kind}: the values of {each.name} are not unique; remove it, and set up again")
            else:
                present.append(each.name)
        return SetUp(tuple(created), tuple(present), tuple(wrong))

    def users(self) -> Steps[dict[str, str]]:
        """The id of each owner who is active, by e-mail address."""
        found, after = dict[str, str](), ""
        while True:
            query = f"&after={quote(after)}" if after else ""
            answer = yield from asked(Request("GET", f"/crm/v3/owners?limit={MOST}{query}"))
            for each in answer.object.get("results", []):
                if each.get("email") and not each.get("archived"):
                    found[each["email"].lower()] = str(each["id"])
            after = answer.object.get("paging", {}).get("next", {}).get("after", "")
            if not after:
                return found

    def upsert(
        self, kind: Kind, records: Sequence[Record], about: Mapping[str, Mapping[Kind, str]] | None = None
    ) -> Steps[list[Outcome]]:
        """Send records, with the values that are to be changed, and associate them with those that they are `about`."""
        outcomes = yield from self._sent(kind, records)
        return (yield from self._associated(kind, outcomes, about or {}))

    def _sent(self, kind: Kind, records: Sequence[Record]) -> Steps[list[Outcome]]:
        outcomes = list[Outcome]()
        for first in range(0, len(records), MOST):
            some = records[first : first + MOST]
            for each, outcome in zip(some, (yield from self._upsert(kind, some)), strict=True):
                existing = outcome.failure and outcome.failure.existing_id
                outcomes.append((yield from self._adopt(each, existing)) if existing else outcome)
            stopped = next((each.failure for each in outcomes if each.failure and each.failure.concerns_all), None)
            if stopped:
                return outcomes + [Outcome(each.id, failure=stopped) for each in records[first + MOST :]]
        return outcomes

    def _upsert(self, kind: Kind, records: Sequence[Record]) -> Steps[list[Outcome]]:
        inputs = [
            {"idProperty": self._unique(kind), "id": each.id, "objectWriteTraceId": each.id,
             "properties": self.written(each)}
            for each in records
        ]  # fmt: skip
        answer = yield as_json("POST", f"{self.objects}/{kind}/batch/upsert", {"inputs": inputs})
        failure = of_hubspot(answer)
        if failure and failure.cause == "record" and len(records) > 1:  # refused as a whole: find the one
            half = len(records) // 2
            first = yield from self._upsert(kind, records[:half])
            stopped = next((each.failure for each in first if each.failure and each.failure.concerns_all), None)
            if stopped:
                return first + [Outcome(each.id, failure=stopped) for each in records[half:]]
            return first + (yield from self._upsert(kind, records[half:]))
        if failure:
            return [Outcome(each.id, failure=failure) for each in records]
        return self._outcomes(kind, records, answer.object)

    def _outcomes(self, kind: Kind, records: Sequence[Record], stated: Mapping[str, Any]) -> list[Outcome]:
        """A 207 may call itself complete and have errors."""
        unique = self._unique(kind)
        made = {each.get("properties", {}).get(unique): each for each in stated.get("results", [])}
        traced = {each.get("objectWriteTraceId"): each for each in stated.get("results", [])}
        failures, of_any = dict[str, Failure](), list[Failure]()
        for error in stated.get("errors") or []:
            named = _named(error)
            failures |= dict.fromkeys(named, of_item(error))
            of_any += [] if named else [of_item(error)]
        unknown = of_any[0] if of_any else Failure("theirs", "NO_RESULT", "HubSpot did not state what became of it.")
        outcomes = []
        for each in records:
            found = made.get(each.id) or traced.get(each.id)
            if found:
                outcomes.append(
                    Outcome(each.id, str(found["id"]), bool(found.get("new")), shown=self._shown(each, found))
                )
            else:
                outcomes.append(Outcome(each.id, failure=failures.get(each.id, unknown)))
        return outcomes

    def _adopt(self, record: Record, their_id: str) -> Steps[Outcome]:
        """Give our id to a record that is there already, as a contact with the same e-mail address."""
        answer = yield as_json(
            "PATCH", f"{self.objects}/{record.kind}/{quote(their_id, safe='')}", {"properties": self.written(record)}
        )
        return Outcome(record.id, their_id, failure=of_hubspot(answer), shown=self._shown(record, answer.object))

    def _shown(self, record: Record, stated: Mapping[str, Any]) -> dict[str, str | None]:
        """How the answer to a write shows what was written; what it does not show is as it was sent."""
        names = {each.field: each.name for each in self.properties(record.kind)}
        values, shown = stated.get("properties") or {}, self.record(record.kind, stated).values
        return {field: shown[field] for field in record.sent if field in names and names[field] in values}

    def _associated(
        self, kind: Kind, outcomes: Sequence[Outcome], about: Mapping[str, Mapping[Kind, str]]
    ) -> Steps[list[Outcome]]:
        there = {str(each.their_id): about[each.id] for each in outcomes if not each.failure and each.id in about}
        failures = (yield from associate(kind, there)) if there else {}
        return [
            replace(each, unassociated=failures.get(str(each.their_id))) if not each.failure else each
            for each in outcomes
        ]

    def remove(self, kind: Kind, their_ids: Sequence[str]) -> Steps[None]:
        """Remove records by their ids there, from where their users can restore them; safe to repeat."""
        for first in range(0, len(their_ids), MOST):
            inputs = [{"id": each} for each in their_ids[first : first + MOST]]
            yield from asked(as_json("POST", f"{self.objects}/{kind}/batch/archive", {"inputs": inputs}))

    def read(self, kind: Kind, ids: Sequence[str]) -> Steps[list[Record]]:
        """Records by our ids, with the time of change of each property; those that are not there are left out."""
        found, names = list[Record](), [each.name for each in self.properties(kind)]
        for first in range(0, len(ids), MOST // 2):  # with history, a request has at most 50
            body = {"idProperty": self._unique(kind), "properties": names, "propertiesWithHistory": names,
                    "inputs": [{"id": each} for each in ids[first:][: MOST // 2]]}  # fmt: skip
            answer = yield as_json("POST", f"{self.objects}/{kind}/batch/read", body)
            failure = of_hubspot(answer)
            if failure and (answer.status != 404 or failure.concerns_all):  # 404: none of them is there
                raise Failed(failure)
            found += [self.record(kind, each) for each in answer.object.get("results", [])]
        return found

    def modified(self, kind: Kind, since: datetime, after: str | None = None) -> Steps[Page]:
        """A page of the records that changed since a time, the first ones first.

        The index of a search is some seconds late: ask from a while before the last time. After 10,000 records the
        next page begins at the time of the last one.
        """
        start, _, offset = (after or "").partition("/")
        start = start or str(int(since.timestamp() * 1000))
        by = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
        body: dict[str, Any] = {
            "filterGroups": [{"filters": [{"propertyName": by, "operator": "GTE", "value": start}]}],
            "sorts": [{"propertyName": by, "direction": "ASCENDING"}],
            "properties": [each.name for each in self.properties(kind)],
            "limit": MOST,
        }
        if offset:
            body["after"] = offset
        answer = yield from asked(as_json("POST", f"{self.objects}/{kind}/search", body))
        records = tuple(self.record(kind, each) for each in answer.object.get("results", []))
        following = answer.object.get("paging", {}).get("next", {}).get("after")
        if following is None or not records:
            return Page(records)
        if int(following) + MOST > SEARCHED and records[-1].modified_at:
            last = int(records[-1].modified_at.timestamp() * 1000)
            return Page(
                records, str(max(last, int(start) + 1))
            )  # of one instant, more than a search has: drift has them
        return Page(records, f"{start}/{following}")

    def all(self, kind: Kind, after: str | None = None) -> Steps[Page]:
        """A page of all records."""
        query = {"limit": MOST, "properties": ",".join(each.name for each in self.properties(kind))}
        query |= {"after": after} if after else {}
        answer = yield from asked(Request("GET", f"{self.objects}/{kind}?{urlencode(query)}"))
        following = answer.object.get("paging", {}).get("next", {}).get("after")
        return Page(tuple(self.record(kind, each) for each in answer.object.get("results", [])), following)

    def written(self, record: Record) -> dict[str, str]:
        """The properties of a record, as HubSpot takes them: an empty text removes a value."""
        names = {each.field: each for each in self.properties(record.kind)}
        return {
            names[field].name: self._written(names[field], value)
            for field, value in {id_field(record.kind): record.id, **record.sent}.items()
            if field in names
        }

    def _written(self, each: Property, value: str | None) -> str:
        if each.type == "owner" and not each.is_custom:
            return self.owners.get(value or "", "")
        return CHOICES.get(each.name, {}).get(value or "", value or "")

    def record(self, kind: Kind, stated: Mapping[str, Any]) -> Record:
        """A record of theirs in our words."""
        values, changed = dict[str, str | None](), dict[str, datetime]()
        for each in self.properties(kind):
            raw = stated.get("properties", {}).get(each.name)
            if each.type == "owner" and not each.is_custom:
                raw = self._emails.get(str(raw), f"owner {raw}") if raw else None
            if each.name in CHOICES:
                raw = _READ.get(str(raw), raw)
            values[each.field] = canonical(each.type, raw)
            history = (stated.get("propertiesWithHistory") or {}).get(each.name) or []
            at = time_of(history[0].get("timestamp")) if history else None
            if at:
                changed[each.field] = at
        ours = values.get(id_field(kind)) or ""
        return Record(kind, ours, values, str(stated.get("id")), changed, time_of(stated.get("updatedAt")))

    def _unique(self, kind: Kind) -> str:
        return self.crm.custom("hubspot", id_field(kind))


def asked(request: Request) -> Steps[Answer]:
    """The answer; raises `Failed`."""
    answer = yield request
    failure = of_hubspot(answer)
    if failure:
        raise Failed(failure)
    return answer


def _created(request: Request) -> Steps[None]:
    """Create what may be there already."""
    answer = yield request
    failure = of_hubspot(answer)
    if failure and answer.status != 409:
        raise Failed(failure)


def _named(error: Mapping[str, Any]) -> list[str]:
    """Our ids of the records that an error concerns."""
    context = defaultdict(list, error.get("context") or {})
    return [str(each) for key in ("objectWriteTraceId", "ids", "id") for each in context[key]]
