"""`pipeline worklist`, `touch`, `done`, `log`, `skip`, `snooze`, `reassign` and `drafts`: the daily work of a rep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.client.ranks import TaskReference, printed_touches, task_references, worklist_of_today, worklist_on
from cli.client.reading import remember
from cli.commands.options import Json, day
from cli.printing import show
from cli.printing import worklist as shown
from engines.datasets.text import shortened
from shared.contracts.notifier import Draft, DraftDetails, Drafts
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import Reps
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import (
    CompleteTask,
    LogTouch,
    MoveTask,
    ReassignTask,
    SkipTask,
    TaskCommand,
    UndoTask,
)

MOST_DRAFTS = 100

Tasks = Annotated[
    list[str],
    typer.Argument(metavar="TASK", help="Ranks on today's printed worklist (3, or 3-5), or ids or their beginnings."),
]
Outcome = Annotated[
    str | None, typer.Option(help="The id of the outcome; needed if the channel has several.", metavar="OUTCOME")
]
Note = Annotated[str | None, typer.Option(help="What else there is to know, in your words.")]
Ahead = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The day of a callback, or of a person's return.", show_default=False),
]
ConfirmLoss = Annotated[
    bool, typer.Option("--confirm-loss", help="With an outcome that means no: the lead is lost, for the note.")
]


def worklist(
    rep: Annotated[str | None, typer.Option(help="Only this representative's tasks.")] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="A later day: which tasks are known to be due by then; today.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show today's tasks in order: who, the number to dial, and why.

    Overdue tasks come first, then what was promised to a person. A step with a window (`window: 08:30-11:30` in the
    sequence) shows it in the rep's time, and what must be done early comes before what may be done later. A task has
    the same rank all day: `pipeline done 3` is the task that was printed as 3. An empty worklist states the reason.
    `pipeline touch 3` shows what to say. With `--on`, tasks have ids and no ranks, which are today's.

    Example: pipeline worklist --rep rep-1
    """
    by_then = worklist_on(day(on, "--on"), rep) if on else None
    found = by_then or worklist_of_today(rep)
    if as_json:
        show.as_json(found)
    else:
        shown.ahead(found) if by_then else shown.worklist(found)


def touch(tasks: Tasks, as_json: Json = False) -> None:
    """Show all about tasks of today: who, why, what to say, the last touch, and how to record it.

    A letter whose text was shown can be sent with `pipeline draft send`.

    Example: pipeline touch 1
    """
    found = [(task, _draft(task)) for task in printed_touches(tasks)]
    remember(draft for _, draft in found if draft and draft.channel == "email")
    if as_json:
        show.as_json([{"task": task, "draft": draft} for task, draft in found])
        return
    for task, draft in found:
        shown.touch(task, draft)


def _draft(task: WorklistTask) -> Draft | None:
    """The text of a task; None if it has none."""
    try:
        return ask(DraftDetails(task_id=task.task_id))
    except AskFailed as failed:
        if failed.code != 404:
            raise
        return None


