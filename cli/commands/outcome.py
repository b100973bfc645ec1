"""`pipeline outcome`: the outcome of a lead."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json
from cli.printing import show
from engines.scoring.outcomes import LeadOutcome
from shared.contracts.sequencer_leads import RecordOutcome, UndoneOutcome, UndoOutcome

UNDO = "undo"


def outcome(
    facility_id: Annotated[str, typer.Argument(help="The facility's {key.title}.")],
    what: Annotated[
        str, typer.Argument(metavar="[meeting|won|lost|undo]", help="The outcome, or undo.", show_default=False)
    ],
    reason: Annotated[str | None, typer.Option(help="The reason, in a few words; a lost lead needs one.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record the outcome of a facility's lead: a meeting, a win or a loss.

    Each of them stops its enrollment and removes its tasks from the worklist. A win makes it an active client; after a
    meeting it is left to its rep. A signal that begins after a loss asks to re-open the lead.
    `pipeline score feedback` evaluates outcomes. A reason such as "do not contact" (the pack's outcomes.yaml has the
    list) stops all contact with the facility; `pipeline suppression lift` undoes that.

    `pipeline outcome undo 335001` takes back the last outcome, on the day on which it was recorded: lead, account,
    enrollment and tasks are as before.

    Example: pipeline outcome 335001 lost --reason "has a contractor"
    """
    if facility_id == UNDO:
        facility_id, what = what, UNDO
    if what == UNDO:
        _undo(facility_id, by, as_json)
        return
    if what not in list(LeadOutcome):
        raise ValueError(f"{what!r} is not an outcome; the outcomes are {', '.join(LeadOutcome)}, and undo.")
    if what == LeadOutcome.LOST and not reason:
        raise ValueError(f"{facility_id}: a lost lead needs a reason; state it with --reason.")
    command = made(RecordOutcome, facility_id=facility_id, outcome=what, reason=reason, actor=who(by))
    answer = ask(command)
    if as_json:
        show.as_json(answer)
        return
    if answer.changed:
        lead = "upsell lead" if answer.lead_source == "upsell" else "lead"
        show.say(f"{what.capitalize()} is recorded for the {lead} of {answer.facility_id}.")
    else:
        rest = "." if answer.not_contacted else "; nothing was changed."
        show.say(f"That was recorded of {answer.facility_id} already{rest}")
    if channels := answer.not_contacted:
        back = f"`pipeline suppression lift --facility {answer.facility_id}` undoes that."
        show.say(f"For that reason it will no longer be contacted {_by(channels)}. {back}")


def _undo(facility_id: str, by: str | None, as_json: bool) -> None:
    answer = ask(made(UndoOutcome, facility_id=facility_id, actor=who(by)))
    show.as_json(answer) if as_json else _say_undone(answer)


def _say_undone(answer: UndoneOutcome) -> None:
    due = "1 task is" if answer.due == 1 else f"{answer.due} tasks are"
    show.say(f"Taken back: {answer.outcome} of {answer.facility_id}. Its lead is {answer.stage} again; {due} due.")
    if answer.not_contacted:
        show.say(f"It is still not contacted {_by(answer.not_contacted)}.")


def _by(channels: list[str]) -> str:
    return "by any channel" if "all" in channels else f"by {' or '.join(channels)}"
