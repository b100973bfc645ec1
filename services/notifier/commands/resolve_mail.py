"""Which message that came back has been read by a person, and needs nothing else?"""

from __future__ import annotations

from services.notifier.store import incoming
from services.notifier.store.incoming import Decision
from services.notifier.usecases.finding import mail_of, waiting_mail_of
from shared.contracts.notifier_mail import IncomingMail, ResolveMail
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def resolve_mail(request: ResolveMail, tx: Tx) -> IncomingMail:
    mail = await waiting_mail_of(request.mail_id, tx)
    await incoming.decide(tx, Decision(mail.incoming_id, None, None, tx.actor, request.note))
    return await mail_of(str(mail.incoming_id), tx)
