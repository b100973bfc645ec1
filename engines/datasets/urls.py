"""What is a valid web address?"""

from __future__ import annotations

from urllib.parse import urlsplit


def is_url(text: str) -> bool:
    """Whether a text is the address of a web page: http or https, and a host."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url
