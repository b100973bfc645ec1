"""Are postings classified by role and urgency by the rules of the pack? (R12, R13)"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from engines.packs import section
from services.ingest.domain.roles import Classifier, Family, RoleRules, UrgencyRules

SHARED = Path(os.environ.get("PIPELINE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.of(section("roles", RoleRules))


@pytest.mark.parametrize(
    "family, titles",
    [
        (
            "mds_coordinator",
            "MDS Coordinator (RN)|Minimum Data Set Coordinator|M.D.S. Nurse|MDS Assessor|RAI coordinator|RNAC"
            "|Director of MDS|RN Assessment Coordinator|Nurse Assessment Coordinator|Resident Assessment Coordinator"
            "|VP, MDS & Care Plans|Lead RAI/Care Plan Coordinator|MDS Coordinator - Tuition Reimbursement Available"
            "|MDs Coordinator|LVN - MDS",
        ),
        (
            "pdpm_rac",
            "PDPM Specialist|PDPM/MDS Specialist|Reimbursement nurse|RAC-CT|RN, RAC-CT certified|Case-Mix Coordinator"
            "|Clinical Reimbursement Coordinator|Regional Director of Clinical Reimbursement"
            "|MDS/Reimbursement Coordinator",
        ),
        (
            "chart_review",
            "Chart Auditor|Medical Records Reviewer - SNF|RN Chart Review Specialist|Clinical Documentation Reviewer"
            "|Auditor of Medical Records|Nurse Auditor, Remote|Clinical record audit nurse",
        ),
        (
            "qm",
            "Quality Measures clerk|QM Coordinator|QAPI / QM Clerk|Quality Assurance Nurse|RN - Quality Improvement"
            "|QAPI Director|Quality Measure Data Coordinator",
        ),
        (
            "other",
            "MD|MDs and DOs wanted|Director of Nursing|RN|Registered Nurse (RN) - Education Reimbursement Available"
            "|Cook|Quality Assurance Technician - Bakery|Quality Assurance Manager, Food Safety|QMAP|QMHP Therapist|QMA"
            "|Medical Records Clerk|Health Information Technician|RAC Auditor|Hospital Reimbursement Manager"
            "|Utilization Review Nurse|SAP QM Consultant|Internal Audit Manager|Chart Prep Assistant|Wound Care Nurse"
            "|Admissions Assessment Clerk|MDS Software Engineer|Assessment Center Host|Quality Engineer",
        ),
    ],
)
def test_titles_belong_to_their_family_and_everything_else_to_none(
    classifier: Classifier, family: str, titles: str
) -> None:
    wrong = {
        title: classifier.role_family(title) for title in titles.split("|") if classifier.role_family(title) != family
    }

    assert wrong == {}


@pytest.mark.parametrize(
    "urgency, title, description",
    [
        (1, "MDS Nurse", None),
        (1, "MDS Nurse", "Full time, days. Administers PRN medications; reports to her immediate supervisor."),
        (1, "Urgent Care Nurse", "Our residents enjoy a heated swimming pool."),
        (0, "MDS Nurse - PRN", None),
        (0, "MDS Nurse, Per-Diem", "URGENT! $5,000 sign-on bonus, several openings"),
        (0, "RN Float Pool", None),
        (0, "MDS Coordinator", "We collect applications for future openings."),
        (2, "URGENT: MDS Nurse", "Urgent! ASAP! Immediate start!"),
        (2, "MDS Nurse", "<p>$7,500 Sign-On&nbsp;Bonus</p>"),
        (2, "MDS Nurse", "Relocation assistance and DailyPay"),
        (2, "MDS Nurse (2 positions)", None),
        (3, "Immediate need - MDS Nurse - $10,000 Sign On Bonus", None),
        (4, "Several MDS coordinators needed ASAP - relocation", None),
    ],
)
def test_each_kind_of_mark_counts_once_and_a_pool_is_never_urgent(
    classifier: Classifier, urgency: int, title: str, description: str | None
) -> None:
    assert classifier.urgency(title, description) == urgency


def test_a_title_belongs_to_the_first_family_that_matches_it() -> None:
    rules = RoleRules(
        families=(Family("deep", ("ocean",), unless=("lake",)), Family("wet", ("ocean", "lake"))),
        otherwise="dry",
        urgency=UrgencyRules(pool=(), marks={}, most=4),
    )

    classifier = Classifier.of(rules)

    assert [classifier.role_family(t) for t in ("Ocean diver", "Ocean/Lake diver", "Laker")] == ["deep", "wet", "dry"]


def test_an_invalid_regular_expression_is_an_error_of_the_pack() -> None:
    with pytest.raises(ValueError, match="'\\(open' is not a regular expression"):
        RoleRules((Family("broken", ("(open",)),), "other", UrgencyRules(pool=(), marks={}, most=4))


def test_the_titles_of_the_real_feed_are_classified_as_labeled(classifier: Classifier) -> None:
    feed, truth = (SHARED / "postings" / name for name in ("ny_feed.csv", "ny_feed_truth.csv"))
    if not feed.exists():
        pytest.skip(f"no reference data at {SHARED}; set PIPELINE_SHARED_DATA to its folder")
    label = {row["source_posting_id"]: row["role_family"] for row in csv.DictReader(truth.read_text().splitlines())}
    rows = csv.DictReader(feed.read_text().splitlines())
    titles = [(row["title"], label[row["source_posting_id"]]) for row in rows]

    right = sum(classifier.role_family(title) == family for title, family in titles)

    assert right / len(titles) >= 0.97
