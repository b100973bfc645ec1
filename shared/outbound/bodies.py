"""What does a body contain once it is decompressed, and when is it too large?"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from shared.outbound.failures import Refused, TooLarge, Unreachable

ACCEPTED = "gzip, deflate"
_MOST_CODINGS = 2
_STEP = 65_536
"""Bytes that are decompressed at a time, so that a small chunk cannot become a large one in memory."""


class Body:
    """Takes chunks as they arrive; counts them before and after decompression."""

    def __init__(self, codings: str, limit: int, sink: Callable[[bytes], object]) -> None:
        self._codings = codings
        self._limit = limit
        self._sink = sink
        self._sent = self._taken = 0
        self._decoders: list[Gzip | _Deflate] = []

    def take(self, chunk: bytes) -> None:
        """Raises `TooLarge` beyond the limit, `Refused` for other compressions, and `Unreachable` if it is damaged."""
        if not self._sent:  # an answer without a body may name any compression
            self._decoders = [_decoder(coding) for coding in reversed(_listed(self._codings))]
        self._sent += len(chunk)
        self._within(self._sent)
        try:
            for plain in self._decoded(chunk, 0):
                self._taken += len(plain)
                self._within(self._taken)
                self._sink(plain)
        except zlib.error:
            raise Unreachable("the compressed body is damaged") from None

    def end(self) -> None:
        """Raises `Unreachable` if a compressed body is cut off."""
        if self._sent and not all(decoder.complete for decoder in self._decoders):
            raise Unreachable("the body is cut off: its compressed data has no end")

    def _within(self, size: int) -> None:
        if size > self._limit:
            raise TooLarge(f"the body is larger than {self._limit:,} bytes")

    def _decoded(self, chunk: bytes, at: int) -> Iterator[bytes]:
        if at == len(self._decoders):
            yield chunk
            return
        for plain in self._decoders[at].decoded(chunk):
            yield from self._decoded(plain, at + 1)


class Gzip:
    """One or several gzip members, one after the other."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.complete = False
        self.padded = False
        """Something that is not gzip follows the end; it is left out."""

    def decoded(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk contains, in small parts; raises `zlib.error`."""
        while chunk:
            if self._inflate.eof:
                if not chunk.startswith(b"\x1f"):  # some servers pad the end
                    self.padded = True
                    return
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            plain = self._inflate.decompress(chunk, _STEP)
            chunk = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            self.complete = self._inflate.eof
            if plain:
                yield plain


class _Deflate:
    """With the frame of zlib, as the standard says, or without, as some servers send it."""

    def __init__(self) -> None:
        self._inflate: zlib._Decompress | None = None
        self._start = b""
        self.complete = False

    def decoded(self, chunk: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            self._start += chunk
            if len(self._start) < 2:
                return
            framed = self._start[0] & 15 == 8 and int.from_bytes(self._start[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)
            chunk, self._start = self._start, b""
        while chunk and not self._inflate.eof:
            plain = self._inflate.decompress(chunk, _STEP)
            chunk = self._inflate.unconsumed_tail
            if plain:
                yield plain
        self.complete = self._inflate.eof


def _listed(codings: str) -> list[str]:
    listed = [name for name in (part.strip().lower() for part in codings.split(",")) if name not in ("", "identity")]
    if len(listed) > _MOST_CODINGS:
        raise Refused(f"the body is compressed {len(listed)} times")
    return listed


def _decoder(coding: str) -> Gzip | _Deflate:
    if coding in ("gzip", "x-gzip"):
        return Gzip()
    if coding == "deflate":
        return _Deflate()
    raise Refused(f"the body is compressed as {coding[:20]!r}, which was not asked for")
