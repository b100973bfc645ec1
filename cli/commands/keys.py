"""`pipeline source` and `pipeline key`: who can use the services over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.clock import reader
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.commands.source_read import read_saved
from cli.printing import show
from cli.stack import stackfile
from shared.contracts.ingest import AddSource, RemoveSource, Sources
from shared.contracts.keys import KeyHolder, hash_of, new_key
from shared.contracts.matcher import AddKey, Keys, RemoveKey
from shared.contracts.requests import Command, Question
from shared.contracts.sequencer_engagement import AddReporter, RemoveReporter, Reporters

sources = group("Sources of postings: their keys, and what their saved pages state.")
keys = group("Programs that reconcile lists or report engagement over HTTP, and their keys.")

OfEngagement = Annotated[
    bool, typer.Option("--engagement", help="Of a program that reports engagement, instead of one that reconciles.")
]


@sources.command("add")
def add_source(name: Annotated[str, typer.Argument(help="The source's name; its key fixes it.")]) -> None:
    """Create a key for a source, replacing its existing key. The key is shown once and stored as a hash.

    Example: pipeline source add county-board
    """
    _show_new(name, lambda key_hash: AddSource(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))


@sources.command("remove")
def remove_source(name: Annotated[str, typer.Argument(help="As `pipeline source list` shows it.")]) -> None:
    """Revoke a source's key. Its postings stay, and `add` creates a new key.

    Example: pipeline source remove county-board
    """
    _end(RemoveSource(name=name, actor=who(unknown=OPERATOR)))


@sources.command("list")
def list_sources(as_json: Json = False) -> None:
    """All sources."""
    _show_all(Sources(), "Sources", "source", as_json)


sources.command("read")(read_saved)


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="The name of the program, for example `openrefine`.")],
    engagement: OfEngagement = False,
) -> None:
    """Create a key for a program, replacing its existing key. The key is shown once and stored as a hash.

    OpenRefine needs it in the address of the service: http://HOST:PORT/reconcile?key=KEY

    Example: pipeline key add openrefine
    """
    if engagement:
        _show_new(name, lambda key_hash: AddReporter(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))
        return
    key = _show_new(name, lambda key_hash: AddKey(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))
    if port := stackfile.http_port("matcher"):
        show.line(f"For OpenRefine: http://127.0.0.1:{port}/reconcile?key={key}")


@keys.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="As `pipeline key list` shows it.")], engagement: OfEngagement = False
) -> None:
    """Revoke a program's key.

    Example: pipeline key remove openrefine
    """
    kind = RemoveReporter if engagement else RemoveKey
    _end(kind(name=name, actor=who(unknown=OPERATOR)))


@keys.command("list")
def list_keys(engagement: OfEngagement = False, as_json: Json = False) -> None:
    """All programs that have a key."""
    _show_all(Reporters() if engagement else Keys(), "Keys", "key", as_json)


def _show_new(name: str, command: Callable[[str], Command[None]]) -> str:
    """Create a key and send its hash to the service; returns the key."""
    key = new_key()
    ask(command(hash_of(key)))
    show.say(f"Key of {name} (shown only now): {key}")
    return key


def _end(command: RemoveSource | RemoveKey | RemoveReporter) -> None:
    ask(command)
    show.say(f"The key of {command.name} no longer works.")


def _show_all(question: Question[list[KeyHolder]], title: str, command: str, as_json: bool) -> None:
    found = ask(question)
    if as_json:
        show.as_json(found)
        return
    if not found:
        show.say(f"There are none yet; `pipeline {command} add NAME` creates a key.")
        return
    at = reader(question.SERVICE)
    rows = [(each.name, at(each.created_at), at(each.key_changed_at)) for each in found]
    show.table(title, ["name", "since", "key since"], rows)
