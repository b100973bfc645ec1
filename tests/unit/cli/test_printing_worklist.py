"""What is printed for an empty day, and for drafts?"""

from __future__ import annotations

from datetime import date

import pytest

from cli.printing.worklist import drafts, worklist
from shared.contracts.notifier import Draft
from shared.contracts.sequencer_replies import DayOfWork, WhyEmpty

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
