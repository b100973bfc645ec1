"""Which commands does the matcher handle?"""

from __future__ import annotations

from services.matcher.commands import (
    accept_group,
    import_aliases,
    judge_match,
    keys,
    names,
    reject_group,
    undo_decision,
)

routers = tuple(
    module.router for module in (accept_group, import_aliases, judge_match, keys, names, reject_group, undo_decision)
)
