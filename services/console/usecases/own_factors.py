"""How does a person set up, replace or turn off their own authenticator, and get new recovery codes?

Each begins with the password again; the key of a new authenticator waits in the database until its first code is right.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.console.domain import codes
from services.console.domain.permissions import NEEDS_CODE
from services.console.domain.sessions import Session
from services.console.store import challenges, users
from services.console.usecases.auditing import record
from services.console.usecases.sealing import open_sealed, seal
from services.console.usecases.signing_in import set_up_code
from shared.contracts.refusals import Refused
from shared.storage.database import Begin, Tx

ENDS = timedelta(minutes=10)
TOO_LONG = "This took too long; begin again on the page of settings."


async def new_authenticator(tx: Tx, session: Session) -> str:
    """The key of a new authenticator, which replaces the one before with its first code."""
    secret = codes.new_secret()
    await challenges.prune(tx)
    await challenges.put(tx, _of(session), seal(secret, session.name), tx.now + ENDS)
    return secret


async def waiting_secret(tx: Tx, session: Session) -> str:
    """The key that waits for its first code; refuses if there is none any more."""
    secret = open_sealed(await challenges.look(tx, _of(session)), session.name)
    if secret is None:
        raise Refused(TOO_LONG, 409)
    return secret


async def use_authenticator(tx: Tx, session: Session, secret: str, code: str) -> list[str]:
    """Returns new recovery codes, which are shown once."""
    recovery = await set_up_code(tx, session.name, secret, code, replace=True)
    await challenges.take(tx, _of(session))
    return recovery


async def new_recovery_codes(begin: Begin, session: Session) -> list[str]:
    """Returns new codes, which are shown once; those before count no more."""
    made = codes.new_recovery_codes()
    async with begin() as tx:
        user = await users.find(tx, session.name)
        if user is None or not user.totp_secret:
            raise Refused("Recovery codes replace those of an authenticator, and you have none.", 422)
        await record(tx, session, "recovery_codes")
        await users.set_recovery(tx, session.name, [codes.recovery_hash(each) for each in made])
    return made


async def turn_off(begin: Begin, session: Session, command_id: UUID) -> None:
    """Sign in by the password alone again, if the role allows it; security keys end as well."""
    if session.role in NEEDS_CODE:
        raise Refused("Your role needs a second factor; replace the authenticator instead.", 422)
    async with begin() as tx:
        user = await users.find(tx, session.name)
        if await record(tx, session, "turn_off_authenticator", "", {}, command_id):
            return
        if user is None or not user.totp_secret:
            raise Refused("You have no authenticator.", 422)
        await users.forget_code(tx, session.name)


def _of(session: Session) -> str:
    return f"{session.session_id} authenticator"
