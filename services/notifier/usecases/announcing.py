"""Which events announce a draft, and that a person discarded it?"""

from __future__ import annotations

from services.notifier.store import NewDraft
from services.notifier.store.messages import DraftToSend
from shared.contracts.events import EmailDiscarded, EmailDrafted
from shared.storage.database import Tx


def email_drafted(draft: NewDraft) -> EmailDrafted:
    return EmailDrafted(
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        facility_id=draft.facility_id,
        rep=draft.rep,
        template=draft.template or "",
        drafted_on=draft.drafted_on,
    )


def email_discarded(draft: DraftToSend, tx: Tx) -> EmailDiscarded:
    return EmailDiscarded(
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        facility_id=draft.facility_id,
        version=draft.version,
        discarded_by=tx.actor,
        discarded_on=tx.today,
    )
