"""How is a picture drawn? Rectangles and text on a canvas, as PNG, with the standard library alone."""

from __future__ import annotations

import struct
import zlib

Color = tuple[int, int, int]

WHITE, INK, GRID = (255, 255, 255), (40, 40, 48), (220, 222, 228)
BAR, UP, DOWN = (64, 98, 150), (24, 130, 70), (176, 48, 48)

# Five rows of three pixels for each character.
GLYPHS: dict[str, tuple[int, ...]] = {
    "0": (7, 5, 5, 5, 7), "1": (2, 6, 2, 2, 7), "2": (7, 1, 7, 4, 7), "3": (7, 1, 7, 1, 7), "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7), "6": (7, 4, 7, 5, 7), "7": (7, 1, 2, 2, 2), "8": (7, 5, 7, 5, 7), "9": (7, 5, 7, 1, 7),
    ".": (0, 0, 0, 0, 2), " ": (0, 0, 0, 0, 0), "T": (7, 2, 2, 2, 2), "i": (2, 0, 2, 2, 2), "e": (0, 7, 7, 4, 7),
    "r": (0, 6, 4, 4, 4), "f": (3, 2, 7, 2, 2), "o": (0, 7, 5, 5, 7), "m": (0, 7, 7, 5, 5), ",": (0, 0, 0, 2, 4),
    "F": (7, 4, 6, 4, 4), "S": (3, 4, 2, 1, 6), "a": (0, 6, 3, 5, 7), "c": (0, 7, 4, 4, 7), "d": (1, 1, 7, 5, 7),
    "l": (6, 2, 2, 2, 7), "n": (0, 6, 5, 5, 5), "p": (0, 7, 5, 7, 4), "s": (0, 3, 4, 1, 6), "t": (2, 7, 2, 2, 3),
    ":": (0, 2, 0, 2, 0), "(": (1, 2, 2, 2, 1), ")": (4, 2, 2, 2, 4),
    "b": (4, 6, 5, 5, 6), "g": (0, 3, 5, 3, 6), "h": (4, 4, 6, 5, 5), "j": (1, 0, 1, 1, 6), "k": (4, 5, 6, 6, 5),
    "q": (0, 3, 5, 3, 1), "u": (0, 5, 5, 5, 7), "v": (0, 5, 5, 5, 2), "w": (0, 5, 5, 7, 7), "x": (0, 5, 2, 2, 5),
    "y": (0, 5, 5, 3, 6), "z": (0, 7, 3, 6, 7), "A": (2, 5, 7, 5, 5), "B": (6, 5, 6, 5, 6), "C": (3, 4, 4, 4, 3),
    "D": (6, 5, 5, 5, 6), "E": (7, 4, 6, 4, 7), "G": (3, 4, 5, 5, 3), "H": (5, 5, 7, 5, 5), "I": (7, 2, 2, 2, 7),
    "J": (1, 1, 1, 5, 2), "K": (5, 5, 6, 5, 5), "L": (4, 4, 4, 4, 7), "M": (5, 7, 7, 5, 5), "N": (7, 5, 5, 5, 5),
    "O": (2, 5, 5, 5, 2), "P": (6, 5, 6, 4, 4), "Q": (2, 5, 5, 6, 3), "R": (6, 5, 6, 5, 5), "U": (5, 5, 5, 5, 7),
    "V": (5, 5, 5, 5, 2), "W": (5, 5, 7, 7, 5), "X": (5, 5, 2, 5, 5), "Y": (5, 5, 2, 2, 2), "Z": (7, 1, 2, 4, 7),
    "%": (5, 1, 2, 4, 5), "-": (0, 0, 7, 0, 0), "/": (1, 1, 2, 4, 4), "_": (0, 0, 0, 0, 7), "'": (2, 2, 0, 0, 0),
}  # fmt: skip


class Canvas:
    """A rectangle of pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray(bytes(WHITE) * width) for _ in range(height)]

    def fill(self, left: int, top: int, right: int, bottom: int, color: Color) -> None:
        left, right = max(left, 0), min(right, self.width)
        if right > left:
            for y in range(max(top, 0), min(bottom, self.height)):
                self._rows[y][3 * left : 3 * right] = bytes(color) * (right - left)

    def write(self, x: int, y: int, text: str, color: Color = INK, size: int = 2) -> None:
        for sign in text:
            for row, bits in enumerate(GLYPHS.get(sign, GLYPHS[" "])):
                for column in range(3):
                    if bits & (4 >> column):
                        at = x + column * size, y + row * size
                        self.fill(at[0], at[1], at[0] + size, at[1] + size, color)
            x += 4 * size

    def png(self) -> bytes:
        raw = b"".join(b"\0" + bytes(row) for row in self._rows)
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
