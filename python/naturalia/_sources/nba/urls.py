"""Addresses of the NBA as questions: what people paste from a browser, a paper, a label."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from naturalia._arguments.spelling import closest
from naturalia._sources.nba import fields as nba

__all__ = ["UrlQuestion", "question_of"]

PARAMETERS = ("_querySpec", "_fields", "_from", "_size", "_sortFields", "_logicalOperator", "_ignoreCase")
LISTS = ("query", "download", "count")
TRUE = ("true", "1", "on", "yes")
# Permanent links of specimens and observations: the unitID stands at their end.
PURLS = "data.biodiversitydata.nl"
PURL = re.compile(r"/(?:naturalis/specimen|(?:xeno-canto|obsint)/observation)/([^/]+)/?")


class UrlQuestion(NamedTuple):
    """What an address asks: documents by a QuerySpec or by ids; `base` is empty where it names none."""

    base: str
    document: str
    spec: dict[str, Any]
    ids: list[str]


def question_of(url: str) -> UrlQuestion:
    """The question of an address.

    Raises:
        ValueError: it is none, or it says something no service of the NBA takes.
    """
    parts = urlsplit(url.strip())
    link = PURL.fullmatch(parts.path)
    if parts.hostname == PURLS and link:
        unit = unquote(link[1])
        condition = {"field": "unitID", "operator": "EQUALS", "value": unit}
        return UrlQuestion("", "specimen", {"conditions": [condition]}, [])
    steps = [step for step in parts.path.split("/") if step]
    at = next((at for at, step in enumerate(steps) if step in nba.DOCUMENTS), None)
    if at is None or at + 1 >= len(steps):
        message = (
            f"{url!r} asks nothing of the NBA: addresses that do have /multimedia/query, /specimen/find/…"
        )
        raise ValueError(message)
    if "v0" in steps[:at]:
        message = f"{url!r} is of version 0, whose parameters were others: ask nat.Nba() with keywords"
        raise ValueError(message)
    base = urlunsplit((parts.scheme, parts.netloc, "/" + "/".join(steps[:at]), "", ""))
    document, service, rest = steps[at], steps[at + 1], steps[at + 2 :]
    if service in {"find", "findByIds"} and rest:
        ids = unquote("/".join(rest)).split(",") if service == "findByIds" else [unquote("/".join(rest))]
        return UrlQuestion(base, document, {}, ids)
    if service == "findByUnitID" and rest:
        condition = {"field": "unitID", "operator": "EQUALS", "value": unquote("/".join(rest))}
        return UrlQuestion(base, document, {"conditions": [condition]}, [])
    if service not in LISTS:
        message = f"{service!r} of {document} is no list of documents{closest(service, [*LISTS, 'find'])}"
        raise ValueError(message)
    return UrlQuestion(base, document, spec_of(parse_qsl(parts.query, keep_blank_values=True)), [])


def spec_of(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The QuerySpec of parameters."""
    given = dict(pairs)
    twice = next((name for name in given if sum(name == other for other, _ in pairs) > 1), None)
    if twice:
        message = f"{twice!r} stands twice in the address: the NBA takes each parameter once"
        raise ValueError(message)
    if "_querySpec" in given:
        if len(given) > 1:
            message = "_querySpec stands alone in an address, and this one has other parameters too"
            raise ValueError(message)
        try:
            spec = json.loads(given["_querySpec"])
        except ValueError as error:
            message = f"the _querySpec of the address is no JSON: {error}"
            raise ValueError(message) from None
        if not isinstance(spec, dict):
            message = "the _querySpec of the address is no JSON object"
            raise ValueError(message)
        return spec
    return plain(given)


def plain(given: dict[str, str]) -> dict[str, Any]:
    """The QuerySpec of readable parameters."""
    spec: dict[str, Any] = {}
    equals = "EQUALS_IC" if given.pop("_ignoreCase", "").lower() in TRUE else "EQUALS"
    conditions = []
    for name, text in given.items():
        if name in {"_from", "_size"}:
            if not text.isdecimal():
                message = f"{name} of the address is a number, not {text!r}"
                raise ValueError(message)
            spec[name[1:]] = int(text)
        elif name == "_fields":
            spec["fields"] = [path for path in text.split(",") if path]
        elif name == "_sortFields":
            orders = [part.partition(":") for part in text.split(",") if part]
            spec["sortFields"] = [{"path": path, "sortOrder": order or "ASC"} for path, _, order in orders]
        elif name == "_logicalOperator":
            spec["logicalOperator"] = text
        elif name == "querySpec" or name.startswith("_"):
            message = f"the NBA has no parameter {name!r}{closest(name, PARAMETERS)}"
            raise ValueError(message)
        elif text in {"@NULL@", "@NOT_NULL@"}:
            operator = "EQUALS" if text == "@NULL@" else "NOT_EQUALS"
            conditions.append({"field": name, "operator": operator, "value": None})
        else:
            conditions.append({"field": name, "operator": equals, "value": text})
    joined = {"logicalOperator": "AND"} if len(conditions) > 1 else {}
    return {"conditions": conditions, **joined, **spec} if conditions else spec
