"""Which tokens of an identity provider prove who a person is?"""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc import jwk, jwt

from services.console.identity_provider import Asked, Client, NotProven, claims_of

CLIENT = Client("https://login.example", "console", "secret", "https://console.example/sign-in/provider/return")
ASKED = Asked("state", "nonce", "verifier")
KEY = jwk.ECKey.generate_key("P-256", {"kid": "1"})
OTHER = jwk.ECKey.generate_key("P-256", {"kid": "1"})
SHARED = jwk.OctKey.import_key(b"secret" * 8)
KEYS: Any = {"keys": [KEY.as_dict(private=False)]}


def token(key: Any = KEY, alg: str = "ES256", **changed: Any) -> str:
    now = int(time.time())
    claims = {"iss": CLIENT.issuer, "sub": "1", "aud": "console", "iat": now, "exp": now + 60, "nonce": "nonce"}
    kept = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "1"}, kept, key)


def test_a_token_for_this_sign_in_is_accepted() -> None:
    assert claims_of(CLIENT, ASKED, KEYS, token())["sub"] == "1"
    assert claims_of(CLIENT, ASKED, KEYS, token(aud=["console", "other"], azp="console"))["sub"] == "1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"aud": ["console", "other"]},
        {"azp": "other"},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"key": OTHER},
        {"key": SHARED, "alg": "HS256"},
    ],
    ids=lambda changed: "+".join(changed),
)
def test_any_other_token_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotProven):
        claims_of(CLIENT, ASKED, KEYS, token(**changed))


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(NotProven):
        claims_of(CLIENT, ASKED, KEYS, text)
    with pytest.raises(NotProven):
        claims_of(CLIENT, ASKED, {}, token())
