"""Which message does a person mean by an id, or by its beginning?"""

from __future__ import annotations

from services.notifier.store import incoming
from shared.contracts.notifier_mail import IncomingMail
from shared.contracts.refusals import Refused, the_only
from shared.storage.database import Tx


async def mail_of(mail_id: str, tx: Tx) -> IncomingMail:
    """The only message whose id begins like this; refuses none, and several."""
    return the_only(
        await incoming.found(tx, mail_id),
        f"There is no message {mail_id}; `pipeline mail list` has their ids.",
        f"Several messages begin with {mail_id}; give more of the id.",
    )


async def waiting_mail_of(mail_id: str, tx: Tx) -> IncomingMail:
    """The same, if it waits for a person; refuses one that does not."""
    mail = await mail_of(mail_id, tx)
    await incoming.lock(tx, [mail.incoming_id])
    mail = await mail_of(str(mail.incoming_id), tx)
    if mail.state != "waiting":
        by = f", by {mail.decided_by}" if mail.decided_by else ""
        raise Refused(f"Message {mail.short_id} does not wait: it is {mail.state}{by}.", 409)
    return mail
