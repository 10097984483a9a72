"""What is to be written: tables of one format one after the other, and what is learnt of them on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from naturalia import _core
from naturalia._crosswalk.concat import concat
from naturalia._table.provenance import Provenance
from naturalia._table.table import Table, core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._table.reports import WriteReport

__all__ = ["RESIDUE", "Job", "Shape"]

Data: TypeAlias = Any
"""A table, a query, a frame with an Arrow stream, or tables one after the other."""

RESIDUE = "residue"
"""The column with what a crosswalk can't bring back: for programs, not for people."""
MOST_DIGESTS = 1_048_576
"""Rows of which a file has digests: as many as a sheet holds."""
CHUNK = 8192
"""Rows of a table in memory that are written at once."""


class Shape:
    """How the rows are seen."""

    def __init__(self, lang: Any, multi: Any, sep: str, columns: list[str] | None) -> None:
        self.lang = lang
        self.multi = multi
        self.sep = sep
        self.columns = columns

    def view(self, table: Table) -> Table:
        """The table seen so; without the residue of a crosswalk, unless lists or columns are asked for."""
        columns = self.columns
        if columns is None and self.multi != "list" and RESIDUE in table.columns:
            columns = [name for name in table.columns if name not in (RESIDUE, "notes")]
        return table.view(lang=self.lang, multi=self.multi, sep=self.sep, columns=columns)


class Job:
    """Tables to write, and what is learnt on the way."""

    def __init__(self, data: Data, shape: Shape, report: WriteReport, *, private: bool) -> None:
        self.shape = shape
        self.private = private
        self.report = report
        self.origin = Provenance()
        # What was asked of a service; a query is asked while it is written.
        self.asked: dict[str, Any] = (
            data._query_facts if isinstance(data, Table) else getattr(data, "_origin", dict)()
        )
        # The columns of a wide view depend on every row.
        self._data = gathered(data) if shape.lang == "wide" else data
        if not isinstance(self._data, Table) and hasattr(self._data, "__arrow_c_stream__"):
            self._data = wrap(core_of(self._data))
        self.format = ""
        self.source: Table | None = None
        self.digests: list[str] | None = None

    def tables(self, *, again: bool = False) -> Iterator[Table]:
        """The tables, all of one format; never none. With `again` they can be asked for once more."""
        if again and not isinstance(self._data, Table) and iter(self._data) is self._data:
            self._data = list(self._data)  # tables that come once are kept for the second time
        self.origin = Provenance()
        for table in aligned(self._data):
            self.origin.add(table)
            self.format = self.format or table.format
            self.source = table[:0]
            public = self.public(table)
            for start in range(0, max(len(public), 1), CHUNK):
                yield public[start : start + CHUNK]

    def views(self, *, again: bool = False) -> Iterator[Table]:
        """The tables as they are to be seen; what that leaves out is counted."""
        if isinstance(self._data, Table) and self.shape.lang == "wide":
            seen = self.shape.view(self.public(self._data))
            self.report.count(left_out=seen.report.left_out - self._data.report.left_out)
            self.lost(self._data, seen)
            self.origin = Provenance()
            self.origin.add(self._data)
            self.format, self.source = self._data.format, self._data[:0]
            for start in range(0, max(len(seen), 1), CHUNK):
                yield self.counted(seen[start : start + CHUNK])
            return
        for table in self.tables(again=again):
            seen = self.shape.view(table)
            self.report.count(left_out=seen.report.left_out - table.report.left_out)
            self.lost(table, seen)
            yield self.counted(seen)

    def public(self, table: Table) -> Table:
        """The records that may leave; the others are counted."""
        if self.private:
            return table
        public, count = table._public_rows()
        self.report.count(private=count)
        return public

    def lost(self, table: Table, seen: Table) -> None:
        """Counts the notes that a view does not have, and the documents that it makes flat."""
        if self.flattens:
            self.report.count(flat=len(table))
        if "notes" not in seen.columns:
            self.report.count(notes=_core.noted(table._core))
        if RESIDUE in table.columns and RESIDUE not in seen.columns:
            self.report.count(residue=sum(value is not None for value in table[RESIDUE]))

    def add_digests(self, seen: Table) -> None:
        """Notes a digest of each row that is written; an update finds rows that changed since by it."""
        if self.digests is None:
            self.digests = []
        if len(self.digests) <= MOST_DIGESTS:
            self.digests += _core.row_digests(seen._core)

    @property
    def flattens(self) -> bool:
        """Whether the records are documents, and their lists and groups become columns of their own."""
        return self.format in _core.DOCUMENTS and self.shape.multi != "list"

    def counted(self, table: Table) -> Table:
        """The table; its rows are written now."""
        self.origin.rows += len(table)
        return table

    def whole(self, table: Table) -> bool:
        """Whether a view has all columns of its format, as they are."""
        return table.columns == _core.FORMATS.get(self.format)

    def facts(self, **more: Any) -> dict[str, Any]:
        """The provenance of what was written."""
        import json

        shape = self.shape
        view = {"multi": shape.multi, "sep": shape.sep, "lang": shape.lang, "columns": shape.columns}
        assert self.source is not None
        digests = self.digests or []
        shown = shape.multi in ("first", "explode") or self.flattens
        flat = shape.view(self.source) if shown else self.source
        return self.origin.facts(
            format=self.format,
            view={name: value for name, value in view.items() if value is not None},
            types=json.loads(_core.types(flat._core)),
            counts=self.report.counts,
            **({"asked": self.asked} if self.asked else {}),
            **({"digests": " ".join(digests)} if 0 < len(digests) <= MOST_DIGESTS else {}),
            **{name: value for name, value in more.items() if value is not None},
        )


def gathered(data: Data) -> Table:
    """All of it as one table."""
    if isinstance(data, Table):
        return data
    if hasattr(data, "collect"):
        return data.collect()  # type: ignore[no-any-return]
    if hasattr(data, "__arrow_c_stream__"):
        return wrap(core_of(data))
    return concat(aligned(data))


def aligned(data: Data) -> Iterator[Table]:
    """The tables, all of one format: headers alone wait until they know which one they join."""
    if isinstance(data, Table):
        yield data
        return
    blank: Table | None = None
    waiting: list[Table] = []
    for table in data:
        if not isinstance(table, Table):
            message = f"a table, a query or tables one after the other are needed, not {type(table).__name__}"
            raise TypeError(message)
        if blank is None and table.format == "header":
            waiting.append(table)
            continue
        if blank is None:
            blank = table[:0]
            yield from (fitted(early, blank) for early in waiting)
            waiting.clear()
        yield fitted(table, blank)
    yield from waiting
    if blank is None and not waiting:
        if not hasattr(data, "collect"):
            message = "there is no table to write, not even an empty one"
            raise ValueError(message)
        yield data.collect()  # an empty source still has a format


def fitted(table: Table, blank: Table) -> Table:
    """The table, with the columns of the format that `blank` has."""
    if table.format == blank.format and table.columns == blank.columns:
        return table
    if table.format == "header":
        return concat([blank, table])
    message = f"a table of {blank.format} and one of {table.format} don't fit one file"
    raise ValueError(f"{message}\n  write each format to a file of its own, or read them as format='xml'")
