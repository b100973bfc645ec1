"""What does a message say that came back?"""

from __future__ import annotations

from services.notifier.domain.arriving import visible_text
from services.notifier.store import incoming
from services.notifier.usecases.finding import mail_of
from shared.contracts.notifier_mail import ShowMail, ShownMail
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def show_mail(request: ShowMail, tx: Tx) -> ShownMail:
    """A sealed message has no text here; a person reads it in the mailbox."""
    mail = await mail_of(request.mail_id, tx)
    text = None if mail.sealed else visible_text(await incoming.original(tx, mail.incoming_id))
    return ShownMail(**mail.model_dump(), text=text)
