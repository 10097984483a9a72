"""Workbooks: rows on sheets that Excel opens with nothing missing, and an "About" sheet."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._output.sheets import CELL
from naturalia._table.provenance import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia._files.stream import Job
    from naturalia._output.atomic import Counted
    from naturalia._table.reports import WriteReport
    from naturalia._table.table import Table

__all__ = ["SHEET", "numbered", "pieces", "workbook"]

# What a sheet of Excel holds ("Excel specifications and limits").
ROWS = 1_048_576
COLUMNS = 16_384
LINKS = 65_530
LINK = 2_079
EXACT = 10**15
"""Whole numbers from here on lose digits: Excel keeps fifteen."""

SHEET = "records"
"""The name of the first sheet; further ones are numbered."""
# Control characters, carriage returns, no characters: Excel takes them for others, or refuses the file.
ODD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
PLAIN_URL = re.compile(r"https?://[^\s\"<>\\^`{|}]+")
WIDEST = 60
MEASURED = 100
"""Rows that decide how wide the columns are."""


class Sheets:
    """Rows one after the other, on as many sheets as they take."""

    def __init__(self, book: Any, header: list[str], report: WriteReport, name: str = SHEET) -> None:
        self.book = book
        self.name = name
        self.header = header
        self.report = report
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.link = book.get_default_url_format()
        self.nothing = book.add_format({"align": "general"})
        self.widths = [len(name) for name in header]
        self.pages: list[Any] = []
        self.names: list[str] = []
        self.row = 0
        self.links = 0
        self.begin()

    def begin(self) -> None:
        """The next sheet, with the header on top."""
        self.finish()
        name = self.name if not self.pages else f"{self.name} ({len(self.pages) + 1})"
        page = self.book.add_worksheet(name)
        page.freeze_panes(1, 1)
        for at, column in enumerate(self.header):
            done(page.write_string(0, at, column, self.bold))
        self.pages.append(page)
        self.names.append(name)
        self.row, self.links = 1, 0

    def finish(self) -> None:
        """What can be said of a sheet when its rows are there."""
        if not self.pages:
            return
        page = self.pages[-1]
        done(page.autofilter(0, 0, max(self.row - 1, 1), len(self.header) - 1))
        for at, width in enumerate(self.widths):
            done(page.set_column(at, at, min(max(width, 8), WIDEST) + 2))

    def add(self, cells: Iterable[Any]) -> None:
        """A row."""
        if self.row == ROWS:
            self.begin()
        page = self.pages[-1]
        # So that a row without values is there too.
        done(page.write_blank(self.row, 0, None, self.nothing))
        for at, value in enumerate(cells):
            if value is None:
                continue
            if value == "":
                self.report.count(blank=1)
                continue
            if isinstance(value, str):
                self.text(page, at, value)
            elif isinstance(value, bool):
                done(page.write_boolean(self.row, at, value))
            elif fits(value):
                done(page.write_number(self.row, at, value))
            else:
                self.report.count(numbers=1)
                done(page.write_string(self.row, at, repr(value)))
        self.row += 1

    def text(self, page: Any, at: int, text: str) -> None:
        """Text in a cell, as a link where it is one."""
        if self.row < MEASURED:
            self.widths[at] = max(self.widths[at], len(text))
        if text.startswith("http") and PLAIN_URL.fullmatch(text):
            if self.links < LINKS and utf16(text) <= LINK:
                self.links += 1
                done(page.write_url(self.row, at, text, self.link, text))
                return
            self.report.count(texts=1)
        done(page.write_string(self.row, at, text))


def workbook(job: Job, out: Counted) -> dict[str, Any]:
    """Writes the workbook. What was counted before its rows are written a second time is forgotten."""
    from xlsxwriter import Workbook

    columns: list[str] = []
    longest: list[int] = []
    for table in job.views(again=True):
        own = _core.longest(table._core)
        columns = table.columns
        longest = [max(pair) for pair in zip(longest or own, own, strict=True)]
    job.report.counts.clear()
    parts = {name: pieces(size) for name, size in zip(columns, longest, strict=True) if size > CELL}
    header = [each for name in columns for each in numbered(name, parts.get(name, 1), columns)]
    if len(header) > COLUMNS:
        message = f"{len(header):,} columns, and a sheet of Excel has {COLUMNS:,}"
        raise ValueError(f"{message}\n  choose some with columns=, or write .parquet")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Spooled(out) as file, Workbook(file, options) as book:
        sheets = Sheets(book, header, job.report)
        for table in job.views(again=True):
            job.add_digests(table)
            for row in rows(table, parts, job.report, empty=not job.whole(table)):
                sheets.add(row)
        sheets.finish()
        job.report.sheets = len(sheets.pages)
        facts = job.facts(kind="xlsx", pieces=parts, sheets=sheets.names, names=columns)
        about(book, facts)
    return facts


class Spooled:
    """A file that a ZIP can be written to, and its content in `out` afterwards."""

    def __init__(self, out: Counted) -> None:
        from tempfile import TemporaryFile

        self.out = out
        self.file = TemporaryFile(prefix="naturalia-")  # noqa: SIM115 - closed on the way out

    def __enter__(self) -> Any:
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        with self.file:
            if kind is not None:
                return
            self.file.seek(0)
            while data := self.file.read(1 << 20):
                self.out.write(data)


def rows(table: Table, parts: dict[str, int], report: WriteReport, *, empty: bool) -> Iterator[list[Any]]:
    """The rows as a sheet takes them: texts as Excel can hold them, long ones in pieces."""
    columns = []
    for name in table.columns:
        values = _core.json_cells(table._core, name, empty=empty) or table[name]
        kinds = {type(value) for value in values}
        if not kinds <= {str, bool, int, float, type(None)}:
            values = [value and instant(value) for value in values]
        if kinds - {bool, int, float, type(None)}:
            values = [value and clean(value, report) for value in values]
        if name not in parts:
            columns.append(values)
            continue
        cut = [cuts(value or "", report) for value in values]
        columns += [[pieces[at] if at < len(pieces) else None for pieces in cut] for at in range(parts[name])]
    return map(list, zip(*columns, strict=True))


def clean(text: str, report: WriteReport) -> str:
    """Text without what Excel can't hold; told in the report."""
    if not ODD.search(text):
        return text
    plain = text
    if "\r" in text:
        report.count(line_ends=1)
        plain = text.replace("\r\n", "\n").replace("\r", "\n")

    def visible(match: re.Match[str]) -> str:
        odd = match.group()
        if len(odd) > 1:
            return odd
        report.count(replaced=1)
        return chr(0x2400 + ord(odd)) if odd < " " else "\ufffd"

    return ODD.sub(visible, plain)


