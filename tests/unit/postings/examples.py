"""Invented answers of each system, in the shape that it documents."""

from __future__ import annotations

import json
from typing import Any

GREENHOUSE: dict[str, Any] = {
    "jobs": [
        {
            "id": 4001,
            "internal_job_id": 91,
            "title": "Assessment Coordinator &amp; RN",
            "updated_at": "2026-11-16T10:00:00-05:00",
            "first_published": "2026-11-15T23:30:00-05:00",
            "location": {"name": "Troy, NY"},
            "absolute_url": "https://boards.greenhouse.io/birch/jobs/4001",
            "company_name": "Birch Group",
            "content": "&lt;p&gt;Completes assessments &amp;amp; plans&lt;/p&gt;",
            "departments": [{"id": 1, "name": "Care"}],
            "offices": [{"id": 2, "name": "Birch House"}],
            "questions": [{"label": "First Name", "fields": [{"name": "first_name"}]}],
        }
    ],
    "meta": {"total": 1},
}
LEVER: list[Any] = [
    {
        "id": "5ac2",
        "text": "Assessment Coordinator",
        "categories": {"location": "Troy, NY", "team": "Care", "allLocations": ["Troy, NY", "Utica, NY"]},
        "country": "US",
        "createdAt": 1_794_700_800_000,
        "descriptionPlain": "Completes assessments",
        "lists": [{"text": "You have", "content": "<li>patience</li>"}],
        "hostedUrl": "https://jobs.lever.co/birch/5ac2",
        "applyUrl": "https://jobs.lever.co/birch/5ac2/apply",
    }
]
SMARTRECRUITERS: dict[str, Any] = {
    "offset": 0,
    "limit": 100,
    "totalFound": 1,
    "content": [
        {
            "id": "7440",
            "name": "Assessment Coordinator",
            "refNumber": "R1",
            "company": {"identifier": "Birch", "name": "Birch Group"},
            "releasedDate": "2026-11-15T00:00:00.000Z",
            "location": {"city": "Troy", "region": "NY", "country": "us", "postalCode": "12180"},
            "creator": {"name": "Jane Roe"},
        }
    ],
}
WORKDAY: dict[str, Any] = {
    "total": 2,
    "jobPostings": [
        {
            "title": "Assessment Coordinator",
            "externalPath": "/job/Troy-NY/Assessment-Coordinator_R-1",
            "locationsText": "Troy, NY",
            "postedOn": "Posted 3 Days Ago",
            "bulletFields": ["R-1"],
        },
        {
            "title": "Reviewer",
            "externalPath": "/job/US-NY-Utica/Reviewer_R-2",
            "locationsText": "3 Locations",
            "postedOn": "Posted 30+ Days Ago",
        },
    ],
}
UKG: dict[str, Any] = {
    "opportunities": [
        {
            "Id": "532a",
            "Title": "Assessment Coordinator",
            "RequisitionNumber": "AC01",
            "PostedDate": "2026-11-15T14:00:00Z",
            "Locations": [
                {
                    "LocalizedName": "Birch House",
                    "Address": {"City": "Troy", "PostalCode": "12180", "State": {"Code": "NY"}, "Line1": "2 Oak Rd"},
                }
            ],
            "BriefDescription": "Completes assessments",
        }
    ],
    "totalCount": 1,
}
CAREERONESTOP: dict[str, Any] = {
    "Jobs": [
        {
            "JvId": "3F2A",
            "JobTitle": "Assessment Coordinator",
            "Company": "Birch House",
            "AcquisitionDate": "2026-11-15 00:00:00",
            "URL": "https://jobs.example/3f2a",
            "Location": "Troy, NY",
            "DescriptionSnippet": "Completes ...",
        }
    ],
    "JobCount": "1",
}
TECHMAP: dict[str, Any] = {
    "totalCount": 2,
    "result": [
        {
            "id": "t1",
            "source": "birch_us",
            "jsonLD": {
                "@type": "JobPosting",
                "title": "Assessment Coordinator",
                "datePosted": "2026-11-15",
                "hiringOrganization": {"name": "Birch House"},
                "jobLocation": {"address": {"addressLocality": "Troy", "addressRegion": "NY"}},
                "url": "https://birch.example/7",
            },
        },
        {"id": "t2", "source": "indeed_us", "jsonLD": {"@type": "JobPosting", "title": "Nurse"}},
    ],
}
CORESIGNAL: list[Any] = [
    {
        "id": 1234,
        "job_sources": [{"source": "Birch careers"}],
        "created_at": "2026-11-15 00:00:00",
        "title": "Assessment Coordinator",
        "location": "Troy, NY",
        "company_name": "Birch House",
        "recruiter": {"name": "Jane Roe"},
        "_score": 12.3,
    },
    {"id": 1235, "job_sources": [{"source": "professional network"}], "title": "A", "company_name": "B"},
    {"id": 1236, "job_sources": [{"source": "Indeed"}, {"source": "Birch careers"}], "title": "A", "company_name": "B"},
    {"id": 1237, "created_at": "2026-11-15", "title": "A", "company_name": "B", "_score": 1},
]
ADZUNA: dict[str, Any] = {
    "count": 1,
    "results": [
        {
            "id": "496",
            "title": "<strong>Assessment</strong> Coordinator",
            "__CLASS__": "Adzuna::API::Response::Job",
            "adref": "x",
            "created": "2026-11-15T16:39:23Z",
            "company": {"display_name": "Birch House"},
            "location": {
                "display_name": "Troy, Rensselaer County",
                "area": ["US", "New York", "Rensselaer County", "Troy"],
            },
            "redirect_url": "https://www.adzuna.com/details/496",
            "description": "Completes assessments…",
        }
    ],
}
CSV = (
    "Job ID,Job Title,Company,City,State,Zip,Date Posted,Expires,Job URL,Contact Name,Contact Email\r\n"
    "A-1,Assessment Coordinator,Birch House,Troy,NY,12180,11/15/2026,12/15/2026,https://jobs.example/1,"
    "Jane Roe,jane@birch.example\r\n"
    ",,Birch House,Troy,NY,12180,11/15/2026,,,,\r\n"
)
ANSWERS: dict[str, Any] = {
    "greenhouse": GREENHOUSE,
    "lever": LEVER,
    "smartrecruiters": SMARTRECRUITERS,
    "workday": WORKDAY,
    "ukg": UKG,
    "careeronestop": CAREERONESTOP,
    "techmap": TECHMAP,
    "coresignal": CORESIGNAL,
    "adzuna": ADZUNA,
}


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()
