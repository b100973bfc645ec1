"""How does a person create a key for a program?

The console makes the key and shows it once; the service that the program uses gets only its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import ValidationError

from engines.problems import problems
from services.console.domain.forms import Done, Form
from services.console.domain.sessions import Session
from services.console.store.audit import record_result
from services.console.usecases.auditing import record
from shared.contracts import courier_feeds, courier_webhook_keys, ingest, matcher
from shared.contracts import sequencer_engagement as engagement
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed, Refused
from shared.contracts.requests import Command, Question
from shared.http.backend import Backend

R = TypeVar("R")

SILENT = (503, 504)
"""The codes of a service that does not answer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a key is for, and who keeps its hash."""

    title: str
    detail: str
    question: type[Question[Any]]
    """Replies with a list of `KeyHolder`."""
    add: type[Command[None]]
    end: str
    """The command that ends it."""


KINDS: Mapping[str, Kind] = {
    "source": Kind(
        "Publishes postings",
        "POST /postings of ingest",
        ingest.Sources, ingest.AddSource, "end_source_key",
    ),
    "reconciliation": Kind(
        "Reconciles lists",
        "/reconcile of the matcher, for OpenRefine",
        matcher.Keys, matcher.AddKey, "end_reconciliation_key",
    ),
    "engagement": Kind(
        "Reports engagement",
        "POST /engagements of the sequencer",
        engagement.Reporters, engagement.AddReporter, "end_engagement_key",
    ),
    "feed": Kind(
        "Reads events",
        "GET /events of the courier: all types without contact data",
        courier_feeds.FeedKeys, courier_feeds.AddFeedKey, "end_feed_key",
    ),
    "webhooks": Kind(
        "Manages webhooks",
        "/webhooks of the courier, without contact data",
        courier_webhook_keys.WebhookKeys, courier_webhook_keys.AddWebhookKey, "end_webhook_key",
    ),
}  # fmt: skip
"""By the value of the field `kind`."""


async def create_key(backend: Backend, session: Session, form: Form) -> Done:
    """Each form creates at most one key: what was not read cannot be shown again."""
    kind = KINDS.get(form.first("kind"))
    if kind is None:
        raise Refused("Choose what the key is for.", 422, {"kind": "is none of the kinds"})
    name, key, command_id = form.first("name").strip(), new_key(), form_id(form)
    command = _command(kind, name, key, session)
    async with backend.begin() as tx:
        again = await record(tx, session, "create_api_key", name, {"service": command.SERVICE}, command_id)
    if again:
        raise Refused("This form was sent before, and its key was shown once. Create another one.", 409)
    await give(backend, command, command_id, "key")
    return Done(f"{name} has a new key.", key=key)


async def give(backend: Backend, command: Command[R], command_id: UUID, what: str) -> R:
    """Give a command that stores the hash of what is shown once, and record what came of it."""
    try:
        reply = await backend.ask(command)
    except AskFailed as failed:
        await _note(backend, command_id, "unconfirmed" if failed.code in SILENT else "refused", str(failed.code))
        raise _in_words(failed, command.SERVICE, what) from failed
    await _note(backend, command_id, "done")
    return reply


async def _note(backend: Backend, command_id: UUID, outcome: str, code: str = "") -> None:
    async with backend.begin() as tx:
        await record_result(tx, command_id, outcome, code)


def _in_words(failed: AskFailed, service: str, what: str) -> Refused:
    """What was not confirmed may be stored, but was not shown; the next one replaces it."""
    if failed.code in SILENT:
        return Refused(f"The {service} does not answer, so there is no {what} to show. Create it again.", 409)
    return Refused(str(failed), 422 if failed.code == 400 else failed.code, failed.fields)


def _command(kind: Kind, name: str, key: str, session: Session) -> Command[None]:
    fields: dict[str, Any] = {"name": name, "key_hash": hash_of(key), "actor": session.name}
    try:
        return kind.add(**fields)
    except ValidationError as invalid:
        found = problems(invalid, "form")
        raise Refused("; ".join(f"{name}: {problem}" for name, problem in found.items()), 422, found) from None


def form_id(form: Form) -> UUID:
    try:
        return UUID(form.first("command_id")) if form.first("command_id") else uuid4()
    except ValueError:
        raise Refused("The id of this form is not valid; load the page again.", 422) from None
