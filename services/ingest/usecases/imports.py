"""What do all imports of files about facilities have in common?

The command line reads the file and sends its rows in chunks with one import id. A repeated chunk or file changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from engines.datasets.facts import Statement
from engines.datasets.registry import Reject
from services.ingest import settings
from services.ingest.store import imports as store
from services.ingest.store.facts import record
from shared.clock import latest_day
from shared.contracts.events import FacilityAssessed, Fact
from shared.contracts.imports import RejectedLine
from shared.contracts.ingest import FileChunk
from shared.contracts.refusals import Refused
from shared.storage.database import Tx


async def begin_import(
    chunk: FileChunk,
    kind: str,
    tx: Tx,
    state: str | None = None,
    complete: str | None = None,
    dated: store.Dating | None = None,
) -> store.Import:
    """The import of a chunk; refuses an import id that is used for another kind of file."""
    file = store.ImportedFile(
        import_id=chunk.import_id,
        kind=kind,
        file_name=chunk.file_name,
        sha256=chunk.sha256,
        size=chunk.size,
        state=state,
        complete=complete,
        undated_as_of=dated.as_of if dated else None,
        assumed=bool(dated and dated.assumed),
    )
    found = await store.begin(tx, file)
    if found.kind != kind:
        raise Refused(f"Import {chunk.import_id} is one of {found.kind}; use a new id for this file.", 409)
    return found


def numbered(chunk: FileChunk) -> list[tuple[int, list[str]]]:
    """The line number and cells of each row; refuses rows without a line number."""
    if len(chunk.lines) != len(chunk.rows):
        raise Refused(
            "Every row needs its line number.", 422, {"lines": f"{len(chunk.lines)} for {len(chunk.rows)} rows"}
        )
    return list(zip(chunk.lines, chunk.rows, strict=True))


def unread(chunk: FileChunk) -> list[Reject]:
    return [Reject(one.line, one.reason, settings.headings().key.at_start(one.begins)) for one in chunk.unread]


def rejected(rejects: Iterable[Reject]) -> list[RejectedLine]:
    """Rejects in the form of the reply."""
    return [RejectedLine.model_validate(one) for one in rejects]


def refuse_future(as_of: date | None, tx: Tx) -> None:
    """Raises `Refused` for a date that has not begun in any time zone."""
    if as_of and as_of > latest_day(tx.today):
        raise Refused(f"{as_of} is in the future; check the year.", 422, {"as_of": "is in the future"})


async def record_facts(facts: Sequence[Statement], import_no: int, dataset: str, tx: Tx) -> int:
    """Record facts and publish those that are new or changed, by facility. Returns their number."""
    # If a chunk has two values for one field and date, the later line counts.
    statements = {(fact.facility_id, fact.field, fact.as_of): fact for fact in facts}
    changed = await record(tx, import_no, dataset, list(statements.values())) if statements else []
    for facility_id, of_facility in groupby(sorted(changed, key=_order), key=lambda fact: fact.facility_id):
        tx.emit(facility_assessed(facility_id, list(of_facility), import_no, dataset, tx.now))
    return len(changed)


def _order(fact: Statement) -> tuple[str, str, date]:
    return fact.facility_id, fact.field, fact.as_of


def facility_assessed(
    facility_id: str, facts: Iterable[Statement], import_no: int, dataset: str, received_at: datetime
) -> FacilityAssessed:
    stated = tuple(Fact(field=fact.field, value=fact.value, as_of=fact.as_of) for fact in facts)
    return FacilityAssessed(
        facility_id=facility_id, facts=stated, import_no=import_no, dataset=dataset, received_at=received_at
    )
