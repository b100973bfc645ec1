"""How does a person send drafts off? (R37, K7)"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid5

from services.notifier.domain.correlating import header_id
from services.notifier.domain.sending import UNDO_SECONDS, Readiness, refusal
from services.notifier.settings import deployed
from services.notifier.store import messages as store
from services.notifier.store.messages import DraftToSend, Message
from services.notifier.usecases.sending import KIND, key_of, lacking
from shared.contracts.notifier_sending import SendDrafts, SentOff, Shown
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

router = Router()


@router.command
async def send_drafts(request: SendDrafts, tx: Tx) -> list[SentOff]:
    if lack := lacking(deployed()):
        raise Refused(lack, 409)
    drafts = await store.lock_drafts(tx, [each.draft_id for each in request.drafts])
    refusals = {shown.draft_id: _refusal(shown, drafts.get(shown.draft_id)) for shown in request.drafts}
    sent_off = [drafts[draft_id] for draft_id, refused in refusals.items() if refused is None]
    if not sent_off:
        raise Refused("; ".join(dict.fromkeys(filter(None, refusals.values()))), 409)
    letters = [_letter(draft, tx) for draft in sent_off]
    await store.approve(tx, letters)
    due_at = tx.now + timedelta(seconds=UNDO_SECONDS)
    await work.add(tx, [NewItem(KIND, key_of(each.message_id), due_at=due_at) for each in letters])
    return [
        SentOff(draft_id=draft_id, status="draft" if refused else "approved", refused=refused)
        for draft_id, refused in refusals.items()
    ]


def _refusal(shown: Shown, draft: DraftToSend | None) -> str | None:
    if draft is None:
        return f"There is no draft {shown.draft_id}."
    has_text = bool(draft.subject and draft.body)
    ready = Readiness(
        draft.channel, draft.status, draft.to_email, has_text, draft.missing, draft.sender_name, draft.sender_email
    )
    if refused := refusal(ready):
        return refused
    if draft.revision != shown.revision:
        return f"It has changed since revision {shown.revision} that you read; read revision {draft.revision}."
    return None


def _letter(draft: DraftToSend, tx: Tx) -> Message:
    """The letter of a draft; the same revision of a draft is always the same letter."""
    earlier = header_id(draft.earlier_id, draft.earlier_sender) if draft.earlier_id and draft.earlier_sender else None
    return Message(
        message_id=uuid5(draft.draft_id, f"revision {draft.revision}"),
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        version=draft.version,
        revision=draft.revision,
        facility_id=draft.facility_id,
        rep=draft.rep,
        from_name=draft.sender_name or "",
        from_email=draft.sender_email or "",
        to_name=draft.person,
        to_email=draft.to_email or "",
        subject=draft.subject or "",
        body=draft.body or "",
        in_reply_to=earlier,
        state="approved",
        error=None,
        approved_by=tx.actor,
        approved_at=tx.now,
        sent_at=None,
    )
