"""What does a chunk of a quality file change?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engines.datasets import quality, registry
from engines.datasets.registry import Reject
from services.ingest import settings
from services.ingest.store import imports as store
from services.ingest.usecases.imports import begin_import, numbered, record_facts, refuse_future, rejected, unread
from shared.contracts.ingest import ImportQuality, ImportReport
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_quality(request: ImportQuality, tx: Tx) -> ImportReport:
    """Record the facts of any quality file that its headings identify, for listed and unlisted facilities."""
    refuse_future(request.as_of, tx)
    found, lines = _recognized(request.header, request.as_of), numbered(request)
    import_no = (await begin_import(request, "quality", tx)).import_no
    read = list(quality.read(found, settings.headings(), lines, request.as_of))
    rows = [one for one in read if isinstance(one, quality.Row)]
    rejects = [one for one in read if isinstance(one, Reject)]
    facts = [fact for row in rows for fact in row.facts]
    await store.reject(tx, import_no, [*unread(request), *rejects])
    recorded = await record_facts(facts, import_no, found.dataset, tx)
    await store.advance(tx, import_no, max((fact.as_of for fact in facts), default=None), request.final)
    return ImportReport(
        import_no=import_no,
        imported=len(rows),
        facts=recorded,
        rejects=rejected(rejects),
        warnings=rejected(Reject(row.line, warning, row.facility_id) for row in rows for warning in row.warnings),
        dataset=found.dataset,
        fields=found.fields,
    )


def _recognized(header: Sequence[str], as_of: date | None) -> quality.Recognized:
    """The kind of quality file; refuses an unknown one, and one without a date."""
    try:
        found = quality.must_state(quality.recognize(settings.headings(), header), settings.headings())
    except registry.UnknownLayout as error:
        raise Refused(f"This is {error}.", 422, {"header": str(error)}) from error
    if not found.dated and as_of is None:
        raise Refused("The rows do not state their date; give it with --as-of.", 422, {"as_of": "missing"})
    return found
