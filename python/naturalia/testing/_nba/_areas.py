"""A few areas, drawn roughly by hand, and whether a point lies in one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia.testing._nba._refusal import condition

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AREAS", "shape_of", "within"]

# Locality, kind, ISO code, and the corners of its outline as longitude and latitude.
OUTLINES = [
    ("Netherlands", "Country", "NL", [(3.3, 51.3), (4.7, 53.1), (7.2, 53.5), (6.9, 52.2), (6.1, 50.7)]),
    ("Luxembourg", "Country", "LU", [(5.7, 49.5), (6.1, 50.2), (6.5, 49.8), (6.3, 49.4)]),
    ("Indonesia", "Country", "ID", [(95.0, 5.9), (119.0, 4.0), (141.0, -2.6), (141.0, -9.2), (105.0, -8.8)]),
    ("Texel", "Municipality", "NL", [(4.65, 52.97), (4.75, 53.2), (4.95, 53.2), (4.9, 53.0)]),
]
AREAS: list[dict[str, Any]] = [
    {
        "sourceSystem": {"code": "GEO", "name": "Naturalis - Geo Areas"},
        "sourceSystemId": str(1_004_001 + number),
        "id": f"{1_004_001 + number}@GEO",
        "areaType": kind,
        "locality": locality,
        "isoCode": code,
        "shape": {"type": "Polygon", "coordinates": [[list(corner) for corner in [*corners, corners[0]]]]},
    }
    for number, (locality, kind, code, corners) in enumerate(OUTLINES)
]


def shape_of(name: str) -> dict[str, Any] | None:
    """The GeoJSON of an area, by its locality or its id."""
    return next((area["shape"] for area in AREAS if name in (area["locality"], area["id"])), None)


def within(wanted: Any) -> Callable[[Any], bool]:
    """Whether a point of GeoJSON lies in an area: GeoJSON, a locality, an id, or a list of them.

    Raises:
        Refusal: it is none of these.
    """
    if isinstance(wanted, list):
        tests = [within(one) for one in wanted]
        return lambda point: any(test(point) for test in tests)
    try:
        polygons = polygons_of(wanted)
        for ring in (ring for rings in polygons for ring in rings):
            inside(0.0, 0.0, ring)
    except (ValueError, TypeError, KeyError):
        raise condition(f"No such area, and no GeoJSON polygon: {wanted}") from None

    def test(point: Any) -> bool:
        longitude, latitude = point["coordinates"][:2]
        return any(
            inside(longitude, latitude, rings[0])
            and not any(inside(longitude, latitude, hole) for hole in rings[1:])
            for rings in polygons
            if rings
        )

    return test


def polygons_of(wanted: Any) -> list[Any]:
    """The rings of each polygon of an area.

    Raises:
        ValueError: there is no such area; and TypeError, KeyError: it is no polygon.
    """
    shape = wanted
    if isinstance(wanted, str):
        shape = json.loads(wanted) if wanted.lstrip().startswith("{") else shape_of(wanted)
    if shape["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(shape["type"])
    polygons: list[Any] = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return polygons


def inside(x: float, y: float, ring: list[list[float]]) -> bool:
    """Whether a point lies in a ring: a ray to the east crosses it an odd number of times."""
    crossed = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed
