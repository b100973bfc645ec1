"""`pipeline key`: which programs can use the services over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.clock import reader
from cli.client.connection import ask
from cli.commands.holders import end, none_yet, show_all, show_new
from cli.commands.options import Json, group
from cli.printing import show
from cli.stack import stackfile
from shared.contracts.courier_feeds import AddFeedKey, FeedKey, FeedKeys, RemoveFeedKey
from shared.contracts.courier_webhook_keys import AddWebhookKey, RemoveWebhookKey, WebhookKey, WebhookKeys
from shared.contracts.matcher import AddKey, Keys, RemoveKey
from shared.contracts.sequencer_engagement import AddReporter, RemoveReporter, Reporters
from shared.settings import split

app = group("Programs that use the services over HTTP, and their keys.")

OfEngagement = Annotated[
    bool, typer.Option("--engagement", help="Of a program that reports engagement, instead of one that reconciles.")
]
OfFeed = Annotated[bool, typer.Option("--feed", help="Of a program that reads events, instead of one that reconciles.")]
OfWebhooks = Annotated[
    bool, typer.Option("--webhooks", help="Of a program that manages webhooks, instead of one that reconciles.")
]


@app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="The name of the program, for example `openrefine`.")],
    engagement: OfEngagement = False,
    feed: OfFeed = False,
    webhooks: OfWebhooks = False,
    types: Annotated[
        str | None,
        typer.Option(help="With --feed: which events, for example `score.changed,lead.*`. Without it, every event."),
    ] = None,
    personal: Annotated[
        bool,
        typer.Option("--personal", help="With --feed or --webhooks: also for events that have contact data."),
    ] = False,
) -> None:
    """Create a key for a program, replacing its existing key. The key is shown once and stored as a hash.

    A key is for one thing. OpenRefine needs it in the address of the service: http://HOST:PORT/reconcile?key=KEY

    For a program that reads events: pipeline key add warehouse --feed --types 'score.changed,lead.*'

    For a program that manages webhooks: pipeline key add terraform --webhooks

    Example: pipeline key add openrefine
    """
    _refuse_several(engagement, feed, webhooks)
    if types and not feed:
        raise ValueError("--types is for keys that read events; add --feed.")
    if personal and not (feed or webhooks):
        raise ValueError("--personal is for keys that read events or manage webhooks; add --feed or --webhooks.")
    actor = who(unknown=OPERATOR)
    if feed:
        chosen = list(split(types or "*"))
        key = show_new(
            name,
            lambda key_hash: AddFeedKey(name=name, key_hash=key_hash, types=chosen, personal=personal, actor=actor),
        )
        _show_how("To try it: curl -H 'Authorization: Bearer {key}' '{base}/events?limit=1'", "courier", key)
    elif webhooks:
        key = show_new(
            name, lambda key_hash: AddWebhookKey(name=name, key_hash=key_hash, personal=personal, actor=actor)
        )
        _show_how("To try it: curl -H 'Authorization: Bearer {key}' '{base}/webhooks'", "courier", key)
    elif engagement:
        show_new(name, lambda key_hash: AddReporter(name=name, key_hash=key_hash, actor=actor))
    else:
        key = show_new(name, lambda key_hash: AddKey(name=name, key_hash=key_hash, actor=actor))
        _show_how("For OpenRefine: {base}/reconcile?key={key}", "matcher", key)


def _show_how(line: str, service: str, key: str) -> None:
    """How to use a key, if its service runs on this machine."""
    if base := stackfile.base_url(service):
        show.line(line.format(key=key, base=base))


@app.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="As `pipeline key list` shows it.")],
    engagement: OfEngagement = False,
    feed: OfFeed = False,
    webhooks: OfWebhooks = False,
) -> None:
    """Revoke a program's key.

    Example: pipeline key remove openrefine
    """
    _refuse_several(engagement, feed, webhooks)
    kind = RemoveFeedKey if feed else RemoveWebhookKey if webhooks else RemoveReporter if engagement else RemoveKey
    end(kind(name=name, actor=who(unknown=OPERATOR)))


@app.command("list")
def list_keys(
    engagement: OfEngagement = False, feed: OfFeed = False, webhooks: OfWebhooks = False, as_json: Json = False
) -> None:
    """All programs that have a key."""
    _refuse_several(engagement, feed, webhooks)
    if feed or webhooks:
        _show_keys_of_courier(ask(FeedKeys()) if feed else ask(WebhookKeys()), feed, as_json)
    else:
        show_all(Reporters() if engagement else Keys(), "Keys", "key", as_json)


def _refuse_several(*uses: bool) -> None:
    if sum(uses) > 1:
        raise ValueError("A key is for one of --engagement, --feed and --webhooks; create several.")


def _show_keys_of_courier(found: Sequence[FeedKey | WebhookKey], feed: bool, as_json: bool) -> None:
    if as_json:
        show.as_json(found)
    elif not found:
        none_yet("key", f"NAME {'--feed' if feed else '--webhooks'}")
    else:
        at = reader(FeedKeys.SERVICE)
        columns = ["name", "key since", *(["types"] if feed else []), "contact data"]
        rows = [
            (
                each.name,
                at(each.key_changed_at),
                *([", ".join(each.types)] if isinstance(each, FeedKey) else []),
                "yes" if each.personal else "no",
            )
            for each in found
        ]
        show.table("Keys for events" if feed else "Keys for webhooks", columns, rows)
