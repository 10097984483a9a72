"""Where records of the NHM data portal were found, as a term of its grammar: named areas, shapes, points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._arguments.rows import plain_list
from naturalia._sources.nhm.areas import KINDS, area, others
from naturalia._sources.nhm.grammar import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["around", "within"]


def within(wanted: Any) -> tuple[dict[str, Any], list[str]]:
    """The term for `area=`, and how it was understood.

    The name of an area, `{"marine": "Baltic Sea"}`, GeoJSON (a Polygon, a MultiPolygon, a Feature, anything
    with `__geo_interface__`), or a list of these.
    """
    if isinstance(wanted, str):
        kind, name = area(wanted)
        also = others(kind, name)
        hint = f"; its {also[0]} of that name is area={{'{also[0]}': {name!r}}}" if also else ""
        return {"geo_named_area": {kind: name}}, [f"within {name} ({kind}){hint}"]
    shape = getattr(wanted, "__geo_interface__", wanted)
    if isinstance(shape, dict):
        return of_shape(shape)
    parts = [within(each) for each in plain_list(wanted)]
    if not parts:
        raise ValueError("area=[] names no area")
    sentences = [" or ".join(line for _, lines in parts for line in lines)]
    return (parts[0][0] if len(parts) == 1 else {"or": [term for term, _ in parts]}), sentences


def of_shape(shape: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The term for `{"marine": "Baltic Sea"}` or GeoJSON."""
    if len(shape) == 1 and (kind := next(iter(shape))) in KINDS:
        _, name = area(shape[kind], kind)
        return {"geo_named_area": {kind: name}}, [f"within {name} ({kind})"]
    form, coordinates = shape.get("type"), shape.get("coordinates")
    if form == "Feature":
        return of_shape(shape.get("geometry") or {})
    if form == "Polygon":
        coordinates = [coordinates]
    elif form != "MultiPolygon":
        message = (
            f"area={dict(shape)!r}: it takes a name, one of {', '.join(KINDS)}, or a GeoJSON (Multi)Polygon"
        )
        raise ValueError(message)
    return {"geo_custom_area": coordinates}, ["within the polygons given"]


def around(near: Any) -> tuple[dict[str, Any], list[str]]:
    """The term for `near=(52.16, 4.49, "10 km")`: latitude, longitude, radius."""
    import re

    try:
        lat, lon, radius = near
        number, unit = re.fullmatch(rf"\s*([\d.]+)\s*({'|'.join(UNITS)})\s*", radius).groups()  # type: ignore[union-attr]
        term = {"latitude": float(lat), "longitude": float(lon), "radius": float(number), "radius_unit": unit}
    except (TypeError, ValueError, AttributeError):
        message = f"near={near!r}: it takes latitude, longitude and a radius, as in (52.16, 4.49, '10 km')"
        raise ValueError(f"{message}; units are {', '.join(UNITS)}") from None
    return {"geo_point": term}, [f"within {number} {unit} of {lat}, {lon}"]
