"""How the portal compares a record with what is asked: words, whole values, numbers, points, order."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia.testing._nhm._documents import Document

__all__ = ["after", "facet", "fits_text", "keyword", "number_of", "ordered", "point_of", "values"]

# Degrees from the equator.
POLE = 90
WORD = re.compile(r"\w+")


def values(record: Any, path: str = "") -> Iterator[Any]:
    """The values of a record at a path such as `associatedMedia.category`; of all of it without a path."""
    if isinstance(record, list):
        for part in record:
            yield from values(part, path)
    elif isinstance(record, dict):
        key, _, rest = path.partition(".")
        for name in [key] if path else record:
            if name in record:
                yield from values(record[name], rest)
    elif not path and record is not None:
        yield record


def keyword(value: Any) -> str:
    """A value as it is compared whole: in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).lower()


def stem(word: str) -> str:
    """A word without its English ending; both sides of a comparison lose it."""
    for ending in ("ing", "ed", "es", "s"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= len("cat"):
            return rest
    return word


def words(text: Any) -> set[str]:
    """The stems of a text."""
    return {stem(word) for word in WORD.findall(str(text).lower())}


def fits_text(record: Document, text: str, fields: list[str] | None = None) -> bool:
    """Whether all words of a text stand in the record, or all of them in one of these fields."""
    asked = words(text)
    if fields:
        return any(
            asked <= {word for value in values(record, field) for word in words(value)} for field in fields
        )
    return asked <= {word for value in values(record) for word in words(value)}


def number_of(value: Any) -> float | None:
    """A value as a number: the store parses the texts it is given."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def point_of(record: Document) -> tuple[float, float] | None:
    """Where a record is: latitude and longitude in degrees."""
    latitude = number_of(record.get("decimalLatitude", record.get("Lat")))
    longitude = number_of(record.get("decimalLongitude", record.get("Long")))
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= POLE and abs(longitude) <= 2 * POLE else None


Key = list[Any]


def compare(a: Key, b: Key, down: list[bool]) -> int:
    """The order of two records by their sort values; what has none comes last, up or down."""
    for left, right, falls in zip(a, b, down, strict=True):
        if left == right:
            continue
        if left is None or right is None:
            return 1 if left is None else -1
        greater: bool = left > right
        return -1 if greater == falls else 1
    return 0


def ordered(found: list[tuple[Key, Any]], down: list[bool]) -> list[tuple[Key, Any]]:
    """Records with their sort values, in order."""

    def rank(a: tuple[Key, Any], b: tuple[Key, Any]) -> int:
        return compare(a[0], b[0], down)

    return sorted(found, key=cmp_to_key(rank))


def after(found: list[tuple[Key, Any]], cursor: Key, down: list[bool]) -> int:
    """The place in an ordered list where the records behind a cursor start."""
    start, end = 0, len(found)
    while start < end:
        middle = (start + end) // 2
        if compare(found[middle][0], cursor, down) > 0:
            end = middle
        else:
            start = middle + 1
    return start


def facet(records: list[Document], field: str, limit: int) -> dict[str, Any]:
    """The commonest values of a field, in lower case, and how many records have them."""
    counts: dict[str, int] = {}
    for record in records:
        for value in {keyword(value) for value in values(record, field)}:
            counts[value] = counts.get(value, 0) + 1
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "details": {
            "sum_other_doc_count": sum(count for _, count in first[limit:]),
            "doc_count_error_upper_bound": 0,
        },
        "values": dict(first[:limit]),
    }
