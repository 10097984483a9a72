"""Which rows of a table or of a frame of another library are of public records."""

from __future__ import annotations

from typing import Any

from naturalia import _core
from naturalia._table.table import core_of, wrap

__all__ = ["public_part"]


def public_part(data: Any) -> tuple[Any, int]:
    """The public rows of a table or frame, and how many records are not public."""
    if type(data).__module__.partition(".")[0] == "pandas":
        return public_rows_of_pandas(data)
    public, count = wrap(core_of(data))._public_rows()
    return (public, count) if count else (data, 0)


def public_rows_of_pandas(frame: Any) -> tuple[Any, int]:
    """The public rows of a frame of pandas, of which only flags are read: mixed values have no Arrow type."""
    names = [name for name in frame.columns if "public" in str(name).lower()]
    cells = zip(*(frame[name] for name in names), strict=True)
    texts = [
        {str(name): None if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in cells
    ]
    numbers = _core.Table.from_rows(texts, [str(name) for name in names]).private_rows()
    if numbers is None:
        return frame, 0
    return frame[[number == 0 for number in numbers]], len(set(numbers) - {0})
