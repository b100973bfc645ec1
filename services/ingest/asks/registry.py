"""What may others import about facilities?"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from engines.datasets.registry import Reject
from services.ingest import imports, settings
from services.ingest.store import registry as store
from shared.clock import latest_day
from shared.contracts.limits import MOST, LongText, ShortText, State
from shared.contracts.refusals import Refused
from shared.contracts.requests import Request
from shared.service import Router
from shared.storage.database import Tx

router = Router()


class Unread(Request):
    """A line of the file that is no row. If it begins with a key, that one at least is still in the file."""

    line: int = Field(ge=1, le=MOST)
    reason: LongText
    begins: ShortText = ""


class Rows(Request):
    """A chunk of a file: its rows, each with its line. `final` ends the file."""

    import_id: UUID
    file_name: Annotated[ShortText, Field(min_length=1)]
    header: list[ShortText] = Field(min_length=1, max_length=500)
    rows: list[list[str]] = Field(max_length=10_000)
    lines: list[Annotated[int, Field(ge=1, le=MOST)]] = Field(max_length=10_000)
    unread: list[Unread] = Field([], max_length=10_000)
    final: bool = False
    cut: LongText | None = None
    """Why the file may have lost its end; said with the final chunk."""
    size: int | None = Field(None, ge=0, le=2**53)
    sha256: ShortText | None = None

    @property
    def numbered(self) -> list[tuple[int, list[str]]]:
        """Line and cells; refuses rows without a line."""
        if len(self.lines) != len(self.rows):
            raise Refused("Every row needs its line.", 422, {"lines": f"{len(self.lines)} for {len(self.rows)} rows"})
        return list(zip(self.lines, self.rows, strict=True))

    @property
    def rejects(self) -> list[Reject]:
        return [Reject(one.line, one.reason, settings.headings().key.at_start(one.begins)) for one in self.unread]


class RegistryRows(Rows):
    """A chunk of a registry file; `as_of` is for files that do not say their date."""

    state: State | None = None
    """Only rows of this state are taken."""
    complete: State | None = None
    """The state, or `US`, all of whose facilities the file lists: the others are delisted at its end."""
    delist: int | None = Field(None, ge=0, le=MOST)
    """How many facilities a person has seen that the file lacks, and wants delisted, whatever speaks against it."""
    as_of: date | None = None


@router.ask("import_facilities")
async def import_facilities(request: RegistryRows, tx: Tx) -> imports.Report:
    _whole(request.state, request.complete)
    layout = imports.registry_layout(request.header)
    dated = await _dated(request, tx)
    begun = await _begun(request, "registry", request.state, request.complete, dated, tx)
    as_of = begun.undated_as_of or dated.as_of
    file = imports.File(
        begun, request.state, request.complete, request.final, as_of, begun.assumed, request.cut, request.delist
    )
    return await imports.import_registry(layout, request.numbered, request.rejects, file, tx)


async def _dated(request: RegistryRows, tx: Tx) -> store.Dating:
    """The date of rows that do not say theirs."""
    _not_to_come(request.as_of, tx)
    if request.as_of:
        if request.sha256:
            await store.redate(tx, request.sha256, request.as_of)
        return store.Dating(request.as_of, assumed=False)
    # The same content keeps the day of its first import; otherwise it would be news when it is imported tomorrow.
    before = await store.dating(tx, request.sha256) if request.sha256 else None
    return before or store.Dating(tx.today, assumed=True)


def _not_to_come(as_of: date | None, tx: Tx) -> None:
    if as_of and as_of > latest_day(tx.today):
        raise Refused(
            f"As of {as_of} is still to come; see that the year is right.", 422, {"as_of": "is still to come"}
        )


def _whole(state: str | None, complete: str | None) -> None:
    """What was left out of an import was not seen to be gone."""
    if state and complete and complete != state:
        message = (
            f"Only rows of {state} are taken, so this import cannot be complete for {complete}; say --complete {state}."
        )
        raise Refused(message, 422, {"complete": f"contradicts state {state}"})


class QualityRows(Rows):
    """A chunk of a file about quality; `as_of` is for files that do not say their date."""

    as_of: date | None = None


@router.ask("import_quality")
async def import_quality(request: QualityRows, tx: Tx) -> imports.Report:
    """Rows of any quality file that is known by its headings."""
    _not_to_come(request.as_of, tx)
    found = imports.quality_layout(request.header, request.as_of)
    begun = await _begun(request, "quality", None, None, None, tx)
    return await imports.import_quality(
        found, request.numbered, request.rejects, begun.import_no, request.as_of, request.final, tx
    )


@router.ask("import_facts")
async def import_facts(request: Rows, tx: Tx) -> imports.Report:
    """Rows of the account key, field, value and as_of; an empty value means that it is known to be unknown."""
    columns = imports.fact_columns(request.header)
    begun = await _begun(request, "facts", None, None, None, tx)
    return await imports.import_facts(columns, request.numbered, request.rejects, begun.import_no, request.final, tx)


async def _begun(
    request: Rows, kind: str, state: str | None, complete: str | None, dated: store.Dating | None, tx: Tx
) -> store.Import:
    begun = await store.begin(
        tx, request.import_id, kind, request.file_name, state, complete, request.size, request.sha256, dated
    )
    if begun.kind != kind:
        raise Refused(f"Import {request.import_id} is one of {begun.kind}; take a new id for this file.", 409)
    return begun
