"""The fields of NBA documents: their types, how the service indexes them, and what may be asked of each.

`fields.tsv` has a row for each path; `keywords.tsv` one for each keyword that is not simply the name of a
field in small letters. Facts of the field information and the documentation of the NBA 2.21 and later.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._sources.nba.operators import OPERATORS, ORDERED, with_opposites

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DOCUMENTS", "IndexedField", "fields", "find_field", "keyword_paths", "with_service_facts"]

FOLDER = os.path.dirname(__file__)
DOCUMENTS = ("multimedia", "specimen", "taxon")


EXACT = with_opposites("EQUALS", "IN", "STARTS_WITH")
FULL = (*EXACT, *with_opposites("EQUALS_IC", "STARTS_WITH_IC", "CONTAINS", "MATCHES"))
# Capitals are no matter where there are none: the service takes _IC for numbers, dates and booleans.
PLAIN = with_opposites("EQUALS", "EQUALS_IC", "IN")
RANGED = (*PLAIN, *with_opposites("BETWEEN"), *ORDERED)
ALLOWED = {"exact": EXACT, "full": FULL, "geo": with_opposites("IN"), "none": (), "virtual": ()}
TYPED = {"boolean": PLAIN, "integer": RANGED, "number": RANGED, "date": RANGED}


class IndexedField(NamedTuple):
    """A field as the service keeps it.

    Attributes:
        path: with `[]` after what repeats.
        type: `text uri boolean integer number date json`, or `enum …`.
        indexed: `exact` (whole values), `full` (also any case, parts and words of it), `geo`, `none` (only in
            answers), `virtual` (made for the answer).
        operators: those it may be asked with.
    """

    path: str
    type: str
    indexed: str
    operators: tuple[str, ...]

    @property
    def query_name(self) -> str:
        """The path as a question has it, without brackets."""
        return bare(self.path)


def bare(path: str) -> str:
    """A path without the brackets or numbers of list items."""
    return re.sub(r"\[\d*\]", "", path)


@cache
def fields(document: str) -> dict[str, IndexedField]:
    """The fields of a document type, by path without brackets."""
    found = {}
    for name, path, kind, indexed in read_rows("fields.tsv"):
        if name == document:
            allowed = TYPED.get(kind, ALLOWED[indexed]) if indexed == "exact" else ALLOWED[indexed]
            found[bare(path)] = IndexedField(path, kind, indexed, allowed)
    return found


@cache
def keyword_paths(document: str) -> dict[str, list[str]]:
    """The paths each keyword asks of a document type, the most telling one first."""
    keywords = {snake(path): [path] for path in fields(document) if "." not in path}
    place = DOCUMENTS.index(document) + 1
    keywords |= {row[0]: row[place].split() for row in read_rows("keywords.tsv") if row[place]}
    return {name: paths for name, paths in keywords.items() if fields(document)[paths[0]].operators}


def find_field(document: str, path: str, offered: dict[str, IndexedField] | None = None) -> IndexedField:
    """The field at a path; one that is not there is refused with what was probably meant."""
    offered = fields(document) if offered is None else offered
    name = bare(path.strip())
    if name in offered:
        return offered[name]
    inner = [each for each in offered if each.startswith(f"{name}.")]
    if inner:
        message = f"{name!r} of {document} is a group: name a field in it, such as {inner[0]!r}"
        raise ValueError(message)
    raise ValueError(f"{document} has no field {path!r}{meant(name, offered)}")


def meant(path: str, offered: dict[str, IndexedField]) -> str:
    """What was probably meant by a path."""
    from difflib import get_close_matches

    last = path.rpartition(".")[2].lower()
    same = [each for each in offered if each.lower() == path.lower()]
    same += [each for each in offered if each.rpartition(".")[2].lower() == last]
    near = same or get_close_matches(path, offered, 3, 0.7)
    if not near:
        tails = get_close_matches(last, {each.rpartition(".")[2].lower() for each in offered}, 1, 0.75)
        near = [each for each in offered if each.rpartition(".")[2].lower() in tails]
    if not near:
        return "; nba.fields() lists those there are"
    return f": did you mean {' or '.join(map(repr, near[:3]))}?"


def with_service_facts(path: str, facts: Mapping[str, Any], shipped: IndexedField | None) -> IndexedField:
    """A field as the service says it is."""
    allowed = tuple(name for name in OPERATORS if name in (facts.get("allowedOperators") or ()))
    kind = shipped.type if shipped else {"keyword": "text"}.get(facts.get("type", ""), str(facts.get("type")))
    full = "full" if "CONTAINS" in allowed else "exact"
    indexed = shipped.indexed if shipped else full if facts.get("indexed") else "none"
    return IndexedField(shipped.path if shipped else path, kind, indexed, allowed)


def snake(name: str) -> str:
    """`unitID` as `unit_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", bare(name)).lower()


def read_rows(name: str) -> list[list[str]]:
    """The rows of a table of this folder, without its header."""
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]
