"""`pipeline sla`: which accounts have waited too long for a touch?"""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.connection import ask, made
from cli.commands.options import Json
from cli.files.sla import as_csv
from cli.printing import show
from cli.printing import sla as shown
from shared.contracts.sequencer_sla import SlaClocks


def sla(
    rep: Annotated[str | None, typer.Option(help="Only this representative's accounts.")] = None,
    breached: Annotated[bool, typer.Option("--breached", help="Only accounts that have waited too long.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    as_json: Json = False,
) -> None:
    """Show which accounts have waited too long for a touch, most urgent first.

    Each has what its owner should do. The pack's sla.yaml has the limits of each tier, and what starts and stops a
    clock. A breach is called out once, as the event sla.breached.

    Example: pipeline sla --rep rep-1 --breached, or: pipeline sla --csv > sla.csv
    """
    report = ask(made(SlaClocks, rep=rep))
    if breached:
        report = report.model_copy(update={"rows": [row for row in report.rows if row.status == "breached"]})
    if as_json:
        show.as_json(report)
    elif csv:
        as_csv(report)
    else:
        shown.clocks(report)
