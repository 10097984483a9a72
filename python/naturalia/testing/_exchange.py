"""One request and its reply, as the provider, its faults and the log of the server see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from naturalia.testing._items import Item

__all__ = ["ListPage", "OaiFailure", "Reply", "Request"]


@dataclass(slots=True)
class Request:
    """One request, as the log of a server keeps it.

    Attributes:
        number: from 1, in the order of arrival.
        method: GET, POST, HEAD.
        path: the path as sent, with its query.
        arguments: the decoded OAI-PMH arguments, in the order sent; a repeated one has its last value.
        pairs: the same with every repetition.
        headers: the headers, names in lower case.
        time: when it arrived, in seconds on the clock of `time.monotonic`.
        page: of a list, the page it asked for, from 1; 1 for every other request.
        status: the HTTP status it got; 0 while it is under way or when the connection was cut before one.
        faults: the names of the faults that happened to it.
    """

    number: int
    method: str
    path: str
    pairs: list[tuple[str, str]]
    headers: dict[str, str]
    time: float
    page: int = 1
    status: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments by name."""
        return dict(self.pairs)

    @property
    def verb(self) -> str:
        """The verb, "" where there is none."""
        return self.arguments.get("verb", "")


@dataclass(slots=True)
class ListPage:
    """One page of a list before it is written.

    Attributes:
        verb: ListRecords or ListIdentifiers.
        prefix: the metadataPrefix.
        items: what is on it.
        token: the next token; "" for the empty element of a last page, None for no element.
        size: completeListSize, or None to leave it out.
        cursor: cursor, or None to leave it out.
        expires: expirationDate, or None to leave it out.
    """

    verb: str
    prefix: str
    items: list[Item]
    token: str | None = None
    size: int | None = None
    cursor: int | None = None
    expires: str | None = None


@dataclass(slots=True)
class Reply:
    """What goes out.

    Attributes:
        status: the HTTP status.
        headers: its headers; Content-Length is set when it is sent, unless it is here.
        body: the bytes.
        stop: send only so many bytes of the body, then end the connection.
        chunked: send in chunks; without the last one where `stop` is set.
        reset: end with a reset instead of an orderly close; with `stop=None` before anything is sent.
        pieces: so many bytes at a time …
        pause: … with so many seconds between them.
        delay: wait so many seconds before the first byte.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stop: int | None = None
    chunked: bool = False
    reset: bool = False
    pieces: int = 0
    pause: float = 0
    delay: float = 0


class OaiFailure(Exception):
    """The error element that answers a request."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
