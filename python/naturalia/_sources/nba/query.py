"""`NbaQuery`: a question to the NBA, with what only the NBA can tell before it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._query.query import Query
from naturalia._sources.nba import fields as nba
from naturalia._sources.nba.keywords import keyed
from naturalia._sources.nba.question import NbaList, counts, distinct, grouped_counts, path_of_name
from naturalia._sources.nba.references import ById
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    # Names, and the QuerySpec that finds their documents.
    Named = tuple[list[str], dict[str, Any]]

__all__ = ["NbaQuery"]


@public
class NbaQuery(Query):
    """A question to the NBA: a `Query` that can also count by a field and tell what names were found.

    >>> import naturalia as nat
    >>> nba = nat.Nba(contact="me@museum.example")
    >>> q = nba.multimedia(genus="Phalacrocorax", collection_type="Arts")
    >>> q
    <Query: multimedia of https://api.biodiversitydata.nl/v2, not yet read>
    >>> q.spec["conditions"][1]
    {'field': 'collectionType', 'operator': 'EQUALS', 'value': 'Arts'}
    """

    _question: NbaList | ById

    def __init__(self, question: NbaList | ById, *, named: list[Named] | None = None) -> None:
        super().__init__(question)
        self._named = named
        self._names: Table | None = None

    @property
    def spec(self) -> dict[str, Any]:
        """The question as one QuerySpec, in the words of the service."""
        return json.loads(json.dumps(self._listing("spec").joined))  # type: ignore[no-any-return]

    @property
    def missing(self) -> list[str] | None:
        """The ids no document came for, after a query by ids was read to its end; None before."""
        return self._question.missing if isinstance(self._question, ById) else None

    def count(self, by: str | Sequence[str] | None = None) -> Any:
        """How many documents there are, as the service counts them; `by` a field, a table of its values.

        Args:
            by: a keyword such as `"license"` or `"genus"` (the first path it asks), or a path; two of them
                give the values of the second for each of the first. Rows are values and counts, the commonest
                first; documents without a value are the row None. A document with several values counts for
                each of them.

        Raises:
            naturalia.errors.HarvestIncomplete: there are more values than the service lists.
        """
        if by is None:
            return super().count()
        question = self._listing("count(by=)")
        fields = [by] if isinstance(by, str) else list(by)
        paths = [path_of_name(question.document, name) for name in fields]
        if len(paths) not in {1, 2}:
            message = "by= is one field, or two"
            raise ValueError(message)
        rows = grouped_counts(question, paths) if len(paths) > 1 else counts(question, paths[0])
        columns = dict(zip(paths, fields, strict=True)) | {"count": "count"}
        named = [{columns[name]: value for name, value in row.items()} for row in rows]
        return wrap(_core.Table.from_rows(named, list(columns.values())))

    @property
    def names(self) -> Table:
        """What became of each name of `scientific_name=`: asked, matched, matched_as, count.

        One row for each spelling the documents have, with how many of them have it; a name nothing was found
        for is a row with `matched` "no" and count 0. It is asked once and kept.

        Raises:
            ValueError: the question has no `scientific_name=`.
        """
        if self._names is None:
            self._names = self._match()
        return self._names

    def _match(self) -> Table:
        question = self._listing("names")
        if self._named is None:
            message = "names are those of scientific_name=, and this question has none"
            raise ValueError(message)
        rows: list[dict[str, Any]] = []
        for names, spec in self._named:
            spelled: dict[str, int] = {}
            for path in nba.keyword_paths(question.document)["scientific_name"]:
                for value, number in distinct(question, path, spec).items():
                    spelled[value] = spelled.get(value, 0) + number
            rows += matched(names, spelled)
        return wrap(_core.Table.from_rows(rows, ["asked", "matched", "matched_as", "count"]))

    def _listing(self, what: str) -> NbaList:
        if isinstance(self._question, ById):
            message = f"{what} belongs to conditions; this asks for documents by their ids"
            raise TypeError(message)
        return self._question


def matched(names: list[str], spelled: dict[str, int]) -> list[dict[str, Any]]:
    """What became of each name: a row for each spelling of it, or one that says there is none."""
    by_key: dict[tuple[str, ...], list[str]] = {}
    for value in spelled:
        by_key.setdefault(keyed(value), []).append(value)
    rows: list[dict[str, Any]] = []
    for name in names:
        found = by_key.get(keyed(name), [])
        # What could not be taken apart was found by its start.
        found = found or [value for value in spelled if value.lower().startswith(f"{name.lower()} ")]
        rows += [
            {"asked": name, "matched": "yes", "matched_as": value, "count": spelled[value]} for value in found
        ] or [{"asked": name, "matched": "no", "matched_as": None, "count": 0}]
    return rows
