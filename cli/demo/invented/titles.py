"""Which titles do the invented postings have?"""

from __future__ import annotations

from random import Random

from cli.demo.invented.words import weighted

RELEVANT = (("mds_coordinator", 0.62), ("pdpm_rac", 0.16), ("qm", 0.14), ("chart_review", 0.08))

_TITLES = {
    "mds_coordinator": (
        *("MDS Coordinator", "RN MDS Coordinator", "MDS Nurse (RN or LPN)", "Minimum Data Set Coordinator"),
        *("MDS Assessment Nurse", "MDS Coordinator, Long Term Care", "Lead MDS Coordinator", "MDS Assessor"),
    ),
    "pdpm_rac": (
        *("PDPM Specialist", "Clinical Reimbursement Coordinator", "RAC-CT Nurse", "PDPM and MDS Coordinator"),
        *("Reimbursement Nurse", "PDPM Reimbursement Specialist"),
    ),
    "chart_review": (
        *("Chart Reviewer", "Clinical Chart Auditor", "Medical Records Reviewer", "Clinical Documentation Reviewer"),
    ),
    "qm": ("Quality Measures Clerk", "QM Coordinator", "Quality Measures Coordinator", "QM Clerk"),
    "other": (
        *("Certified Nursing Assistant", "Registered Nurse, Night Shift", "Licensed Practical Nurse", "Cook"),
        *("Dietary Aide", "Housekeeper", "Maintenance Technician", "Receptionist", "Activities Assistant"),
        *("Physical Therapist", "Occupational Therapy Assistant", "Director of Nursing", "Medical Director (MD)"),
        *("Social Worker", "Laundry Attendant", "Nursing Supervisor, Weekends", "Payroll Clerk", "Van Driver"),
    ),
}
MARKS = (
    ("{}", 0.46),
    ("{} - Full Time", 0.12),
    ("Urgent: {}", 0.10),
    ("{} - Immediate Start", 0.07),
    ("{} - $5,000 Sign-On Bonus", 0.09),
    ("Urgently hiring: {} - Sign-On Bonus", 0.05),
    ("{} (2 openings)", 0.04),
    ("{} - Per Diem", 0.04),
    ("{}, PRN", 0.03),
)


def invent_title(rng: Random, role_family: str) -> str:
    """A title of this family, sometimes with a mark of urgency, a bonus, several openings, or a pool."""
    return weighted(rng, MARKS).format(rng.choice(_TITLES[role_family]))
