"""`pipeline lead` and `pipeline note`: the leads of accounts, their stages, and what happened to them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.commands.options import Json, day, group
from cli.printing import leads as shown
from cli.printing import show
from shared.contracts.requests import PAGE
from shared.contracts.sequencer_leads import (
    AddNote,
    ChangedLead,
    FillIntake,
    LeadRow,
    Leads,
    MoveLead,
    ReopenLead,
    ShowLead,
    StateAmount,
)

app = group("Leads: list them, move them from stage to stage, and see what happened to one.")

Facility = Annotated[str, typer.Argument(metavar="{key.name}", help="The facility's {key.title}.")]
Why = Annotated[str | None, typer.Option("--reason", help="The reason, in a few words.")]


@app.command("list")
def listed(
    stage: Annotated[str | None, typer.Option(help="Only leads in this stage.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only this representative's leads.")] = None,
    upsell: Annotated[bool, typer.Option("--upsell", help="Only upsell leads, which are of active clients.")] = False,
    to_reopen: Annotated[
        bool, typer.Option("--to-reopen", help="Only lost leads that a later signal asks to re-open.")
    ] = False,
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help="Only leads without an owner, each with why.")
    ] = False,
    closed: Annotated[bool, typer.Option("--all", help="Closed leads, too.")] = False,
    as_json: Json = False,
) -> None:
    """List leads by stage, with the days that each has been there, its owner and what is expected of it.

    The pack's stages.yaml has the stages. Without an option, all open leads are listed.

    Example: pipeline lead list --stage qualified --owner rep-1
    """
    named = stage is not None or to_reopen or closed
    source = "upsell" if upsell else None
    found = _all(
        Leads.model_validate(
            {
                "stage": stage,
                "owner": owner,
                "source": source,
                "to_reopen": to_reopen,
                "unassigned": unassigned,
                "open": not named,
            }
        )
    )
    show.as_json(found) if as_json else shown.leads(found)


@app.command("show")
def details(facility_id: Facility, as_json: Json = False) -> None:
    """Tell the story of a lead in order: raised, moved, touched, noted, decided; with its intake form and amounts.

    Example: pipeline lead show 335001
    """
    story = ask(made(ShowLead, facility_id=facility_id))
    show.as_json(story) if as_json else shown.story(story)


@app.command()
def move(
    facility_id: Facility,
    stage: Annotated[str, typer.Argument(help="The stage, as `pipeline lead list` shows it.", show_default=False)],
    reason: Why = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Move a lead to another stage; the pack states what a stage needs, such as the complete intake form.

    A lead is moved by touches and meetings, too. From qualified on, a person works it: its enrollment ends. A win or a
    loss is recorded with `pipeline outcome`.

    Example: pipeline lead move 335001 qualified
    """
    command = made(MoveLead, facility_id=facility_id, stage=stage, reason=reason, actor=who(by))
    _say(ask(command), as_json, "is in that stage already")


@app.command()
def intake(
    facility_id: Facility,
    values: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE...", help="What is known; FIELD= removes a value.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Fill in the intake form of a lead, some fields at a time; without a value, show the form.

    Example: pipeline lead intake 335001 beds=120 software=PointClickCare "decision_maker=Ada Moss"
    """
    if not values:
        story = ask(made(ShowLead, facility_id=facility_id))
        show.as_json(story.form) if as_json else shown.form(story)
        return
    stated = dict(map(_pair, values))
    answer = ask(made(FillIntake, facility_id=facility_id, values=stated, actor=who(by)))
    if as_json:
        show.as_json(answer)
        return
    rest = f"; still missing: {', '.join(answer.missing)}." if answer.missing else "; the form is complete."
    show.say(f"Recorded for {answer.facility_id}{rest}")


@app.command()
def amount(
    facility_id: Facility,
    worth: Annotated[
        str | None, typer.Option("--amount", help="What the win would be worth in a year.", metavar="NUMBER")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Three letters; by default the pack's.")] = None,
    close_on: Annotated[str | None, typer.Option(help="The day by which it is expected (YYYY-MM-DD).")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """State what a lead is worth, and when it is expected to be won; `pipeline lead show` lists all statements.

    Example: pipeline lead amount 335001 --amount 48000 --close-on 2026-10-01
    """
    command = made(
        StateAmount,
        facility_id=facility_id,
        amount=_amount(worth),
        currency=currency.upper() if currency else None,
        close_on=day(close_on, "--close-on") if close_on else None,
        actor=who(by),
    )
    answer = ask(command)
    show.as_json(answer) if as_json else show.say(f"{answer.facility_id}: {shown.expected(answer)}.")


@app.command()
def reopen(
    facility_id: Facility,
    from_step: Annotated[
        int | None, typer.Option(min=1, help="Begin its next sequence at this step, not at the first.")
    ] = None,
    decline: Annotated[
        bool, typer.Option("--decline", help="It stays lost; only a further signal asks again.")
    ] = False,
    reason: Why = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Re-open a lost lead, for instance because a later signal asks to; `pipeline lead list --to-reopen` lists those.

    It is the same lead, in its first stage. The next morning's plan may enroll the account.

    Example: pipeline lead reopen 335001 --from-step 4
    """
    command = made(
        ReopenLead, facility_id=facility_id, from_step=from_step, decline=decline, reason=reason, actor=who(by)
    )
    answer = ask(command)
    if as_json:
        show.as_json(answer)
    elif decline:
        show.say(f"The lead of {answer.facility_id} stays lost; a further signal asks again.")
    else:
        _say(answer, False, "")
        shown.suppressed(answer)


def note(
    facility_id: Facility,
    text: Annotated[str, typer.Argument(help="The note.", show_default=False)],
    next_on: Annotated[
        str | None, typer.Option("--next", help="The day of the next follow-up (YYYY-MM-DD).", metavar="DAY")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Note something about an account; `pipeline lead show` lists its notes.

    Example: pipeline note 335001 "Budget is decided in October" --next 2026-10-05
    """
    follow_up = day(next_on, "--next") if next_on else None
    command = made(AddNote, facility_id=facility_id, text=text, next_follow_up_on=follow_up, actor=who(by))
    answer = ask(command)
    show.as_json(answer) if as_json else show.say(f"Noted for {answer.facility_id}.")


def _all(question: Leads) -> list[LeadRow]:
    """All pages, by stage and facility."""
    found: list[LeadRow] = []
    after: UUID | None = None
    while True:
        page = ask(question.model_copy(update={"after": after}))
        found += page
        if len(page) < PAGE:
            return shown.in_order(found)
        after = page[-1].lead_id


def _say(answer: ChangedLead, as_json: bool, unchanged: str) -> None:
    if as_json:
        show.as_json(answer)
        return
    if not answer.changed:
        show.say(f"The lead of {answer.facility_id} {unchanged}; nothing was changed.")
        return
    ended = " Its enrollment ended: a person works it now." if answer.ended else ""
    show.say(f"The lead of {answer.facility_id} is {answer.stage}.{ended}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not FIELD=VALUE, such as beds=120; `pipeline lead intake ID` shows the fields.")
    return name.strip(), value.strip()


def _amount(text: str | None) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "")) if text else None
    except InvalidOperation:
        raise ValueError(f"--amount {text!r} is not a number, such as 48000 or 48,000.50.") from None
