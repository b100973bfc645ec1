"""Which career sites are fetched by the benchmark, and what does each list? Invented, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 7, 1)
TITLES = ("Registered Nurse", "Care Coordinator", "Line Cook", "Director of Care", "Assistant")
TOWNS = (("Troy", "NY", "12180"), ("Utica", "NY", "13501"), ("Erie", "PA", "16501"), ("Akron", "OH", "44301"))
TEXT = "You assess residents, plan their care with the team, and document both. " * 12


def site(number: int) -> str:
    return f"site-{number:03}.example"


def postings(sites: int, each: int) -> Iterator[dict[str, Any]]:
    for number in range(sites):
        for job in range(each):
            town, state, code = TOWNS[(number + job) % len(TOWNS)]
            yield {
                "at": f"career_site/{site(number)}",
                "source_posting_id": f"{number}-{job}",
                "title": f"{TITLES[job % len(TITLES)]} {job}",
                "employer_name": f"House {number} of {town}",
                "city": town,
                "state": state,
                "zip": code,
                "address": f"{job + 1} Elm St",
                "description": TEXT,
                "posted_on": (TODAY - timedelta(days=job % 30)).isoformat(),
            }
