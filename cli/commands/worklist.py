"""`pipeline worklist`, `done`, `skip` and `drafts`: what a rep works by."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client.actor import By, who
from cli.client.connection import ask, made
from cli.client.ranks import Meant, meant, worklist_of_today
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
    typer.Argument(
        metavar="TASK", help="Ranks on the worklist as printed today (3, or 3-5), or ids or their beginnings."
    ),
]


def worklist(
    rep: Annotated[str | None, typer.Option(help="Only this representative's tasks.")] = None, as_json: Json = False
) -> None:
    """Show today's tasks in order, each with the reason for its place.

    Overdue ones come first. A rank stays with its task all day: `pipeline done 3` means what was printed as 3. An
    empty day says why it is.

    Example: pipeline worklist --rep rep-1
    """
    day = worklist_of_today(rep)
    show.as_json(day) if as_json else shown.worklist(day)


def done(
    tasks: Tasks,
    outcome: Annotated[str | None, typer.Option(help="What came of it, in a few words.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Mark tasks as done; they are logged on the account, and the next step falls due in its time.

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
    """One after the other; what a rank means is clear for all of them before anything is recorded."""
    tasks, actor = meant(words), who(by)
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


def _command(kind: type[EndTask], task: Meant, outcome: str | None, actor: str) -> EndTask:
    return made(kind, task_id=task.task_id, outcome=outcome, actor=actor, printed=task.printed)
