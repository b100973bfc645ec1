"""Which questions does the notifier reply to?"""

from __future__ import annotations

from services.notifier.queries import counts, draft_details, drafts, export_drafts, incoming, show_mail

routers = tuple(module.router for module in (counts, draft_details, drafts, export_drafts, incoming, show_mail))
