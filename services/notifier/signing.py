"""How is a letter signed, so that its recipient's server knows that we wrote it? (RFC 6376)"""

from __future__ import annotations

from dkim import DKIMException, sign

HEADERS = (
    *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References"),
    *("MIME-Version", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"),
)
"""A change of one of these on the way breaks the signature; RFC 8058 requires the last two."""
_HEADERS = [name.lower().encode() for name in HEADERS]


def signed(content: bytes, domain: str, selector: str, key: str) -> bytes:
    """The letter with its signature in front; raises `ValueError` if the key is none."""
    try:
        signature: bytes = sign(
            content,
            selector.encode(),
            domain.encode(),
            key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_HEADERS,
        )
    except (DKIMException, ValueError, TypeError, IndexError) as error:
        raise ValueError(f"PIPELINE_DKIM_KEY is not a private key that can sign: {error}") from error
    return signature + content
