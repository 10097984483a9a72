"""Documents of the NBA by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._output.text import plural
from naturalia._sources.nba.keywords import values_of
from naturalia._sources.nba.question import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from naturalia import _core
    from naturalia._query.query import Parts

__all__ = ["REFERENCES", "ById", "ids_of", "references", "referring"]

# Ids of one request, as the service takes them, and characters of one address, as the web does.
IDS, LONGEST = 1024, 6000
# How many of many ids are named in words.
SHOWN = 3
# Where a table names the documents that belong to its rows, by what is asked for.
REFERENCES = {
    "specimen": ("associatedSpecimenReference", "specimen_id"),
    "taxon": ("associatedTaxonReference", "taxon_id"),
}


class ById:
    """Documents by their ids, through findByIds; what it leaves out in silence is told here."""

    def __init__(self, core: _core.Service, document: str, ids: list[str], pace: float | None) -> None:
        self.core = core
        self.document = document
        self.ids = ids
        self.missing: list[str] | None = None
        self._pace = pace

    def parts(self, *, ahead: bool) -> Parts:  # noqa: ARG002 - there is nothing to fetch ahead of
        """Request by request."""
        return Found(self, self.ids)

    def few(self, n: int) -> Parts:
        """The first of them: those missing among the first `n` are made up for by later ones."""
        return Found(self, self.ids, most=n)

    def count(self) -> None:
        """Which of them there are shows only when they are asked for."""

    def whole(self) -> None:
        """Its parts joined are the best there is."""

    def size(self) -> str:
        """What is asked of whom."""
        return f"{plural(len(self.ids), 'id')} of {self.document} of {self.service}"

    @property
    def service(self) -> str:
        """The base URL."""
        return self.core.base

    @property
    def url(self) -> str:
        """The address of the first of them."""
        return f"{self.service}/{path_of(self.document, next(batches(self.ids, IDS)))}"

    def explain(self) -> list[str]:
        """What is asked, and how."""
        requests = sum(1 for _ in batches(self.ids, IDS))
        pace = "as fast as it answers" if self._pace is None else f"{self._pace:g} requests a second at most"
        return [
            f"asks {self.service}/{self.document}/findByIds for {plural(len(self.ids), 'id')}",
            f"in {plural(requests, 'request')}, {pace}",
            "ids there is no document of are in `missing`, and one warning says how many",
        ]


class Found:
    """The documents of ids, and how many are missing."""

    def __init__(self, question: ById, ids: list[str], *, most: int = IDS) -> None:
        self._question = question
        self._ids = ids
        self._most = min(most, IDS) or 1
        self.report: dict[str, Any] = {"requests": 0, "retries": 0, "received": 0, "notices": []}

    def __iter__(self) -> Iterator[_core.Table]:
        question, missing, report = self._question, list[str](), self.report
        for ids in batches(self._ids, self._most):
            text, facts = question.core.ask("GET", path_of(question.document, ids), [], None)
            table = read(text, facts, question.document, list)
            found = set(table.column("id"))
            missing += [each for each in ids if each not in found]
            for name in ("pages", "records"):
                report[name] = report.get(name, 0) + table.report.get(name, 0)
            report["requests"] += 1
            report["retries"] += facts["retries"]
            report["received"] += len(table)
            if missing:
                shown = ", ".join(missing[:SHOWN]) + (" …" if missing[SHOWN:] else "")
                message = (
                    f"no {question.document} of {plural(len(missing), 'id')} that were asked for: {shown}"
                )
                report["notices"] = [message]
            yield table
        question.missing = missing


def path_of(document: str, ids: list[str]) -> str:
    """Where documents are found by their ids."""
    from urllib.parse import quote

    return f"{document}/findByIds/{','.join(quote(each, safe='@') for each in ids)}"


def ids_of(given: Iterable[str]) -> list[str]:
    """Ids, each once."""
    ids = values_of("ids", given)
    wrong = next((each for each in ids if not isinstance(each, str)), None)
    if wrong is not None:
        message = f"an id is text, such as 'RMNH.AVES.140023_2@CRS', not {wrong!r}"
        raise TypeError(message)
    return ids


def batches(ids: list[str], most: int) -> Iterator[list[str]]:
    """Ids as many at a time as one address takes."""
    part: list[str] = []
    length = 0
    for each in ids:
        if part and (len(part) >= most or length + 3 * len(each) > LONGEST):
            yield part
            part, length = [], 0
        part.append(each)
        length += 3 * len(each) + 1
    if part:
        yield part


def references(table: _core.Table, document: str) -> list[str]:
    """The ids of documents that rows refer to, each once."""
    column = next((name for name in REFERENCES[document] if name in table.columns), None)
    if column is None:
        message = f"of= needs a column {' or '.join(REFERENCES[document])}, and this table has none"
        raise ValueError(message)
    ids = list(dict.fromkeys(each for each in table.column(column) if each))
    if not ids:
        message = f"no row has a value in {column}: there is nothing to follow"
        raise ValueError(message)
    return ids


def referring(table: _core.Table) -> dict[str, Any]:
    """The keyword that finds the media of specimens or taxa."""
    words = {"nba_specimen": "specimen", "nba_taxon": "taxon"}
    if table.format not in words:
        message = f"of= is a table of specimens or taxa of the NBA here, not of {table.format}"
        raise ValueError(message)
    return {words[table.format]: table.column("id")}
