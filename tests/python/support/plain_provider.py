"""A provider of OAI-PMH that shares no code with the package: a plain list of records that tests may bend."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = "%Y-%m-%dT%H:%M:%SZ"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def stamp(moment: datetime) -> str:
    """A moment as a datestamp in seconds."""
    return f"{moment:{SECONDS}}"


def never(_: object) -> bool:
    """Holds of nothing."""
    return False


@dataclass
class Item:
    """A record of the provider."""

    identifier: str
    moment: datetime
    title: str = "first"
    sets: tuple[str, ...] = ()
    deleted: bool = False
    payload: str | None = None
    visible_from: datetime | None = None


@dataclass
class Refusal(Exception):
    """An error of the protocol."""

    code: str
    text: str = ""


@dataclass
class PlainProvider:
    """A provider whose parts can be replaced: `with PlainProvider(items) as provider: provider.url`."""

    items: list[Item] = field(default_factory=list)
    page: int = 10
    sized: bool = True
    policy: str = "persistent"
    days: bool = False
    name: str = "Museum"
    clock: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    shift: timedelta = timedelta(0)
    """How far the responseDate is from the clock."""
    dated: bool = True
    """Whether replies have an HTTP Date."""
    set_names: tuple[str, ...] = ()
    hides_record: Callable[[Item], bool] = field(default=never)
    hides_identifier: Callable[[Item], bool] = field(default=never)
    get: Callable[[Item], str | None] | None = None
    """What GetRecord does of an item instead: a code to refuse it with, `500`, or None for the record."""
    token: Callable[[str, str], str] | None = None
    """The element of a token, by its text and attributes."""

    def __post_init__(self) -> None:
        self.requests: list[dict[str, str]] = []

    def put(self, item: Item) -> None:
        """Adds an item, or replaces the one with its identifier."""
        self.items = [entry for entry in self.items if entry.identifier != item.identifier] + [item]

    def remove(self, *identifiers: str) -> None:
        """Removes items without announcing it."""
        self.items = [entry for entry in self.items if entry.identifier not in identifiers]

    def __enter__(self) -> Self:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                arguments = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                status, body = provider.answer(arguments)
                self.send_response_only(status)
                if provider.dated:
                    self.send_header("Date", format_datetime(provider.clock, usegmt=True))
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/oai"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, arguments: dict[str, str]) -> tuple[int, bytes]:
        """The status and the body for these arguments."""
        self.requests.append(arguments)
        try:
            body = self.body(arguments)
        except Refusal as refusal:
            if refusal.code == "500":
                return 500, b"out of order"
            body = f'<error code="{refusal.code}">{escape(refusal.text)}</error>'
        echo = "".join(f" {name}={quoteattr(value)}" for name, value in arguments.items())
        root = (
            '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{stamp(self.clock + self.shift)}</responseDate>"
            f"<request{echo}>{self.url}</request>{body}</OAI-PMH>"
        )
        return 200, root.encode()

    def body(self, arguments: dict[str, str]) -> str:
        """What stands in the root element."""
        verb = arguments.get("verb", "")
        if verb == "Identify":
            granularity = "YYYY-MM-DD" if self.days else "YYYY-MM-DDThh:mm:ssZ"
            return (
                f"<Identify><repositoryName>{self.name}</repositoryName><baseURL>{self.url}</baseURL>"
                "<protocolVersion>2.0</protocolVersion><adminEmail>a@museum.example</adminEmail>"
                "<earliestDatestamp>2000-01-01T00:00:00Z</earliestDatestamp>"
                f"<deletedRecord>{self.policy}</deletedRecord><granularity>{granularity}</granularity></Identify>"
            )
        if verb == "ListSets":
            if not self.set_names:
                raise Refusal("noSetHierarchy")
            sets = "".join(f"<set><setSpec>{s}</setSpec><setName>{s}</setName></set>" for s in self.set_names)
            return f"<ListSets>{sets}</ListSets>"
        if verb == "GetRecord":
            found = [entry for entry in self.shown() if entry.identifier == arguments["identifier"]]
            if not found:
                raise Refusal("idDoesNotExist")
            code = self.get(found[0]) if self.get else None
            if code == "empty":
                return "<GetRecord/>"
            if code:
                raise Refusal(code)
            return f"<GetRecord>{self.record(found[0])}</GetRecord>"
        if verb not in {"ListRecords", "ListIdentifiers"}:
            raise Refusal("badVerb")
        return self.listing(verb, arguments)

    def listing(self, verb: str, arguments: dict[str, str]) -> str:
        """A page of a list."""
        question, start = arguments, 0
        if "resumptionToken" in arguments:
            text = dict(parse_qsl(arguments["resumptionToken"], keep_blank_values=True))
            start = int(text.pop("start"))
            question = {**text, "verb": verb}
        found = self.chosen(question)
        part = found[start : start + self.page]
        if not part:
            raise Refusal("noRecordsMatch")
        show = self.record if verb == "ListRecords" else self.header
        size = f' completeListSize="{len(found)}" cursor="{start}"' if self.sized else ""
        more = start + self.page < len(found)
        names = ("metadataPrefix", "from", "until", "set")
        arguments_left = [f"{name}={question[name]}" for name in names if name in question]
        text = "&".join([*arguments_left, f"start={start + self.page}"]) if more else ""
        token = f"<resumptionToken{size}>{escape(text)}</resumptionToken>" if more or start else ""
        if self.token and more:
            token = self.token(escape(text), size)
        return f"<{verb}>{''.join(map(show, part))}{token}</{verb}>"

    def shown(self) -> list[Item]:
        """The items that have come to light by now."""
        return [
            entry for entry in self.items if entry.visible_from is None or entry.visible_from <= self.clock
        ]

    def chosen(self, question: dict[str, str]) -> list[Item]:
        """The items of a list, in order."""
        hides = self.hides_record if question["verb"] == "ListRecords" else self.hides_identifier
        first, last = question.get("from", ""), question.get("until", "9")
        found = [
            entry for entry in self.shown() if not hides(entry) and self.is_in(entry, question.get("set"))
        ]
        found = [entry for entry in found if first <= self.datestamp(entry)[: len(first) or None]]
        found = [entry for entry in found if self.datestamp(entry)[: len(last)] <= last]
        return sorted(found, key=lambda entry: (entry.moment, entry.identifier))

    def is_in(self, item: Item, spec: str | None) -> bool:
        """Whether an item is in the set."""
        return spec is None or any(entry == spec or entry.startswith(f"{spec}:") for entry in item.sets)

    def datestamp(self, item: Item) -> str:
        """The datestamp of an item in the granularity of the provider."""
        return stamp(item.moment)[: 10 if self.days else None]

    def header(self, item: Item) -> str:
        """The header of an item."""
        status = ' status="deleted"' if item.deleted else ""
        sets = "".join(f"<setSpec>{spec}</setSpec>" for spec in item.sets)
        return (
            f"<header{status}><identifier>{escape(item.identifier)}</identifier>"
            f"<datestamp>{self.datestamp(item)}</datestamp>{sets}</header>"
        )

    def record(self, item: Item) -> str:
        """An item as a record."""
        payload = item.payload or (
            f'<oai_dc:dc xmlns:oai_dc="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(item.title)}</dc:title></oai_dc:dc>"
        )
        metadata = "" if item.deleted else f"<metadata>{payload}</metadata>"
        return f"<record>{self.header(item)}{metadata}</record>"


def items(
    count: int, *, start: datetime = START, step: timedelta = timedelta(hours=1), **more: Any
) -> list[Item]:
    """So many items, a step apart."""
    return [Item(f"oai:m:{number:04d}", start + step * number, **more) for number in range(count)]
