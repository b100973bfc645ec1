"""`pipeline outcome`: the outcome of a lead."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json
from cli.printing import show
from engines.scoring.outcomes import LeadOutcome
from shared.contracts.sequencer_leads import RecordOutcome


def outcome(
    facility_id: Annotated[str, typer.Argument(help="The facility's {key.title}.")],
    what: Annotated[LeadOutcome, typer.Argument(help="The outcome.", show_default=False)],
    reason: Annotated[str | None, typer.Option(help="The reason, in a few words; a lost lead needs one.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record the outcome of a facility's lead: a meeting, a win or a loss.

    Each of them stops its enrollment and removes its tasks from the worklist. A win makes it an active client; after a
    meeting it is left to its rep. A signal that begins after a loss asks to re-open the lead.
    `pipeline score feedback` evaluates outcomes. A reason such as "do not contact" (the pack's outcomes.yaml has the
    list) stops all contact with the facility; `pipeline contact allow` undoes that.

    Example: pipeline outcome 335001 lost --reason "has a contractor"
    """
    if what is LeadOutcome.LOST and not reason:
        raise ValueError(f"{facility_id}: a lost lead needs a reason; state it with --reason.")
    command = made(RecordOutcome, facility_id=facility_id, outcome=what.value, reason=reason, actor=who(by))
    answer = ask(command)
    if as_json:
        show.as_json(answer)
        return
    if answer.changed:
        show.say(f"{what.value.capitalize()} is recorded for the {answer.lead_source} lead of {answer.facility_id}.")
    else:
        rest = "." if answer.not_contacted else "; nothing was changed."
        show.say(f"That was recorded of {answer.facility_id} already{rest}")
    if channels := answer.not_contacted:
        how = "by any channel" if "all" in channels else f"by {' or '.join(channels)}"
        back = f"`pipeline contact allow --facility {answer.facility_id}` undoes that."
        show.say(f"For that reason it will no longer be contacted {how}. {back}")
