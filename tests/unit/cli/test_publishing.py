"""Does the command that puts a pack in force show what follows before anything does?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cli.client.publishing import Kept, ahead, kept
from cli.printing.publishing import MOST
from cli.printing.publishing import ahead as printed
from shared.contracts.schemes import ComparedScheme, Comparison, CrossingFacility, Scheme
from shared.contracts.scorer import WhatIf
from shared.contracts.scorer_replies import TriedScheme
from shared.contracts.sequencer_sequences import (
    ListSequences,
    SequenceDetails,
    SequenceRow,
    SequenceVersion,
    ShowSequence,
)

DAY = date(2026, 7, 1)
PACK = Scheme(pack="new", model={"name": "first"}, policy={"policy": "fixed"})


def a_version(version: str, running: int, sequence: str = "intensive") -> SequenceVersion:
    return SequenceVersion(
        sequence=sequence, version=version, first_seen_on=DAY, running=running, enrollments=running + 5
    )


def tried(*tiers: tuple[int, int]) -> TriedScheme:
    side = ComparedScheme(pack="p", cuts={}, sizes={}, ties={}, unknown={})
    crossings = [
        CrossingFacility(
            facility_id=str(no), from_tier=before, to_tier=after, score_before=Decimal(1), score_after=Decimal(2),
            because=[],
        )
        for no, (before, after) in enumerate(tiers)
    ]  # fmt: skip
    comparison = Comparison(cohort=576, rescored=9, before=side, after=side, crossings=crossings, at_once=1)
    return TriedScheme(on=DAY, comparison=comparison, names={str(no): f"Home {no}" for no in range(len(tiers))})


class Services:
    """The scorer and the sequencer, which has one sequence that runs and one that does not."""

    def __init__(self) -> None:
        self.asked: list[type[Any]] = []

    async def ask(self, request: Any, *, timeout_seconds: float = 0) -> Any:
        self.asked.append(type(request))
        match request:
            case WhatIf():
                return tried((2, 1))
            case ListSequences():
                return [a_row("intensive", 7), a_row("resting", 0)]
            case ShowSequence(name="intensive"):
                return SequenceDetails(
                    name="intensive", title="", version="b", current=True, starts_on=DAY, steps=[], rules=[],
                    versions=[a_version("b", 3), a_version("a", 4)],
                )  # fmt: skip
        raise AssertionError(request)


def a_row(name: str, running: int) -> SequenceRow:
    return SequenceRow(name=name, title="", version="b", tiers=[], days=[], running=running, older=0)


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_enrollments_in_the_version_of_the_pack_are_not_affected() -> None:
    running = [a_version("b", 3), a_version("a", 4), a_version("z", 0), a_version("c", 2, "gone")]

    found = kept(running, {"intensive": "b"})

    assert found == [Kept("intensive", "a", 4, "b"), Kept("gone", "c", 2, None)]


@pytest.mark.asyncio
async def test_what_follows_is_found_by_questions_alone() -> None:
    services = Services()

    answer, found = await ahead(services, PACK, {"intensive": "c"})

    assert answer.comparison.cohort == 576
    assert found == [Kept("intensive", "b", 3, "c"), Kept("intensive", "a", 4, "c")]
    assert set(services.asked) == {WhatIf, ListSequences, ShowSequence}


def test_it_shows_who_changes_tier_and_which_version_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    printed(tried((2, 1), (1, 3), (1, 2)), [Kept("intensive", "a", 4, "b"), Kept("gone", "c", 2, None)])

    text = shown(capsys)
    assert "3 would change tier after the next calibration, 1 at once" in text
    assert "Home 1 (1) 1 -> 3" in text
    assert "1 climb: a running enrollment of theirs ends" in text
    assert "2 fall: theirs go on." in text
    assert "intensive: 4 running keep version a; later ones start with b." in text
    assert "`pipeline sequence migrate intensive --preview`" in text
    assert "gone: 2 running keep version c; the pack has no such sequence, so none starts." in text


def test_many_changes_of_tier_are_counted_and_the_first_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    printed(tried(*[(1, 2)] * (MOST + 3)), [])

    text = shown(capsys)
    assert f"Home {MOST - 1} " in text
    assert f"Home {MOST} " not in text
    assert "And 3 more, which `pipeline what-if` lists." in text
    assert "Every running enrollment goes through a sequence as this pack has it." in text
