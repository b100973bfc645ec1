"""Which questions does the notifier reply to?"""

from __future__ import annotations

from services.notifier.queries import (
    address_suppressions,
    counts,
    deliveries,
    draft_details,
    drafts,
    export_drafts,
    incoming,
    show_mail,
    why_suppressed,
)

_modules = (
    address_suppressions,
    counts,
    deliveries,
    draft_details,
    drafts,
    export_drafts,
    incoming,
    show_mail,
    why_suppressed,
)
routers = tuple(module.router for module in _modules)
