"""Are the facts of a text marked where it states them, with their source?"""

from __future__ import annotations

from datetime import date

from services.console.screens.worklist.building import _summary, clock
from services.console.screens.worklist.queries import Ended
from services.console.screens.worklist.touch import snooze_days
from services.console.usecases.texts import paragraphs, plain


def test_each_fact_that_a_text_states_is_marked_with_its_source() -> None:
    text = "Hi Ada,\n\nWillow Bend has 1 of 5 stars. Willow Bend is in Albany."
    facts = {"place": "Willow Bend", "city": "Albany", "stars": 1, "secret": "Hi"}
    sources = {"place": "CMS, July", "city": "CMS, July", "stars": "CMS"}

    first, second = paragraphs(text, facts, sources, ["place", "city", "stars", "secret"], numbered=True)

    assert "".join(span.text for span in first) == "Hi Ada,"
    assert [span.text for span in second if span.source] == ["Willow Bend", "Willow Bend", "Albany"]
    assert [span.number for span in second if span.source] == [1, 1, 2]
    assert "".join(span.text for span in second) == text.split("\n\n")[1]


def test_a_fact_without_a_source_is_not_marked() -> None:
    [only] = paragraphs("At Willow Bend", {"place": "Willow Bend"}, {}, ["place"])

    assert [span.source for span in only] == [""]


def test_evidence_is_written_for_people() -> None:
    assert plain("posting, seen 2026-06-30, urgency 3 of 4") == "posting, seen 30 Jun"


def test_a_touch_waits_for_one_of_the_business_days_that_the_sequencer_names() -> None:
    holiday = date(2026, 9, 7)
    ahead = [date(2026, 9, n) for n in (1, 2, 3, 4, 8)]

    days = snooze_days(ahead)

    assert [each.detail for each in days] == ["Tue 1 Sep", "Wed 2 Sep", "Tue 8 Sep"]
    assert holiday.isoformat() not in {each.value for each in days}
    assert snooze_days([]) == ()


def test_a_label_of_the_sla_is_not_taken_for_the_lateness_of_the_touch() -> None:
    assert [clock(label) for label in ("OVERDUE", "URGENT - SLA BREACH", "")] == [
        "SLA: overdue",
        "Urgent - SLA breach",
        "",
    ]


def test_the_summary_of_a_day_counts_what_was_skipped_apart() -> None:
    def ended(channel: str, status: str = "done") -> Ended:
        return Ended("t", None, channel, status, None, 1, None)

    ends = [ended("call"), ended("research"), ended("call", "skipped"), ended("email"), ended("call")]

    assert _summary(ends) == "2 calls, 1 e-mail, 1 found, 1 skipped"
    assert _summary([]) == ""
