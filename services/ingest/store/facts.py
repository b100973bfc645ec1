"""How are facts about facilities recorded?"""

from __future__ import annotations

from collections.abc import Sequence

from engines.datasets.facts import Statement
from shared.storage.database import Tx, rows


async def record(tx: Tx, import_no: int, facts: Sequence[Statement]) -> list[Statement]:
    """Record facts. Returns those that are new or changed for their date; a repeated fact stays as it is."""
    return await tx.all(
        Statement,
        """
        INSERT INTO facility_facts AS stored (facility_id, field, as_of, import_no, value, unknown)
        SELECT facility_id, field, as_of, %(import_no)s, value, value IS NULL
        FROM json_populate_recordset(NULL::facility_facts, %(rows)s::json)
        ON CONFLICT (facility_id, field, as_of) DO UPDATE
        SET import_no = excluded.import_no, value = excluded.value, unknown = excluded.unknown
        WHERE excluded.import_no >= stored.import_no AND excluded.value IS DISTINCT FROM stored.value
        RETURNING facility_id, field, value, as_of
        """,
        import_no=import_no,
        rows=rows({"facility_id": f.facility_id, "field": f.field, "value": f.value, "as_of": f.as_of} for f in facts),
    )
