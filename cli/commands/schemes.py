"""`pipeline pack` and `pipeline what-if`: other scoring models, tried before anybody is affected."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cli import show, show_scores
from cli.client import talk
from cli.me import By, who
from cli.stackfile import StackError
from shared import packs

app = typer.Typer(no_args_is_help=True, help="Check, compare and publish packs' scoring models.")

PATIENCE = 300.0
Pack = Annotated[str, typer.Argument(help="A pack's name, or its folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command()
def lint(pack: Annotated[str | None, typer.Argument(help="A name or folder; else the one in force.")] = None) -> None:
    """Check a pack's scoring: weights, double counts, tiers that nobody can reach, factors without an input.

    With a stack that is up, also how many of its listed facilities each factor knows nothing of.
    """
    from cli.packs import problems, request_of  # here, because every command imports this module

    in_force = None if pack else _if_up("scorer.ask.scheme", {})
    folder = packs.named(pack) if pack else packs.pack_folder()
    found = problems(folder, in_force)
    for problem in found:
        show.say(problem)
    if found:
        raise typer.Exit(1)
    show.say(f"{folder.name} is sound: pack {in_force['pack'] if in_force else packs.hash_of(folder)}.")
    answer = _if_up("scorer.ask.what_if", in_force or request_of(folder))
    if answer is None:
        show.say("No stack is up, so there is no cohort of which something could be unknown.")
    else:
        show_scores.unknown(answer["comparison"])


def _if_up(subject: str, request: dict[str, Any]) -> Any:
    try:
        return talk(lambda broker: broker.ask(subject, request, PATIENCE))
    except StackError:
        return None


@app.command()
def diff(old: Pack, new: Pack, as_json: Json = False) -> None:
    """Compare two packs on the cohort that is listed: who crosses which tier, and why. Changes nothing."""
    _compare(new, old, as_json)


@app.command()
def publish(pack: Pack, by: By = None) -> None:
    """Put a pack's scoring model and tiers in force: recorded, announced, and every facility scored by it at once.

    The model before stays on record, so that its days can be replayed; publish it again to go back.
    """
    from cli.packs import problems, request_of

    folder = packs.named(pack)
    found = problems(folder)
    if found:
        raise packs.PackInvalid("; ".join(found))
    request = {**request_of(folder), "by": who(by)}
    answer = talk(lambda broker: broker.ask("scorer.ask.publish", request, PATIENCE))
    if answer["published"]:
        show.say(f"Pack {answer['pack']} is in force; before, it was {answer['before']}.")
    else:
        show.say(f"Pack {answer['pack']} is in force already.")


def what_if(new: Pack, as_json: Json = False) -> None:
    """Try a pack's scoring on the cohort that is listed: who would cross which tier, and why. Changes nothing."""
    _compare(new, None, as_json)


def _compare(new: str, old: str | None, as_json: bool) -> None:
    from cli.packs import request_of

    request = request_of(packs.named(new))
    if old is not None:
        request["instead_of"] = request_of(packs.named(old))
    answer = talk(lambda broker: broker.ask("scorer.ask.what_if", request, PATIENCE))
    if as_json:
        print(json.dumps(answer, default=str, ensure_ascii=False))
    else:
        show_scores.comparison(answer["comparison"], answer["names"])
