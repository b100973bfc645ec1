"""How are keys of sources and programs created, listed and revoked?"""

from __future__ import annotations

from collections.abc import Callable

from cli.client.clock import reader
from cli.client.connection import ask
from cli.printing import show
from shared.contracts.courier_feeds import RemoveFeedKey
from shared.contracts.courier_webhook_keys import RemoveWebhookKey
from shared.contracts.keys import KeyHolder, hash_of, new_key
from shared.contracts.matcher import RemoveKey
from shared.contracts.requests import Command, Question
from shared.contracts.sequencer_engagement import RemoveReporter


def show_new(name: str, command: Callable[[str], Command[None]]) -> str:
    """Create a key and send its hash to the service; returns the key."""
    key = new_key()
    ask(command(hash_of(key)))
    show.say(f"Key of {name} (shown only now): {key}")
    return key


def end(command: RemoveKey | RemoveReporter | RemoveFeedKey | RemoveWebhookKey) -> None:
    ask(command)
    show.say(f"The key of {command.name} no longer works.")


def none_yet(command: str, arguments: str = "NAME") -> None:
    show.say(f"There are none yet; `pipeline {command} add {arguments}` creates a key.")


def show_all(question: Question[list[KeyHolder]], title: str, command: str, as_json: bool) -> None:
    found = ask(question)
    if as_json:
        show.as_json(found)
        return
    if not found:
        none_yet(command)
        return
    at = reader(question.SERVICE)
    rows = [(each.name, at(each.created_at), at(each.key_changed_at)) for each in found]
    show.table(title, ["name", "since", "key since"], rows)
