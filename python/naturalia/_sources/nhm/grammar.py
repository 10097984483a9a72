"""The query grammar v1.0.0 of the NHM data portal: what is wrong with a query, and its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._arguments.spelling import closest
from naturalia._output.escaping import escaped
from naturalia._sources.nhm.areas import AREAS, area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    # A place in the query, and what is wrong there.
    Problem = tuple[str, str]
    # What is wrong with a value, or "".
    Check = Callable[[Any], str]

__all__ = ["VERSION", "checked", "digest", "normalised", "problems", "unanswerable"]

VERSION = "v1.0.0"
GROUPS = {"and": 1, "or": 2, "not": 1}  # and how many members each takes at least
UNITS = ("mi", "yd", "ft", "in", "km", "m", "cm", "mm", "nmi")
RING = 4  # the points of the smallest closed ring
HIGHEST = {"latitude": 90, "longitude": 180}


def checked(query: Mapping[str, Any]) -> dict[str, Any]:
    """A query as it is sent, if the portal can answer it.

    Raises:
        ValueError: it can't; with the place of what is wrong, and what to write instead.
    """
    plain = as_json(query)
    try:
        found = problems(plain) or unanswerable(plain)
    except RecursionError:
        found = [("filters", "has groups within groups without end")]
    if found:
        place, what = found[0]
        more = f"; and {len(found) - 1} more like it" if len(found) > 1 else ""
        message = escaped(f"not a query of the data portal (grammar {VERSION}): {place or 'it'} {what}{more}")
        raise ValueError(message)
    good: dict[str, Any] = plain
    return good


def problems(query: Any) -> list[Problem]:
    """What the grammar refuses in a query: where, and what. A query without problems is valid."""
    return list(of_root(as_json(query)))


def as_json(query: Any) -> Any:
    """The query as JSON has it."""
    import json

    try:
        return json.loads(json.dumps(query, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        message = f"not a query of the data portal: JSON can't hold it ({error})"
        raise ValueError(message) from None


def of_root(query: Any) -> Iterator[Problem]:
    """`search` and `filters`, either or none."""
    yield from of_object(query, "", {"search": is_text}, {"search", "filters"})
    if isinstance(query, dict) and "filters" in query:
        filters = query["filters"]
        if isinstance(filters, dict) and TERMS.keys() & filters.keys():
            yield "filters", "is a group (and, or, not), never a bare term: write {'and': [term]}"
        else:
            yield from of_member(filters, "filters")


def of_member(member: Any, place: str) -> Iterator[Problem]:
    """A group or a term: an object with one key."""
    if not isinstance(member, dict) or len(member) != 1:
        yield place, "is one group or one term, so an object with exactly one key"
        return
    ((name, inner),) = member.items()
    inside = f"{place}.{name}"
    if name in TERMS:
        yield from TERMS[name](inner, inside)
    elif name not in GROUPS:
        yield place, f"has no group or term {name!r}{closest(name, [*GROUPS, *TERMS])}"
    elif not isinstance(inner, list) or len(inner) < GROUPS[name]:
        count = "a list of at least " + (
            "one member" if GROUPS[name] == 1 else "two members; for one write and"
        )
        yield inside, f"is {count}"
    else:
        for number, each in enumerate(inner):
            yield from of_member(each, f"{inside}[{number}]")


def of_object(
    options: Any, place: str, needed: Mapping[str, Callable[[Any], str]], allowed: set[str], *, least: int = 0
) -> Iterator[Problem]:
    """The keys of an object: those it may have, and what is wrong with their values."""
    if not isinstance(options, dict):
        yield place, "is an object" if place else "is an object with search, filters, both or neither"
        return
    for name in options:
        if name not in allowed:
            yield place, f"has no {name!r}{closest(name, sorted(allowed))}"
    for name, check in needed.items():
        if name in options and (wrong := check(options[name])):
            yield f"{place}.{name}".lstrip("."), wrong
        elif name not in options and least:
            yield place, f"needs {name!r}"


def is_text(value: Any) -> str:
    """What is wrong with a text."""
    return "" if isinstance(value, str) else f"is text, not {value!r}"


def is_number(value: Any) -> str:
    """What is wrong with a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ""
    return f"is a number, not {value!r}" + (": leave the quotes out" if isinstance(value, str) else "")


def is_flag(value: Any) -> str:
    """What is wrong with a boolean."""
    return "" if isinstance(value, bool) else f"is true or false, not {value!r}"


