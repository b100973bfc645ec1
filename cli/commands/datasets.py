"""`pipeline dataset`: the published datasets that arrive by themselves, and those that wait for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.clock import reader
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.printing import datasets as printed
from cli.printing import show
from shared.contracts.ingest_datasets import AcceptVintage, CheckDataset, Datasets, RefuseVintage, ShowDataset

app = group("Published datasets that arrive by themselves: what was downloaded, and what waits for a person.")

Name = Annotated[str, typer.Argument(help="The dataset, as `pipeline dataset list` shows it.", show_default=False)]
Number = Annotated[
    int, typer.Argument(metavar="VINTAGE", min=1, help="Its vintage, as `pipeline dataset show` numbers them.")
]


@app.command("list")
def listed(as_json: Json = False) -> None:
    """All datasets of the pack: when each was asked for last and next, and the state of its latest vintage.

    They are polled if `PIPELINE_OUTBOUND_CONTACT` states whom publishers can write to.

    Example: pipeline dataset list
    """
    found = ask(Datasets())
    if as_json:
        show.as_json(found)
    else:
        printed.datasets(found, reader("ingest"))


@app.command("show")
def shown(name: Name, as_json: Json = False) -> None:
    """The vintages of a dataset: what was downloaded, why one waits, who decided, and what its import changed.

    Example: pipeline dataset show provider-information
    """
    found = ask(ShowDataset(name=name))
    if as_json:
        show.as_json(found)
    else:
        printed.history(found, reader("ingest"))


@app.command()
def check(name: Name, by: By = None, as_json: Json = False) -> None:
    """Ask for a dataset now, and compare its file even if the catalogue states no change.

    What comes of it is shown by `pipeline dataset show NAME`.

    Example: pipeline dataset check penalties
    """
    found = ask(CheckDataset(name=name, actor=who(by)))
    if as_json:
        show.as_json(found)
    else:
        show.say(f"{found.title} is asked for now; `pipeline dataset show {found.name}` shows what came of it.")


@app.command()
def accept(name: Name, vintage: Number, by: By = None, as_json: Json = False) -> None:
    """Import a vintage that waits for a person, despite its reasons.

    The next one is checked against this one.

    Example: pipeline dataset accept provider-information 3
    """
    found = ask(AcceptVintage(name=name, vintage=vintage, actor=who(by)))
    if as_json:
        show.as_json(found)
    else:
        show.say(f"Vintage {found.vintage} of {name} is imported now, accepted by {found.decided_by}.")


@app.command()
def refuse(
    name: Name,
    vintage: Number,
    reason: Annotated[str, typer.Option(help="Why, for others.")] = "",
    by: By = None,
    as_json: Json = False,
) -> None:
    """Do not import a vintage that waits for a person. The next one is checked against the last that was imported.

    Example: pipeline dataset refuse provider-information 3 --reason "half of the country is missing"
    """
    found = ask(RefuseVintage(name=name, vintage=vintage, reason=reason, actor=who(by)))
    if as_json:
        show.as_json(found)
    else:
        show.say(f"Vintage {found.vintage} of {name} is not imported, refused by {found.decided_by}.")
