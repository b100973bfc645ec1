"""What does the fake of Salesforce answer?

It keeps accounts, contacts and tasks by external ids, signs in for a while, and takes jobs that end after some
questions. `PUT /_fake/salesforce/settings` sets `client_id`, `client_secret`, `refresh_token`, `lasts` (seconds of a
session), `daily` (requests), `page`, `polls` (questions until a job ends), `locked` (external ids whose row is locked)
and `users` (an id for each e-mail address); their users change records by `POST /_fake/salesforce/changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from cli.fakes.asking import TOKEN, Asked
from cli.fakes.kept.fields import PREFIX, REQUIRED, STANDARD, custom, problem, stored
from cli.fakes.kept.jobs import Jobs
from cli.fakes.kept.soql import BadQuery, selected
from cli.fakes.kept.things import Wrong, when
from cli.fakes.replies import Reply, as_json

MOST: Final = 200
OURS: Final = "005000000000000AAA"
"""The user as whom everyone signs in, who owns what no one else owns."""
Row = dict[str, Any]


class Salesforce:
    """The organization of one customer."""

    host = "login.salesforce.com"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.known = {sobject: dict(stated) for sobject, stated in STANDARD.items()}
        self.rows: dict[str, dict[str, Row]] = {sobject: {} for sobject in STANDARD}
        self.settings: dict[str, Any] = {
            "client_id": "of-the-fakes", "client_secret": TOKEN, "refresh_token": TOKEN, "lasts": 7_200.0,
            "daily": 100_000, "page": 2_000, "polls": 2, "locked": [], "users": {},
        }  # fmt: skip
        self.sessions: dict[str, float] = {}
        self.jobs = Jobs(self.upsert, lambda: self.settings["polls"])
        self._pages: dict[str, list[Row]] = {}
        self._asked, self._next = 0, 0

    def answer(self, asked: Asked) -> Reply:
        try:
            if asked.path == "/services/oauth2/token":
                return self._token(asked)
            self._admit(asked)
            return self._answer(asked, [unquote(part) for part in asked.parts])
        except Wrong as wrong:
            return as_json([{"message": str(wrong), "errorCode": wrong.code}], wrong.status)
        except BadQuery as bad:
            return as_json([{"message": str(bad), "errorCode": "MALFORMED_QUERY"}], 400)

    def control(self, method: str, what: str, query: dict[str, str], stated: Any) -> Any:
        if (method, what) == ("PUT", "settings"):
            self.settings |= {name: stated[name] for name in stated if name in self.settings}
            self.rows["User"] = {number: {"Id": number, "Email": email, "IsActive": True}
                                 for email, number in self._users.items()}  # fmt: skip
            return self.settings
        if (method, what) == ("POST", "changes"):  # object, field and value, values
            found = self._with(stated["object"], stated["field"], stated["value"])
            self._write(stated["object"], found[0] if found else None, stated["values"])
            return {}
        if (method, what) == ("POST", "twins"):  # object, values: a record whose external id is not unique
            return self._write(stated["object"], None, stated["values"], twin=True)
        if (method, what) == ("DELETE", "sessions"):
            self.sessions.clear()
            return {}
        if (method, what) == ("DELETE", "objects"):
            self.rows[query["object"]] = {number: each for number, each in self.rows[query["object"]].items()
                                          if query.get("id") not in (None, number)}  # fmt: skip
            return {}
        if (method, what) == ("GET", "objects"):
            return list(self.rows[query["object"]].values())
        raise KeyError(what)

    @property
    def _users(self) -> dict[str, str]:
        return {"app@seller.example": OURS, **self.settings["users"]}

    def _token(self, asked: Asked) -> Reply:
        stated = dict(parse_qsl(asked.body.decode()))
        mine = {"client_id": self.settings["client_id"], "client_secret": self.settings["client_secret"]}
        if {name: stated.get(name) for name in mine} != mine:
            return as_json({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        match stated.get("grant_type"):
            case "client_credentials":
                pass
            case "refresh_token" if stated.get("refresh_token") == self.settings["refresh_token"]:
                pass
            case "refresh_token":
                return as_json({"error": "invalid_grant", "error_description": "expired access/refresh token"}, 400)
            case _:
                return as_json({"error": "unsupported_grant_type", "error_description": "not supported"}, 400)
        session = f"session-{len(self.sessions) + 1}-{self._clock()}"
        self.sessions[session] = self._clock() + self.settings["lasts"]
        return as_json({"access_token": session, "instance_url": asked.base, "token_type": "Bearer"})

    def _admit(self, asked: Asked) -> None:
        session = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.sessions.get(session, 0) <= self._clock():
            raise Wrong(401, "INVALID_SESSION_ID", "Session expired or invalid")
        self._asked += 1
        if self._asked > self.settings["daily"]:
            raise Wrong(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    def _answer(self, asked: Asked, parts: list[str]) -> Reply:
        base = f"/{'/'.join(parts[:3])}"
        match asked.method, parts[3:]:
            case "GET", []:
                return as_json({"identity": f"{asked.base}/id/00D000000000001AAA/{OURS}"})
            case "GET", ["sobjects", sobject, "describe"] if sobject in self.known:
                return as_json({"name": sobject, "fields": list(self._seen(sobject).values())})
            case "POST", ["sobjects", sobject] if sobject in self.known:
                return as_json(self._write(sobject, None, asked.json()), 201)
            case "POST", ["tooling", "sobjects", "CustomField"]:
                return self._create_field(asked.json())
            case "GET", ["query"]:
                return self._page(base, selected(asked.query.get("q", ""), self.rows, self._all_seen()))
            case "GET", ["query", name] if name in self._pages:
                return self._page(base, self._pages.pop(name))
            case "PATCH", ["composite", "sobjects", sobject, unique] if sobject in self.known:
                return self._collection(asked, lambda row: self.upsert(sobject, unique, row))
            case "POST" | "PATCH" as method, ["composite", "sobjects"]:
                return self._collection(asked, lambda row: self._save(row, method == "PATCH"))
            case "DELETE", ["composite", "sobjects"]:
                return as_json([self._remove(number) for number in asked.query.get("ids", "").split(",")])
            case method, ["jobs", "ingest", *rest]:
                status, stated = self.jobs.answer(method, rest, asked.body)
                if isinstance(stated, str):
                    return Reply(status, stated.encode(), (("content-type", "text/csv"),))
                return as_json(stated, status)
        raise Wrong(404, "NOT_FOUND", "The requested resource does not exist")

    def _create_field(self, stated: Mapping[str, Any]) -> Reply:
        place, _, name = str(stated.get("FullName")).partition(".")
        sobject = "Task" if place == "Activity" else place
        if sobject not in self.known or not name.endswith("__c"):
            raise Wrong(400, "INVALID_FIELD", f"{stated.get('FullName')} is no custom field")
        if name in self.known[sobject]:
            raise Wrong(400, "DUPLICATE_DEVELOPER_NAME", f"There is already a field named {name}")
        self.known[sobject][name] = custom(name, stated["Metadata"])
        return as_json({"id": f"00N{len(self.known[sobject]):012}", "success": True, "errors": []}, 201)

    def _page(self, base: str, rows: list[Row]) -> Reply:
        size = self.settings["page"]
        found: Row = {"totalSize": len(rows), "done": len(rows) <= size, "records": rows[:size]}
        if rows[size:]:
            name = f"01g{len(self._pages)}x{len(rows)}-{size}"
            self._pages[name] = rows[size:]
            found["nextRecordsUrl"] = f"{base}/query/{name}"
        return as_json(found)

    def _collection(self, asked: Asked, save: Callable[[Row], Row]) -> Reply:
        records = asked.json().get("records", [])
        if not 0 < len(records) <= MOST:
            raise Wrong(400, "LIMIT_EXCEEDED", f"A request has 1 to {MOST} records")
        results = []
        for each in records:
            row = {name: value for name, value in each.items() if name != "attributes"}
            try:
                results.append(save({**row, "_type": each.get("attributes", {}).get("type")}))
            except Wrong as wrong:
                results.append({"success": False, "errors": [wrong.of_record]})
        return as_json(results)

    def _remove(self, number: str) -> Row:
        there = next((rows for rows in self.rows.values() if number in rows), None)
        if there is None:
            return {"id": number, "success": False, "errors": [Wrong(404, "ENTITY_IS_DELETED", "gone").of_record]}
        del there[number]
        return {"id": number, "success": True, "errors": []}

    def _save(self, row: Row, exists: bool) -> Row:
        sobject = row.pop("_type")
        own = self.rows[sobject].get(row.pop("id", "")) if exists else None
        if exists and own is None:
            raise Wrong(404, "ENTITY_IS_DELETED", "entity is deleted")
        self._admit_fields(sobject, row)
        return self._write(sobject, own, row)

    def _seen(self, sobject: str) -> dict[str, Any]:
        """The fields that a permission set shows to the user as whom everyone signs in: no custom one by itself."""
        sets = {each["PermissionSetId"] for each in self.rows["PermissionSetAssignment"].values()
                if each["AssigneeId"] == OURS}  # fmt: skip
        shown = {each["Field"] for each in self.rows["FieldPermissions"].values()
                 if each["ParentId"] in sets and each["PermissionsRead"] and each["PermissionsEdit"]}  # fmt: skip
        return {name: each for name, each in self.known[sobject].items()
                if not name.endswith("__c") or f"{sobject}.{name}" in shown}  # fmt: skip

    def _all_seen(self) -> dict[str, dict[str, Any]]:
        return {sobject: self._seen(sobject) for sobject in self.known}

    def _admit_fields(self, sobject: str, row: Row) -> None:
        seen = self._seen(sobject)
        for name in row:
            if name.endswith("__c") and name not in seen:
                raise Wrong(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject}", name)

    def upsert(self, sobject: str, unique: str, row: Row) -> Row:
        row = {name: value for name, value in row.items() if name != "_type"}
        self._admit_fields(sobject, row)
        if not self._seen(sobject).get(unique, {}).get("externalId"):
            raise Wrong(404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {unique}")
        if not row.get(unique):
            raise Wrong(400, "MISSING_ARGUMENT", f"{unique} not specified", unique)
        if row[unique] in self.settings["locked"]:
            raise Wrong(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        found = self._with(sobject, unique, row[unique])
        if len(found) > 1:
            raise Wrong(300, "DUPLICATE_EXTERNAL_ID", f"{unique}: more than one record found for external id field")
        return {**self._write(sobject, found[0] if found else None, row), "created": not found}

    def _write(self, sobject: str, own: Row | None, stated: Mapping[str, Any], twin: bool = False) -> Row:
        values = dict[str, Any]()
        for name, value in stated.items():
            if isinstance(value, Mapping):  # the account of a contact, by its external id
                by, other = next(iter(value.items()))
                parents = self._with("Account", by, other)
                if not parents:
                    raise Wrong(400, "INVALID_FIELD", f"Foreign key external ID: {other} not found for field {by}", by)
                values[f"{name}Id"] = parents[0]["Id"]
                continue
            if wrong := problem(self.known[sobject], name, value, self._users):
                raise Wrong(400, wrong[0], wrong[1], name)
            if (
                not twin
                and value
                and self.known[sobject][name].get("unique")
                and self._others(sobject, name, value, own)
            ):
                raise Wrong(400, "DUPLICATE_VALUE", f"duplicate value found: {name}", name)
            values[name] = stored(self.known[sobject][name], value)
        missing = [name for name in REQUIRED.get(sobject, ()) if not (values.get(name) or (own or {}).get(name))]
        if missing:
            raise Wrong(400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: {missing}", *missing)
        if own is None:
            self._next += 1
            own = {**dict.fromkeys(self.known[sobject]), "Id": f"{PREFIX[sobject]}{self._next:012}AAA"}
            own |= {name: False for name, each in self.known[sobject].items() if each["type"] == "boolean"}
            own |= {"OwnerId": OURS}
            self.rows[sobject][own["Id"]] = own
        now = when(self._clock()).replace("Z", "+0000")
        own |= {**values, "LastModifiedDate": now, "SystemModstamp": now}
        return {"id": own["Id"], "success": True, "errors": []}

    def _with(self, sobject: str, name: str, value: Any) -> list[Row]:
        return [each for each in self.rows[sobject].values() if each.get(name) == value]

    def _others(self, sobject: str, name: str, value: Any, own: Row | None) -> Iterable[Row]:
        return [each for each in self._with(sobject, name, value) if each is not own]
