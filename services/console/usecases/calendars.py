"""How does a rep get an own calendar?

The console makes its address and shows it once; the courier gets only the hash of what is secret of it.
"""

from __future__ import annotations

from services.console.domain.forms import Done, Form
from services.console.domain.sessions import Session
from services.console.usecases.auditing import record
from services.console.usecases.creating_keys import form_id, give
from shared.contracts.courier_calendars import AddCalendar, RemoveCalendar
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import Refused
from shared.http.backend import Backend


async def add_calendar(backend: Backend, session: Session, form: Form) -> Done:
    """A calendar at a new address; with people only for those who may see them."""
    rep, token, command_id = _rep(session), new_key(), form_id(form)
    personal = form.first("personal") == "true" and session.can("people")
    async with backend.begin() as tx:
        again = await record(tx, session, "add_calendar", rep, {"personal": personal}, command_id)
    if again:
        raise Refused("This form was sent before, and its address was shown once. Make another one.", 409)
    command = AddCalendar(rep=rep, token_hash=hash_of(token), personal=personal, actor=session.name)
    found = await give(backend, command, command_id, "address")
    unknown = "" if found.base_url else " The host of the courier comes before it: PIPELINE_COURIER_URL is not set."
    return Done(f"Your calendar has a new address.{unknown}", address=f"{found.base_url or ''}/calendar/{token}.ics")


async def remove_calendar(backend: Backend, session: Session, form: Form) -> Done:
    rep, command_id = _rep(session), form_id(form)
    async with backend.begin() as tx:
        await record(tx, session, "remove_calendar", rep, {}, command_id)
    await give(backend, RemoveCalendar(rep=rep, actor=session.name), command_id, "calendar")
    return Done("The address of your calendar no longer works.")


def _rep(session: Session) -> str:
    if not session.rep:
        raise Refused("You have no tasks of your own, so there is no calendar of them.", 422)
    return session.rep
