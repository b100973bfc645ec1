"""Fetches career sites by Scrapy and extruct, as the product does by its own means; runs in an environment of its own.

It obeys robots.txt, keeps to the rate of a host, follows sitemaps, reads JSON-LD and microdata, remembers what sitemaps
state of the last change of a page, and writes a JSON line for each posting. It has no ledger, database and lifecycle.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import extruct
from scrapy.crawler import CrawlerProcess
from scrapy.spiders import SitemapSpider
from twisted.internet import defer
from twisted.internet.base import ThreadedResolver
from twisted.internet.interfaces import IResolverSimple
from zope.interface import implementer


@implementer(IResolverSimple)
class Loopback(ThreadedResolver):
    """Every name is this machine's."""

    def getHostByName(self, name: str, timeout: Any = None) -> Any:  # noqa: N802  the name is Twisted's
        return defer.succeed("127.0.0.1")

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Loopback:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self.reactor.installResolver(self)


class CareerSites(SitemapSpider):
    name = "career-sites"

    def __init__(self, sites: list[str], memory: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.sitemap_urls = sites
        self.memory = memory
        self.changed: dict[str, str] = {}
        self.again = 0

    def sitemap_filter(self, entries: Any) -> Iterator[dict[str, str]]:
        for entry in entries:
            if entry.get("lastmod") and self.memory.get(entry["loc"]) == entry["lastmod"]:
                self.again += 1
                continue
            self.changed[entry["loc"]] = entry.get("lastmod", "")
            yield entry

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        self.memory[response.url] = self.changed.get(response.url, "")
        stated = extruct.extract(response.text, response.url, syntaxes=["json-ld", "microdata"], errors="ignore")
        for node in _nodes([*stated["json-ld"], *stated["microdata"]]):
            if node.get("@type") == "JobPosting" or str(node.get("type", "")).endswith("/JobPosting"):
                fields = node.get("properties", node)
                yield {"url": response.url, "title": fields.get("title"), "posted_on": fields.get("datePosted"),
                       "place": fields.get("jobLocation"), "employer": fields.get("hiringOrganization"),
                       "id": fields.get("identifier")}  # fmt: skip


def _nodes(values: list[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        if isinstance(value, dict):
            yield value
            yield from _nodes(value.get("@graph", []))


def main() -> None:
    """`python spider.py SITES.json MEMORY.json ITEMS.jsonl PER_SECOND PARALLEL`: prints its figures as a JSON line."""
    sites, memory, items, per_second, parallel = sys.argv[1:]
    remembered = json.loads(Path(memory).read_text()) if Path(memory).exists() else {}
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": int(parallel),
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 1 / float(per_second),
            "RANDOMIZE_DOWNLOAD_DELAY": False,
            "DNS_RESOLVER": Loopback,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
            "FEEDS": {items: {"format": "jsonlines", "overwrite": True}},
            "USER_AGENT": "Peer of a benchmark",
        }
    )
    crawler = process.create_crawler(CareerSites)
    began = time.monotonic()
    process.crawl(crawler, sites=json.loads(Path(sites).read_text()), memory=remembered)
    process.start()
    seconds = time.monotonic() - began
    Path(memory).write_text(json.dumps(crawler.spider.memory))
    used = resource.getrusage(resource.RUSAGE_SELF)
    stats = crawler.stats.get_stats()
    print(json.dumps({
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "rss_mb": round(used.ru_maxrss / 1024, 1),
        "requests": stats.get("downloader/request_count", 0),
        "postings": stats.get("item_scraped_count", 0),
        "again": crawler.spider.again,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
