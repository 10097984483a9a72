"""`read` and `scan`: from anything that holds pages to tables."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any, TypedDict

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import keywords
from naturalia._crosswalk.concat import concat
from naturalia._files.tabular import harvested, load, tables_in
from naturalia._output.progress import visible
from naturalia._output.text import plural
from naturalia._query.query import Query
from naturalia._table.notices import notify
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia._query.query import Parts

    Source = str | os.PathLike[str] | bytes | IO[bytes] | tuple[str, bytes] | Iterable["Source"]

__all__ = ["read", "scan", "sources"]

SUFFIXES = (".xml", ".xml.gz", ".gz")


@public
@keywords
def read(
    source: Source,
    /,
    *,
    strict: bool = False,
    format: str | None = None,
    keep_going: bool = False,
    salvage: bool = False,
    threads: int | None = None,
) -> Table:
    """Reads saved replies, or what `write` wrote, into one table.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
        >>> t[0].creator
        ['Vermeulen, J.']

    The format is recognised from the content, and so is gzip. What is broken is repaired, counted and placed
    in `t.report`. A page that stops before its end is an error, never fewer records.

    Files that `Table.write` wrote come back as what they were: `.csv`, `.tsv`, `.xlsx`, `.parquet`, `.jsonl`
    and `.json`. Of a CSV or a workbook of another origin all columns are text: nothing is guessed. Of a
    harvest file it is the records as they are now.

    Args:
        source: a file, a glob, a folder (its `*.xml`, `*.xml.gz` and `*.gz`, in all depths, sorted), bytes,
            a (name, bytes) pair, an open binary file, or a list of those.
        strict: refuse what is not well-formed instead of repairing it.
        format: the format to read; by default that of the first record. Metadata of another format is kept
            as XML in the column `extra`; `"xml"` keeps all of it so.
        keep_going: leave out pages that can't be read and list them in `report.problems`.
        salvage: take the complete records of a page that stops too early, and list it in `report.problems`.
        threads: how many; by default one a core.

    Raises:
        FileNotFoundError: nothing is there.
        naturalia.errors.ParseError: a page that can't be read; `Truncated` if it stops too early.
        naturalia.errors.NotOaiPmh: a web page or something else.
        naturalia.errors.OaiError: the page is an error reply; one class per code.
    """
    found = sources(source)
    kinds = tables_in(found, format)
    if kinds:
        return concat(load(each, kind, format) for each, kind in zip(found, kinds, strict=True))
    options = Options(strict=strict, format=format, keep_going=keep_going, salvage=salvage, threads=threads)
    if visible() and bytes_of(found) > LARGE:
        return concat(list(Query(Files(found, options))))
    table = wrap(_core.read(found, **options))
    notify(table.report, stacklevel=4)
    return table


@public
@keywords
def scan(
    source: Source,
    /,
    *,
    strict: bool = False,
    format: str | None = None,
    keep_going: bool = False,
    salvage: bool = False,
    threads: int | None = None,
) -> Query:
    """The same as `read`, in parts: memory does not grow with the source.

    >>> import naturalia as nat
    >>> query = nat.scan(nat.samples.path("naturalis_oai_dc.xml"))
    >>> sum(len(part) for part in query)
    5
    """
    options = Options(strict=strict, format=format, keep_going=keep_going, salvage=salvage, threads=threads)
    return Query(Files(sources(source), options))


LARGE = 100_000_000
"""Bytes that take long enough for somebody to wonder."""


class Options(TypedDict):
    """How files are read; the keywords of `read`."""

    strict: bool
    format: str | None
    keep_going: bool
    salvage: bool
    threads: int | None


class Loaded:
    """Files that hold tables, one after the other."""

    def __init__(self, sources: list[str | tuple[str, bytes]], kinds: list[str], format: str | None) -> None:
        self._files = zip(sources, kinds, strict=True)
        self._format = format
        self.report: dict[str, Any] = {}

    def __iter__(self) -> Iterator[_core.Table]:
        for source, kind in self._files:
            if kind == "harvest" and isinstance(source, str):
                yield from harvested(source)
                continue
            yield load(source, kind, self._format)._core


class Files:
    """Files as what a query asks."""

    def __init__(self, sources: list[str | tuple[str, bytes]], options: Options) -> None:
        self._sources = sources
        self._options = options

    url = None
    service = None

    def parts(self, *, ahead: bool) -> Parts:  # noqa: ARG002 - files wait
        """Part by part."""
        if kinds := tables_in(self._sources, self._options["format"]):
            return Loaded(self._sources, kinds, self._options["format"])
        return _core.scan(self._sources, **self._options)

    def few(self, n: int) -> Parts:  # noqa: ARG002 - files are read piece by piece
        """Part by part."""
        return self.parts(ahead=False)

    def count(self) -> None:
        """Files don't say."""

    def whole(self) -> _core.Table:
        """The same table that `read` gives."""
        if tables_in(self._sources, self._options["format"]):
            return concat(map(wrap, self.parts(ahead=False)))._core
        return _core.read(self._sources, **self._options)

    def explain(self) -> list[str]:
        """How many files of what size, and how they are read."""
        options = self._options
        strict = "refuses what is not well-formed"
        lines = [f"reads {self.size()}", strict if options["strict"] else "repairs what is not well-formed"]
        if options["format"]:
            lines.append(f"as {options['format']}")
        if options["keep_going"]:
            lines.append("keeps going after pages that can't be read")
        if options["salvage"]:
            lines.append("takes the complete records of pages that stop too early")
        return lines

    def size(self) -> str:
        """Files and megabytes."""
        return f"{plural(len(self._sources), 'file')}, {bytes_of(self._sources) / 1e6:,.3f} MB"


