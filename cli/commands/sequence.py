"""`pipeline sequence`: the steps of sequences, and which version each enrollment goes through."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json, group
from cli.printing import sequences as shown
from cli.printing import show
from shared.contracts.sequencer_sequences import ListSequences, MigrateSequence, PreviewMigration, ShowSequence

app = group(
    """The sequences of the pack: their steps and versions, and who goes through which.

    A changed file of `sequences/` is another version. Enrollments go on with the version that they started with, until
    `pipeline sequence migrate` moves them.""",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a sequence, which is that of its file.")]


@app.command("list")
def list_sequences(as_json: Json = False) -> None:
    """List the sequences, with the days of their steps and the enrollments that go through them.

    Example: pipeline sequence list
    """
    answer = ask(ListSequences())
    show.as_json(answer) if as_json else shown.sequences(answer)


@app.command("show")
def show_sequence(
    name: Name,
    version: Annotated[str | None, typer.Option(help="The first characters of a version; that of the pack.")] = None,
    as_json: Json = False,
) -> None:
    """Show the steps and rules of a sequence, on the days of a start now, and its versions.

    Example: pipeline sequence show tier-2-nurture
    """
    answer = ask(made(ShowSequence, name=name, version=version))
    show.as_json(answer) if as_json else shown.details(answer)


@app.command()
def migrate(
    name: Name,
    preview: Annotated[bool, typer.Option("--preview", help="Show who would go on where; change nothing.")] = False,
    only: Annotated[str | None, typer.Option(metavar="FACILITY", help="Only the enrollment of this account.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Let running enrollments go on in the pack's version of their sequence.

    After step 4 comes step 5 of the new version; if the steps that are done differ in channel or persona, the first one
    that is later than the last one was. No step is repeated, and no touch comes closer to the one before it than the
    new version has them. What cannot go on there goes on as it is.

    Example: pipeline sequence migrate tier-2-nurture --preview
    """
    if preview:
        answer = ask(made(PreviewMigration, name=name, facility_id=only))
    else:
        answer = ask(made(MigrateSequence, name=name, facility_id=only, actor=who(by)))
    show.as_json(answer) if as_json else shown.migration(answer, preview)
