"""What does the fake of a published sheet answer: its rows in CSV? Place: `csv_url/NAME`, at `/NAME.csv`."""

from __future__ import annotations

import csv
import io
from urllib.parse import unquote

from cli.fakes import people
from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, remembered, status, text


def answer(asked: Asked) -> Reply:
    place = f"csv_url/{unquote(asked.path).strip('/').removesuffix('.csv')}"
    if not asked.path.endswith(".csv") or not asked.knows(place):
        return status(404)
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(
        ["Job ID", "Job Title", "Employer", "City", "State", "Zip", "Date Posted", "Link", "Contact", "Email"]
    )
    for each in asked.listed(place):
        person = people.recruiter(each)
        link = each.url or f"https://sheets.example/jobs/{each.source_posting_id}"
        own = (each.source_posting_id, each.title, each.employer_name, each.city, each.state, each.zip)
        rows.writerow([*own, each.posted.isoformat(), link, person.name, person.email])
    return remembered(text(written.getvalue(), "text/csv; charset=utf-8"), asked.headers.get("if-none-match", ""))
