"""Is every disguise of a denied site recognized, and nothing else? (R10)"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.crawling.denied import NEVER_READ, denied_origin

LINKEDIN = r"""
https://www.linkedin.com/jobs/view/1
HTTPS://WWW.LINKEDIN.COM/JOBS
http://linkedin.com
https://linkedin.com:443/jobs
https://linkedin.com:8443/jobs
https://de.linkedin.com./jobs/1
https://linkedin.com..
https://www.linkedin.cn/incareer
https://linkedin.co.uk/jobs
https://lnkd.in/abc
https://LNKD.IN/abc
https://media.licdn.com/x
https://someone@www.linkedin.com/in
https://user:pass@www.linkedin.com/in
https://www.linkedin.com@evil.example/jobs
https://evil.example\@www.linkedin.com/jobs
https:\\www.linkedin.com\jobs
https://www.linked\u0009in.com/jobs
https://www.linked\u00adin.com/jobs
https://www.linked\u200bin.com/jobs
https://www.%6Cinkedin.com/jobs
https://www%2Elinkedin%2Ecom/jobs
https://\uff57\uff57\uff57\uff0e\uff4c\uff49\uff4e\uff4b\uff45\uff44\uff49\uff4e\uff0e\uff43\uff4f\uff4d/jobs
https://www\u3002linkedin\u3002com/jobs
https://\u24db\u24d8\u24dd\u24da\u24d4\u24d3\u24d8\u24dd.com
https://l\u0456nkedin.com/jobs
https://www.xn--lnkedin-rog.com/
https://l\u0131nked\u0131n.com/
https://l\u00ed\u00f1ked\u00edn.com/
https://1inkedin.com/jobs
https://linked1n.com/jobs
https://L1NKED1N.com/jobs
https://linked-in.com/jobs
https://www-linkedin-com.translate.goog/jobs?_x_tr_sl=en
https://www.linkedin.com.proxy.example/jobs
https://www-linkedin-com.cdn.ampproject.org/c/s/www.linkedin.com/jobs
https://example.org/go?url=https://www.linkedin.com/jobs/view/1
https://example.org/go?url=https%3A%2F%2Fwww.linkedin.com%2Fjobs
https://example.org/go?url=www.linkedin.com/jobs/view/1
https://example.org/go?u=linkedin.com%2Fjobs%2Fview
https://example.org/#https://www.linkedin.com/jobs
https://example.org/go?url=HTTPS://WWW.LINKEDIN.COM/JOBS
https://example.org/go?url=https://%6c%69nkedin.com/jobs
https://example.org/r?u=aHR0cHM6Ly93d3cubGlua2VkaW4uY29tL2pvYnM
https://l.facebook.com/l.php?u=https%3A%2F%2Flnkd.in%2Fabc
https://webcache.googleusercontent.com/search?q=cache:www.linkedin.com
https://web.archive.org/web/2024/https://www.linkedin.com/jobs
https://web.archive.org/web/2024/linkedin.com
https://archive.ph/linkedin.com
https://translate.google.com/translate?sl=en&u=linkedin.com
https://12ft.io/linkedin.com
//www.linkedin.com/jobs
www.linkedin.com/jobs
linkedin.com/jobs
ftp://www.linkedin.com/jobs
view-source:https://www.linkedin.com/jobs
 https://www.linkedin.com/jobs
