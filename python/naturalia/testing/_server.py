"""The loopback server: HTTP, the log of requests, and the faults on their way."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from naturalia.testing._exchange import OaiFailure, Reply, Request
from naturalia.testing._items import Item, items_of, moment
from naturalia.testing._provider import Provider
from naturalia.testing._replay import Recording, Replay
from naturalia.testing._repository import Repository

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from naturalia.testing.faults import Fault

__all__ = ["Server", "serve"]

XML = {"Content-Type": "text/xml; charset=utf-8"}


def serve(
    source: Any = 100,
    *,
    faults: Iterable[Fault] = (),
    page_size: int = 100,
    latency: float = 0.0,
    name: str = "Museum of Examples",
    granularity: str = "seconds",
    deleted_record: str = "persistent",
    earliest: str | None = None,
    sets: dict[str, str] | None = None,
    sizes: bool = True,
    clock: Callable[[], float] = time.time,
    path: str = "/oai",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Server:
    """An OAI-PMH provider on this machine, for the length of a `with` block.

    Without faults it answers the six verbs as the standard says.

        >>> import naturalia as nat
        >>> from urllib.request import urlopen
        >>> with nat.testing.serve(250) as server:
        ...     page = urlopen(server.url + "?verb=ListRecords&metadataPrefix=oai_dc").read()
        >>> len(nat.read(page))
        100
        >>> server.requests[0].arguments["verb"]
        'ListRecords'

    Args:
        source: what it offers: a number of records to make up (or `generate(…)`, for more choice), items, a
            table, pages (a folder, files, bytes), or `replay(…)` to send pages again byte for byte.
        faults: what goes wrong; see `naturalia.testing.faults`.
        page_size: so many records, headers or sets a page.
        latency: seconds before each reply.
        name: the repositoryName.
        granularity: of datestamps and of `from` and `until`: "seconds" or "days".
        deleted_record: "persistent" keeps the headers of deleted items, "transient" until `forget`, "no" at
            no time.
        earliest: what Identify gives as earliestDatestamp; the true one if None.
        sets: setName by setSpec; those of the items if None, no sets if {}.
        sizes: whether tokens carry completeListSize.
        clock: what the server takes for the time, in seconds since 1970.
        path: of the URL.
        port: of the URL; any free one if 0.
        tls: serves https with this certificate; `authority().context()` makes one that nobody trusts.

    Raises:
        TypeError: `source` is none of these.
        ValueError: pages that are not well-formed, or two items of one identifier.
    """
    for keyword, given, known in (
        ("granularity", granularity, ["seconds", "days"]),
        ("deleted_record", deleted_record, ["persistent", "transient", "no"]),
    ):
        if given not in known:
            message = f"{keyword}={given!r}: it is one of {', '.join(known)}"
            raise ValueError(message)
    if isinstance(source, Recording):
        replayed = Replay(source, clock)
        return Server(replayed, faults=list(faults), latency=latency, path=path, port=port, tls=tls)
    repository = Repository(items_of(source))
    if sets is None:
        sets = {spec: spec.replace(":", ", ").capitalize() for spec in found_sets(repository)}
    provider = Provider(
        repository,
        name=name,
        page_size=page_size,
        granularity=granularity,
        deleted_record=deleted_record,
        earliest=earliest,
        set_names=sets,
        clock=clock,
        sizes=sizes,
    )
    return Server(provider, faults=list(faults), latency=latency, path=path, port=port, tls=tls)


def found_sets(repository: Repository) -> set[str]:
    """The setSpecs of the items, with the sets they lie in."""
    base = repository.base
    specs = getattr(base, "sets", None)
    specs = {spec for item in base for spec in item.sets} if specs is None else set(specs)
    return {spec[:end] for spec in specs for end in ends(spec)}


def ends(spec: str) -> list[int]:
    """Where the sets end that a setSpec names."""
    return [place for place, sign in enumerate(spec) if sign == ":"] + [len(spec)]


class Server:
    """A provider that is being served; made by `serve`.

    Attributes:
        url: its base URL.
        requests: the log, a `Request` each, in the order of arrival.
        faults: may be changed while it runs.
    """

    def __init__(
        self,
        provider: Provider | Replay,
        *,
        faults: list[Fault],
        latency: float,
        path: str,
        port: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.provider = provider
        self.faults = faults
        self.latency = latency
        self.path = path
        self.requests: list[Request] = []
        self.failures: list[BaseException] = []
        self._happened: dict[int, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._http = Http(("127.0.0.1", port), Handler, self)
        if tls is not None:
            # The handshake happens in the thread of the connection, not in the one that accepts.
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._http.server_address[1]}{path}"
        provider.base_url = self.url
        provider.faults = self.faults

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self.failures and error is None:
            raise self.failures[0]

    def close(self) -> None:
        """Stops answering."""
        self._http.shutdown()
        self._http.server_close()

    @property
    def records(self) -> list[Item]:
        """The truth: every item as it is now, those changed last at the end."""
        with self.provider.repository.lock:
            return list(self.provider.repository.items())

    @property
    def now(self) -> str:
        """The server's clock, as a datestamp."""
        return moment(self.provider.clock())

    def update(self, *items: Item | str, datestamp: str | None = None, **metadata: str) -> None:
        """Adds or changes items while the server runs; they get the server's time as their datestamp.

        Args:
            items: items, new or of known identifiers; or the identifiers of items to be touched as they are.
            datestamp: instead of the server's time.
            metadata: payloads by prefix, to be changed in all these items.
        """
        repository = self.provider.repository
        for given in items:
            with repository.lock:
                item = repository.find(given) if isinstance(given, str) else given
                if item is None:
                    message = f"no item {given!r} to update: give an Item to add one"
                    raise KeyError(message)
                payloads = {prefix: item.metadata[prefix] for prefix in item.metadata} | metadata
                stamp = datestamp or self.now
                repository.put(Item(item.identifier, stamp, payloads, item.sets, False, item.about))

    def delete(self, *identifiers: str) -> None:
        """Deletes items while the server runs, in the way of its deletedRecord."""
        repository = self.provider.repository
        for identifier in identifiers:
            with repository.lock:
                repository.delete(identifier, self.provider.clock())
                if self.provider.deleted_record == "no":
                    repository.drop(identifier)

    def forget(self) -> None:
        """Takes out the headers of deleted items, as a provider of "transient" deletions does in the end."""
        repository = self.provider.repository
        with repository.lock:
            for item in list(repository.items()):
                if item.deleted:
                    repository.drop(item.identifier)

    def times(self, fault: Fault) -> int:
        """How often a fault has happened."""
        return self._happened.get(id(fault), (0, 0))[1]

    def __repr__(self) -> str:
        return (
            f"<Server {self.url}: {len(self.provider.repository):,} items, {len(self.requests):,} requests>"
        )

    def _receive(self, request: Request) -> list[Fault]:
        """Numbers a request, logs it, and finds the faults that are due."""
        with self._lock:
            request.token = self.provider.token_of(request.pairs)
            self.requests.append(request)
            request.number = len(self.requests)
            due = []
            for fault in self.faults:
                if not fault.meets(request):
                    continue
                met, times = self._happened.get(id(fault), (0, 0))
                happens = (met + 1) % fault.every == 0 and (fault.times is None or times < fault.times)
                self._happened[id(fault)] = (met + 1, times + happens)
                due += [fault] if happens else []
            request.faults = [type(fault).__name__ for fault in due]
        return due

    def _reply(self, request: Request) -> Reply:
        due = self._receive(request)
        try:
            answers = (fault.on_request(self, request) for fault in due)
            reply = next((found for found in answers if found is not None), None)
            if reply is None and urlsplit(request.path).path != self.path:
                reply = Reply(404, {"Content-Type": "text/plain"}, b"nothing here\n")
            if reply is None:
                reply = Reply(200, dict(XML), self.provider.answer(request, due))
        except OaiFailure as failure:
            reply = Reply(failure.status, dict(XML), self.provider.refuse(request, failure))
        reply.headers.setdefault("Date", formatdate(self.provider.clock(), usegmt=True))
        reply.delay += self.latency
        for fault in due:
            fault.on_reply(self, request, reply)
        return reply


