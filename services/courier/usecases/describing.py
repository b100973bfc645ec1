"""How is a webhook doing, in one reply?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from services.courier.domain.webhooks import Webhook
from services.courier.store import deliveries, log
from services.courier.store import webhooks as store
from services.courier.usecases.delivering import KIND
from services.courier.usecases.kinds import PERSONAL_TYPES
from shared.contracts import courier as contract
from shared.contracts.refusals import Refused
from shared.storage import work
from shared.storage.database import Tx


async def webhook_of(tx: Tx, name: str) -> Webhook:
    """Refuses a name that no webhook has."""
    found = (await store.find(tx, [name])).get(name)
    if found is None:
        raise Refused(
            f"There is no webhook {name}; `pipeline webhook list` names all of them.", 404, {"name": "unknown"}
        )
    return found


async def described(tx: Tx, names: Collection[str] | None = None) -> list[contract.Webhook]:
    """These webhooks, or all of them."""
    found = list((await store.find(tx, names)).values())
    numbers = await deliveries.counts(tx, [each.name for each in found])
    errors = await deliveries.last_errors(tx, [each.name for each in found if each.failures])
    sending = await work.claimed(tx, KIND)
    end = await log.end(tx)
    more = await store.with_more(tx, [each.name for each in found], PERSONAL_TYPES)
    ends = {each.name: end if each.name in more else each.position for each in found}
    return [_reply(each, numbers.get(each.name, {}), errors.get(each.name), ends[each.name], sending) for each in found]


async def one(tx: Tx, name: str) -> contract.Webhook:
    await webhook_of(tx, name)
    [found] = await described(tx, [name])
    return found


def _reply(
    webhook: Webhook, numbers: dict[str, int], error: str | None, end: int, sending: Collection[str]
) -> contract.Webhook:
    stored = {name: value for name, value in webhook._asdict().items() if name in contract.Webhook.model_fields}
    return contract.Webhook(
        **stored,
        state="paused" if webhook.paused_at else "failing" if webhook.failures else "working",
        cursor=str(webhook.position),
        behind=max(0, end - webhook.position),
        waiting=numbers.get("waiting", 0) + numbers.get("blocked", 0),
        delivered=numbers.get("delivered", 0),
        failed=numbers.get("failed", 0),
        sending=webhook.name in sending,
        next_at=webhook.rest_until,
        error=error,
    )


def rows(found: Sequence[deliveries.Delivery]) -> list[contract.Delivery]:
    return [contract.Delivery(delivery=each.position, **_shown(each)) for each in found]


def _shown(delivery: deliveries.Delivery) -> dict[str, Any]:
    return {name: value for name, value in delivery._asdict().items() if name not in ("webhook", "position")}
