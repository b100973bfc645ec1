"""`pipeline worklist`, `done`, `skip` and `drafts`: the daily work of a rep."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.client.ranks import TaskReference, task_references, worklist_of_today
from cli.commands.options import Json
from cli.printing import show
from cli.printing import worklist as shown
from engines.datasets.text import shortened
from shared.contracts.notifier import Drafts
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import CompleteTask, EndTask, Reps, SkipTask

MOST_DRAFTS = 100

Tasks = Annotated[
    list[str],
    typer.Argument(metavar="TASK", help="Ranks on today's printed worklist (3, or 3-5), or ids or their beginnings."),
]


def worklist(
    rep: Annotated[str | None, typer.Option(help="Only this representative's tasks.")] = None, as_json: Json = False
) -> None:
    """Show today's tasks in order, each with the reason for its place.

    Overdue tasks come first. A task has the same rank all day: `pipeline done 3` is the task that was printed as 3. An
    empty worklist states the reason.

    Example: pipeline worklist --rep rep-1
    """
    day = worklist_of_today(rep)
    show.as_json(day) if as_json else shown.worklist(day)


def done(
    tasks: Tasks,
    outcome: Annotated[str | None, typer.Option(help="The result, in a few words.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Mark tasks as done; they are logged on the account, and the next step falls due later.

    Example: pipeline done 3 --outcome "left a voicemail", or: pipeline done 3 5 7-9
    """
    _end(CompleteTask, tasks, outcome, by, as_json)


def skip(
    tasks: Tasks,
    outcome: Annotated[str | None, typer.Option(help="Why it is skipped.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Skip tasks; the sequence goes on with its next step.

    Example: pipeline skip 3 --outcome "not the right moment"
    """
    _end(SkipTask, tasks, outcome, by, as_json)


def drafts(
    rep: Annotated[str | None, typer.Option(help="Only this representative's drafts.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many to show.")] = MOST_DRAFTS,
    as_json: Json = False,
) -> None:
    """Show the drafts that wait for a person to send them, each with its task; the pipeline itself sends nothing.

    Example: pipeline drafts --rep rep-1
    """
    if rep is not None and rep not in (known := ask(Reps())):
        raise ValueError(f"There is no rep {rep!r}; there are {', '.join(known)}.")
    found = ask(Drafts(status="draft", rep=rep, limit=limit))
    if as_json:
        show.as_json(found)
        return
    shown.drafts(found, rep)
    if len(found) == limit:
        show.say(f"There may be more than these {limit}; `--limit` shows them.")


def _end(kind: type[EndTask], words: list[str], outcome: str | None, by: str | None, as_json: bool) -> None:
    """End tasks one by one, after all ranks have been resolved."""
    tasks, actor = task_references(words), who(by)
    answers = []
    for number, task in enumerate(tasks):
        try:
            answers.append(ask(_command(kind, task, outcome, actor)))
        except AskFailed as failed:
            left = ", ".join(later.word for later in tasks[number + 1 :])
            more = f" Nothing was recorded of {left} either." if left else ""
            raise AskFailed(f"{shortened(task.word)}: {failed}{more}", failed.code) from failed
        if not as_json:
            shown.ended(answers[-1])
    if as_json:
        show.as_json(answers)


def _command(kind: type[EndTask], task: TaskReference, outcome: str | None, actor: str) -> EndTask:
    return made(kind, task_id=task.task_id, outcome=outcome, actor=actor, printed=task.printed)
