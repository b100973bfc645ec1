"""Is a denied site reached by no way that leads there? (R10)"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engines.crawling.denied import NEVER_READ
from shared.outbound import Outbound, Refused, Request
from tests.support.outside import PUBLIC, Rerouted, names, redirect, site

Client = Callable[..., Outbound]
OF_LINKEDIN = "108.174.10.10"


def denied(url: str) -> str | None:
    found = NEVER_READ.url(url)
    return str(found) if found else None


@pytest.mark.parametrize(
    "to",
    [
        "https://www.linkedin.com/jobs/view/1",
        "//www.linkedin.com/jobs/view/1",
        "https://lnkd.in/abc",
        "https://WWW.%4cinkedin.com/jobs",
        "https://www-indeed-com.translate.goog/viewjob",
        "https://translate.google.com/translate?u=indeed.com",
        "/next?url=https%3A%2F%2Fwww.indeed.com%2Fviewjob",
        "https://108.174.10.10/jobs",
    ],
)
async def test_a_short_link_that_redirects_there_is_not_followed(client: Client, to: str) -> None:
    async with site(redirect(to)) as shortener:
        network = Rerouted(shortener)

        with pytest.raises(Refused, match=r"redirected by short\.example\.com: .*(?:not accepted|hides whose host)"):
            await client(resolve=names(), network=network, denied=denied).send(Request("http://short.example.com/x"))

    assert network.dialed == [(PUBLIC, 80)]


async def test_another_name_for_an_address_of_a_denied_host_is_not_asked(client: Client) -> None:
    resolver = names({"www.linkedin.com": [OF_LINKEDIN], "jobs.example.com": [OF_LINKEDIN]})
    async with site(b"") as host:
        network = Rerouted(host)
        asking = client(resolve=resolver, network=network, denied=denied, denied_names=NEVER_READ.hosts)

        with pytest.raises(Refused, match=r"jobs\.example\.com leads to an address of a denied host"):
            await asking.send(Request("https://jobs.example.com/"))

    assert network.dialed == []


async def test_an_allowed_pair_does_not_lift_the_deny_list(client: Client) -> None:
    with pytest.raises(Refused, match="postings from linkedin are not accepted"):
        await client("www.linkedin.com:8080", denied=denied).send(Request("http://www.linkedin.com:8080/"))
