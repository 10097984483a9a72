"""Faults of the NBA: of its windows, its streams, its totals, and its ways to say no.

Those of the connection, of HTTP and of the body happen to it as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from naturalia.testing._exchange import Reply
from naturalia.testing._nba._refusal import Refusal, invalid, not_found
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from naturalia.testing._exchange import Request
    from naturalia.testing._nba._asked import Found

__all__ = [
    "DocumentsChange",
    "DocumentsMissing",
    "DocumentsTwice",
    "DownloadCut",
    "DownloadLoses",
    "NbaFault",
    "NoSetting",
    "NotFoundText",
    "QueryRefused",
    "ResultWindow",
    "ServiceDown",
    "TotalChanges",
    "Unordered",
]


@dataclass(frozen=True)
class NbaFault(Fault):
    """The base of the faults that only the NBA has; `verb` is a service: query, download, count."""

    def on_documents(
        self, server: Any, request: Request, documents: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """May change the hits of a query or a download, in their order, before a page is taken from them."""
        return documents

    def on_found(self, server: Any, request: Request, found: Found) -> Found:
        """May change a page before it is written: documents, totalSize, scores."""
        return found


@dataclass(frozen=True)
class ResultWindow(NbaFault):
    """The window ends earlier than the settings say: `from` plus `size` over this gets 500."""

    limit: int = 5_000

    verbs: ClassVar[tuple[str, ...]] = ("query",)

    def on_request(self, server: Any, request: Request) -> Reply | None:
        spec = request.spec  # type: ignore[attr-defined]
        asked = int(spec.get("from") or 0) + int(spec.get("size") or 10)
        if asked > self.limit:
            raise invalid(f"from + size must not exceed {self.limit} (was {asked})")
        return None


@dataclass(frozen=True)
class DownloadCut(NbaFault):
    """A download ends early under HTTP 200, as when the index fails behind a reply that has begun.

    Args:
        rows: after so many documents.
        where: at the end of a `"line"`, so that only a count tells; or in the `"middle"` of the next one.
        how: the reply is `"ended"` in good order, or the connection is `"broken"`.
    """

    rows: int = 100
    where: Literal["line", "middle"] = "line"
    how: Literal["ended", "broken"] = "ended"

    verbs: ClassVar[tuple[str, ...]] = ("download",)

    def on_reply(self, server: Any, request: Request, reply: Reply) -> None:
        lines = reply.body.split(b"\n")
        kept = b"\n".join(lines[: self.rows])
        if self.where == "middle" and len(lines) > self.rows:
            kept += b"\n" + lines[self.rows][: len(lines[self.rows]) // 2]
        reply.body = kept
        if self.how == "broken":
            reply.stop = len(kept)


@dataclass(frozen=True)
class DownloadLoses(NbaFault):
    """Every so manyth document is missing from a download that looks whole; `count` still has it."""

    each: int = 1000

    verbs: ClassVar[tuple[str, ...]] = ("download",)

    def on_documents(
        self, server: Any, request: Request, documents: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return [one for place, one in enumerate(documents, 1) if place % self.each]


@dataclass(frozen=True)
class ServiceDown(NbaFault):
    """500 with a bare text: the index behind the service does not answer."""

    text: str = "nl.naturalis.nba.dao.exception.ConnectionFailureException: NoNodeAvailableException"

    def on_request(self, server: Any, request: Request) -> Reply | None:
        return Reply(500, {"Content-Type": "text/plain;charset=UTF-8"}, self.text.encode())


@dataclass(frozen=True)
class QueryRefused(NbaFault):
    """500 with the JSON of an exception, though it is the question that is at fault.

    Args:
        message: of the exception.
        kind: its Java class.
        status: of HTTP.
    """

    message: str = "Invalid query"
    kind: str = "nl.naturalis.nba.api.InvalidQueryException"
    status: int = 500

    def on_request(self, server: Any, request: Request) -> Reply | None:
        raise Refusal(self.status, self.message, self.kind)


@dataclass(frozen=True)
class NotFoundText(NbaFault):
    """404 with a text, whatever was asked for."""

    text: str = "No Specimen exists with ID X@CRS"

    def on_request(self, server: Any, request: Request) -> Reply | None:
        raise not_found(self.text)


@dataclass(frozen=True)
class NoSetting(NbaFault):
    """No setting can be read; a client has to know the window by itself."""

    verbs: ClassVar[tuple[str, ...]] = ("getSetting", "getSettings")

    def on_request(self, server: Any, request: Request) -> Reply | None:
        raise not_found("No such setting")


@dataclass(frozen=True)
class TotalChanges(NbaFault):
    """totalSize is off by so many, more with every page: documents seem to come or go while one reads."""

    by: int = 1

    verbs: ClassVar[tuple[str, ...]] = ("query",)

    def on_found(self, server: Any, request: Request, found: Found) -> Found:
        return replace(found, total=max(found.total + self.by * request.page, 0))


@dataclass(frozen=True)
class Unordered(NbaFault):
    """Without sortFields the order is another one with every request, so that pages overlap and miss."""

    verbs: ClassVar[tuple[str, ...]] = ("query",)

    def on_documents(
        self, server: Any, request: Request, documents: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        if request.spec.get("sortFields") or not documents:  # type: ignore[attr-defined]
            return documents
        turn = request.number * 7 % len(documents)
        return documents[turn:] + documents[:turn]


@dataclass(frozen=True)
class DocumentsChange(NbaFault):
    """Documents really come and go when a page is asked for.

    Args:
        delete: the ids of those that go.
        add: those that come.
        document: their type.
    """

    delete: tuple[str, ...] = ()
    add: tuple[dict[str, Any], ...] = ()
    document: str = "multimedia"

    verbs: ClassVar[tuple[str, ...]] = ("query", "download")

    def on_request(self, server: Any, request: Request) -> Reply | None:
        for one in self.delete:
            if server.stores[self.document].get(one):
                server.delete(self.document, one)
        server.add(self.document, *self.add)
        return None


@dataclass(frozen=True)
class DocumentsTwice(NbaFault):
    """The first so many documents of a page come again at its end."""

    count: int = 1

    verbs: ClassVar[tuple[str, ...]] = ("query", "download")

    def on_found(self, server: Any, request: Request, found: Found) -> Found:
        return replace(found, documents=found.documents + found.documents[: self.count])


@dataclass(frozen=True)
class DocumentsMissing(NbaFault):
    """The last so many documents of a page are missing; totalSize has them."""

    count: int = 1

    verbs: ClassVar[tuple[str, ...]] = ("query",)

    def on_found(self, server: Any, request: Request, found: Found) -> Found:
        return replace(found, documents=found.documents[: -self.count or None])