def is_fields(value: Any) -> str:
    """What is wrong with a list of fields, of which there is one at least."""
    return is_any_fields(value) or ("" if value else "names at least one field")


def is_any_fields(value: Any) -> str:
    """What is wrong with a list of fields, which may be empty: all of them."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return "is a list of names of fields"
    return "" if len(set(value)) == len(value) else "names a field twice"


def of_value(
    fields: Callable[[Any], str], value: Callable[[Any], str]
) -> Callable[[Any, str], Iterator[Problem]]:
    """A term of fields and a value."""

    def check(options: Any, place: str) -> Iterator[Problem]:
        yield from of_object(options, place, {"fields": fields, "value": value}, {"fields", "value"}, least=1)

    return check


def of_range(options: Any, place: str) -> Iterator[Problem]:
    """Fields and a lower bound, an upper bound, or both."""
    ends = dict.fromkeys(("greater_than", "less_than"), is_number)
    kinds = dict.fromkeys((f"{end}_inclusive" for end in ends), is_flag)
    yield from of_object(options, place, {**ends, **kinds}, {"fields", *ends, *kinds})
    yield from of_object(options, place, {"fields": is_fields}, {"fields", *ends, *kinds}, least=1)
    if isinstance(options, dict) and not ends.keys() & options.keys():
        yield place, "needs greater_than, less_than or both"


def of_exists(options: Any, place: str) -> Iterator[Problem]:
    """Fields, or `geo_field`."""
    allowed = {"fields": is_fields, "geo_field": is_flag}
    yield from of_object(options, place, allowed, set(allowed))
    if isinstance(options, dict) and len(allowed.keys() & options.keys()) != 1:
        yield place, "needs either fields or geo_field"


def of_point(options: Any, place: str) -> Iterator[Problem]:
    """A place on Earth, and a radius with its unit."""
    allowed = {*HIGHEST, "radius", "radius_unit"}
    yield from of_object(options, place, dict.fromkeys(HIGHEST, is_number), allowed, least=1)
    yield from of_object(options, place, {"radius": is_number, "radius_unit": is_text}, allowed)
    if not isinstance(options, dict):
        return
    for name, most in HIGHEST.items():
        value = options.get(name, 0)
        if not is_number(value) and abs(value) > most:
            yield f"{place}.{name}", f"is from -{most} to {most}, not {value!r}"
    radius, unit = options.get("radius"), options.get("radius_unit")
    if radius is not None and not is_number(radius) and radius < 0:
        yield f"{place}.radius", f"is 0 or more, not {radius!r}"
    if "radius" in options and "radius_unit" not in options:
        yield place, "needs 'radius_unit' beside radius, such as 'km'"
    if isinstance(unit, str) and unit not in UNITS:
        yield f"{place}.radius_unit", f"is one of {', '.join(UNITS)}, not {unit!r}"


def of_named_area(options: Any, place: str) -> Iterator[Problem]:
    """One of the areas the portal knows by name."""
    yield from of_object(options, place, dict.fromkeys(AREAS, is_text), set(AREAS))
    if isinstance(options, dict) and len(AREAS.keys() & options.keys()) != 1:
        yield place, f"names one area: {', '.join(AREAS)}"
        return
    for kind, name in options.items() if isinstance(options, dict) else ():
        if kind in AREAS and isinstance(name, str) and name not in AREAS[kind]:
            try:
                meant = area(name, kind)[1]
            except ValueError as error:
                yield f"{place}.{kind}", f"is a name it knows; {error}"
            else:
                yield f"{place}.{kind}", f"is spelt as the portal does: {meant!r}, not {name!r}"


def of_custom_area(polygons: Any, place: str) -> Iterator[Problem]:
    """The coordinates of a GeoJSON MultiPolygon: polygons, rings, points, (longitude, latitude)."""
    if not isinstance(polygons, list):
        yield place, "is a list of polygons, as in a MultiPolygon of GeoJSON"
        return
    for p, polygon in enumerate(polygons):
        if not isinstance(polygon, list):
            yield f"{place}[{p}]", "is a list of rings, the outer one first"
            continue
        for r, ring in enumerate(polygon):
            at = f"{place}[{p}][{r}]"
            if not isinstance(ring, list) or len(ring) < RING:
                yield at, f"is a ring of at least {RING} points, the first again as the last"
                continue
            for point in ring:
                if not isinstance(point, list) or len(point) < len(HIGHEST) or any(map(is_number, point)):
                    yield at, f"has points [longitude, latitude], not {point!r}"
                    break


TERMS: dict[str, Callable[[Any, str], Iterator[Problem]]] = {
    "string_equals": of_value(is_fields, is_text),
    "string_contains": of_value(is_any_fields, is_text),
    "number_equals": of_value(is_fields, is_number),
    "number_range": of_range,
    "exists": of_exists,
    "geo_point": of_point,
    "geo_named_area": of_named_area,
    "geo_custom_area": of_custom_area,
}


def unanswerable(query: dict[str, Any]) -> list[Problem]:
    """What the grammar allows and the portal can't answer: it fails on it, or takes it for something else."""
    found = []
    for name, options, place in terms(query.get("filters"), "filters"):
        if name == "exists" and options.get("geo_field") is False:
            found.append((place, "is {'geo_field': true}; for records without a place put that into a not"))
        elif name == "geo_custom_area":
            if not options or not all(options):
                found.append((place, "needs a polygon, and every polygon a ring"))
            elif not all(on_earth(point) for polygon in options for ring in polygon for point in ring):
                found.append((place, "has a point that is not on Earth; a point is [longitude, latitude]"))
    return found


def on_earth(point: list[Any]) -> bool:
    """Whether a point, longitude first, is one."""
    longitude, latitude = map(abs, point[:2])
    return bool(longitude <= HIGHEST["longitude"] and latitude <= HIGHEST["latitude"])


def terms(member: Any, place: str) -> Iterator[tuple[str, Any, str]]:
    """The terms of a valid group, with their places."""
    for name, inner in (member or {}).items():
        if name in GROUPS:
            for number, each in enumerate(inner):
                yield from terms(each, f"{place}.{name}[{number}]")
        else:
            yield name, inner, f"{place}.{name}"


def normalised(query: dict[str, Any]) -> dict[str, Any]:
    """A query as the portal keeps it: an `or` of one member is an `and`, empty groups are gone."""

    def tidied(member: dict[str, Any]) -> dict[str, Any] | None:
        ((name, inner),) = member.items()
        if name not in GROUPS:
            return member
        if not inner:
            return None
        terms_left = [each for each in map(tidied, inner) if each is not None]
        return {"and" if name == "or" and len(inner) == 1 else name: terms_left}

    if "filters" not in query:
        return query
    filters = tidied(query["filters"])
    rest = {name: value for name, value in query.items() if name != "filters"}
    return rest if filters is None else {**rest, "filters": filters}


def digest(query: Mapping[str, Any]) -> str:
    """The hash the portal gives a valid query (`vds_multi_hash`): SHA-1, the same for any order of members.

    Resources and version are not in it.
    """
    from hashlib import sha1

    plain = normalised(as_json(query))
    text = f"search:{plain['search']}" if "search" in plain else ""
    if "filters" in plain:
        text += f"filters:{canonical(plain['filters'])}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def canonical(member: dict[str, Any]) -> str:
    """A group or a term as the text that is hashed."""
    ((name, inner),) = member.items()
    if name in GROUPS:
        return f"{name}:[{'|'.join(sorted(map(canonical, inner)))}]"
    if name == "exists" and inner.get("geo_field"):
        return "geo_exists"
    if name in SPELT:
        return f"{name}:{SPELT[name](inner)}"
    return f"{name}:{','.join(sorted(inner['fields']))};{inner['value']}"


def range_text(inner: dict[str, Any]) -> str:
    """A range as text: its fields, the upper end, the lower end."""
    text = ",".join(sorted(inner["fields"])) + ";"
    for end, mark in (("less_than", "<"), ("greater_than", ">")):
        if end in inner:
            text += f"{mark}{'=' if inner.get(f'{end}_inclusive', True) else ''}{inner[end]}"
    return text


def point_text(inner: dict[str, Any]) -> str:
    """A point as text: its radius, its place."""
    radius = f"{inner.get('radius', 0)}{inner.get('radius_unit', 'm')}"
    return f"{radius};{inner['latitude']};{inner['longitude']}"


def polygon_text(polygon: list[Any]) -> str:
    """A polygon as text: latitude first, holes as a list."""
    outer, *holes = (",".join(f"[{point[1]},{point[0]}]" for point in ring) for ring in polygon)
    return f"{outer}/{sorted(holes)}" if holes else outer


SPELT: dict[str, Callable[[Any], str]] = {
    "exists": lambda inner: ",".join(sorted(inner["fields"])),
    "number_range": range_text,
    "geo_point": point_text,
    "geo_named_area": lambda inner: ";".join(*inner.items()),
    "geo_custom_area": lambda inner: ";".join(map(polygon_text, inner)),
}
