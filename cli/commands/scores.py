"""`pipeline why`, `discovery`, `calibrate`, `crossings` and `picture`: scores and tiers, with reasons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.client.actor import OPERATOR, who
from cli.client.clock import reader
from cli.client.connection import ask, pages, talk
from cli.client.stories import story
from cli.commands.options import Json, day, to_write
from cli.printing import scores as shown
from cli.printing import show
from cli.printing.histogram import draw
from shared.contracts.scorer import Calibrate, Calibrations, Discovery, ExportScores, Why

if TYPE_CHECKING:
    from shared.messaging.broker import Broker


def why(
    facility_id: Annotated[str, typer.Argument(help="The facility's {key.title}.")],
    on: Annotated[str | None, typer.Option(help="As of the end of this past day (YYYY-MM-DD).")] = None,
    as_json: Json = False,
) -> None:
    """Explain a facility's score: every factor, its evidence and its event.

    It continues with what the next tier requires, and ends with the story of the facility, event by event: signals,
    scores, lead, enrollments, touches.

    Example: pipeline why 335001
    """
    answer = ask(Why(facility_id=facility_id.upper(), on=day(on, "--on") if on else None))
    happened = [] if on else talk(lambda broker: story(broker, answer.facility.facility_id))
    if as_json:
        show.as_json({**answer.model_dump(mode="json"), "story": [each._asdict() for each in happened]})
        return
    shown.why(answer)
    shown.story(happened, reader())


def discovery(
    limit: Annotated[int, typer.Option(min=1, max=2_000, help="How many.")] = 20, as_json: Json = False
) -> None:
    """Show the facilities with the highest scores that have no open posting.

    Each has the reasons for its score.
    """
    found = ask(Discovery(limit=limit))
    show.as_json(found) if as_json else shown.discovery(found)


def calibrate() -> None:
    """Recompute the cuts between the tiers now, and show which facilities crossed."""
    shown.calibration([ask(Calibrate(actor=who(unknown=OPERATOR)))])


def crossings(
    limit: Annotated[int, typer.Option(min=1, max=100, help="The number of latest calibrations.")] = 1,
    as_json: Json = False,
) -> None:
    """Show which facilities crossed a tier at the latest calibrations, and the cuts.

    Changes nothing.
    """
    made = ask(Calibrations(limit=limit))
    show.as_json(made) if as_json else shown.calibration(made)
    if not made and not as_json:
        show.say("Nothing was calibrated yet: `pipeline calibrate` sets the cuts, as does the first scoring.")


def picture(out: Annotated[Path, typer.Option("--out", callback=to_write, help="The PNG file to write.")]) -> None:
    """Draw how the scores are distributed.

    Tiers are bands, and marks show the facilities that crossed at the last calibration (R57).

    Example: pipeline picture --out scores.png
    """
    scores = talk(_scores)
    made = ask(Calibrations(limit=1))
    out.write_bytes(draw(scores, made[0] if made else None))
    show.say(f"{len(scores)} scores drawn in {out}.")


async def _scores(broker: Broker) -> list[float]:
    return [float(row.score) async for page in pages(broker, ExportScores(), ("facility_id",)) for row in page]
