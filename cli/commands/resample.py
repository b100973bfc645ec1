"""`pipeline resample`: the precision of automatic matches."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask
from cli.commands.options import Json, group
from cli.printing import inbox as shown
from cli.printing import show
from shared.contracts.matcher import JudgeMatch, MatchesToJudge, Precision

app = group("Judge a small share of the automatic matches without seeing the answer.", alone=True)


@app.callback()
def listed(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="How many to show.")] = 20,
    as_json: Json = False,
) -> None:
    """Without a command: list what is to be judged, with facilities in the order of their names."""
    if context.invoked_subcommand is not None:
        return
    chosen = ask(MatchesToJudge(limit=limit))
    if as_json:
        show.as_json(chosen)
    else:
        shown.resampled(chosen)


@app.command()
def judge(
    key: Annotated[str, typer.Argument(help="The key, as `pipeline resample` shows it.")],
    facility_id: Annotated[
        str | None, typer.Argument(help="The facility that the employer is, even if it is not shown.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Instead, why it is not a facility: a reason that `pipeline inbox reasons` lists."),
    ] = None,
    by: By = None,
) -> None:
    """Judge which facility an employer is. Only a contradiction changes anything: its postings go to the inbox.

    Example: pipeline resample judge 0046fdfcf8 335001, or: pipeline resample judge 0046fdfcf8 --reason unsure
    """
    named = facility_id.upper() if facility_id else None
    answer = ask(JudgeMatch(key=key, facility_id=named, reason=reason, actor=who(by)))
    if answer.agreed:
        show.say(f"As it was matched: {answer.accepted}.")
    elif not answer.disputed:
        show.say("Recorded; the match is unchanged.")
    else:
        show.say(
            f"It was matched to {answer.accepted}; {answer.queued} posting(s) wait in the inbox now, "
            f"under {answer.key}."
        )


@app.command()
def precision(as_json: Json = False) -> None:
    """How often the automatic match was the one that a person named, with a 95 % interval."""
    measured = ask(Precision())
    if as_json:
        show.as_json(measured)
        return
    decided = measured.judged - measured.unsure
    if decided:
        interval = f"{measured.low:.4f} to {measured.high:.4f}"
        show.say(f"Precision {measured.precision:.4f} ({measured.agreed} of {decided}; 95 %: {interval}).")
    else:
        show.say("Nothing was judged yet.")
    show.say(f"{measured.unsure} unsure, {measured.waiting} to be judged; share {measured.share:.2%}.")
