"""Are several factors that are shown as one worth exactly what they are worth alone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.packs import PackInvalid
from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Fact, Inputs, Signal
from engines.scoring.pack import Scheme, scheme_from
from engines.scoring.score_state import cause_of, score_state

DAY = date(2026, 7, 1)
PRIOR: dict[str, Any] = {
    "factor": "prior", "kind": "classes", "label": "State prior", "weight": ".08", "out_of": 8, "by": "state",
    "classes": [{"value": 8, "any": ["TX", "FL"], "evidence": "state prior=high"},
                {"value": 5, "any": ["NY"], "evidence": "state prior=medium"}],
    "otherwise": 2, "otherwise_evidence": "state prior=low", "unknown": "no state",
}  # fmt: skip
ROLES = {
    "factor": "denial_roles", "kind": "signal", "label": "Denial roles", "weight": ".07",
    "roles": {"denials": {"label": "Denial specialist", "weight": 1}}, "lift": ["0.4", "0.6", "0.8", 1, 1],
    "none_open": "no denial roles",
}  # fmt: skip
SHARE = {
    "factor": "share", "kind": "overlap", "label": "Plans", "weight": ".85", "field": "plans",
    "of": ["a", "b", "c"], "decimals": 1, "evidence": "{n} plans", "unknown": "no plans",
}  # fmt: skip


def scheme(*factors: object) -> Scheme:
    return scheme_from("p", {"name": "m", "factors": factors}, {"policy": "fixed", "cuts": {1: 50}})


ONE = scheme({"factor": "pressure", "kind": "sum", "label": "Pressure", "parts": [PRIOR, ROLES]}, SHARE)
APART = scheme(PRIOR, ROLES, SHARE)


def an_account(state: str | None, urgency: int | None, plans: str | None = None) -> Inputs:
    posting = Signal("1", "denials", UUID(int=1), DAY, DAY, urgency or 0)
    facts = {"plans": (Fact("1", "plans", DAY, plans),)} if plans else {}
    return Inputs("1", state, facts, (posting,) if urgency is not None else ())


def pressure(found: Scored) -> tuple[Decimal, Decimal, str]:
    [line] = [each for each in found.breakdown if each.factor == "pressure"]
    return line.points, line.weight, line.evidence


def test_a_sum_is_one_line_with_the_points_and_the_reasons_of_its_parts() -> None:
    assert pressure(score(an_account("TX", 3), DAY, ONE.model)) == (
        Decimal(15), Decimal("0.15"), "state prior=high + Denial specialist posting, seen 2026-07-01, urgency 3 of 4",
    )  # fmt: skip
    assert pressure(score(an_account("OH", None), DAY, ONE.model)) == (Decimal(2), Decimal("0.15"), "state prior=low")
    assert pressure(score(an_account(None, None), DAY, ONE.model))[0] == 0


@given(st.sampled_from(["TX", "NY", "OH", None]), st.sampled_from([None, 0, 1, 4]), st.sampled_from([None, "a|c", "b"]))
def test_the_score_is_that_of_the_parts_alone(state: str | None, urgency: int | None, plans: str | None) -> None:
    of_one, of_parts = (score(an_account(state, urgency, plans), DAY, each.model) for each in (ONE, APART))

    assert of_one.score == of_parts.score
    assert sum(Fraction(each.points) for each in of_one.breakdown) == sum(
        Fraction(each.points) for each in of_parts.breakdown
    )
    assert (of_one.urgency, of_one.recheck_on) == (of_parts.urgency, of_parts.recheck_on)
    assert ONE.model.most == APART.model.most == 100


def test_the_reasons_of_a_sum_have_its_own_sign_between_them_and_one_date() -> None:
    plans, roles = {**SHARE, "weight": ".1"}, {**ROLES, "evidence": "denial roles"}
    whole = {"factor": "pressure", "kind": "sum", "label": "Pressure", "joined": " & ", "parts": [PRIOR, roles, plans]}
    model = scheme(whole, {**SHARE, "factor": "rest", "weight": ".75"}).model
    fact = {"plans": (Fact("1", "plans", date(2026, 6, 1), "a"),)}
    [line, _] = score(replace(an_account("TX", 1), facts=fact), DAY, model).breakdown

    assert line.evidence == "state prior=high & denial roles & 1 plans as of 2026-07-01"
    assert line.as_of == DAY


def test_a_sum_without_points_says_what_its_pack_says_unless_nothing_is_known() -> None:
    prior = {**PRIOR, "otherwise": 0}
    whole = {"factor": "pressure", "kind": "sum", "label": "Pressure", "none": "no sign", "parts": [prior, ROLES]}
    alone = {**whole, "parts": [{**prior, "weight": ".15"}]}

    assert pressure(score(an_account("OH", None), DAY, scheme(whole, SHARE).model))[2] == "no sign"
    assert pressure(score(an_account(None, None), DAY, scheme(alone, SHARE).model))[2] == "unknown: no state"


def test_a_posting_that_ends_is_the_cause_of_a_change_of_the_sum() -> None:
    open_, closed = (score_state("1", score(an_account("TX", each), DAY, ONE.model), 1, "p") for each in (4, None))

    assert cause_of(open_, closed, None, ONE.model) == "facility.matched"


@pytest.mark.parametrize(
    "change,problem",
    [
        ({"parts": []}, "a sum has parts"),
        ({"parts": [PRIOR, PRIOR]}, "names of factors must be unique"),
        ({"parts": [{**PRIOR, "classes": [*PRIOR["classes"], *PRIOR["classes"]]}]}, "tx is in two classes"),
        ({"parts": [{**PRIOR, "field": "place"}]}, "classes are of a `field` or `by: state`"),
        ({"weight": "0.2"}, "weight"),
    ],
)  # fmt: skip
def test_a_sum_that_contradicts_itself_is_refused(change: dict[str, object], problem: str) -> None:
    whole = {"factor": "pressure", "kind": "sum", "label": "Pressure", "parts": [PRIOR, ROLES]}

    with pytest.raises(PackInvalid, match=problem):
        scheme({**whole, **change}, SHARE)
