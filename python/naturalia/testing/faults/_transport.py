"""Faults of the connection and of HTTP."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formatdate
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from naturalia.testing._exchange import Reply
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from naturalia.testing._exchange import Request
    from naturalia.testing._loopback import Loopback

__all__ = [
    "Authentication",
    "BlockedAgent",
    "Close",
    "Cut",
    "Drip",
    "Header",
    "Key",
    "Latency",
    "LongUrl",
    "Method",
    "Redirect",
    "Reset",
    "Spelling",
    "StaleCache",
    "Status",
    "WrongLength",
]


def refusal(status: int, text: str, **headers: str) -> Reply:
    """A page of HTML, as servers send it with an error."""
    body = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
    return Reply(status, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode())


@dataclass(frozen=True)
class Latency(Fault):
    """So many seconds pass before the first byte."""

    seconds: float = 1.0

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.delay += self.seconds


@dataclass(frozen=True)
class Status(Fault):
    """An HTTP error with a page of HTML.

    Args:
        code: the status, such as 503, 429, 500.
        retry_after: seconds; a text to be sent as it is; or a timedelta, sent as the date so far from now.
    """

    code: int = 503
    retry_after: float | str | timedelta | None = None

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        reply = refusal(self.code, "Please come back later")
        if isinstance(self.retry_after, timedelta):
            moment = server.clock() + self.retry_after.total_seconds()
            reply.headers["Retry-After"] = formatdate(moment, usegmt=True)
        elif self.retry_after is not None:
            reply.headers["Retry-After"] = str(self.retry_after)
        return reply


@dataclass(frozen=True)
class Cut(Fault):
    """The body stops early.

    Args:
        at: where: a share of the body below 1.0, or a number of bytes.
        length: what Content-Length says: of the `"whole"` body, so that the client can notice; of the
            `"sent"` part, so that only the XML tells; `"chunked"`: none, and the last chunk is missing;
            `"none"`: none, and the end of the connection is the end of the body.
    """

    at: float = 0.5
    length: Literal["whole", "sent", "chunked", "none"] = "whole"

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        stop = int(self.at if self.at >= 1 else self.at * len(reply.body))
        if self.length == "sent":
            reply.body = reply.body[:stop]
            return
        reply.stop = stop
        reply.chunked = self.length == "chunked"
        if self.length == "none":
            reply.headers["Content-Length"] = ""


@dataclass(frozen=True)
class WrongLength(Fault):
    """Content-Length is off by so many bytes: less and the end goes missing, more and it never comes."""

    by: int = -100

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.headers["Content-Length"] = str(max(len(reply.body) + self.by, 0))


@dataclass(frozen=True)
class Reset(Fault):
    """The connection is reset: before anything is sent, or after so many bytes of the body."""

    after: int | None = None

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.reset = True
        reply.stop = self.after


@dataclass(frozen=True)
class Close(Fault):
    """The connection is closed after a reply that does not say so: the next request on it meets nobody."""

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.close = True


@dataclass(frozen=True)
class Drip(Fault):
    """The body comes a few bytes at a time, with pauses of so many seconds."""

    pieces: int = 64
    pause: float = 0.05

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.pieces, reply.pause = self.pieces, self.pause


@dataclass(frozen=True)
class Redirect(Fault):
    """Another place is named.

    Args:
        to: a base URL, to which the arguments are added; "" names this server again: a loop, unless `times`
            ends it.
        code: 301, 302, 303, 307, 308.
        keep: whether the arguments are added.
    """

    to: str = ""
    code: int = 302
    keep: bool = True

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        query = urlsplit(request.path).query
        to = self.to or server.host + urlsplit(request.path).path
        location = f"{to}{'&' if '?' in to else '?'}{query}" if self.keep and query else to
        return refusal(self.code, "It has moved", Location=location)


@dataclass(frozen=True)
class Method(Fault):
    """Only one method is taken, GET or POST; another gets 405."""

    only: str = "POST"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        if request.method == self.only:
            return None
        return refusal(405, f"Only {self.only} is taken here", Allow=self.only)


@dataclass(frozen=True)
class LongUrl(Fault):
    """A URL of more than so many characters gets 414."""

    limit: int = 2000

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        return refusal(414, "The URL is too long") if len(request.path) > self.limit else None


@dataclass(frozen=True)
class Authentication(Fault):
    """Basic authentication is wanted; without it, or with a wrong one, 401."""

    user: str = "museum"
    password: str = "secret"  # noqa: S105

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        right = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if request.headers.get("authorization") == f"Basic {right}":
            return None
        return refusal(401, "Who are you?", **{"WWW-Authenticate": 'Basic realm="museum"'})


@dataclass(frozen=True)
class BlockedAgent(Fault):
    """A User-Agent with one of these words in it, or none at all, gets 403."""

    words: tuple[str, ...] = ("python", "curl", "reqwest", "urllib")

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        agent = request.headers.get("user-agent", "").lower()
        blocked = not agent or any(word in agent for word in self.words)
        return refusal(403, "Robots are not welcome") if blocked else None


@dataclass(frozen=True)
class Key(Fault):
    """The base URL carries a query that every request needs, as `?key=abc`; without it 403.

    The provider itself does not see it. `server.url` plus this query is what a client is given.
    """

    name: str = "key"
    value: str = "abc"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        if (self.name, self.value) not in request.pairs:
            return refusal(403, "The key is missing")
        request.pairs.remove((self.name, self.value))
        return None


@dataclass(frozen=True)
class Spelling(Fault):
    """An argument is known by another name only, as one real provider wants `metadataprefix`."""

    name: str = "metadataPrefix"
    wanted: str = "metadataprefix"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        wrong = {self.name: f"unknown-{self.name}", self.wanted: self.name}
        request.pairs[:] = [(wrong.get(name, name), text) for name, text in request.pairs]
        return None


@dataclass(frozen=True)
class Header(Fault):
    """Headers that should not be there, or say the wrong thing; "" takes one away."""

    headers: Mapping[str, str]

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.headers.update(self.headers)


@dataclass(frozen=True)
class StaleCache(Fault):
    """For so many seconds a request gets an older reply if it differs from that one only in this argument.

    Open Images keys its cache with a misspelled `until`.
    """

    ignores: str = "until"
    seconds: float = 120
    _kept: dict[tuple[tuple[str, str], ...], tuple[float, bytes]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        key = tuple(sorted(pair for pair in request.pairs if pair[0] != self.ignores))
        kept, body = self._kept.get(key, (0.0, b""))
        if body and request.time - kept <= self.seconds:
            reply.body = body
        else:
            self._kept[key] = (request.time, reply.body)
