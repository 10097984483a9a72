"""How tables look in a terminal of any width, in `print()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from naturalia._output.escaping import escaped
from naturalia._output.terminal import console, fit
from naturalia._output.text import left_out, plural, text_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

__all__ = ["Grid", "Rows", "card", "columns_of", "preview"]

# What a person wants to see first; the other filled columns follow in their own order.
FIRST = (
    "identifier",
    "media_id",
    "id",
    "_id",
    "title",
    "license",
    "rights",
    "creator",
    "type",
    "date",
    "subject",
)
# What says little beside the rest: dates of the service, values that are the same in every row.
LAST = ("position", "datestamp_utc", "datestamp", "deleted", "sets", "notes", "extra")
# What is worth more room than the rest.
ROOMY = ("title", "value")
MOST, GAP = 64, 2
ROWS = 8


class Rows(Protocol):
    """What a display asks of a table."""

    @property
    def format(self) -> str:
        """The format."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: Any) -> Any: ...
    def head(self, n: int = ...) -> Self:
        """The first rows."""

    def view(self, *, multi: Any = ...) -> Self:
        """The rows in another shape."""

    def licenses(self, *, check: str | None = ...) -> Self:
        """The licences of the rows."""

    def _public_rows(self) -> tuple[Self, int]:
        """The rows of public records, and how many records are not public."""


class Grid:
    """Columns chosen and measured by the first rows, so that the rows that follow line up.

    Args:
        table: the rows to measure.
        width: characters of a line.
        all_columns: show every column, however little room each of them gets.
    """

    def __init__(self, table: Rows, width: int, *, all_columns: bool = False) -> None:
        cells = columns_of(table.head(100))
        filled = [name for name, column in cells.items() if any(column)]
        self._order = list(cells) if all_columns else sorted(filled, key=lambda name: rank(name, filled))
        self._sizes = {name: min(max(map(len, [name, *cells[name]])), MOST) for name in self._order}
        self.widths = self._shares(width) if all_columns else self._fitting(width)
        self.hidden = [name for name in filled if name not in self.widths and name != "deleted"]
        self._spread(width)

    def _fitting(self, width: int) -> dict[str, int]:
        """The first columns that fit, each with the least that is worth reading."""
        widths: dict[str, int] = {}
        room, narrow, wide = width, max(16, width // 10), max(22, width // 6)
        for name in self._order:
            least = min(self._sizes[name], wide if name in ROOMY else narrow)
            if widths and room < least:
                break
            widths[name] = min(least, width)
            room -= least + GAP
        return widths

    def _shares(self, width: int) -> dict[str, int]:
        """All columns with the same room, or less where less is enough."""
        share = max((width + GAP) // len(self._order) - GAP, 4)
        return {name: min(size, share) for name, size in self._sizes.items()}

    def _spread(self, width: int) -> None:
        """Gives away the room that is left, first to what needs it most."""
        room = width - sum(self.widths.values()) - GAP * (len(self.widths) - 1)
        for name in sorted(self.widths, key=lambda name: name not in ROOMY):
            more = min(max(room, 0), self._sizes[name] - self.widths[name])
            self.widths[name] += more
            room -= more

    def header(self) -> str:
        """The line of column names."""
        return self._line({name: name for name in self.widths})

    def lines(self, table: Rows) -> Iterator[tuple[str, bool]]:
        """A line for each row, and whether the row is of a deleted record."""
        cells = columns_of(table)
        for row in range(len(table)):
            line = {name: cells[name][row] if name in cells else "" for name in self.widths}
            deleted = bool(cells.get("deleted") and cells["deleted"][row])
            free = next((name for name in line if not line[name]), None)
            if deleted and free and "deleted" not in line:
                line[free] = "(deleted)"
            yield self._line(line), deleted

    def _line(self, cells: dict[str, str]) -> str:
        return (" " * GAP).join(fit(cells[name], width) for name, width in self.widths.items()).rstrip()

    def rest(self) -> str:
        """The filled columns that did not fit, as a remark; "" if all did."""
        if not self.hidden:
            return ""
        some = ", ".join(self.hidden[:6])
        more = f" and {len(self.hidden) - 6} more columns" if self.hidden[6:] else ""
        return escaped(f"not shown: {some}{more}")


def columns_of(table: Rows) -> dict[str, list[str]]:
    """Every column as one text a row, joined and without anything a terminal could take for a command."""
    flat = table.view(multi="join")
    return {name: [text_of(value) for value in flat[name]] for name in flat.columns}


def rank(name: str, columns: list[str]) -> tuple[int, int]:
    """Where a column stands in the order of interest."""
    if name in FIRST:
        return 0, FIRST.index(name)
    return (2 if name in LAST else 1), columns.index(name)


def preview(table: Rows) -> str:
    """The table in a few lines, for `print()`."""
    lines = [repr(table)]
    width = console().width
    if table.format == "identify":  # a description of the repository, not of records
        lines += card(table, width)
    elif len(table):
        head, private = table.head(ROWS)._public_rows()
        grid = Grid(head, width)
        lines += [grid.header(), *(line for line, _ in grid.lines(head))]
        more = [plural(len(table) - ROWS, "more row")] if len(table) > ROWS else []
        remarks = "; ".join(filter(None, [left_out(private, "not shown"), *more, grid.rest()]))
        lines += wrapped(f"… {remarks}", width) if remarks else []
    return "\n".join(lines)


def card(table: Rows, width: int) -> list[str]:
    """Few rows of many columns, one under the other: a line for each value."""
    cells = columns_of(table)
    margin = max(map(len, cells)) + GAP
    return [
        fit(f"{name:<{margin}}{column[row]}", max(width, margin)).rstrip()
        for row in range(len(table))
        for name, column in cells.items()
        if column[row]
    ]
