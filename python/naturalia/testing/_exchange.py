"""One request and its reply, as the provider, its faults and the log of the server see them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from naturalia.testing._repository import Question

if TYPE_CHECKING:
    from naturalia.testing._items import Item

__all__ = ["ListPage", "OaiFailure", "Reply", "Request", "Token"]


class OaiFailure(Exception):
    """The error element, or elements, that answer a request.

    Args:
        code: one of the eight of the standard, or not.
        message: what it says.
        others: further errors of the same reply, as (code, message).
        status: the HTTP status; the standard has 200.
    """

    def __init__(
        self, code: str, message: str, *, others: tuple[tuple[str, str], ...] = (), status: int = 200
    ) -> None:
        super().__init__(message)
        self.errors = [(code, message), *others]
        self.status = status


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on. All of it is in the token: a server that starts anew still knows it.

    Attributes:
        verb: of the list.
        question: what was asked.
        after: the key of the last item given.
        cursor: how many were given.
        page: the page it asks for, from 1.
        issued: when, in seconds since 1970 on the clock of the server.
    """

    verb: str
    question: Question
    after: int
    cursor: int
    page: int
    issued: float

    def text(self) -> str:
        """The token as sent: opaque, without a character that needs encoding."""
        q = self.question
        fields = [self.verb, q.prefix, q.since, q.until, q.set, self.after, self.cursor, self.page]
        packed = json.dumps([*fields, round(self.issued, 3)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Token | None:
        """The token of a text; None for anything this provider did not write."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            verb, prefix, since, until, spec, after, cursor, page, issued = json.loads(packed)
        except (ValueError, TypeError):
            return None
        return cls(verb, Question(prefix, since, until, spec), after, cursor, page, issued)


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
        body: the body as sent.
        token: the resumptionToken, as far as it can be read.
        status: the HTTP status it got; 0 while it is under way or when the connection was cut before one.
        faults: the names of the faults that happened to it.
    """

    number: int
    method: str
    path: str
    pairs: list[tuple[str, str]]
    headers: dict[str, str]
    time: float
    body: bytes = b""
    token: Token | None = None
    status: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments by name."""
        return dict(self.pairs)

    @property
    def page(self) -> int:
        """Of a list, the page it asks for, from 1; 1 for every other request."""
        return self.token.page if self.token else 1

    @property
    def verb(self) -> str:
        """The verb, "" where there is none."""
        return self.arguments.get("verb", "")

    @property
    def listed(self) -> bool:
        """Whether it asks for a page of a list."""
        return self.verb in ("ListRecords", "ListIdentifiers")


@dataclass(slots=True)
class ListPage:
    """One page of a list before it is written.

    Attributes:
        verb: ListRecords or ListIdentifiers.
        prefix: the metadataPrefix.
        items: what is on it.
        asked: the token that asked for it, None for a first page.
        token: the next token, or a text in its place: "" for the empty element of a last page; None for no
            element.
        size: completeListSize, or None to leave it out.
        cursor: cursor, or None to leave it out.
        expires: expirationDate, or None to leave it out.
    """

    verb: str
    prefix: str
    items: list[Item]
    asked: Token | None = None
    token: Token | str | None = None
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
        close: end the connection after it, without having said so.
        delay: wait so many seconds before the first byte.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stop: int | None = None
    chunked: bool = False
    reset: bool = False
    close: bool = False
    pieces: int = 0
    pause: float = 0
    delay: float = 0
