"""Who of our own people gets which notices?"""

from __future__ import annotations

from services.courier import settings
from services.courier.domain import noticing
from services.courier.domain.recipients import Recipient
from services.courier.store import calendars, log, notices
from services.courier.store import recipients as store
from services.courier.usecases.noticing import KIND, LANE, begin, recipient_of, send
from services.courier.usecases.recipients import described, shown, strangers
from shared.contracts import courier_notices as contract
from shared.contracts.courier_notices import (
    AddRecipient,
    PauseRecipient,
    RemoveRecipient,
    ResumeRecipient,
    SendTestNotice,
)
from shared.contracts.refusals import Refused
from shared.outbound import Refused as NotAsked
from shared.outbound.targets import pairs, target
from shared.service import Router
from shared.storage import work
from shared.storage.database import Tx

router = Router()


@router.command
async def add_recipient(request: AddRecipient, tx: Tx) -> contract.Recipient:
    """A recipient that exists goes on where it is, and stays paused."""
    if (request.slack is None) == (request.email is None):
        raise Refused("Name either a channel of Slack or an e-mail address.", 422)
    if (request.quiet_from is None) != (request.quiet_to is None):
        raise Refused("Quiet hours need a beginning and an end, as in 18:00-08:00.", 422, {"quiet_from": "incomplete"})
    if request.rep and not await calendars.is_rep(tx, request.rep):
        raise Refused(f"There is no rep {request.rep}; `pipeline rep list` names the team.", 404, {"rep": "unknown"})
    if request.slack:
        _check_channel(request.slack)
    email = request.email.lower() if request.email else None
    end = await log.end(tx)
    if email and settings.mail_domain() is None:
        raise Refused(
            "Set PIPELINE_COURIER_SMTP_URL to the mail server, and PIPELINE_COURIER_MAIL_FROM to the sender.", 409
        )
    if email and (why := (await strangers(tx, {email: 0})).get(email)):
        raise Refused(f"{email} {why}.", 422, {"email": "is not of the team"})
    await work.lock(tx, LANE, [request.name])
    before = (await store.find(tx, [request.name])).get(request.name)
    recipient = Recipient(
        name=request.name,
        rep=request.rep,
        slack=request.slack,
        email=email,
        kinds=list(dict.fromkeys(request.kinds)),
        quiet_from=request.quiet_from,
        quiet_to=request.quiet_to,
        morning_at=request.morning_at,
        timezone=request.timezone or settings.timezone(),
        added_by=before.added_by if before else request.actor,
        added_at=before.added_at if before else tx.now,
        paused_at=before.paused_at if before else None,
        paused_by=before.paused_by if before else None,
        paused_why=before.paused_why if before else None,
        checked=end if email else 0,
    )
    await store.save(tx, recipient)
    await store.follow(tx, recipient, end)
    await begin(tx, request.name)
    return await described(tx, request.name)


def _check_channel(name: str) -> None:
    """Refuse a channel whose address is not set, or is none that may be called."""
    deployed = settings.deployed()
    url = deployed.slack_urls.get(name)
    if url is None:
        known = ", ".join(sorted(deployed.slack_urls)) or "none"
        raise Refused(
            f"PIPELINE_COURIER_SLACK_URLS has no address named {name}; there are: {known}.", 422, {"slack": "unknown"}
        )
    allowed = pairs(deployed.outbound_allow)
    try:
        found = target(url.get_secret_value(), allowed)
    except NotAsked as refused:
        raise Refused(f"The address of {name} cannot be called: {refused}.", 422, {"slack": "refused"}) from refused
    if found.scheme != "https" and found.pair not in allowed:
        raise Refused(f"The address of {name} must begin with https://.", 422, {"slack": "is not https"})


@router.command
async def pause_recipient(request: PauseRecipient, tx: Tx) -> contract.Recipient:
    await recipient_of(tx, request.name)
    await work.lock(tx, LANE, [request.name])
    await store.pause(tx, request.name, request.actor, request.reason or f"Paused by {request.actor}.")
    await work.withdraw(tx, KIND, await notices.drop(tx, request.name, "The recipient was paused."))
    return await described(tx, request.name)


@router.command
async def resume_recipient(request: ResumeRecipient, tx: Tx) -> contract.Recipient:
    found = await recipient_of(tx, request.name)
    await work.lock(tx, LANE, [request.name])
    if found.paused_at:
        await store.save(tx, found._replace(paused_at=None, paused_by=None, paused_why=None))
        await store.skip(tx, request.name, await log.end(tx))
    await begin(tx, request.name)
    return await described(tx, request.name)


@router.command
async def remove_recipient(request: RemoveRecipient, tx: Tx) -> None:
    await recipient_of(tx, request.name)
    await work.lock(tx, LANE, [request.name])
    await work.withdraw(tx, KIND, await notices.drop(tx, request.name, "The recipient was removed."))
    await store.remove(tx, request.name)
    await work.hasten(tx, LANE, [request.name])  # so that its item ends


@router.command
async def send_test_notice(request: SendTestNotice, tx: Tx) -> contract.Notice:
    to = await recipient_of(tx, request.name)
    if to.paused_at:
        raise Refused(f"{to.name} is paused; `pipeline notice resume` lets it get notices.", 409)
    [made] = await send(tx, [(to.name, noticing.TEST, noticing.trial_of(to))])
    return shown((await notices.find(tx, [made]))[made])
