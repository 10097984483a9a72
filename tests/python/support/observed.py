"""What the package made of a page, in the words the tests use."""

from typing import Any

import naturalia as nat
from naturalia import errors


def read(data: Any, **options: Any) -> nat.Table:
    """`nat.read`, so that a test needs one import."""
    return nat.read(data, **options)


def refusal(data: Any, **options: Any) -> errors.NaturaliaError | None:
    """The error that reading `data` raises, None if it is read."""
    try:
        read(data, **options)
    except errors.NaturaliaError as error:
        return error
    return None


def identifiers(table: nat.Table) -> list[str | None]:
    """The identifiers, in row order."""
    return table["identifier"]


def long(table: nat.Table) -> list[Any]:
    """The rows of the long table."""
    return list(table.long())


def texts(table: nat.Table, element: str = "dc:title") -> list[str]:
    """The exact texts of one element, over all records."""
    return [row.value for row in long(table) if row.element == element]


def repairs(table: nat.Table) -> list[Any]:
    """The repairs, in page order."""
    return table.report.repairs


def only_repair(table: nat.Table) -> Any:
    """The one repair there is."""
    found = repairs(table)
    assert len(found) == 1, found
    return found[0]