def cuts(text: str, report: WriteReport) -> list[str]:
    """The text in pieces of the size of a cell, as Excel counts: characters beyond the BMP are two."""
    if utf16(text) <= CELL:
        return [text]
    found, start = [], 0
    while start < len(text):
        end = min(start + CELL, len(text))
        while utf16(text[start:end]) > CELL:
            end -= (utf16(text[start:end]) - CELL + 1) // 2
        found.append(text[start:end])
        start = end
    report.count(continued=1)
    return found


def utf16(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(size: int) -> int:
    """How many cells a text of this length takes at most: one may end early, before a surrogate pair."""
    return -(-size // (CELL - 1))


def numbered(name: str, count: int, taken: list[str]) -> list[str]:
    """The columns of a value in pieces: `title`, `title (2)`, `title (3)`."""
    found = [name]
    for number in range(2, count + 1):
        label = f"{name} ({number})"
        while label in taken:
            label += "+"
        found.append(label)
    return found


def fits(value: Any) -> bool:
    """Whether Excel keeps a number as it is."""
    if isinstance(value, int):
        return abs(value) < EXACT
    return isfinite(value) and float(f"{value:.15g}") == float(value)


def instant(value: Any) -> str:
    """A moment as text: Excel has no time zones."""
    return value.isoformat().replace("+00:00", "Z")  # type: ignore[no-any-return]


def done(code: int | None) -> None:
    """Whether XlsxWriter did it: it tells by its return value that it left something out."""
    if code:
        message = f"XlsxWriter refused a cell with code {code}"
        raise RuntimeError(message)


def about(book: Any, facts: dict[str, Any]) -> None:
    """The sheet that says where the rows come from; the last line is for machines."""
    page = book.add_worksheet("About")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 100)
    lines = [(name, value) for name, value in facts.items() if name not in ("types", "names", "digests")]
    for number, (name, value) in enumerate(lines):
        text = value if isinstance(value, str) else written(value)
        done(page.write_string(number, 0, name, bold))
        done(page.write_string(number, 1, text[:CELL], wrapped))
    whole = written(facts)
    for piece in range(0, len(whole), CELL // 2):
        number = len(lines) + piece // (CELL // 2)
        done(page.write_string(number, 0, "naturalia", bold))
        done(page.write_string(number, 1, whole[piece : piece + CELL // 2]))
