"""Does `pipeline source allowed` show what a robots.txt allows, a line for each URL?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app

RULES = b"\xef\xbb\xbfUser-agent: *\rDisallow: /private\rCrawl-delay: 5\r"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "robots.txt"
    path.write_bytes(RULES)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["source", "allowed", *arguments])


def test_each_url_is_allowed_or_disallowed_in_the_order_given(file: str) -> None:
    done = run(
        "--robots", file, "--agent", "AnyBot", "https://example.com/jobs", "https://example.com/private/1", "/jobs"
    )

    assert (done.exit_code, done.stdout) == (0, "allowed\ndisallowed\nallowed\n")


def test_the_rule_that_decides_is_shown(file: str) -> None:
    done = run("--robots", file, "--why", "https://example.com/private/1")
    as_json = run("--robots", file, "--json", "https://example.com/private/1")

    assert done.stdout == "disallowed  https://example.com/private/1  Disallow: /private, for all agents\n"
    assert json.loads(as_json.stdout) == {
        "url": "https://example.com/private/1",
        "allowed": False,
        "rule": "Disallow: /private, for all agents",
        "crawl_delay": 5.0,
    }


@pytest.mark.parametrize("url", ["example.com/jobs", "ftp://example.com/", "https://", "https://[/", "jobs"])
def test_what_is_no_url_is_named_and_nothing_is_decided(file: str, url: str) -> None:
    done = run("--robots", file, "https://example.com/jobs", url)

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{url!r} is not like" in done.stderr


def test_an_agent_and_a_file_that_are_none_are_named(file: str) -> None:
    agent = run("--robots", file, "--agent", "1.0", "https://example.com/")
    missing = run("--robots", "none.txt", "https://example.com/")

    assert (agent.exit_code, "'1.0' is not the name of an agent" in agent.stderr) == (2, True)
    assert missing.exit_code != 0
    assert "There is no file none.txt" in f"{missing.stderr}{missing.exception}"
