"""Are the postings of career sites, folders and published sheets fetched, and only what has changed?"""

from __future__ import annotations

import gzip
import json
import random
from contextlib import suppress
from typing import Any

import pytest

from services.ingest.adapters import ADAPTERS, sitemaps
from services.ingest.adapters.protocol import NOT_PERMITTED, Page, Request
from tests.unit.ingest.adapters.driving import Network, fetched
from tests.unit.postings import examples
from tests.unit.postings.test_mutations import mutated

SITE = "https://birch.example"
OF_SITE = {"sitemaps": [f"{SITE}/sitemap.xml"]}


def urlset(*entries: str | tuple[str, str], kind: str = "url") -> bytes:
    places = [(entry, None) if isinstance(entry, str) else entry for entry in entries]
    inner = "".join(
        f"<{kind}><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{kind}>" for url, day in places
    )
    root = "urlset" if kind == "url" else "sitemapindex"
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode()


def posting(number: int) -> bytes:
    data = {"@type": "JobPosting", "title": f"Coordinator {number}", "identifier": f"B-{number}"}
    return f'<html><script type="application/ld+json">{json.dumps(data)}</script></html>'.encode()


def site(**paths: Any) -> Network:
    """Answers by the path, without its slashes, dots and dashes."""
    return lambda request: paths.get("".join(c for c in request.url.removeprefix(SITE) if c.isalnum()), 404)


def test_the_pages_of_a_sitemap_are_looked_at_and_those_with_a_posting_are_listed() -> None:
    entries = (f"{SITE}/about", (f"{SITE}/jobs/1", "2026-11-01"), f"{SITE}/jobs/2")

    done = fetched("career_site", OF_SITE, site(
        sitemapxml=urlset(*entries), about=b"<html>We care</html>", jobs1=posting(1), jobs2=posting(2)
    ))  # fmt: skip

    assert (done.ids, done.listing) == (["B-1", "B-2"], (True, ()))
    assert done.postings[0].url == f"{SITE}/jobs/1"
    assert done.memory == {
        f"{SITE}/about": Page(None, ()),
        f"{SITE}/jobs/1": Page("2026-11-01", ("B-1",)),
        f"{SITE}/jobs/2": Page(None, ("B-2",)),
    }


def test_a_page_that_its_sitemap_states_to_be_unchanged_is_not_asked_for() -> None:
    known = {f"{SITE}/jobs/1": Page("2026-11-01", ("B-1",)), f"{SITE}/jobs/2": Page(None, ("B-2",))}
    entries = ((f"{SITE}/jobs/1", "2026-11-01"), f"{SITE}/jobs/2")

    done = fetched("career_site", OF_SITE, site(sitemapxml=urlset(*entries), jobs2=304), known)

    assert [request.url for request in done.requests] == [f"{SITE}/sitemap.xml", f"{SITE}/jobs/2"]
    assert (done.again, done.ids, done.listing.complete) == (list(known), [], True)


def test_a_page_that_was_changed_is_read_anew_and_one_that_is_gone_is_not_listed() -> None:
    known = {f"{SITE}/jobs/1": Page("2026-11-01", ("B-1",)), f"{SITE}/jobs/2": Page(None, ("B-2",))}
    entries = ((f"{SITE}/jobs/1", "2026-11-02"), f"{SITE}/jobs/2")

    done = fetched("career_site", OF_SITE, site(sitemapxml=urlset(*entries), jobs1=posting(3), jobs2=410), known)

    assert (done.ids, done.again, done.listing.complete) == (["B-3"], [], True)


def test_a_page_that_had_a_posting_and_is_damaged_closes_nothing() -> None:
    known = {f"{SITE}/jobs/1": Page(None, ("B-1",))}
    damaged = b'<html><script type="application/ld+json">{"@type":"JobPosting",</script></html>'

    done = fetched("career_site", OF_SITE, site(sitemapxml=urlset(f"{SITE}/jobs/1"), jobs1=damaged), known)

    assert (done.listed, done.listing.complete) == ([], False)
    assert "cannot be read now" in done.listing.notes[0]


