"""Is a JobPosting of schema.org read from a page in each of its syntaxes, and as real pages have it?"""

from __future__ import annotations

import html
import json
from datetime import date
from typing import Any

import pytest

from engines.postings import Found, Unreadable, read

STATED: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "Assessment Coordinator",
    "description": "<p>Completes assessments &amp; plans.</p><p>Call Jane Roe, 518-555-0199.</p>",
    "datePosted": "2026-11-15",
    "validThrough": "2026-12-15T00:00",
    "identifier": {"@type": "PropertyValue", "name": "Birch House", "value": "BH-7"},
    "hiringOrganization": {"@type": "Organization", "name": "Birch House"},
    "jobLocation": {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "2 Oak Rd",
            "addressLocality": "Troy",
            "addressRegion": "New York",
            "postalCode": "12180",
            "addressCountry": "US",
        },
    },
    "url": "https://birch.example/jobs/7",
    "applicationContact": {"@type": "Person", "name": "Jane Roe", "email": "jane@birch.example"},
}
WHOLE = Found(
    source_posting_id="BH-7",
    title="Assessment Coordinator",
    employer_name="Birch House",
    city="Troy",
    state="NY",
    zip="12180",
    address="2 Oak Rd",
    url="https://birch.example/jobs/7",
    posted_on=date(2026, 11, 15),
    closes_on=date(2026, 12, 15),
)
MICRODATA = """<!doctype html><html><body>
<article itemscope itemtype="http://schema.org/JobPosting" itemref="where">
  <meta itemprop="validThrough" content="2026-12-15T00:00"><h1 itemprop="title">Assessment Coordinator</h1>
  <span itemprop="identifier" itemscope itemtype="https://schema.org/PropertyValue"><b itemprop="value">BH-7</b></span>
  <div itemprop="description"><p>Works at
    <span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Birch
    House</b></span>.</p></div>
  <time itemprop="datePosted" datetime="2026-11-15">a while ago</time><a itemprop="url" href="/jobs/7">Apply</a>
  <div itemprop="applicationContact" itemscope itemtype="https://schema.org/Person"><i itemprop="name">Jane
    Roe</i></div>
</article>
<p id="where"><span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place">
  <span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><i itemprop="streetAddress">2 Oak
    Rd</i>
  <i itemprop="addressLocality">Troy</i>, <i itemprop="addressRegion">NY</i> <i itemprop="postalCode">12180</i></span>
</span></p></body></html>"""
RDFA = """<!doctype html><html><body prefix="schema: https://schema.org/">
<div vocab="https://schema.org/" typeof="JobPosting"><h1 property="title">Assessment Coordinator</h1>
  <meta property="validThrough" content="2026-12-15T00:00">
  <span property="identifier" typeof="PropertyValue"><b property="value">BH-7</b></span>
  <p property="description">Works at <span property="hiringOrganization" typeof="Organization"><b property="name">Birch
    House</b> in Troy.</span></p>
  <p>Posted <span property="datePosted">November 15, 2026</span> <a property="url" href="/jobs/7">Apply</a></p>
  <div rel="jobLocation"><div typeof="Place"><div property="address" resource="#at"></div></div></div>
</div>
<div resource="#at" typeof="schema:PostalAddress"><i property="schema:streetAddress">2 Oak Rd</i>
  <i property="schema:addressLocality">Troy</i><i property="schema:addressRegion">NY</i>
  <i property="schema:postalCode">12180</i></div></body></html>"""


def page(script: str, kind: str = "application/ld+json") -> bytes:
    return f'<!doctype html><html><head><script type="{kind}">{script}</script></head><body></body></html>'.encode()


def stated(**other: Any) -> dict[str, Any]:
    return STATED | other


def only(content: bytes, url: str | None = None) -> Found:
    (found,) = read(content, url=url).postings
    return found


