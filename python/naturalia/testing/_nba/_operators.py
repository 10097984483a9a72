"""The twenty operators of the NBA, each a plain function over JSON values.

A condition is about the values that a path leads to; a path walks into every element of a list. A positive
operator is true where *some* value satisfies it, its negative form where *none* does, so a document without
the field satisfies every negative form. Sources: documentation of the NBA (query operators), the field
tables, and the expected results of naturalis/nba-regression-test.
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from naturalia.testing._nba._areas import within
from naturalia.testing._nba._refusal import condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from naturalia.testing._nba._fields import Field

__all__ = ["LONGEST_LIST", "SIGNS", "test_of", "walk"]

LONGEST_LIST = 1024
SHORTEST_PART, LONGEST_PART = 3, 15
SIGNS = {"=": "EQUALS", "!=": "NOT_EQUALS", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE"}
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)
Test = "Callable[[Any], bool]"


def walk(document: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at the end of a path, without the nulls.

    >>> list(walk({"a": [{"b": 1}, {"b": [2, None]}, {}]}, ("a", "b")))
    [1, 2]
    """
    if isinstance(document, list):
        for element in document:
            yield from walk(element, path)
    elif not path:
        if document is not None:
            yield document
    elif isinstance(document, dict) and path[0] in document:
        yield from walk(document[path[0]], path[1:])


def test_of(name: str, field: Field, wanted: Any) -> Callable[[dict[str, Any]], bool]:
    """The test of a condition: whether a document satisfies operator `name` on `field` with this value.

    Raises:
        Refusal: the value does not fit the operator.
    """
    positive = name.removeprefix("NOT_")
    negative = positive != name
    path = tuple(field.path.split("."))
    if wanted is None and positive in ("EQUALS", "EQUALS_IC"):
        return lambda document: bool(values_of(document, field, path)) is negative
    holds = OPERATORS[positive](field, wanted)
    empty = positive == "IN" and isinstance(wanted, list) and None in wanted

    def test(document: dict[str, Any]) -> bool:
        found = values_of(document, field, path)
        if not found:
            return empty is not negative
        return any(map(holds, found)) is not negative

    return test


def values_of(document: dict[str, Any], field: Field, path: tuple[str, ...]) -> list[Any]:
    """What a condition on a field is about; a document that keeps what was found is gone through once."""
    kept: dict[tuple[str, ...], list[Any]] | None = getattr(document, "found", None)
    found = None if kept is None else kept.get(path)
    if found is None:
        shaped = field.type == "geoShape" and len(path) > 1
        found = list((points if shaped else walk)(document, path))
        if kept is not None:
            kept[path] = found
    return found


def points(document: dict[str, Any], path: tuple[str, ...]) -> Iterator[Any]:
    """The points of the sites of a document: the index has them also where the document leaves them out."""
    for site in walk(document, path[:-1]):
        longitude, latitude = site.get("longitudeDecimal"), site.get("latitudeDecimal")
        if "geoShape" in site:
            yield site["geoShape"]
        elif longitude is not None and latitude is not None:
            yield {"type": "Point", "coordinates": [longitude, latitude]}


