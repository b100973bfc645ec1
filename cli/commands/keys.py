"""`pipeline key`: which programs can use the services over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.clock import reader
from cli.client.connection import ask
from cli.commands.holders import end, none_yet, show_all, show_new
from cli.commands.options import Json, group
from cli.printing import show
from cli.stack import stackfile
from shared.contracts.courier_feeds import AddFeedKey, FeedKeys, RemoveFeedKey
from shared.contracts.matcher import AddKey, Keys, RemoveKey
from shared.contracts.sequencer_engagement import AddReporter, RemoveReporter, Reporters
from shared.settings import split

app = group("Programs that reconcile lists, report engagement or read events over HTTP, and their keys.")

OfEngagement = Annotated[
    bool, typer.Option("--engagement", help="Of a program that reports engagement, instead of one that reconciles.")
]
OfFeed = Annotated[bool, typer.Option("--feed", help="Of a program that reads events, instead of one that reconciles.")]


@app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="The name of the program, for example `openrefine`.")],
    engagement: OfEngagement = False,
    feed: OfFeed = False,
    types: Annotated[
        str | None,
        typer.Option(help="With --feed: which events, for example `score.changed,lead.*`. Without it, every event."),
    ] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="With --feed: also those events that have contact data.")
    ] = False,
) -> None:
    """Create a key for a program, replacing its existing key. The key is shown once and stored as a hash.

    OpenRefine needs it in the address of the service: http://HOST:PORT/reconcile?key=KEY

    For a program that reads events: pipeline key add warehouse --feed --types 'score.changed,lead.*'

    Example: pipeline key add openrefine
    """
    _check(engagement, feed)
    if not feed and (types or personal):
        raise ValueError("--types and --personal are for keys that read events; add --feed.")
    actor = who(unknown=OPERATOR)
    if feed:
        chosen = list(split(types or "*"))
        key = show_new(
            name,
            lambda key_hash: AddFeedKey(name=name, key_hash=key_hash, types=chosen, personal=personal, actor=actor),
        )
        if port := stackfile.http_port("courier"):
            show.line(f"To try it: curl -H 'Authorization: Bearer {key}' 'http://127.0.0.1:{port}/events?limit=1'")
        return
    if engagement:
        show_new(name, lambda key_hash: AddReporter(name=name, key_hash=key_hash, actor=actor))
        return
    key = show_new(name, lambda key_hash: AddKey(name=name, key_hash=key_hash, actor=actor))
    if port := stackfile.http_port("matcher"):
        show.line(f"For OpenRefine: http://127.0.0.1:{port}/reconcile?key={key}")


@app.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="As `pipeline key list` shows it.")],
    engagement: OfEngagement = False,
    feed: OfFeed = False,
) -> None:
    """Revoke a program's key.

    Example: pipeline key remove openrefine
    """
    _check(engagement, feed)
    kind = RemoveFeedKey if feed else RemoveReporter if engagement else RemoveKey
    end(kind(name=name, actor=who(unknown=OPERATOR)))


@app.command("list")
def list_keys(engagement: OfEngagement = False, feed: OfFeed = False, as_json: Json = False) -> None:
    """All programs that have a key."""
    _check(engagement, feed)
    if feed:
        _show_feed_keys(as_json)
    else:
        show_all(Reporters() if engagement else Keys(), "Keys", "key", as_json)


def _check(engagement: bool, feed: bool) -> None:
    if engagement and feed:
        raise ValueError("A key is for --engagement or for --feed; create two.")


def _show_feed_keys(as_json: bool) -> None:
    found = ask(FeedKeys())
    if as_json:
        show.as_json(found)
    elif not found:
        none_yet("key", "NAME --feed")
    else:
        at = reader(FeedKeys.SERVICE)
        rows = [
            (each.name, at(each.key_changed_at), ", ".join(each.types), "yes" if each.personal else "no")
            for each in found
        ]
        show.table("Keys for events", ["name", "key since", "types", "contact data"], rows)
