"""Which further names do files give facilities, and which of them did a person take away?"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from services.matcher.domain import aliases
from services.matcher.domain.directory import Directory, Employer, OtherName
from services.matcher.memory import directory_of
from services.matcher.outcomes import settle_anew
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as store
from services.matcher.store import inbox as inbox_store
from services.matcher.store.directory import FileName
from shared.asking import Request
from shared.database import Tx
from shared.handling import Refused, ask

Row = tuple[int, str, list[OtherName]]
"""Of a file: which row, of which CCN, with which names."""


class Aliases(Request):
    """Rows of a file by column name, each with its `line`."""

    file_name: str = Field(min_length=1, max_length=200)
    rows: list[dict[str, Any]] = Field(max_length=5_000)


class OneName(Request):
    ccn: str
    name: str
    by: str = Field(min_length=1)


@ask("import_aliases")
async def import_aliases(request: Aliases, tx: Tx) -> dict[str, Any]:
    """A name that is known already stays as it is, and one that was taken away stays away; both however spelt."""
    known = await directory_of(tx)
    ccns = [str(row.get("CCN") or row.get("ccn")) for row in request.rows]
    await tx.lock("state", {NOWHERE, *(known.facilities[ccn].state for ccn in ccns if ccn in known.facilities)})
    committed = await directory_of(tx)
    rows, rejects = _read(request, committed)
    away = await store.names_taken_away(tx, [ccn for _, ccn, _ in rows])
    names = _new_names(rows, committed, away)
    change = await store.raise_version(tx)
    added = await store.add_names(tx, [FileName(*key, kind, request.file_name) for key, (kind, _) in names.items()])
    changed = sorted({ccn for ccn, _ in added})
    await store.touch_facilities(tx, changed, change)
    await settle_anew(tx, committed, changed)
    imported = len({names[key][1] for key in added})
    return {"imported": imported, "unchanged": len(rows) - imported, "rejects": rejects}


@ask("withdraw_name")
async def withdraw_name(request: OneName, tx: Tx) -> dict[str, Any]:
    """What was matched by the name is decided anew; the registry's saying it again does not bring it back."""
    return await _withdraw(request, tx, request.by)


@ask("restore_name")
async def restore_name(request: OneName, tx: Tx) -> dict[str, Any]:
    return await _withdraw(request, tx, None)


def _read(request: Aliases, directory: Directory) -> tuple[list[Row], list[dict[str, Any]]]:
    rows: list[Row] = []
    rejects = []
    for number, row in enumerate(request.rows, 1):
        try:
            ccn, found = aliases.read({title: cell for title, cell in row.items() if title != "line"})
            if ccn not in directory.facilities:
                raise aliases.Unreadable(f"no facility has the CCN {ccn}; import the registry first")
        except aliases.Unreadable as error:
            rejects.append({"line": row.get("line", number), "reason": str(error)})
        else:
            rows.append((number, ccn, found))
    return rows, rejects


def _new_names(
    rows: list[Row], directory: Directory, away: dict[str, list[str]]
) -> dict[tuple[str, str], tuple[str, int]]:
    """By CCN and name, the kind and the first row that says so."""
    names: dict[tuple[str, str], tuple[str, int]] = {}
    for number, ccn, found in rows:
        for other in aliases.new_names(directory.facilities[ccn], found, away.get(ccn, ())):
            names.setdefault((ccn, other.name), (other.kind, number))
    return names


async def _withdraw(request: OneName, tx: Tx, by: str | None) -> dict[str, Any]:
    facility = (await directory_of(tx)).facilities.get(request.ccn)
    if not facility:
        raise Refused(f"No facility with the CCN {request.ccn} was ever listed.", code=404)
    known = {each["name"] for each in await store.names_of(tx, request.ccn) if each["provenance"] != "person"}
    if request.name not in known or request.name == facility.name:
        raise Refused(
            f"{request.name!r} is no further name of {request.ccn} from a file or by a rule; `pipeline alias list`"
            " shows them. What a person accepted is taken back with `pipeline inbox undo KEY`.",
            code=404,
        )
    await tx.lock("state", {NOWHERE, facility.state})
    committed = await directory_of(tx)
    if not await store.withdraw_name(tx, request.ccn, request.name, by):
        return {"ccn": request.ccn, "changed": 0}
    await store.touch_facilities(tx, [request.ccn], await store.raise_version(tx))
    about = Employer(request.name, facility.city, facility.state)
    await inbox_store.log_decision(tx, "withdraw" if by else "restore", "", about, request.by, ccn=request.ccn)
    return {"ccn": request.ccn, "changed": len(await settle_anew(tx, committed, [request.ccn]))}
