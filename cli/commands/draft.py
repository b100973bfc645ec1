"""`pipeline draft`: a person reads, changes, sends, takes back and discards letters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast

import click
import typer

from cli.client.actor import By, who
from cli.client.clock import deployment, is_simulated, reader
from cli.client.connection import ask, made
from cli.client.reading import drafts_found, drafts_of, read_by_person, remember
from cli.commands.options import Json, group, to_read
from cli.printing import drafts as shown
from cli.printing import show
from shared.contracts.notifier import Draft, Drafts
from shared.contracts.notifier_sending import (
    Deliveries,
    DiscardDraft,
    EditDraft,
    LetterState,
    ResolveDraft,
    ResumeSending,
    SendDrafts,
    SentOff,
    UnsendDraft,
)
from shared.contracts.refusals import AskFailed

app = group("Letters: read, change, send, take back or discard them. Nothing leaves that a person did not send off.")

Tasks = Annotated[list[str], typer.Argument(metavar="TASK...", help="Ranks on the worklist (3, 3-5), or ids of tasks.")]
Task = Annotated[str, typer.Argument(metavar="TASK", help="Its rank on the worklist, or the id of its task.")]
MOST = 200


@app.command("list")
def listed(
    status: Annotated[
        str | None,
        typer.Option(help="draft, approved, sending, sent, failed, unsure, withdrawn, discarded or closed."),
    ] = None,
    rep: Annotated[str | None, typer.Option(help="Only this representative's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many to show.")] = MOST,
    as_json: Json = False,
) -> None:
    """List drafts and letters, each with its status.

    A draft waits for a person; an approved one leaves after ten seconds, or when its recipient is at work. An unsure
    one may have arrived: look, then `pipeline draft resolve`.

    Example: pipeline draft list --status unsure
    """
    found = ask(made(Drafts, statuses=[status] if status else [], rep=rep, limit=limit))
    show.as_json(found) if as_json else shown.listed(found)


@app.command("show")
def show_drafts(tasks: Tasks, as_json: Json = False) -> None:
    """Read drafts: the complete text, where each fact is from, and what happened to it.

    Of several tasks, those without a draft are named at the end: research, and calls without a script, have none.

    Example: pipeline draft show 1-30
    """
    found, missing = drafts_found(tasks)
    remember(found)
    if as_json:
        show.as_json(found)
    else:
        _say_letters(found)
    if missing:
        raise AskFailed(f"No draft was found for {', '.join(missing)}; the others are shown.", 404)


def _say_letters(found: list[Draft]) -> None:
    zone = deployment().timezone
    for draft in found:
        shown.letter(draft, zone)


@app.command()
def send(tasks: Tasks, by: By = None, as_json: Json = False) -> None:
    """Send letters that you have read. They leave ten seconds later; until then, `pipeline draft unsend` stops them.

    What is sent is the text that `pipeline touch`, `pipeline draft show` or `pipeline drafts` printed here; if it has
    changed since, it is refused. Each letter is recorded with your name.

    Example: pipeline draft send 3 5-7
    """
    named = drafts_of(tasks)
    read = [read_by_person(draft, word) for word, draft in named]
    answers = ask(made(SendDrafts, drafts=[each.model_dump() for each in read], actor=who(by)))
    show.as_json(answers) if as_json else _say_sent(named, answers)
    if refused := [f"{word}: {each.refused}" for (word, _), each in zip(named, answers, strict=True) if each.refused]:
        raise AskFailed("\n".join(refused), 409)


def _say_sent(named: list[tuple[str, Draft]], answers: list[SentOff]) -> None:
    for (word, draft), answer in zip(named, answers, strict=True):
        if not answer.refused:
            show.say(
                f"{word}: leaves to {draft.to_email} in ten seconds; `pipeline draft unsend {word}` takes it back."
            )
    if is_simulated():
        show.say("The clock of this stack is simulated and stands still; letters leave in `pipeline simulate`.")


@app.command()
def unsend(tasks: Tasks, by: By = None, as_json: Json = False) -> None:
    """Take back letters that were sent off and have not left.

    Example: pipeline draft unsend 3
    """
    for word, draft in drafts_of(tasks):
        _done(word, ask(made(UnsendDraft, draft_id=draft.draft_id, actor=who(by))), "is taken back", as_json)


@app.command()
def edit(
    task: Task,
    subject: Annotated[str | None, typer.Option(help="The new subject.")] = None,
    body_file: Annotated[
        Path | None, typer.Option("--body", metavar="FILE", callback=to_read, help="A file with the new text.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Change the subject or the text of a draft, in your editor or from a file. Nothing checks your words after you.

    Only the postal address must stay, which each letter must have.

    Without --subject and --body, $EDITOR opens the text: its first line is the subject.

    Example: pipeline draft edit 3 --subject "While you are hiring"
    """
    ((word, draft),) = drafts_of([task])
    body = body_file.read_text("utf-8") if body_file else None
    if subject is None and body is None:
        subject, body = _in_editor(draft)
    edited = ask(
        made(EditDraft, draft_id=draft.draft_id, seen=draft.revision, subject=subject, body=body, actor=who(by))
    )
    remember([edited])
    _done(word, edited, f"is changed (revision {edited.revision}); only you have checked this text", as_json)


