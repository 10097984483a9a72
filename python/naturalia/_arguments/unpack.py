"""Compressed files: gzip and workbooks, unpacked within a limit whatever sizes they declare."""

from __future__ import annotations

import os
from contextlib import contextmanager
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from naturalia import _core
from naturalia.errors import LimitExceeded, ParseError, Truncated

if TYPE_CHECKING:
    from collections.abc import Iterator

    Source = str | tuple[str, bytes]

__all__ = ["content", "sheet_rows", "sheet_texts", "size_of", "workbook"]

GZIP = b"\x1f\x8b"
CHUNK = 1 << 20
SPOOLED = 16 << 20
"""Bytes of a workbook that are unpacked in memory; a larger one takes a temporary file."""

# What a sheet of Excel holds ("Excel specifications and limits").
ROWS = 1_048_576
COLUMNS = 16_384

AGAIN = "fetch the file again"


def size_of(source: Source) -> int:
    """The bytes of a source, as they are stored."""
    return os.path.getsize(source) if isinstance(source, str) else len(source[1])


def content(source: Source, most: int | None = None) -> bytes:
    """The first `most` bytes of a source, or all of them; gzip is unpacked.

    Raises:
        LimitExceeded: the file is compressed and has more content than is held in memory.
        Truncated: the gzip stream stops early.
        ParseError: the gzip stream is damaged.
    """
    with open(source, "rb") if isinstance(source, str) else BytesIO(source[1]) as file:
        compressed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if not compressed:
            return file.read(-1 if most is None else most)
        return gunzip(file, source if isinstance(source, str) else source[0], most)


def gunzip(file: IO[bytes], name: str, most: int | None) -> bytes:
    """The content of a gzip stream, or its first `most` bytes."""
    from gzip import BadGzipFile, GzipFile
    from zlib import error as damaged

    limit = _core.MAX_CONTENT if most is None else most
    out = BytesIO()
    try:
        with GzipFile(fileobj=file) as packed:
            while (left := limit - out.tell()) and (data := packed.read(min(left, CHUNK))):
                out.write(data)
            if most is None and not left and packed.read(1):
                message = f"the compressed file has more than {megabytes(limit)} of content"
                hint = "unpack it first, as with gunzip: files that are not compressed have no limit"
                raise LimitExceeded(message, source=name, offset=limit, hint=hint)
    except EOFError as error:
        message = "the gzip stream ends early"
        raise Truncated(message, source=name, offset=out.tell(), hint=AGAIN) from error
    except (BadGzipFile, damaged) as error:
        message = f"the gzip stream is damaged: {error}"
        raise ParseError(message, source=name, offset=out.tell(), hint=AGAIN) from error
    return out.getvalue()