def bytes_of(sources: list[str | tuple[str, bytes]]) -> int:
    """How large these are together."""
    return sum(os.path.getsize(each) if isinstance(each, str) else len(each[1]) for each in sources)


def sources(source: Any) -> list[str | tuple[str, bytes]]:
    """The files and byte strings that a source stands for, in order."""
    return list(expand(source))


def expand(source: Any) -> Iterator[str | tuple[str, bytes]]:
    """One source after the other; lists in lists are flattened."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield "<bytes>", bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        yield from files(os.fspath(source))
    elif isinstance(source, tuple) and list(map(type, source)) == [str, bytes]:
        yield source
    elif hasattr(source, "read"):
        yield content(source)
    elif hasattr(source, "__iter__"):
        for part in source:
            yield from expand(part)
    else:
        message = f"a path, bytes, an open file or a list of those is needed, not {type(source).__name__}"
        raise TypeError(message)


def content(file: IO[bytes]) -> tuple[str, bytes]:
    """Name and bytes of an open file."""
    name = getattr(file, "name", None)
    data: bytes | str = file.read()
    if isinstance(data, str):
        message = "the file is open as text: open it with mode 'rb', its encoding is ours to find out"
        raise TypeError(message)
    return name if isinstance(name, str) else f"<{type(file).__name__}>", data


def files(path: str) -> list[str]:
    """The files of a path, a glob or a folder."""
    if path.lstrip("\ufeff \t\r\n").startswith("<"):
        message = "this is XML, not a path: pass it as bytes, text.encode()"
        raise ValueError(message)
    if os.path.isdir(path):
        found = [
            os.path.join(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if name.lower().endswith(SUFFIXES)
        ]
        if not found:
            message = f"no {', '.join('*' + suffix for suffix in SUFFIXES)} in this folder or below it"
            raise not_found(message, path)
    elif os.path.exists(path):
        found = [path]
    elif path.startswith(("http://", "https://")):
        message = f"read() takes saved pages; a service is asked by nat.OaiPmh({path!r})"
        raise ValueError(message)
    else:
        from glob import glob, has_magic

        if not has_magic(path):
            raise not_found(f"no such file{beside(path)}", path)
        found = [name for name in glob(path, recursive=True) if os.path.isfile(name)]
        if not found:
            start = os.path.abspath(os.path.dirname(path) or ".")
            message = f"no file matches; the search starts in {start!r}"
            raise not_found(message, path)
    return sorted(found)


def not_found(message: str, path: str) -> FileNotFoundError:
    """The error with the path where Python programs look for it, and what can be read instead."""
    from errno import ENOENT

    start = "" if message.endswith("?") else " (nat.samples.openimages() is a table to start with)"
    return FileNotFoundError(ENOENT, message + start, path)


def beside(path: str) -> str:
    """`: did you mean 'page.xml'?` if the folder has a name like it."""
    from naturalia._arguments.spelling import closest

    folder, name = os.path.split(path)
    try:
        meant = closest(name, os.listdir(folder or "."), likeness=0.75)
    except OSError:
        return f"; there is no folder {folder!r} either"
    return meant if meant.endswith("?") else ""
