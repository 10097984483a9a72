"""Faults inside the XML: what providers let into their records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from naturalia.testing.faults._fault import Fault

if TYPE_CHECKING:
    from naturalia.testing._exchange import Reply, Request
    from naturalia.testing._server import Server

__all__ = [
    "About",
    "DeletedWithMetadata",
    "Doctype",
    "HugeText",
    "Inside",
    "Metadata",
    "Namespace",
    "OddDatestamp",
    "ResponseDate",
    "Rewrite",
]

RECORD = re.compile(rb"<record>.*?</record>|<header[ >].*?</header>", re.DOTALL)
# The first text inside a payload.
FIRST_TEXT = re.compile(rb"<metadata>.*?>([^<>]*[^<>\s][^<>]*)<", re.DOTALL)


@dataclass(frozen=True)
class Rewrite(Fault):
    """Every match of a regular expression in the body is replaced: whatever is not in this list.

    Args:
        find: a pattern over bytes.
        put: what stands in its place, with `\\1` for groups.
        count: so many matches at most; 0 for all.
    """

    find: bytes
    put: bytes
    count: int = 0

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        reply.body = re.sub(self.find, self.put, reply.body, count=self.count, flags=re.DOTALL)


@dataclass(frozen=True)
class OfRecord(Fault):
    """The base of what happens to one record of a page.

    Args:
        record: which one, from 1; None for all of them.
    """

    record: int | None = field(default=1, kw_only=True)

    verbs: ClassVar[tuple[str, ...]] = ("ListRecords", "GetRecord")

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        number = 0

        def edited(match: re.Match[bytes]) -> bytes:
            nonlocal number
            number += 1
            return self.edit(match[0]) if self.record in (None, number) else match[0]

        reply.body = RECORD.sub(edited, reply.body)

    def edit(self, record: bytes) -> bytes:
        """The record as it is sent."""
        return record


@dataclass(frozen=True)
class Inside(OfRecord):
    r"""Something stands inside the first text of a payload, after its first word.

    Such as a control character (`b"\x0b"`), a bare ampersand (`b" & "`), an entity of HTML (`b"&eacute;"`), a
    reference to what is no character (`b"&#xD800;"`, `b"&#11;"`), bytes that are no UTF-8 (`b"\xe9"`), markup
    (`b"<i>Homo</i>"`), a comment, a second XML declaration, an undeclared prefix (`b"<x:y>1</x:y>"`).
    """

    data: bytes = b"\x0b"

    def edit(self, record: bytes) -> bytes:
        match = FIRST_TEXT.search(record)
        if match is None:
            return record
        word = re.search(rb"\S+", match[1])
        place = match.start(1) + (word.end() if word else 0)
        return record[:place] + self.data + record[place:]


@dataclass(frozen=True)
class HugeText(OfRecord):
    """The first text of a payload has so many megabytes."""

    megabytes: float = 12

    def edit(self, record: bytes) -> bytes:
        line = b"the quick brown fox jumps over the lazy dog\n"
        return Inside(data=b" " + line * int(self.megabytes * 1_000_000 / len(line))).edit(record)


@dataclass(frozen=True)
class Metadata(OfRecord):
    """The payload is not what it should be.

    Args:
        how: `"missing"`: no metadata element though the record is not deleted; `"empty"`: `<metadata/>`;
            `"comment"`: a comment stands before the payload; `"declaration"`: an XML declaration does;
            `"error"`: the payload holds an `error` element.
    """

    how: Literal["missing", "empty", "comment", "declaration", "error"] = "missing"

    def edit(self, record: bytes) -> bytes:
        put = {
            "missing": (rb"<metadata>.*</metadata>", b""),
            "empty": (rb"<metadata>.*</metadata>", b"<metadata/>"),
            "comment": (rb"<metadata>", b"<metadata><!-- made by our system -->"),
            "declaration": (rb"<metadata>", b'<metadata><?xml version="1.0" encoding="UTF-8"?>'),
            "error": (rb"</([^>]+)></metadata>", rb'<error code="500">no thumbnail</error></\1></metadata>'),
        }
        return re.sub(*put[self.how], record, flags=re.DOTALL)


@dataclass(frozen=True)
class DeletedWithMetadata(OfRecord):
    """A deleted record with its metadata still there; the status may be spelled as it likes."""

    status: str = "deleted"

    def edit(self, record: bytes) -> bytes:
        return record.replace(b"<header>", f'<header status="{self.status}">'.encode(), 1)


@dataclass(frozen=True)
class OddDatestamp(OfRecord):
    """The datestamp of a record is `2020`, `20200101`, `2020-01-01T00:00:00.123Z`, `yesterday` or empty."""

    text: str = "2020"

    verbs: ClassVar[tuple[str, ...]] = ("ListRecords", "ListIdentifiers", "GetRecord")

    def edit(self, record: bytes) -> bytes:
        put = f"<datestamp>{self.text}</datestamp>".encode()
        return re.sub(rb"<datestamp>[^<]*</datestamp>", put, record, count=1)


@dataclass(frozen=True)
class About(OfRecord):
    """An about container whose elements are called identifier, header and record, as provenance has them."""

    def edit(self, record: bytes) -> bytes:
        inner = (
            b'<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription '
            b'harvestDate="2020-01-01T00:00:00Z" altered="true"><baseURL>http://other.example/oai</baseURL>'
            b"<identifier>oai:other.example:999</identifier><datestamp>1999-01-01</datestamp>"
            b"<metadataNamespace>http://other.example/ns/</metadataNamespace></originDescription></provenance>"
        )
        return record.replace(b"</record>", b"<about>" + inner + b"</about></record>", 1)


@dataclass(frozen=True)
class Namespace(Fault):
    """The namespace of OAI-PMH is spelled otherwise: with https, without the slash, not at all ("")."""

    uri: str = "https://www.openarchives.org/OAI/2.0/"

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        put = f' xmlns="{self.uri}"'.encode() if self.uri else b""
        reply.body = reply.body.replace(b' xmlns="http://www.openarchives.org/OAI/2.0/"', put, 1)


@dataclass(frozen=True)
class ResponseDate(Fault):
    """The responseDate is another text; None takes it out."""

    text: str | None = None

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        put = b"" if self.text is None else f"<responseDate>{self.text}</responseDate>".encode()
        reply.body = re.sub(rb"<responseDate>[^<]*</responseDate>", put, reply.body, count=1)


@dataclass(frozen=True)
class Doctype(Fault):
    """A document type declaration with entities: one that expands without end, or one that reads a file.

    Args:
        external: a system identifier such as `file:///etc/hostname`; "" for entities that expand a
            thousandfold.
    """

    external: str = ""

    def on_reply(self, server: Server, request: Request, reply: Reply) -> None:
        if self.external:
            declared = f'<!ENTITY bomb SYSTEM "{self.external}">'
        else:
            declared = '<!ENTITY a "ha ha ha ha ha ha ha ha ha ha ">'
            declared += f'<!ENTITY b "{"&a;" * 10}"><!ENTITY bomb "{"&b;" * 10}">'
        start = reply.body.index(b"<OAI-PMH")
        doctype = f"<!DOCTYPE OAI-PMH [{declared}]>\n".encode()
        reply.body = Inside(data=b" &bomb;").edit(reply.body[:start] + doctype + reply.body[start:])
