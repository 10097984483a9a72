"""`Query`: a question that is answered when it is read, part by part."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypedDict

from naturalia import _core
from naturalia._notices import notify
from naturalia._report import Page, Report, plural
from naturalia._table import Table, concat, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

__all__ = ["Query"]


class Options(TypedDict):
    """How a source is read; the keywords of `read`."""

    strict: bool
    format: str | None
    keep_going: bool
    salvage: bool
    threads: int | None


class Query:
    """A source not yet read. Iterating it yields Tables; each time it starts anew.

        >>> import naturalia as nat
        >>> query = nat.scan(nat.samples.path("openimages_oai_dc.xml"))
        >>> query.count()
        4
        >>> query.first()
        <Table oai_dc: 1 record, 22 columns>

    It has no Arrow stream: that would read the source again at every look. `collect()` gives the table.
    """

    def __init__(self, sources: list[str | tuple[str, bytes]], **options: Unpack[Options]) -> None:
        self._sources = sources
        self._options = options
        self._latest: _core.Scan | _core.Table | None = None

    def __iter__(self) -> Iterator[Table]:
        scan = self._latest = _core.scan(self._sources, **self._options)
        for part in scan:
            yield wrap(part)
        notify(self.report)

    @property
    def report(self) -> Report:
        """What the latest reading has counted and repaired so far."""
        return Report({} if self._latest is None else self._latest.report)

    def count(self) -> int:
        """How many records there are. They are read for it: nothing else is certain."""
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
        return concat(parts) if parts else self.collect()

    def pages(self) -> Iterator[Page]:
        """The replies one by one: verb, request, token, errors."""
        for part in self:
            yield from part.pages

    def collect(self) -> Table:
        """All of it as one table, the same that `read` gives."""
        table = self._latest = _core.read(self._sources, **self._options)
        notify(self.report)
        return wrap(table)

    def explain(self) -> str:
        """What reading it means: how many files of what size, and how they are read."""
        options = self._options
        strict = "refuses what is not well-formed"
        lines = [f"reads {self._size()}", strict if options["strict"] else "repairs what is not well-formed"]
        if options["format"]:
            lines.append(f"as {options['format']}")
        if options["keep_going"]:
            lines.append("keeps going after pages that can't be read")
        if options["salvage"]:
            lines.append("takes the complete records of pages that stop too early")
        return "\n".join(lines)

    def _size(self) -> str:
        sizes = [
            os.path.getsize(source) if isinstance(source, str) else len(source[1]) for source in self._sources
        ]
        return f"{plural(len(sizes), 'file')}, {sum(sizes) / 1e6:,.3f} MB"

    def __repr__(self) -> str:
        return f"<Query: {self._size()}, not yet read>"
