"""Does a file of a report or a playbook state only what can be done?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engines.reports.cells import escaped
from engines.reports.pack import Condition, Playbook, Report

REPORT = {"name": "crm", "title": "CRM list", "columns": {"name": "{{ facility }}"}}
PLAYBOOK = {
    "name": "hiring",
    "title": "Hiring",
    "where": [{"score": True, "at_least": 75}],
    "focus": "Staff",
    "letter": "intro",
    "situation": "posted",
    "cta": "15 minutes",
    "snippet": "hook",
    "report": "crm",
}


@pytest.mark.parametrize(
    "condition,problem",
    [
        ({"at_least": 3}, "one of field, factor, score and tier"),
        ({"field": "a", "factor": "b", "at_least": 3}, "one of field, factor, score and tier"),
        ({"field": "a"}, "needs one of at_least"),
        ({"factor": "a", "includes": "b"}, "only a field has values"),
        ({"field": "a", "at_leats": 3}, "at_leats"),
    ],
)
def test_a_condition_is_about_one_thing_and_can_hold(condition: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        TypeAdapter(Condition).validate_python(condition)


@pytest.mark.parametrize(
    "file", ["../crm.csv", "/tmp/crm.csv", ".crm.csv", "-o.csv", "a b.csv", "crm.xlsx", "crm.csv\n"]
)
def test_a_report_writes_nothing_but_a_plain_file_in_the_folder_that_its_reader_chose(file: str) -> None:
    with pytest.raises(ValidationError, match="must be a plain file name that ends with"):
        TypeAdapter(Report).validate_python({**REPORT, "file": file})


def test_a_column_is_a_template_and_a_malformed_one_is_named() -> None:
    with pytest.raises(ValidationError, match=r"columns\.name is malformed"):
        TypeAdapter(Report).validate_python({**REPORT, "columns": {"name": "{{ facility"}})
    with pytest.raises(ValidationError, match="a heading each"):
        TypeAdapter(Report).validate_python({**REPORT, "columns": {}})


def test_a_playbook_filters() -> None:
    assert TypeAdapter(Playbook).validate_python(PLAYBOOK).where == (Condition(score=True, at_least=75),)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="where needs a condition"):
        TypeAdapter(Playbook).validate_python({**PLAYBOOK, "where": []})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\n=1", "\r=1", "  =1", "\uff1d1", "\uff201"])
def test_no_text_is_a_formula(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped(f"a{text}") == f"a{text}"
