"""What does the fake of HubSpot's CRM interface answer?

It keeps companies, contacts, tasks and notes with the history of each property; a search finds a change only after a
lag. Their users change records by `POST /_fake/hubspot/changes`; `PUT /_fake/hubspot/settings` sets `lag`,
`per_ten_seconds`, `token`, `owners` (an id for each e-mail address), and `now`, the time of a simulation in seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from cli.fakes.asking import TOKEN, Asked
from cli.fakes.kept.properties import KINDS, Definition, as_kept, problem, standard
from cli.fakes.kept.things import Refused, Thing, when
from cli.fakes.replies import Reply, as_json

MOST: Final = 100


class HubSpot:
    """The CRM of one account."""

    host = "api.hubapi.com"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.known: dict[str, dict[str, Definition]] = {kind: standard(kind) for kind in KINDS}
        self.groups: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.things: dict[str, dict[str, Thing]] = {kind: {} for kind in KINDS}
        self._unique: dict[tuple[str, str, str], str] = {}
        self.associations: set[tuple[str, str, str, str, int]] = set()
        self.settings: dict[str, Any] = {"lag": 0.0, "per_ten_seconds": 190, "token": TOKEN, "owners": {}, "now": None}
        self._asked: deque[float] = deque()
        self._next = 1000

    @property
    def _now(self) -> float:
        return float(self.settings["now"] or self._clock())

    def answer(self, asked: Asked) -> Reply:
        try:
            self._admit(asked)
            parts = [unquote(part) for part in asked.parts]
            dated = parts[:2] == ["crm", "objects"]  # /crm/objects/2026-03/companies
            return self._answer(asked, ["crm", "v3", "objects", *parts[3:]] if dated else parts)
        except Refused as refused:
            waits = (("retry-after", "10"),) if refused.status == 429 else ()
            return as_json(refused.stated, refused.status, waits)

    def control(self, method: str, what: str, query: dict[str, str], stated: Any) -> Any:
        if (method, what) == ("PUT", "settings"):
            self.settings |= {name: stated[name] for name in stated if name in self.settings}
            return self.settings
        if (method, what) == ("POST", "changes"):  # kind, and id or property and value, properties
            thing = self._named(stated["kind"], stated.get("property"), str(stated.get("id") or stated["value"]))
            self._write(stated["kind"], thing, stated["properties"], "CRM_UI", stated.get("at"))
            return {"id": thing.id}
        if (method, what) == ("POST", "records"):  # kind, properties: one that their users made
            self._next += 1
            thing = self.things[stated["kind"]][str(self._next)] = Thing(str(self._next), self._clock(), self._clock())
            self._write(stated["kind"], thing, stated["properties"], "CRM_UI")
            return {"id": thing.id}
        if (method, what) == ("DELETE", "objects"):
            for thing in list(self.things[query["kind"]].values()):
                if query.get("id") in (None, thing.id):
                    self._remove(query["kind"], thing)
            return {}
        if (method, what) == ("GET", "objects"):
            return [{"id": each.id, **each.values} for each in self.things[query["kind"]].values()]
        if (method, what) == ("GET", "associations"):
            return sorted(self.associations)
        raise KeyError(what)

    def _admit(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Bearer {self.settings['token']}":
            raise Refused(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        now = self._clock()
        while self._asked and self._asked[0] <= now - 10:
            self._asked.popleft()
        if len(self._asked) >= self.settings["per_ten_seconds"]:
            raise Refused(429, "RATE_LIMITS", "You have reached your ten_secondly_rolling limit.",
                          policyName="TEN_SECONDLY_ROLLING", errorType="RATE_LIMIT")  # fmt: skip
        self._asked.append(now)

    def _answer(self, asked: Asked, parts: list[str]) -> Reply:
        match asked.method, parts:
            case "GET", ["crm", "v3", "owners"]:
                owners = [{"id": str(number), "email": email, "archived": False}
                          for email, number in self.settings["owners"].items()]  # fmt: skip
                return as_json({"results": owners})
            case _, ["crm", "v3", "properties", kind, *rest] if kind in KINDS:
                return self._properties(asked, kind, rest)
            case "POST", ["crm", "v4", "associations", kind, to, "batch", "create"]:
                return self._associate(asked.json(), kind, to)
            case "POST", ["crm", "v3", "objects", kind, "batch", "upsert"] if kind in KINDS:
                return self._batch(asked.json(), lambda item: self._upsert(kind, item), 200)
            case "POST", ["crm", "v3", "objects", kind, "batch", "read"] if kind in KINDS:
                return self._read(asked.json(), kind)
            case "POST", ["crm", "v3", "objects", kind, "batch", "archive"] if kind in KINDS:
                for each in asked.json().get("inputs", []):
                    if thing := self.things[kind].get(str(each["id"])):
                        self._remove(kind, thing)
                return Reply(204, b"", ())
            case "POST", ["crm", "v3", "objects", kind, "search"] if kind in KINDS:
                return self._search(asked.json(), kind)
            case "GET", ["crm", "v3", "objects", kind] if kind in KINDS:
                return self._list(asked, kind)
            case "PATCH", ["crm", "v3", "objects", kind, number] if kind in KINDS:
                thing = self._named(kind, asked.query.get("idProperty"), number)
                self._write(kind, thing, asked.json().get("properties", {}), "INTEGRATION")
                return as_json(self._shown(kind, thing, list(thing.history)))
        raise Refused(404, "OBJECT_NOT_FOUND", "resource not found")

    def _properties(self, asked: Asked, kind: str, rest: list[str]) -> Reply:
        stated = asked.json()
        if asked.method == "GET" and not rest:
            return as_json({"results": list(self.known[kind].values())})
        if asked.method == "POST" and rest == ["groups"]:
            if stated["name"] in self.groups[kind]:
                raise Refused(409, "OBJECT_ALREADY_EXISTS", f"A group named '{stated['name']}' already exists.")
            self.groups[kind].add(stated["name"])
            return as_json(stated, 201)
        if asked.method == "POST" and not rest:
            name = str(stated.get("name"))
            if name in self.known[kind]:
                raise Refused(409, "OBJECT_ALREADY_EXISTS", f"A property named '{name}' already exists.")
            if stated.get("groupName") not in self.groups[kind]:
                raise Refused(400, "VALIDATION_ERROR", f"The group {stated.get('groupName')} does not exist.")
            if stated.get("type") == "bool" and len(stated.get("options", ())) != 2:
                raise Refused(400, "VALIDATION_ERROR", "Boolean properties must have exactly two options.")
            self.known[kind][name] = {"hasUniqueValue": False, **stated}
            return as_json(self.known[kind][name], 201)
        raise Refused(405, "METHOD_NOT_ALLOWED", "method not allowed")

    def _batch(self, stated: Mapping[str, Any], do: Callable[[Mapping[str, Any]], dict[str, Any]], good: int) -> Reply:
        """One error refuses a batch as a whole, unless each item has a trace id of its own."""
        inputs = stated.get("inputs") or []
        if not 0 < len(inputs) <= MOST:
            raise Refused(400, "VALIDATION_ERROR", f"The maximum number of inputs supported is {MOST}.")
        names = [each.get("id") for each in inputs]
        if len({*names}) < len(names):
            raise Refused(400, "VALIDATION_ERROR", "Duplicate IDs found in batch input.")
        traced = all(each.get("objectWriteTraceId") for each in inputs)
        results, errors = [], []
        if not traced:
            for each in inputs:
                self._check(each)
        for each in inputs:
            try:
                results.append(do(each))
            except Refused as refused:
                if not traced:
                    raise
                errors.append({**refused.stated, "context": {"objectWriteTraceId": [each["objectWriteTraceId"]]}})
        found: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": when(self._now),
                                 "completedAt": when(self._now)}  # fmt: skip
        return as_json({**found, "numErrors": len(errors), "errors": errors}, 207) if errors else as_json(found, good)

    def _check(self, item: Mapping[str, Any]) -> None:
        kind = next((kind for kind in KINDS if item.get("idProperty") in self.known[kind]), "companies")
        self._valid(kind, item.get("properties", {}))

    def _upsert(self, kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
        by, name = str(item.get("idProperty")), str(item.get("id"))
        if not self.known[kind].get(by, {}).get("hasUniqueValue"):
            raise Refused(400, "VALIDATION_ERROR", f"{by} is not a unique identifier property.")
        properties = {by: name, **item.get("properties", {})}
        self._valid(kind, properties)
        number = self._unique.get((kind, by, name))
        thing = self.things[kind][number] if number else None
        self._free(kind, properties, thing)
        new = thing is None
        if thing is None:
            self._next += 1
            thing = self.things[kind][str(self._next)] = Thing(str(self._next), self._now, self._now)
        self._write(kind, thing, properties, "INTEGRATION")
        return {**self._shown(kind, thing, list(thing.history)), "new": new,
                "objectWriteTraceId": item.get("objectWriteTraceId")}  # fmt: skip

    def _valid(self, kind: str, properties: Mapping[str, Any]) -> None:
        wrong = [(name, found) for name, value in properties.items()
                 if (found := problem(name, str(value or ""), self.known[kind], self.settings["owners"]))]  # fmt: skip
        if wrong:
            errors = [{"message": message, "code": code, "context": {"propertyName": [name]}}
                      for name, (code, message) in wrong]  # fmt: skip
            raise Refused(400, "VALIDATION_ERROR", f"Property values were not valid: {wrong[0][1][1]}", errors=errors)

    def _free(self, kind: str, properties: Mapping[str, Any], own: Thing | None) -> None:
        for name, value in properties.items():
            taken = self._unique.get((kind, name, str(value)))
            if value and taken and taken != (own.id if own else None):
                noun = kind.removesuffix("s").capitalize()
                raise Refused(409, "CONFLICT", f"{noun} already exists. Existing ID: {taken}")

    def _write(
        self, kind: str, thing: Thing, properties: Mapping[str, Any], source: str, at: float | None = None
    ) -> None:
        self._valid(kind, properties)
        self._free(kind, properties, thing)
        thing.modified = at or self._now
        for name, raw in properties.items():
            value, before = as_kept(name, str(raw or "")), thing.values.get(name, "")
            if value == before:
                continue
            stated = {"value": value, "timestamp": when(thing.modified), "sourceType": source}
            thing.history.setdefault(name, []).insert(0, stated)
            if self.known[kind][name].get("hasUniqueValue"):
                self._unique.pop((kind, name, before), None)
                self._unique[kind, name, value] = thing.id

    def _remove(self, kind: str, thing: Thing) -> None:
        del self.things[kind][thing.id]
        self._unique = {key: number for key, number in self._unique.items() if key[0] != kind or number != thing.id}

    def _named(self, kind: str, by: str | None, value: str) -> Thing:
        number = self._unique.get((kind, by, value)) if by else value
        if number not in self.things[kind]:
            raise Refused(404, "OBJECT_NOT_FOUND", "resource not found")
        return self.things[kind][number]

    def _shown(self, kind: str, thing: Thing, names: list[str], history: bool = False) -> dict[str, Any]:
        by = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
        own = {"hs_object_id": thing.id, by: when(thing.modified)}
        values = {name: thing.values.get(name) or None for name in names if name in self.known[kind]}
        found = {"id": thing.id, "properties": {**values, **own}, "createdAt": when(thing.created),
                 "updatedAt": when(thing.modified), "archived": False}  # fmt: skip
        return found | (
            {"propertiesWithHistory": {name: thing.history.get(name, []) for name in names}} if history else {}
        )

    def _read(self, stated: Mapping[str, Any], kind: str) -> Reply:
        inputs, history = stated.get("inputs") or [], bool(stated.get("propertiesWithHistory"))
        if not 0 < len(inputs) <= (MOST // 2 if history else MOST):
            raise Refused(400, "VALIDATION_ERROR", "Too many inputs.")
        results, missing = [], []
        for each in inputs:
            try:
                thing = self._named(kind, stated.get("idProperty"), str(each["id"]))
                results.append(self._shown(kind, thing, stated.get("properties", []), history))
            except Refused:
                missing.append(each["id"])
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some objects",
                   "context": {"ids": missing}}]  # fmt: skip
        found = {"status": "COMPLETE", "results": results}
        return as_json({**found, "numErrors": 1, "errors": errors}, 207) if missing else as_json(found)

    def _search(self, stated: Mapping[str, Any], kind: str) -> Reply:
        least = min((float(one["value"]) / 1000 for group in stated.get("filterGroups", [])
                     for one in group["filters"] if one["operator"] == "GTE"), default=0.0)  # fmt: skip
        seen = self._now - self.settings["lag"]
        offset, limit = int(stated.get("after") or 0), int(stated.get("limit", 10))
        if limit > 200 or offset + limit > 10_000:
            raise Refused(400, "VALIDATION_ERROR", "The maximum number of results of a search is 10000.")
        found = (each for each in self.things[kind].values() if least <= _ms(each.modified) and each.modified <= seen)
        things = sorted(found, key=lambda each: (_ms(each.modified), int(each.id)))
        return self._page(kind, things, offset, limit, stated.get("properties", []), total=len(things))

    def _list(self, asked: Asked, kind: str) -> Reply:
        last, limit = asked.number("after", 0, 10**9), asked.number("limit", 10, MOST)
        things = sorted(
            (each for each in self.things[kind].values() if int(each.id) > last), key=lambda each: int(each.id)
        )
        return self._page(kind, things, 0, limit, asked.query.get("properties", "").split(","))

    def _page(self, kind: str, things: list[Thing], offset: int, limit: int, names: list[str], **more: Any) -> Reply:
        shown = things[offset : offset + limit]
        found = {**more, "results": [self._shown(kind, each, names) for each in shown]}
        if len(things) > offset + limit:
            found["paging"] = {"next": {"after": str(offset + limit) if more else shown[-1].id}}
        return as_json(found)

    def _associate(self, stated: Mapping[str, Any], kind: str, to: str) -> Reply:
        def one(item: Mapping[str, Any]) -> dict[str, Any]:
            pair = str(item["from"]["id"]), str(item["to"]["id"])
            if pair[0] not in self.things[kind] or pair[1] not in self.things[to]:
                raise Refused(404, "OBJECT_NOT_FOUND", "One of the records does not exist.")
            for each in item["types"]:
                self.associations.add((kind, pair[0], to, pair[1], each["associationTypeId"]))
            return {"fromObjectId": pair[0], "toObjectId": pair[1]}

        results = [one(each) for each in stated.get("inputs", [])]
        return as_json({"status": "COMPLETE", "results": results}, 201)


def _ms(at: float) -> float:
    return int(at * 1000) / 1000
