"""The services of the NBA, version 2: from a path and a question to a reply."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from naturalia.testing._exchange import Reply
from naturalia.testing._nba._areas import shape_of
from naturalia.testing._nba._asked import DEFAULT_SIZE, Asked, Found
from naturalia.testing._nba._fields import DOCUMENTS, OPERATORS, fields, information
from naturalia.testing._nba._metadata import CONTROLLED, DATE_FORMATS, SERVICES, SOURCES
from naturalia.testing._nba._operators import LONGEST_LIST, LONGEST_PART, SHORTEST_PART, SIGNS
from naturalia.testing._nba._refusal import Refusal, bad_request, invalid, not_found, unknown_field
from naturalia.testing._nba._spec import Spec, spec_of
from naturalia.testing._nba._store import Store, chosen
from naturalia.testing.faults._nba import NbaFault

if TYPE_CHECKING:
    from naturalia.testing.faults._fault import Fault

__all__ = ["answer"]

LARGEST_GROUPS = 10_000
JSON = "application/json;charset=UTF-8"
TEXT = "text/plain;charset=UTF-8"


class ServiceState(Protocol):
    """What a server holds, as the services see it."""

    window: int
    stores: dict[str, Store]


def answer(server: ServiceState, request: Asked, due: list[Fault]) -> Reply:
    """The reply to a request.

    Raises:
        Refusal: the NBA would not answer it.
    """
    parts = request.parts
    if parts in ([], ["ping"]):
        return text("NBA Service is up and running!")
    if parts[0] == "metadata":
        return written(metadata(server, parts[1:]))
    if parts[0] not in DOCUMENTS or not parts[1:]:
        raise unknown_url(request)
    store = server.stores[parts[0]]
    service, rest = parts[1], parts[2:]
    if service == "metadata":
        return written(document_metadata(server, store, rest, request))
    if service in LISTED and not rest:
        return LISTED[service](server, store, request, due)
    if service in COUNTED and len(rest) == COUNTED[service][0]:
        spec = spec_of(store.kind, request.pairs, request.json)
        return written(COUNTED[service][1](store, store.find(spec), spec, *rest))
    if service in NAMED and len(rest) == NAMED[service][0] and kept_for(service, store.kind):
        return written(NAMED[service][1](store, *rest))
    raise unknown_url(request)


def query(server: ServiceState, store: Store, request: Asked, due: list[Fault]) -> Reply:
    """`query`: a page of hits in their envelope."""
    spec = spec_of(store.kind, request.pairs, request.json)
    size = DEFAULT_SIZE if spec.size is None else spec.size
    if spec.start + size > server.window:
        raise invalid(f"from + size must not exceed {server.window} (was {spec.start + size})")
    documents = store.sort(store.find(spec), spec.sort)
    bending = [fault for fault in due if isinstance(fault, NbaFault)]
    for fault in bending:
        documents = fault.on_documents(server, request, documents)
    scored = not spec.sort or spec.sort == [("_score", True)]
    found = Found(len(documents), documents[spec.start : spec.start + size], scored)
    for fault in bending:
        found = fault.on_found(server, request, found)
    score = '"score":1.0,' if found.score else ""
    rows = (f'{{{score}"item":{one}}}' for one in texts(store, spec, found))
    body = f'{{"totalSize":{found.total},"resultSet":[{",".join(rows)}]}}'
    return Reply(200, {"Content-Type": JSON}, body.encode())


def download(server: ServiceState, store: Store, request: Asked, due: list[Fault]) -> Reply:
    """`download`: one document a line, by id whatever the sort fields say; no envelope, no last line end."""
    if store.kind == "geo":
        raise unknown_url(request)
    spec = spec_of(store.kind, request.pairs, request.json)
    documents = store.find(spec)
    bending = [fault for fault in due if isinstance(fault, NbaFault)]
    for fault in bending:
        documents = fault.on_documents(server, request, documents)
    found = Found(len(documents), documents[: spec.size])
    for fault in bending:
        found = fault.on_found(server, request, found)
    headers = {
        "Content-Type": "application/x-ndjson;charset=UTF-8",
        "Content-Disposition": 'attachment; filename="download.ndjson"',
    }
    return Reply(200, headers, "\n".join(texts(store, spec, found)).encode(), chunked=True, pieces=1 << 16)


# Where a document type keeps the names that it is grouped by.
GROUPED = {
    "specimen": "identifications.scientificName.scientificNameGroup",
    "taxon": "acceptedName.scientificNameGroup",
}


def groups(server: ServiceState, store: Store, request: Asked, due: list[Fault]) -> Reply:
    """`groupByScientificName`: the scientificNameGroups of the hits, each with some of its documents.

    Only their number is confirmed by recorded results; the shape of a group is read from the model.
    """
    if store.kind not in GROUPED:
        raise unknown_url(request)
    spec = spec_of(store.kind, request.pairs, request.json)
    found = sorted(store.grouped(store.find(spec), GROUPED[store.kind]).items())
    wanted = spec.groups.get("groupFilter") or {}
    try:
        found = [(name, hits) for name, hits in found if kept_group(name, wanted)]
    except (re.error, AttributeError, TypeError):
        raise bad_request(f"Invalid groupFilter: {wanted}") from None
    sort = str(spec.groups.get("groupSort") or "TOP_HIT_SCORE")
    if sort.startswith("COUNT"):
        found.sort(key=lambda group: len(group[1]), reverse=sort == "COUNT_DESC")
    elif sort == "NAME_DESC":
        found.reverse()
    start, size = (whole_number(spec, f"specimens{name}") for name in ("From", "Size"))
    shown = slice(start or 0, (start or 0) + (DEFAULT_SIZE if size is None else size))
    number, listed = ("specimenCount", "specimens") if store.kind == "specimen" else ("taxonCount", "taxa")
    page = found[spec.start : spec.start + (DEFAULT_SIZE if spec.size is None else spec.size)]
    rows = [{"name": name, number: len(hits), listed: hits[shown]} for name, hits in page]
    return written({"totalSize": len(found), "resultSet": [{"item": row} for row in rows]})


def kept_group(name: str, wanted: dict[str, Any]) -> bool:
    """Whether a groupFilter lets a group through."""
    accepted, rejected = wanted.get("acceptRegexp"), wanted.get("rejectRegexp")
    return (
        (accepted is None or re.fullmatch(str(accepted), name) is not None)
        and (rejected is None or re.fullmatch(str(rejected), name) is None)
        and (wanted.get("acceptValues") is None or name in wanted["acceptValues"])
        and name not in (wanted.get("rejectValues") or ())
    )


def whole_number(spec: Spec, name: str) -> int | None:
    """A number that only grouping knows."""
    given = spec.groups.get(name)
    if given is not None and not str(given).isdigit():
        raise bad_request(f'Parameter {name} must be an integer (was "{given}")')
    return None if given is None else int(given)


def count(store: Store, hits: list[Any], spec: Spec) -> int:
    """`count`: how many hits."""
    return len(hits)


def count_distinct(store: Store, hits: list[Any], spec: Spec, field: str) -> int:
    """`countDistinctValues`."""
    return len(store.distinct(hits, field))


def distinct(store: Store, hits: list[Any], spec: Spec, field: str) -> dict[str, int]:
    """`getDistinctValues`: the documents of each value, the most frequent first."""
    found = sorted(store.distinct(hits, field).items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(found[: LARGEST_GROUPS if spec.size is None else spec.size])


def count_distinct_per_group(
    store: Store, hits: list[Any], spec: Spec, group: str, field: str
) -> list[dict[str, Any]]:
    """`countDistinctValuesPerGroup`: the fewest first."""
    counts = {name: len(store.distinct(found, field)) for name, found in store.grouped(hits, group).items()}
    return [
        {group: name, field: found} for name, found in sorted(counts.items(), key=lambda pair: pair[::-1])
    ]


def distinct_per_group(
    store: Store, hits: list[Any], spec: Spec, group: str, field: str
) -> list[dict[str, Any]]:
    """`getDistinctValuesPerGroup`: the largest first."""
    rows = []
    for name, found in sorted(store.grouped(hits, group).items(), key=lambda pair: (-len(pair[1]), pair[0])):
        values = sorted(store.distinct(found, field).items(), key=lambda pair: (-pair[1], pair[0]))
        listed = [{field: value, "count": number} for value, number in values]
        rows.append({group: name, "count": len(found), "values": listed})
    return rows[: LARGEST_GROUPS if spec.size is None else spec.size]


def find(store: Store, one: str) -> dict[str, Any]:
    """`find`: the document of an id."""
    found = store.get(one)
    if found is None:
        # The type is written into the service: a taxon is not found as a Specimen.
        raise not_found(f"No Specimen exists with ID {one}")
    return found


def find_by_ids(store: Store, ids: str) -> list[dict[str, Any]]:
    """`findByIds`: those there are; the others are left out without a word."""
    asked = [one for one in ids.split(",") if one]
    if len(asked) > LONGEST_LIST:
        raise invalid(f"Number of ids exceeds {LONGEST_LIST} (was {len(asked)})")
    return [found for one in dict.fromkeys(asked) if (found := store.get(one))]


def find_by_unit(store: Store, unit: str) -> list[dict[str, Any]]:
    """`findByUnitID`."""
    return [one for one in store.all() if one.get("unitID") == unit]


def exists(store: Store, unit: str) -> bool:
    """`exists`: whether there is a specimen of this unitID."""
    return bool(find_by_unit(store, unit))


def collections(store: Store) -> list[str]:
    """`getNamedCollections`: the themes of all specimens."""
    return sorted(store.distinct(store.all(), "theme"))


def ids_in(store: Store, name: str) -> list[str]:
    """`getIdsInCollection`."""
    return sorted(one["id"] for one in store.all() if name in one.get("theme", []))


def locality(store: Store, name: str) -> dict[str, Any]:
    """`getGeoJsonForLocality`."""
    shape = shape_of(name)
    if shape is None:
        raise not_found(f"No such locality: {name}")
    return shape


LISTED = {"query": query, "download": download, "groupByScientificName": groups}
# Service: how many names follow it in the path, and what it does.
COUNTED: dict[str, tuple[int, Any]] = {
    "count": (0, count),
    "countDistinctValues": (1, count_distinct),
    "countDistinctValuesPerGroup": (2, count_distinct_per_group),
    "getDistinctValues": (1, distinct),
    "getDistinctValuesPerGroup": (2, distinct_per_group),
}
NAMED: dict[str, tuple[int, Any]] = {
    "find": (1, find),
    "findByIds": (1, find_by_ids),
    "findByUnitID": (1, find_by_unit),
    "exists": (1, exists),
    "getNamedCollections": (0, collections),
    "getIdsInCollection": (1, ids_in),
    "getGeoJsonForLocality": (1, locality),
}


def kept_for(service: str, document: str) -> bool:
    """Whether a document type has this service."""
    if service == "getGeoJsonForLocality":
        return document == "geo"
    return service in ("find", "findByIds") or document == "specimen"


def settings(server: ServiceState) -> dict[str, int]:
    """The settings that clients may read."""
    return {
        "index.max_result_window": server.window,
        "operator.contains.min_term_length": SHORTEST_PART,
        "operator.contains.max_term_length": LONGEST_PART,
    }


def metadata(server: ServiceState, parts: list[str]) -> Any:
    """`/metadata/…`: of the service as a whole."""
    told = {
        "getSettings": settings(server),
        "getSourceSystems": SOURCES,
        "getControlledLists": list(CONTROLLED),
        "getAllowedDateFormats": DATE_FORMATS,
        "getRestServices": SERVICES,
    }
    match parts:
        case [service] if service in told:
            return told[service]
        case ["getSetting", name] if name in settings(server):
            return settings(server)[name]
        case ["getSetting", name]:
            raise invalid(f"No such setting: {name}")
        case ["getControlledList", name] if name in CONTROLLED:
            return CONTROLLED[name]
    raise Refusal(500, f"javax.ws.rs.NotFoundException: /metadata/{'/'.join(parts)}")


def document_metadata(server: ServiceState, store: Store, parts: list[str], request: Asked) -> Any:
    """`/{document type}/metadata/…`."""
    known = fields(store.kind)
    match parts:
        case ["getPaths"]:
            return sorted(known)
        case ["getFieldInfo"]:
            asked = [path for path in request.arguments.get("fields", "").split(",") if path]
            for path in asked:
                if path not in known:
                    raise unknown_field(path)
            return {path: information(known[path]) for path in asked or sorted(known)}
        case ["isOperatorAllowed", path, name]:
            if path not in known:
                raise unknown_field(path)
            name = SIGNS.get(name, name.upper())
            if name not in OPERATORS:
                raise bad_request(f'No such operator: "{name}"')
            return name in known[path].operators
        case ["getSettings"] | ["getSetting", _]:
            return metadata(server, parts)
    raise unknown_url(request)


def texts(store: Store, spec: Spec, found: Found) -> list[str]:
    """The documents of a page as JSON, whole or in the parts asked for."""
    if spec.fields is None:
        return [store.text(one) for one in found.documents]
    return [
        json.dumps(chosen(one, spec.fields), ensure_ascii=False, separators=(",", ":"))
        for one in found.documents
    ]


def written(value: Any) -> Reply:
    """A reply in JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Reply(200, {"Content-Type": JSON}, body.encode())


def text(said: str) -> Reply:
    """A reply in plain text."""
    return Reply(200, {"Content-Type": TEXT}, said.encode())


def unknown_url(request: Asked) -> Refusal:
    """An address that leads nowhere gets 500 with a text, not 404."""
    where = re.sub(r"\?.*", "", request.path)
    return Refusal(500, f"javax.ws.rs.NotFoundException: RESTEASY003210: Could not find resource for {where}")