def equals(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """EQUALS, NOT_EQUALS: the same value; case and accents count. A null asks for a missing field."""
    sought = read(field, single("EQUALS", wanted))
    return lambda value: read(field, value) == sought


def equals_ic(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """EQUALS_IC, NOT_EQUALS_IC: the same text but for upper and lower case; of others, the same value."""
    sought = lower(read(field, single("EQUALS_IC", wanted)))
    return lambda value: bool(lower(read(field, value)) == sought)


def starts_with(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """STARTS_WITH, NOT_STARTS_WITH: the text begins so; case counts."""
    start = filled("STARTS_WITH", wanted)
    return lambda value: str(value).startswith(start)


def starts_with_ic(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """STARTS_WITH_IC, NOT_STARTS_WITH_IC: the same without regard to case."""
    start = filled("STARTS_WITH_IC", wanted).lower()
    return lambda value: str(value).lower().startswith(start)


def contains(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """CONTAINS, NOT_CONTAINS: the text has this part, of 3 to 15 characters; case does not count."""
    part = filled("CONTAINS", wanted).lower()
    if not SHORTEST_PART <= len(part) <= LONGEST_PART:
        message = (
            f"Search term must contain between {SHORTEST_PART} and {LONGEST_PART} characters "
            f"with operator CONTAINS or NOT_CONTAINS (was {len(part)})"
        )
        raise condition(message)
    return lambda value: part in str(value).lower()


def matches(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """MATCHES, NOT_MATCHES: full text: at least one of the words stands in the text, in any case."""
    sought = set(words(filled("MATCHES", wanted)))
    return lambda value: not sought.isdisjoint(words(str(value)))


def compared(name: str, holds: Callable[[Any, Any], bool]) -> Callable[[Field, Any], Callable[[Any], bool]]:
    """LT, LTE, GT, GTE: numbers by size, dates by time; a short date stands for its first moment."""

    def made(field: Field, wanted: Any) -> Callable[[Any], bool]:
        if wanted is None:
            raise condition(f"Search value must not be null for operator {name}")
        bound = read(field, single(name, wanted))
        return lambda value: comparable(holds, read(field, value), bound)

    return made


def between(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """BETWEEN, NOT_BETWEEN: from the first of two values to the second, both included; a null is no bound."""
    if not isinstance(wanted, list) or len(wanted) != len(("from", "to")):
        raise condition("Operator BETWEEN requires an array of exactly two values")
    if wanted == [None, None]:
        raise condition("Boundary values for operator BETWEEN must not both be null")
    low, high = (None if bound is None else read(field, bound) for bound in wanted)

    def holds(value: Any) -> bool:
        found = read(field, value)
        return (low is None or comparable(operator.ge, found, low)) and (
            high is None or comparable(operator.le, found, high)
        )

    return holds


def one_of(field: Field, wanted: Any) -> Callable[[Any], bool]:
    """IN, NOT_IN: one of at most 1,024 values; a null among them asks for a missing field.

    On a geoShape: inside a GeoJSON polygon, or an area given by its locality or its id.
    """
    if field.type == "geoShape":
        return within(wanted)
    if not isinstance(wanted, list):
        raise condition("Operator IN requires an array of values")
    if len(wanted) > LONGEST_LIST:
        message = f"Number of search values for operator IN exceeds {LONGEST_LIST} (was {len(wanted)})"
        raise condition(message)
    sought = {read(field, single("IN", one)) for one in wanted if one is not None}
    return lambda value: read(field, value) in sought


OPERATORS: dict[str, Callable[[Field, Any], Callable[[Any], bool]]] = {
    "EQUALS": equals,
    "EQUALS_IC": equals_ic,
    "CONTAINS": contains,
    "MATCHES": matches,
    "STARTS_WITH": starts_with,
    "STARTS_WITH_IC": starts_with_ic,
    "LT": compared("LT", operator.lt),
    "LTE": compared("LTE", operator.le),
    "GT": compared("GT", operator.gt),
    "GTE": compared("GTE", operator.ge),
    "BETWEEN": between,
    "IN": one_of,
}


def read(field: Field, value: Any) -> Any:
    """A value in the type of its field.

    Raises:
        Refusal: it cannot be read so.
    """
    try:
        match field.type:
            case "integer" | "number":
                return float(value)
            case "boolean":
                return {"true": True, "false": False}[str(value).lower()]
            case "date":
                return moment(str(value))
    except (ValueError, KeyError, TypeError):
        message = f'Invalid value for field {field.path}: "{value}" (type {field.type})'
        raise condition(message) from None
    return str(value)


def moment(text: str) -> datetime:
    """A date in one of the forms the NBA takes: `yyyy`, `yyyy-MM`, `yyyy-MM-dd`, with a time, with an offset.

    The short forms mean the first moment of the year, the month, the day; a time without an offset is UTC.
    """
    parts = DATE.fullmatch(text.strip())
    if parts is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, offset = parts.groups()
    zone = "+0000" if offset in (None, "Z") else offset.replace(":", "")
    stamp = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)


def comparable(holds: Callable[[Any, Any], bool], value: Any, bound: Any) -> bool:
    """A comparison of two values of one type."""
    return holds(value, bound)


def lower(value: Any) -> Any:
    """A text in lower case; anything else as it is."""
    return value.lower() if isinstance(value, str) else value


def words(text: str) -> list[str]:
    """The words of a text as the index keeps them."""
    return re.findall(r"\w+", text.lower())


def single(name: str, wanted: Any) -> Any:
    """A value that is no list and no object."""
    if isinstance(wanted, (list, dict)):
        raise condition(f"Operator {name} requires a single value")
    return str(wanted).lower() if isinstance(wanted, bool) else wanted


def filled(name: str, wanted: Any) -> str:
    """A text that says something."""
    if wanted is None or wanted == "":
        raise condition(f"Search value must not be null or empty for operator {name}")
    return str(single(name, wanted))
