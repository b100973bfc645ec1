"""Which addresses and domains does a list suppress or, taken back, allow again? Which of its rows are rejected?"""

from __future__ import annotations

from collections.abc import Sequence

from engines.suppression.changes import Cause, Change, Stated, lifts, stops
from engines.suppression.lists import Listed, Reject, changed_lines
from services.notifier.domain.suppression_list import read
from services.notifier.usecases import suppressing
from shared.contracts.imports import ChangedField, ImportedRows, RejectedLine, RowChange
from shared.contracts.notifier_suppressions import ImportSuppressions
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def import_suppressions(request: ImportSuppressions, tx: Tx) -> ImportedRows:
    cause = Cause(request.reason, f"list {request.file_name}".strip(), tx.actor, tx.today)
    rows = [read(row, cause) for row in request.rows]
    listed = [each for each in rows if isinstance(each, Listed)]
    changes = await _changes(request, [each.stated for each in listed], tx)
    return ImportedRows(
        imported=len(changes),
        changed=sum(each.before is not None for each in changes),
        unchanged=len(listed) - len(changes),
        rejects=[RejectedLine(line=each.line, reason=each.reason) for each in rows if isinstance(each, Reject)],
        changes=_shown(listed, changes) if request.preview else [],
    )


async def _changes(request: ImportSuppressions, stated: Sequence[Stated], tx: Tx) -> list[Change]:
    if request.preview:
        decide = lifts if request.lift else stops
        return decide(await suppressing.existing(tx, stated), stated)
    return await (suppressing.lift if request.lift else suppressing.suppress)(tx, stated)


def _shown(listed: Sequence[Listed], changes: Sequence[Change]) -> list[RowChange]:
    return [
        RowChange(
            line=each.line,
            key=each.label,
            added=each.added,
            fields=[ChangedField(field="channels", before=each.before, after=each.after)],
        )
        for each in changed_lines(listed, changes)
    ]