@contextmanager
def workbook(source: Source, *, formulas: bool = False) -> Iterator[Any]:
    """A workbook, opened by openpyxl to be read row by row: the values of its formulas, or the formulas.

    openpyxl holds some parts of a workbook in memory and believes the sizes that its ZIP directory declares,
    so it reads a copy whose parts were unpacked and counted here.

    Raises:
        LimitExceeded: the parts have more content than is held in memory.
        ParseError: the file is damaged, encrypted or not a workbook.
    """
    from tempfile import SpooledTemporaryFile
    from warnings import catch_warnings, simplefilter

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    name = source if isinstance(source, str) else source[0]
    with SpooledTemporaryFile(max_size=SPOOLED, prefix="naturalia-") as copy:
        unpack(source if isinstance(source, str) else BytesIO(source[1]), name, copy)
        try:
            with catch_warnings():
                simplefilter("ignore", UserWarning)  # of what it does not read: styles, validations
                book = load_workbook(copy, read_only=True, data_only=not formulas)
        except (InvalidFileException, LookupError, OSError, SyntaxError, TypeError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # of the disk that holds the copy
            message = f"this is not a workbook that can be read: {error}"
            raise ParseError(message, source=name, hint="save it again as .xlsx, or as .csv") from error
        try:
            yield book
        finally:
            book.close()


def unpack(packed: str | IO[bytes], name: str, out: Any) -> None:
    """Copies the parts of a workbook into `out`, uncompressed; pictures are left out."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
    from zlib import error as damaged

    limit = _core.MAX_CONTENT
    try:
        with ZipFile(packed) as archive, ZipFile(out, "w", ZIP_STORED) as copy:
            # Of parts of one name the last counts, as for every reader of ZIP files.
            parts = {part.filename: part for part in archive.infolist()}
            size = 0
            for part in parts.values():
                if part.filename.startswith("xl/media/"):
                    continue
                if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or part.flag_bits & 1:
                    how = (
                        "encrypted"
                        if part.flag_bits & 1
                        else "compressed in a way that workbooks don't allow"
                    )
                    message = f"{part.filename} is {how}"
                    raise ParseError(message, source=name, hint="save it again as .xlsx, without a password")
                with archive.open(part) as member, copy.open(part.filename, "w") as target:
                    end = b""
                    while data := member.read(CHUNK):
                        size += len(data)
                        if size > limit:
                            raise too_large(part.filename, name)
                        if declares_type(end + data):
                            message = f"{part.filename} has a document type declaration, which is not allowed"
                            raise ParseError(message, source=name, hint="save it again as .xlsx, or as .csv")
                        end = data[-18:]
                        target.write(data)
    except (BadZipFile, EOFError, NotImplementedError, damaged) as error:
        message = f"the workbook is damaged: {error}"
        raise ParseError(message, source=name, hint=AGAIN) from error


def declares_type(data: bytes) -> bool:
    """Whether there is a document type declaration, in UTF-8 or UTF-16: its entities expand without limit."""
    return b"<!DOCTYPE" in data or any(
        "<!DOCTYPE".encode(code) in data for code in ("utf-16-le", "utf-16-be")
    )


def sheet_rows(sheet: Any, source: Source) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet, as many and as long as Excel allows.

    A row or a cell may declare any number, and openpyxl fills the gap before it with empty ones.
    """
    name = source if isinstance(source, str) else source[0]
    # The declared size of the sheet is not used: rows are as long as their last cell.
    sheet.reset_dimensions()
    empty = 0
    allowed = _core.MAX_EMPTY + _core.EMPTY_PER_BYTE * size_of(source)
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            empty += row.count(None)
            if number > ROWS or len(row) > COLUMNS or empty > allowed:
                raise too_many_cells(sheet.title, name, number)
            yield row
    except LimitExceeded:
        raise
    except (LookupError, OverflowError, SyntaxError, TypeError, ValueError) as error:
        message = f"the sheet {sheet.title!r} is damaged: {error}"
        raise ParseError(message, source=name, hint=AGAIN) from error


def sheet_texts(sheet: Any, path: str) -> list[list[str]]:
    """The cells of a sheet as text, in rows of one width."""
    rows = [["" if value is None else str(value) for value in row] for row in sheet_rows(sheet, path)]
    width = max(map(len, rows), default=0)
    if len(rows) * width > _core.MAX_EMPTY:
        raise too_many_cells(sheet.title, path, len(rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def too_many_cells(title: str, name: str, row: int) -> LimitExceeded:
    """The error for a sheet with more rows, columns or empty cells than it may have."""
    message = (
        f"the sheet {title!r} has more than {ROWS:,} rows or {COLUMNS:,} columns, or far too many empty cells"
    )
    return LimitExceeded(message, source=name, line=row, hint="save it again with a spreadsheet program")


def too_large(part: str, name: str) -> LimitExceeded:
    """The error for a workbook with too much content."""
    message = f"the workbook has more than {megabytes(_core.MAX_CONTENT)} of content, reached in {part}"
    hint = "save its sheet as .csv: files that are not compressed have no limit"
    return LimitExceeded(message, source=name, hint=hint)


def megabytes(size: int) -> str:
    """A size in bytes, in MB."""
    return f"{size >> 20} MB"