@pytest.mark.parametrize(
    "content, form",
    [(page(json.dumps(STATED)), "json-ld"), (MICRODATA.encode(), "microdata"), (RDFA.encode(), "rdfa")],
    ids=["JSON-LD", "Microdata", "RDFa"],
)
def test_each_syntax_gives_the_same_posting(content: bytes, form: str) -> None:
    found = read(content, url="https://birch.example/jobs/7?from=list")

    assert (found.format, found.problems) == (form, [])
    assert [each._replace(description=None) for each in found.postings] == [WHOLE]


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(STATED)[:-1] + ",}",
        "// <![CDATA[\n" + json.dumps(STATED) + "\n// ]]>",
        "<!-- " + json.dumps(STATED) + " -->",
        "/* of the page */ " + json.dumps(STATED) + ";",
        json.dumps(STATED).replace("Completes ", "Completes\n\t\x01"),
        json.dumps(STATED).replace("<p>Completes", '<p class="a">Completes'),
        json.dumps(STATED).replace("&amp;", "\\'&\\-"),
        json.dumps(STATED).replace('"@context"', '"a": 1,, "@context"'),
        json.dumps({"@type": "WebSite", "name": "Birch"}) + "\n" + json.dumps(STATED),
        html.escape(json.dumps(STATED)),
        json.dumps(json.dumps(STATED)),
    ],
    ids=["a comma too many", "CDATA", "a comment of HTML", "comments and a semicolon", "control characters",
         "quotes within a text", "escapes that JSON lacks", "two commas", "two values", "escaped quotes",
         "JSON within JSON"],
)  # fmt: skip
def test_broken_json_is_read_as_real_pages_have_it(script: str) -> None:
    assert only(page(script))._replace(description=None) == WHOLE


@pytest.mark.parametrize(
    "data",
    [
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, STATED]},
        [{"@type": "Organization", "name": "Other"}, STATED],
        stated(**{"@type": ["Thing", "http://schema.org/JobPosting"]}),
        {"@graph": [{"@id": "#org", "@type": "Organization", "name": "Birch House"},
                    stated(hiringOrganization={"@id": "#org"})]},
        stated(hiringOrganization="Birch House"),
        stated(identifier="BH-7", title=["Assessment Coordinator", "Other"]),
        stated(jobLocation=[{"@type": "Place"}, STATED["jobLocation"], "Albany, NY"]),
        stated(title="Assessment &amp;amp;#32;Coordinator".replace("&amp;amp;#32;", " ")),
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": STATED}]},
    ],
    ids=["@graph", "an array", "several types", "an organization by its id", "an organization as a text", "lists",
         "several places", "a title", "a list of items"],
)  # fmt: skip
def test_a_posting_is_found_wherever_a_page_has_it(data: Any) -> None:
    assert only(page(json.dumps(data)))._replace(description=None) == WHOLE


def test_rdfa_is_read_as_its_older_version_and_as_careless_pages_have_it() -> None:
    older = """<div about="#job" typeof="s:JobPosting"><h1 property="s:title" content="Coordinator">Join us</h1>
      <div rel="s:hiringOrganization"><b typeof="s:Organization" property="s:name">Birch House</b></div>
      <div rel="s:jobLocation"><div typeof="s:Place"><div rel="s:address"><div typeof="s:PostalAddress">
      <i property="s:addressLocality">Troy</i><i property="s:addressRegion">NY</i></div></div></div></div></div>"""
    careless = """<div typeof="JobPosting"><h1 property="title">Coordinator</h1>
      <p property="hiringOrganization"><b property="name">Birch House</b></p>
      <i property="addressLocality">Troy</i><i property="addressRegion">NY</i></div>"""

    for content in (older, careless):
        assert only(content.encode())[1:5] == ("Coordinator", "Birch House", "Troy", "NY")


def test_texts_on_links_are_texts_and_not_addresses() -> None:
    marked = """<div itemscope itemtype="https://schema.org/JobPosting"><a itemprop="title" href="/7">Coordinator</a>
      <a itemprop="hiringOrganization" href="https://birch.example">Birch House</a>
      <span itemprop="jobLocation">Troy, NY 12180</span><time itemprop="datePosted">15.11.2026</time></div>"""

    for content in (marked, marked.replace("itemscope itemtype", "typeof").replace("itemprop", "property")):
        found = only(content.encode())
        assert found[1:6] == ("Coordinator", "Birch House", "Troy", "NY", "12180")
        assert found.posted_on == date(2026, 11, 15)


