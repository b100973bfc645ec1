"""What does the invented registry look like in the format of CMS?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cli.demo.invented.facilities import Facility

_SUPPRESSED = "2"
"""The footnote of a rating without enough data."""


def registry_rows(facilities: Iterable[Facility], start: date) -> Iterator[dict[str, str]]:
    """Rows under the current headings of CMS Provider Information, processed on the first of the previous month."""
    processed = _month_before(start)
    return (_row(facility, processed) for facility in facilities)


def _row(facility: Facility, processed: date) -> dict[str, str]:
    return {
        "CMS Certification Number (CCN)": facility.facility_id,
        "Provider Name": facility.name,
        "Provider Address": facility.address,
        "City/Town": facility.town.name,
        "State": "NY",
        "ZIP Code": facility.town.zip,
        "Telephone Number": facility.phone,
        "County/Parish": facility.town.county,
        "Ownership Type": facility.ownership,
        "Number of Certified Beds": str(facility.beds),
        "Average Number of Residents per Day": str(facility.residents),
        "Average Number of Residents per Day Footnote": "",
        "Provider Type": "Medicare and Medicaid",
        "Legal Business Name": facility.legal_name,
        "Chain Name": facility.chain or "",
        "Number of Facilities in Chain": str(facility.chain_size) if facility.chain else "",
        **_rating("Overall Rating", facility.overall),
        **_rating("Health Inspection Rating", facility.inspection),
        **_rating("QM Rating", facility.qm),
        **_rating("Staffing Rating", facility.staffing),
        "Number of Fines": str(facility.fines),
        "Total Amount of Fines in Dollars": str(facility.fines_total),
        "Processing Date": processed.isoformat(),
    }


def _rating(column: str, stars: str) -> dict[str, str]:
    return {column: stars, f"{column} Footnote": "" if stars else _SUPPRESSED}


def _month_before(day: date) -> date:
    return (
        day.replace(year=day.year - 1, month=12, day=1) if day.month == 1 else day.replace(month=day.month - 1, day=1)
    )
