"""A sheet as people leave it: titles above the header, blank rows, headers in other letters.

Each edit that is undone is kept as a repair with the row that it was found in. No cell is lost.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["Edit", "EditedSheet", "WiderRow", "choose_sheets"]

SEARCHED = 20
"""Rows from the top in which the header is looked for."""
FEWEST = 3
"""Cells that a row has at least if it can be the header below a title."""
OPTIONAL = {"notes"}
"""Columns that a layout may lack."""
SHOWN = 80
"""Characters of a cell that a repair quotes."""


class Edit(NamedTuple):
    """One edit of a person: its kind, the row as a spreadsheet numbers it, and what was found there."""

    kind: str
    row: int
    detail: str


class WiderRow(Exception):
    """A row has a value beyond the columns that the sheet was opened with."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.width = width


class EditedSheet:
    """The header and the rows of a sheet, without what people put around them.

    Args:
        rows: the cells of the sheet as text, from its first row.
        layouts: columns that the sheet may have; of several layouts, one fits only with all its columns.
        keep_blank: whether rows without any value are rows of the table.
        width: columns that the sheet has at least.

    Raises:
        WiderRow: when it is iterated, for a value beyond the header and the width.
    """

    def __init__(
        self, rows: Iterator[list[str]], layouts: Sequence[Sequence[str]], *, keep_blank: bool, width: int = 0
    ) -> None:
        self.edits: list[Edit] = []
        self._rows: Iterator[tuple[int, list[str]]] = enumerate(rows, 1)
        self._keep_blank = keep_blank
        self._width = width
        self._layouts = [{spelling_key(name): name for name in layout} for layout in layouts]
        self.header = self._find_header()

    def __iter__(self) -> Iterator[list[str]]:
        width = len(self.header)
        for number, row in self._rows:
            if not self._keep_blank and not any(cell.strip() for cell in row):
                self.edits.append(Edit("blank row", number, "left out: it has no value"))
                continue
            if any(row[width:]):
                raise WiderRow(filled_width(row))
            yield [*row[:width], *[""] * (width - len(row))]

    def _find_header(self) -> list[str]:
        first = list(islice(self._rows, SEARCHED))
        at = self._header_row([row for _, row in first])
        for number, row in first[:at]:
            text = " | ".join(cell for cell in row if cell.strip())
            if text:
                self.edits.append(Edit("title row", number, f"above the header: {text[:SHOWN]!r}"))
        self._rows = chain(first[at + 1 :], self._rows)
        if not first:
            return []
        number, cells = first[at]
        width = max([self._width, *(filled_width(row) for _, row in first[at:])])
        return self._name_columns(number, [*cells[:width], *[""] * (width - len(cells))])

    def _header_row(self, rows: list[list[str]]) -> int:
        """The index of the row that has the names of the columns."""
        names = {key for layout in self._layouts for key in layout}
        matches = [sum(spelling_key(cell) in names for cell in row) for row in rows]
        best = max(matches, default=0)
        if best > 0 and best * 2 >= sum(map(bool, rows[matches.index(best)])):
            return matches.index(best)
        filled = [[cell for cell in row if cell.strip()] for row in rows]
        for at, cells in enumerate(filled):
            if len(cells) > 1:
                return at if at == 0 or (len(cells) >= FEWEST and len(set(cells)) == len(cells)) else 0
        return 0

    def _name_columns(self, number: int, cells: list[str]) -> list[str]:
        names: list[str] = []
        layout = self._layout_of(cells)
        for at, cell in enumerate(cells):
            name = layout.get(spelling_key(cell), cell)
            if name in cells:
                name = cell  # the column of that spelling is there too
            if not cell.strip():
                name = free_name(column_letters(at), [*names, *cells])
                detail = f"column {column_letters(at)} is named {name!r}"
                self.edits.append(Edit("missing header", number, detail))
            elif name in names:
                name = free_name(cell, [*names, *cells])
                self.edits.append(Edit("duplicate header", number, f"a second {cell!r} is named {name!r}"))
            elif name != cell:
                self.edits.append(Edit("header spelling", number, f"{cell!r} is read as {name!r}"))
            names.append(name)
        return names

    def _layout_of(self, cells: list[str]) -> dict[str, str]:
        """The names of the layout that the header has, by their spelling key; none if no layout fits."""
        if len(self._layouts) == 1:
            return self._layouts[0]
        keys = {spelling_key(cell) for cell in cells} | OPTIONAL
        return next((layout for layout in self._layouts if layout.keys() <= keys), {})


def filled_width(row: list[str]) -> int:
    """The number of cells up to the last one with a value."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def spelling_key(name: str) -> str:
    """A column name without what people change: capitals, blanks and underscores."""
    return "".join(name.split()).replace("_", "").casefold()


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number that no other column has."""
    number = 2
    free = name
    while free in taken:
        free = f"{name} ({number})"
        number += 1
    return free


def column_letters(at: int) -> str:
    """The letters of a column, counted from 0: 27 is `AB`."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def choose_sheets(names: list[str], written: list[str]) -> tuple[list[str], list[Edit]]:
    """The sheets that hold the rows, and an edit for each that has another name than it was written under.

    Args:
        names: the sheets of the workbook, in their order, without "About".
        written: the sheets that rows were written to; empty in a workbook of another origin.
    """
    if not written:
        return names[:1], []
    found = [name for name in written if name in names]
    missing = [name for name in written if name not in names]
    others = [name for name in names if name not in written][: len(missing)]
    edits = [
        Edit("renamed worksheet", 1, f"{new!r} was {old!r}")
        for new, old in zip(others, missing, strict=False)
    ]
    chosen = [name for name in names if name in (*found, *others)]
    return chosen, edits
