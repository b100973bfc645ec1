"""Which drafts and suppressions of addresses exist, page by page?"""

from __future__ import annotations

from services.notifier import store
from services.notifier.store import suppressions
from services.notifier.usecases.announcing import email_drafted
from services.notifier.usecases.suppressing import address_suppression_changed
from shared.contracts.events import AddressSuppressionChanged, EmailDrafted
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.snapshot(EmailDrafted)
async def emails_drafted(after: str | None, limit: int, tx: Tx) -> list[tuple[str, EmailDrafted]]:
    """The e-mail drafts with a text that are not withdrawn; `task.done` says which tasks have ended since."""
    return [(key, email_drafted(each)) for key, each in await store.sendable(tx, after, limit)]


@router.snapshot(AddressSuppressionChanged)
async def address_suppressions_changed(
    after: str | None, limit: int, tx: Tx
) -> list[tuple[str, AddressSuppressionChanged]]:
    """All suppressions of addresses and domains, including lifted ones."""
    return [(key, address_suppression_changed(each)) for key, each in await suppressions.states(tx, after, limit)]
