"""Does the pack of clinics state the source's example to the letter, and write every text for it and for less?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest

from cli.linting import lint
from engines.drafting.accounts import Account, Line, facts_of_account
from engines.drafting.outreach import Outreach
from engines.drafting.templates import Template
from engines.drafting.writing import with_passages
from engines.packs import section_of
from engines.scoring.formula import Scored, score
from engines.scoring.inputs import Fact, Inputs, Signal
from engines.scoring.pack import model_in, policy_in
from engines.scoring.tiers import in_force, tier_of
from services.notifier.domain.tasks import Task
from services.notifier.domain.writing import Stationery, Text, write
from services.sequencer.domain.roles import ContactRoles

FOLDER = Path(__file__).parents[3] / "packs" / "clinic"
DAY = date(2026, 7, 1)
MODEL, POLICY = model_in(FOLDER), policy_in(FOLDER)
OUTREACH = section_of(FOLDER, "outreach", Outreach)
TEMPLATES = {name: section_of(FOLDER, f"templates/{name}", Template) for name in ("intro", "case-study", "inmail")}
EXAMPLE = {
    "segments": "behavioral_health|primary_care", "num_locations": "5", "num_clinicians_proxy": "42",
    "emr_vendor": "athenahealth", "num_services": "3", "review_count": "240", "website": "https://familycaretx.com",
    "telephone": "512-555-1234", "brand_name": "Family Care Center",
}  # fmt: skip
HIRING = ("medical_coder", "denial_specialist")


def scored(facts: dict[str, str], hiring: tuple[str, ...] = HIRING) -> Scored:
    stated = {name: (Fact("CL-1", name, DAY, value),) for name, value in facts.items()}
    open_until = DAY + timedelta(30)
    signals = tuple(Signal("CL-1", role, UUID(int=at), DAY, open_until, 1) for at, role in enumerate(hiring))
    return score(Inputs("CL-1", "TX", stated, signals), DAY, MODEL)


def account(found: Scored) -> Account:
    lines = tuple(
        Line(each.factor, each.label, each.evidence, each.points, each.known, not each.weight)
        for each in found.breakdown
    )
    tier = tier_of("CL-1", found.score, in_force(POLICY, None), POLICY.lowest)
    return Account("CL-1", "Family Care Center", "Austin", "TX", tier, found.score, lines)


def facts(of: Account) -> dict[str, str]:
    known = with_passages(facts_of_account(of, OUTREACH, POLICY.labels, DAY), OUTREACH.passages, of.facility_id)
    return {name: fact.value for name, fact in known.items()}


def test_the_sources_example_has_its_91_points_and_its_reasons() -> None:
    found = scored(EXAMPLE)

    assert {line.factor: str(line.points) for line in found.breakdown if line.weight} == {
        "segment": "25", "scale": "16", "emr_friction": "13", "coding_complexity": "12", "denial_pressure": "15",
        "roi_readiness": "10",
    }  # fmt: skip
    assert str(found.score) == "91.0"
    known = facts(account(found))
    assert (known["score"], known["tier"], known["uplift"], known["segments"]) == (
        "91", "1", "11", "behavioral_health|primary_care",
    )  # fmt: skip
    assert known["top_drivers"] == (
        "denial_pressure: state prior=high + denial roles|emr_friction: common EMR|coding_complexity: multi-service &"
        " coder hiring"
    )
    assert known["narrative_snippet"] == (
        "We identified a 5-site behavioral health practice likely facing documentation and coding leakage under"
        " athenahealth. With 5+ locations and active coder hiring, an ~11% RVU uplift is realistic for you."
    )


@pytest.mark.parametrize(
    "less,hiring,snippet",
    [
        (("brand_name",), (), "With 5+ locations, an ~8% RVU uplift is realistic for you."),
        (("num_locations",), ("medical_coder",), "With active coder hiring, a ~10% RVU uplift is realistic for you."),
        (("num_locations",), (), "For your mix of services, an ~8% RVU uplift is realistic for you."),
        (("emr_vendor",), HIRING, "a 5-site behavioral health practice likely facing documentation and coding"
         " leakage."),
        (("segments", "num_services"), (), "We identified a 5-site practice likely facing documentation and coding"
         " leakage under athenahealth."),
        (tuple(EXAMPLE), (), "We identified a practice likely facing documentation and coding leakage."),
    ],
)  # fmt: skip
def test_what_is_not_known_is_left_out_of_the_snippet(
    less: tuple[str, ...], hiring: tuple[str, ...], snippet: str
) -> None:
    known = facts(account(scored({name: value for name, value in EXAMPLE.items() if name not in less}, hiring)))

    assert known["narrative_snippet"].endswith(snippet)


@pytest.mark.parametrize("places,words", [("1", "a single-site"), ("8", "an 8-site"), ("11", "an 11-site")])
def test_a_number_has_its_article(places: str, words: str) -> None:
    assert f"identified {words} " in facts(account(scored(EXAMPLE | {"num_locations": places})))["narrative_snippet"]


def written(template: str, given: dict[str, str], hiring: tuple[str, ...] = HIRING) -> Text:
    known = account(scored(given, hiring))
    task = Task(
        task_id=UUID(int=1),
        enrollment_id=None,
        step_no=1,
        channel=TEMPLATES[template].channel,
        template=template,
        facility_id=known.facility_id,
        facility=known.name,
        city=known.city,
        state=known.state,
        persona="practice_manager",
        rep_id="rep-1",
        rep="Ann Lee",
        email="office@clinic.example",
        lines=known.lines,
    )
    return write(task, replace(Stationery(TEMPLATES, OUTREACH), postal="1 Main St, Austin, TX"), DAY)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
@pytest.mark.parametrize("given", [EXAMPLE, {"segments": "specialty"}, {}])
def test_every_text_is_written_to_the_office_by_role_alone(template: str, given: dict[str, str]) -> None:
    text = written(template, given)

    assert (text.reason, text.missing) == (None, None)
    assert text.body is not None
    assert TEMPLATES[template].channel != "email" or text.body.startswith("Hello, this is for your practice manager.")
    assert "state prior" not in text.body


def test_the_first_letter_has_the_modeled_figure_in_bold_and_none_that_was_not_modeled() -> None:
    body, without = written("intro", EXAMPLE).body or "", written("intro", {"segments": "urgent_care"}).body or ""

    assert "a potential *~11% RVU uplift*, with risk around strict payers in TX and open denial roles." in body
    assert "15 min" in body
    assert "uplift" not in without


@pytest.mark.parametrize("segment,at", [("primary_care", 0), ("behavioral_health", 1), ("home_health", 2),
                                        ("urgent_care", 3), ("specialty", 4)])  # fmt: skip
def test_each_segment_has_subjects_of_its_own(segment: str, at: int) -> None:
    subjects = TEMPLATES["intro"].versions[at].subjects

    assert written("intro", EXAMPLE | {"segments": f"{segment}|home_health"}).subject in subjects
    assert len(subjects) == 3


@pytest.mark.parametrize(
    "file,change,fault",
    [
        ("scoring.yaml", ("5 * coding_complexity", "5 * coding"), "scoring.yaml: uplift: coding of the formula is no"),
        ("scoring.yaml", ("any: [CA,", "any: [XX,"), "scoring.yaml:{line}: state_prior.classes: XX is not a state"),
        ("scoring.yaml", ("website, kind", "place, kind"), "scoring.yaml:{line}: place: is a fact of every pack"),
        (
            "scoring.yaml",
            ("needs: [num_services", "needs: [services_count"),
            "uplift reads services_count, which fields",
        ),
        (
            "outreach.yaml",
            ("drivers: [denial_pressure", "drivers: [denial"),
            "outreach.yaml:{line}: drivers: scoring.yaml",
        ),
        ("outreach.yaml", ("?P<coder_hiring>", "?P<note>"), "note: is a line of the score"),
        (
            "outreach.yaml",
            ("{{ brand_name }}", "{{ brandname }}"),
            "there is no fact brandname; did you mean brand_name?",
        ),
    ],
)
def test_a_mistake_about_what_a_score_states_is_named(
    tmp_path: Path, file: str, change: tuple[str, str], fault: str
) -> None:
    folder = tmp_path / "clinic"
    copytree(FOLDER, folder)
    text = (folder / file).read_text()
    assert change[0] in text
    (folder / file).write_text(text.replace(*change, 1))

    faults = [str(each) for each in lint(folder).faults]

    assert any(each.split(":")[0] == file and _within(fault, each) for each in faults), faults


def _within(fault: str, stated: str) -> bool:
    """Whether a fault is stated, with the line of a file where it has one."""
    return re.search(re.escape(fault).replace(r"\{line\}", r"\d+"), stated) is not None


def test_no_person_of_a_clinic_is_stored_by_name() -> None:
    assert section_of(FOLDER, "contacts", ContactRoles).policy == "role_only"
