"""Who waits for research, under the limits of each rep?"""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.capacity import Applicant, newly_blocked
from services.sequencer.domain.pack import TierRule

RULE = TierRule("s", gate="call", blocked_per_rep=8)


def unreached(n: int, rep: str = "ann", blocked: bool = False) -> Applicant:
    return Applicant(f"{n:02}", (1, Decimal(n), 0, 0, Decimal(0), f"{n:02}"), rep, blocked)


def test_a_rep_researches_at_most_eight_facilities_the_best_first() -> None:
    assert newly_blocked([unreached(n) for n in reversed(range(10))], RULE) == [f"{n:02}" for n in range(8)]


def test_accounts_in_research_keep_their_place() -> None:
    in_research = [unreached(n, blocked=True) for n in range(10, 17)]

    assert newly_blocked([unreached(8), unreached(9), *in_research], RULE) == ["08"]


def test_each_rep_has_separate_limits() -> None:
    in_research = [unreached(n, blocked=True) for n in range(8)]

    assert newly_blocked([*in_research, unreached(8), unreached(9, "bob")], RULE) == ["09"]


queues = st.lists(
    st.builds(unreached, st.integers(0, 60), st.sampled_from(["ann", "bob"]), st.booleans()), unique_by=lambda w: w.key
)


@given(queues, st.randoms(use_true_random=False))
def test_the_limit_is_never_exceeded_in_any_order(queue: list[Applicant], random: Any) -> None:
    found = newly_blocked(random.sample(queue, len(queue)), RULE)

    assert found == newly_blocked(queue, RULE)
    in_research = sum(w.blocked for w in queue if w.rep == "ann")
    assert sum(w.key in found for w in queue if w.rep == "ann") <= max(0, 8 - in_research)
    assert not any(w.blocked for w in queue if w.key in found)
