"""Is every posting of a denied site refused? (R10)"""

import pytest

from engines.packs import section
from services.ingest.domain.denied import Denied, SourceRules, denied_host, denied_source, host_of


@pytest.fixture
def rules() -> SourceRules:
    return section("sources", SourceRules)


@pytest.mark.parametrize("source", ["indeed", "INDEED.com", "Indeed scraper", "LinkedIn", "linked-in", "L\uff49nkedIn"])
def test_a_denied_source_is_recognized_in_every_spelling(rules: SourceRules, source: str) -> None:
    assert denied_source(rules, source) in ("indeed", "linkedin")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.indeed.com/viewjob?jk=1",
        "HTTPS://UK.INDEED.COM/x",
        "http://indeed.co.uk/job",
        "https://linkedin.com:443/jobs",
        "https://de.linkedin.com./jobs/1",
        "https://someone@www.linkedin.com/in",
        "https://lnkd.in/abc",
    ],
)
def test_a_denied_host_is_recognized_in_every_country_and_subdomain(rules: SourceRules, url: str) -> None:
    assert denied_host(rules, host_of(url))


@pytest.mark.parametrize(
    "url",
    ["https://careers.example/indeed.com", "https://indeedandmore.example/1", "https://example.org/?from=linkedin.com"],
)
def test_other_addresses_are_accepted_even_if_they_contain_a_denied_name(rules: SourceRules, url: str) -> None:
    assert denied_host(rules, host_of(url)) is None


def test_a_pack_cannot_shorten_the_deny_list() -> None:
    with pytest.raises(ValueError, match="must include linkedin"):
        SourceRules((Denied("indeed"),))
