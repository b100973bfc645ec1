"""Which commands does the notifier handle?"""

from __future__ import annotations

from services.notifier.commands import (
    add_suppression,
    assign_mail,
    discard_draft,
    edit_draft,
    import_suppressions,
    lift_suppression,
    resolve_draft,
    resolve_mail,
    resume_sending,
    send_drafts,
    unsend_draft,
)

_modules = (
    add_suppression,
    assign_mail,
    discard_draft,
    edit_draft,
    import_suppressions,
    lift_suppression,
    resolve_draft,
    resolve_mail,
    resume_sending,
    send_drafts,
    unsend_draft,
)
routers = tuple(module.router for module in _modules)
