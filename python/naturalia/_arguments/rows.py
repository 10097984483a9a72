"""What may stand between the brackets of a table: row numbers and masks, of whatever library."""

from __future__ import annotations

from typing import Any

__all__ = ["is_mask", "plain_list", "row_number", "row_numbers"]


def plain_list(key: Any) -> list[Any]:
    """A list of what numpy, pandas, polars and pyarrow each have their own word for."""
    for method in ("tolist", "to_list", "to_pylist"):
        if hasattr(key, method):
            return list(getattr(key, method)())
    return list(key)


def is_mask(key: list[Any]) -> bool:
    """Whether these are booleans; null counts as false, as in polars and DuckDB."""
    return all(wanted is None or isinstance(wanted, bool) for wanted in key)


def row_number(number: int, rows: int) -> int:
    """The row that a number means in a table of so many rows; negative ones count from the end."""
    row = number + rows if number < 0 else number
    if not 0 <= row < rows:
        message = f"row {number} of a table of {rows:,}"
        raise IndexError(message)
    return row


def row_numbers(key: list[Any], rows: int) -> list[int]:
    """The rows that a mask or a list of numbers means."""
    if is_mask(key) and key:
        if len(key) != rows:
            message = f"a mask of {len(key):,} booleans for a table of {rows:,} rows"
            raise IndexError(message)
        return [row for row, wanted in enumerate(key) if wanted]
    if not all(hasattr(number, "__index__") for number in key):
        message = "a table is indexed by a row number, a column name, a slice, row numbers or booleans"
        raise TypeError(message)
    return [row_number(number.__index__(), rows) for number in key]
