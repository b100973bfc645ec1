"""What does the fake of an employer's own site answer? Place: `career_site/birch.example`, at that host.

It has a robots.txt, a sitemap (an index of packed ones if it is large), a page without postings, and the page of each
posting: with its content, 304 on condition, and 410 once the posting is gone.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from cli.fakes.asking import Asked
from cli.fakes.replies import Reply, remembered, status, text
from cli.fakes.schema_org import page
from cli.fakes.world import Posting

SIZE: Final = 1_000
"""Pages of a sitemap; a site with more has an index of sitemaps."""
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HTML: Final = "text/html; charset=utf-8"


def answer(asked: Asked) -> Reply:
    place, path = f"career_site/{asked.host}", unquote(asked.path)
    if not asked.knows(place):
        return status(404)
    if path == "/robots.txt":
        lines = ("User-agent: *", "Disallow: /private/", "Allow: /", "", f"Sitemap: {asked.base}/sitemap.xml", "")
        return text("\n".join(lines))
    if path.startswith("/sitemap"):
        return _sitemap(asked, place, path)
    if path in ("/", "/about"):
        return _remembered(asked, text("<!doctype html><title>About us</title><h1>Our houses</h1>", _HTML), date.min)
    return _posting(asked, place, path.removeprefix("/jobs/")) if path.startswith("/jobs/") else status(404)


def _posting(asked: Asked, place: str, name: str) -> Reply:
    posting = asked.posting(place, name)
    if posting is None:
        return text(
            "<!doctype html><h1>This position was filled.</h1>", _HTML, 410 if _was(asked, place, name) else 404
        )
    if "empty" in asked.faults:
        return text("<!doctype html><h1>Careers</h1>", _HTML)
    return _remembered(asked, text(_page(posting, _address(asked, name), asked.host), _HTML), posting.listed_from)


def _was(asked: Asked, place: str, name: str) -> bool:
    known = asked.world.named(place, name)
    return known is not None and known.listed_until < asked.today


@lru_cache(maxsize=100_000)
def _page(posting: Posting, url: str, site: str) -> str:
    return page(posting, url, site)


def _remembered(asked: Asked, reply: Reply, changed: date) -> Reply:
    day = changed if changed > date.min else date(2026, 1, 1)
    written = format_datetime(datetime.combine(day, time(6), UTC), usegmt=True)
    headers = asked.headers
    return remembered(reply, headers.get("if-none-match", ""), written, headers.get("if-modified-since", ""))


def _address(asked: Asked, name: str) -> str:
    return f"{asked.base}/jobs/{quote(name, safe='')}"


def _sitemap(asked: Asked, place: str, path: str) -> Reply:
    postings = asked.listed(place)
    number = path.removeprefix("/sitemap-").removesuffix(".xml.gz")
    if path == "/sitemap.xml" and ("endless" in asked.faults or len(postings) > SIZE):
        return _index(asked, range(1, len(postings) // SIZE + 2))
    if path == "/sitemap.xml":
        return _listing(asked, postings)
    if not number.isdigit():
        return status(404)
    if "endless" in asked.faults:  # each sitemap lists two more
        return _index(asked, (2 * int(number) + 1, 2 * int(number) + 2))
    whole = _listing(asked, postings[(int(number) - 1) * SIZE : int(number) * SIZE])
    return Reply(200, gzip.compress(whole.body, mtime=0), (("content-type", "application/x-gzip"),))


def _index(asked: Asked, numbers: Iterable[int]) -> Reply:
    entries = "".join(f"<sitemap><loc>{asked.base}/sitemap-{each}.xml.gz</loc></sitemap>" for each in numbers)
    return _xml(f"<sitemapindex {_NAMESPACE}>{entries}</sitemapindex>")


def _listing(asked: Asked, postings: Iterable[Posting]) -> Reply:
    entries = "".join(
        f"<url><loc>{escape(_address(asked, each.source_posting_id))}</loc>"
        + (f"<lastmod>{each.posted.isoformat()}</lastmod>" if each.lastmod else "")
        + "</url>"
        for each in postings
    )
    own = f"<url><loc>{asked.base}/about</loc><lastmod>2026-01-01</lastmod></url>"
    return _xml(f"<urlset {_NAMESPACE}>{own}{entries}</urlset>")


def _xml(content: str) -> Reply:
    return text(f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n', "application/xml; charset=utf-8")
