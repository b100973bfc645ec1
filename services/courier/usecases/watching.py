"""Which webhooks should an operator look at?"""

from __future__ import annotations

from services.courier import settings
from services.courier.domain.webhooks import Webhook
from services.courier.store import deliveries
from services.courier.store import webhooks as store
from shared.clock import local_date
from shared.storage.database import Tx


async def warnings(tx: Tx) -> list[str]:
    """Those that get nothing, because they are paused or fail, each in a sentence."""
    found = list((await store.find(tx)).values())
    errors = await deliveries.last_errors(tx, [each.name for each in found if each.failing_since])
    texts = [(each.name, warning(each, errors.get(each.name), settings.timezone())) for each in found]
    return [f"webhook {name}: {text}" for name, text in texts if text]


def warning(webhook: Webhook, error: str | None, timezone: str) -> str | None:
    """Why a webhook gets nothing."""
    resume = f"; `pipeline webhook resume {webhook.name}`"
    if webhook.paused_at:
        since = local_date(webhook.paused_at, timezone)
        return f"paused since {since} by {webhook.paused_by}, because: {(webhook.paused_why or '').rstrip('.')}{resume}"
    if webhook.failing_since:
        since = local_date(webhook.failing_since, timezone)
        return f"nothing was accepted since {since}: {(error or 'no answer').rstrip('.')}{resume}"
    return None
