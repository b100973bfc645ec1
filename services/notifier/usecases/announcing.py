"""Which event announces a draft?"""

from __future__ import annotations

from services.notifier.store import NewDraft
from shared.contracts.events import EmailDrafted


def email_drafted(draft: NewDraft) -> EmailDrafted:
    return EmailDrafted(
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        facility_id=draft.facility_id,
        rep=draft.rep,
        template=draft.template or "",
        drafted_on=draft.drafted_on,
    )
