"""Moments as people write them: "2010", "2010-12-31", "30d", dates, datetimes, timedeltas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Span", "micros", "span"]

HOURS = {"h": 1, "d": 24, "w": 7 * 24}


class Span(NamedTuple):
    """The first and the last moment that a date or a time names, in UTC."""

    first: datetime
    last: datetime


def span(value: Any, name: str) -> Span | None:
    """What `since=` or `until=` names; None where nothing is asked for.

    A day is all of it, from midnight to midnight UTC, and so are a month and a year. "30d" (also "12h", "2w")
    and a timedelta are so long ago. Without a zone it is UTC.

    Raises:
        TypeError, ValueError: it names no moment.
    """
    from datetime import UTC, date, datetime, timedelta

    if value is None or value == "":
        return None
    if isinstance(value, str):
        return of_text(value.strip(), name)
    if isinstance(value, timedelta):
        return second(datetime.now(UTC) - value)
    if isinstance(value, datetime):
        return second(value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
    if isinstance(value, date):
        return days(value, value)
    message = f"{name}= takes a date, a datetime, a timedelta or a text, not {type(value).__name__}"
    raise TypeError(message)


def of_text(text: str, name: str) -> Span:
    """What a text names."""
    from datetime import UTC, date, datetime, timedelta

    if text[:-1].isdecimal() and text[-1:] in HOURS:
        return second(datetime.now(UTC) - timedelta(hours=int(text[:-1]) * HOURS[text[-1]]))
    try:
        match text.split("-"):
            case [year] if year.isdecimal():
                return days(date(int(year), 1, 1), date(int(year), 12, 31))
            case [year, month]:
                first = date(int(year), int(month), 1)
                return days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
            case [_, _, day] if day.isdecimal():
                return days(date.fromisoformat(text), date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = (
            f"{name}={text!r} names no moment: write 2010-12-31, 2010-12, 2010, 2010-12-31T12:00:00Z "
            'or, for so long ago, "30d", "12h", "2w"'
        )
        raise ValueError(message) from None
    return second(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


def second(moment: datetime) -> Span:
    """The second a moment is in."""
    return Span(moment.replace(microsecond=0), moment.replace(microsecond=999_999))


def days(first: Any, last: Any) -> Span:
    """Whole days."""
    from datetime import UTC, datetime, time

    return Span(datetime.combine(first, time.min, UTC), datetime.combine(last, time.max, UTC))


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    from datetime import UTC, datetime, timedelta

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