def test_a_page_that_may_not_be_asked_for_is_left_out_and_closes_nothing_that_it_stated() -> None:
    network = site(sitemapxml=urlset(f"{SITE}/private", f"{SITE}/jobs/1"), private=NOT_PERMITTED, jobs1=posting(1))

    new = fetched("career_site", OF_SITE, network)
    known = fetched("career_site", OF_SITE, network, {f"{SITE}/private": Page(None, ("B-9",))})

    assert (new.ids, new.listing) == (["B-1"], (True, ()))
    assert (known.ids, known.listing.complete) == (["B-1"], False)


def test_an_index_and_gzip_are_followed_to_a_limited_depth() -> None:
    index = urlset(f"{SITE}/a.xml.gz", f"{SITE}/sitemap.xml", kind="sitemap")

    done = fetched("career_site", OF_SITE, site(
        sitemapxml=index, axmlgz=gzip.compress(urlset(f"{SITE}/jobs/1", f"{SITE}/jobs/1")), jobs1=posting(1)
    ))  # fmt: skip

    assert (done.ids, len(done.requests), done.listing) == (["B-1"], 3, (True, ()))
    endless = fetched("career_site", OF_SITE, lambda r: urlset(f"{r.url}x", f"{r.url}y", kind="sitemap"))
    assert len(endless.requests) == 7


def test_only_pages_that_fit_the_pattern_are_asked_for() -> None:
    entries = urlset(f"{SITE}/jobs/1-albany", f"{SITE}/jobs/1-troy", f"{SITE}/news/albany")

    done = fetched("career_site", OF_SITE | {"pattern": "/jobs/*-albany"}, site(sitemapxml=entries))

    assert [request.url for request in done.requests[1:]] == [f"{SITE}/jobs/1-albany"]


def test_another_host_is_asked_only_if_the_operator_states_it() -> None:
    entries = urlset("https://jobs.other.example/1", f"{SITE}/jobs/1")
    network = site(sitemapxml=entries, jobs1=posting(1), httpsjobsotherexample1=posting(2))

    without = fetched("career_site", OF_SITE, network)
    stated = fetched("career_site", OF_SITE | {"hosts": ["jobs.other.example"]}, network)

    assert (without.ids, without.listing.complete) == (["B-1"], False)
    assert "jobs.other.example were left out" in without.listing.notes[0]
    assert (stated.ids, stated.listing.complete) == (["B-2", "B-1"], True)


def test_more_pages_than_are_looked_at_make_a_listing_incomplete() -> None:
    entries = urlset(*(f"{SITE}/jobs/{number}" for number in range(30)))

    done = fetched("career_site", OF_SITE | {"most": 10}, lambda r: entries if "sitemap" in r.url else posting(1))

    assert (len(done.requests), done.listing.complete) == (11, False)
    assert "30 pages, and 10 were looked at" in done.listing.notes[0]


@pytest.mark.parametrize(
    "robots, asked",
    [
        (
            b"User-agent: *\nDisallow:\nsitemap: https://birch.example/jobs.xml\nSitemap: https://x.example/a",
            "jobs.xml",
        ),
        (b"User-agent: *\nDisallow:", "sitemap.xml"),
        (404, "sitemap.xml"),
    ],
)
def test_the_sitemaps_of_a_site_are_those_that_its_robots_txt_names(robots: Any, asked: str) -> None:
    network = site(robotstxt=robots, jobsxml=urlset(f"{SITE}/jobs/1"), sitemapxml=urlset(f"{SITE}/jobs/1"))

    done = fetched("career_site", {"site": f"{SITE}/"}, network)

    assert [request.url for request in done.requests[:2]] == [f"{SITE}/robots.txt", f"{SITE}/{asked}"]


def test_pages_that_the_operator_lists_need_no_sitemap() -> None:
    done = fetched("career_site", {"pages": [f"{SITE}/jobs/1"]}, site(jobs1=posting(1)))

    assert (done.ids, done.listing) == (["B-1"], (True, ()))


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"<html>Not found</html>", "cannot be read"),
        (b"", "cannot be read"),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
            "entities",
        ),
        (gzip.compress(b" " * (sitemaps.LARGEST + 1)), "more than 50 MB"),
        (b"\x1f\x8bdamaged", "gzip, and damaged"),
        (urlset(f"{SITE}/jobs/1")[:-20], "breaks off"),
        (b"<urlset>" * 5_000, "breaks off"),
    ],
)
def test_a_sitemap_that_is_none_or_incomplete_closes_nothing(content: bytes, reason: str) -> None:
    done = fetched("career_site", OF_SITE, lambda r: content if "sitemap" in r.url else posting(1))

    assert not done.listing.complete
    assert reason in done.listing.notes[0]


