"""What changes because time passes? What a waiting draft states may no longer be true."""

from __future__ import annotations

from services.notifier import settings, store
from services.notifier.usecases.drafting import drafts_for
from services.notifier.usecases.wording import ask_for_words
from shared.contracts.events import TaskDue
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.daily(at="06:30")
async def write_anew(tx: Tx) -> None:
    """Write drafts again whose facts are no longer true, or that lacked what is set now; not those that people edited.

    Each is another revision, so that a person who read the earlier text reads this one before it is sent.
    """
    tasks = await store.outdated(tx, tx.today, has_address=settings.stationery().has_address)
    drafts = await drafts_for([TaskDue.model_validate(task) for task in tasks], tx)
    await store.rewrite(tx, drafts)
    await ask_for_words(drafts, tx)
