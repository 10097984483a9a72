"""Reading back what `write` wrote, and tables of others in the same kinds of file."""

from __future__ import annotations

import os
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._arguments.unpack import content, sheet_rows, size_of, workbook
from naturalia._files.edited_sheet import Edit, EditedSheet, WiderRow, choose_sheets
from naturalia._files.workbook import COLUMNS, numbered
from naturalia._output.sheets import unescape_formula
from naturalia._table.provenance import ABOUT, beside
from naturalia._table.table import SEP, core_of, wrap
from naturalia.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._table.table import Table

__all__ = ["harvested", "load", "tables_in"]

KINDS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".parquet": "parquet"}
MAYBE = (".json", ".jsonl", ".ndjson")
"""Endings of our JSON, and of that of others."""
LOOK = 1 << 20
ESCAPED = re.compile("_x005F(_x[0-9A-Fa-f]{4}_)")
BLANK_ROWS = [re.compile(end + rb"[,;\t \"]*[,;\t][,;\t \"]*(?=[\r\n]|\Z)") for end in (rb"\n", rb"\r")]
"""A row of a CSV that has separators only; in a quoted cell it may be text, which reading by rows shows.

One pattern for each line end: a pattern that begins with one byte is searched for five times as fast.
"""
SQLITE = b"SQLite format 3\0"
"""How harvest files start."""


def tabular(source: str | tuple[str, bytes], format: str | None = None) -> str | None:
    """The kind of table a file holds; None for pages of records, documents and rows of terms."""
    name = source if isinstance(source, str) else source[0]
    plain = name[:-3] if name.lower().endswith(".gz") else name
    end = os.path.splitext(plain)[1].lower()
    if end in KINDS:
        return None if terms(source, KINDS[end], format) else KINDS[end]
    if isinstance(source, tuple):
        kind = {b"PAR1": "parquet", b"PK\x03\x04": "xlsx"}.get(source[1][:4])
        return kind or ("json" if end in (*MAYBE, "") and ours(source) else None)
    if os.path.isfile(source) and content(source, len(SQLITE)) == SQLITE:
        return "harvest"
    return "json" if end in MAYBE and ours(source) else None


def terms(source: str | tuple[str, bytes], kind: str, format: str | None) -> bool:
    """Whether a table of another origin has terms of a standard as its header, as Audiovisual Core has."""
    if kind not in ("csv", "tsv"):
        return False
    facts = beside(source) if isinstance(source, str) else {}
    if facts and facts.get("layout") != "exact":
        return False
    return _core.is_terms(look(source), format)


def harvested(source: str) -> _core.HarvestView:
    """The records of a harvest file as they are now."""
    return _core.HarvestView(source, chosen="current", value=0, deleted=False)


def tables_in(sources: list[str | tuple[str, bytes]], format: str | None = None) -> list[str]:
    """The kinds of table that files hold; none if they hold pages."""
    kinds = [tabular(source, format) for source in sources]
    found = [kind for kind in kinds if kind]
    if found and len(found) < len(kinds):
        message = "pages and tables in one call: read them apart and join them with concat()"
        raise ValueError(message)
    return found


def ours(source: str | tuple[str, bytes]) -> bool:
    """Whether `write` wrote this JSON: its provenance is beside it, or the columns in its first object."""
    facts = beside(source) if isinstance(source, str) else {}
    if facts:
        return facts.get("layout") != "exact"
    start = look(source)
    if start[:8].strip() in (b"[]", b"[\n]"):
        return start.strip() in (b"[]", b"[\n]")
    first = re.match(rb'\s*(?:\[\s*)?\{\s*"([^"]*)"', start)
    known = first and any(
        first[1].decode(errors="replace") == columns[0] for columns in _core.FORMATS.values()
    )
    return bool(known and format_of(_core.members(start) or []))


def format_of(columns: list[str]) -> str | None:
    """The format that has exactly these columns; the notes may be missing."""
    for name, known in _core.FORMATS.items():
        if len(columns) in (len(known), len(known) - 1) and {*columns, "notes"} == set(known):
            return name
    return None


