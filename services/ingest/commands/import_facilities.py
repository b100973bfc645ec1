"""What does a chunk of a registry file change?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engines.datasets import registry
from engines.datasets.registry import Reject
from engines.datasets.text import shortened
from services.ingest import settings
from services.ingest.domain.facilities import Facility
from services.ingest.store import imports as store
from services.ingest.usecases.delisting import delist_missing
from services.ingest.usecases.imports import begin_import, numbered, record_facts, refuse_future, rejected, unread
from services.ingest.usecases.listing import list_facilities
from shared.clock import latest_day
from shared.contracts.ingest import ImportFacilities, ImportReport, MissingFacility
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_facilities(request: ImportFacilities, tx: Tx) -> ImportReport:
    """List the facilities of the rows, record their facts, and at the end delist what a complete file lacks."""
    _refuse_contradiction(request.state, request.complete)
    layout, rows = _layout(request.header), numbered(request)
    dated = await _dated(request, tx)
    current = await begin_import(request, "registry", tx, request.state, request.complete, dated)
    import_no, as_of = current.import_no, current.undated_as_of or dated.as_of
    chunk = registry.until(registry.read_chunk(layout, rows, request.state, as_of), latest_day(tx.today))
    lines = await store.lines_of(tx, import_no, [(one.facility_id, one.line) for one in chunk.listings])
    chunk = registry.without_repeats(chunk, lines)
    await store.reject(tx, import_no, [*unread(request), *chunk.rejects])
    changed, warnings = await list_facilities(chunk, import_no, tx)
    recorded = await record_facts([fact for one in chunk.listings for fact in one.facts], import_no, "registry", tx)
    newest = max((one.as_of for one in chunk.listings), default=None)
    await store.advance(tx, import_no, newest, request.final)
    completes = request.final and request.complete
    delisted, gone, refusal = await delist_missing(request, current, as_of, tx) if completes else (0, [], None)
    undated = _undated(layout, as_of) if request.final and current.assumed else None
    return ImportReport(
        import_no=import_no,
        imported=len(chunk.listings),
        changed=changed,
        facts=recorded,
        delisted=delisted,
        skipped_other_state=chunk.skipped,
        rejects=rejected(chunk.rejects),
        warnings=rejected(
            [
                *warnings,
                *(Reject(one.line, warning, one.facility_id) for one in chunk.listings for warning in one.warnings),
            ]
        ),
        note=" ".join(filter(None, (undated, refusal))) or None,
        gone=[_missing(one) for one in gone],
        ignored_fields=[shortened(title) for title in layout.unread(request.header)] if request.final else [],
    )


def _refuse_contradiction(state: str | None, complete: str | None) -> None:
    """Rows of other states are skipped, so the import cannot be complete for them."""
    if state and complete and complete != state:
        message = f"The import cannot be complete for {complete}: only rows of {state} are imported."
        raise Refused(message, 422, {"complete": f"contradicts state {state}"})


def _layout(header: Sequence[str]) -> registry.Layout:
    try:
        return registry.layout_of(settings.headings(), header)
    except registry.UnknownLayout as error:
        raise Refused(f"This is {error}.", 422, {"header": str(error)}) from error


async def _dated(request: ImportFacilities, tx: Tx) -> store.Dating:
    """The date of rows that do not state theirs."""
    refuse_future(request.as_of, tx)
    if request.as_of:
        if request.sha256:
            await store.redate(tx, request.sha256, request.as_of)
        return store.Dating(request.as_of, assumed=False)
    # The same content keeps the date of its first import; otherwise it would be a change when it is imported again.
    previous = await store.dating(tx, request.sha256) if request.sha256 else None
    return previous or store.Dating(tx.today, assumed=True)


def _missing(facility: Facility) -> MissingFacility:
    identity = facility.identity
    return MissingFacility(
        facility_id=facility.facility_id, name=identity.name, city=identity.city, state=identity.state
    )


def _undated(layout: registry.Layout, as_of: date) -> str | None:
    if layout.identity["as_of"]:
        return None
    return f"The file does not state its date; {as_of} is assumed. Use --as-of YYYY-MM-DD if it is older."