class Http(ThreadingHTTPServer):
    """A thread a connection; what breaks a connection is no failure, a bug of ours is."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[Handler], server: Server) -> None:
        self.provider_server = server
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Keeps what went wrong for the end of the `with` block."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.provider_server.failures.append(error)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Http

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: the log is `Server.requests`."""

    def do_GET(self) -> None:
        """GET."""
        self._serve(urlsplit(self.path).query)

    def do_HEAD(self) -> None:
        """HEAD: the headers of GET."""
        self._serve(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """POST of a form."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        query = urlsplit(self.path).query
        self._serve("&".join(part for part in (query, body) if part))

    def _serve(self, query: str) -> None:
        request = Request(
            number=0,
            method=self.command,
            path=self.path,
            pairs=parse_qsl(query, keep_blank_values=True, max_num_fields=100),
            headers={name.lower(): text for name, text in self.headers.items()},
            time=time.monotonic(),
        )
        reply = self.server.provider_server._reply(request)
        if reply.delay:
            time.sleep(reply.delay)
        if reply.reset and reply.stop is None:
            self._reset()
            return
        request.status = reply.status
        self._send(request, reply)
        self.close_connection = self.close_connection or reply.close
        if reply.reset:
            self._reset()

    def _send(self, request: Request, reply: Reply) -> None:
        head = [f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('', ''))[0]}"]
        headers = {"Server": "naturalia.testing", **reply.headers}
        if reply.chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers.setdefault("Content-Length", str(len(reply.body)))
        body = reply.body if reply.stop is None else reply.body[: reply.stop]
        # What the length promises and the body does not keep, only the end of the connection can tell.
        whole = reply.chunked or headers["Content-Length"] == str(len(reply.body))
        if reply.stop is not None or not whole:
            self.close_connection = True
            headers["Connection"] = "close"
        head += [f"{name}: {text}" for name, text in headers.items() if text]
        start = "\r\n".join([*head, "", ""]).encode("latin-1")
        if request.method == "HEAD":
            self.wfile.write(start)
            return
        size = reply.pieces or max(len(body), 1)
        parts = [body[place : place + size] for place in range(0, len(body), size)]
        if reply.chunked:
            parts = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
            parts += [] if reply.stop is not None else [b"0\r\n\r\n"]
        if len(parts) == 1:
            self.wfile.write(start + parts[0])
            return
        self.wfile.write(start)
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            if reply.pause:
                time.sleep(reply.pause)

    def _reset(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
