"""Do dashboards show the figures of the engine, and do charts say the same as their tables?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from engines.figures.computing import Part, Span, figures_of, part_of
from engines.figures.pack import Kpi
from engines.figures.tables import tables_of
from services.console.rendering import charts
from services.console.rendering.charts import Weekly
from services.console.rendering.figures import percent, quartiles, share, wilson, written
from services.console.rendering.labels import covered, room
from services.console.screens.figures.building import Known as KnownOfLists
from services.console.screens.figures.building import listing
from services.console.screens.funnel.building import funnel
from services.console.screens.health.building import health
from services.console.screens.scores.building import Known, is_in, moved, scores, why
from services.console.screens.scores.queries import Scored
from services.console.screens.scores.view import Scores
from services.console.store.team import Reps
from services.console.usecases.cohorts import SIDES, cases_of, where_of
from services.console.usecases.dashboards import Asked
from services.console.usecases.figures import figure, trend
from services.console.usecases.measuring import Measures, chosen
from shared.contracts.topology import PUBLISHERS
from tests.browser.samples.dashboards import ACCOUNTS, CUTS, EVENTS, KNOWN, KPIS, MEASURES, RECORD, SPREAD, asked_for
from tests.unit.figures.building import NOW, TODAY, touch_due

TEAM = Reps({"ann": "Ann", "bob": "Bob"}, {"ann": "Ann"})
"""Bob has left."""
FILTERS = ((90, ""), (30, ""), (90, "ann"), (30, "bob"))


@pytest.fixture(scope="module")
def measured() -> Measures:
    return MEASURES


@pytest.mark.parametrize("days", [7, 30, 90])
def test_line_22_the_figures_are_those_that_the_command_line_computes_from_the_same_events(
    measured: Measures, days: int
) -> None:
    asked = asked_for(days)
    span = Span(TODAY, NOW, asked.since, asked.until)
    computed = {each.kpi.name: each for each in figures_of(KPIS, EVENTS, PUBLISHERS, span)}

    for kpi in KPIS:
        if kpi.window_days is not None:
            assert measured.figure(kpi, asked.since, asked.until) == computed[kpi.name]
            shown = figure(asked, measured, kpi).written
            assert shown == written(kpi, computed[kpi.name].whole, computed[kpi.name].note)


@pytest.mark.parametrize("days, rep", FILTERS)
def test_line_21_each_figure_equals_its_list_under_every_filter(measured: Measures, days: int, rep: str) -> None:
    asked = asked_for(days, rep)
    for kpi in KPIS:
        found = measured.figure(kpi, asked.since, asked.until)
        where = {"rep": rep} if rep and "rep" in kpi.dimensions else {}
        part = part_of(kpi, chosen(found.cases, where))
        every, reached, missing = (cases_of(found, where, side) for side in SIDES)

        assert len(every) == part.denominator == len(reached) + len(missing)
        if kpi.figure in ("ratio", "median"):
            assert len(reached) == part.numerator
        if where:
            assert part == found.parts["rep"].get(rep, part_of(kpi, []))
        assert figure(asked, measured, kpi).written == written(kpi, part, found.note)


def test_a_rep_gets_own_lists_and_only_totals_of_the_team(measured: Measures) -> None:
    by_rep = next(kpi for kpi in KPIS if kpi.name == "touch_completion")
    of_none = next(kpi for kpi in KPIS if kpi.name == "signal_matched")

    assert figure(asked_for(30, "ann", own="ann"), measured, by_rep).href
    assert figure(asked_for(30, "", own="ann"), measured, by_rep).href == ""
    assert figure(asked_for(30, "", own="ann"), measured, by_rep).written.value != "–"
    assert figure(asked_for(30, "", own="ann"), measured, of_none).href
    for own, removable in (("ann", False), ("", True)):
        asked = asked_for(30, "ann", own=own)
        shown = listing(asked, measured.figure(by_rep, asked.since, asked.until), "", 1, KnownOfLists())
        assert [bool(each.href) for each in shown.filters] == [removable]


def test_a_list_states_what_its_figure_means_and_the_days_that_were_chosen(measured: Measures) -> None:
    kpi, asked = next(kpi for kpi in KPIS if kpi.name == "touch_completion"), asked_for(30)
    shown = listing(asked, measured.figure(kpi, asked.since, asked.until), "", 1, KnownOfLists())

    assert "2 to 31 Aug" in shown.sentence
    assert shown.definition.endswith("joined by task.")


def test_line_30_the_table_of_a_line_has_a_row_for_each_mark_with_its_value_and_list(measured: Measures) -> None:
    kpi = next(each for each in KPIS if each.name == "touch_completion")
    line = trend(asked_for(30), measured, kpi)
    marked = [row for row in line.table.rows if row.marked]

    assert [(point.label, point.href) for point in line.points] == [
        (f"{row.label}: {row.cells[0]}, {row.cells[1]}", row.href) for row in marked
    ]


@pytest.mark.parametrize(
    "values", [pytest.param([0.71, None, 0.87], id="a gap"), pytest.param([1.0, 0.0, 0.5], id="all and none")]
)
def test_a_mark_is_where_its_value_is(values: Sequence[float | None]) -> None:
    weeks = [Weekly(f"week {place}", value, "", "", "") for place, value in enumerate(values)]
    line = charts.line(weeks, anchor="a", title="", about="", summary="", aim=0.8, aim_label="")
    top, bottom = (float(label.removesuffix(" %")) / 100 for label in (line.axis[0], line.axis[-1]))

    assert [top - (top - bottom) * point.y / charts.HEIGHT for point in line.points] == pytest.approx(
        [value for value in values if value is not None], abs=0.001
    )


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.9, 0.9, 0.6, 0.6, 0.6, 0.6], id="it falls through the target at the left"),
        pytest.param([0.6, 0.6, 0.6, 0.6, 0.9, 0.9], id="it rises through the target at the right"),
        pytest.param([0.7, 0.82, 0.7, 0.82, 0.9, 0.9, 0.9], id="it crosses the target again and again"),
        pytest.param([0.8] * 9, id="it is always on target"),
    ],
)
def test_the_label_of_the_target_is_clear_of_the_curve_and_of_the_last_value(values: Sequence[float]) -> None:
    weeks = [Weekly(f"week {place}", value, f"{value:.0%}", "", "") for place, value in enumerate(values)]
    line = charts.line(weeks, anchor="a", title="", about="", summary="", aim=0.8, aim_label="target ≥ 80 %")
    last, target = line.labels

    assert room(target.area, [*covered([(each.x, each.y) for each in line.points]), last.area]) > 0
    assert target.area[2] >= 0
    assert target.area[3] <= charts.HEIGHT


def test_a_week_with_fewer_than_ten_has_no_mark() -> None:
    few = [touch_due(f"T-{number}", 10, rep="ann") for number in range(7)]
    kpi: Kpi = next(each for each in KPIS if each.name == "touch_completion")
    measures = Measures(tables_of(set(kpi.kinds), few), TODAY, NOW)

    line = trend(asked_for(30), measures, kpi)

    assert line.points == ()
    assert next(row.cells for row in line.table.rows) == ("0 of 7, too few", "0/7")


def test_of_fewer_than_ten_there_is_no_percentage() -> None:
    assert (share(5, 7).value, share(5, 7).note, share(5, 7).percent) == ("5 of 7", "too few for %", None)
    assert share(5, 7, met=True).met is None
    assert share(74, 85).value == "87 %"
    assert share(0, 0).value == "–"
    assert (percent(0.999), percent(1), percent(0.001)) == ("99.9 %", "100 %", "0.1 %")


def test_units_are_singular_for_one() -> None:
    kpi = next(each for each in KPIS if each.name == "days_to_contact")

    assert [written(kpi, Part(value, 20, 20)).value for value in (0.0, 1.0, 1.5)] == ["0 days", "1 day", "1.5 days"]


def test_quartiles_and_intervals_are_those_of_the_textbook() -> None:
    assert quartiles([1, 2, 3, 4, 5]) == (1, 2, 3, 4, 5)
    assert quartiles([1, 2]) == (1, 1.25, 1.5, 1.75, 2)
    assert wilson(6, 21) == pytest.approx((0.1554, 0.4657), abs=0.001)


def test_addresses_keep_the_filters() -> None:
    asked = Asked("/dashboards/funnel", date(2026, 8, 1), date(2026, 8, 31), "ann", where={"tier": "1"})

    assert asked.href(rep="") == "/dashboards/funnel?from=2026-08-01&to=2026-08-31&tier=1"
    assert asked.of_window(KPIS[0]).since == asked.until - timedelta(89)


def test_a_rep_who_left_is_named_and_no_longer_offered(measured: Measures) -> None:
    asked, crossed = asked_for(90), {"F-3": {"owner": "bob"}}
    on_funnel = funnel(asked, TODAY, measured, TEAM)
    on_health = health(asked, TODAY, replace(KNOWN, reps=TEAM))
    on_scores = scores(asked, Known(SPREAD, [RECORD], named=crossed, reps=TEAM))

    assert {"Ann", "Bob"} <= {row.label for row in on_funnel.slices}
    assert on_health.sla
    assert [bar.label for bar in on_health.sla.bars] == ["Ann", "Bob"]
    assert [each.rep for each in on_scores.crossings] == ["Bob"]
    for page in (on_funnel, on_health, on_scores):
        assert [choice.title for choice in page.reps] == ["All reps", "Ann"]
    named = funnel(replace(asked, rep="bob"), TODAY, measured, TEAM).reps
    assert [(choice.title, choice.current) for choice in named][-1] == ("Bob", True)


# --- the funnel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days, rep", FILTERS)
def test_line_21_each_step_of_the_funnel_equals_its_list(measured: Measures, days: int, rep: str) -> None:
    asked = asked_for(days, rep)
    page = funnel(asked, TODAY, measured, Reps())

    assert next(step.title for step in page.steps) == "Postings seen"
    for step in page.steps[1:]:
        kpi = next(each for each in KPIS if each.title == step.title)
        found = cases_of(measured.figure(kpi, asked.since, asked.until), where_of(asked, kpi), "reached")
        assert step.count == len(found)
        assert f"/dashboards/figures/{kpi.name}?" in step.href


def test_each_rate_of_the_funnel_names_what_it_is_a_share_of(measured: Measures) -> None:
    steps = {step.title: step for step in funnel(asked_for(90), TODAY, measured, Reps()).steps}

    assert steps["Leads contacted within 7 days"].of == "20/20 leads raised"
    assert steps["Contacted leads that qualified"].of == "0/20 leads contacted"
    assert steps["Proposals won"].of == "leads with a proposal: nothing to count yet"


def test_line_30_tables_of_the_funnel_equal_its_marks(measured: Measures) -> None:
    page = funnel(asked_for(90), TODAY, measured, Reps())
    assert page.losses
    assert page.stays
    assert page.wins

    assert [(bar.label, bar.text, bar.href) for bar in page.losses.bars] == [
        (row.label, row.cells[0], row.href) for row in page.losses.table.rows
    ]
    assert [(box.label, box.places is not None, box.href) for box in page.stays.spread.boxes] == [
        (row.label, row.marked, row.href) for row in page.stays.spread.table.rows
    ]
    assert [(dot.label, dot.fraction, dot.at is not None, dot.href) for dot in page.wins.dots] == [
        (row.label, row.cells[1], row.marked, row.href) for row in page.wins.table.rows
    ]
    assert any(box.places for box in page.stays.spread.boxes)


def test_a_rep_finds_no_other_rep_in_the_funnel(measured: Measures) -> None:
    page = funnel(asked_for(90, own="ann"), TODAY, measured, TEAM)

    assert page.wins
    assert "Bob" not in {row.label for row in page.slices} | {dot.label for dot in page.wins.dots}
    assert "bob" not in "".join(cell.href for row in page.slices for cell in row.cells if cell)
    assert "Ann" in {row.label for row in page.slices}


# --- scores --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def distribution() -> Scores:
    return scores(Asked("/dashboards/scores", TODAY, TODAY), Known(SPREAD, [RECORD]))


def listed_at(href: str) -> list[Scored]:
    where = dict(parse_qsl(urlsplit(href).query))
    return [each for each in ACCOUNTS if is_in(each, where, CUTS)]


def test_line_30_each_mark_of_the_histogram_is_a_row_and_as_long_as_its_list(distribution: Scores) -> None:
    parts = distribution.chart.parts

    assert sum(part.count for part in parts) == len(ACCOUNTS)
    assert [(str(part.count), f"Tier {part.tier}", part.href) for part in parts] == [
        (row.cells[1], row.cells[0], row.href) for row in distribution.chart.table.rows
    ]
    assert [part.count for part in parts] == [len(listed_at(part.href)) for part in parts]


def test_line_21_tiers_and_the_parts_of_their_sizes_equal_their_lists(distribution: Scores) -> None:
    assert [(row.tier, row.count) for row in distribution.tiers] == [(1, 4), (2, 7), (3, 18)]
    assert [row.count for row in distribution.tiers] == [len(listed_at(row.href)) for row in distribution.tiers]
    for size in distribution.sizes:
        assert [piece.count for piece in size.pieces] == [len(listed_at(piece.href)) for piece in size.pieces]
    assert [piece.count for piece in distribution.sizes[0].pieces] == [3, 1]
    assert "2 of them exactly at it" in distribution.sizes[0].pieces[0].text


def test_a_crossing_says_who_and_why(distribution: Scores) -> None:
    [crossed] = distribution.crossings

    assert (crossed.before, crossed.after, crossed.why) == (2, 1, "the Tier 1 cut is 46.3")
    assert "1 up to Tier 1, 0 down" in distribution.crossings_title


def test_why_names_the_cut_and_what_moved_the_score() -> None:
    crossing = {"from_tier": 1, "to_tier": 2}
    before = {"score": "50.0", "breakdown": [{"factor": "a", "points": "20.0"}, {"factor": "b", "points": "30.0"}]}
    at = {
        "score": "41.0",
        "breakdown": [
            {"factor": "a", "points": "11.5", "label": "Posting", "evidence": "closed 2026-08-20"},
            {"factor": "b", "points": "29.5", "label": "Rating", "evidence": "2 of 5"},
        ],
    }

    assert why(crossing, CUTS, {1: Decimal("43.2")}) == "the Tier 1 cut went from 43.2 to 46.3"
    assert moved(before, at) == "Posting: closed 20 Aug"
    assert moved(at, at) == ""
