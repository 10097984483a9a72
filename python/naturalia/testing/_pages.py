"""Items out of recorded replies, their payloads byte for byte, and out of tables."""

from __future__ import annotations

import gzip
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from naturalia.testing._items import CONTAINERS, Generated, Item, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["items_of", "items_of_pages", "page_files"]

UNPREFIXED = re.compile(r"<[^\s/>!?:]+[\s/>]")


def page_files(sources: Iterable[str | os.PathLike[str] | bytes]) -> Iterator[bytes]:
    """The bytes of these pages: files, the files of folders in the order of their names, bytes."""
    for source in sources:
        if isinstance(source, bytes):
            yield source
            continue
        path = os.fspath(source)
        names = sorted(os.listdir(path)) if os.path.isdir(path) else [""]
        for name in names:
            file = os.path.join(path, name) if name else path
            if not os.path.isdir(file):
                with open(file, "rb") as stream:
                    data = stream.read()
                yield gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def items_of_pages(pages: Iterable[bytes]) -> Sequence[Item]:
    """The items of recorded ListRecords and GetRecord replies; of an item met twice the later one.

    Formats are told apart by the metadataPrefix of the reply's request, else by the payload's root element.
    An item may so have one record from each of several pages.
    """
    found: dict[str, Item] = {}
    for page in pages:
        for item in Reader(page).items():
            known = found.pop(item.identifier, None)
            if known and not known.deleted and not item.deleted:
                newest = max(item.datestamp, known.datestamp)
                found[item.identifier] = replace(
                    item, datestamp=newest, metadata={**known.metadata, **item.metadata}
                )
            else:
                found[item.identifier] = item
    return list(found.values())


class Reader:
    """Finds the records of one page, with the byte offsets of what is inside them."""

    def __init__(self, page: bytes) -> None:
        self.page = page
        self.prefix: str | None = None
        self.found: list[Item] = []
        self.path: list[str] = []
        self.scopes: list[dict[str, str]] = [{}]
        self.text = ""
        self.begin_record()
        parser = self.parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters

    def items(self) -> list[Item]:
        """Its items; a page that is not well-formed is refused, as its records can't be told apart."""
        try:
            self.parser.Parse(self.page, True)
        except expat.ExpatError as error:
            message = (
                f"a page that is not well-formed can only be replayed as it is, by testing.replay(): {error}"
            )
            raise ValueError(message) from error
        return self.found

    def begin_record(self) -> None:
        """Forgets the last record."""
        self.identifier = self.datestamp = ""
        self.sets: list[str] = []
        self.deleted = False
        self.payload: str | None = None
        self.root = ""
        self.about: list[str] = []
        self.opened = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        declared = {key: uri for key, uri in attributes.items() if key.split(":")[0] == "xmlns"}
        self.scopes.append({**self.scopes[-1], **declared})
        self.path.append(name.rpartition(":")[2])
        self.text = ""
        match self.path[1:]:
            case ["request"]:
                self.prefix = attributes.get("metadataPrefix", self.prefix)
            case [_, "record"]:
                self.begin_record()
            case [_, "record", "header"]:
                self.deleted = attributes.get("status", "").strip().lower() == "deleted"
            case [_, "record", "metadata" | "about" as part, local]:
                self.opened = self.parser.CurrentByteIndex
                self.declared = set(attributes)
                self.root = local if part == "metadata" else self.root

    def end(self, name: str) -> None:
        """An end tag."""
        scope = self.scopes.pop()
        match self.path[1:]:
            case [_, "record", "header", "identifier"]:
                self.identifier = self.text.strip()
            case [_, "record", "header", "datestamp"]:
                self.datestamp = self.text.strip()
            case [_, "record", "header", "setSpec"]:
                self.sets.append(self.text.strip())
            case [_, "record", "metadata", _]:
                self.payload = self.markup(name, scope)
            case [_, "record", "about", _]:
                self.about.append(self.markup(name, scope))
            case [_, "record"] if self.identifier:
                self.found.append(self.item())
        self.path.pop()

    def item(self) -> Item:
        """The item of the record that ends here."""
        prefix = self.prefix or {"dc": "oai_dc", "oi": "oai_oi"}.get(self.root, self.root or "oai_dc")
        payload = "" if self.deleted else self.payload or ""
        about = () if self.deleted else tuple(self.about)
        return Item(self.identifier, self.datestamp, {prefix: payload}, tuple(self.sets), self.deleted, about)

    def characters(self, text: str) -> None:
        """Text."""
        self.text += text

    def markup(self, name: str, scope: dict[str, str]) -> str:
        """The bytes of the element that ends here, with the namespaces that stand further out."""
        close = self.parser.CurrentByteIndex
        # Here the end tag begins; or it is an empty-element tag, which has just ended.
        if self.page.startswith(f"</{name}".encode(), close):
            close = self.page.index(b">", close) + 1
        raw = self.page[self.opened : close].decode(self.encoding())
        stop = next(place for place, sign in enumerate(raw) if sign in " \t\r\n/>")
        missing = "".join(
            f" {declaration}={quoteattr(uri)}"
            for declaration, uri in {"xmlns": "", **scope}.items()
            if declaration not in self.declared and uses(raw, declaration.partition(":")[2])
        )
        return raw[:stop] + missing + raw[stop:]

    def encoding(self) -> str:
        """The encoding the page declares."""
        head = self.page[:100].decode("latin-1").partition("?>")[0]
        name = head.partition("encoding=")[2][1:].partition(head.partition("encoding=")[2][:1] or '"')[0]
        return name or "utf-8"


