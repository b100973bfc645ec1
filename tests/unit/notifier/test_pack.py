"""Does the pack have a template for every step that needs one, and can each be rendered?"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from engines.packs import pack_folder
from services.notifier import settings
from services.notifier.domain.facts import Facts, Posting, Task, facts_of
from services.notifier.domain.writing import Template, Text, write
from tests.unit.notifier.test_facts import POSTING

TEMPLATES = settings.templates()
TASK = Task("email", None, "Xanfern Care Center", "Albany", "NY", "don", "rep-1", email="a@x.example")
FULL = replace(TASK, person="Ada Zimble", chain="Zolmere Care Group", homes=3, posting=POSTING)

REGIONAL = replace(FULL, persona="regional", towns=("Albany", "Troy", "Utica", "Rome"), homes=4)
"""A task for a person of a chain."""


def written(template: Template, task: Task) -> Text:
    task = replace(task, channel=template.channel, template=template.name)
    return write(task, facts_of(task, settings.outreach()), TEMPLATES)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_can_be_written_with_all_facts(name: str) -> None:
    text = written(TEMPLATES[name], FULL)

    assert text.reason is None
    assert "Ada Zimble" in (text.body or "")
    assert "Nightingale" in (text.body or "")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_can_be_written_without_a_posting_a_name_or_a_chain(name: str) -> None:
    text = written(TEMPLATES[name], replace(TASK, state="NJ"))

    assert text.reason is None
    assert "Director of Nursing" in (text.body or "")


@pytest.mark.parametrize("posting", [None, POSTING])
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_text_to_a_person_of_a_chain_speaks_of_the_homes_of_the_chain(name: str, posting: Posting | None) -> None:
    text = written(TEMPLATES[name], replace(REGIONAL, posting=posting))

    assert "your homes in Albany, Troy and two more" in (text.body or "")
    assert ("Xanfern" in f"{text.subject}{text.body}") <= bool(posting)
    assert not re.search(r"Xanfern", text.subject or "")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_text_to_a_person_of_a_chain_with_one_home_says_so(name: str) -> None:
    text = written(TEMPLATES[name], replace(REGIONAL, towns=("Albany",), homes=1))

    assert "your home in Albany" in (text.body or "")
    assert not re.search(r"your homes|all of them", text.body or "")


@pytest.mark.parametrize("task", [TASK, FULL, REGIONAL])
@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_text_is_plain_without_gaps_and_without_invented_figures(name: str, task: Task) -> None:
    text = written(TEMPLATES[name], task)
    words = f"{text.subject or ''}\n{text.body}"

    assert not re.search(r"[{}<>]|  |\n{3}|%|\s[,.;]", words)
    assert set(re.findall(r"\d+", words)) <= {"2026", "2", "30", "3", "1"}


@pytest.mark.parametrize("name", sorted(name for name, each in TEMPLATES.items() if each.channel != "call"))
def test_every_text_to_send_is_signed_by_the_rep(name: str) -> None:
    last = (written(TEMPLATES[name], replace(FULL, rep="Ann Lee")).body or "").splitlines()[-1]

    assert last.endswith(("Ann Lee, Nightingale", "Ann Lee"))


@pytest.mark.parametrize("name", sorted(name for name, each in TEMPLATES.items() if each.channel == "email"))
def test_an_email_is_signed_with_what_is_known_of_the_rep(name: str) -> None:
    task = replace(FULL, rep="Ann Lee", rep_email="ann@x.example", rep_phone="(518) 555-0142")

    body = written(TEMPLATES[name], task).body or ""

    assert body.splitlines()[-1] == "Ann Lee, Nightingale, (518) 555-0142, ann@x.example"


def test_every_written_step_has_a_template_of_its_channel() -> None:
    sequences = [yaml.safe_load(path.read_text("utf-8")) for path in (pack_folder() / "sequences").glob("*.yaml")]
    steps = [step for sequence in sequences for step in sequence["steps"] if step["channel"] in ("email", "linkedin")]

    assert steps
    assert all(TEMPLATES[step["template"]].channel == step["channel"] for step in steps)


def test_almost_every_fact_is_used_by_a_template() -> None:
    texts = "".join(f"{template.subject}{template.body}" for template in TEMPLATES.values())
    unused = {name for name in Facts().__slots__ if not re.search(rf"\b{name}\b", texts)}

    assert unused <= {"state", "persona", "person"}


@pytest.mark.parametrize("task", [TASK, FULL])
def test_a_linkedin_text_is_one_paragraph_to_be_pasted(task: Task) -> None:
    text = written(TEMPLATES["linkedin-administrator"], task)

    assert "\n" not in (text.body or "\n")
