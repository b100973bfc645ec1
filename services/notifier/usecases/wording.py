"""Which drafts does a language model word, and what becomes of its texts?"""

from __future__ import annotations

from collections.abc import Sequence

from services.notifier.domain.wording import key_of
from services.notifier.domain.writing import WRITTEN_CHANNELS
from services.notifier.settings import deployed
from services.notifier.store import NewDraft
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem

KIND = "draft.write"


async def ask_for_words(drafts: Sequence[NewDraft], tx: Tx) -> None:
    """Have the texts of these drafts worded, if a language model is set."""
    if deployed().drafter_url:
        texts = [each for each in drafts if each.reason is None and each.channel in WRITTEN_CHANNELS]
        await work.add(tx, [NewItem(KIND, key_of(each.draft_id, each.version, each.drafted_on)) for each in texts])
