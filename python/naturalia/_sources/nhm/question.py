"""What is asked of the NHM data portal as the question of a `Query`: its records, and their media."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from naturalia import _core
from naturalia._sources.document_query import MOST, DocumentQuery, as_text
from naturalia._sources.nhm.datasets import as_specimens
from naturalia._sources.nhm.keywords import RESOURCES
from naturalia._sources.nhm.media import Origin, media_rules, runs
from naturalia._sources.nhm.version import version_for
from naturalia._table.table import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._query.query import Parts, Question
    from naturalia._sources.nhm.datasets import Resource
    from naturalia._sources.nhm.keywords import Search
    from naturalia._sources.nhm.portal import Portal

__all__ = ["CombinedQuery", "Media", "Records", "TableQuery"]


class NhmRecordQuery(DocumentQuery):
    """Records of the portal, by an action and its parameters."""

    def count(self) -> int | None:
        """How many records the portal counts; None for a question that skips the first ones."""
        search_query = self.question
        if search_query["params"].get("offset"):
            return None
        params = {**search_query["params"], self._page_size(): 0}
        pages = self.core.pages(as_text({**search_query, "params": params}), ahead=False)
        total = next(pages).pages[0]["total"]
        return None if total is None else int(total)

    def version_for(self, path: str) -> int | None:
        """The version for this run: of a run that was stopped the one it had, else the latest."""
        return version_for(self.core, self.question["params"], path)

    def _subject(self) -> str:
        return str(self.question["action"])

    def _page_size(self) -> str:
        """The parameter that sets how many records a page has."""
        return "size" if "multi" in self.question["action"] else "limit"

    def _short(self, n: int) -> dict[str, Any]:
        search_query, size = self.question, self._page_size()
        if n > MOST:
            return search_query
        wanted = min(n, search_query["params"].get(size, MOST)) or 1
        return {**search_query, "params": {**search_query["params"], size: wanted}}

    def _paging(self) -> list[str]:
        return ["page by page, by the cursor that each page gives"]


class Records(NhmRecordQuery):
    """A search of the portal.

    Args:
        portal: who is asked.
        search: the action and its parameters.
        page: the address a person opens to see the same; that of the search itself if None.
        origin: where the search comes from, such as the slug it was kept under.
    """

    def __init__(self, portal: Portal, search: Search, *, page: str | None = None, origin: str = "") -> None:
        question = {"action": search.action, "params": search.params}
        words = f"{search.description[0]} at {_core.shown(portal.url)}"
        super().__init__(portal._core, question, settings=portal._settings, words=words)
        self.portal = portal
        self.search = search
        self.page = page
        self.origin = origin

    @property
    def url(self) -> str:
        """The page of the portal that shows the same, where there is one; else the search as an address."""
        return self.page or super().url

    def explain(self) -> list[str]:
        """What is asked, and how."""
        params = self.search.params
        each = params.get("limit") or params.get("size")
        pinned = "in the latest version; version='latest' keeps to one for all pages"
        return [
            f"asks {self.service} ({self.search.action})",
            *([self.origin] if self.origin else []),
            *self.search.description,
            f"as of version {params['version']}" if "version" in params else pinned,
            f"{each:,} records a page, by the cursor that each page gives",
            f"all of it or an error, {self._pace()}",
        ]


class CombinedQuery:
    """Searches for the pieces of a long list, one after the other; each record comes once."""

    def __init__(self, questions: list[Any]) -> None:
        self.questions: list[Records] = questions
        self.search = questions[0].search

    def parts(self, *, ahead: bool) -> CombinedPages:
        """Page by page, search by search."""
        return CombinedPages(self.questions, ahead=ahead)

    def few(self, n: int) -> CombinedPages:  # noqa: ARG002 — the first search may have none of them
        """Page by page, as far as they are wanted."""
        return CombinedPages(self.questions, ahead=False)

    def count(self) -> None:
        """None: a record that two searches find is counted by both."""

    def provenance(self) -> dict[str, Any]:
        """What is asked of whom."""
        texts = ",".join(each.text for each in self.questions)
        return {"service": self.service, "question": f"[{texts}]"}

    def whole(self) -> None:
        """Its parts joined are the best there is."""

    @property
    def url(self) -> str:
        """The address of the first search."""
        return self.questions[0].url

    @property
    def service(self) -> str:
        """The address of the portal."""
        return self.questions[0].service

    def size(self) -> str:
        """What is asked of whom."""
        return self.questions[0].size()

    def explain(self) -> list[str]:
        """What is asked, and how."""
        sentence = self.questions[0].explain()
        return [
            *sentence,
            f"in {len(self.questions)} questions, of which this is the first; a record comes once",
        ]


class CombinedPages:
    """The pages of searches, without the records that came before; counts are those of all."""

    def __init__(self, questions: list[Records], *, ahead: bool) -> None:
        self._parts = [each.parts(ahead=ahead) for each in questions]

    @property
    def report(self) -> dict[str, Any]:
        """What reading them did so far: numbers are summed."""
        joined: dict[str, Any] = {}
        for part in self._parts:
            for name, value in part.report.items():
                previous = joined.get(name)
                addable = type(previous) is type(value) and isinstance(value, (int, list))
                joined[name] = previous + value if addable else value if previous is None else previous
        return joined

    def __iter__(self) -> Iterator[_core.Table]:
        seen: set[str | None] = set()
        for part in self._parts:
            for page in part:
                ids = page.column("_id")
                fresh = [row for row, identifier in enumerate(ids) if identifier not in seen]
                seen.update(ids)
                yield page if len(fresh) == len(ids) else page.take(fresh)


class ResourceSource(Protocol):
    """The portal that describes the resources of records."""

    url: str

    def resource(self, resource: str, /) -> Resource | None:
        """A resource with its data set; None where the portal has none."""


class Media:
    """The media of records: one row a file."""

    def __init__(self, question: Question, portal: ResourceSource) -> None:
        self.question = question
        self.portal = portal

    def parts(self, *, ahead: bool) -> MediaParts:
        """The media of each part of the records."""
        return MediaParts(self, self.question.parts(ahead=ahead))

    def few(self, n: int) -> MediaParts:
        """The media of records, of which no more than the first `n` are wanted."""
        return MediaParts(self, self.question.few(n))

    def count(self) -> None:
        """None: the portal counts records, not media."""

    def provenance(self) -> dict[str, Any]:
        """What is asked of whom: the records."""
        return self.question.provenance() if isinstance(self.question, Records | CombinedQuery) else {}

    def whole(self) -> None:
        """Its parts joined are the best there is."""

    @property
    def url(self) -> str | None:
        """Where the records are asked for."""
        return self.question.url

    @property
    def service(self) -> str | None:
        """The address of the portal."""
        return self.question.service

    def size(self) -> str:
        """What it is."""
        return f"media of {self.question.size()}"

    def explain(self) -> list[str]:
        """What is asked, and what is made of it."""
        return [
            *self.question.explain(),
            "one row a medium: of an image the original, a preview and a thumbnail, and its IIIF manifest",
            "with the licence of the medium, and beside it that of the record, from its data set",
        ]

    def of_part(self, part: _core.Table) -> _core.Table:
        """The media of a part of the records."""
        search = self.question.search if isinstance(self.question, Records | CombinedQuery) else None
        one = search.resources[0] if search and len(search.resources) == 1 else None
        resources = [one or named_in(extra) for extra in wrap(part)["extra"]]
        part = documents_of(part)
        queries = [
            self.of_resource(part.slice(at, length), resource) for resource, at, length in runs(resources)
        ]
        return _core.concat(queries) if queries else _core.blank("media")

    def of_resource(self, part: _core.Table, resource: str | None) -> _core.Table:
        """The media of records of one resource."""
        from datetime import UTC, datetime

        search = self.question.search if isinstance(self.question, Records | CombinedQuery) else None
        now = datetime.now(UTC).isoformat(timespec="seconds") if search else None
        version = search.params.get("version") if search else None
        resource_facts = self.portal.resource(resource) if resource else None
        origin = Origin(
            base=_core.shown(self.portal.url),
            resource=resource,
            specimens=resource in (None, RESOURCES["specimens"]),
            license=resource_facts.dataset.stated_license if resource_facts else None,
            doi=resource_facts.dataset.doi if resource_facts else None,
            version=version,
            retrieved_at=now,
        )
        return media_rules(origin)._core.apply(
            as_specimens(part, resource_facts) if resource_facts else part
        )[0]


class MediaParts:
    """The media of parts of records; counts are those of the records."""

    def __init__(self, media: Media, parts: Parts) -> None:
        self._media = media
        self._parts = parts

    @property
    def report(self) -> dict[str, Any]:
        """What reading the records did so far."""
        return self._parts.report

    def __iter__(self) -> Iterator[_core.Table]:
        return map(self._media.of_part, self._parts)


def documents_of(part: _core.Table) -> _core.Table:
    """The records without what a reply has around them: a search of several resources adds manifests."""
    if not any(item["element"].startswith("reply.") for extra in wrap(part)["extra"] for item in extra or []):
        return part
    options: dict[str, Any] = {"strict": False, "keep_going": False, "salvage": False, "threads": 1}
    return _core.read([("records", part.json("lines"))], format="nhm", **options)


def named_in(extra: Any) -> str | None:
    """The resource that a reply names beside a record of a search of several."""
    named = (item["value"] for item in extra or [] if item["element"] == "reply.resource")
    return next((str(json.loads(value)) for value in named), None)


class TableQuery:
    """A table that is there, as a question."""

    url = None
    service = None

    def __init__(self, table: _core.Table, name: str) -> None:
        self.table = table
        self.name = name

    def parts(self, *, ahead: bool) -> TableQuery:  # noqa: ARG002 — nothing has to be fetched
        """The table."""
        return self

    def few(self, n: int) -> TableQuery:
        """The first rows."""
        return TableQuery(self.table.slice(0, min(n, len(self.table))), self.name)

    def __iter__(self) -> Iterator[_core.Table]:
        yield self.table

    @property
    def report(self) -> dict[str, Any]:
        """What reading the table did."""
        return self.table.report

    def count(self) -> int:
        """Its rows."""
        return len(self.table)

    def whole(self) -> _core.Table:
        """The table."""
        return self.table

    def size(self) -> str:
        """What it is."""
        return self.name

    def explain(self) -> list[str]:
        """What reading it means."""
        return [f"takes {self.name}"]
