"""Are the caps kept, and is the gate?"""

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
    """One letter each, best first."""
    found = under_caps(queue, rule, load or Workload())
    return "".join(found[each.key][0] for each in sorted(queue, key=lambda w: w.rank))


def test_a_rep_starts_two_a_week() -> None:  # R41
    assert verdicts([waiting(n) for n in range(4)]) == "ssww"
    assert verdicts([waiting(n) for n in range(4)], load=Workload(started_this_week={"ann": 1})) == "swww"


def test_the_caps_of_one_rep_are_not_those_of_another() -> None:
    assert verdicts([waiting(0), waiting(1), waiting(2), waiting(3, "bob")]) == "ssws"


def test_a_rep_has_eight_active_enrollments() -> None:  # R40
    assert verdicts([waiting(n) for n in range(4)], load=Workload(active={"ann": 7})) == "swww"


def test_those_that_nobody_can_call_take_no_place_of_those_that_can_be_called() -> None:  # R47
    searching = [waiting(n, gate_open=False, blocked=True) for n in range(8)]

    assert verdicts([*searching, waiting(8), waiting(9)]) == "wwwwwwwwss"


def test_a_rep_looks_for_people_at_eight_facilities_the_best_first() -> None:
    assert verdicts([waiting(n, gate_open=False) for n in range(10)]) == "bbbbbbbbww"
    searching = [waiting(n, gate_open=False, blocked=True) for n in range(10, 17)]
    assert verdicts([waiting(8, gate_open=False), waiting(9, gate_open=False), *searching]) == "bwwwwwwww"


def test_a_full_team_still_looks_for_people() -> None:
    assert verdicts([waiting(0), waiting(1, gate_open=False)], load=Workload(active={"ann": 8})) == "wb"


def test_a_blocked_enrollment_whose_gate_opens_starts_under_the_caps_of_all() -> None:
    opened = waiting(0, blocked=True)

    assert verdicts([opened]) == "s"
    assert verdicts([opened], load=Workload(active={"ann": 8})) == "w"
    assert verdicts([opened], load=Workload(started_this_week={"ann": 2})) == "w"


def test_one_whose_gate_is_open_leaves_its_place_to_another_search() -> None:
    queue = [waiting(0, blocked=True), *(waiting(n, gate_open=False, blocked=True) for n in range(1, 8))]

    assert verdicts([*queue, waiting(8, gate_open=False)]) == "swwwwwwwb"


def test_tier_2_starts_three_a_day_in_the_team() -> None:  # R42
    assert verdicts([waiting(n, f"rep-{n}") for n in range(5)], TIER_2) == "sssww"
    assert verdicts([waiting(n) for n in range(5)], TIER_2, Workload(started_today=2)) == "swwww"


def test_tier_2_has_no_gate() -> None:
    assert verdicts([waiting(0, gate_open=False)], TIER_2) == "s"


queues = st.lists(
    st.builds(waiting, st.integers(0, 60), st.sampled_from(["ann", "bob"]), st.booleans(), st.booleans()),
    unique_by=lambda w: w.key,
)


@given(queues, st.integers(0, 9), st.integers(0, 3), st.randoms(use_true_random=False))
def test_no_cap_is_ever_exceeded_and_order_of_reading_is_indifferent(
    queue: list[Applicant], active: int, started: int, random: Any
) -> None:
    load = Workload({"ann": active}, {"ann": started}, started)

    found = under_caps(random.sample(queue, len(queue)), TIER_1, load)

    assert found == under_caps(queue, TIER_1, load)
    mine = [found[w.key] for w in queue if w.rep == "ann"]
    assert mine.count("start") <= max(0, 2 - started)
    assert mine.count("start") <= max(0, 8 - active)
    searching = sum(w.blocked and not w.gate_open for w in queue if w.rep == "ann")
    assert mine.count("block") <= max(0, 8 - searching)
    assert not any(found[w.key] == "block" for w in queue if w.blocked)
    assert all(found[w.key] != "start" for w in queue if not w.gate_open)
