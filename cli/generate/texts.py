"""Which text is below each field in the source?"""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import is_dataclass
from functools import cache
from itertools import pairwise
from textwrap import dedent

from shared.contracts.events import Value

COMMON = {
    "address": "The street and the number",
    "as_of": "The day for which the source states it",
    "at": "When it left or came",
    "chain": "The name of the group that the facility belongs to",
    "channel": "How the person is reached",
    "confidence": "0 to 1",
    "currency": "The currency of the amount",
    "cuts": "The lowest score of each tier",
    "decided_by": "The person who recorded it",
    "decided_on": "The day of the outcome",
    "draft_id": "The draft; the same for all events about it",
    "due_on": "The day on which it is to be done",
    "employer_name": "The employer, as the posting names it",
    "enrollment_id": "The enrollment; the same for all events about it",
    "error": "Why it could not be processed",
    "evidence": "What it follows from, in words",
    "facility_id": "The key of the facility",
    "factor": "The factor of the pack's model",
    "first_seen_on": "The day on which it was seen first",
    "last_seen_on": "The day on which it was seen last",
    "lead_id": "The lead; the same for all events about it",
    "multiplier": "What the sum of the points is multiplied by",
    "next_follow_up_on": "The day on which a person wants to be reminded",
    "note": "What a person wrote",
    "outcome": "What came of it",
    "owner": "The rep who works the account",
    "pack": "The content hash of the pack in force",
    "persona": "The role of the person to reach",
    "posting_id": "The posting; the same for all events about it",
    "previous_score": "Before the change; null if there was none",
    "previous_tier": "Before the change; null if there was none",
    "raised_on": "The day on which it began",
    "reason": "Why, in words",
    "rep": "The id of a rep",
    "role": "The role of the person",
    "role_family": "The kind of role, as the pack names it",
    "score": "The sum of the points, times the multiplier",
    "score_version": "Grows with every change; the highest is current",
    "sequence": "The name of the sequence in the pack",
    "source": "What stated it",
    "source_posting_id": "The id that the source gave it",
    "step_no": "The number of the step",
    "task_id": "The task; the same for all events about it",
    "template": "The name of the text in the pack",
    "tier": "1 is the best",
    "title": "As the posting states it",
    "urgency": "0 to 4",
    "version": "Grows with every change; the highest is current",
    "weight": "The share of the factor in the score",
    "zip": "The postal code",
}
"""What fields mean that have the same name in many events, and no text of their own."""
_DECISIONS = re.compile(r"\s*\([KR][0-9]+(?:(?:, | to | and )[KR][0-9]+)*\)")
"""Numbers of requirements, which say nothing to readers of a schema."""


def plain(text: str) -> str:
    """A text of the source on one line, for readers outside."""
    return _DECISIONS.sub("", " ".join(inspect.cleandoc(text).split()))


@cache
def texts_of(kind: type) -> dict[str, str]:
    """The text below each field of a dataclass, or of a part of an event, and of those that it extends."""
    texts = {name: text for name, text in COMMON.items() if issubclass(kind, Value) and name in _annotated(kind)}
    for one in reversed([each for each in kind.__mro__ if is_dataclass(each) or issubclass(each, Value)]):
        for field, below in pairwise(ast.parse(dedent(inspect.getsource(one))).body[0].body):  # type: ignore[attr-defined]
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    texts[name] = plain(text)
    return texts


def _annotated(kind: type) -> set[str]:
    return {name for each in kind.__mro__ for name in vars(each).get("__annotations__", {})}
