"""Which security keys are accepted as a second factor?

A key signs a challenge of the console together with the address that the browser is at, so it answers no other site.
The library is loaded with the first key, because that takes longer than the rest of the console.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

SECONDS = 300
"""How long a browser waits for the key, and the console for its answer."""
MOST_KEYS = 10
"""Of one user."""


@dataclass(frozen=True, slots=True)
class Site:
    """What keys are bound to."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is stored of a key; its private part never leaves it."""

    key_id: bytes
    public_key: bytes
    counter: int
    """How often the key has signed. It only rises, unless the key was copied; 0: the key does not count."""


def site_of(url: str | None) -> Site | None:
    """The site of the public address; None without one, or if it is a number: browsers bind keys to names."""
    host = urlsplit(url).hostname if url else None
    return Site(host, str(url)) if host and not _is_number(host) else None


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def options_to_add(site: Site, name: str, full_name: str, challenge: bytes, known: Iterable[bytes]) -> str:
    """What `navigator.credentials.create` takes, as JSON; keys that are known already do not answer it."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Facility Pipeline",
        user_id=hashlib.sha256(name.encode()).digest(),
        user_name=name,
        user_display_name=full_name,
        challenge=challenge,
        timeout=SECONDS * 1_000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json(options)


def options_to_use(site: Site, challenge: bytes, known: Iterable[bytes]) -> str:
    """What `navigator.credentials.get` takes, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=SECONDS * 1_000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def added(site: Site, challenge: bytes, answer: str) -> NewKey:
    """The key that answered; raises `ValueError` for an answer to something else, or of another site."""
    from webauthn import verify_registration_response

    try:
        found = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except Exception as problem:
        # The answer can be anything, and the library raises what its parsers raise.
        raise ValueError(f"not the answer of a key: {problem}") from problem
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def id_in(answer: str) -> bytes:
    """Which key an answer names; empty for what is no answer."""
    from webauthn.helpers import parse_authentication_credential_json

    try:
        return parse_authentication_credential_json(answer).raw_id
    except Exception:  # as above
        return b""


def count_of(site: Site, challenge: bytes, answer: str, key: NewKey) -> int:
    """How often the key has signed; raises `ValueError` unless it signed this challenge, for this site, after the last.

    A lower count shows that there are two of a key.
    """
    from webauthn import verify_authentication_response

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.counter,
        )
    except Exception as problem:  # as above
        raise ValueError(f"not the answer of this key: {problem}") from problem
    return found.new_sign_count


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
