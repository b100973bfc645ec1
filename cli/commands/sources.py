"""`pipeline source`: where postings come from, and what may be read and fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli.client.actor import OPERATOR, who
from cli.client.connection import ask
from cli.commands import source_fetching
from cli.commands.options import Json, group, to_read
from cli.commands.source_read import read_saved
from cli.printing import show
from engines.crawling import robots
from shared.contracts.ingest import RemoveSource, SourceRemoved

app = group("Sources of postings: what is fetched and pushed, and the rules that allow it.")

app.command("add")(source_fetching.added)
app.command("list")(source_fetching.listed)
app.command("show")(source_fetching.shown)
app.command("test")(source_fetching.try_out)
app.command("fetch")(source_fetching.fetch)
app.command("pause")(source_fetching.pause)
app.command("resume")(source_fetching.resume)
app.command("ledger")(source_fetching.ledger)
app.command("read")(read_saved)


@app.command("remove")
def remove_source(
    name: Annotated[str, typer.Argument(help="As `pipeline source list` shows it.")],
    keep: Annotated[bool, typer.Option("--keep", help="Leave its postings open until they expire.")] = False,
) -> None:
    """Revoke a source's key, or do not fetch it any more, and close its open postings as of today.

    What it submitted stays, and `add` adds it again. A new key needs no removal: `add` replaces the old one.

    Example: pipeline source remove county-board
    """
    removed = ask(RemoveSource(name=name, close_postings=not keep, actor=who(unknown=OPERATOR)))
    show.say(f"Nothing comes from {name} any more. {_left(removed)}")


def _left(removed: SourceRemoved) -> str:
    """What became of the postings of a source."""
    if removed.closed:
        return f"{'1 open posting is' if removed.closed == 1 else f'{removed.closed:,} open postings are'} closed."
    if removed.open:
        stay = "1 posting stays" if removed.open == 1 else f"{removed.open:,} postings stay"
        return f"{stay} open until it is not seen for so long that it expires."
    return "It has no open postings."


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
