"""Who gets notices, in a reply, and what should an operator look at?"""

from __future__ import annotations

from collections.abc import Collection

from services.courier.domain.recipients import Recipient
from services.courier.store import notices
from services.courier.store import recipients as store
from services.courier.store.notices import Notice
from services.courier.usecases.noticing import BY, recipient_of
from shared.contracts import courier_notices as contract
from shared.storage.database import Tx


async def all_described(tx: Tx, names: Collection[str] | None = None) -> list[contract.Recipient]:
    """These recipients, or all of them, each with its last notice."""
    found = await store.find(tx, names)
    last = await notices.last(tx, list(found))
    return [_reply(each, last.get(each.name)) for each in found.values()]


async def described(tx: Tx, name: str) -> contract.Recipient:
    await recipient_of(tx, name)
    [found] = await all_described(tx, [name])
    return found


def _reply(recipient: Recipient, last: Notice | None) -> contract.Recipient:
    return contract.Recipient(**recipient._asdict(), last=shown(last) if last else None)


def shown(notice: Notice) -> contract.Notice:
    values = notice._asdict()
    return contract.Notice(**{name: values[name] for name in contract.Notice.model_fields})


async def warnings(tx: Tx) -> list[str]:
    """The recipients that get nothing any more although no person wanted that."""
    found = await store.find(tx)
    return [f"notices to {each.name}: {each.paused_why}" for each in found.values() if each.paused_by == BY]
