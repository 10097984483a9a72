"""The hash of a query, as the portal computes it: of a text that is the same for any order of its parts."""

from __future__ import annotations

import hashlib
from typing import Any

from naturalia.testing._nhm._grammar import GROUPS, normal

__all__ = ["query_hash"]


def query_hash(query: dict[str, Any]) -> str:
    """The SHA-1 of a query that was checked, without its resources and version."""
    plain = normal(query)
    parts = [f"search:{plain['search']}"] if "search" in plain else []
    parts += [f"filters:{node_text(plain['filters'])}"] if "filters" in plain else []
    return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()


def node_text(node: dict[str, Any]) -> str:
    """The text of a group or a term."""
    ((kind, inner),) = node.items()
    if kind in GROUPS:
        return f"{kind}:[{'|'.join(sorted(node_text(member) for member in inner))}]"
    match kind, inner:
        case "exists", {"geo_field": True}:
            return "geo_exists"
        case "exists", {"fields": fields}:
            text = ",".join(sorted(fields))
        case "number_range", {"fields": fields}:
            ends = bound(inner, "less_than", "<") + bound(inner, "greater_than", ">")
            text = f"{','.join(sorted(fields))};{ends}"
        case "geo_point", {"latitude": latitude, "longitude": longitude}:
            text = f"{inner.get('radius', 0)}{inner.get('radius_unit', 'm')};{latitude};{longitude}"
        case "geo_named_area", _:
            ((area, name),) = inner.items()
            text = f"{area};{name}"
        case "geo_custom_area", _:
            text = ";".join(polygon_text(polygon) for polygon in inner)
        case _:
            text = f"{','.join(sorted(inner['fields']))};{inner['value']}"
    return f"{kind}:{text}"


def bound(node: dict[str, Any], end: str, sign: str) -> str:
    """The text of one end of a range; nothing where the range is open there."""
    if end not in node:
        return ""
    return f"{sign}{'=' if node.get(f'{end}_inclusive', True) else ''}{node[end]}"


def polygon_text(rings: list[Any]) -> str:
    """The text of a polygon: points with the latitude first, and the list of its holes."""
    texts = [",".join(f"[{latitude},{longitude}]" for longitude, latitude, *_ in ring) for ring in rings]
    return texts[0] if len(texts) == 1 else f"{texts[0]}/{sorted(texts[1:])}"
