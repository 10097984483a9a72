"""The search of many resources: `vds_multi_query` and its kin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia.testing._nhm._basic import LIMIT, completed, index_of
from naturalia.testing._nhm._grammar import VERSION, GrammarError, check, finds, normal
from naturalia.testing._nhm._hash import query_hash
from naturalia.testing._nhm._images import manifest
from naturalia.testing._nhm._parameters import PortalError, invalid
from naturalia.testing._nhm._search import after, number_of, ordered, values

if TYPE_CHECKING:
    from naturalia.testing._nhm._catalogue import Catalogue, Resource
    from naturalia.testing._nhm._documents import Document
    from naturalia.testing._nhm._parameters import Parameters

__all__ = [
    "multi_count",
    "multi_fields",
    "multi_hash",
    "multi_query",
    "multi_stats",
    "multi_values",
    "query_of",
    "resources_of",
]

Hit = tuple["Resource", int, "Document"]


def query_of(parameters: Parameters) -> dict[str, Any]:
    """The query, checked and as the portal keeps it."""
    version = parameters.text("query_version") or VERSION
    if version != VERSION:
        raise invalid({"query_version": [f"Invalid query version, it is {VERSION}"]})
    query = parameters.json("query", dict) or {}
    try:
        check(query)
    except GrammarError as error:
        raise invalid(str(error)) from None
    # Their schema has no word against it, their translator has no code for it.
    if '"geo_field": false' in json.dumps(query):
        raise PortalError("Internal Server Error", 500, "Internal Server Error")
    return normal(query)


def resources_of(catalogue: Catalogue, parameters: Parameters) -> list[Resource]:
    """The resources that are asked for: all without names; unknown names are passed over."""
    names = parameters.names("resource_ids")
    if not names:
        return list(catalogue.resources.values())
    known = [catalogue.resources[name] for name in dict.fromkeys(names) if name in catalogue.resources]
    if not known:
        raise invalid({"resource_ids": ["No resources were found that can be searched"]})
    return known


def hits(catalogue: Catalogue, parameters: Parameters) -> list[Hit]:
    """The records that a query finds, with their versions."""
    query, version = query_of(parameters), parameters.number("version")
    return [
        (resource, changed, record)
        for resource in resources_of(catalogue, parameters)
        for changed, record in resource.current(version)
        if finds(query, record)
    ]


def multi_query(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """A page of the records of many resources, each with its manifest."""
    size = min(max(parameters.number("size", 100) or 0, 0), LIMIT)
    cursor = parameters.json("after", list)
    down = [True, True, True]

    def listed() -> list[tuple[list[Any], tuple[Resource, Document]]]:
        found = hits(catalogue, parameters)
        keys = [[changed, str(record["_id"]), index_of(resource)] for resource, changed, record in found]
        records = [(resource, record) for resource, _, record in found]
        return ordered(list(zip(keys, records, strict=True)), down)

    rows: list[tuple[list[Any], tuple[Resource, Document]]] = catalogue.recalled(
        parameters.question("multi"), listed
    )
    start = 0
    if cursor is not None:
        if len(cursor) != len(down):
            raise invalid({"after": ["Invalid search_after cursor"]})
        start = after(rows, cursor, down)
    page = rows[start : start + size]
    return {
        "total": len(rows),
        "after": page[-1][0] if page and start + size < len(rows) else None,
        "records": [
            {"data": record, "resource": resource.id, **told(resource, record, catalogue.origin)}
            for _, (resource, record) in page
        ],
    }


def told(resource: Resource, record: Document, origin: str) -> dict[str, Any]:
    """The manifest of a record with images."""
    made = manifest(resource, record, origin)
    return {"iiif": made} if made else {}


def multi_count(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """How many records each resource has, none included."""
    counts = {resource.id: 0 for resource in resources_of(catalogue, parameters)}
    for resource, _, _ in hits(catalogue, parameters):
        counts[resource.id] += 1
    return {"total": sum(counts.values()), "counts": counts}


def multi_values(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The values of a field that start with a prefix."""
    field, prefix = parameters.needed("field"), (parameters.text("prefix") or "").lower()
    size = max(parameters.number("size", 20) or 20, 1)
    return completed(
        [record for _, _, record in hits(catalogue, parameters)], field, prefix, size, parameters
    )


def multi_fields(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """The names of fields with a text in them."""
    text = parameters.text("text") or ""
    lowercase = parameters.flag("lowercase", default=False)
    names: dict[str, None] = {}
    for resource in resources_of(catalogue, parameters):
        for document in resource.documents[:200]:
            names |= dict.fromkeys(document)
    fitting = [name for name in names if (text.lower() in name.lower() if lowercase else text in name)]
    return {"count": len(fitting), "fields": sorted(fitting)}


def multi_stats(catalogue: Catalogue, parameters: Parameters) -> dict[str, Any]:
    """Of the numbers in a field: how many, least, most, mean, sum."""
    field = parameters.needed("field")
    found = [
        number
        for _, _, record in hits(catalogue, parameters)
        for value in values(record, field)
        if (number := number_of(value)) is not None
    ]
    if not found:
        return {"count": 0, "min": None, "max": None, "avg": None, "sum": 0.0}
    return {
        "count": len(found),
        "min": min(found),
        "max": max(found),
        "avg": sum(found) / len(found),
        "sum": sum(found),
    }


def multi_hash(_: Catalogue, parameters: Parameters) -> str:
    """The hash of a query; resources and version are not in it."""
    return query_hash(query_of(parameters))
