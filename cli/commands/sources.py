"""`pipeline source`: who may send postings, and what may be read and fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli.client.actor import OPERATOR, who
from cli.commands.holders import end, show_all, show_new
from cli.commands.options import Json, group, to_read
from cli.commands.source_read import read_saved
from cli.printing import show
from engines.crawling import robots
from shared.contracts.ingest import AddSource, RemoveSource, Sources

app = group("Sources of postings: their keys, what their pages state, and what robots.txt allows.")

app.command("read")(read_saved)


@app.command("add")
def add_source(name: Annotated[str, typer.Argument(help="The source's name; its key fixes it.")]) -> None:
    """Create a key for a source, replacing its existing key. The key is shown once and stored as a hash.

    Example: pipeline source add county-board
    """
    show_new(name, lambda key_hash: AddSource(name=name, key_hash=key_hash, actor=who(unknown=OPERATOR)))


@app.command("remove")
def remove_source(name: Annotated[str, typer.Argument(help="As `pipeline source list` shows it.")]) -> None:
    """Revoke a source's key. Its postings stay, and `add` creates a new key.

    Example: pipeline source remove county-board
    """
    end(RemoveSource(name=name, actor=who(unknown=OPERATOR)))


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """All sources."""
    show_all(Sources(), "Sources", "source", as_json)


@app.command("allowed")
def allowed(
    urls: Annotated[
        list[str], typer.Argument(metavar="URL...", help="The URLs: https://HOST/PATH, or /PATH.", show_default=False)
    ],
    robots_file: Annotated[
        Path,
        typer.Option("--robots", callback=to_read, help="A robots.txt, as its host answered it.", show_default=False),
    ],
    agent: Annotated[str, typer.Option(help="The name to which robots.txt refers.")] = "FacilityPipeline",
    why: Annotated[bool, typer.Option("--why", help="Also show the rule that decides, and the URL.")] = False,
    as_json: Json = False,
) -> None:
    """Show whether a robots.txt allows an agent to fetch URLs: `allowed` or `disallowed`, a line for each.

    It is read as RFC 9309 says, and as fetches read it; no server is needed.

    Example: pipeline source allowed --robots robots.txt --agent FacilityPipeline https://example.com/careers
    """
    for url in urls:
        if not _is_url_or_path(url):
            raise typer.BadParameter(f"{url!r} is not like https://HOST/PATH or /PATH.", param_hint="URL")
    try:
        robots.product_token(agent)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--agent") from None
    content = robots_file.read_bytes()
    for url in urls:
        found = robots.decide(200, content, agent, url)
        if as_json:
            show.as_json({"url": url, "allowed": found.allowed, "rule": found.why, "crawl_delay": found.crawl_delay})
        else:
            verdict = "allowed" if found.allowed else "disallowed"
            show.line(f"{verdict}  {url}  {found.why}" if why else verdict)


def _is_url_or_path(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return text.startswith("/") if not parts.scheme else parts.scheme in ("http", "https") and bool(parts.netloc)
