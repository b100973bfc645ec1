"""Where may a form send a person back to?"""

from __future__ import annotations

import pytest

from services.console.domain.returning import HOME, after_sign_in, local_path


@pytest.mark.parametrize("path", ["/worklist", "/facilities/335001?on=2026-07-01&x=//y", "/drafts#d", "/inbox/a%2Fb"])
def test_a_page_of_this_service_is_accepted(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "worklist",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/worklist\r\nSet-Cookie: a=b",
        "/\x00",
        " /worklist",
        "/" + "a" * 3_000,
    ],
)
def test_everything_else_leads_home(path: str) -> None:
    assert local_path(path) == HOME


@pytest.mark.parametrize("path", ["/sign-in?next=/sign-in", "/sign-in/code", "/welcome?token=x", "//evil.example"])
def test_signing_in_does_not_lead_to_signing_in(path: str) -> None:
    assert after_sign_in(path) == HOME
