"""Which values may an operator state for the console?"""

from __future__ import annotations

from urllib.parse import urlsplit


def is_address(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme not in (("http", "https") if local else ("https",)) or not parts.netloc or "@" in parts.netloc:
        raise ValueError("is not https://HOST; only on its own machine is the console used without encryption")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("has a path; the console needs a host of its own, without one")
    return f"{parts.scheme}://{parts.netloc}"


def is_issuer(issuer: str) -> str:
    parts = urlsplit(issuer)
    if issuer and (is_address(f"{parts.scheme}://{parts.netloc}") is None or parts.query or parts.fragment):
        raise ValueError("is not the address of an issuer, such as https://login.example/company")
    return issuer
