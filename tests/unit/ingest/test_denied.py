"""Does the deny-list of a pack add to the sites that are always denied, and never shorten it? (R10)"""

import pytest

from engines.crawling.denied import Denied
from engines.packs import section
from services.ingest.domain.denied import SourceRules


def test_the_list_of_the_pack_denies_the_sites_in_disguise() -> None:
    denied = section("sources", SourceRules).deny_list()

    assert denied.url("https://example.org/go?url=https%3A%2F%2Fwww.linkedin.com%2Fjobs")
    assert denied.name("Indeed scraper") == "indeed"


def test_a_pack_adds_sites_and_hosts_and_keeps_those_that_are_always_denied() -> None:
    denied = SourceRules(
        (Denied("linkedin", ("linkedin.example",)), Denied("indeed"), Denied("monster", ("m.example",)))
    ).deny_list()

    for url in ("https://jobs.linkedin.example/", "https://lnkd.in/a", "https://indeed.jobs/1", "https://m.example/1"):
        assert denied.url(url)
    assert denied.name("Monster feed") == "monster"
    assert {"lnkd.in", "www.indeed.com", "m.example"} <= {*denied.hosts}


def test_a_pack_cannot_shorten_the_deny_list() -> None:
    with pytest.raises(ValueError, match="must include linkedin"):
        SourceRules((Denied("indeed"),))
