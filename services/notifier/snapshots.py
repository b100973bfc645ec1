"""Which drafts exist, page by page?"""

from __future__ import annotations

from services.notifier import store
from services.notifier.usecases.announcing import email_drafted
from shared.contracts.events import EmailDrafted
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.snapshot(EmailDrafted)
async def emails_drafted(after: str | None, limit: int, tx: Tx) -> list[tuple[str, EmailDrafted]]:
    """The e-mail drafts with a text that are not withdrawn; `task.done` says which tasks have ended since."""
    return [(key, email_drafted(each)) for key, each in await store.sendable(tx, after, limit)]
