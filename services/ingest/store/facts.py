"""How are facts about facilities recorded?"""

from __future__ import annotations

from collections.abc import Sequence

from engines.datasets.facts import Statement
from shared.storage.database import Tx, rows
from shared.storage.paging import Row, page_by_key
from shared.storage.writing import recordset


async def record(tx: Tx, import_no: int, dataset: str, facts: Sequence[Statement]) -> list[Statement]:
    """Record facts. Returns those that are new or changed for their date; a repeated fact stays as it is."""
    given = [{"facility_id": f.facility_id, "field": f.field, "value": f.value, "as_of": f.as_of} for f in facts]
    return await tx.all(
        Statement,
        f"""
        INSERT INTO facility_facts AS stored (facility_id, field, as_of, import_no, value, unknown, dataset,
                                              received_at)
        SELECT facility_id, field, as_of, %(import_no)s, value, value IS NULL, %(dataset)s, %(now)s
        FROM {recordset("facility_facts", given)} AS given
        ON CONFLICT (facility_id, field, as_of) DO UPDATE
        SET import_no = excluded.import_no, value = excluded.value, unknown = excluded.unknown,
            dataset = excluded.dataset, received_at = excluded.received_at
        WHERE excluded.import_no >= stored.import_no AND excluded.value IS DISTINCT FROM stored.value
        RETURNING facility_id, field, value, as_of
        """,
        import_no=import_no,
        dataset=dataset,
        now=tx.now,
        rows=rows(given),
    )


async def page(tx: Tx, after: str | None, limit: int) -> list[tuple[str, Row]]:
    """A page of facts with their keys, by facility, field and date."""
    return await page_by_key(tx, "facility_facts", ("facility_id", "field", "as_of"), after, limit)
