"""What is an API key of the courier for? For one thing, so that a program can do no more than it needs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from services.courier.store import feed_keys, webhook_keys
from shared.contracts.courier_webhook_keys import WebhookKey
from shared.contracts.keys import KeyHolder
from shared.contracts.refusals import Refused
from shared.http.json_surface import holder_of
from shared.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Use:
    """What a key can be for."""

    what: str
    holders: Callable[[Tx], Awaitable[Sequence[KeyHolder]]]


FEED: Final = Use("reads events", feed_keys.everyone)
WEBHOOKS: Final = Use("manages webhooks", webhook_keys.everyone)
_USES: Final = (FEED, WEBHOOKS)


async def refuse_another_use(tx: Tx, name: str, use: Use) -> None:
    """Refuse to give a key to the holder of one that is for something else. The row of its key is locked."""
    for other in _USES:
        if other is not use and name in await _names(tx, other):
            raise Refused(
                f"{name} has a key that {other.what}, and a key is for one thing: choose another name.",
                409,
                {"name": "has a key for something else"},
            )


async def refuse_without(tx: Tx, name: str, use: Use) -> None:
    """Refuse a name that has no key of this use."""
    names = await _names(tx, use)
    if name not in names:
        raise Refused(f"{name} has no key that {use.what}. Holders of such keys: {', '.join(names) or 'none'}.", 404)


async def manager_of(tx: Tx, key_hash: str) -> WebhookKey:
    """The program that manages webhooks with this key; refuses every other key."""
    found = await webhook_keys.find(tx, await holder_of(tx, key_hash))
    if found is None:
        raise Refused(
            "This API key does not manage webhooks; `pipeline key add NAME --webhooks` creates one that does.", 403
        )
    return found


async def _names(tx: Tx, use: Use) -> list[str]:
    return [each.name for each in await use.holders(tx)]
