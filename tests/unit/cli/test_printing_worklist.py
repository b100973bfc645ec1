"""What is printed for an empty day, and for drafts?"""

from __future__ import annotations

from datetime import date, time

import pytest

from cli.printing import show
from cli.printing.worklist import ahead, drafts, touch, worklist
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import DayOfWork, LastTouch, WhyEmpty
from shared.contracts.sequencer_windows import TaskWindow
from tests.support.sequencing import on_the_worklist

EMPTY = DayOfWork(
    on=date(2026, 7, 3),
    rep=None,
    tasks=[],
    why=WhyEmpty(kind="holiday", text="2026-07-03 is a holiday."),
    next_plan_on=date(2026, 7, 6),
)
DRAFT = Draft.model_validate(
    {
        "draft_id": "9a2b3c4d-0000-4000-8000-000000000000",
        "template": "nurture-intro",
        "reason": None,
        "drafted_on": "2026-07-03",
        "pack": "abc",
        "version": 1,
        "marks": [],
        "status": "draft",
        "task_id": "1a2b3c4d-0000-4000-8000-000000000000",
        "facility_id": "335001",
        "facility": "Larkmoor Home",
        "city": "Albany",
        "person": "Ada Moss",
        "rep": "rep-1",
        "channel": "email",
        "to_email": "ada@example.org",
        "subject": "MDS support",
        "body": "Dear Ada,",
        "facts": {"facility": "Larkmoor Home", "city": "Albany", "person": "Ada Moss", "persona": "Administrator"},
    }
)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.mark.parametrize(
    "next_on, message",
    [
        (date(2026, 7, 6), "The next task is expected on 2026-07-06; enrollments may begin on 2026-07-06."),
        (None, "No enrollment is expected to continue; the next plan is on 2026-07-06."),
    ],
)
def test_an_empty_day_has_a_reason_and_the_next_date_with_tasks(
    next_on: date | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    worklist(EMPTY.model_copy(update={"next_on": next_on}))

    assert capsys.readouterr().out.splitlines() == [
        "Nothing is due on 2026-07-03. 2026-07-03 is a holiday.",
        message,
    ]


def test_a_draft_is_printed_with_its_task_person_and_facility(capsys: pytest.CaptureFixture[str]) -> None:
    drafts([DRAFT], None)

    shown = capsys.readouterr().out
    assert "[1a2b3c4d] email to Ada Moss at Larkmoor Home, Albany (335001), for rep-1 to send" in shown
    assert "To: ada@example.org" in shown
    assert "`pipeline done TASK`" in shown


@pytest.mark.parametrize("rep, message", [(None, "There are no drafts.\n"), ("ann", "There are no drafts for ann.\n")])
def test_a_missing_draft_is_reported(rep: str | None, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    drafts([], rep)

    assert capsys.readouterr().out == message


CALL = on_the_worklist(
    rank=3,
    facility_display_name="Larkmoor Home",
    city="Albany",
    person="MOSS, ADA",
    person_display_name="Ada Moss",
    person_phone="(518) 555-0111",
    main_phone="(518) 555-0100",
    persona_label="Administrator",
    last=LastTouch(
        touched_on=date(2026, 7, 1), channel="email", persona="don", outcome="sent", title="sent", rep="rep-2"
    ),
)
LETTER = on_the_worklist(rank=4, channel="email", facility_display_name="Larkmoor Home", city="Albany", step_no=2)


def test_ten_touches_fit_on_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [(CALL, LETTER)[n % 2].model_copy(update={"rank": n, "reason": "long " * 99}) for n in range(1, 11)]

    worklist(DayOfWork(on=date(2026, 7, 2), rep=None, tasks=tasks))

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 24
    assert max(map(len, lines)) <= 160
    assert lines[:2] == [
        "Worklist of 2026-07-02: 10 to do",
        "  1  email the administrator, Larkmoor Home, Albany (335001), Tier 1, rep-1 [00000000]",
    ]
    assert lines[3].startswith("  2  call Ada Moss (given as MOSS, ADA; Administrator) (518) 555-0111, Larkmoor Home")
    assert lines[-3:] == [
        "By email: `pipeline touch 1` shows it, `pipeline draft send 1` sends it; what you sent by yourself:"
        " `pipeline done 1`",
        "By call: `pipeline done 2 --outcome reached|interested|meeting|left_voicemail|gatekeeper|no_answer|"
        "wrong_number|callback|not_interested`",
        "What to say, the last touch, and every command: `pipeline touch 1`",
    ]


def test_a_narrow_line_is_cut_before_the_account_the_rep_and_the_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show.console.width = 80
    try:
        worklist(DayOfWork(on=date(2026, 7, 2), rep=None, tasks=[CALL]))
    finally:
        show.console.width = show.WIDE

    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith("  3  call Ada Moss (given as MOSS")
    assert line.endswith("… (335001), Tier 1, rep-1 [00000000]")
    assert len(line) == 80


def test_a_role_that_stands_for_a_person_is_stated_once(capsys: pytest.CaptureFixture[str]) -> None:
    office = LETTER.model_copy(update={"person": "Office manager", "persona_label": "Office manager"})

    worklist(DayOfWork(on=date(2026, 7, 2), rep=None, tasks=[office]))

    assert capsys.readouterr().out.splitlines()[1].startswith("  4  email the Office manager, Larkmoor Home, Albany")


def test_a_later_day_has_days_and_ids_and_no_ranks(capsys: pytest.CaptureFixture[str]) -> None:
    ahead(DayOfWork(on=date(2026, 7, 9), rep=None, tasks=[LETTER]))

    assert capsys.readouterr().out.splitlines() == [
        "Due by 2026-07-09, as far as it is known now: 1",
        "     email the administrator, Larkmoor Home, Albany (335001), Tier 1, rep-1, due 2026-07-02 [00000000]",
        "     a reason",
        "`pipeline capacity --touches` has the steps of sequences that are planned until then.",
    ]


def test_a_call_is_printed_with_numbers_script_last_touch_and_commands(capsys: pytest.CaptureFixture[str]) -> None:
    script = DRAFT.model_copy(
        update={"channel": "call", "subject": None, "to_email": None, "body": "Ask for Ada.\n\nListen."}
    )

    touch(CALL, script)

    shown = capsys.readouterr().out
    for line in (
        "Dial: (518) 555-0111 direct; (518) 555-0100 main",
        "Why: a reason",
        "Last: 2026-07-01, email don by rep-2: sent",
        "Say:\n       Ask for Ada.\n\n       Listen.\n",
        "pipeline done 3 --outcome reached   (reached; nothing decided)",
        "pipeline done 3 --outcome callback --on YYYY-MM-DD   (asked to be called back)",
        "pipeline done 3 --outcome not_interested --confirm-loss   (not interested, so that the lead is lost; without",
        "pipeline skip 3 --reason",
        "pipeline snooze 3 --until YYYY-MM-DD",
    ):
        assert line in shown


WINDOW = TaskWindow(
    from_time=time(9, 30),
    to_time=time(12, 30),
    timezone="America/New_York",
    there_from=time(8, 30),
    there_to=time(11, 30),
    there="America/Chicago",
    limited=True,
)


def test_a_window_is_printed_by_the_clock_of_the_rep_and_by_that_of_the_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = CALL.model_copy(update={"window": WINDOW})
    never = CALL.model_copy(update={"no_window": "05:00-06:00 is outside the hours of rep-1"})

    worklist(DayOfWork(on=date(2026, 7, 2), rep=None, tasks=[call, never]))
    touch(call, None)
    touch(never, None)

    shown = capsys.readouterr().out
    for line in (
        "     09:30-12:30 (08:30-11:30 there). a reason\n",
        "     At no time of the day. a reason\n",
        "When: 09:30-12:30 (08:30-11:30 there)\n",
        "When: 05:00-06:00 is outside the hours of rep-1\n",
    ):
        assert line in shown


def test_a_letter_is_printed_with_its_address_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    touch(LETTER, DRAFT)

    shown = capsys.readouterr().out
    assert "To: ada@example.org" in shown
    assert "Subject: MDS support" in shown
    assert "Text:\n       Dear Ada,\n" in shown
    assert "pipeline draft send 4   (as you read it here" in shown
    assert "pipeline done 4   (sent by yourself)" in shown


@pytest.mark.parametrize(
    "changes, printed",
    [
        ({"status": "approved"}, ["Letter: sent off; it leaves soon\n", "To stop it:\n       pipeline draft unsend 4"]),
        (
            {"status": "approved", "reason": "Its recipient is at work from 09:00."},
            ["Letter: sent off; it leaves soon: Its recipient is at work from 09:00.\n"],
        ),
        ({"missing": "It needs a postal address."}, ["Missing: It needs a postal address."]),
        ({"body": None, "reason": "No text of the pack fits."}, ["No text: No text of the pack fits."]),
    ],
)
def test_a_letter_that_cannot_be_sent_off_now_is_printed_with_its_state(
    changes: dict[str, str | None], printed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    touch(LETTER, DRAFT.model_copy(update=changes))

    shown = capsys.readouterr().out
    assert all(each in shown for each in printed)
    assert "pipeline draft send" not in shown


def test_research_is_recorded_with_the_person_who_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    touch(on_the_worklist(rank=5, channel="research", kind="research"), None)

    shown = capsys.readouterr().out
    assert 'pipeline contact add 335001 administrator --name "..." --phone "..."' in shown
    assert "pipeline done 5 --outcome not_found" in shown
