"""`pipeline capacity`: how full are the next business days?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.client.connection import ask, made
from cli.commands.options import Json, to_write
from cli.printing import show
from shared.contracts.sequencer_capacity import Capacity


def capacity(
    days: Annotated[int, typer.Option(help="Business days to plan.", min=1, max=63)] = 21,
    waiting: Annotated[bool, typer.Option(help="List the prospects that are not worked, and why.")] = False,
    touches: Annotated[bool, typer.Option(help="List every touch, and why it is on its day.")] = False,
    png: Annotated[Path | None, typer.Option(callback=to_write, help="Draw the days into this file.")] = None,
    as_json: Json = False,
) -> None:
    """Show how full the next business days are, what waits, and what is impossible.

    The plan is made as tomorrow morning's would be, from the present state; nothing is changed. Days fill from the
    front: the touch that must be done first comes first, and an enrollment starts only if all its touches find a day.

    Example: pipeline capacity --waiting --png days.png
    """
    from cli.printing import capacity as shown

    plan = ask(made(Capacity, days=days, touches=touches))
    if png:
        png.write_bytes(shown.picture(plan))
    if as_json:
        show.as_json(plan)
        return
    shown.capacity(plan)
    if waiting:
        shown.waiting(plan)
    if touches:
        shown.touches(plan)
