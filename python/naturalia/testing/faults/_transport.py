"""Faults of the connection and of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from naturalia.testing._exchange import Reply
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from naturalia.testing._exchange import Request

__all__ = ["Cut", "Drip", "Latency", "Reset", "Status"]


@dataclass(frozen=True)
class Latency(Fault):
    """So many seconds pass before the first byte."""

    seconds: float = 1.0

    def on_reply(self, request: Request, reply: Reply) -> None:  # noqa: ARG002
        reply.delay += self.seconds


@dataclass(frozen=True)
class Status(Fault):
    """An HTTP error with a page of HTML.

    Args:
        code: the status, such as 503, 429, 500.
        retry_after: seconds; a text to be sent as it is; or a timedelta, sent as the date so far from now.
    """

    code: int = 503
    retry_after: int | str | timedelta | None = None

    def on_request(self, request: Request, url: str) -> Reply | None:  # noqa: ARG002
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if isinstance(self.retry_after, timedelta):
            headers["Retry-After"] = format_datetime(datetime.now(UTC) + self.retry_after, usegmt=True)
        elif self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        body = f"<html><body><h1>{self.code}: please come back later</h1></body></html>"
        return Reply(self.code, headers, body.encode())


@dataclass(frozen=True)
class Cut(Fault):
    """The body stops early.

    Args:
        at: where: a share of the body below 1.0, or a number of bytes.
        length: what Content-Length says: of the `"whole"` body, so that the client can notice; of the
            `"sent"` part, so that only the XML tells; `"chunked"`: none, and the last chunk is missing.
    """

    at: float = 0.5
    length: str = "whole"

    def on_reply(self, request: Request, reply: Reply) -> None:  # noqa: ARG002
        stop = int(self.at if self.at >= 1 else self.at * len(reply.body))
        if self.length == "sent":
            reply.body = reply.body[:stop]
        else:
            reply.stop = stop
            reply.chunked = self.length == "chunked"


@dataclass(frozen=True)
class Reset(Fault):
    """The connection is reset: before anything is sent, or after so many bytes of the body."""

    after: int | None = None

    def on_reply(self, request: Request, reply: Reply) -> None:  # noqa: ARG002
        reply.reset = True
        reply.stop = self.after


@dataclass(frozen=True)
class Drip(Fault):
    """The body comes a few bytes at a time, with pauses."""

    pieces: int = 64
    pause: float = 0.05

    def on_reply(self, request: Request, reply: Reply) -> None:  # noqa: ARG002
        reply.pieces, reply.pause = self.pieces, self.pause