def look(source: str | tuple[str, bytes]) -> bytes:
    """The first bytes; none if the file is damaged, which reading reports."""
    try:
        return content(source, LOOK)
    except (OSError, ParseError):
        return b""


def load(source: str | tuple[str, bytes], kind: str, format: str | None = None) -> Table:
    """The table in a file of this kind."""
    name = source if isinstance(source, str) else source[0]
    try:
        return wrap(LOADERS[kind](source, format))
    except ParseError as error:
        error.source = error.source or name
        raise


def known(facts: dict[str, Any], header: list[str], format: str | None) -> dict[str, Any]:
    """Format and types of the columns, from what is said about them or from their names."""
    import json

    types = facts.get("types") or {}
    view = facts.get("view") or {}
    if view.get("lang") == "wide":
        # Languages have columns of their own, of the type of the one they come from.
        types = {name: types.get(name, ["text"]) for name in header}
    told = facts.get("format")
    whole = not view.get("lang") and not view.get("columns")
    whole = whole and view.get("multi") not in ("first", "explode")
    flat = told in _core.DOCUMENTS and view.get("multi") != "list"
    fits = not flat and shares_names(header, list(_core.FORMATS.get(told or "", ()))) and told
    found = format or (told if whole and fits else None) or (format_of(header) if not facts else None)
    # In the formats of records there is always a list, be it empty.
    return {"format": found, "types": json.dumps(types), "nullable": (found or told) not in _core.FORMATS}


def named(table: _core.Table, facts: dict[str, Any]) -> _core.Table:
    """The table under the name it had."""
    told = facts.get("format")
    if table.format == "frame" and told and told not in _core.FORMATS:
        return table.named(told)
    return table


def from_csv(source: str | tuple[str, bytes], format: str | None) -> _core.Table:
    """CSV or tab-separated values."""
    import csv

    data = content(source)
    facts = beside(source) if isinstance(source, str) else {}
    name = source if isinstance(source, str) else source[0]
    plain = name[:-3] if name.lower().endswith(".gz") else name
    delimiter = "\t" if plain.lower().endswith((".tsv", ".tab")) else ","
    header = first_row(data, delimiter)
    if len(header) == 1 and ";" in header[0]:  # as Excel saves it in half of Europe
        delimiter = ";"
        header = first_row(data, delimiter)
    if not shares_names(header, facts.get("names") or []):
        facts = {}  # another file has taken its place
    view = facts.get("view") or {}
    names = facts.get("names") or []
    layouts = [names] if names else layouts_of(format)
    keep_blank = bool(facts) and facts.get("format") not in _core.FORMATS
    guarded = bool(facts.get("guarded"))

    def options(columns: list[str]) -> dict[str, Any]:
        listed = view.get("multi") == "list" or (not facts and "notes" in columns)
        sep, size = view.get("sep") or SEP, size_of(source)
        return {"json": listed, "sep": sep, "size": size, **known(facts, columns, format)}

    if is_edited_csv(data, delimiter, layouts, keep_blank=keep_blank):
        width = 0
        while True:
            try:
                sheet = EditedSheet(csv_rows(data, delimiter), layouts, keep_blank=keep_blank, width=width)
                loader = _core.Cells(sheet.header, **options(sheet.header))
                for row in sheet:
                    loader.row([unescape_formula(cell) for cell in row] if guarded else row)
                return named(with_edits(loader.table(), name, sheet.edits), facts)
            except WiderRow as wider:
                width = wider.width
            except (UnicodeDecodeError, csv.Error):
                break  # text that is not UTF-8, and very long cells: the core reads them
    table = _core.load_csv(data, delimiter=delimiter, guarded=guarded, **options(header))
    return named(table, facts)


