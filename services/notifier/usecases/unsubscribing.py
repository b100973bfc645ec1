"""Which letter does a token name, and what follows when its recipient unsubscribes by it?"""

from __future__ import annotations

from uuid import uuid5

from services.notifier.domain.answering import Answer, Letter
from services.notifier.domain.tokens import is_signed, message_of
from services.notifier.settings import deployed
from services.notifier.store import incoming
from services.notifier.store import suppressions as store
from services.notifier.usecases.receiving import event_of
from services.notifier.usecases.suppressing import RECIPIENT, follow_answers
from shared.storage.database import Tx


async def letter_of(tx: Tx, token: str) -> Letter | None:
    """The letter whose link has a token; None for one that no key of ours signed."""
    message_id = message_of(token)
    if message_id is None:
        return None
    letter = (await incoming.letters(tx, [message_id])).get(message_id)
    keys = [key.get_secret_value() for key in deployed().token_keys]
    return letter if letter and is_signed(token, letter.to_email, keys) else None


async def unsubscribe(tx: Tx, token: str) -> Letter | None:
    """Suppress the recipient of the letter with this token and publish that, once for a letter, in this transaction.

    If a person lifts the suppression later, the link suppresses the recipient again.
    """
    letter = await letter_of(tx, token)
    if letter is None or letter.message_id is None:
        return None
    tx.actor = RECIPIENT
    event = event_of(Answer(uuid5(letter.message_id, "unsubscribed"), "unsubscribed", letter), tx)
    if await store.record_unsubscription(tx, letter.message_id, tx.now):
        tx.emit(event)
    await follow_answers(tx, [event])
    return letter
