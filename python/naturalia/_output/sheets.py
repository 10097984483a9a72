"""Sheets of text, CSV and workbooks: whole or not there, and without formulas."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from naturalia import _core
from naturalia._output.atomic import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["CELL", "Page", "Rows", "escape_formula", "unescape_formula", "write_csv", "write_workbook"]

CHOICES = "choices"
"""The hidden sheet with the texts of drop-downs."""
CELL = 32_767
"""Characters that a cell of Excel holds."""


def escape_formula(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet might take it for a formula."""
    return f"'{text}" if _core.looks_active(text) else text


def unescape_formula(text: str) -> str:
    """The text that `escape_formula` was given."""
    return text[1:] if text.startswith("'") and _core.looks_active(text[1:]) else text


class Rows:
    """Rows written as comma- or tab-separated values; text is guarded, `count` counts it.

    Args:
        out: the file.
        tabs: tabs instead of commas.
        exact: columns, from 0, whose text is never guarded.
    """

    def __init__(self, out: IO[bytes], *, tabs: bool = False, exact: Iterable[int] = ()) -> None:
        self.count = 0
        self._exact = frozenset(exact)
        self._out = out
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, dialect="excel-tab" if tabs else "excel")

    def add(self, cells: Iterable[Any]) -> None:
        """Writes a row; None is an empty cell."""
        self._writer.writerow([self._cell(at, cell) for at, cell in enumerate(cells)])
        self._out.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()

    def _cell(self, at: int, cell: Any) -> Any:
        if not isinstance(cell, str) or at in self._exact or not _core.looks_active(cell):
            return cell
        self.count += 1
        return escape_formula(cell)


def write_csv(path: str, rows: Iterable[Iterable[Any]], *, mark: bool = True, follow: bool = True) -> None:
    """Writes a CSV file.

    Args:
        path: the file.
        rows: the header and the rows.
        mark: write the byte order mark, without which Excel does not read UTF-8.
        follow: as for `atomic`.
    """
    with atomic(path, follow=follow) as file:
        if mark:
            file.write("\ufeff".encode())
        sheet = Rows(file)
        for row in rows:
            sheet.add(row)


class Page(NamedTuple):
    """A sheet of a workbook.

    Attributes:
        name: its name.
        rows: its rows, the header first; text stays text whatever it begins with, and is cut at `CELL`.
        frozen: how many rows and columns stay in sight.
        widths: widths by number of column.
        hidden: a column that is out of sight.
        choices: texts that a column offers in a drop-down, by number of column; others can be typed.
        filters: whether the header has buttons to filter by.
        bold: whether the header is bold.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    frozen: tuple[int, int] = (1, 0)
    widths: Mapping[int, int] = {}
    hidden: int | None = None
    filters: bool = False
    bold: bool = False
    choices: Mapping[int, Sequence[str]] = {}


def write_workbook(path: str, pages: Iterable[Page]) -> None:
    """Writes a workbook of these sheets."""
    from xlsxwriter import Workbook

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with atomic(path) as file, Workbook(file, plain) as book:
        bold = book.add_format({"bold": True})
        listed: list[Sequence[str]] = []
        for page in pages:
            sheet = book.add_worksheet(page.name)
            for number, row in enumerate(page.rows):
                style = bold if page.bold and number == 0 else None
                for at, cell in enumerate(row):
                    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                        sheet.write_number(number, at, cell, style)
                    elif cell is not None:
                        sheet.write_string(number, at, str(cell)[:CELL], style)
            sheet.freeze_panes(*page.frozen)
            if page.filters:
                sheet.autofilter(0, 0, max(len(page.rows) - 1, 1), len(page.rows[0]) - 1)
            for at, width in page.widths.items():
                sheet.set_column(at, at, width)
            if page.hidden is not None:
                sheet.set_column(page.hidden, page.hidden, None, None, {"hidden": True})
            listed += add_choices(sheet, page, len(listed))
        write_choices(book, listed)


def add_choices(sheet: Any, page: Page, first: int) -> list[Sequence[str]]:
    """Adds the drop-downs of a sheet; their texts stand in the columns of a hidden sheet from `first` on."""
    for number, (at, choices) in enumerate(page.choices.items(), first):
        column = chr(ord("A") + number)
        source = f"={CHOICES}!${column}$1:${column}${len(choices)}"
        options = {"validate": "list", "source": source, "show_error": False}
        sheet.data_validation(1, at, max(len(page.rows) - 1, 1), at, options)
    return list(page.choices.values())


def write_choices(book: Any, columns: list[Sequence[str]]) -> None:
    """Writes the hidden sheet of drop-downs: a list in a validation itself holds 255 characters."""
    if not columns:
        return
    sheet = book.add_worksheet(CHOICES)
    sheet.hide()
    for at, choices in enumerate(columns):
        for number, text in enumerate(choices):
            sheet.write_string(number, at, text)