def is_edited_csv(data: bytes, delimiter: str, layouts: list[list[str]], *, keep_blank: bool) -> bool:
    """Whether a person has edited a CSV, so that it is read row by row; any other is read by the core.

    In a CSV that is not edited, a row with more cells than the header is an error: quotes are missing.
    """
    import csv

    start = data if len(data) <= LOOK else data[:LOOK].rpartition(b"\n")[0]
    try:
        first = EditedSheet(csv_rows(start, delimiter), layouts, keep_blank=keep_blank)
    except (UnicodeDecodeError, csv.Error):
        return False
    if any(edit.kind != "missing header" for edit in first.edits):
        return True
    return not keep_blank and any(pattern.search(data) for pattern in BLANK_ROWS)


def csv_rows(data: bytes, delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV as a spreadsheet numbers them; the last one of a part of a file may be cut."""
    import csv
    from io import StringIO

    text = data.decode("utf-8-sig")
    yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def first_row(data: bytes, delimiter: str) -> list[str]:
    """The header of a CSV."""
    import csv
    from io import StringIO

    start = data[: 1 << 16].decode("utf-8-sig", "replace")
    return next(csv.reader(StringIO(start, newline=""), delimiter=delimiter), [])


def from_json(source: str | tuple[str, bytes], format: str | None) -> _core.Table:
    """JSON lines or an array of objects."""
    data = content(source)
    facts = beside(source) if isinstance(source, str) else {}
    header = _core.members(data) or facts.get("names") or []
    found = known(facts, header, format)
    if not _core.members(data):
        # Not even a first object tells the columns.
        return named(_core.load_csv(line(header), **plain(), **found), facts)
    return named(_core.load_json(data, size=size_of(source), **found), facts)


def line(header: list[str]) -> bytes:
    """A CSV that has only a header."""
    import csv
    from io import StringIO

    out = StringIO()
    csv.writer(out).writerow(header)
    return out.getvalue().encode()


def plain() -> dict[str, Any]:
    """How a CSV is read of which nothing is known."""
    return {"delimiter": ",", "json": True, "sep": SEP, "guarded": False, "size": 0}


def from_parquet(source: str | tuple[str, bytes], format: str | None) -> _core.Table:
    """Parquet, through pyarrow, which does not check everything: `core_of` does."""
    import json
    from io import BytesIO

    from naturalia.errors import ParseError

    arrow, parquet = need("pyarrow", "parquet"), need("pyarrow.parquet", "parquet")
    try:
        with parquet.ParquetFile(source if isinstance(source, str) else BytesIO(source[1])) as file:
            facts = json.loads((file.metadata.metadata or {}).get(ABOUT.encode(), b"{}"))
            table = file.read().replace_schema_metadata(None)
        return named(core_of(table, format), facts)
    except (arrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the file is missing or can't be opened
        message, _, hint = str(error).partition("\n  ")
        raise ParseError(message, hint=hint or "the file may be damaged: get it again") from error


def from_xlsx(source: str | tuple[str, bytes], format: str | None) -> _core.Table:
    """A workbook: all sheets of rows of ours, the first sheet of any other."""
    width = 0
    while True:
        try:
            return rows_of_workbook(source, format, width)
        except WiderRow as wider:  # below the first rows there is a value without a header
            width = wider.width


def rows_of_workbook(source: str | tuple[str, bytes], format: str | None, width: int) -> _core.Table:
    """The rows of a workbook that has at least so many columns."""
    name = source if isinstance(source, str) else source[0]
    with workbook(source) as book:
        facts = about(book, source)
        others = [each for each in book.sheetnames if each != "About" or not facts]
        chosen, renames = choose_sheets(others, facts.get("sheets") or [])
        if not chosen:
            message = "the workbook has no sheet with rows"
            raise ParseError(message, source=name, hint="it was written with the sheet 'records'")
        parts = facts.get("pieces") or {}
        names = facts.get("names") or []
        # The file may declare any number of pieces: a sheet has no more columns than this.
        pieces = (numbered(column, min(parts.get(column, 1), COLUMNS), names) for column in names)
        expected = list(islice(chain.from_iterable(pieces), COLUMNS))
        sheet = EditedSheet(
            cells([book[each] for each in chosen], source),
            [expected] if expected else layouts_of(format),
            keep_blank=bool(facts) and facts.get("format") not in _core.FORMATS,
            width=width,
        )
        header = sheet.header
        if not shares_names(header, names):
            facts, parts = {}, {}
        merged = merges(header, parts, names)
        columns = [each[0] for each in merged]
        view = facts.get("view") or {}
        loader = _core.Cells(
            columns,
            json=view.get("multi") == "list" or (not facts and "notes" in columns),
            sep=view.get("sep") or SEP,
            size=size_of(source),
            **known(facts, columns, format),
        )
        places = [[header.index(each) for each in parts_of] for parts_of in merged]
        for row in sheet:
            loader.row(["".join(row[at] for at in own) for own in places] if parts else row)
        return named(with_edits(loader.table(), name, [*renames, *sheet.edits]), facts)


def with_edits(table: _core.Table, source: str, edits: list[Edit]) -> _core.Table:
    """The table with these edits in its report."""
    return (
        table.with_edits(source, [(edit.kind, edit.row, edit.detail) for edit in edits]) if edits else table
    )


def layouts_of(format: str | None) -> list[list[str]]:
    """The columns of a format; those of each format if it is not given."""
    found = _core.FORMATS if format is None else {format: _core.FORMATS.get(format, ())}
    return [list(columns) for columns in found.values()]


def shares_names(header: list[str], names: list[str]) -> bool:
    """Whether a sheet has columns of these names only, or most of them beside a few others."""
    shared = len({*header} & {*names})
    return {*header} <= {*names} or 2 * shared > max(len(header), len(names))


def cells(pages: list[Any], source: str | tuple[str, bytes]) -> Iterator[list[str]]:
    """The rows of the first sheet, then those of the others without their first row, which is the same."""
    first: list[str] | None = None
    for page in pages:
        for at, row in enumerate(sheet_rows(page, source)):
            texts = [text_of(value) for value in row]
            if at > 0 or first is None:
                yield texts
            elif [cell for cell in texts if cell] != [cell for cell in first if cell]:
                name = source if isinstance(source, str) else source[0]
                message = f"the sheet {page.title!r} starts with another row than {pages[0].title!r}"
                hint = "its rows continue those of the first sheet: give both the same first row"
                raise ParseError(message, source=name, line=1, hint=hint)
            if first is None:
                first = texts


def text_of(value: Any) -> str:
    """The content of a cell as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        # What looks like an escape is escaped (ECMA-376, ST_Xstring); openpyxl forgets that in some cells.
        return ESCAPED.sub(r"\1", value) if "_x005F_x" in value else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "isoformat"):
        # A date is a moment at midnight in a workbook.
        return str(value.isoformat()).removesuffix("T00:00:00")
    return repr(value)