def _in_editor(draft: Draft) -> tuple[str, str]:
    """The subject and the text as a person left them in the editor; raises `ValueError` if nothing was saved."""
    text = click.edit(f"{draft.subject or ''}\n\n{draft.body or ''}\n", extension=".txt")
    if text is None or not text.strip():
        raise ValueError("Nothing was saved in the editor, so nothing was changed.")
    first, _, rest = text.strip().partition("\n")
    return first.strip(), rest.strip()


@app.command()
def discard(
    tasks: Tasks,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Discard drafts, so that they are not sent. Their tasks stay open: do them another way, or `pipeline skip` them.

    Example: pipeline draft discard 3 --reason "she just called"
    """
    for word, draft in drafts_of(tasks):
        answer = ask(made(DiscardDraft, draft_id=draft.draft_id, reason=reason, actor=who(by)))
        _done(word, answer, "is discarded", as_json)


@app.command()
def resolve(
    task: Task,
    outcome: Annotated[str, typer.Argument(help="sent: it has arrived; not-sent: it has not, and can be sent again.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """State whether an unsure letter has arrived; the mail server's log or the recipient can tell.

    Example: pipeline draft resolve 3 not-sent
    """
    ((word, draft),) = drafts_of([task])
    if outcome not in ("sent", "not-sent"):
        raise ValueError(f"{outcome!r} is neither sent nor not-sent.")
    given = cast("Literal['sent', 'not_sent']", outcome.replace("-", "_"))
    answer = ask(made(ResolveDraft, draft_id=draft.draft_id, outcome=given, actor=who(by)))
    _done(word, answer, "has been sent" if given == "sent" else "has not arrived; it can be sent again", as_json)


@app.command()
def resume(by: By = None, as_json: Json = False) -> None:
    """Let letters leave again after too many have bounced; correct the addresses first.

    Example: pipeline draft resume
    """
    resumed = ask(made(ResumeSending, actor=who(by)))
    show.as_json(resumed) if as_json else show.say(f"Letters leave again; {resumed.letters} have waited.")


@app.command()
def deliveries(
    state: Annotated[str | None, typer.Option(help="approved, sending, sent, failed or unsure.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many to show.")] = MOST,
    as_json: Json = False,
) -> None:
    """List the letters that people sent off: what the mail server answered, and when each is tried again.

    Example: pipeline draft deliveries --state failed
    """
    found = ask(made(Deliveries, state=cast("LetterState | None", state), limit=limit))
    show.as_json(found) if as_json else shown.deliveries(found, reader("notifier"))


def _done(word: str, draft: Draft, what: str, as_json: bool) -> None:
    show.as_json(draft) if as_json else show.say(f"{word}: the letter to {draft.to_email} {what}.")
