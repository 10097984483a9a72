"""A server of media on this machine, right or wrong in the ways that fetching meets."""

from __future__ import annotations

import json
import zlib
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from naturalia.testing._exchange import Reply, Request
from naturalia.testing._loopback import Loopback
from naturalia.testing._pictures import PDF, MediaFile, jpeg, png

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Mapping

    from naturalia.testing.faults._fault import Fault

__all__ = ["WRONGS", "MediaFile", "MediaServer", "media"]

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
OLD = 86_400
"""Files are said to be a day old: younger ones may change within the second."""


def missing(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """404 with a page."""
    return page(404, "Not found")


def busy(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """503 with Retry-After."""
    refused = page(503, "Please come back later")
    refused.headers["Retry-After"] = server.retry_after
    return refused


def html(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A page with status 200 where a picture should be."""
    return page(200, "Terms of use")


def posing(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """The same, said to be a picture."""
    found = page(200, "Log in")
    found.headers["Content-Type"] = file.type
    return found


def cut(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """The connection ends in the middle of the body."""
    reply.stop = len(reply.body) // 2
    return reply


def reset(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """The connection is reset in the middle of the body."""
    reply.stop = len(reply.body) // 2
    reply.reset = True
    return reply


def short(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """Content-Length is smaller than the file, and no more than that is sent."""
    reply.body = reply.body[: len(reply.body) * 2 // 3]
    reply.headers.pop("Content-Range", None)
    reply.status = 200
    return reply


def long(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """Content-Length is larger than what comes."""
    reply.headers["Content-Length"] = str(len(reply.body) + 100)
    return reply


def drip(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A few bytes at a time."""
    reply.pieces, reply.pause = 8, 0.1
    return reply


def private(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A redirect to an address inside: where the machines of a cloud tell their secrets."""
    return Reply(302, {"Location": server.inside})


def elsewhere(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A redirect to something that is not of the web."""
    return Reply(302, {"Location": "file:///etc/passwd"})


def loop(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A redirect to itself."""
    return Reply(302, {"Location": request.path})


def other(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """A document where a picture is promised, under the type of a picture."""
    return Reply(200, {"Content-Type": file.type}, PDF)


def empty(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """Nothing, with status 200."""
    return Reply(200, {"Content-Type": file.type})


def moving(server: MediaServer, request: Request, file: MediaFile, reply: Reply) -> Reply:  # noqa: ARG001
    """Cut in the middle, and another file the next time."""
    file.body = jpeg(zlib.crc32(file.body), len(file.body))
    reply.stop = len(reply.body) // 2
    return reply


WRONGS: dict[str, Callable[[MediaServer, Request, MediaFile, Reply], Reply]] = {
    wrong.__name__: wrong
    for wrong in (
        missing,
        busy,
        html,
        posing,
        cut,
        reset,
        short,
        long,
        drip,
        private,
        elsewhere,
        loop,
        other,
        empty,
        moving,
    )
}
"""What can go wrong with a file: `WRONGS["cut"].__doc__` says what that is."""


def page(status: int, title: str) -> Reply:
    """A page of HTML."""
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, {"Content-Type": "text/html; charset=utf-8"}, body.encode())


def media(
    files: int | Mapping[str, bytes] | Iterable[MediaFile] = 20,
    *,
    wrong: float | Mapping[str, str] = 0.0,
    times: int | None = None,
    faults: Iterable[Fault] = (),
    size: int = 2000,
    latency: float = 0.0,
    ranges: bool = True,
    tags: bool = True,
    retry_after: str = "1",
    inside: str = "http://169.254.169.254/latest/meta-data/",
    path: str = "/media/",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> MediaServer:
    """A server of media files on this machine, for the length of a `with` block.

        >>> import naturalia as nat
        >>> with nat.testing.media(5, wrong={"3.jpg": "html"}) as server:
        ...     table = nat.read(server.jsonl(), format="media")
        ...     job = nat.fetch(table, "img", rate=None, progress=False)
        >>> job.counts["ok"], job.failed["reason"]
        (4, ['html'])

    Args:
        files: a number of small pictures to make up; bytes by name; or `MediaFile`s.
        wrong: what goes wrong with which file, by name: see `WRONGS`; or a share of the files, which get all
            of these in turn.
        times: how often it goes wrong with each; None for always.
        faults: faults of `naturalia.testing.faults` besides, for any request.
        size: bytes of a picture that is made up.
        latency: seconds before each reply.
        ranges: whether parts of files can be asked for.
        tags: whether it says ETag and Last-Modified.
        retry_after: what Retry-After of `busy` says.
        inside: where `private` leads.
        path: of the addresses.
        port: of the addresses; any free one if 0.
        tls: serves https with this certificate.

    Raises:
        ValueError: a name or a wrong that there is not.
    """
    if isinstance(files, int):
        made = [
            MediaFile(f"{n}.{'png' if n % 5 == 0 else 'jpg'}", (png if n % 5 == 0 else jpeg)(n, size), "")
            for n in range(1, files + 1)
        ]
    elif hasattr(files, "items"):
        made = [MediaFile(name, body, "") for name, body in files.items()]
    else:
        made = list(files)
    for file in made:
        file.type = file.type or {"png": "image/png"}.get(file.name.rpartition(".")[2], "image/jpeg")
    known = {file.name: file for file in made}
    if isinstance(wrong, (int, float)):
        step = round(1 / wrong) if wrong > 0 else len(made) + 1
        kinds = list(WRONGS)
        chosen = {
            made[at].name: kinds[k % len(kinds)] for k, at in enumerate(range(step - 1, len(made), step))
        }
    else:
        chosen = dict(wrong)
    for name, kind in chosen.items():
        if name not in known or kind not in WRONGS:
            message = f"{name}: {kind}: there are {len(known)} files, and {', '.join(WRONGS)} can go wrong"
            raise ValueError(message)
        known[name].wrong, known[name].times = kind, times
    return MediaServer(
        known,
        ranges=ranges,
        tags=tags,
        retry_after=retry_after,
        inside=inside,
        faults=list(faults),
        latency=latency,
        path=path,
        port=port,
        tls=tls,
    )


class MediaServer(Loopback):
    """Media that are being served; made by `media`.

    Attributes:
        url: the address of the folder; a file is at `server.url + name`.
        files: the truth: a `MediaFile` by name; add, change or remove some while it runs.
        requests: the log, a `Request` each.
    """

    def __init__(
        self,
        files: dict[str, MediaFile],
        *,
        ranges: bool,
        tags: bool,
        retry_after: str,
        inside: str,
        **how: Any,
    ) -> None:
        super().__init__(**how)
        self.files = files
        self.ranges = ranges
        self.tags = tags
        self.retry_after = retry_after
        self.inside = inside

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The files as records of the format `media`, open and public; a dict each."""
        return [
            {
                "media_id": f"m{number}",
                "source": "TEST",
                "identifier": f"m{number}@TEST",
                "unit_id": f"TEST.{(number + 1) // 2}",
                "landing_page": f"https://museum.example/object/{number}",
                "media_url": self.url + quote(name),
                "format": file.type,
                "type": "StillImage",
                "title": f"Picture {number}",
                "creator": "A. Person",
                "scientific_name": "Larus argentatus Pontoppidan, 1763",
                "genus": "Larus",
                "species": "Larus argentatus",
                "license_uri": CC0,
                "license_code": "cc0-1.0",
                "license_version": "1.0",
                "license_status": "exact",
                "license_raw": "CC0 1.0",
                "license_basis": "stated",
                "public": True,
            }
            for number, (name, file) in enumerate(self.files.items(), 1)
        ]

    def jsonl(self) -> bytes:
        """The same as JSON lines: `nat.read(server.jsonl(), format="media")` makes a table of it."""
        return "".join(json.dumps(row) + "\n" for row in self.rows).encode()

    def __repr__(self) -> str:
        return f"<MediaServer {self.url}: {len(self.files):,} files, {len(self.requests):,} requests>"

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The file, whole or the part that is asked for; or what goes wrong."""
        for fault in due:
            reply = fault.on_request(self, request)
            if reply is not None:
                return reply
        place = unquote(urlsplit(request.path).path)
        file = self.files.get(place.removeprefix(self.path))
        if file is None or not place.startswith(self.path):
            return page(404, "Nothing here")
        with self._lock:
            file.asked += 1
            goes_wrong = file.wrong is not None and (file.times is None or file.asked <= file.times)
        reply = self._served(request, file)
        return WRONGS[file.wrong](self, request, file, reply) if goes_wrong and file.wrong else reply

    def _served(self, request: Request, file: MediaFile) -> Reply:
        """The file as HTTP has it (RFC 9110 §13, §14)."""
        body, tag = file.body, file.etag
        headers = {"Content-Type": file.type}
        if self.tags:
            headers |= {"ETag": tag, "Last-Modified": formatdate(self.clock() - OLD, usegmt=True)}
        if self.tags and request.headers.get("if-none-match") == tag:
            return Reply(304, headers)
        wanted = request.headers.get("range", "")
        condition = request.headers.get("if-range")
        if self.ranges:
            headers["Accept-Ranges"] = "bytes"
        if not self.ranges or not wanted.startswith("bytes=") or condition not in (None, tag):
            return Reply(200, headers, body)
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(body) - 1), len(body) - 1)
        if start > end:
            return Reply(416, {"Content-Range": f"bytes */{len(body)}"})
        headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
        return Reply(206, headers, body[start : end + 1])
