"""Are the limits and the gate respected?"""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.capacity import Applicant, Workload, under_caps
from services.sequencer.domain.pack import TierRule

TIER_1 = TierRule("s", gated=True, per_rep=8, blocked_per_rep=8, new_per_rep_and_week=2)
TIER_2 = TierRule("n", new_per_day=3)


def waiting(n: int, rep: str = "ann", gate_open: bool = True, blocked: bool = False) -> Applicant:
    return Applicant(f"{n:02}", (1, Decimal(n), 0, 0, Decimal(0), f"{n:02}"), rep, gate_open, blocked)


def verdicts(queue: list[Applicant], rule: TierRule = TIER_1, load: Workload | None = None) -> str:
    """The first letter of each verdict, best first."""
    found = under_caps(queue, rule, load or Workload())
    return "".join(found[each.key][0] for each in sorted(queue, key=lambda w: w.rank))


def test_a_rep_starts_two_enrollments_a_week() -> None:  # R41
    assert verdicts([waiting(n) for n in range(4)]) == "ssww"
    assert verdicts([waiting(n) for n in range(4)], load=Workload(started_this_week={"ann": 1})) == "swww"


def test_each_rep_has_separate_limits() -> None:
    assert verdicts([waiting(0), waiting(1), waiting(2), waiting(3, "bob")]) == "ssws"


def test_a_rep_has_eight_active_enrollments() -> None:  # R40
    assert verdicts([waiting(n) for n in range(4)], load=Workload(active={"ann": 7})) == "swww"


def test_accounts_without_a_phone_use_no_capacity_of_those_with_one() -> None:  # R47
    in_research = [waiting(n, gate_open=False, blocked=True) for n in range(8)]

    assert verdicts([*in_research, waiting(8), waiting(9)]) == "wwwwwwwwss"


def test_a_rep_researches_at_most_eight_facilities_the_best_first() -> None:
    assert verdicts([waiting(n, gate_open=False) for n in range(10)]) == "bbbbbbbbww"
    in_research = [waiting(n, gate_open=False, blocked=True) for n in range(10, 17)]
    assert verdicts([waiting(8, gate_open=False), waiting(9, gate_open=False), *in_research]) == "bwwwwwwww"


def test_a_team_without_capacity_still_does_research() -> None:
    assert verdicts([waiting(0), waiting(1, gate_open=False)], load=Workload(active={"ann": 8})) == "wb"


def test_a_blocked_enrollment_starts_within_the_limits_once_its_gate_opens() -> None:
    opened = waiting(0, blocked=True)

    assert verdicts([opened]) == "s"
    assert verdicts([opened], load=Workload(active={"ann": 8})) == "w"
    assert verdicts([opened], load=Workload(started_this_week={"ann": 2})) == "w"


def test_an_enrollment_with_an_open_gate_frees_its_place_for_research() -> None:
    queue = [waiting(0, blocked=True), *(waiting(n, gate_open=False, blocked=True) for n in range(1, 8))]

    assert verdicts([*queue, waiting(8, gate_open=False)]) == "swwwwwwwb"


def test_the_team_starts_three_enrollments_of_tier_2_a_day() -> None:  # R42
    assert verdicts([waiting(n, f"rep-{n}") for n in range(5)], TIER_2) == "sssww"
    assert verdicts([waiting(n) for n in range(5)], TIER_2, Workload(started_today=2)) == "swwww"


def test_tier_2_has_no_gate() -> None:
    assert verdicts([waiting(0, gate_open=False)], TIER_2) == "s"


queues = st.lists(
    st.builds(waiting, st.integers(0, 60), st.sampled_from(["ann", "bob"]), st.booleans(), st.booleans()),
    unique_by=lambda w: w.key,
)


@given(queues, st.integers(0, 9), st.integers(0, 3), st.randoms(use_true_random=False))
def test_no_limit_is_ever_exceeded_in_any_order(queue: list[Applicant], active: int, started: int, random: Any) -> None:
    load = Workload({"ann": active}, {"ann": started}, started)

    found = under_caps(random.sample(queue, len(queue)), TIER_1, load)

    assert found == under_caps(queue, TIER_1, load)
    mine = [found[w.key] for w in queue if w.rep == "ann"]
    assert mine.count("start") <= max(0, 2 - started)
    assert mine.count("start") <= max(0, 8 - active)
    in_research = sum(w.blocked and not w.gate_open for w in queue if w.rep == "ann")
    assert mine.count("block") <= max(0, 8 - in_research)
    assert not any(found[w.key] == "block" for w in queue if w.blocked)
    assert all(found[w.key] != "start" for w in queue if not w.gate_open)
