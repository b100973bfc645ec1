"""How does a person put a pack's scoring in force again?"""

from __future__ import annotations

from services.console.domain.forms import Done, Form
from services.console.domain.sessions import Session
from services.console.store.audit import record_result
from services.console.usecases.auditing import record
from shared.contracts.refusals import AskFailed, Refused
from shared.contracts.scorer import PublishScheme, SchemeInForce
from shared.http.backend import Backend

LONGEST_HASH = 64
NOT_CONFIRMED = "The scorer has not confirmed this yet: it scores every account. Ask again; it happens once."


async def publish_pack(backend: Backend, session: Session, form: Form) -> Done:
    """Put a pack in force that was before; the target is its hash."""
    pack = form.first("target")
    if not 0 < len(pack) <= LONGEST_HASH:
        raise Refused("Name the pack.", 422, {"target": "is none of the packs"})
    try:
        command_id = form.command_id
    except ValueError:
        raise Refused("The id of this form is not valid; load the page again.", 422) from None
    async with backend.begin() as tx:
        await record(tx, session, "publish_pack", pack, {}, command_id)
    outcome, code = "done", ""
    try:
        scheme = await backend.ask(SchemeInForce(pack=pack))
        reply = await backend.ask(PublishScheme(**dict(scheme), actor=session.actor, command_id=command_id))
    except AskFailed as failed:
        outcome, code = ("unconfirmed" if failed.code in (503, 504) else "refused"), str(failed.code)
        raise Refused(NOT_CONFIRMED if failed.code == 504 else str(failed), failed.code) from failed
    finally:
        async with backend.begin() as tx:
            await record_result(tx, command_id, outcome, code)
    if not reply.published:
        return Done(f"Pack {pack} is in force already.")
    return Done(f"Pack {pack} is in force; the one before was {reply.previous}.")
