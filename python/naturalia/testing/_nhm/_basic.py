"""The search of one resource: `vds_basic_query` and its kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._areas import METRES, apart, inside
from naturalia.testing._nhm._parameters import invalid
from naturalia.testing._nhm._search import after, facet, fits_text, keyword, ordered, point_of, values

if TYPE_CHECKING:
    from naturalia.testing._nhm._catalogue import Catalogue, Resource
    from naturalia.testing._nhm._documents import Document
    from naturalia.testing._nhm._parameters import Parameters

__all__ = [
    "LIMIT",
    "WINDOW",
    "basic_autocomplete",
    "basic_count",
    "basic_extent",
    "basic_query",
    "index_of",
    "resource_of",
]

# A page holds no more than this, and no page reaches beyond the window.
LIMIT = 1000
WINDOW = 10_000
DISTANCE = re.compile(r"([0-9.]+)\s*([a-z]*)")


def resource_of(catalogue: Catalogue, parameters: Parameters) -> Resource:
    """The resource that is asked for."""
    name = parameters.needed("resource_id")
    if name not in catalogue.resources:
        raise invalid({"resource_id": ["Invalid resource ID or the resource is not a datastore resource"]})
    return catalogue.resources[name]


def index_of(resource: Resource) -> str:
    """The name of its index, as cursors show it."""
    return f"nhm-{resource.id}-latest"


def found(resource: Resource, parameters: Parameters) -> list[tuple[int, Document]]:
    """The records that q and filters leave, with their versions."""
    filters = parameters.json("filters", dict) or {}
    version = parameters.number("version")
    legacy = filters.pop("__version__", None)
    if version is None and legacy is not None:
        version = int(legacy[0] if isinstance(legacy, list) else legacy)
    q = parameters.given.get("q")
    if isinstance(q, str) and q.lstrip().startswith("{"):
        q = parameters.json("q", dict)
    asked = [(field, text) for field, text in (q if isinstance(q, dict) else {"": q or ""}).items() if text]
    return [
        (changed, record)
        for changed, record in resource.current(version)
        if all(fits_text(record, str(text), [field] if field else None) for field, text in asked)
        and all(passes(resource, record, name, value) for name, value in filters.items())
    ]


def passes(resource: Resource, record: Document, name: str, value: Any) -> bool:
    """Whether a record meets one filter. Each value of a list is a condition of its own; all of them hold."""
    if name in resource.filters:
        # The key alone counts, whatever its value.
        return {
            "_has_image": lambda: bool(record.get("associatedMedia")),
            "_has_lat_long": lambda: point_of(record) is not None,
            "_exclude_mineralogy": lambda: keyword(record.get("collectionCode", "")) != "min",
        }[name]()
    if name == "__geo__":
        return near(record, value[0] if isinstance(value, list) else value)
    own = {keyword(each) for each in values(record, name)}
    return all(keyword(wanted) in own for wanted in (value if isinstance(value, list) else [value]))


def near(record: Document, shape: Any) -> bool:
    """Whether a record lies in a shape of GeoJSON; the holes of a polygon do not count."""
    import json

    if isinstance(shape, str):
        try:
            shape = json.loads(shape)
        except ValueError:
            raise invalid({"filters": ["Cannot parse JSON"]}) from None
    point = point_of(record)
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in ("Point", "Polygon", "MultiPolygon"):
        raise invalid("Invalid __geo__ filter: it is a Point, a Polygon or a MultiPolygon")
    if point is None:
        return False
    if kind == "Point":
        size, unit = DISTANCE.fullmatch(str(shape.get("distance", "0m")).lower()).groups()  # type: ignore[union-attr]
        longitude, latitude = shape["coordinates"][:2]
        return apart(point, (latitude, longitude)) <= float(size) * METRES[unit or "m"]
    polygons = [shape["coordinates"]] if kind == "Polygon" else shape["coordinates"]
    return inside([polygon[:1] for polygon in polygons], point)


def sort_of(resource: Resource, parameters: Parameters) -> list[tuple[str, bool]]:
    """The fields to sort by, and whether they fall; the id and the index always come last."""
    names = parameters.names("sort") or (["modified desc"] if resource.collection else [])
    split = [name.rpartition(" ") for name in names]
    asked = [
        (field, way.lower() == "desc")
        if way.lower() in ("asc", "desc")
        else (f"{field} {way}".strip(), False)
        for field, _, way in split
    ]
    return [*(asked or [("_version", True)]), ("_id", True), ("_index", True)]


def key_of(resource: Resource, version: int, record: Document, fields: list[tuple[str, bool]]) -> list[Any]:
    """What a record is sorted by: texts in lower case, also of numbers."""
    special = {"_version": version, "_index": index_of(resource)}
    found = (
        special.get(field) or next((keyword(value) for value in values(record, field)), None)
        for field, _ in fields
    )
    return list(found)


def basic_query(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """A page of the records of one resource."""
    resource = resource_of(catalogue, parameters)
    limit = min(max(parameters.number("limit", 100) or 0, 0), LIMIT)
    offset = max(parameters.number("offset", 0) or 0, 0)
    if offset + limit + 1 > WINDOW:
        raise invalid("Search window size out of bounds")
    cursor = parameters.json("after", list)
    fields = sort_of(resource, parameters)
    down = [falls for _, falls in fields]

    def listed() -> list[tuple[list[Any], Document]]:
        hits = found(resource, parameters)
        return ordered(
            [(key_of(resource, version, record, fields), record) for version, record in hits], down
        )

    rows: list[tuple[list[Any], Document]] = catalogue.recalled(parameters.question("basic"), listed)
    start = offset
    if cursor is not None and not offset:
        if len(cursor) != len(fields):
            raise invalid({"after": ["Invalid search_after cursor"]})
        start = after(rows, cursor, down)
    page = rows[start : start + limit]
    names = parameters.names("fields")
    facets = parameters.names("facets")
    limits = parameters.json("facet_limits", dict) or {}
    records = [record for _, record in rows]
    return {
        "total": len(rows),
        "records": [selected(record, names) for _, record in page],
        "facets": {name: facet(records, name, int(limits.get(name, 10))) for name in facets},
        "fields": fields_of(resource),
        "after": page[-1][0] if page and start + limit < len(rows) else None,
    }


def selected(record: Document, names: list[str]) -> Document:
    """The fields of a record that are asked for."""
    if not names:
        return record
    tops = {name.partition(".")[0] for name in names}
    return {key: value for key, value in record.items() if key in tops}


def fields_of(resource: Resource) -> list[dict[str, Any]]:
    """The fields of a resource, with the types its values look like."""
    found: dict[str, str] = {}
    for document in resource.documents[:200]:
        for key, value in document.items():
            found.setdefault(key, kind_of(value))
    found.pop("_id", None)
    own = [
        {"id": key, "type": kind, "sortable": kind not in ("array", "object")} for key, kind in found.items()
    ]
    return [{"id": "_id", "type": "string", "sortable": True}, *own]


def kind_of(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return "array" if isinstance(value, list) else "object"
    text = str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return "number"
    return "date" if re.match(r"\d{4}-\d{2}-\d{2}T", text) else "string"


def basic_count(catalogue: Catalogue, parameters: Parameters) -> int:
    """How many records there are."""
    return len(found(resource_of(catalogue, parameters), parameters))


def basic_autocomplete(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The values of a field that start with a term."""
    resource = resource_of(catalogue, parameters)
    field, term = parameters.needed("field"), (parameters.text("term") or "").lower()
    limit = min(max(parameters.number("limit", 20) or 20, 1), 20)
    return completed([record for _, record in resource.current(None)], field, term, limit, parameters)


def completed(
    records: list[Document], field: str, term: str, limit: int, parameters: Parameters
) -> dict[str, Any]:
    """So many values of a field, and where they go on."""
    known = sorted({keyword(value) for record in records for value in values(record, field)})
    behind = parameters.text("after")
    fitting = [value for value in known if value.startswith(term) and (behind is None or value > behind)]
    more = {"after": fitting[limit - 1]} if len(fitting) > limit else {}
    return {"values": fitting[:limit], **more}


def basic_extent(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """Where the records lie."""
    records = [record for _, record in found(resource_of(catalogue, parameters), parameters)]
    points = [point for record in records if (point := point_of(record))]
    told: dict[str, Any] = {"total_count": len(records), "geom_count": len(points)}
    if points:
        latitudes, longitudes = zip(*points, strict=True)
        told["bounds"] = [[max(latitudes), min(longitudes)], [min(latitudes), max(longitudes)]]
    return told
