"""Do names and prose use the words of the glossary, and none of those that it replaced?

`docs/architecture.md` has the glossary. A word is checked in names, docstrings, comments, messages and documents.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
CHECKED = (
    "shared/",
    "docs/",
    "README.md",
    "Makefile",
    "deploy/",
    "services.toml",
    "cli/",
    "services/",
    "engines/",
    "tests/",
    "packs/",
    "requirements/",
    ".ci/",
)
SKIPPED = (
    "docs/events/",
    "packs/snf/matching/",
    "services/console/rendering/static/htmx",
    "services/console/rendering/static/hx",
    "tests/unit/shared/test_words.py",
)
"""What is generated, fitted or vendored, and this file, which contains the words."""

REPLACED = {
    r"held|hold=": "lock, stored, existing",
    r"said|told": "state, report, publish",
    r"whoever|somebody|anybody|nobody": "the sender, the caller, an operator, a person",
    r"nought": "0",
    r"fall_?silent|falls silent": "drain",
    r"let in": "authenticate, accept",
    r"buri(?:ed|es|al)|bury": "dead letter, dead-letter",
    r"in hand": "in progress",
    r"hungry|poke|distrust|untaken": "pull, wake, verify, unprocessed",
    r"trail(?:s|ing)?": "background",
    r"for ever": "forever",
    r"(?:en|ful)rolments?|enrols?": "enrollment",
    r"(?:normal|recogn|serial|organ|real|summar|vector|author|minim|optim)is(?:e|es|ed|ing|ation)": "-ize",
    r"labelled|spelt|behaviours?|colours?|cancelled|cancelling|neighbours?|favours?|judgements?|acknowledgements?": "-",
    r"sceptics?|centres?|grey": "American spelling",
}
PATTERN = re.compile(rf"(?<![a-z])(?:{'|'.join(REPLACED)})(?![a-z])", re.IGNORECASE)

RECOGNIZED = "a word that is recognized"
SUPPRESSION = "a reason that suppresses, quoted"
ALLOWED = {
    ("cli/stack/binaries.py", "nobody"): "a user of the machine",
    ("docs/operations.md", "said"): SUPPRESSION,
    ("engines/matching/features.py", "told"): "a feature, whose weight the pack has",
    ("engines/matching/words.py", "centre"): "a spelling that is recognized",
    ("engines/naming/placeholders.py", "anybody"): RECOGNIZED,
    ("engines/naming/placeholders.py", "nobody"): RECOGNIZED,
    ("engines/naming/placeholders.py", "somebody"): RECOGNIZED,
    ("packs/basic/outcomes.yaml", "said"): SUPPRESSION,
    ("packs/snf/outcomes.yaml", "said"): SUPPRESSION,
    ("tests/integration/test_do_not_contact.py", "said"): SUPPRESSION,
    ("tests/integration/test_matcher_queries.py", "trailing"): "a slash at the end of a URL",
    ("tests/integration/test_pooler.py", "nobody"): "a user of the machine",
    ("tests/support/mutations.py", "told"): "a tab before `Old`",
    ("tests/unit/matcher/test_engine.py", "centre"): "a spelling that is recognized",
    ("tests/unit/matcher/test_names.py", "centre"): "a spelling that is recognized",
    ("tests/unit/naming/test_people.py", "nobody"): RECOGNIZED,
    ("tests/unit/sequencer/test_suppression.py", "said"): SUPPRESSION,
}
"""Why a file may contain a replaced word."""


def found(text: str) -> list[tuple[int, str]]:
    """The lines with a replaced word, and the word."""
    return [(number, match[0]) for number, line in enumerate(text.splitlines(), 1) for match in PATTERN.finditer(line)]


def files() -> list[str]:
    listed = subprocess.check_output(["git", "ls-files", *CHECKED], cwd=REPOSITORY, text=True).split()
    return [name for name in listed if not name.startswith(SKIPPED)]


@cache
def occurrences() -> list[tuple[str, int, str]]:
    """File, line and word of every replaced word."""
    return [
        (name, line, word)
        for name in files()
        for line, word in found((REPOSITORY / name).read_text(encoding="utf-8", errors="replace"))
    ]


def test_names_and_prose_use_the_words_of_the_glossary() -> None:
    others = [f"{name}:{line}: {word}" for name, line, word in occurrences() if (name, word.lower()) not in ALLOWED]

    assert not others, "see the glossary in docs/architecture.md: " + ", ".join(others)


def test_every_exception_is_still_needed() -> None:
    assert set(ALLOWED) <= {(name, word.lower()) for name, _, word in occurrences()}


@pytest.mark.parametrize(
    "line, word",
    [
        ("def held(self) -> None:", "held"),
        ("# Whoever asks is answered.", "Whoever"),
        ("raise ValueError('nobody told us')", "nobody"),
        ("self._fall_silent()", "fall_silent"),
        ("normalise the names", "normalise"),
        ("an enrolment of 3 steps", "enrolment"),
    ],
)
def test_a_replaced_word_is_found_in_names_and_prose(line: str, word: str) -> None:
    assert (1, word) in found(line)


@pytest.mark.parametrize("line", ["threshold = 3", "shareholder", "the behavior of a lock", "analysis", "installed"])
def test_other_words_are_not_mistaken_for_them(line: str) -> None:
    assert not found(line)
