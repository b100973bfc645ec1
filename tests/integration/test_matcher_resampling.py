"""Is precision measured blind, and does a contradiction put a match back into the inbox?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engines import packs
from shared.contracts.events import FacilityMatched, PostingUnmatched
from shared.contracts.matcher import (
    AcceptGroup,
    Counts,
    Inbox,
    JudgeMatch,
    MatchesToJudge,
    Precision,
    RejectGroup,
    UndoDecision,
)
from shared.contracts.matcher_replies import JudgedMatch, MatchToJudge
from shared.contracts.refusals import AskFailed
from tests.integration.test_matcher import a_facility, a_posting, outcome_of
from tests.support.running import Running


@pytest.fixture
def share(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    """The shipped pack with another share of judged matches: all, unless a test sets another."""
    wanted: float = getattr(request, "param", 1.0)
    folder = Path(shutil.copytree(packs.pack_folder(), tmp_path / "snf"))
    rules = (folder / "matching.yaml").read_text(encoding="utf-8")
    changed = rules.replace("resample_share: 0.01", f"resample_share: {wanted}")
    assert changed != rules
    (folder / "matching.yaml").write_text(changed, encoding="utf-8")
    monkeypatch.setenv("PIPELINE_PACKS_DIR", str(tmp_path))
    monkeypatch.setenv("PIPELINE_PACK", "snf")
    return wanted


async def a_match(matcher: Running) -> MatchToJudge:
    await matcher.receive(a_facility(), a_facility("335002", "Tern Point Manor"))
    await matcher.receive(a_posting(1), a_posting(2))
    (chosen,) = await matcher.ask(MatchesToJudge())
    return chosen


async def judge(matcher: Running, key: str, **judgment: str) -> JudgedMatch:
    return JudgedMatch.model_validate(await matcher.ask(JudgeMatch.NAME, {"key": key, "actor": "ann", **judgment}))


async def test_agreement_is_counted_and_changes_nothing(share: float, matcher: Running) -> None:
    chosen = await a_match(matcher)
    published = await matcher.published(FacilityMatched)
    assert {each.facility_id for each in chosen.candidates} == {"335001", "335002"}

    assert (await judge(matcher, chosen.key, facility_id="335001")).agreed is True

    assert await matcher.ask(MatchesToJudge()) == []
    measured = await matcher.ask(Precision())
    assert (measured.judged, measured.agreed, measured.precision) == (1, 1, 1.0)
    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")
    assert await matcher.published(FacilityMatched) == published


@pytest.mark.parametrize("judgment", [{"facility_id": "335002"}, {"reason": "none_of_these"}, {"reason": "not_an_snf"}])
async def test_a_contradiction_undoes_the_match_and_queues_the_group(
    share: float, matcher: Running, judgment: dict[str, str]
) -> None:
    chosen = await a_match(matcher)

    answer = await judge(matcher, chosen.key, **judgment)

    assert (answer.agreed, answer.queued) == (False, 2)
    assert await outcome_of(matcher, a_posting(1)) == ("queued", None, "disputed")
    assert (await matcher.published(FacilityMatched))[-1].signals == ()
    assert {event.reason for event in await matcher.published(PostingUnmatched)} == {"disputed"}
    (entry,) = await matcher.ask(Inbox())
    await matcher.receive(a_posting(3))
    assert (await outcome_of(matcher, a_posting(3)))[0] == "queued"

    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335002", actor="bob"))

    assert (await outcome_of(matcher, a_posting(3)))[:2] == ("matched", "335002")
    assert (await matcher.ask(Precision())).precision == 0.0


async def test_undoing_a_contradiction_restores_the_match(share: float, matcher: Running) -> None:
    chosen = await a_match(matcher)
    answer = await judge(matcher, chosen.key, reason="none_of_these")

    await matcher.ask(UndoDecision(key=answer.key, actor="ann"))

    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")
    assert await matcher.ask(MatchesToJudge()) == []


async def test_an_unsure_decision_after_a_contradiction_does_not_restore_the_match(
    share: float, matcher: Running
) -> None:
    chosen = await a_match(matcher)
    key = (await judge(matcher, chosen.key, facility_id="335002")).key

    for reason in ("unsure", "new_facility"):
        with pytest.raises(AskFailed, match="keeps waiting"):
            await matcher.ask(RejectGroup(key=key, reason=reason, actor="bob"))

    assert await outcome_of(matcher, a_posting(1)) == ("queued", None, "disputed")


@pytest.mark.parametrize(
    "command, judgment", [(AcceptGroup, {"facility_id": "335002"}), (RejectGroup, {"reason": "not_an_snf"})]
)
async def test_undoing_a_decision_after_a_contradiction_leaves_the_contradiction(
    share: float, matcher: Running, command: type[AcceptGroup] | type[RejectGroup], judgment: dict[str, str]
) -> None:
    chosen = await a_match(matcher)
    key = (await judge(matcher, chosen.key, facility_id="335002")).key
    await matcher.ask(command.model_validate({"key": key, "actor": "bob", **judgment}))

    undone = await matcher.ask(UndoDecision(key=key, actor="bob"))

    assert (undone.queued, undone.matched) == (2, 0)
    assert await outcome_of(matcher, a_posting(1)) == ("queued", None, "disputed")
    await matcher.ask(UndoDecision(key=key, actor="ann"))
    await matcher.ask(command.model_validate({"key": key, "actor": "bob", **judgment}))
    await matcher.ask(UndoDecision(key=key, actor="bob"))
    assert (await outcome_of(matcher, a_posting(1)))[:2] == ("matched", "335001")


async def test_an_unsure_judgment_is_recorded_and_the_match_remains(share: float, matcher: Running) -> None:
    chosen = await a_match(matcher)

    await judge(matcher, chosen.key, reason="unsure")

    measured = await matcher.ask(Precision())
    assert (measured.judged, measured.unsure, measured.precision) == (1, 1, None)
    assert (await outcome_of(matcher, a_posting(1)))[0] == "matched"


async def test_a_match_is_judged_once(share: float, matcher: Running) -> None:
    chosen = await a_match(matcher)
    await judge(matcher, chosen.key, facility_id="335001")

    with pytest.raises(AskFailed, match="judged already"):
        await judge(matcher, chosen.key, facility_id="335002")


@pytest.mark.parametrize(
    "judgment, code",
    [
        ({}, 400),
        ({"facility_id": "335001", "reason": "unsure"}, 400),
        ({"facility_id": "0"}, 400),
        ({"facility_id": "339999"}, 404),
    ],
)
async def test_an_empty_judgment_or_one_of_an_unknown_facility_is_refused(
    share: float, matcher: Running, judgment: dict[str, str], code: int
) -> None:
    chosen = await a_match(matcher)

    with pytest.raises(AskFailed) as refused:
        await judge(matcher, chosen.key, **judgment)

    assert refused.value.code == code
    assert (await matcher.ask(Precision())).judged == 0


async def test_matches_by_a_person_or_a_stated_ccn_are_not_judged(share: float, matcher: Running) -> None:
    await matcher.receive(a_facility(), a_posting(1, "WBNH Holdings"), a_posting(2, "Anything", facility_id="335001"))
    (entry,) = await matcher.ask(Inbox())
    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))

    assert await matcher.ask(MatchesToJudge()) == []


@pytest.mark.parametrize("share", [0.0, 0.2], indirect=True)
async def test_about_the_share_is_chosen_and_the_choice_is_stable(share: float, matcher: Running) -> None:
    words = "Amber Birch Cedar Dove Elm Fern Gorse Heron Iris Juniper Larch Maple Osprey Pine Quail Rowan".split()
    names = [f"{one} {other} Manor" for one in words for other in words if one < other]
    await matcher.receive(*(a_facility(f"335{n:03}", name) for n, name in enumerate(names)))
    await matcher.receive(*(a_posting(n, name) for n, name in enumerate(names)))

    chosen = await matcher.ask(MatchesToJudge(limit=1_000))
    await matcher.receive(a_posting(1_000, names[0]))

    assert (await matcher.ask(Counts())).matched == len(names) + 1
    assert 0.5 * share * len(names) <= len(chosen) <= 1.5 * share * len(names)
    assert await matcher.ask(MatchesToJudge(limit=1_000)) == chosen
