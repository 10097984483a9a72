"""Values in a question to the NBA: of the type of their field, in the form the service takes."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.dates import span

if TYPE_CHECKING:
    from naturalia._sources.nba.fields import IndexedField

__all__ = ["LONGEST", "in_days", "literals", "value_of"]

# How the licences of the service begin, those that are not of its list too.
SPELLED = ("CC ", "CC0", "All rights")
# Values in one IN, and characters of a CONTAINS, as the service's settings have them.
LONGEST = 1024
SHORTEST_PART, LONGEST_PART = 3, 15
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")


def value_of(field: IndexedField, name: str, value: Any, *, verbatim: bool = False) -> tuple[str, Any]:
    """The operator and the value as they are sent.

    A year, a month or a day is meant whole, where the service would take its first moment: `== "1977"`
    becomes BETWEEN, `<= "1977"` includes all of it. `verbatim` only checks.

    Raises:
        ValueError: the field or the operator can't have such a value.
    """
    if name.startswith("CONTAINS"):
        length = len(text_of(field, value))
        if not SHORTEST_PART <= length <= LONGEST_PART:
            message = (
                f"CONTAINS finds {SHORTEST_PART} to {LONGEST_PART} characters, and {value!r} has {length}: "
                "matches() finds words, startswith() beginnings"
            )
            raise ValueError(message)
    if field.indexed == "geo":
        return "IN" if name == "EQUALS" else name, area_of(field, value)
    if name == "BETWEEN":
        if not isinstance(value, (list, tuple)) or len(value) != len(("low", "high")):
            message = f"BETWEEN takes two values, not {value!r}"
            raise ValueError(message)
        if field.type == "date" and not verbatim:
            return name, [None if value[0] is None else moment(value[0]), last_of(value[1])]
        return name, [None if each is None else one_of(field, each, verbatim=verbatim) for each in value]
    if name == "IN":
        return name, several(field, value, verbatim=verbatim)
    if field.type == "date" and not verbatim:
        return dated(name, value)
    return name, one_of(field, value, verbatim=verbatim)


def in_days(field: IndexedField, values: Any) -> bool:
    """Whether values of a field of dates name whole days, months or years."""
    if field.type != "date" or not isinstance(values, list):
        return False
    return any(DATE.fullmatch(str(moment(each))) for each in values)


def several(field: IndexedField, values: Any, *, verbatim: bool) -> list[Any]:
    """The values of an IN."""
    if not isinstance(values, (list, tuple)):
        message = f"IN takes a list, not {values!r}: EQUALS takes one value"
        raise ValueError(message)  # noqa: TRY004 - of a question, as its other faults
    if not values:
        message = f"an empty list for {field.query_name!r}: nothing would be found"
        raise ValueError(message)
    if verbatim and len(values) > LONGEST:
        message = (
            f"IN takes {LONGEST:,} values at most, not {len(values):,}: a keyword, or "
            f"nat.field({field.query_name!r}).isin(…), asks for more in pieces"
        )
        raise ValueError(message)
    return [None if each is None else one_of(field, each, verbatim=verbatim) for each in values]


def one_of(field: IndexedField, value: Any, *, verbatim: bool) -> Any:
    """One value in the type of its field."""
    if isinstance(value, (list, tuple, dict)) or value is None:
        message = f"{field.query_name!r} is compared with one value, not {value!r}"
        raise ValueError(message)
    if field.type == "boolean":
        return truth(field, value, verbatim=verbatim)
    if field.type in {"integer", "number"}:
        return number(field, value, verbatim=verbatim)
    if field.type == "date":
        return moment(value, verbatim=verbatim)
    text = text_of(field, value)
    if field.type == "enum License":
        known_license(text)
    return text


def text_of(field: IndexedField, value: Any) -> str:
    """A text; numbers are written as ones."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        hint = ": a column of numbers with gaps? Read it as text" if isinstance(value, float) else ""
        message = f"{field.query_name!r} is text, not {value!r}{hint}"
        raise ValueError(message)  # noqa: TRY004
    return value if isinstance(value, str) else repr(value)


def truth(field: IndexedField, value: Any, *, verbatim: bool) -> Any:
    """A boolean."""
    word = str(value).lower()
    if word not in {"true", "false"}:
        message = f"{field.query_name!r} is True or False, not {value!r}"
        raise ValueError(message)
    return value if verbatim else word == "true"


