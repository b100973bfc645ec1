"""What is listened to, and which of it is forwarded?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli.client.following import is_about
from cli.client.forwarding import Receiver
from cli.commands.listen import subjects_of
from cli.commands.options import duration
from shared.contracts import topology
from shared.outbound.webhooks import new_secret

PERSONAL = {event.SUBJECT for event in topology.PERSONAL}


def test_all_subjects_are_listened_to_unless_types_are_named() -> None:
    assert set(subjects_of(["*"], forwarded=False, personal=False)) == set(topology.PUBLISHERS)
    assert subjects_of(["score.changed", "rep.*", "rep.away"], forwarded=False, personal=False) == [
        "score.changed",
        "rep.changed",
        "rep.away",
        "rep.back",
    ]


@pytest.mark.parametrize(
    "word", ["", "score", "score.", "score.*d", "sc*", ".*", "score.change", "lead.**", ">", "SCORE.CHANGED"]
)
def test_a_word_that_names_no_event_is_refused_with_the_names(word: str) -> None:
    with pytest.raises(ValueError, match=r"No event is named .*; there are account\.moved, "):
        subjects_of([word], forwarded=False, personal=False)


def test_events_with_contact_data_are_forwarded_only_if_asked_for() -> None:
    forwarded = set(subjects_of(["*"], forwarded=True, personal=False))

    assert not forwarded & PERSONAL
    assert set(subjects_of(["*"], forwarded=True, personal=True)) == forwarded | PERSONAL
    with pytest.raises(ValueError, match=r"task\.due has contact data of people; forward it with --personal"):
        subjects_of(["score.changed", "task.due"], forwarded=True, personal=False)
    with pytest.raises(ValueError, match="All of these events have contact data"):
        subjects_of(["suppression.*"], forwarded=True, personal=False)


def test_dead_letters_are_never_forwarded() -> None:
    assert not {each for each in subjects_of(["*"], forwarded=True, personal=True) if each.startswith("dead.")}
    with pytest.raises(ValueError, match=r"dead\.matcher is not forwarded"):
        subjects_of(["dead.matcher"], forwarded=True, personal=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:9000",
        "ftp://localhost/",
        "http://",
        "http://user:secret@localhost:9000/",
        "http://localhost:0/",
        "http://localhost:99999/",
        "http://localhost:x/",
        "http://[::1/",
        "file:///etc/passwd",
        "http://a\nb/",
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="--forward"):
        Receiver(url, new_secret())


@pytest.mark.parametrize("url", ["http://localhost:9000/events", "http://[::1]:9000", "https://example.com/hook?a=b"])
def test_an_address_may_be_private_since_a_person_gave_it(url: str) -> None:
    Receiver(url, new_secret())


def test_a_facility_is_that_of_an_event_or_covered_by_its_enrollment() -> None:
    assert is_about({"facility_id": "33X001"}, "33X001")
    assert is_about({"facility_id": "33X002", "covers": ["33X002", "33X001"]}, "33X001")
    assert not is_about({"facility_id": "33X002", "covers": None}, "33X001")
    assert not is_about({}, "33X001")
    assert not is_about(["33X001"], "33X001")


def test_a_duration_is_a_number_and_a_unit() -> None:
    assert [duration(each, "--since") for each in ("90s", " 30M ", "2h", "7d")] == [
        timedelta(seconds=90),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(days=7),
    ]
    for wrong in ("", "7", "h", "1.5h", "-1h", "1w", "٣h", "1h30m", "9999999d"):
        with pytest.raises(ValueError, match=r"--since .* is not a duration"):
            duration(wrong, "--since")
