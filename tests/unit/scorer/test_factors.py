"""Does each factor have the value that its requirement defines, with readable evidence?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engines.scoring.anomaly import deviation
from tests.unit.scorer.building import TODAY, a_change, a_fact, a_signal, days_ago, line, quarters, scored

D = Decimal


@pytest.mark.parametrize(
    "role,urgency,value",
    [
        ("mds_coordinator", 4, "1"),
        ("mds_coordinator", 1, "0.7"),
        ("mds_coordinator", 0, "0.6"),
        ("pdpm_rac", 4, "0.85"),
        ("chart_review", 3, "0.63"),
        ("qm", 2, "0.4"),
    ],
)
def test_the_value_of_a_posting_is_its_role_times_its_urgency_r24(role: str, urgency: int, value: str) -> None:
    assert line(scored(a_signal(role, urgency)), "open_posting").value == D(value)


def test_the_evidence_of_a_posting_is_a_readable_phrase() -> None:
    assert (
        line(scored(a_signal(urgency=3)), "open_posting").evidence
        == "MDS coordinator posting, seen 2026-07-02, urgency 3 of 4"
    )


def test_a_signal_is_open_through_its_last_day_r19() -> None:
    on_the_last_day = a_signal(seen=days_ago(30))
    a_day_later = a_signal(seen=days_ago(31))

    assert scored(on_the_last_day).score == D("25.2")
    assert scored(a_day_later).score == D("0.0")
    assert line(scored(a_day_later), "open_posting").evidence == "no open posting"


def test_further_open_signals_are_evidence_and_never_added_r24() -> None:
    found = scored(a_signal("qm", 4), a_signal("mds_coordinator", 1), a_signal("qm", 0, no=2))

    assert line(found, "open_posting").points == D("25.2")
    assert line(found, "open_posting").evidence.count("; also ") == 2


@pytest.mark.parametrize(
    "better,worse",
    [
        (a_signal("mds_coordinator", 0), a_signal("qm", 4)),  # value 0.6 against 0.5
        (a_signal("chart_review", 4), a_signal("mds_coordinator", 1)),  # both 0.7: urgency
        (a_signal(seen=TODAY), a_signal(seen=days_ago(1), no=2)),  # then the one seen last
    ],
)
def test_the_best_signal_is_chosen_in_a_defined_order(better: object, worse: object) -> None:
    for several in ((better, worse), (worse, better)):
        found = scored(*several)  # type: ignore[arg-type]

        assert (found.urgency, found.last_seen_on) == (better.urgency, better.last_seen_on)  # type: ignore[attr-defined]


def test_a_role_that_the_pack_does_not_name_is_ignored() -> None:
    assert scored(a_signal("other", 4)).score == D("0.0")


@pytest.mark.parametrize("factor,points", [("qm_rating", 20), ("staffing_rating", 8)])
@pytest.mark.parametrize(
    "stars,share", [("1", "1"), ("1.0", "1"), ("2", "0.7"), ("3", "0"), ("5", "0"), ("0", "0"), ("n/a", "0")]
)
def test_one_star_counts_fully_two_stars_less_and_others_not_r25_r28(
    factor: str, points: int, stars: str, share: str
) -> None:
    assert line(scored(a_fact(factor, stars)), factor).points == points * D(share)


def test_the_evidence_of_a_rating_has_its_date_or_states_that_it_is_unknown() -> None:
    known = line(scored(a_fact("qm_rating", "1", date(2021, 8, 1))), "qm_rating")
    suppressed = line(scored(a_fact("qm_rating", None, date(2021, 8, 1))), "qm_rating")
    absent = line(scored(), "staffing_rating")

    assert (known.evidence, known.known) == ("QM rating 1 of 5 as of 2021-08-01", True)
    assert (suppressed.evidence, suppressed.known) == ("unknown: no QM rating as of 2021-08-01", False)
    assert (absent.evidence, absent.known, absent.value) == ("unknown: no staffing rating", False, D(0))


def test_the_latest_rating_wins_and_one_with_a_future_date_does_not_count() -> None:
    old, new, ahead = (a_fact("qm_rating", v, on) for v, on in (("1", days_ago(60)), ("2", TODAY), ("1", days_ago(-1))))

    assert line(scored(old, new, ahead), "qm_rating").points == 14
    assert line(scored(old, new, ahead, on=days_ago(1)), "qm_rating").points == 20
    assert line(scored(old, new, ahead, on=days_ago(-1)), "qm_rating").points == 20


@pytest.mark.parametrize(
    "days,value", [(0, "1"), (179, "1"), (180, "0.4"), (365, "0.4"), (366, "0"), (2000, "0"), (-1, "0")]
)
@pytest.mark.parametrize("field", ["last_f641_on", "last_fine_on"])
def test_a_citation_or_fine_counts_by_its_age_r26(field: str, days: int, value: str) -> None:
    fact = a_fact(field, days_ago(days).isoformat(), days_ago(3000))

    assert line(scored(fact), "survey_penalty").value == D(value)


def test_the_more_recent_of_citation_and_fine_counts_r26() -> None:
    found = line(
        scored(a_fact("last_f641_on", str(days_ago(200))), a_fact("last_fine_on", str(days_ago(20)))), "survey_penalty"
    )

    assert (found.value, found.evidence) == (D(1), "fine on 2026-06-12, under 180 days ago")


def test_the_evidence_of_a_citation_has_its_band_of_ages() -> None:
    found = line(scored(a_fact("last_f641_on", str(days_ago(200)))), "survey_penalty")

    assert found.evidence == "F641 citation on 2025-12-14, 180 to 365 days ago"


@pytest.mark.parametrize("days,points", [(0, 12), (89, 12), (90, 0), (-1, 0)])
def test_a_new_administrator_or_don_counts_for_ninety_days_r27(days: int, points: int) -> None:
    for part in (
        a_change("don", days_ago(days)),
        a_change("administrator", days_ago(days)),
        a_fact("administrator_changed_on", str(days_ago(days)), days_ago(3000)),
    ):
        assert line(scored(part), "turnover").points == points


@pytest.mark.parametrize(
    "counts,points",
    [
        ({150: "0", 60: "1"}, 12),
        ({160: "0", 60: "1"}, 12),  # 100 days between the files
        ({161: "0", 60: "1"}, 0),  # 101: it may have been long ago
        ({179: "0", 89: "1"}, 12),
        ({180: "0", 90: "1"}, 0),  # no longer recent
        ({150: "0", 60: "1", 10: "1"}, 12),
        ({150: "0", 100: None, 60: "1"}, 12),  # unknown in between
        ({150: "1", 60: "1"}, 0),
        ({150: "2", 60: "1"}, 0),
        ({60: "1"}, 0),  # no earlier count
        ({60: "0", -1: "1"}, 0),  # dated ahead
    ],
)
def test_a_rise_in_administrators_who_left_between_two_files_is_turnover_r27(
    counts: dict[int, str | None], points: int
) -> None:
    facts = [a_fact("administrators_left", count, days_ago(days)) for days, count in counts.items()]

    assert line(scored(*facts), "turnover").points == points


def test_the_evidence_of_a_rise_describes_it() -> None:
    facts = [a_fact("administrators_left", "0", days_ago(60)), a_fact("administrators_left", "1", days_ago(30))]

    found = line(scored(*facts), "turnover")

    assert found.evidence == "count of administrators who left rose on 2026-06-02, under 90 days ago"


def test_a_change_of_another_role_is_not_turnover_r27() -> None:
    assert line(scored(a_change("regional")), "turnover").points == 0


@pytest.mark.parametrize(
    "volumes,z,value",
    [
        (("90", "110", "90", "110", "100"), "0.00", "0"),  # at the mean
        (("1", "2", "3", "4", "5"), "1.94", "0.47"),  # (5 - 2.5) / 1.29099...
        (("4", "3", "2", "1", "0"), "-1.94", "0.47"),  # below counts as much as above
        (("10", "11", "10", "11", "50"), "68.42", "1"),
    ],
)
def test_an_unusual_volume_counts_by_its_deviation_r29(volumes: tuple[str, ...], z: str, value: str) -> None:
    found = line(scored(*quarters(*volumes)), "mds_volume")

    assert found.value == D(value)
    assert f"z {z}," in found.evidence


@pytest.mark.parametrize(
    "volumes",
    [
        (),
        ("5",),
        ("1", "2", "3", "9"),  # three before the latest
        ("7", "7", "7", "7", "9"),  # no spread
        ("1", "2", "3", "4", None),  # the latest is unknown
        ("1", None, "3", "4", "9"),  # three known before it
    ],
)
def test_too_few_quarters_or_no_spread_are_unknown_r29(volumes: tuple[str | None, ...]) -> None:
    found = scored(*quarters(*volumes))

    assert (line(found, "mds_volume").known, line(found, "mds_volume").value, found.measure) == (False, D(0), None)


def test_only_the_eight_quarters_before_the_latest_count_r29() -> None:
    within = quarters("1000", "90", "110", "90", "110", "90", "110", "90", "110", "130")

    assert "over 8 quarters" in line(scored(*within), "mds_volume").evidence
    assert "mean of 100.0" in line(scored(*within), "mds_volume").evidence


@pytest.mark.parametrize("distance,z", [("1.005", "1.00"), ("1.015", "1.02"), ("1.025", "1.02"), ("-1.015", "-1.02")])
def test_a_deviation_is_rounded_half_to_even_on_its_exact_value(distance: str, z: str) -> None:
    mean_zero_deviation_one = [D(-1), D(1), D(0)]

    assert deviation(D(distance), mean_zero_deviation_one) == D(z)


def test_an_invalid_value_is_unknown_and_the_rest_is_scored() -> None:
    found = scored(
        a_fact("last_f641_on", "last spring"), a_fact("mds_volume", "many"), a_fact("medicaid_share", "NaN"), a_signal()
    )

    assert found.score == D("25.2")
