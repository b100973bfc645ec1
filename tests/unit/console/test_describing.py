"""Is every event described in a sentence that a person understands?"""

from __future__ import annotations

from typing import Any

import pytest

from services.console.usecases.describing import DESCRIPTIONS, describe
from services.console.usecases.describing.words import Names
from services.console.usecases.reading import split
from shared.contracts import events as e
from tests.support.samples import sample

NAMES = Names(
    reps={"rep-1": "Dana Whitfield"},
    roles={"don": "Director of Nursing"},
    outcomes={"call": {"left_voicemail": "left a voicemail"}},
    stages={"new": "New", "contacted": "Contacted"},
)


def phrase(kind: type[e.Event], /, **values: Any) -> Any:
    event = sample(kind, full=True, **values)
    return describe(event.SUBJECT, split(event)[0], NAMES)


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("kind", e.every_event(), ids=lambda kind: kind.SUBJECT)
def test_every_event_has_a_sentence_without_the_names_of_fields(kind: type[e.Event], full: bool) -> None:
    data = split(sample(kind, full=full))[0]

    found = describe(kind.SUBJECT, data, NAMES)

    assert kind.SUBJECT in DESCRIPTIONS
    assert found.sentence.strip()
    assert "_" not in found.sentence
    assert "None" not in " ".join((found.sentence, *found.lines))


def test_an_unknown_event_is_described_by_its_subject() -> None:
    assert describe("moon.seen", {}, NAMES).sentence == "moon.seen"


def test_a_touch_names_the_role_the_outcome_and_who_did_it() -> None:
    touch = phrase(e.TouchLogged, kind="done", channel="call", persona="don", outcome="left_voicemail", rep="rep-1")

    assert touch.sentence == "Call to the Director of Nursing: left a voicemail"
    assert touch.lines == ("by Dana Whitfield",)
    assert touch.quote == "some words"


def test_what_was_done_in_a_crm_names_it_and_what_does_not_count_says_why() -> None:
    touch = phrase(e.TouchLogged, kind="done", channel="call", persona="don", outcome="left_voicemail", rep="HubSpot")
    moved = phrase(e.LeadMoved, stage="contacted", from_stage="new", moved_by="Salesforce", days=2, reason=None)
    refused = phrase(
        e.CrmRefused, system="hubspot", fields=[{"field": "contacted_at", "value": None, "why": "It stays."}]
    )

    assert touch.lines == ("in HubSpot",)
    assert moved.lines == ("from New after 2 days, in Salesforce",)
    assert refused.sentence == "Not followed: a change in HubSpot"
    assert refused.lines == ("contacted at: removed. It stays.",)


def test_a_score_says_how_far_it_went_and_into_which_tier() -> None:
    up = phrase(e.ScoreChanged, score="57.1", tier=1, previous_score="26.9", previous_tier=2, cause="facility.matched")
    cut = phrase(e.ScoreChanged, score="36.4", tier=1, previous_score="36.4", previous_tier=3, cause="calibrate")

    assert (up.sentence, up.change) == ("Score +30.2: Tier 2 → Tier 1", ("score", "26.9", "57.1"))
    assert cut.sentence == "Tier 3 → Tier 1, score 36.4"
    assert cut.lines == ("by the calibration of tiers",)


def test_who_moved_a_lead_is_stated_only_of_people() -> None:
    by_service = phrase(e.LeadMoved, from_stage="new", stage="contacted", moved_by="sequencer", days=0)
    by_person = phrase(e.LeadMoved, from_stage="new", stage="contacted", moved_by="rep-1", days=3)

    assert by_service.lines[0] == "from New on the same day"
    assert by_person.lines[0] == "from New after 3 days, by Dana Whitfield"
