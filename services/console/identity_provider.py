"""How does a person prove an e-mail address at an identity provider? (OpenID Connect: a code, with PKCE)

Only the issuer that the operator names is asked, and the addresses that it publishes; no redirect is followed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from pydantic_core import from_json

MOST_BYTES = 300_000
SECONDS = 5.0
"""For all requests of one step."""
LEEWAY = 60
"""Seconds by which the provider's clock may be ahead or behind."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Only signatures by a private key: with a shared secret, each side could make tokens."""


class NotAvailable(Exception):
    """The provider cannot be used at the moment."""


class NotProven(Exception):
    """The provider did not prove who this is."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows the console as."""

    issuer: str
    client_id: str
    secret: str
    """Empty: PKCE alone proves that the same client asks."""
    return_url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What belongs to one sign-in under way, and is never reused."""

    state: str
    """The browser brings it back: the sign-in was begun in it."""
    nonce: str
    """The token repeats it: it was made for this sign-in."""
    verifier: str
    """Only with this can the code be exchanged."""


def new_asked() -> Asked:
    return Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


async def address_of(client: Client, asked: Asked) -> str:
    """Where the person signs in; raises `NotAvailable`."""
    async with _connected() as http:
        endpoint = _endpoint(await _metadata(http, client), client, "authorization_endpoint")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    fields = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.return_url,
        "scope": "openid email",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(fields)}"


async def email_of(client: Client, asked: Asked, code: str) -> str:
    """The e-mail address that the provider has verified, given its code; raises `NotAvailable` or `NotProven`."""
    async with _connected() as http:
        metadata = await _metadata(http, client)
        tokens = await _exchanged(http, metadata, client, asked, code)
        keys = await _json(http, "GET", _endpoint(metadata, client, "jwks_uri"))
        claims = await asyncio.to_thread(claims_of, client, asked, keys, str(tokens.get("id_token", "")))
        if "email" not in claims and "userinfo_endpoint" in metadata:
            endpoint = _endpoint(metadata, client, "userinfo_endpoint")
            authorization = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
            found = await _json(http, "GET", endpoint, headers=authorization)
            claims = found if found.get("sub") == claims["sub"] else {}
    email = claims.get("email")
    if not isinstance(email, str) or not email or claims.get("email_verified") is not True:
        raise NotProven("it states no verified e-mail address")
    return email


def _connected() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=SECONDS, trust_env=False, headers={"Accept-Encoding": "identity"})


async def _metadata(http: httpx.AsyncClient, client: Client) -> dict[str, Any]:
    found = await _json(http, "GET", f"{client.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != client.issuer:
        raise NotAvailable(f"it names itself {str(found.get('issuer'))[:200]!r}")
    return found


def _endpoint(metadata: dict[str, Any], client: Client, name: str) -> str:
    """An address that the provider publishes, over TLS as its own."""
    url = str(metadata.get(name, ""))
    if urlsplit(url).scheme not in ("https", urlsplit(client.issuer).scheme):
        raise NotAvailable(f"its {name} is not https://")
    return url


async def _exchanged(
    http: httpx.AsyncClient, metadata: dict[str, Any], client: Client, asked: Asked, code: str
) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.return_url,
        "client_id": client.client_id,
        "code_verifier": asked.verifier,
    }
    auth = None
    ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if client.secret and "client_secret_basic" in ways:
        auth = httpx.BasicAuth(quote_plus(client.client_id), quote_plus(client.secret))
    elif client.secret:
        fields["client_secret"] = client.secret
    return await _json(http, "POST", _endpoint(metadata, client, "token_endpoint"), data=fields, auth=auth)


async def _json(http: httpx.AsyncClient, method: str, url: str, **more: Any) -> dict[str, Any]:
    """The object at an address; a refusal of what was sent is `NotProven`."""
    content = bytearray()
    try:
        async with asyncio.timeout(SECONDS), http.stream(method, url, **more) as response:
            if 400 <= response.status_code < 500 and response.status_code != 429 and method == "POST":
                raise NotProven(f"it refused the code with status {response.status_code}")
            if response.status_code != 200:
                raise NotAvailable(f"status {response.status_code}")
            async for part in response.aiter_raw(8_192):
                content += part
                if len(content) > MOST_BYTES:
                    raise NotAvailable(f"its answer has more than {MOST_BYTES} bytes")
        found = from_json(bytes(content))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        raise NotAvailable(type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotAvailable("its answer is no object")
    return found


def claims_of(client: Client, asked: Asked, keys: dict[str, Any], token: str) -> dict[str, Any]:
    """What a token states, once its signature, issuer, audience, time and nonce are verified; raises `NotProven`."""
    from joserfc import errors, jwk, jwt  # loaded with the first sign-in

    wanted = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": client.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": asked.nonce},
    )
    try:
        claims = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]  # read from JSON
        wanted.validate(claims)
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(f"its token is not valid: {type(error).__name__}") from error
    others = claims["aud"] != client.client_id and claims["aud"] != [client.client_id]
    if claims.get("azp", None if others else client.client_id) != client.client_id:
        raise NotProven("its token is for another client")
    return claims
