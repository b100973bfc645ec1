"""`pipeline pack` and `pipeline what-if`: other scoring models, tried before they have any effect."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli.client.actor import By, who
from cli.client.connection import talk
from cli.client.publishing import PATIENCE, ahead
from cli.commands.options import Json, group, to_use, to_write
from cli.files.new_pack import create
from cli.linting import Verdict
from cli.linting import lint as verdict_on
from cli.linting.scheme import problems, scheme_of
from cli.linting.sections import read_pack
from cli.printing import scores as show_scores
from cli.printing import show
from cli.printing.packs import document
from cli.printing.publishing import ahead as show_ahead
from cli.stack.target import StackError
from engines import packs
from engines.packs.layers import packs_dir
from shared.contracts.requests import Question
from shared.contracts.scorer import PublishScheme, SchemeInForce, WhatIf
from shared.contracts.scorer_replies import TriedScheme
from shared.contracts.sequencer_reps import Team

R = TypeVar("R")

app = group("Begin, check and explain packs, and compare and publish their scoring models.")

Pack = Annotated[str, typer.Argument(help="A pack's name, or its folder.")]


@app.command()
def lint(
    pack: Annotated[str | None, typer.Argument(help="A name or folder; by default the pack in force.")] = None,
    as_json: Json = False,
) -> None:
    """Check a complete pack: report what a service would refuse when it starts, or miss when it needs it.

    Every file is read as the services read it, and references between files are checked: sequences, templates and their
    facts, personas, role families, fields, tiers. All faults are listed, by file, line and key, with what to do; the
    exit code is then 1. With a running stack, it also checks the windows of steps against the working hours of the reps
    and, for a sound pack, counts the facilities unknown to each factor.
    """
    in_force = None if pack else _if_up(SchemeInForce())
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    verdict = verdict_on(folder, in_force, _if_up(Team()) or ())
    hash_of_pack = in_force.pack if in_force else packs.hash_of(folder)
    unknown = None if verdict.faults else _if_up(WhatIf(**dict(in_force or scheme_of(folder))))
    if as_json:
        answer = {"pack": hash_of_pack, "sound": not verdict.faults, **asdict(verdict), "unknown": unknown}
        show.as_json(answer)
    else:
        _say_verdict(folder.name, hash_of_pack, verdict, unknown)
    if verdict.faults:
        raise typer.Exit(1)


def _say_verdict(name: str, hash_of_pack: str, verdict: Verdict, unknown: TriedScheme | None) -> None:
    for fault in verdict.faults:
        show.line(str(fault))
    for fault in verdict.warnings:
        show.line(f"Warning: {fault}")
    if verdict.faults:
        show.say(f"{name} is not sound: {len(verdict.faults)} to correct.")
        return
    show.say(f"{name} is sound: pack {hash_of_pack}.")
    if unknown is None:
        show.say("No stack is running, so there is no cohort to check for unknown facts.")
    else:
        show_scores.unknown(unknown.comparison)


def _if_up(request: Question[R]) -> R | None:
    try:
        return talk(lambda broker: broker.ask(request, timeout_seconds=PATIENCE))
    except StackError:
        return None


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens: dental-labs.")],
    into: Annotated[
        Path | None, typer.Option("--in", callback=to_use, help="The folder for it; by default that of all packs.")
    ] = None,
) -> None:
    """Begin a pack: a small, complete one of an invented trade, which you then change file by file.

    It is sound as it is, extends `basic`, and has a list to try it on.

    Example: pipeline pack new dental-labs
    """
    try:
        folder = create(name, into or Path(packs_dir()))
    except ValueError as refused:
        raise typer.BadParameter(str(refused)) from None
    verdict = verdict_on(folder)
    for fault in (*verdict.faults, *verdict.warnings):
        show.line(str(fault))
    where = "" if into is None else f"PIPELINE_PACKS_DIR={shlex.quote(str(folder.parent.resolve()))} "
    argument = name if into is None else shlex.quote(str(folder))
    show.say(f"{folder} is a complete pack. Change its files in the order of docs/packs.md, and try it:")
    show.say(f"  pipeline pack lint {argument}")
    show.say(f"  pipeline pack show {argument}")
    show.say(f"  pipeline report list {shlex.quote(str(folder / 'sample' / 'accounts.csv'))} --pack {argument}")
    show.say(f"  {where}make demo PACK={name}")
    show.say(f"  {where}PIPELINE_PACK={name} pipeline up")


@app.command("show")
def show_pack(
    pack: Annotated[str | None, typer.Argument(help="A name or folder; by default the pack in force.")] = None,
) -> None:
    """Explain a pack as a document (Markdown) for the people who sell with it, without any server.

    What an account is, what gives how many points, tiers and what follows from them, sequences, time limits, playbooks,
    reports, claims with their sources, and what of it is assumed.

    Example: pipeline pack show > pack.md
    """
    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    read, faults = read_pack(folder)
    if faults:
        raise packs.invalid(folder, *faults)
    for text in document(read).split("\n"):
        show.line(text)


@app.command("one-pager")
def one_pager(
    pack: Annotated[str | None, typer.Argument(help="A name or folder; by default the pack in force.")] = None,
    out: Annotated[
        Path | None, typer.Option(callback=to_write, help="The PDF to write; by default PACK-one-pager.pdf.")
    ] = None,
) -> None:
    """Typeset a pack as a sheet of two sides (PDF) to hand out, without any server.

    What it finds, how it scores, what follows from the score, a rep's day, and a sample of its export from invented
    accounts. A file one-pager.typ in the pack replaces the typst template; longer than two sides is refused.

    Example: pipeline pack one-pager --out one-pager.pdf
    """
    # Typesetting reads every part of a pack, and the other commands need none of it.
    from cli.files.reports import replace
    from cli.one_pager import one_pager as typeset

    folder = packs.folder_of(pack) if pack else packs.pack_folder()
    path = out or Path(f"{folder.resolve().name}-one-pager.pdf")
    replace(path, typeset(folder))
    show.say(f"{path}: two pages.")


@app.command()
def diff(old: Pack, new: Pack, as_json: Json = False) -> None:
    """Compare two packs on the listed cohort: which facilities cross which tier, and why. Changes nothing.

    Example: pipeline pack diff ./current ./next
    """
    _compare(new, old, as_json)


@app.command()
def publish(
    pack: Pack,
    apply: Annotated[
        bool, typer.Option("--apply", help="Put it in force, instead of only showing what follows.")
    ] = False,
    by: By = None,
) -> None:
    """Put a pack's scoring model and tiers in force: recorded, published, and every facility rescored at once.

    Shows first who would change tier, and which version of their sequence running enrollments keep; `--apply` then does
    it. The previous model stays on record, so that its days can be replayed; publish it again to return to it.

    Example: pipeline pack publish ./next --apply
    """
    folder = packs.folder_of(pack)
    found = problems(folder)
    read, faults = read_pack(folder)
    if faults:
        raise packs.invalid(folder, *faults)
    if found:
        raise packs.PackInvalid("; ".join(found))
    scheme = scheme_of(folder)
    versions = {name: each.version for name, each in read.folders["sequences"].items()}
    show_ahead(*talk(lambda broker: ahead(broker, scheme, versions)))
    if not apply:
        show.say("Nothing was changed. `--apply` puts the pack in force.")
        return
    command = PublishScheme(**dict(scheme), actor=who(by))
    answer = talk(lambda broker: broker.ask(command, timeout_seconds=PATIENCE))
    if answer.published:
        show.say(f"Pack {answer.pack} is in force; the previous one was {answer.previous}.")
    else:
        show.say(f"Pack {answer.pack} is in force already.")


def what_if(new: Pack, as_json: Json = False) -> None:
    """Try a pack's scoring on the listed cohort.

    Shows which facilities would cross which tier, and why. Changes nothing.

    Example: pipeline what-if ./next
    """
    _compare(new, None, as_json)


def _compare(new: str, old: str | None, as_json: bool) -> None:
    instead_of = None if old is None else scheme_of(packs.folder_of(old))
    question = WhatIf(**dict(scheme_of(packs.folder_of(new))), instead_of=instead_of)
    answer = talk(lambda broker: broker.ask(question, timeout_seconds=PATIENCE))
    if as_json:
        show.as_json(answer)
    else:
        show_scores.comparison(answer.comparison, answer.names)