def merges(header: list[str], parts: dict[str, int], columns: list[str]) -> list[list[str]]:
    """The columns of the table, each with the columns of the sheet that hold it."""
    further = {
        # Each piece is a column of the sheet: the file may declare more, and has no more.
        name: [each for each in numbered(name, min(count, len(header)), columns)[1:] if each in header]
        for name, count in parts.items()
    }
    gone = {each for names in further.values() for each in names}
    return [[name, *further.get(name, [])] for name in header if name not in gone]


def about(book: Any, source: str | tuple[str, bytes]) -> dict[str, Any]:
    """The provenance on the sheet "About"; nothing if it is not ours."""
    import json

    if "About" not in book.sheetnames:
        return {}
    rows = sheet_rows(book["About"], source)
    said = "".join(str(row[1]) for row in rows if len(row) > 1 and row[0] == ABOUT)
    try:
        facts = json.loads(said)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def whole_harvest(source: str | tuple[str, bytes], format: str | None) -> _core.Table:  # noqa: ARG001
    """The records of a harvest file as they are now, as one table."""
    view = harvested(source[0] if isinstance(source, tuple) else source)
    return _core.concat([view.head, *view])


LOADERS = {
    "harvest": whole_harvest,
    "csv": from_csv,
    "tsv": from_csv,
    "json": from_json,
    "parquet": from_parquet,
    "xlsx": from_xlsx,
}