javascript:location='https://www.linkedin.com/jobs'
https:www.linkedin.com/jobs
https:///www.linkedin.com/jobs
""".strip("\n").splitlines()
INDEED = r"""
https://uk.indeed.com/viewjob?jk=1
https://indeed.co.uk/job
https://www.indeed.fr/emploi
https://indeed.jobs/x
https://smartapply.indeed.com/
https://secure.indeedflex.com/shift
https://%77%77%77%2e%69%6e%64%65%65%64%2e%63%6f%6d/viewjob
https://www.\u0456nd\u0435\u0435d.com/viewjob
https://\u0456\u043f\u0501\u0435\u0435\u0501.com/
https://xn--ndd-sdda8q.com/
https://lndeed.com/viewjob
https://ind33d.com/viewjob
https://www-indeed-com.ezproxy.library.example.edu/viewjob
https://example.org/go?url=https%253A%252F%252Fwww.indeed.com%252Fviewjob
https://example.org/go?url=%2F%2Fwww.indeed.com/viewjob
https://example.org/redirect/https://www.indeed.com/viewjob?jk=1
https://example.org/redirect/https:/www.indeed.com/viewjob
https://www.bing.com/ck/a?u=a1aHR0cHM6Ly93d3cuaW5kZWVkLmNvbS92aWV3am9i&ntb=1
https://www.google.com/url?q=https://www.indeed.com/viewjob&sa=D
https://webcache.googleusercontent.com/search?q=cache:AbC:https://www.indeed.com/viewjob
https://r.jina.ai/https://www.indeed.com/jobs
https://cc.bingj.com/cache.aspx?q=indeed.com
""".strip("\n").splitlines()
HIDING = r"""
https://108.174.10.10/jobs
https://[2620:109:c002::6cae:a0a]/jobs
https://1823345162/jobs
https://0x6cae0a0a/jobs
https://0154.0256.012.012/jobs
https://108.11405834/jobs
https://108.174.10.10:443/jobs
https://someone@108.174.10.10/jobs
""".strip("\n").splitlines()
OTHERS = r"""
https://careers.example/indeed.com
https://indeedandmore.example/1
https://example.org/?from=linkedin.com
https://example.org/?utm_source=linkedin&utm_medium=indeed
https://careers.example/jobs/1?source=Indeed
https://careers.example/jobs/linkedin-learning-coordinator
https://boards.greenhouse.io/maple/jobs/1?gh_src=linkedin
https://we-linked-in-care.example/1
https://kindeed.example/1
https://maple.wd5.myworkdayjobs.com/en-US/Maple/job/Albany%2C-NY/Nurse_R-1
https://web.archive.org/web/2024/https://careers.example/1
https://example.org/go?url=https://careers.example/1
https://example.org/jobs/Caf\u00e9%20Manager
https://jobs.example.org/@maple/1
https://www.example.org/2024.01.02/x
https://example.com/?u=aHR0cHM6Ly9leGFtcGxlLm9yZw
https://xn--caf-dma.example/jobs
http://127.0.0.1:8099/careers/birch.example/1
http://10.1.2.3/job/1
http://[::1]:8099/job/1
file:///jobs.csv
Registered Nurse
""".strip("\n").splitlines()


def written(text: str) -> str:
    """The text with its escaped characters."""
    return re.sub(r"\\u[0-9a-f]{4}", lambda escape: chr(int(escape[0][2:], 16)), text)


@pytest.mark.parametrize("url", LINKEDIN)
def test_every_disguise_of_linkedin_is_refused_with_the_reason(url: str) -> None:
    found = NEVER_READ.url(written(url))

    assert found is not None
    assert found.site == "linkedin"
    assert str(found).startswith("postings from linkedin are not accepted: ")


@pytest.mark.parametrize("url", INDEED)
def test_every_disguise_of_indeed_is_refused_with_the_reason(url: str) -> None:
    found = NEVER_READ.url(written(url))

    assert found is not None
    assert found.site == "indeed"
    assert str(found).startswith("postings from indeed are not accepted: ")


@pytest.mark.parametrize("url", HIDING)
def test_an_address_of_the_internet_is_refused_because_it_hides_the_site(url: str) -> None:
    assert str(NEVER_READ.url(url)).endswith("is an address, which hides whose host it is")


@pytest.mark.parametrize("url", OTHERS)
def test_other_urls_are_accepted_even_if_they_contain_a_denied_name(url: str) -> None:
    assert NEVER_READ.url(written(url)) is None


def test_at_least_60_disguises_are_tried() -> None:
    assert len({*LINKEDIN, *INDEED, *HIDING}) >= 60


@pytest.mark.parametrize(
    "url, why",
    [
        ("https://de.linkedin.com/jobs", "de.linkedin.com is a host of linkedin"),
        ("https://l1nkedin.com/jobs", "l1nkedin.com looks like a host of linkedin"),
        ("https://www-indeed-com.translate.goog/", "www-indeed-com.translate.goog shows pages of indeed"),
        ("https://example.org/?u=https://lnkd.in/a", "it leads on: lnkd.in is a host of linkedin"),
    ],
)
def test_the_reason_names_the_host(url: str, why: str) -> None:
    found = NEVER_READ.url(url)

    assert found is not None
    assert found.how == why


@pytest.mark.parametrize(
    "name, title",
    [
        ("LinkedIn", "LinkedIn"), ("linked-in", "LinkedIn"), ("L1nkedIn", "LinkedIn"), ("l i n k e d i n", "LinkedIn"),
        (r"L\u0131nked\u0131n", "LinkedIn"), (r"\u04cf\u0456nk\u0435d\u0456n", "LinkedIn"),
        (r"L\uff49nkedIn", "LinkedIn"),
        ("lnkd.in feed", "LinkedIn"), (r"li\u200bnkedin", "LinkedIn"), ("https://www.linkedin.com/jobs", "LinkedIn"),
        ("https%3A%2F%2F%6Cinkedin.com", "LinkedIn"),
        ("indeed", "Indeed"), ("INDEED.com", "Indeed"),
        ("Indeed scraper", "Indeed"), ("1ndeed", "Indeed"), (r"\u0438\u043d\u0434 indeed", "Indeed"),
        ("https://indeed.jobs/x", "Indeed"),
        ("county-board", None), ("Greenhouse", None), ("Linda Reed Jobs", None), ("find it", None), ("", None),
    ],
)  # fmt: skip
def test_a_denied_site_is_recognized_in_the_name_of_a_source(name: str, title: str | None) -> None:
    assert denied_origin(written(name)) == title


PARTS = ["https://", "//", "xn--", "linkedin", ".com", "%", "%25", "aHR0c", "[", "]", "@", ":", "0x", "1.", "\\", "a"]


@given(st.text(max_size=200) | st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@settings(deadline=None, max_examples=500)
def test_no_text_raises(text: str) -> None:
    NEVER_READ.url(text)
    NEVER_READ.url(f"https://{text}")
    NEVER_READ.name(text)


@pytest.mark.parametrize(
    "part", ["a.", "%25", "a.b", "0x1", "aHR0c", "//", "-", "https:", "1.", "\u0456", "xn--", "@a.b", "%2f%2fa.b/c"]
)
def test_no_url_takes_long(part: str) -> None:
    begun = time.process_time()

    NEVER_READ.url(f"https://x.example/{part * (8_000 // len(part))}")
    NEVER_READ.url(f"https://{part * (8_000 // len(part))}")

    assert time.process_time() - begun < 0.5
