"""What does a chunk of a file of facts change?"""

from __future__ import annotations

from collections.abc import Sequence

from engines.datasets import facts as statements
from engines.datasets.facts import Statement
from engines.datasets.headings import column
from engines.datasets.registry import Reject
from services.ingest import settings
from services.ingest.store import imports as store
from services.ingest.usecases.imports import begin_import, numbered, record_facts, rejected, unread
from shared.clock import latest_day
from shared.contracts.ingest import ImportFacts, ImportReport
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_facts(request: ImportFacts, tx: Tx) -> ImportReport:
    """Record the facts that the rows state."""
    columns, lines = fact_columns(request.header), numbered(request)
    import_no = (await begin_import(request, "facts", tx)).import_no
    facts: list[Statement] = []
    rejects: list[Reject] = []
    for line, row in lines:
        try:
            fact = statements.read_fact(settings.headings(), cells_of(columns, row))
            if fact.as_of > latest_day(tx.today):
                raise ValueError(f"as_of {fact.as_of} is in the future; check the year")
            facts.append(fact)
        except ValueError as error:
            rejects.append(Reject(line, str(error)))
    await store.reject(tx, import_no, [*unread(request), *rejects])
    recorded = await record_facts(facts, import_no, "facts", tx)
    await store.advance(tx, import_no, max((fact.as_of for fact in facts), default=None), request.final)
    return ImportReport(import_no=import_no, imported=len(facts), facts=recorded, rejects=rejected(rejects))


def fact_columns(header: Sequence[str]) -> dict[str, int]:
    """The positions of the columns in a file of facts; refuses a file that lacks one."""
    places = {column(title): place for place, title in reversed(list(enumerate(header)))}
    required = statements.fact_columns(settings.headings())
    missing = [name for name in required if name not in places]
    if missing:
        message = f"A file of facts has the columns {', '.join(required)}; missing: {', '.join(missing)}."
        raise Refused(message, 422, {"header": f"missing {', '.join(missing)}"})
    return {name: places[name] for name in required}


def cells_of(columns: dict[str, int], row: Sequence[str]) -> dict[str, str]:
    if max(columns.values()) >= len(row):
        raise ValueError(f"{len(row)} cells, fewer than the header has")
    return {name: row[place] for name, place in columns.items()}