def done(
    tasks: Tasks,
    outcome: Outcome = None,
    note: Note = None,
    on: Ahead = None,
    confirm_loss: ConfirmLoss = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record that tasks are done, with their outcome; it is logged on the account.

    `pipeline touch 3` lists the outcomes; the pack's touches.yaml defines them, and what follows from each. Otherwise
    the next step of the sequence falls due later. What comes back for an e-mail that was sent (a reply, a bounce, an
    absence note) is recorded in the same way, with the id of its task.

    Example: pipeline done 3 --outcome left_voicemail --note "back on Monday", or: pipeline done 4 7-9; or:
    pipeline done 5 --outcome callback --on 2026-07-07, or: pipeline done 3f2a1b2c --outcome replied
    """
    fields = {"outcome": outcome, "note": note, "on": day(on, "--on") if on else None, "confirm_loss": confirm_loss}
    _for_each(tasks, lambda task: made(CompleteTask, **_common(task, by), **fields), as_json)


def log(
    facility_id: Annotated[str, typer.Argument(metavar="{key.name}", help="The facility's {key.title}.")],
    outcome: Outcome = None,
    channel: Annotated[
        Literal["call", "email", "linkedin"], typer.Option(help="How the person was contacted.")
    ] = "call",
    role: Annotated[
        str | None, typer.Option(help="The role of the person; by default the first one of the pack.")
    ] = None,
    note: Note = None,
    on: Ahead = None,
    confirm_loss: ConfirmLoss = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Log a touch for which there was no task, such as a person who called back.

    Its outcome has the same effects as that of a task. `pipeline undo` takes it back with the id that is printed.

    Example: pipeline log 335001 --outcome reached --note "asked for prices"
    """
    fields = {"outcome": outcome, "note": note, "on": day(on, "--on") if on else None, "confirm_loss": confirm_loss}
    about = {"facility_id": facility_id, "channel": channel, "role": role, "actor": who(by)}
    answer = ask(made(LogTouch, **about, **fields))
    show.as_json(answer) if as_json else shown.ended(answer)


def skip(
    tasks: Tasks,
    reason: Annotated[str, typer.Option(help="Why it is skipped.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Skip tasks; the sequence goes on with its next step.

    Example: pipeline skip 3 --reason "not the right moment"
    """
    _for_each(tasks, lambda task: made(SkipTask, **_common(task, by), reason=reason), as_json)


def snooze(
    tasks: Tasks,
    until: Annotated[str, typer.Option(metavar="DATE", help="The day on which it is due again.")],
    reason: Annotated[str | None, typer.Option(help="Why it waits.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Let tasks wait for a later business day; or, far ahead, pause their enrollments.

    Within the slip of its tier (the pack's capacity.yaml), only the touch waits; beyond it, the enrollment pauses until
    that day, and what is left of the sequence is as far apart as before.

    Example: pipeline snooze 3 --until 2026-07-07 --reason "on leave until Tuesday"
    """
    due = day(until, "--until")
    _for_each(tasks, lambda task: made(MoveTask, **_common(task, by), until=due, reason=reason), as_json)


def reassign(
    tasks: Tasks,
    to: Annotated[str, typer.Option(help="The rep who does it instead.")],
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Give tasks to another rep who works today; the accounts keep their owner.

    Example: pipeline reassign 3-5 --to rep-2
    """
    _for_each(tasks, lambda task: made(ReassignTask, **_common(task, by), to=to, reason=reason), as_json)


def undo(
    tasks: Tasks,
    reason: Annotated[str | None, typer.Option(help="Why it is taken back.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take back that tasks were done, skipped or snoozed today: they are due again, and what followed ends.

    It works until the next touch is planned, and at most on the same day. What was logged stays, and is marked as taken
    back. If the enrollment has ended since for another reason, the task is not due again, but canceled.

    Example: pipeline undo 3 --reason "wrong row"
    """
    _for_each(tasks, lambda task: made(UndoTask, **_common(task, by), reason=reason), as_json)


def drafts(
    rep: Annotated[str | None, typer.Option(help="Only this representative's drafts.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many to show.")] = MOST_DRAFTS,
    as_json: Json = False,
) -> None:
    """Show the drafts that wait for a person to send them, each with its task; `pipeline draft send` does.

    Example: pipeline drafts --rep rep-1
    """
    if rep is not None and rep not in (known := ask(Reps())):
        raise ValueError(f"There is no rep {rep!r}; there are {', '.join(known)}.")
    found = ask(Drafts(statuses=["draft"], rep=rep, limit=limit))
    if as_json:
        show.as_json(found)
        return
    shown.drafts(found, rep)
    remember(found)
    if len(found) == limit:
        show.say(f"There may be more than these {limit}; `--limit` shows them.")


def _for_each(words: list[str], command: Callable[[TaskReference], TaskCommand], as_json: bool) -> None:
    """Send a command for each task; one that fails does not stop the others. Raises `AskFailed` for those that fail."""
    answers, failures = [], []
    for task in task_references(words):
        try:
            answers.append(ask(command(task)))
        except AskFailed as failed:
            failures.append(AskFailed(f"{shortened(task.word)}: {failed}", failed.code, failed.fields))
            continue
        if not as_json:
            shown.ended(answers[-1])
    if as_json:
        show.as_json(answers)
    if failures:
        raise AskFailed("\n".join(map(str, failures)), failures[0].code)


def _common(task: TaskReference, by: str | None) -> dict[str, Any]:
    return {"task_id": task.task_id, "actor": who(by), "printed": task.printed}
