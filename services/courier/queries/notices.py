"""Who gets notices, and what comes next?"""

from __future__ import annotations

from services.courier import settings
from services.courier.usecases.noticing import recipient_of, waiting
from services.courier.usecases.recipients import all_described, described
from shared.contracts.courier_notices import (
    HowNoticesLeave,
    NoticeDetails,
    NoticePreview,
    NoticeWays,
    Preview,
    Recipient,
    Recipients,
)
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def recipients(request: Recipients, tx: Tx) -> list[Recipient]:
    return await all_described(tx)


@router.question
async def notice_details(request: NoticeDetails, tx: Tx) -> Recipient:
    return await described(tx, request.name)


@router.question
async def notice_preview(request: NoticePreview, tx: Tx) -> list[Preview]:
    found = await waiting(tx, await recipient_of(tx, request.name))
    return [
        Preview(kind=kind, title=message.title, lines=list(message.lines), more=message.more, not_before=at)
        for kind, message, at in found
    ]


@router.question
async def how_notices_leave(request: HowNoticesLeave, tx: Tx) -> NoticeWays:
    return NoticeWays(channels=sorted(settings.deployed().slack_urls), mail_domain=settings.mail_domain())
