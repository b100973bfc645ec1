"""`pipeline key`: which programs can use the services over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.commands.holders import end, show_all, show_new
from cli.commands.options import Json, group
from cli.printing import show
from cli.stack import stackfile
from shared.contracts.matcher import AddKey, Keys, RemoveKey
from shared.contracts.sequencer_engagement import AddReporter, RemoveReporter, Reporters

app = group("Programs that reconcile lists or report engagement over HTTP, and their keys.")

OfEngagement = Annotated[
    bool, typer.Option("--engagement", help="Of a program that reports engagement, instead of one that reconciles.")
]


@app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="The name of the program, for example `openrefine`.")],
    engagement: OfEngagement = False,
) -> None:
    """Create a key for a program, replacing its existing key. The key is shown once and stored as a hash.

    OpenRefine needs it in the address of the service: http://HOST:PORT/reconcile?key=KEY

    Example: pipeline key add openrefine
    """
    if engagement:
        show_new(name, lambda key_hash: AddReporter(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))
        return
    key = show_new(name, lambda key_hash: AddKey(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))
    if port := stackfile.http_port("matcher"):
        show.line(f"For OpenRefine: http://127.0.0.1:{port}/reconcile?key={key}")


@app.command("remove")
def remove_key(
    name: Annotated[str, typer.Argument(help="As `pipeline key list` shows it.")], engagement: OfEngagement = False
) -> None:
    """Revoke a program's key.

    Example: pipeline key remove openrefine
    """
    kind = RemoveReporter if engagement else RemoveKey
    end(kind(name=name, actor=who(unknown=OPERATOR)))


@app.command("list")
def list_keys(engagement: OfEngagement = False, as_json: Json = False) -> None:
    """All programs that have a key."""
    show_all(Reporters() if engagement else Keys(), "Keys", "key", as_json)
