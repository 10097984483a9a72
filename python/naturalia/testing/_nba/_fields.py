"""The fields of the NBA's documents: types, how each is indexed, and the operators that follow from it.

Source: the model of NBA 2.21 (see NOTICE). A path of a query omits the brackets of lists.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["DOCUMENTS", "OPERATORS", "Field", "fields", "information"]

DOCUMENTS = ("specimen", "taxon", "multimedia", "geo")
PLAIN = ("EQUALS", "IN", "STARTS_WITH")
ANALYSED = (*PLAIN, "EQUALS_IC", "CONTAINS", "MATCHES", "STARTS_WITH_IC")
ORDERED = ("EQUALS", "EQUALS_IC", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN")
# The operators as the NBA lists them. LT, LTE, GT, GTE have no negative form.
OPERATORS = (
    "EQUALS",
    "NOT_EQUALS",
    "EQUALS_IC",
    "NOT_EQUALS_IC",
    "CONTAINS",
    "NOT_CONTAINS",
    "MATCHES",
    "NOT_MATCHES",
    "STARTS_WITH",
    "NOT_STARTS_WITH",
    "STARTS_WITH_IC",
    "NOT_STARTS_WITH_IC",
    "LT",
    "LTE",
    "GT",
    "GTE",
    "BETWEEN",
    "NOT_BETWEEN",
    "IN",
    "NOT_IN",
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a document type.

    Attributes:
        path: as a query names it.
        type: string, boolean, integer, number, date, geoShape.
        index: `keyword`: the exact value; `analysed`: also lower-cased, by words, and by parts of words;
            `none`: not searchable; `id`: not in the document, but known to the index.
    """

    path: str
    type: str
    index: str

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators it allows, in the order of the NBA's list."""
        if self.index == "none":
            return ()
        if self.index == "id":
            allowed: tuple[str, ...] = ("EQUALS", "IN")
        elif self.type == "geoShape":
            allowed = ("IN",)
        elif self.type == "string":
            allowed = ANALYSED if self.index == "analysed" else PLAIN
        elif self.type == "boolean":
            allowed = ("EQUALS", "EQUALS_IC", "IN")
        else:
            allowed = ORDERED
        return tuple(name for name in OPERATORS if name.removeprefix("NOT_") in allowed)


@functools.cache
def fields(document: str) -> dict[str, Field]:
    """The fields of a document type by path."""
    table = files("naturalia.testing._nba").joinpath("fields.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines()[1:])
    return {
        path.replace("[]", ""): Field(path.replace("[]", ""), kind, index)
        for owner, path, kind, index in rows
        if owner == document
    }


def information(field: Field) -> dict[str, object]:
    """What `getFieldInfo` says of a field."""
    kind = {"string": "keyword", "number": "double", "geoShape": "geo_shape"}.get(field.type, field.type)
    return {
        "indexed": field.index != "none",
        "type": kind,
        "allowedOperators": list(field.operators),
        "description": "",
    }
