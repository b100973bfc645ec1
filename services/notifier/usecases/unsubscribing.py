"""Which letter does a token name, and what follows when its recipient unsubscribes by it?"""

from __future__ import annotations

from uuid import uuid5

from services.notifier.domain.tokens import is_signed, message_of
from services.notifier.settings import deployed
from services.notifier.store import suppressions as store
from services.notifier.store.suppressions import SentLetter
from services.notifier.usecases.suppressing import RECIPIENT, follow_answers
from shared.contracts.events import EmailUnsubscribed
from shared.storage.database import Tx


async def letter_of(tx: Tx, token: str) -> SentLetter | None:
    """The letter whose link has a token; None for one that no key of ours signed."""
    message_id = message_of(token)
    letter = await store.letter(tx, message_id) if message_id else None
    keys = [key.get_secret_value() for key in deployed().token_keys]
    return letter if letter and is_signed(token, letter.email, keys) else None


async def unsubscribe(tx: Tx, letter: SentLetter) -> None:
    """Suppress the recipient of a letter and publish that, once for a letter, in this transaction.

    If a person lifts the suppression later, the link suppresses the recipient again.
    """
    tx.actor = RECIPIENT
    event = EmailUnsubscribed(
        message_id=uuid5(letter.message_id, "unsubscribed"),
        task_id=letter.task_id,
        facility_id=letter.facility_id,
        email=letter.email,
        at=tx.now,
        received_on=tx.today,
    )
    if await store.record_unsubscription(tx, letter.message_id, tx.now):
        tx.emit(event)
    await follow_answers(tx, [event])
