"""On what are pictures drawn? A canvas of filled rectangles and text, saved as PNG."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]

WHITE, INK, GRID = (255, 255, 255), (40, 40, 48), (220, 222, 228)
BAR, UP, DOWN = (64, 98, 150), (24, 130, 70), (176, 48, 48)
TICKS = 5
"""The maximum number of grid lines."""


class Canvas:
    """A white rectangle of pixels; (0, 0) is its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width, height), WHITE)
        self._draw = ImageDraw.Draw(self._image)
        self._font = ImageFont.load_default(13)

    def fill(self, left: int, top: int, right: int, bottom: int, color: Color) -> None:
        """Fill a rectangle; its right and lower edges are outside it."""
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=color)

    def write(self, x: int, y: int, text: str, color: Color = INK) -> None:
        """Write a line of text, whose upper left corner is given."""
        self._draw.text((x, y), text, fill=color, font=self._font)

    def width_of(self, text: str) -> int:
        return round(self._draw.textlength(text, font=self._font))

    def png(self) -> bytes:
        file = io.BytesIO()
        self._image.save(file, "PNG", optimize=True)
        return file.getvalue()


def round_step(most: int) -> int:
    """The smallest of 1, 2 or 5 times a power of ten for which at most `TICKS` steps reach `most`."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * TICKS >= most:
                return step
        power *= 10