def test_a_mutated_sitemap_is_read_or_refused() -> None:
    whole = urlset(*((f"{SITE}/jobs/{number}", "2026-11-01") for number in range(20)))
    read = 0
    for seed in range(300):
        with suppress(sitemaps.NotSitemap):
            read += bool(sitemaps.read(mutated(whole, random.Random(seed))).pages)

    assert 30 < read < 300


def test_files_of_a_folder_are_read_once_until_they_change() -> None:
    files: dict[str, Any] = {"file:saved/": ["birch.csv", "a page.html", "notes.txt"]}
    files |= {"file:saved/birch.csv": examples.CSV.encode(), "file:saved/a%20page.html": posting(1)}
    files |= {"file:saved/notes.txt": b"call them"}

    first = fetched("folder", {"folder": "saved"}, lambda request: files[request.url])
    second = fetched("folder", {"folder": "saved"}, _unchanged(files), first.memory)

    assert first.ids == ["A-1", "B-1"]
    assert first.listing.complete
    assert first.listing.notes[1].startswith("notes.txt: This is no known format")
    assert (second.ids, second.again) == ([], ["file:saved/birch.csv", "file:saved/a%20page.html"])


def _unchanged(files: dict[str, Any]) -> Network:
    def network(request: Request) -> Any:
        return 304 if request.page and "notes" not in request.url else files[request.url]

    return network


def test_of_exports_of_aapacn_no_other_file_is_read() -> None:
    files = {"file:a/": ["AAPACN-jobs.csv", "other.csv"], "file:a/AAPACN-jobs.csv": examples.CSV.encode()}
    files["file:a/other.csv"] = b"Title,Company\nNurse,Birch\n"

    done = fetched("aapacn_csv", {"folder": "a"}, lambda request: files[request.url])

    assert done.ids == ["A-1"]
    assert "other.csv: This is no export of AAPACN's job board." in done.listing.notes


def test_a_published_sheet_is_read_when_it_has_changed() -> None:
    options = {"url": "https://sheets.example/x?output=csv"}

    first = fetched("csv_url", options, lambda request: examples.CSV.encode())
    second = fetched("csv_url", options, lambda request: 304, first.memory)
    page = fetched("csv_url", options, lambda request: b"<html>Sign in</html>")

    assert (first.ids, first.listing.complete) == (["A-1"], True)
    assert (second.again, second.listing.complete) == ([options["url"]], True)
    assert (page.postings, page.listing.complete) == ([], False)


DAMAGED = b"id,title,company\n1,Nurse,Birch\n2,Nurse,Birch,x\n"


def test_a_table_with_a_damaged_row_closes_nothing_and_is_read_anew() -> None:
    files = {"file:saved/": ["birch.csv"], "file:saved/birch.csv": DAMAGED}

    for name, options, network in (
        ("csv_url", {"url": "https://sheets.example/birch.csv"}, lambda request: DAMAGED),
        ("folder", {"folder": "saved"}, lambda request: files[request.url]),
    ):
        done = fetched(name, options, network)

        assert (done.ids, done.listing.complete, done.memory) == (["1"], False, {})
        assert "a damaged row" in done.listing.notes[0]


def test_a_file_that_listed_postings_and_cannot_be_read_closes_nothing() -> None:
    files: dict[str, Any] = {"file:saved/": ["birch.csv"], "file:saved/birch.csv": examples.CSV.encode()}
    first = fetched("folder", {"folder": "saved"}, lambda request: files[request.url])
    files["file:saved/birch.csv"] = b"call them"

    second = fetched("folder", {"folder": "saved"}, lambda request: files[request.url], first.memory)

    assert first.listing.complete
    assert not second.listing.complete
    assert second.listing.notes[0].startswith("birch.csv: This is no known format")


def test_a_sheet_of_google_may_lead_on_to_the_hosts_that_deliver_it() -> None:
    adapter = ADAPTERS["csv_url"]

    assert adapter.hosts(adapter.options(url="https://docs.google.com/spreadsheets/d/e/1/pub?output=csv")) == [
        "docs.google.com",
        ".googleusercontent.com",
    ]
