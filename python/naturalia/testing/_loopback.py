"""A server on this machine: HTTP, the log of requests, the faults on their way; not what it serves."""

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

from naturalia.testing._exchange import Reply, Request

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from naturalia.testing.faults._fault import Fault

__all__ = ["Loopback"]


class Loopback:
    """A service that is being served on this machine, for the length of a `with` block.

    A subclass says what it is: `kind` of request, `answer` to one.

    Attributes:
        url: its base URL.
        requests: the log, a `Request` each, in the order of arrival.
        faults: may be changed while it runs.
        clock: what it takes for the time, in seconds since 1970.
    """

    kind: type[Request] = Request

    def __init__(
        self,
        *,
        faults: list[Fault],
        latency: float,
        path: str,
        port: int,
        tls: ssl.SSLContext | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.faults = faults
        self.latency = latency
        self.path = path
        self.clock = clock
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
        self.host = f"http{'s' if tls else ''}://127.0.0.1:{self._http.server_address[1]}"
        self.url = self.host + path

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

    def times(self, fault: Fault) -> int:
        """How often a fault has happened."""
        return self._happened.get(id(fault), (0, 0))[1]

    def answer(self, request: Request, due: list[Fault]) -> Reply:
        """The reply to a request; `due` are the faults that happen to it."""
        raise NotImplementedError

    def read(self, request: Request) -> None:
        """May complete what the log says of a request before it is numbered."""

    def _receive(self, request: Request) -> list[Fault]:
        """Numbers a request, logs it, and finds the faults that are due."""
        with self._lock:
            self.read(request)
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

    def reply(self, request: Request) -> Reply:
        """The reply as it goes out: that of the service, or of a fault, bent by those that are due."""
        due = self._receive(request)
        reply = self.answer(request, due)
        reply.headers.setdefault("Date", formatdate(self.clock(), usegmt=True))
        reply.delay += self.latency
        for fault in due:
            fault.on_reply(self, request, reply)
        return reply


class Http(ThreadingHTTPServer):
    """A thread a connection; what breaks a connection is no failure, a bug of ours is."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[Handler], server: Loopback) -> None:
        self.loopback = server
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Keeps what went wrong for the end of the `with` block."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.loopback.failures.append(error)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Http

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: the log is `Server.requests`."""

    def do_GET(self) -> None:
        """GET."""
        self._serve()

    def do_HEAD(self) -> None:
        """HEAD: the headers of GET."""
        self._serve()

    def do_POST(self) -> None:
        """POST of a form, or of anything else."""
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes = b"") -> None:
        headers = {name.lower(): text for name, text in self.headers.items()}
        query = urlsplit(self.path).query
        if body and "json" not in headers.get("content-type", ""):
            query = "&".join(part for part in (query, body.decode("utf-8", "replace")) if part)
        loopback = self.server.loopback
        request = loopback.kind(
            number=0,
            method=self.command,
            path=self.path,
            pairs=parse_qsl(query, keep_blank_values=True, max_num_fields=100),
            headers=headers,
            time=time.monotonic(),
            body=body,
        )
        reply = loopback.reply(request)
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
