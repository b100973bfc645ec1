"""Who sees the secret of a webhook? Operations, on demand; the audit log records that, without the secret."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from services.console.domain.forms import Done, Form
from services.console.domain.sessions import Session
from services.console.rendering.filters import instant
from services.console.usecases.auditing import record
from services.console.usecases.framing import zone_of
from shared.contracts.courier import WebhookName, WebhookSecret
from shared.contracts.refusals import AskFailed, Refused
from shared.http.backend import Backend

NAME: TypeAdapter[str] = TypeAdapter(WebhookName)


async def show_secret(backend: Backend, session: Session, form: Form) -> Done:
    try:
        name = NAME.validate_python(form.first("target"))
    except ValidationError:
        raise Refused("Name the webhook.", 422, {"target": "is not the name of a webhook"}) from None
    async with backend.begin() as tx:
        await record(tx, session, "show_secret", name)
    try:
        found = await backend.ask(WebhookSecret(name=name))
    except AskFailed as failed:
        raise Refused(str(failed), failed.code, failed.fields) from failed
    until = (
        f" The one before signs until {instant(found.both_until, zone_of(session), 'full')}."
        if found.both_until
        else ""
    )
    return Done(f"The secret of {name}.{until}", secrets=tuple(filter(None, (found.secret, found.previous))))
