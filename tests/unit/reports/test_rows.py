"""Does a list have the accounts that meet its conditions, in its order, with what is known of each?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engines.drafting.accounts import Account, Line
from engines.drafting.outreach import Outreach, Record
from engines.reports.choosing import least_score, matches
from engines.reports.pack import Chart, Condition, Report, in_words
from engines.reports.rows import Words, bars, listed, text_of

OUTREACH = Outreach(
    company="Acme",
    personas={},
    roles={},
    passages={
        "size": (("{{ sites }} sites",), ("some sites",)),
        "snippet": (("{{ size }} of {{ facility }}{% if hiring %}, which is hiring{% endif %}.",),),
        "unused": (("{{ 1 / 0 }}",),),
    },
    records=(Record(factor="pressure", pattern="(?P<hiring>open posting)", source="a board", days=30, anyone=True),),
)
WORDS = Words(OUTREACH, {1: "Tier 1 - High"}, date(2026, 7, 1))


def an_account(key: str, score: str = "50", tier: int = 2, **known: str | int) -> Account:
    """Numbers are the points of factors, texts are facts."""
    lines = [
        Line(name, name.title(), f"{value} as of 2026-06-01", Decimal(0), True, True)
        if isinstance(value, str)
        else Line(name, name.title(), f"an open posting: {value}", Decimal(value), value > 0, False)
        for name, value in known.items()
    ]
    return Account(key, f"Account {key}", "Troy", "NY", tier, Decimal(score), tuple(lines))


def a_report(**more: Any) -> Report:
    return Report(**{"name": "r", "title": "R", "columns": {"name": "{{ facility }}"}, **more})


@pytest.mark.parametrize(
    "condition,expected",
    [
        ({"field": "kinds", "includes": "Home"}, True),
        ({"field": "kinds", "includes": "hom"}, False),
        ({"field": "kinds", "equals": "home|urgent"}, True),
        ({"field": "sites", "at_least": 3}, True),
        ({"field": "sites", "over": 3}, False),
        ({"field": "sites", "at_most": 3, "at_least": 3}, True),
        ({"field": "sites", "under": 3}, False),
        ({"field": "kinds", "at_least": 0}, False),
        ({"field": "absent", "at_most": 3}, False),
        ({"factor": "pressure", "at_least": 10}, True),
        ({"factor": "pressure", "over": 10}, False),
        ({"factor": "absent", "at_least": 0}, False),
        ({"score": True, "at_least": 75}, True),
        ({"score": True, "over": 75}, False),
        ({"tier": True, "at_most": 1}, True),
        ({"tier": True, "over": 1}, False),
    ],
)
def test_a_condition_holds_for_what_is_known(condition: dict[str, Any], expected: bool) -> None:
    account = an_account("a", "75", 1, kinds="home|urgent", sites="3", pressure=10)

    assert matches(account, [Condition(**condition)]) is expected


def test_all_conditions_must_hold_and_are_stated_in_words() -> None:
    where = (Condition(field="kinds", includes="home"), Condition(score=True, at_least=Decimal(60)))

    assert not matches(an_account("a", "50", kinds="home"), where)
    assert matches(an_account("a", "60", kinds="home"), where)
    assert in_words(where, {"kinds": "Kind of care"}) == "Kind of care includes home and score at least 60"
    assert least_score(where) == 60
    assert least_score(where[:1]) is None


def test_a_cell_is_a_text_over_facts_and_empty_if_one_is_unknown() -> None:
    report = a_report(
        columns={
            "rank": "{{ rank }}",
            "name": "{{ facility }}",
            "sites": "{{ sites }}",
            "points": "{{ pressure_points }}",
            "tier": "{{ tier_label }}",
            "score": "{{ score }}",
            "text": "{{ snippet }}",
            "owner": "{{ owner }}",
        },
    )
    found = listed(
        report,
        [an_account("a", "50.0"), an_account("b", "88.5", 1, sites="5", pressure=10)],
        WORDS,
        {"a": {"owner": "Dana"}},
    )

    assert found.header == tuple(report.columns)
    assert [row.cells for row in found.rows] == [
        ("1", "Account b", "5", "10", "Tier 1 - High", "88.5", "5 sites of Account b, which is hiring.", ""),
        ("2", "Account a", "", "", "Tier 2", "50", "some sites of Account a.", "Dana"),
    ]


def test_a_name_is_complete_in_a_list_however_long_and_on_one_line() -> None:
    account = Account("a", "A\x00 long\nname \u202e" + "x" * 300, "", "NY", 1, Decimal(1), ())

    assert text_of(account, "{{ facility }}", WORDS) == "A long name " + "x" * 300


def test_a_name_is_never_a_template() -> None:
    account = Account("a", "{{ company }}{% if 1 %}", "Troy", "NY", 1, Decimal(1), ())

    assert text_of(account, "{{ facility }}", WORDS) == "{{ company }}{% if 1 %}"


@pytest.mark.parametrize(
    "order,expected",
    [
        (("score_desc", "name"), "cabd"),
        (("tier", "name"), "bcad"),
        (("name",), "abcd"),
        (("sla", "name"), "cbad"),
    ],
)
def test_a_list_has_its_order(order: Any, expected: str) -> None:
    accounts = [an_account("d", "1", 3), an_account("a", "7", 2), an_account("c", "9", 1), an_account("b", "5", 1)]
    more = {
        "b": {"sla_status": "breached", "days_since_outreach": "3"},
        "c": {"sla_status": "breached", "days_since_outreach": "4"},
        "a": {"sla_status": "at_risk", "days_since_outreach": "9"},
        "d": {"sla_status": "monitor"},
    }

    found = listed(a_report(order=order), accounts, WORDS, more)

    assert "".join(row.account.facility_id for row in found.rows) == expected


def test_accounts_are_counted_and_who_has_late_ones_is_called_out() -> None:
    accounts = [an_account(key, tier=1) for key in "abcd"]
    more = {
        "a": {"owner": "Dana", "sla_status": "breached", "sla_action": "Touch it now."},
        "b": {"owner": "Marcus", "sla_status": "breached"},
        "c": {"owner": "Marcus", "sla_status": "breached"},
        "d": {"sla_status": "on_track"},
    }

    found = listed(a_report(count="owner", call_out="owner"), accounts, WORDS, more)

    assert list(found.counts.items()) == [("Dana", 1), ("Marcus", 2), ("", 1)]
    assert [(who, [row.account.facility_id for row in rows]) for who, rows in found.calls.items()] == [
        ("Marcus", ["b", "c"]),
        ("Dana", ["a"]),
    ]
    assert found.calls["Dana"][0].action == "Touch it now."


def test_a_chart_has_a_bar_for_each_account() -> None:
    chart = Chart(file="a.png", title="A", label="{{ facility }} ({{ state }})")

    found = listed(a_report(chart=chart), [an_account("a", "7"), an_account("b", "70", 1)], WORDS, {})

    assert bars(found) == [("Account b (NY)", Decimal(70), 1), ("Account a (NY)", Decimal(7), 2)]
