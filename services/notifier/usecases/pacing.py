"""Which letters wait, for the hours of their recipients, for the limits of a day, or because too many bounced?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from uuid import UUID

from engines import packs
from services.notifier import settings
from services.notifier.domain.pacing import Pending, Wait, too_many_bounced, waits
from services.notifier.store import paces
from services.notifier.store.messages import MessageToSend
from shared.clock import instant_at
from shared.storage.database import Tx

LOOK_AGAIN = timedelta(hours=1)
"""How long letters wait before it is counted again how many have bounced."""


async def waits_of(letters: Sequence[MessageToSend], tx: Tx) -> dict[UUID, Wait]:
    """The letters that wait; the caller has locked the counts."""
    if not letters:
        return {}
    rules, calendar = settings.sending(), packs.calendar()
    if why := too_many_bounced(*await paces.bounced(tx, rules.bounces.days), rules.bounces):
        return {each.message.message_id: Wait(tx.now + LOOK_AGAIN, why) for each in letters}
    pending = [_pending(each, calendar) for each in letters]
    midnight = instant_at(tx.today, time.min, calendar.timezone)
    today = await paces.today(tx, midnight, [each.message_id for each in pending])
    return waits(pending, tx.now, rules, today)


def _pending(each: MessageToSend, calendar: packs.Calendar) -> Pending:
    message = each.message
    domain = message.to_email.lower().rpartition("@")[2]
    return Pending(message.message_id, message.rep, domain, calendar.zone_of(each.state_code))
