"""Which commands does the notifier handle?"""

from __future__ import annotations

from services.notifier.commands import (
    discard_draft,
    edit_draft,
    resolve_draft,
    resume_sending,
    send_drafts,
    unsend_draft,
)

routers = tuple(
    module.router for module in (discard_draft, edit_draft, resolve_draft, resume_sending, send_drafts, unsend_draft)
)
