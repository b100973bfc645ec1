"""From which account is a message that came back?"""

from __future__ import annotations

from dataclasses import replace

from services.notifier.domain.answering import Letter, answers_for
from services.notifier.domain.arriving import Arrived, arrived
from services.notifier.settings import private
from services.notifier.store import incoming
from services.notifier.store.incoming import Decision
from services.notifier.usecases.finding import mail_of, waiting_mail_of
from services.notifier.usecases.receiving import publish
from shared.contracts.notifier_mail import AssignMail, IncomingMail
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def assign_mail(request: AssignMail, tx: Tx) -> IncomingMail:
    """Publish what its kind means for the account, unless that was published when it came."""
    mail = await waiting_mail_of(request.mail_id, tx)
    found = arrived(await incoming.original(tx, mail.incoming_id), private())
    address = next(iter(found.addresses), mail.from_email)
    task_id = mail.task_id if mail.facility_id == request.facility_id else None
    letter = Letter(None, task_id, request.facility_id, mail.email or address)
    if not _is_published(mail, found):
        await publish([replace(each, answer_id=mail.incoming_id) for each in answers_for(found, letter)], tx)
    decision = Decision(mail.incoming_id, request.facility_id, letter.to_email, tx.actor, request.note)
    await incoming.decide(tx, decision)
    return await mail_of(str(mail.incoming_id), tx)


def _is_published(mail: IncomingMail, found: Arrived) -> bool:
    """Whether what follows from the message was published when it came."""
    return mail.message_id is not None and (mail.kind != "other" or mail.message_id in found.letters)
