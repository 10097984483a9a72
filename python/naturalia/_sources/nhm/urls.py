"""Addresses of the NHM data portal: what a pasted one means, and the page where a search can be seen."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from naturalia._query.conditions import And, field
from naturalia._sources.nhm.grammar import checked
from naturalia._sources.nhm.keywords import LIMIT, RESOURCES, Search, records_search

__all__ = ["Place", "doi_in", "page_of", "pasted", "place_in", "searched"]

# The data sets of the collections, by resource.
PACKAGES = {
    RESOURCES["specimens"]: "collection-specimens",
    RESOURCES["index_lots"]: "collection-indexlots",
}
ACTIONS = ("vds_basic_query", "datastore_search", "vds_multi_query")
# How many parts stand before a version.
VERSIONED = {"object": 1, "record": 2}


class Place(NamedTuple):
    """What an address of the portal leads to.

    Attributes:
        base: the portal.
        kind: `search` (a slug), `doi`, `object`, `record`, `resource`, `dataset` or `action`.
        parts: the slug, GUID, ids or names, in the order of the address.
        params: the parameters of a search.
    """

    base: str
    kind: str
    parts: tuple[str, ...]
    params: dict[str, Any]

    @property
    def page(self) -> str:
        """The page of a record or an object."""
        return "/".join([self.base, self.kind, *map(quote, self.parts)])


def doi_in(text: str) -> str | None:
    """The DOI that a text is, or that an address of it ends in."""
    parts = urlsplit(text.strip())
    path = parts.path if parts.netloc in ("doi.org", "dx.doi.org", "www.doi.org") else ""
    found = path.strip("/") or text.strip().removeprefix("doi:")
    prefix, slash, suffix = found.partition("/")
    return (
        unquote(found) if slash and suffix and prefix.startswith("10.") and prefix[3:].isdecimal() else None
    )


def place_in(url: str) -> Place:
    """What a pasted address of the portal means.

    Raises:
        ValueError: it is none, or leads to something that holds no records.
    """
    parts = urlsplit(url.strip())
    steps = [unquote(step) for step in parts.path.split("/") if step]
    kind, found = named(steps)
    if not kind or not all(step.isdecimal() for step in found[VERSIONED.get(kind, len(found)) :]):
        message = f"{url!r} leads to no records of the data portal: it takes the address of a search "
        message += "(/search/…), a specimen (/object/…), a record, a data set, one of its resources, or a DOI"
        raise ValueError(message)
    pairs = dict(parse_qsl(parts.query))
    params = (
        shown_search(pairs) if kind == "resource" else {name: plain(text) for name, text in pairs.items()}
    )
    return Place(f"{parts.scheme}://{parts.netloc}", kind, found, params)


def named(steps: list[str]) -> tuple[str, tuple[str, ...]]:
    """What the steps of a path lead to, and its parts; an empty kind for nothing."""
    kind = ""
    found: tuple[str, ...] = ()
    match steps:
        case ["search" | "dataset" as kind, name]:
            found = (name,)
        case ["doi" as kind, prefix, suffix]:
            found = (f"{prefix}/{suffix}",)
        case ["object" | "specimen", guid, *version] if len(version) <= 1:
            kind, found = "object", (guid.partition(".")[0], *version)
        case ["dataset", _, "resource", resource, "record", own, *version] if len(version) <= 1:
            kind, found = "record", (resource, own.removesuffix(".json"), *version)
        case ["record", resource, own, *version] | ["iiif", "resource", resource, "record", own, *version]:
            kind, found = "record", (resource, own, *version[:1])
        case ["dataset", _, "resource" as kind, resource, *_]:
            found = (resource,)
        case ["api", *_, "action" as kind, action] if action in ACTIONS:
            found = (action,)
    return (kind, found) if found else ("", ())


def shown_search(params: dict[str, str]) -> dict[str, Any]:
    """The search in the address of a resource: `q=…&filters=genus:Helix|country:Italy`."""
    filters: dict[str, list[str]] = {}
    for pair in params.get("filters", "").split("|"):
        name, colon, value = pair.partition(":")
        if colon:
            filters.setdefault(name, []).append(value)
    return {"filters": filters, "q": params.get("q") or None}


def searched(resource: str, *, filters: dict[str, list[str]], q: str | None) -> Search:
    """The search that the page of a resource shows: of several values of a field it wants all."""
    flags = {"_has_image": "has_image", "_has_lat_long": "has_place"}
    given: dict[str, Any] = {flags[name]: True for name in filters if name in flags}
    rest = {name: values for name, values in filters.items() if name not in flags}
    one = {name: values for name, values in rest.items() if len(values) == 1}
    several = [field(name) == value for name, values in rest.items() if name not in one for value in values]
    return records_search(resource, q=q, filters=one, where=And(several) if several else None, **given)


def pasted(action: str, params: dict[str, Any]) -> Search:
    """A call of the API, as the address has it; the portal's pages are always of a thousand records."""
    size = "size" if action == "vds_multi_query" else "limit"
    portable = {name: value for name, value in params.items() if name not in ("after", "offset", "run_query")}
    if size == "size" and isinstance(portable.get("query"), dict):
        portable["query"] = checked(portable["query"])
    return Search(
        "vds_multi_query" if size == "size" else "vds_basic_query",
        {size: LIMIT, **portable},
        ("the search in the address",),
    )


def plain(text: str) -> Any:
    """A parameter of an action: JSON where it is an object, a list or a number, else text."""
    if text[:1] in ("{", "[") or text.lstrip("-").isdecimal():
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def page_of(base: str, search: Search) -> str | None:
    """The page that shows a search of one resource; None for what no page shows."""
    resource, filters = search.params.get("resource_id"), search.params.get("filters", {})
    if resource not in PACKAGES or any("|" in value for value in filters.values()):
        return None
    pairs = {
        "q": search.params.get("q"),
        "filters": "|".join(f"{name}:{value}" for name, value in filters.items()),
    }
    query = urlencode({name: value for name, value in pairs.items() if value}, quote_via=quote)
    page = f"{base}/dataset/{PACKAGES[resource]}/resource/{resource}"
    return f"{page}?{query}" if query else page
