"""Which revision of each draft did a person read? What they send is exactly that.

The revisions that were printed are stored beside the stack.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cli.client.connection import ask
from cli.client.ranks import TaskReference, single_words, task_references
from cli.stack import stackfile
from cli.stack.target import write_private
from shared.contracts.notifier import Draft, DraftDetails
from shared.contracts.notifier_sending import Shown
from shared.contracts.refusals import AskFailed

MOST = 5_000
"""How many revisions are stored, the latest ones."""


def remember(drafts: Iterable[Draft]) -> None:
    """Store which revisions were printed with their texts."""
    printed = _printed()
    for draft in drafts:
        printed.pop(str(draft.draft_id), None)
        printed[str(draft.draft_id)] = draft.revision
    home = stackfile.home()
    home.mkdir(parents=True, exist_ok=True)
    write_private(home / "drafts.json", json.dumps(dict(list(printed.items())[-MOST:])))


def read_by_person(draft: Draft, word: str) -> Shown:
    """The revision of a draft that was printed; raises `ValueError` if none was."""
    revision = _printed().get(str(draft.draft_id))
    if revision is None:
        raise ValueError(f"{word}: read it first with `pipeline draft show {word}`; what is sent is what you read.")
    return Shown(draft_id=draft.draft_id, revision=revision)


def draft_of(reference: TaskReference) -> Draft:
    """The draft of a task; raises `AskFailed` if there is none, or several with these first characters."""
    return ask(DraftDetails(task=reference.task_id))


def drafts_of(words: Iterable[str]) -> list[tuple[str, Draft]]:
    """The drafts of tasks by rank or id, each with the word for it."""
    return [(each.word, draft_of(each)) for each in task_references(words)]


def drafts_found(words: Iterable[str]) -> tuple[list[Draft], list[str]]:
    """The drafts of tasks by rank or id, and the words for tasks without one; raises the reason if none has one."""
    found = {word: _looked_up(word) for word in single_words(words)}
    drafts = {each.draft_id: each for each in found.values() if isinstance(each, Draft)}
    missing = {word: each for word, each in found.items() if isinstance(each, Exception)}
    if missing and not drafts:
        raise next(iter(missing.values()))
    return list(drafts.values()), list(missing)


def _looked_up(word: str) -> Draft | Exception:
    try:
        ((_, draft),) = drafts_of([word])
    except ValueError as unknown:
        return unknown
    except AskFailed as failed:
        if failed.code != 404:
            raise
        return failed
    return draft


def _printed() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((stackfile.home() / "drafts.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found