def test_a_script_variable_is_read_without_executing_it() -> None:
    content = page(f"window.data = [1]; alert('no'); var job = {json.dumps(STATED)};", "text/javascript")

    assert only(content)._replace(description=None) == WHOLE


def test_texts_that_are_escaped_twice_are_plain() -> None:
    found = only(
        page(
            json.dumps(
                stated(title="RN &amp;amp; Coordinator", description="&amp;lt;p&amp;gt;On call&amp;lt;/p&amp;gt;")
            )
        )
    )

    assert (found.title, found.description) == ("RN & Coordinator", "On call")


def test_nothing_about_people_is_taken_but_what_the_description_says() -> None:
    recruiter = {"@type": "Person", "name": "Jane Roe", "email": "jane@birch.example", "telephone": "518-555-0199"}
    data = stated(
        title="Assessment Coordinator - call (518) 555-0199 or jane@birch.example",
        hiringOrganization=recruiter,
        employmentUnit=recruiter,
        url="https://birch.example/apply?to=jane%40birch.example",
    )

    found = only(page(json.dumps(data)))

    kept = json.dumps(found._replace(description=None), default=str)
    assert "Jane" not in kept
    assert "jane" not in kept
    assert "0199" not in kept
    assert (found.title, found.employer_name, found.url) == ("Assessment Coordinator - call or", "", None)
    assert "Jane Roe" in (found.description or "")


def test_a_posting_that_ended_states_the_day_on_which_it_did() -> None:
    assert only(page(json.dumps(stated(validThrough="2020-01-31T23:59:00-05:00")))).closes_on == date(2020, 1, 31)


def test_the_name_of_the_employer_is_no_id() -> None:
    data = stated(identifier={"@type": "PropertyValue", "value": "birch house"})

    assert only(page(json.dumps(data))).source_posting_id == "https://birch.example/jobs/7"


def test_a_posting_without_id_and_address_keeps_its_id_from_day_to_day() -> None:
    data = {key: STATED[key] for key in ("@type", "title", "hiringOrganization")}

    first, second = (only(page(json.dumps(data | {"datePosted": day}))) for day in ("2026-11-15", "2026-11-16"))

    assert first.source_posting_id == second.source_posting_id
    assert len(first.source_posting_id) == 32


def test_postings_of_linkedin_and_indeed_are_left_out_and_counted() -> None:
    data = [
        stated(url="https://www.linkedin.com/jobs/view/1"),
        stated(url="https://de.indeed.com/viewjob?jk=1"),
        STATED,
    ]

    found = read(page(json.dumps(data)))

    assert len(found.postings) == 1
    assert found.problems == [
        "1 posting was left out: from LinkedIn.",
        "1 posting was left out: from Indeed.",
    ]


def test_a_saved_page_of_linkedin_is_refused_although_it_has_schema_org() -> None:
    saved = page(json.dumps(STATED)).replace(
        b"<head>", b'<head><link rel="canonical" href="https://LinkedIn.com/jobs/1">'
    )

    with pytest.raises(Unreadable, match="page of LinkedIn"):
        read(saved)


@pytest.mark.parametrize(
    "encoding, declared", [("utf-8", ""), ("utf-16", ""), ("latin-1", "iso-8859-1"), ("cp1252", "")]
)
def test_a_page_is_read_in_its_own_encoding(encoding: str, declared: str) -> None:
    text = page(json.dumps(stated(title="Café Coordinator"), ensure_ascii=False)).decode()
    text = text.replace("<head>", f'<head><meta charset="{declared}">') if declared else text

    assert only(text.encode(encoding)).title == "Café Coordinator"


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "empty"),
        (b"<html><body><p>We are hiring.</p></body></html>", "without a JobPosting"),
        (page('{"@type": "JobPosting", "title": '), "damaged"),
        (page('{"@type": "JobPosting", "datePosted": "2026-01-01"}'), "no title"),
        (b'{"jobs": [1, 2', "begins like JSON"),
        (b'{"some": "thing"}', "no known format"),
        (b"\x1f\x8bnot gzip", "gzip, and damaged"),
        (b"just some text", "no known format"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(content)
