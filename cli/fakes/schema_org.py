"""How does a page state a posting in schema.org: rightly in several syntaxes, or broken as real pages have it?"""

from __future__ import annotations

import html
import json
from typing import Any
from zlib import crc32

from cli.fakes import people
from cli.fakes.world import STYLES, Posting


def job_posting(posting: Posting, url: str) -> dict[str, Any]:
    """The posting as JSON-LD."""
    person = people.recruiter(posting)
    stated: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": posting.title,
        "description": people.text(posting),
        "datePosted": posting.posted.isoformat(),
        "employmentType": "FULL_TIME",
        "identifier": {"@type": "PropertyValue", "name": posting.employer_name, "value": posting.source_posting_id},
        "hiringOrganization": {"@type": "Organization", "name": posting.employer_name},
        "jobLocation": _place(posting),
        "applicationContact": {"@type": "ContactPoint", "name": person.name, "email": person.email},
        "url": url,
        "directApply": True,
    }
    if posting.closes_on:
        stated["validThrough"] = f"{posting.closes_on.isoformat()}T00:00"
    return stated


def page(posting: Posting, url: str, site: str) -> str:
    """The page of a posting, in its own style or that of its site."""
    style = posting.style or STYLES[crc32(site.encode()) % len(STYLES)]
    if style == "microdata":
        return _document(posting, "", _microdata(posting, url))
    stated = job_posting(posting, url)
    if style == "graph":
        organization = stated["hiringOrganization"] | {"@id": "#employer"}
        crumbs = {"@type": "BreadcrumbList", "itemListElement": []}
        whole: Any = {
            "@context": stated.pop("@context"),
            "@graph": [crumbs, stated | {"hiringOrganization": {"@id": "#employer"}}, organization],
        }
    elif style == "several":
        elsewhere = _place(posting) | {"name": "Second house"}
        whole = [{"@type": "WebSite", "name": site}, stated | {"jobLocation": [stated["jobLocation"], elsewhere]}]
    elif style == "broken":
        # Unescaped line breaks within a text, and a comma too many, as templates write them.
        stated["description"] = "LINES"
        written = json.dumps(stated).replace('"LINES"', f'"First line\nsecond\tline {html.escape(posting.title)}"')
        return _document(posting, written[:-1] + ",}", "")
    else:
        whole = stated
    return _document(posting, json.dumps(whole).replace("</", "<\\/"), "")


def _place(posting: Posting) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": posting.address,
        "addressLocality": posting.city,
        "addressRegion": posting.state,
        "postalCode": posting.zip,
        "addressCountry": "US",
    }
    return {"@type": "Place", "address": {name: value for name, value in address.items() if value}}


def _document(posting: Posting, script: str, body: str) -> str:
    title, person = html.escape(posting.title), people.recruiter(posting)
    ld = f'<script type="application/ld+json">{script}</script>' if script else ""
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{ld}"
        f'<script>window.dataLayer = [{{"recruiter": "{person.name}"}}];</script></head>'
        f"<body><h1>{title}</h1>{people.text(posting)}{body}</body></html>"
    )


def _microdata(posting: Posting, url: str) -> str:
    def stated(name: str, value: str) -> str:
        return f'<span itemprop="{name}">{html.escape(value)}</span>' if value else ""

    ends = f'<time itemprop="validThrough" datetime="{posting.closes_on}"></time>' if posting.closes_on else ""
    address = "".join(
        (
            stated("streetAddress", posting.address),
            stated("addressLocality", posting.city),
            stated("addressRegion", posting.state),
            stated("postalCode", posting.zip),
        )
    )
    return (
        '<div itemscope itemtype="https://schema.org/JobPosting">'
        f'{stated("title", posting.title)}<a itemprop="url" href="{html.escape(url)}">Link</a>'
        f'<div itemprop="description">{people.text(posting)}</div>'
        f'<meta itemprop="datePosted" content="{posting.posted.isoformat()}">{ends}'
        '<div itemprop="identifier" itemscope itemtype="https://schema.org/PropertyValue">'
        f"{stated('value', posting.source_posting_id)}</div>"
        '<div itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization">'
        f"{stated('name', posting.employer_name)}</div>"
        '<div itemprop="jobLocation" itemscope itemtype="https://schema.org/Place">'
        f'<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">{address}</div></div></div>'
    )
