"""Where may a form send a person back to? Only to a page of this service."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOME = "/"
"""Leads to the first page that the person may see."""
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(text: str, otherwise: str = HOME) -> str:
    """The text if it is a path here, with its query; else another one."""
    if not _PATH.fullmatch(text) or len(text) > 2_000:
        return otherwise
    try:
        parts = urlsplit(text)
    except ValueError:
        return otherwise
    return text if not parts.scheme and not parts.netloc else otherwise


def after_sign_in(text: str) -> str:
    """The page to which a person returns after signing in: any but those of signing in."""
    path = local_path(text)
    return HOME if path.startswith(("/sign-", "/welcome")) else path
