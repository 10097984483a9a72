"""Faults of the body as bytes: not XML, the wrong encoding, compression that is not what it says."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from naturalia.testing._exchange import Reply
from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from naturalia.testing._exchange import Request
    from naturalia.testing._loopback import Loopback

__all__ = ["Body", "Bomb", "ContentType", "Empty", "Encoding", "Gzip", "Html", "Leading", "Trailing"]

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Html(Fault):
    """A web page with status 200: a login form, an error, a notice of works."""

    title: str = "Please log in"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        body = (
            f"<!DOCTYPE html>\n<html><head><title>{self.title}</title></head>"
            "<body><form>Name <input name='name'></form></body></html>\n"
        )
        return Reply(200, {"Content-Type": "text/html; charset=utf-8"}, body.encode())


@dataclass(frozen=True)
class Empty(Fault):
    """No body, with status 200."""

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        return Reply(200, {"Content-Type": "text/xml; charset=utf-8"}, b"")


@dataclass(frozen=True)
class Body(Fault):
    """These bytes, with status 200: any recorded reply."""

    data: bytes
    content_type: str = "text/xml; charset=utf-8"

    def on_request(self, server: Loopback, request: Request) -> Reply | None:
        return Reply(200, {"Content-Type": self.content_type}, self.data)


@dataclass(frozen=True)
class ContentType(Fault):
    """The header names another type, as `text/html;charset=ISO-8859-1` around UTF-8."""

    said: str = "text/html;charset=ISO-8859-1"

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.headers["Content-Type"] = self.said


@dataclass(frozen=True)
class Encoding(Fault):
    """The text is in another encoding.

    Args:
        real: the encoding the bytes are in; what it lacks becomes a character reference.
        said: what the XML declaration says; UTF-8, as before, where it is None.
    """

    real: str = "latin-1"
    said: str | None = None

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        text = reply.body.decode()
        if self.said is not None:
            text = text.replace('encoding="UTF-8"', f'encoding="{self.said}"', 1)
        reply.body = text.encode(self.real, "xmlcharrefreplace")


@dataclass(frozen=True)
class Leading(Fault):
    """Something stands before the XML declaration: blanks, a byte order mark, a notice of PHP."""

    data: bytes = b"\n  "

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.body = self.data + reply.body


@dataclass(frozen=True)
class Trailing(Fault):
    """Something stands after the end of the root."""

    data: bytes = b"<br />\n<b>Notice</b>: Undefined index: page in /srv/oai.php on line 12<br />\n"

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        reply.body = reply.body + self.data


@dataclass(frozen=True)
class Gzip(Fault):
    """The body is compressed, or said to be.

    Args:
        how: `"right"`: as it should be, where the client takes it; `"unlabelled"`: without the header;
            `"only said"`: the header without the compression; `"twice"`: compressed twice, said once;
            `"cut"`: the compressed body stops early and Content-Length fits; `"corrupt"`: its check sum is
            wrong; `"deflate"`: raw deflate where the header says gzip.
        unless_identity: not for a client that asks for `Accept-Encoding: identity`.
    """

    how: Literal["right", "unlabelled", "only said", "twice", "cut", "corrupt", "deflate"] = "right"
    unless_identity: bool = False

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        takes = request.headers.get("accept-encoding", "")
        if (self.how == "right" and "gzip" not in takes) or (self.unless_identity and takes == "identity"):
            return
        packed = gzip.compress(reply.body, mtime=0)
        match self.how:
            case "only said":
                packed = reply.body
            case "twice":
                packed = gzip.compress(packed, mtime=0)
            case "cut":
                packed = packed[: len(packed) // 2]
            case "corrupt":
                packed = packed[:-8] + bytes(byte ^ 0xFF for byte in packed[-8:-4]) + packed[-4:]
            case "deflate":
                packed = zlib.compress(reply.body)
        reply.body = packed
        if self.how != "unlabelled":
            reply.headers["Content-Encoding"] = "gzip"


@dataclass(frozen=True)
class Bomb(Fault):
    """A body far larger than any page: so many megabytes of blanks before the end of the root.

    Compressed it takes a thousandth on the way.
    """

    megabytes: int = 1000
    compressed: bool = True

    def on_reply(self, server: Loopback, request: Request, reply: Reply) -> None:
        place = reply.body.rindex(b"</")
        start, end = reply.body[:place], reply.body[place:]
        if not self.compressed:
            reply.body = start + b" " * (self.megabytes * MEGABYTE) + end
            return
        packer = zlib.compressobj(9, wbits=31)
        blanks = b" " * MEGABYTE
        parts = [packer.compress(start), *(packer.compress(blanks) for _ in range(self.megabytes))]
        reply.body = b"".join([*parts, packer.compress(end), packer.flush()])
        reply.headers["Content-Encoding"] = "gzip"
