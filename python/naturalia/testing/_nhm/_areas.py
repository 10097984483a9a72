"""Areas as the loopback portal has them: a box each, around the places of its records.

The museum's own index holds the outlines of Natural Earth. A record of ours lies so far inside or outside
that a box says the same; an area without a box holds none.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

__all__ = ["METRES", "apart", "boxed", "inside"]

Point = tuple[float, float]

# South, west, north, east, in degrees.
BOXES: dict[tuple[str, str], tuple[float, float, float, float]] = {
    ("country", "Ethiopia"): (3.4, 33.0, 14.9, 48.0),
    ("country", "Italy"): (36.6, 6.6, 47.1, 18.5),
    ("country", "United Kingdom"): (49.9, -8.2, 60.9, 1.8),
    ("country", "Mexico"): (14.5, -117.1, 32.7, -86.7),
    ("country", "Peru"): (-18.4, -81.4, 0.0, -68.7),
    ("country", "Indonesia"): (-11.0, 95.0, 6.1, 141.0),
    ("marine", "North Sea"): (51.0, 1.9, 61.0, 9.0),
    ("geography", "Africa"): (-34.9, -17.6, 37.4, 51.4),
    ("geography", "Great Britain"): (49.9, -6.3, 58.7, 1.8),
    ("geography", "Sicily"): (36.6, 12.4, 38.3, 15.7),
    ("geography", "South America"): (-55.9, -81.4, 12.5, -34.8),
}

# The units of a radius, in metres.
METRES = {
    "mi": 1609.344,
    "yd": 0.9144,
    "ft": 0.3048,
    "in": 0.0254,
    "km": 1000.0,
    "m": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "nmi": 1852.0,
}


def boxed(kind: str, name: str, point: Point) -> bool:
    """Whether a point (latitude, longitude) lies in an area."""
    south, west, north, east = BOXES.get((kind, name), (1.0, 1.0, 0.0, 0.0))
    return south <= point[0] <= north and west <= point[1] <= east


def apart(a: Point, b: Point) -> float:
    """Metres between two points, on a sphere."""
    (north, east), (south, west) = (map(radians, point) for point in (a, b))
    half = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin((east - west) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(half))


def inside(polygons: Any, point: Point) -> bool:
    """Whether a point lies in one of these polygons of GeoJSON, longitude first.

    The rings of a polygon after the first are holes.
    """
    return any(
        in_ring(outer, point) and not any(in_ring(hole, point) for hole in holes)
        for outer, *holes in polygons
    )


def in_ring(ring: list[list[float]], point: Point) -> bool:
    latitude, longitude = point
    odd = False
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1], strict=True):
        crosses = (y1 > latitude) != (y2 > latitude)
        if crosses and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd
