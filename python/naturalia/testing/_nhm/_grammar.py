"""The query grammar of the portal, v1.0.0: what it refuses, and what a query finds.

Written from the museum's description of the grammar; every node is a function over one record.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._areas import METRES, apart, boxed, inside
from naturalia.testing._nhm._search import fits_text, keyword, number_of, point_of, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from naturalia.testing._nhm._documents import Document

__all__ = ["VERSION", "GrammarError", "check", "finds", "normal"]

VERSION = "v1.0.0"
KINDS = ("country", "marine", "geography")
GROUPS = {"and": 1, "or": 2, "not": 1}
# The points of a ring, of which the last is the first.
LEAST = 4


class GrammarError(ValueError):
    """A query that the grammar does not have."""


def check(query: Any) -> None:
    """Refuses what is no query of v1.0.0.

    Raises:
        GrammarError: where, and what.
    """
    keys(query, "query", optional={"search", "filters"})
    if not isinstance(query.get("search", ""), str):
        refuse("query.search", "is not of type 'string'")
    if "filters" in query:
        group(query["filters"], "query.filters")


def refuse(where: str, what: str) -> None:
    message = f"{where}: {what}"
    raise GrammarError(message)


def keys(node: Any, where: str, needed: set[str] | None = None, optional: set[str] | None = None) -> None:
    """The members of an object: these, and no others."""
    if not isinstance(node, dict):
        refuse(where, "is not of type 'object'")
    needed = needed or set()
    for name in needed - set(node):
        refuse(where, f"'{name}' is a required property")
    for name in set(node) - needed - (optional or set()):
        refuse(where, f"additional properties are not allowed ('{name}' was unexpected)")


def group(node: Any, where: str) -> None:
    """A group: exactly one of and, or, not, over groups and terms."""
    if not isinstance(node, dict) or len(node) != 1 or next(iter(node)) not in GROUPS:
        refuse(where, "is not a group: exactly one of 'and', 'or', 'not'")
    name, members = next(iter(node.items()))
    if not isinstance(members, list) or len(members) < GROUPS[name]:
        refuse(f"{where}.{name}", f"needs at least {GROUPS[name]} members")
    for place, member in enumerate(members):
        inner = f"{where}.{name}[{place}]"
        if isinstance(member, dict) and len(member) == 1 and next(iter(member)) in TERMS:
            kind = next(iter(member))
            TERMS[kind](member[kind], f"{inner}.{kind}")
        else:
            group(member, inner)


def fields(node: Any, where: str, least: int = 1) -> None:
    listed = node.get("fields")
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        refuse(f"{where}.fields", "is not a list of strings")
    if len(listed) < least or len(set(listed)) < len(listed):
        refuse(f"{where}.fields", "is too short or has non-unique elements")


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def string_equals(node: Any, where: str) -> None:
    keys(node, where, {"fields", "value"})
    fields(node, where)
    if not isinstance(node["value"], str):
        refuse(f"{where}.value", "is not of type 'string'")


def string_contains(node: Any, where: str) -> None:
    keys(node, where, {"fields", "value"})
    fields(node, where, 0)
    if not isinstance(node["value"], str):
        refuse(f"{where}.value", "is not of type 'string'")


def number_equals(node: Any, where: str) -> None:
    keys(node, where, {"fields", "value"})
    fields(node, where)
    if not is_number(node["value"]):
        refuse(f"{where}.value", "is not of type 'number'")


def number_range(node: Any, where: str) -> None:
    bounds, inclusive = {"greater_than", "less_than"}, {"greater_than_inclusive", "less_than_inclusive"}
    keys(node, where, {"fields"}, bounds | inclusive)
    fields(node, where)
    if not bounds & set(node):
        refuse(where, "needs greater_than, less_than or both")
    if not all(is_number(node[name]) for name in bounds & set(node)):
        refuse(where, "a bound is not of type 'number'")
    if not all(isinstance(node[name], bool) for name in inclusive & set(node)):
        refuse(where, "an inclusive is not of type 'boolean'")


def exists(node: Any, where: str) -> None:
    if isinstance(node, dict) and "geo_field" in node:
        keys(node, where, {"geo_field"})
        if not isinstance(node["geo_field"], bool):
            refuse(f"{where}.geo_field", "is not of type 'boolean'")
        return
    keys(node, where, {"fields"})
    fields(node, where)


def geo_point(node: Any, where: str) -> None:
    keys(node, where, {"latitude", "longitude"}, {"radius", "radius_unit"})
    for name, limit in (("latitude", 90), ("longitude", 180)):
        if not is_number(node[name]) or abs(node[name]) > limit:
            refuse(f"{where}.{name}", f"is no number from -{limit} to {limit}")
    if ("radius" in node) != ("radius_unit" in node):
        refuse(where, "'radius' and 'radius_unit' need each other")
    if "radius" in node and (not is_number(node["radius"]) or node["radius_unit"] not in METRES):
        refuse(f"{where}.radius", f"is a number, with a unit of {', '.join(METRES)}")


def geo_named_area(node: Any, where: str) -> None:
    keys(node, where, optional=set(KINDS))
    if len(node) != 1:
        refuse(where, "is not exactly one of 'country', 'marine', 'geography'")
    kind, name = next(iter(node.items()))
    if name not in areas()[kind]:
        refuse(f"{where}.{kind}", f"{name!r} is not one of the names of this kind")


@cache
def areas() -> dict[str, set[str]]:
    """The names of areas that the portal takes, by kind."""
    table = files("naturalia.testing._nhm").joinpath("areas.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return {kind: {name for own, name in rows if own == kind} for kind in KINDS}


def geo_custom_area(node: Any, where: str) -> None:
    polygons = node if isinstance(node, list) else []
    if not polygons or not all(
        isinstance(rings, list) and rings and all(map(is_ring, rings)) for rings in polygons
    ):
        refuse(where, "is not the coordinates of a MultiPolygon with rings of four points or more")


def is_ring(ring: Any) -> bool:
    return isinstance(ring, list) and len(ring) >= LEAST and all(map(is_point, ring))


def is_point(point: Any) -> bool:
    return isinstance(point, list) and len(point) > 1 and all(map(is_number, point))


TERMS: dict[str, Callable[[Any, str], None]] = {
    "string_equals": string_equals,
    "string_contains": string_contains,
    "number_equals": number_equals,
    "number_range": number_range,
    "exists": exists,
    "geo_point": geo_point,
    "geo_named_area": geo_named_area,
    "geo_custom_area": geo_custom_area,
}


def normal(query: dict[str, Any]) -> dict[str, Any]:
    """A query as the portal keeps it: an `or` of one is an `and`, and an empty group is no group."""
    kept = {name: text for name, text in query.items() if name == "search" and text}
    filters = normal_group(query["filters"]) if "filters" in query else None
    return kept | ({"filters": filters} if filters else {})


def normal_group(node: dict[str, Any]) -> dict[str, Any] | None:
    name, members = next(iter(node.items()))
    kept = [normal_group(member) if next(iter(member)) in GROUPS else member for member in members]
    kept = [member for member in kept if member]
    if not kept:
        return None
    return {"and" if name == "or" and len(kept) == 1 else name: kept}


def finds(query: dict[str, Any], record: Document) -> bool:
    """Whether a record answers a query that was checked."""
    if query.get("search") and not fits_text(record, query["search"]):
        return False
    return "filters" not in query or matches(query["filters"], record)


def matches(node: dict[str, Any], record: Document) -> bool:
    """Whether a record answers a group or a term."""
    ((kind, inner),) = node.items()
    if kind in GROUPS:
        found = (matches(member, record) for member in inner)
        return all(found) if kind == "and" else any(found) != (kind == "not")
    return FINDERS[kind](inner, record)


def equals(node: Any, record: Document) -> bool:
    wanted = keyword(node["value"])
    return any(keyword(value) == wanted for field in node["fields"] for value in values(record, field))


def contains(node: Any, record: Document) -> bool:
    return fits_text(record, node["value"], node["fields"])


def equals_number(node: Any, record: Document) -> bool:
    return node["value"] in numbers(record, node["fields"])


def ranges(node: Any, record: Document) -> bool:
    return any(in_range(node, number) for number in numbers(record, node["fields"]))


def is_there(node: Any, record: Document) -> bool:
    if "geo_field" in node:
        return point_of(record) is not None
    return any(True for field in node["fields"] for _ in values(record, field))


def near(node: Any, record: Document) -> bool:
    point, radius = point_of(record), node.get("radius", 0) * METRES[node.get("radius_unit", "m")]
    return point is not None and apart(point, (node["latitude"], node["longitude"])) <= float(radius)


def in_named(node: Any, record: Document) -> bool:
    ((kind, name),) = node.items()
    point = point_of(record)
    return point is not None and boxed(kind, name, point)


def in_drawn(node: Any, record: Document) -> bool:
    point = point_of(record)
    return point is not None and inside(node, point)


FINDERS: dict[str, Callable[[Any, Document], bool]] = {
    "string_equals": equals,
    "string_contains": contains,
    "number_equals": equals_number,
    "number_range": ranges,
    "exists": is_there,
    "geo_point": near,
    "geo_named_area": in_named,
    "geo_custom_area": in_drawn,
}


def numbers(record: Document, paths: list[str]) -> list[float]:
    found = (number_of(value) for path in paths for value in values(record, path))
    return [number for number in found if number is not None]


def in_range(node: dict[str, Any], number: float) -> bool:
    least, most = node.get("greater_than"), node.get("less_than")
    if least is not None and (
        number < least or (number == least and not node.get("greater_than_inclusive", True))
    ):
        return False
    return most is None or number < most or (number == most and node.get("less_than_inclusive", True))
