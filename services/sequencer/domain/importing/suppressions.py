"""What does a row of a list of suppressions state about a facility or a chain?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engines.datasets.account_key import AccountKey
from engines.suppression import lists
from engines.suppression.changes import Cause, Change, NoTarget, Stated, stated
from engines.suppression.lists import Listed, Reject, channels_of, text_of
from engines.suppression.statements import ALL
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.importing.changes import RowChange
from services.sequencer.domain.marks import chain_marks, place_marks


def read(cells: Mapping[str, str | None], line: int, cause: Cause, key: AccountKey) -> Listed | Reject:
    """What a row states, for the reason that it has or that of the list."""
    return lists.read(line, cells["reason"], cause, lambda own: _stated(cells, own, key))


def row_changes(listed: Sequence[Listed], changes: Sequence[Change]) -> list[RowChange]:
    """The changes of suppressions, each with the line that states it."""
    return [
        RowChange(each.line, each.label, each.added, {"channels": (each.before, each.after)})
        for each in lists.changed_lines(listed, changes)
    ]


def _stated(cells: Mapping[str, str | None], cause: Cause, key: AccountKey) -> Stated:
    scope, target = text_of(cells["scope"]).lower(), text_of(cells["target"])
    channels = channels_of(cells["channels"]) or [ALL]
    if scope == "facility" and target:
        facility_id = key.padded(target)
        if not key.matches(facility_id):
            raise NoTarget(key.problem(target))
        return stated("facility", facility_id, facility_id, place_marks(facility_id, None), channels, cause)
    if scope == "chain" and (chain := chain_key(target)):
        return stated("chain", chain, f"chain {chain}", chain_marks(chain), channels, cause)
    raise NoTarget("needs the scope facility or chain, and its target")