def number(field: IndexedField, value: Any, *, verbatim: bool) -> Any:
    """A number, also from its text."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, bool) or not isinstance(found, (int, float)) or found != found:  # noqa: PLR0124
        message = f"{field.query_name!r} is a number, not {value!r}"
        raise ValueError(message)
    return value if verbatim else found


def moment(value: Any, *, verbatim: bool = False) -> Any:
    """A date or a moment in a form the service takes."""
    if isinstance(value, datetime):
        return stamp(value if value.tzinfo else value.replace(tzinfo=UTC))
    text = value.isoformat() if isinstance(value, date) else value
    text = str(text) if isinstance(text, int) and not verbatim else text
    if not isinstance(text, str) or not (DATE.fullmatch(text) or MOMENT.fullmatch(text)):
        message = f'{value!r} is no date: write "1977", "1977-07", "1977-07-02" or "1977-07-02T10:00:00+0000"'
        raise ValueError(message)
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        message = f"{value!r} is no date of the calendar"
        raise ValueError(message) from None
    return text.replace(" ", "T")


def dated(name: str, value: Any) -> tuple[str, Any]:
    """A comparison with a date; one of a whole year, month or day by its first and last second."""
    text = moment(value)
    if not DATE.fullmatch(text):
        return name, text
    if name in {"EQUALS", "EQUALS_IC"}:
        return "BETWEEN", [text, last_of(text)]
    return name, last_of(text) if name in {"LTE", "GT"} else text


def last_of(value: Any) -> Any:
    """The last second of a date; a moment is itself."""
    text = None if value is None else moment(value)
    whole = span(text, "date") if text and DATE.fullmatch(text) else None
    return stamp(whole.last) if whole else text


def stamp(found: datetime) -> str:
    """A moment as the service writes it, without a colon in the offset."""
    return f"{found:%Y-%m-%dT%H:%M:%S%z}"


def area_of(field: IndexedField, value: Any) -> Any:
    """An area: the name of one, its id, or GeoJSON."""
    if hasattr(value, "__geo_interface__"):
        value = value.__geo_interface__
    if isinstance(value, dict):
        if value.get("type") == "Feature":
            value = value.get("geometry") or {}
        if "coordinates" not in value and "geometries" not in value:
            message = f"an area is GeoJSON with type and coordinates, not {value!r}"
            raise ValueError(message)
        return value
    if isinstance(value, list) and len(value) == 1:
        return area_of(field, value[0])
    if not isinstance(value, str) or not value.strip():
        message = f"{field.query_name!r} is asked with the name of an area, its id, or GeoJSON, not {value!r}"
        raise ValueError(message)
    return value


def known_license(text: str) -> None:
    """Refuses other words for a licence than those of the service, an address too: nothing would be found."""
    if text.startswith(SPELLED):
        return
    try:
        found = literals(text)
    except ValueError:
        return  # these very characters are meant
    message = f"the NBA does not write a licence as {text!r}: it says {' or '.join(map(repr, found))}"
    raise ValueError(message)


def literals(statement: Any) -> list[str]:
    """The words the NBA has for exactly this licence; for "open", those of every open one.

        >>> literals("https://creativecommons.org/publicdomain/zero/1.0/")
        ['CC0', 'CC0 1.0']
        >>> literals("CC BY")
        ['CC BY']

    Raises:
        ValueError: it is no licence, or one the NBA has no words for. A neighbour is never taken instead.
    """
    from naturalia._licenses.license import License, license

    if statement == "open":
        return [text for text in _core.NBA_LICENSES if license(text).check("open").verdict == "yes"]
    wanted = statement if isinstance(statement, License) else license(str(statement))
    same = by_licence().get(wanted.id)
    if same:
        return list(same)
    hint = f": did you mean {wanted.suggestions[0]!r}?" if wanted.suggestions else ""
    message = f"the NBA has no words for {wanted.label or wanted.raw!r}{hint}"
    advice = (
        f"no other is taken instead; nat.field('license') == {wanted.raw!r} asks for just these characters"
    )
    raise ValueError(f"{message}; {advice}")


@cache
def by_licence() -> dict[str | None, list[str]]:
    """The words of the NBA by the licence they mean."""
    from naturalia._licenses.license import license

    found: dict[str | None, list[str]] = {}
    for text in _core.NBA_LICENSES:
        found.setdefault(license(text).id, []).append(text)
    return found
