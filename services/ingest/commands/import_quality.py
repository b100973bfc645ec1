"""What does a chunk of a file about quality change?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engines.datasets import quality, registry
from engines.datasets.registry import Reject
from services.ingest import settings
from services.ingest.store import imports as store
from services.ingest.usecases.imports import begun, learn, not_to_come, numbered, rejected, unread
from shared.contracts.ingest import ImportQuality, ImportReport
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_quality(request: ImportQuality, tx: Tx) -> ImportReport:
    """Learn what rows of any quality file state that is known by its headings, of facilities listed or not."""
    not_to_come(request.as_of, tx)
    found, lines = _recognized(request.header, request.as_of), numbered(request)
    import_no = (await begun(request, "quality", tx)).import_no
    read = list(quality.read(found, settings.headings(), lines, request.as_of))
    rows = [one for one in read if isinstance(one, quality.Row)]
    rejects = [one for one in read if isinstance(one, Reject)]
    facts = [fact for row in rows for fact in row.facts]
    await store.reject(tx, import_no, [*unread(request), *rejects])
    learned = await learn(facts, import_no, found.dataset, tx)
    await store.advance(tx, import_no, max((fact.as_of for fact in facts), default=None), request.final)
    return ImportReport(
        import_no=import_no,
        imported=len(rows),
        facts=learned,
        rejects=rejected(rejects),
        warnings=rejected(Reject(row.line, doubt, row.facility_id) for row in rows for doubt in row.doubts),
        dataset=found.dataset,
        fields=found.fields,
    )


def _recognized(header: Sequence[str], as_of: date | None) -> quality.Recognised:
    """Which quality file this is; refuses one that is not known, and one of which nobody says the day."""
    try:
        found = quality.must_state(quality.recognise(settings.headings(), header), settings.headings())
    except registry.UnknownLayout as error:
        raise Refused(f"This is {error}.", 422, {"header": str(error)}) from error
    if not found.dated and as_of is None:
        raise Refused("The rows do not say of which day they are; say it with --as-of.", 422, {"as_of": "missing"})
    return found
