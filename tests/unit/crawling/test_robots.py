"""Is a URL fetched only if the robots.txt of its host allows it, as RFC 9309 says?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.crawling.robots import LONGEST, decide, product_token

ROBOTS = Path(__file__).parents[4] / "shared" / "data" / "robots"
needs_robots = pytest.mark.skipif(not ROBOTS.is_dir(), reason="needs the robots.txt files in ../shared/data/robots")
US = "FacilityPipeline"
OF_ANOTHER_OPINION = {
    # docs/sources.md has the reasons.
    ("non-ascii-paths", 1),
    ("non-ascii-paths", 2),
    ("non-ascii-paths", 3),
    ("stress-327748", 0),
    ("stress-860237", 0),
}


def allowed(content: str | bytes, path: str = "/jobs/1", agent: str = US) -> bool:
    sent = content.encode() if isinstance(content, str) else content
    return decide(200, sent, agent, f"https://example.com{path}").allowed


@pytest.mark.parametrize(
    "status, may",
    [(200, False), (204, False), (301, True), (400, True), (401, True), (403, True), (404, True), (410, True),
     (429, True), (500, False), (503, False), (599, False), (None, False), (101, False)],
)  # fmt: skip
def test_without_a_robots_txt_all_is_allowed_and_without_an_answer_nothing(status: int | None, may: bool) -> None:
    found = decide(status, b"User-agent: *\nDisallow: /", US, "https://example.com/jobs")

    assert found.allowed is may
    assert found.why


DISALLOWED = [
    "User-agent: *\nDisallow: /jobs",
    "\ufeffUser-agent: *\nDisallow: /jobs",
    "user-agent:*\ndisallow:/jobs",
    "USER-AGENT : *  # all\nDISALLOW : /jobs # none",
    "User-agent: *\rDisallow: /jobs\r",
    "User-agent: *\r\nDisallow: /jobs\r\n",
    "User-agent: *\n\n\nDisallow: /jobs",
    "User-agent: *\nSitemap: https://example.com/s.xml\nUser-agent: other\nDisallow: /jobs",
    "User-agent: a\nUser-agent: facilitypipeline\nUser-agent: b\nDisallow: /jobs",
    "User-agent: FacilityPipeline/2.0 (+https://example.com)\nDisallow: /jobs",
    "User-agent: FACILITYPIPELINE\nDisallow: /a\n\nUser-agent: *\n\nUser-agent: FacilityPipeline\nDisallow: /j",
    "User-agent: *\nDisallow: *1$",
    "User-agent: *\nDisallow: /*/1",
    "User-agent: *\nDisallow: /%6Aobs",
    "User-agent: *\nAllow: /j\nDisallow: /jobs/",
    "User-agent: *\nDisallow: /a\x0b\nDisallow: /jobs",
    "<html><body>\nUser-agent: *\nDisallow: /jobs\n</body></html>",
    "Disallow: /\nUser-agent: *\nDisallow: /jobs",
]
ALLOWED = [
    "",
    "User-agent: *\nDisallow:",
    "User-agent: *\nDisallow: /JOBS",
    "User-agent: *\nDisallow: /jobs\nAllow: /jobs/1",
    "User-agent: *\nAllow: /jobs/1\nDisallow: /jobs/1",
    "User-agent: *\nDisallow: /jobs$",
    "User-agent: *\nDisallow: /\nUser-agent: *\nAllow: /j",
    "User-agent: *\nDisallow: /careers",
    "User-agent: *\nDisallow: /\n\nUser-agent: FacilityPipeline\nDisallow: /private",
    "User-agent: Facility\nDisallow: /",
    "User-agent: FacilityPipelineBot\nDisallow: /",
    "User-agent: NotFacilityPipeline\nDisallow: /",
    "User-agent: us\nDisallow: /",
    "User-agent: others\nDisallow: /",
    "User-agent: *\nDisallow: /a\u2028Disallow: /jobs",
    "User-agent: *\nDisallow: /a\x85Disallow: /jobs",
    "Disallow: /",
    "<!doctype html><title>Not found</title>",
]


@pytest.mark.parametrize("content", DISALLOWED)
def test_a_rule_that_disallows_is_found(content: str) -> None:
    assert not allowed(content)


@pytest.mark.parametrize("content", ALLOWED)
def test_what_no_rule_disallows_is_allowed(content: str) -> None:
    assert allowed(content)


def test_a_file_in_utf_16_and_one_with_half_a_byte_order_mark_are_read() -> None:
    rules = "User-agent: *\nDisallow: /jobs"

    assert not allowed(rules.encode("utf-16"))
    assert not allowed(b"\xef\xbb" + rules.encode())


def test_paths_in_latin_1_are_compared_by_their_bytes() -> None:
    rules = "User-agent: *\nDisallow: /caf\u00e9".encode("latin-1")

    assert not allowed(rules, "/caf%E9/jobs")
    assert allowed(rules, "/caf/jobs")


def test_500_kib_are_read_and_a_line_that_is_cut_there_is_not() -> None:
    rules = b"User-agent: *\nDisallow: /jobs\n"
    filled = rules + b"#" * (LONGEST - len(rules) - 5) + b"\nDisallow: /\n"

    assert not allowed(filled)
    assert allowed(filled, "/careers")
    assert allowed(b"#" * LONGEST + b"\n" + rules)


def test_robots_txt_itself_may_always_be_fetched() -> None:
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt")


@pytest.mark.parametrize(
    "rules, delay",
    [("Crawl-delay: 2.5", 2.5), ("crawl-delay:10", 10), ("Crawl-delay: nan", None), ("Crawl-delay: -1", None),
     ("Crawl-delay: soon", None), ("Crawl-delay: inf", None), ("", None)],
)  # fmt: skip
def test_the_delay_that_a_site_asks_for_is_stated(rules: str, delay: float | None) -> None:
    content = f"User-agent: {US}\n{rules}\nDisallow:\nUser-agent: *\nCrawl-delay: 99".encode()

    assert decide(200, content, US, "https://example.com/").crawl_delay == delay


@pytest.mark.parametrize(
    "content, path, why",
    [
        ("User-agent: *\nDisallow: /jobs", "/jobs/1", "Disallow: /jobs, for all agents"),
        ("User-agent: FacilityPipeline\nDisallow: /\nAllow: /j*s", "/jobs", "Allow: /j*s, for facilitypipeline"),
        ("User-agent: *\nDisallow: /a", "/jobs", "no rule of robots.txt matches"),
        ("User-agent: Other\nDisallow: /", "/jobs", "robots.txt has no rule for this agent"),
        ("User-agent: *\nDisallow: /", "/robots.txt", "robots.txt itself may always be fetched"),
    ],
)
def test_the_rule_that_decided_is_stated(content: str, path: str, why: str) -> None:
    assert decide(200, content.encode(), US, f"https://example.com{path}").why == why


@pytest.mark.parametrize("agent", ["", " ", "1bot", "/1.0"])
def test_an_agent_without_a_name_is_refused(agent: str) -> None:
    with pytest.raises(ValueError, match="is not the name of an agent"):
        product_token(agent)


@given(st.binary(max_size=300) | st.lists(st.sampled_from(
    [b"User-agent: ", b"*", b"Disallow: ", b"/", b"\r", b"\n", b"$", b"%", b"\xef\xbb\xbf", b"#", b"Crawl-delay: 1e9"]
)).map(b"".join), st.text(max_size=30))  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_no_content_and_no_url_raises(content: bytes, path: str) -> None:
    decide(200, content, US, f"https://example.com/{path}")
    decide(200, content, US, path)


@needs_robots
def test_at_least_97_percent_of_the_cases_of_the_standard_are_decided_as_labeled() -> None:
    cases = [json.loads(line) for line in (ROBOTS / "truth.jsonl").read_text().splitlines()]
    cases = [case for case in cases if "robotstxt_latin1" in case and not case["google_specific"]]

    wrong = {
        (Path(case["file"]).stem, case["test"])
        for case in cases
        if case["allowed"]
        != decide(200, case["robotstxt_latin1"].encode("latin-1"), case["useragent"], case["url"]).allowed
    }

    assert wrong == OF_ANOTHER_OPINION
    assert len(cases) >= 200
    assert len(wrong) / len(cases) < 0.03


@needs_robots
def test_real_files_are_decided_as_two_other_programs_agree() -> None:
    wrong = set()
    compared = 0
    for line in (ROBOTS / "truth.jsonl").read_text().splitlines():
        case = json.loads(line)
        for asked, may in case.get("allowed_where_protego_and_robotspy_agree", {}).items():
            agent, path = asked.split(" ", 1)
            compared += 1
            if decide(200, (ROBOTS / case["file"]).read_bytes(), agent, case["base"] + path).allowed != may:
                wrong.add(Path(case["file"]).name)

    # Its first line is one for all agents, which those two do not recognize behind the byte order mark.
    assert wrong == {"www.jimmyjohns.com.txt"}
    assert compared > 7_000


@needs_robots
def test_files_that_were_made_to_break_parsers_are_read() -> None:
    files = list((ROBOTS / "temoto-fuzz").iterdir())

    assert files
    for file in files:
        decide(200, file.read_bytes(), US, "https://example.com/")
