"""`Query`: a question that is answered when it is read, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from naturalia._arguments.public import public
from naturalia._crosswalk.concat import concat
from naturalia._output.escaping import displayed
from naturalia._output.progress import watched
from naturalia._table.notices import notify
from naturalia._table.reports import Page, Report, WriteReport
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from naturalia import _core
    from naturalia._files.write import Dest, How

__all__ = ["Parts", "Query", "Question"]


class Parts(Protocol):
    """Tables of the core, one after the other, and what reading them did so far."""

    def __iter__(self) -> Iterator[_core.Table]: ...
    @property
    def report(self) -> dict[str, Any]:
        """The facts of a `Report`."""


class Question(Protocol):
    """What can be asked: files, or a list of a service."""

    def parts(self, *, ahead: bool) -> Parts:
        """The answer in parts; `ahead` fetches the next part while one is looked at."""

    def few(self, n: int) -> Parts:
        """The answer in parts of which no more than the first `n` records are wanted."""

    def count(self) -> int | None:
        """How many records there are, where the source can be asked for that and its word is exact."""

    def whole(self) -> _core.Table | None:
        """The whole answer, where that is better than its parts joined."""

    def size(self) -> str:
        """What it is, in a few words."""

    def explain(self) -> list[str]:
        """What reading it means, line by line."""

    @property
    def url(self) -> str | None:
        """The address that is asked first; None for files."""

    @property
    def service(self) -> str | None:
        """The address of the service, as it may be shown; None for files."""


@public
@displayed
class Query:
    """A question not yet answered. Iterating it yields Tables; each time it starts anew.

        >>> import naturalia as nat
        >>> query = nat.scan(nat.samples.path("openimages_oai_dc.xml"))
        >>> query.count()
        4
        >>> query.first()
        <Table oai_dc: 1 record, 22 columns>

    It never gives a part for the whole: what can't be read to its end raises an error. It has no Arrow
    stream: that would read the source again at every look. `collect()` gives the table.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._latest: Parts | _core.Table | None = None

    def __iter__(self) -> Iterator[Table]:
        parts = self._latest = self._question.parts(ahead=True)
        yield from watched(map(wrap, parts), total=lambda: self.report.declared)
        notify(self.report, service=self._question.service)

    @property
    def report(self) -> Report:
        """What the latest reading has counted and repaired so far."""
        return Report({} if self._latest is None else self._latest.report)

    @property
    def url(self) -> str | None:
        """The address that is asked first; None for files."""
        return self._question.url

    def count(self) -> int:
        """How many records there are: as a service counts them where that is exact, else by reading them."""
        count = self._question.count()
        return sum(len(part) for part in self) if count is None else count

    def first(self, n: int = 1) -> Table:
        """The first `n` records; no more is read than that takes."""
        found: list[Table] = []
        missing = n
        parts = self._latest = self._question.few(n)
        for part in parts:
            found.append(wrap(part)[:missing])
            missing -= len(part)
            if missing <= 0:
                break
        return concat(found) if found else self.collect()

    def pages(self) -> Iterator[Page]:
        """The replies one by one: verb, request, token, errors."""
        for part in self:
            yield from part.pages

    def _origin(self) -> dict[str, Any]:
        """What is asked of which service, and when, where the pages themselves do not say it."""
        from datetime import UTC, datetime

        service: dict[str, Any] = getattr(self._question, "provenance", dict)()
        return {**service, "retrieved_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"} if service else {}

    def collect(self) -> Table:
        """All of it as one table."""
        whole = self._latest = self._question.whole()
        if whole is None:
            joined = concat(list(self))
            table = newest(joined) if self.report.changed else joined
        else:
            notify(self.report)
            table = wrap(whole)
        table._query_facts = self._origin()
        return table

    def write(self, dest: Dest, /, **how: Unpack[How]) -> WriteReport:
        """Writes all of it to a file, part by part, as `nat.write`.

        >>> import naturalia as nat
        >>> nat.scan(nat.samples.path("openimages_oai_dc.xml")).write("out.csv")
        <WriteReport: 4 rows to out.csv>
        """
        from naturalia._files.write import write

        return write(self, dest, **how)

    def explain(self) -> str:
        """What reading it means, in words. Nothing is read for it."""
        return "\n".join(self._question.explain())

    def _repr_html_(self) -> str:
        from html import escape

        from naturalia._output.html import lines

        return lines(f"<b>{escape(repr(self)[1:-1])}</b>", *map(escape, self.explain().split("\n")))

    def __repr__(self) -> str:
        return f"<Query: {self._question.size()}, not yet read>"


def newest(table: Table) -> Table:
    """The rows of a table in the newest version of each record: by datestamp, else the later one."""
    from datetime import UTC, datetime

    dawn = datetime.min.replace(tzinfo=UTC)
    best: dict[str | None, tuple[datetime, int]] = {}
    for row, (identifier, moment) in enumerate(zip(table["identifier"], table["datestamp_utc"], strict=True)):
        version = (moment or dawn, row)
        best[identifier] = max(best.get(identifier, version), version)
    return table[sorted(row for _, row in best.values())]
