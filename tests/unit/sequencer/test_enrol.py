"""Are the caps kept, and is the gate?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.enrol import Load, Waiting, under_caps
from services.sequencer.domain.pack import TierRule

TIER_1 = TierRule("s", gated=True, per_rep=8, new_per_rep_and_week=2)
TIER_2 = TierRule("n", new_per_day=3)


def waiting(n: int, rep: str = "ann", gate_open: bool = True, holds_slot: bool = False) -> Waiting:
    return Waiting(f"{n:02}", (1, Decimal(n), 0, 0, Decimal(0), f"{n:02}"), rep, gate_open, holds_slot)


def verdicts(queue: list[Waiting], rule: TierRule = TIER_1, load: Load | None = None) -> str:
    """One letter each, best first."""
    found = under_caps(queue, rule, load or Load())
    return "".join(found[each.key][0] for each in sorted(queue, key=lambda w: w.rank))


def test_a_rep_starts_two_a_week() -> None:  # R41
    assert verdicts([waiting(n) for n in range(4)]) == "ssww"
    assert verdicts([waiting(n) for n in range(4)], load=Load(started_this_week={"ann": 1})) == "swww"


def test_the_caps_of_one_rep_are_not_those_of_another() -> None:
    assert verdicts([waiting(0), waiting(1), waiting(2), waiting(3, "bob")]) == "ssws"


def test_a_rep_holds_eight_open_runs() -> None:  # R40
    assert verdicts([waiting(n) for n in range(4)], load=Load(open={"ann": 7})) == "swww"


def test_blocked_runs_take_slots_but_no_starts() -> None:  # R47
    queue = [waiting(n, gate_open=False) for n in range(6)] + [waiting(6), waiting(7), waiting(8)]

    assert verdicts(queue) == "bbbbbbssw"
    assert verdicts([waiting(n, gate_open=False) for n in range(10)]) == "bbbbbbbbww"


def test_a_blocked_run_starts_in_its_slot_once_the_gate_opens() -> None:
    held = waiting(0, holds_slot=True)

    assert verdicts([held], load=Load(open={"ann": 8})) == "s"
    assert verdicts([replace(held, gate_open=False)], load=Load(open={"ann": 8})) == "w"
    assert verdicts([held], load=Load(open={"ann": 8}, started_this_week={"ann": 2})) == "w"


def test_one_without_a_start_left_leaves_its_slot_to_a_lower_one_that_is_blocked() -> None:
    queue = [waiting(0), waiting(1, gate_open=False)]

    assert verdicts(queue, load=Load(open={"ann": 7}, started_this_week={"ann": 2})) == "wb"


def test_tier_2_starts_three_a_day_in_the_team() -> None:  # R42
    assert verdicts([waiting(n, f"rep-{n}") for n in range(5)], TIER_2) == "sssww"
    assert verdicts([waiting(n) for n in range(5)], TIER_2, Load(started_today=2)) == "swwww"


def test_tier_2_has_no_gate() -> None:
    assert verdicts([waiting(0, gate_open=False)], TIER_2) == "s"


queues = st.lists(
    st.builds(waiting, st.integers(0, 60), st.sampled_from(["ann", "bob"]), st.booleans(), st.just(False)),
    unique_by=lambda w: w.key,
)


@given(queues, st.integers(0, 9), st.integers(0, 3), st.randoms(use_true_random=False))
def test_no_cap_is_ever_exceeded_and_order_of_reading_is_indifferent(
    queue: list[Waiting], held: int, started: int, random: Any
) -> None:
    load = Load({"ann": held}, {"ann": started}, started)

    found = under_caps(random.sample(queue, len(queue)), TIER_1, load)

    assert found == under_caps(queue, TIER_1, load)
    mine = [found[w.key] for w in queue if w.rep == "ann"]
    assert mine.count("start") <= max(0, 2 - started)
    assert mine.count("start") + mine.count("block") <= max(0, 8 - held)
    assert all(found[w.key] != "start" for w in queue if not w.gate_open)