def uses(markup: str, prefix: str) -> bool:
    """Whether the markup has names of this prefix, of none for ""."""
    return f"{prefix}:" in markup if prefix else UNPREFIXED.search(markup) is not None


def items_of(source: Any) -> Sequence[Item]:
    """The items of whatever `serve` takes: a number, items, a table, pages.

    >>> import naturalia as nat
    >>> nat.testing.items_of(nat.samples.path("naturalis_oai_dc.xml"))[0].identifier
    'oai:naturalis.example:RMNH.MOL.900001'
    """
    if isinstance(source, int):
        return generate(source)
    if isinstance(source, Generated):
        return source
    if hasattr(source, "to_dicts") and hasattr(source, "format") and hasattr(source, "long"):
        return list(items_of_table(source))
    if isinstance(source, (str, os.PathLike, bytes)):
        return items_of_pages(page_files([source]))
    parts = list(source)
    if all(isinstance(part, Item) for part in parts):
        return parts
    if all(isinstance(part, (str, os.PathLike, bytes)) for part in parts):
        return items_of_pages(page_files(parts))
    message = (
        "a provider needs a number of records to make up, items, a table, or pages (a folder, files, bytes), "
        f"not {type(source).__name__} of {', '.join(sorted({type(part).__name__ for part in parts}))}"
    )
    raise TypeError(message)


def items_of_table(table: Any) -> Iterator[Item]:
    """The records of a table as items of its format."""
    prefix = table.format
    if prefix not in CONTAINERS and "deleted" not in table.columns:
        message = f"a table of {prefix!r} holds no records that a provider could serve"
        raise ValueError(message)
    for number, record in enumerate(table, 1):
        payload = written(prefix, record.values) if prefix in CONTAINERS else record.metadata or ""
        yield Item(
            identifier=record.identifier or f"oai:museum.example:{number}",
            datestamp=record.datestamp or "2020-01-01T00:00:00Z",
            metadata={prefix if prefix in CONTAINERS else "oai_xml": "" if record.deleted else payload},
            sets=tuple(record.sets),
            deleted=record.deleted,
            about=tuple(record.about),
        )


def written(prefix: str, values: Iterable[Any]) -> str:
    """The payload of a record of a table: its values in document order."""
    start, end = CONTAINERS[prefix]
    found = []
    for value in values:
        if value.element.split(":")[0] not in ("dc", "dcterms", "oi"):
            continue
        attributes = dict(value.attributes)
        if value.lang:
            attributes["xml:lang"] = value.lang
        marks = "".join(
            f" {name}={quoteattr(text)}"
            for name, text in attributes.items()
            if ":" not in name or name == "xml:lang"
        )
        found.append(f"<{value.element}{marks}>{escape(value.value)}</{value.element}>")
    return start + "".join(found) + end
