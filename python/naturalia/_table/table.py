"""`Table`: records of one format in memory, as columns."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, Literal, overload

from naturalia import _core
from naturalia._arguments.frames import lendable
from naturalia._arguments.optional import missing, need
from naturalia._arguments.public import public
from naturalia._arguments.rows import is_mask, plain_list, row_number, row_numbers
from naturalia._arguments.spelling import closest, keywords
from naturalia._output.escaping import displayed
from naturalia._output.text import plural
from naturalia._table.record import Record, dicts
from naturalia._table.reports import Page, Report, WriteReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Unpack

    import pandas
    import polars
    import pyarrow

    from naturalia._files.write import Dest, How

    Multi = Literal["list", "join", "first", "explode"]

__all__ = ["Table"]

MULTI = ("list", "join", "first", "explode")
SEP = " | "


@public
@displayed
class Table:
    """Records of one format, as columns.

    pandas, polars, DuckDB and pyarrow read it as it is, without a copy through Python:

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> t
        <Table oai_oi: 6 records, 32 columns>
        >>> t[0].title
        ['Vlucht van een buizerd', 'A buzzard in flight']
        >>> t["license"][0]
        ['https://creativecommons.org/licenses/by-sa/3.0/nl/']
        >>> import polars as pl
        >>> pl.DataFrame(t).height
        6

    Args:
        data: anything with an Arrow stream or array: a frame of pandas, polars, pyarrow, a DuckDB relation.
        format: the format of the data, where its columns do not tell.

    Raises:
        ValueError: damaged data or an unsupported type; the message names the column, batch and row.
    """

    __slots__ = ("_core", "_query_facts")
    _query_facts: dict[str, Any]  # what a query or a harvest asked for this table

    def __init__(self, data: Any, *, format: str | None = None) -> None:
        self._core, self._query_facts = core_of(data, format), {}

    @property
    def format(self) -> str:
        """The format: `oai_dc`, `oai_oi`, `xml` …, or `long`, `summary`, `view` for what is made of one."""
        return self._core.format

    @property
    def columns(self) -> list[str]:
        """The column names, in order."""
        return self._core.columns

    @property
    def report(self) -> Report:
        """What the reading counted, repaired and could not read."""
        return Report(self._core.report)

    @property
    def pages(self) -> list[Page]:
        """The replies the records came in: verb, request, token, errors."""
        return [Page.of(page) for page in self._core.pages]

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[Any]:
        """The records; rows as namedtuples where the table holds something else."""
        if self._holds_records:
            return (Record(self._core.record(row)) for row in range(len(self)))
        return map(self._row_type()._make, zip(*map(self._core.column, self.columns), strict=True))

    @overload
    def __getitem__(self, key: int) -> Any: ...
    @overload
    def __getitem__(self, key: str) -> list[Any]: ...
    @overload
    def __getitem__(self, key: slice | Iterable[int] | Iterable[bool]) -> Table: ...
    def __getitem__(self, key: Any) -> Any:
        """A record by number, a column by name, a table by slice, row numbers or a mask."""
        if isinstance(key, str):
            if key not in self.columns:
                message = f"no column {key!r} in {self.format}{closest(key, self.columns)}"
                raise KeyError(message)
            return self._core.column(key)
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step == 1:
                return wrap(self._core.slice(start, max(stop - start, 0)))
            return wrap(self._core.take(list(range(start, stop, step))))
        if hasattr(key, "__index__"):
            return self._row(row_number(key.__index__(), len(self)))
        return wrap(self._core.take(row_numbers(plain_list(key), len(self))))

    def head(self, n: int = 5) -> Table:
        """The first `n` records."""
        return self[:n]

    def filter(self, keep: Callable[[Record], bool] | Iterable[bool]) -> Table:
        """The records for which `keep` holds: a function of a record, or a mask of booleans.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> len(t.filter(lambda record: any("/by-sa/" in uri for uri in record.license)))
        3
        """
        mask = [bool(keep(record)) for record in self] if callable(keep) else plain_list(keep)
        if len(mask) != len(self) or not is_mask(mask):
            message = (
                f"a mask is {len(self)} booleans for this table, not {len(mask)} of {type(keep).__name__}"
            )
            raise ValueError(message)
        return self[mask]

    def keep(self, frame: Any) -> Table:
        """The exact rows of a frame that was filtered or sorted elsewhere, in its order.

        The frame needs the column `identifier`; everything else is taken from this table, with the
        languages, attributes and exact text that a frame does not carry.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> df = t.to_pandas(multi="first")
        >>> t.keep(df[df.language == "en"])
        <Table oai_oi: 1 record, 32 columns>
        """
        return wrap(self._core.keep(core_of(frame)))

    def long(self) -> Table:
        """One row a value: identifier, element, position, value, lang, attributes, markup; exact text."""
        return wrap(self._core.long())

    def summary(self) -> Table:
        """One row a column: how often it is filled, how many values, how many different, the commonest."""
        return wrap(self._core.summary())

    def identifications(self) -> Table:
        """One row an identification (`nba`, `nba_specimen`, `nhm`, `media`), flat: a column a path.

        First what names the record, then `place` (from 0), then what it says; NHM: what it is filed under.

        >>> import naturalia as nat
        >>> t = nat.read(b'{"id": "a@CRS", "identifications": [{"typeStatus": "holotype"}]}')
        >>> t.identifications()["typeStatus"]
        ['holotype']
        """
        return wrap(self._core.identifications())

    @keywords
    def licenses(
        self,
        *,
        check: str | Sequence[str] | None = None,
        assume_version: str | None = None,
        manifest: Table | None = None,
    ) -> Table:
        """One row a record: the licence of the described item, and that of the metadata about it.

        `license_…` is read from the rights elements, `record_license_…` from the rights statements of the
        about containers only: neither is inherited from the other.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> found = t.licenses(check="commons")
        >>> found["license_label"][0], found["license_commons"][0], found["record_license_status"][0]
        ('CC BY-SA 3.0 NL', 'yes', 'none')

        Args:
            check: what to check the item's licence for; see `nat.licenses`.
            assume_version: the version to take where none is stated; such answers say `assumed`.
            manifest: the reply to Identify or ListSets as a table. Where a record says nothing of the rights
                in its metadata, the rightsManifest of one of its sets or of the repository speaks for it;
                such answers say `constant`.
        """
        from naturalia._licenses.tables import of_records

        return of_records(self, check=check, assume_version=assume_version, manifest=manifest)

    @keywords
    def view(
        self,
        *,
        lang: str | Sequence[str] | None = None,
        multi: Multi = "list",
        sep: str = SEP,
        columns: str | Sequence[str] | None = None,
    ) -> Table:
        """The table in another shape; what it leaves out is counted in its `report.left_out`.

        Args:
            lang: languages in order of preference, `("nl", "en")`: of each element of a record only the
                values in the first of them that it has; failing that those without a language; failing that
                those in the first language it has. `"wide"` makes a column for each: `title_nl`, `title_en`.
            multi: what becomes of several values: a `"list"`; `"join"` them to one text (reversibly: `sep`
                and backslashes inside values are escaped); the `"first"`; `"explode"` to a row each.
            sep: what stands between joined values.
            columns: only these.
        """
        if multi not in MULTI:
            message = f"multi={multi!r}{closest(str(multi), MULTI)}"
            raise ValueError(message)
        wide = lang == "wide"
        chosen = names(columns)
        if chosen == []:
            message = "columns= names no column; leave it out to see all of them"
            raise ValueError(message)
        if lang is None and multi == "list" and chosen is None:
            return self
        for name in chosen or []:
            # A column of a nested one, where the view makes it flat.
            inside = multi != "list" and name.split(".")[0] in self.columns
            if name not in self.columns and not wide and not inside:
                message = f"no column {name!r} in {self.format}{closest(name, self.columns)}"
                raise ValueError(message)
        languages = None if wide else names(lang)
        return wrap(self._core.view(lang=languages, wide=wide, multi=multi, sep=sep, columns=chosen))

    @keywords
    def to_pandas(
        self,
        *,
        lang: str | Sequence[str] | None = None,
        multi: Multi = "list",
        sep: str = SEP,
        columns: str | Sequence[str] | None = None,
    ) -> pandas.DataFrame:
        """A pandas DataFrame of this `view`."""
        need("pandas", "pandas")
        return self._arrow(lang, multi, sep, columns).to_pandas()  # type: ignore[no-any-return]

    @keywords
    def to_polars(
        self,
        *,
        lang: str | Sequence[str] | None = None,
        multi: Multi = "list",
        sep: str = SEP,
        columns: str | Sequence[str] | None = None,
    ) -> polars.DataFrame:
        """A polars DataFrame of this `view`."""
        library = need("polars", "polars")
        return library.DataFrame(self.view(lang=lang, multi=multi, sep=sep, columns=columns))  # type: ignore[no-any-return]

    @keywords
    def to_arrow(
        self,
        *,
        lang: str | Sequence[str] | None = None,
        multi: Multi = "list",
        sep: str = SEP,
        columns: str | Sequence[str] | None = None,
    ) -> pyarrow.Table:
        """A pyarrow Table of this `view`."""
        return self._arrow(lang, multi, sep, columns)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dict a record: its metadata, every value by column name, exact text; or its document.

        Of a table that holds something else than records: one dict a row.
        """
        if not self._holds_records and self.format not in _core.DOCUMENTS:
            columns = [self._core.column(name) for name in self.columns]
            return [dict(zip(self.columns, row, strict=True)) for row in zip(*columns, strict=True)]
        return dicts(self._core)

    def write(self, dest: Dest, /, **how: Unpack[How]) -> WriteReport:
        """Writes the table to `.csv`, `.tsv`, `.xlsx`, `.parquet`, `.jsonl`, `.json` or `.xml`: `nat.write`.

        >>> import naturalia as nat
        >>> nat.read(nat.samples.path("openimages_oai_oi.xml")).write("out.parquet")
        <WriteReport: 6 rows to out.parquet>
        """
        from naturalia._files.write import write

        return write(self, dest, **how)

    def diff(
        self,
        edited: Any,
        *,
        on: str | None = None,
        multi: Multi | None = None,
        sep: str | None = None,
        lang: str | Sequence[str] | None = None,
        columns: str | Sequence[str] | None = None,
    ) -> Table:
        """What a person changed in a file, table or frame of this table: one row per cell.

        A cell is changed if it differs from what `write` gives in the same layout. Files of `write` contain
        their layout; for others pass it as `multi`, `sep`, `lang` and `columns`, as for `view`.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> df = t.to_pandas(multi="join")
        >>> df.loc[0, "title"] = "Buizerd | A buzzard in flight"
        >>> t.diff(df)["after"]
        ['Buizerd | A buzzard in flight']

        Args:
            edited: the path of the file, or what `nat.read` gives of it, or a frame.
            on: the column that records are found by; by default `media_id` of media, else `identifier`.
            multi: how several values are shown, if the file does not contain it.
            sep: what stands between joined values, likewise.
            lang: the languages shown, likewise.
            columns: the columns shown, likewise.

        Returns:
            A table with `record`, `position` (of the row in an exploded layout), `column`, `before`, `after`
            and `kind`: `edited`, `cleared`, `conflict` (the record changed here too since the file was
            written) or `added` (a record that this table does not have).

        Raises:
            ValueError: keys are missing or occur twice; the message names the rows.
        """
        from naturalia._files.update import diff

        return diff(self, edited, on=on, multi=multi, sep=sep, lang=lang, columns=columns)

    def update(
        self,
        edited: Any,
        *,
        on: str | None = None,
        cleared: str = "keep",
        multi: Multi | None = None,
        sep: str | None = None,
        lang: str | Sequence[str] | None = None,
        columns: str | Sequence[str] | None = None,
    ) -> Table:
        """A table with the values that a person changed in a file, table or frame of this one: see `diff`.

        Everything else stays: languages, attributes and order, which a sheet does not contain, the residue of
        crosswalks, and records that are missing in the file. A changed value keeps its language.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> df = t.to_pandas(multi="join")
        >>> df.loc[0, "title"] = "Buizerd | A buzzard in flight"
        >>> t.update(df)["title"][0]
        ['Buizerd', 'A buzzard in flight']

        Args:
            edited: as for `diff`.
            on: as for `diff`.
            cleared: what an emptied cell means: `"keep"` keeps the values, with a warning; `"delete"` deletes
                them.
            multi: as for `diff`.
            sep: as for `diff`.
            lang: as for `diff`.
            columns: as for `diff`.

        Raises:
            CheckFailed: a record was changed in the file, and in this table since the file was written.
            ValueError: keys are missing or occur twice; or a value has no place of its own, such as a second
                item of a list of groups.
        """
        from naturalia._files.update import update

        layout = {"multi": multi, "sep": sep, "lang": lang, "columns": columns}
        return update(self, edited, on=on, cleared=cleared, **layout)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._core.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._core.__arrow_c_schema__()

    def __repr__(self) -> str:
        noun = "record" if self._holds_records or self.format in _core.DOCUMENTS else "row"
        return f"<Table {self.format}: {plural(len(self), noun)}, {len(self.columns)} columns>"

    def __str__(self) -> str:
        from naturalia._table.preview import preview

        return preview(self)

    def _repr_html_(self) -> str:
        from naturalia._table.html import of_table

        return of_table(self)

    def _ipython_key_completions_(self) -> list[str]:
        return self.columns

    def __copy__(self) -> Table:
        return self  # a table never changes

    def __deepcopy__(self, memo: object) -> Table:
        return self

    def __reduce__(self) -> Any:
        message = "a Table does not pickle: send its files, or to_arrow(), to the other process"
        raise TypeError(message)

    @property
    def _holds_records(self) -> bool:
        return "deleted" in self.columns and self.format != "view"

    def _public_rows(self) -> tuple[Table, int]:
        """The rows of public records, and how many records are not public.

        The rule is in the core. Views, selections and other tables made of a table keep track of their rows.
        """
        core, count = self._core.public_rows()
        if not count:
            return self, 0
        table = wrap(core)
        table._query_facts = self._query_facts
        return table, count

    def _row(self, row: int) -> Any:
        if self._holds_records:
            return Record(self._core.record(row))
        return next(iter(wrap(self._core.slice(row, 1))))

    def _row_type(self) -> Any:
        # The fields are known when the table is.
        return namedtuple(self.format.title(), self.columns, rename=True)  # noqa: PYI024

    def _arrow(self, lang: Any, multi: Multi, sep: str, columns: Any) -> Any:
        return need("pyarrow", "pandas").table(self.view(lang=lang, multi=multi, sep=sep, columns=columns))


def wrap(core: _core.Table) -> Table:
    """The `Table` of a table of the core."""
    table = Table.__new__(Table)
    table._core, table._query_facts = core, {}
    return table


def core_of(data: Any, format: str | None = None) -> _core.Table:
    """The core's table of whatever a user holds."""
    if isinstance(data, Table):
        return data._core
    if not hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__arrow_c_array__"):
        kind = type(data).__name__
        message = f"a table or a frame of pandas, polars, pyarrow or DuckDB is needed, not {kind}"
        raise TypeError(message)
    try:
        return _core.Table.from_arrow(lendable(data), format)
    except ImportError as error:  # pandas frames need pyarrow for their Arrow stream
        raise missing("pyarrow", "pandas") from error


def names(given: str | Sequence[str] | None) -> list[str] | None:
    """Names as a list, from a list or from one text with commas."""
    if given is None:
        return None
    parts = given.split(",") if isinstance(given, str) else given
    return [part.strip() for part in parts if part.strip()]


def text_table(rows: list[dict[str, Any]], columns: list[str] | None) -> Table:
    """A table of rows of text and numbers."""
    return wrap(_core.Table.from_rows(rows, columns or (list(rows[0]) if rows else ["field"])))
