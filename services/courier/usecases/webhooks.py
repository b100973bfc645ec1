"""How is a webhook added, changed, tested, paused and removed?"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from services.courier import settings
from services.courier.domain.webhooks import Webhook, patterns_of
from services.courier.store import deliveries, log
from services.courier.store import webhooks as store
from services.courier.usecases.delivering import KIND, begin
from services.courier.usecases.describing import one, webhook_of
from services.courier.usecases.kinds import PERSONAL_TYPES, refuse_unknown
from services.courier.usecases.logging import LOCK
from shared.contracts import courier as contract
from shared.contracts.courier import (
    AddWebhook,
    PauseWebhook,
    RemoveWebhook,
    Replay,
    Replayed,
    ResumeWebhook,
    RotateSecret,
    SendTest,
    TestSent,
)
from shared.contracts.envelope import new_event_id
from shared.contracts.refusals import Refused
from shared.outbound import Refused as NotAsked
from shared.outbound.targets import pairs, target
from shared.storage import work
from shared.storage.database import Tx

TEST = "webhook.test"
"""The type of the event that a test sends."""


async def add_webhook(request: AddWebhook, tx: Tx) -> contract.Webhook:
    """A webhook that exists keeps its secret, its position and its deliveries."""
    if not settings.deployed().secret_key.get_secret_value():
        raise Refused("PIPELINE_COURIER_SECRET_KEY is not set, so nothing can be signed: set it to a random text.", 409)
    url = checked_url(request.url)
    refuse_unknown(request.types)
    await tx.lock(*LOCK)  # an event that is being added either finds this webhook, or is found by it
    await work.lock(tx, KIND, [request.name])
    before = (await store.find(tx, [request.name])).get(request.name)
    position = await _position(request.after, before, tx)
    await store.save(
        tx,
        Webhook(
            name=request.name,
            url=url,
            types=list(dict.fromkeys(request.types)),
            patterns=patterns_of(request.types),
            tiers=request.tiers,
            states=[each.upper() for each in request.states] if request.states else None,
            owners=request.owners,
            ordered=request.ordered,
            personal=request.personal,
            added_by=before.added_by if before else request.actor,
            added_at=before.added_at if before else tx.now,
            position=position,
            nonce=before.nonce if before else uuid4(),
            secret_version=before.secret_version if before else 1,
            both_until=before.both_until if before else None,
            failures=0,
            rests=0,
            failing_since=None,
            rest_until=None,
            paused_at=before.paused_at if before else None,
            paused_by=before.paused_by if before else None,
            paused_why=before.paused_why if before else None,
        ),
    )
    if not request.personal:
        await deliveries.drop(tx, [request.name], PERSONAL_TYPES)
    await begin(tx, [request.name])
    return await one(tx, request.name)


def checked_url(url: str) -> str:
    allowed = pairs(settings.deployed().outbound_allow)
    try:
        found = target(url, allowed)
    except NotAsked as refused:
        message = f"The webhook cannot be called: {refused}."
        raise Refused(message, 422, {"url": str(refused)}) from refused
    if found.scheme != "https" and found.pair not in allowed:
        raise Refused("The webhook cannot be called: its URL must begin with https://.", 422, {"url": "is not https"})
    return found.url


async def _position(after: contract.Cursor | None, before: Webhook | None, tx: Tx) -> int:
    end = await log.end(tx)
    if after is None:
        return before.position if before else end
    position, start = int(after), await log.start(tx)
    if position > end:
        raise Refused(f"The log ends at {end}.", 422, {"after": f"is after the end, {end}"})
    return max(position, start) if position == 0 else _in_log(position, start)


def _in_log(position: int, start: int) -> int:
    if position < start:
        message = f"The log begins after {start}, since older events were removed. Begin there, or at 0."
        raise Refused(message, 410, {"after": "was removed"})
    return position


async def pause_webhook(request: PauseWebhook, tx: Tx) -> contract.Webhook:
    webhook = await webhook_of(tx, request.name)
    await work.lock(tx, KIND, [request.name])
    if not webhook.paused_at:
        why = request.reason or f"Paused by {request.actor}."
        changed = {"name": webhook.name, "paused_at": tx.now, "paused_by": request.actor, "paused_why": why}
        await store.change(tx, [changed])
    return await one(tx, request.name)


async def resume_webhook(request: ResumeWebhook, tx: Tx) -> contract.Webhook:
    """Everything that waits is due, with a receiver that counts as well."""
    await tx.lock(*LOCK)  # an event that is being added either finds that it is resumed, or is found by it
    webhook = await webhook_of(tx, request.name)
    await work.lock(tx, KIND, [request.name])
    well = {"failures": 0, "rests": 0, "failing_since": None, "rest_until": None}
    await store.change(tx, [{"name": webhook.name, "paused_at": None, "paused_by": None, "paused_why": None, **well}])
    await deliveries.hasten(tx, webhook.name)
    await begin(tx, [request.name])
    return await one(tx, request.name)


async def remove_webhook(request: RemoveWebhook, tx: Tx) -> None:
    await webhook_of(tx, request.name)
    await work.lock(tx, KIND, [request.name])
    await store.remove(tx, request.name)
    await work.hasten(tx, KIND, [request.name])  # so that its item ends


async def rotate_secret(request: RotateSecret, tx: Tx) -> contract.Webhook:
    await work.lock(tx, KIND, [request.name])  # against a change by `add`, which writes all of it
    webhook = await webhook_of(tx, request.name)
    both_until = tx.now + timedelta(hours=request.hours) if request.hours else None
    await store.change(
        tx, [{"name": webhook.name, "secret_version": webhook.secret_version + 1, "both_until": both_until}]
    )
    return await one(tx, request.name)


async def send_test(request: SendTest, tx: Tx) -> TestSent:
    webhook = await webhook_of(tx, request.name)
    if webhook.paused_at:
        raise Refused(f"{webhook.name} is paused; `pipeline webhook resume` lets it be called.", 409)
    await work.lock(tx, KIND, [request.name])
    position = await deliveries.add_test(tx, webhook.name, new_event_id(), TEST)
    await store.change(tx, [{"name": webhook.name, "rest_until": None}])
    await begin(tx, [webhook.name])
    return TestSent(name=webhook.name, delivery=position)


async def replay(request: Replay, tx: Tx) -> Replayed:
    """Events after the webhook's own position are not replayed, because it gets them anyway."""
    webhook = await webhook_of(tx, request.name)
    if (request.deliveries is None) == (request.after is None):
        raise Refused("Name the deliveries that are replayed, or the cursor after which all are.", 422)
    await work.lock(tx, KIND, [request.name])
    if request.deliveries is not None:
        positions = [each for each in request.deliveries if each > 0]
        if removed := [each for each in positions if each <= await log.start(tx)]:
            message = f"The log has no event {min(removed)} any more, so it cannot be sent again."
            raise Refused(message, 410, {"deliveries": "were removed"})
        number = await deliveries.replay_some(tx, webhook, positions, PERSONAL_TYPES)
        if number < len(set(request.deliveries)):
            raise Refused(f"{webhook.name} has no delivery of one of these numbers.", 404, {"deliveries": "unknown"})
    else:
        start = await log.start(tx)
        after = _in_log(int(request.after or 0), start) if request.after != "0" else start
        until = min(int(request.until), webhook.position) if request.until else webhook.position
        number = await deliveries.replay(tx, webhook, after, until, PERSONAL_TYPES)
    if webhook.ordered:
        await deliveries.block(tx, [webhook.name])
    await begin(tx, [webhook.name])
    return Replayed(name=webhook.name, events=number)
