"""`pipeline source`: who may publish postings."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import show
from cli.client import ask

app = typer.Typer(no_args_is_help=True, help="Sources that publish postings over HTTP, and their keys.")


@app.command()
def add(name: Annotated[str, typer.Argument(help="The source's name; its key fixes it.")]) -> None:
    """Make a key for a source (again: a new key, and the old one ends). It is shown once and stored as a hash."""
    answer = ask("ingest.ask.add_source", {"name": name})
    show.say(f"Key of {answer['name']} (shown only now): {answer['key']}")


@app.command("list")
def listed() -> None:
    """All sources."""
    rows = [(source["name"], source.get("created_at")) for source in ask("ingest.ask.sources")]
    show.table("Sources", ["source", "since"], rows)
