"""Filled polygons on a picture in memory, and the picture as PNG."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, hypot, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Canvas", "Colour", "Point", "ellipse", "outline", "stroke"]

Point = tuple[float, float]
Colour = tuple[int, int, int]

LINES = 3
"""Lines on which a row of pixels is sampled: edges are smooth to a third of a pixel."""
LEVELS = 64
"""Steps of opacity."""
SOLID = [bytes((value,)) for value in range(256)]


class Canvas:
    """A square picture of `side` pixels; a drawing has coordinates from 0 to 1, whatever the side.

    The three colours are kept apart, so that a span is filled by one assignment or one translation of bytes.
    """

    def __init__(self, side: int, top: Colour, bottom: Colour) -> None:
        self.side = side
        self._planes = [
            bytearray().join(
                bytes([round(upper + (lower - upper) * row / side)]) * side for row in range(side)
            )
            for upper, lower in zip(top, bottom, strict=True)
        ]

    def fill(self, points: Iterable[Point], colour: Colour, opacity: float = 1.0) -> None:
        """Fills a polygon; where it crosses itself, by the even-odd rule."""
        crossings = self._crossings([(x * self.side, y * self.side * LINES) for x, y in points])
        rows: dict[int, dict[int, float]] = {}
        width = float(self.side)
        for line, places in crossings.items():
            places.sort()
            row = rows.setdefault(line // LINES, {})
            for start, end in zip(places[::2], places[1::2], strict=True):
                if end > start:
                    add_span(row, start if start > 0 else 0.0, min(end, width))
        for number, row in rows.items():
            self._fill_row(number * self.side, row, colour, opacity / LINES * LEVELS)

    def _crossings(self, points: Sequence[Point]) -> dict[int, list[float]]:
        """Where the edges cross the middle of each line."""
        crossings: dict[int, list[float]] = {}
        last = self.side * LINES - 1
        for corner, next_corner in zip(points, [*points[1:], points[0]], strict=True):
            rising = corner[1] > next_corner[1]
            (x, y), (end_x, end_y) = (next_corner, corner) if rising else (corner, next_corner)
            first, end = max(ceil(y - 0.5), 0), min(ceil(end_y - 0.5) - 1, last)
            if first > end:
                continue
            slope = (end_x - x) / (end_y - y)
            place = x + (first + 0.5 - y) * slope
            for line in range(first, end + 1):
                crossings.setdefault(line, []).append(place)
                place += slope
        return crossings

    def _fill_row(self, start: int, changes: dict[int, float], colour: Colour, opacity: float) -> None:
        """Fills a row of pixels from the changes of its coverage."""
        covered = 0.0
        red, green, blue = self._planes
        for place, end in pairwise(sorted(changes)):
            covered += changes[place]
            level = int(covered * opacity + 0.5)
            if level <= 0:
                continue
            left, right = start + place, start + end
            if level >= LEVELS:
                size = end - place
                red[left:right] = SOLID[colour[0]] * size
                green[left:right] = SOLID[colour[1]] * size
                blue[left:right] = SOLID[colour[2]] * size
            else:
                for plane, value in zip(self._planes, colour, strict=True):
                    plane[left:right] = plane[left:right].translate(mixture(value, level))

    def png(self) -> bytes:
        """The picture as PNG (ISO/IEC 15948): eight bits a colour, no metadata."""
        side, raw = self.side, bytearray()
        row = bytearray(3 * side)
        for start in range(0, side * side, side):
            for number, plane in enumerate(self._planes):
                row[number::3] = plane[start : start + side]
            raw += b"\0"
            raw += row
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(bytes(raw), 6))
            + chunk(b"IEND", b"")
        )


def add_span(changes: dict[int, float], start: float, end: float) -> None:
    """Adds what a span covers of each pixel, as changes from one pixel to the next."""
    pixel = int(start)
    part = start - pixel
    changes[pixel] = changes.get(pixel, 0.0) + 1 - part
    changes[pixel + 1] = changes.get(pixel + 1, 0.0) + part
    pixel = int(end)
    part = end - pixel
    changes[pixel] = changes.get(pixel, 0.0) - 1 + part
    changes[pixel + 1] = changes.get(pixel + 1, 0.0) - part


@lru_cache(maxsize=4096)
def mixture(value: int, level: int) -> bytes:
    """What each value becomes under `value` at this level of opacity."""
    return bytes((below * (LEVELS - level) + value * level) // LEVELS for below in range(256))


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def ellipse(x: float, y: float, width: float, height: float, turn: float = 0.0) -> list[Point]:
    """An ellipse of two radii, turned by an angle in radians."""
    corners = []
    for number in range(40):
        angle = 2 * pi * number / 40
        across, down = width * cos(angle), height * sin(angle)
        corners.append((x + across * cos(turn) - down * sin(turn), y + across * sin(turn) + down * cos(turn)))
    return corners


def outline(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A smooth curve through the points (Catmull-Rom)."""
    count = len(points)
    curve: list[Point] = []
    for number in range(count if closed else count - 1):
        around = [
            points[place % count] if closed else points[min(max(place, 0), count - 1)]
            for place in range(number - 1, number + 3)
        ]
        curve.extend(between(around, step / steps) for step in range(steps))
    return curve if closed else [*curve, points[-1]]


def between(around: Sequence[Point], at: float) -> Point:
    """The point between the second and the third of four, at a share of the way."""
    weights = (
        -at / 2 + at**2 - at**3 / 2,
        1 - 2.5 * at**2 + 1.5 * at**3,
        at / 2 + 2 * at**2 - 1.5 * at**3,
        -(at**2) / 2 + at**3 / 2,
    )
    return (
        sum(weight * x for weight, (x, _) in zip(weights, around, strict=True)),
        sum(weight * y for weight, (_, y) in zip(weights, around, strict=True)),
    )


def stroke(points: Sequence[Point], width: float, end_width: float | None = None) -> list[Point]:
    """A line of some width, which may change to another at its end, as a polygon."""
    final = width if end_width is None else end_width
    left, right = [], []
    last = len(points) - 1
    for number, (x, y) in enumerate(points):
        before, after = points[max(number - 1, 0)], points[min(number + 1, last)]
        across, down = after[0] - before[0], after[1] - before[1]
        length = hypot(across, down) or 1.0
        half = (width + (final - width) * number / max(last, 1)) / 2
        left.append((x - down / length * half, y + across / length * half))
        right.append((x + down / length * half, y - across / length * half))
    return [*left, *reversed(right)]
