"""At which addresses can the console be used?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.console.settings import deployed, refuse_invalid


@pytest.mark.parametrize(
    "url, used",
    [
        ("https://console.example/", "https://console.example"),
        ("https://console.example:8443", "https://console.example:8443"),
        ("http://127.0.0.1:8084", "http://127.0.0.1:8084"),
    ],
)
def test_an_encrypted_address_or_one_of_this_machine_is_accepted(
    monkeypatch: pytest.MonkeyPatch, url: str, used: str
) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_URL", url)

    assert deployed().url == used


@pytest.mark.parametrize(
    "url", ["http://console.example", "console.example", "https://a@b.example", "https://c.example/x"]
)
def test_any_other_address_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_URL", url)

    with pytest.raises(ValidationError, match="url"):
        deployed()


@pytest.mark.parametrize(
    "issuer, client, url, message",
    [
        ("https://login.example/company", "", "https://console.example", "needs PIPELINE_CONSOLE_OIDC_CLIENT_ID"),
        ("https://login.example/company", "console", None, "needs PIPELINE_CONSOLE_OIDC_CLIENT_ID"),
        ("http://login.example", "console", "https://console.example", "is not https"),
        ("https://ann:x@login.example", "console", "https://console.example", "is not https"),
        ("https://login.example/?a=b", "console", "https://console.example", "is not the address of an issuer"),
    ],
)
def test_an_identity_provider_is_named_completely(
    monkeypatch: pytest.MonkeyPatch, issuer: str, client: str, url: str | None, message: str
) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_ISSUER", issuer)
    monkeypatch.setenv("PIPELINE_CONSOLE_OIDC_CLIENT_ID", client)
    if url:
        monkeypatch.setenv("PIPELINE_CONSOLE_URL", url)

    with pytest.raises(ValidationError, match=message):
        deployed()


@pytest.mark.parametrize("keys", ["", "short", f"{'k' * 40},short"])
def test_without_a_long_key_the_console_does_not_start(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("PIPELINE_CONSOLE_SECRET_KEYS", keys)

    with pytest.raises(SystemExit, match=r"PIPELINE_CONSOLE_SECRET_KEYS: .*at least 32 characters"):
        refuse_invalid()
