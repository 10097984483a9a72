"""`View`: records of a harvest file, read when they are looked at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._arguments.public import public
from naturalia._crosswalk.concat import concat
from naturalia._output.escaping import displayed
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas
    import polars
    import pyarrow

__all__ = ["View"]


@public
@displayed
class View:
    """Records of a harvest file, read when they are looked at; it can be read as often as needed.

    It is what was in the file when the view was made, even while a harvest goes on. pandas, polars, DuckDB
    and pyarrow take it as it is; iterating over it yields Tables.
    """

    def __init__(self, path: str, chosen: str, value: int, *, deleted: bool) -> None:
        self._core = _core.HarvestView(path, chosen=chosen, value=value, deleted=deleted)
        self._path = path
        self._what = f"{'changes' if chosen != 'current' else 'current'} of {os.path.basename(path)}"

    @property
    def format(self) -> str:
        """The format of the records."""
        return self._core.head.format

    @property
    def columns(self) -> list[str]:
        """The column names, in order."""
        return self._core.head.columns

    def __iter__(self) -> Iterator[Table]:
        return map(wrap, iter(self._core))

    def _origin(self) -> dict[str, Any]:
        """What the file answers, in which version, and when that was asked."""
        import json

        from naturalia._harvest.tally import moment

        facts = _core.harvest_facts(self._path)
        question = json.loads(facts["question"])
        service = {"service": question.pop("url", None), "question": json.dumps(question, ensure_ascii=False)}
        version, runs = json.loads(facts["manner"]).get("version"), facts["runs"]
        service |= {"version": version} if version else {}
        return service | ({"retrieved_at": moment(runs[-1]["finished_at"])} if runs else {})

    def count(self) -> int:
        """How many records there are; they are read for it."""
        return sum(len(part) for part in self)

    def first(self, n: int = 1) -> Table:
        """The first `n` records; no more is read than that takes."""
        parts: list[Table] = []
        missing = n
        for part in self:
            parts.append(part[:missing])
            missing -= len(part)
            if missing <= 0:
                break
        return concat(parts) if parts else wrap(self._core.head)

    def collect(self) -> Table:
        """All of it as one table."""
        table = concat([wrap(self._core.head), *self])
        table._query_facts = self._origin()
        return table

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """A pandas DataFrame; the options are those of `Table.to_pandas`."""
        return self.collect().to_pandas(**options)

    def to_polars(self, **options: Any) -> polars.DataFrame:
        """A polars DataFrame; the options are those of `Table.to_polars`."""
        return self.collect().to_polars(**options)

    def to_arrow(self) -> pyarrow.RecordBatchReader:
        """A reader of pyarrow, which streams."""
        return need("pyarrow", "pandas").RecordBatchReader.from_stream(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._core.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._core.__arrow_c_schema__()

    def __repr__(self) -> str:
        return f"<View: {self._what}, {len(self.columns)} columns of {self.format}>"

    def __str__(self) -> str:
        from naturalia._table.preview import preview

        return f"{self!r}\n{preview(self.first(8))}"

    def _repr_html_(self) -> str:
        return self.first(8)._repr_html_()
