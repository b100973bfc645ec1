"""Do the letters of the shipped pack read like a good sales person's, in every situation?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from engines.mail.kinds import classify
from engines.packs import pack_folder
from services.notifier import settings
from services.notifier.domain.facts import NAMES
from services.notifier.domain.tasks import Closed, Home, Posting, Task
from services.notifier.domain.writing import Text, write
from tests.unit.notifier.test_facts import a_line, an_id
from tests.unit.notifier.test_history import VOICEMAIL

TODAY = date(2026, 11, 27)
STATIONERY = replace(settings.stationery(), postal="P.O. Box 1208, Albany, NY 12201")
TEMPLATES = STATIONERY.templates
TASK = Task(
    task_id=an_id("this"),
    enrollment_id=an_id("enrollment"),
    step_no=2,
    channel="email",
    template=None,
    facility_id="33X001",
    facility="Xanfern Rehabilitation and Nursing Center",
    city="Albany",
    state="NY",
    persona="don",
    rep_id="rep-1",
    rep="Sam Ortiz",
    rep_phone="518-555-0142",
    person="Ada Zimble",
    greeting="Ada",
    email="ada@x.example",
)
POSTING = Posting("mds_coordinator", TODAY - timedelta(20), TODAY - timedelta(1))
HOMES = (Home("Birch Hill Care Center", True), Home("Cedar Court", True), Home("Dale"), Home("Elm"))
SITUATIONS = {
    "unnamed": replace(TASK, person=None, greeting=None),
    "plain": TASK,
    "open": replace(TASK, posting=POSTING),
    "fresh": replace(TASK, posting=replace(POSTING, first_seen_on=TODAY - timedelta(2))),
    "reposted": replace(TASK, posting=replace(POSTING, reposted_on=TODAY - timedelta(4))),
    "closed": replace(TASK, closed=Closed("mds_coordinator", TODAY - timedelta(9))),
    "cited": replace(TASK, lines=(a_line("survey_penalty", "F641 citation on 2026-07-28, 122 days before"),)),
    "rated": replace(TASK, lines=(a_line("qm_rating", "QM rating 2 of 5 as of 2026-10-01"),)),
    "new": replace(TASK, in_role_since=TODAY - timedelta(40)),
    "regional": replace(TASK, persona="regional", chain="Lakeview Care Group", homes=HOMES, posting=POSTING),
}
EMAILS = sorted(name for name, each in TEMPLATES.items() if each.channel == "email")
ALL = [(name, situation) for name in sorted(TEMPLATES) for situation in SITUATIONS]


def written(name: str, situation: str, number: int = 1) -> Text:
    task = replace(
        SITUATIONS[situation], template=name, channel=TEMPLATES[name].channel, facility_id=f"33X{number:03d}"
    )
    return write(task, STATIONERY, TODAY)


@pytest.mark.parametrize("name,situation", ALL)
def test_a_text_is_written_for_every_account_without_gaps_and_figures(name: str, situation: str) -> None:
    for number in range(6):
        text = written(name, situation, number)
        words = f"{text.subject or ''}\n{text.body}"

        assert text.reason is text.missing is None
        assert not re.search(r"[{}<>]|  |\n{3}|%|\s[,.;]|\byes\b(?!, no)", words)
        assert set(re.findall(r"\d+", words)) <= set("518 555 0142 1208 12201 2 5 641 7 18".split())


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", EMAILS)
def test_an_email_has_a_greeting_one_question_and_a_complete_foot(name: str, situation: str) -> None:
    text = written(name, situation)
    body = text.body or ""

    assert len(text.subject or "") <= 50
    assert body.count("?") == 1
    assert body.startswith("Hello, this is for your Director of Nursing." if situation == "unnamed" else "Hi Ada,")
    assert body.endswith(
        "Sam Ortiz\nNightingale | 518-555-0142\n\n"
        "This is a business solicitation from Nightingale, P.O. Box 1208, Albany, NY 12201.\n"
        'Reply "no thanks" and we won\'t e-mail you again.'
    )


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_text_to_a_person_of_a_chain_names_no_home_as_if_that_person_ran_it(name: str) -> None:
    text = written(name, "regional")

    assert "Xanfern" not in f"{text.subject}{text.body}"
    assert not re.search(r"\bcitation|stars|your (?:DON|Director)", text.body or "")


def test_the_first_letter_to_a_person_says_what_we_do_in_40_to_80_words() -> None:
    for name, situation in ((name, situation) for name in EMAILS for situation in SITUATIONS):
        body = written(name, situation).body or ""
        words = body.split("\n\n", 1)[1].rsplit("\n\n", 2)[0]

        assert 40 <= len(words.split()) <= 80, (name, situation)
        assert re.search(r"Nightingale (?:does|checks|reads|can|reviews)", words), (name, situation)
        assert not re.search(r"stop here|last note|close this out", words), (name, situation)


def test_a_letter_names_homes_of_a_chain_and_never_counts_them() -> None:
    for text in (written(name, "regional", number) for name in TEMPLATES for number in range(6)):
        assert not re.search(r"\b4\b|\bfour\b", f"{text.subject} {text.body}")


@pytest.mark.parametrize(
    "template,parent", [("case-study-administrator", "follow-up-administrator"), ("closing-don", "intro-don")]
)
def test_a_reply_speaks_of_an_opening_only_if_the_letter_before_did(template: str, parent: str) -> None:
    before = replace(SITUATIONS["open"], posting=replace(POSTING, last_seen_on=TODAY - timedelta(7)), template=parent)
    first = write(before, STATIONERY, TODAY - timedelta(7))
    sent = replace(
        VOICEMAIL,
        channel="email",
        outcome="sent",
        to_email="ada@x.example",
        template=parent,
        letter=first.letter,
        subject=first.subject,
        states=sorted(first.states),
        facility_id="33X001",
        done_on=TODAY - timedelta(7),
    )
    newer = replace(POSTING, first_seen_on=TODAY - timedelta(2))
    same, other, none = (
        write(replace(TASK, posting=posting, template=template), STATIONERY, TODAY, [sent])
        for posting in (POSTING, newer, None)
    )

    assert (same.subject, same.fresh_until) == (f"Re: {first.subject}", TODAY + timedelta(6))
    assert not {other.subject, none.subject} & {same.subject, first.subject}
    assert template != "closing-don" or "MDS coordinator" not in f"{other.body}{none.body}"
    assert template != "case-study-administrator" or re.search("hiring an MDS|posting", other.body or "")


def test_the_reply_that_the_foot_offers_is_understood() -> None:
    word = re.search(r'Reply "(.+)" and', written("intro-don", "plain").body or "")
    assert word

    reply = f"Subject: Re: MDS\nIn-Reply-To: <1@us.example>\n\n{word[1]}\n"
    assert classify(reply.encode()).kind == "unsubscribe"


def test_accounts_with_the_same_facts_get_different_letters() -> None:
    for name in EMAILS:
        texts = {(written(name, "open", number).subject, written(name, "open", number).body) for number in range(12)}
        assert len(texts) >= 3, name


@pytest.mark.parametrize("situation", ["plain", "open", "regional"])
@pytest.mark.parametrize("first", ["intro-don", "nurture-intro"])
def test_the_second_cycle_refers_to_the_first_and_repeats_nothing(first: str, situation: str) -> None:
    before = written(first, situation)
    sent = replace(
        VOICEMAIL,
        enrollment_id=an_id("before"),
        channel="email",
        outcome="sent",
        to_email="ada@x.example",
        letter=before.letter,
        facility_id="33X001",
        done_on=TODAY - timedelta(60),
    )
    text = write(replace(SITUATIONS[situation], template=first), STATIONERY, TODAY, [sent])

    assert text.letter != before.letter
    assert "I wrote to you on September 28" in (text.body or "") or (first, situation) == ("intro-don", "regional")


def test_a_voicemail_to_the_colleague_opens_the_letter() -> None:
    voicemail = replace(VOICEMAIL, person="Dana Reed", done_on=TODAY - timedelta(3))
    text = write(replace(SITUATIONS["reposted"], template="intro-don"), STATIONERY, TODAY, [voicemail])

    assert "posted again on Monday. I left Dana Reed a voicemail on Tuesday, but you" in (text.body or "")


def test_a_new_posting_has_its_day_unless_that_has_another_name_tomorrow() -> None:
    for days, day in ((2, "on Wednesday"), (1, "yesterday"), (0, "today")):
        posting = replace(POSTING, first_seen_on=TODAY - timedelta(days), last_seen_on=TODAY)
        for number in range(6):
            task = replace(TASK, template="intro-don", posting=posting, facility_id=f"33X{number:03d}")
            text = write(task, STATIONERY, TODAY)

            assert (f" {day}." in (text.body or "")) == (days == 2)
            assert (text.fresh_until or TODAY) > TODAY


def test_a_rating_is_not_in_the_first_words() -> None:
    for number in range(6):
        first = (written("intro-don", "rated", number).body or "").split("\n\n")[1].split(". ")[0]
        assert first == "Many quality measures on Care Compare are built from MDS entries"


def test_a_voicemail_takes_twenty_seconds_at_most() -> None:
    for situation in SITUATIONS:
        spoken = re.search(r"Voicemail: “(.*)”", written("call-don", situation).body or "")
        assert spoken
        assert len(spoken[1].split()) <= 50


def test_every_written_step_has_a_template_of_its_channel() -> None:
    sequences = [yaml.safe_load(path.read_text("utf-8")) for path in (pack_folder() / "sequences").glob("*.yaml")]
    steps = [step for sequence in sequences for step in sequence["steps"]]

    assert all(TEMPLATES[step["template"]].channel == step["channel"] for step in steps)


def test_almost_every_fact_is_used_by_a_text() -> None:
    texts = str([*TEMPLATES.values(), STATIONERY.outreach.passages])

    assert {name for name in NAMES if not re.search(rf"\b{name}\b", texts)} <= {"state", "facility", "first_letter"}
