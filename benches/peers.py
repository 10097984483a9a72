"""What others do with the bytes of a page. Each reader is written as its own documentation shows.

A reader takes the bytes of all pages and yields, or returns, what it makes of them; `check` counts
records, values and characters of that, and unless all tools count the same the run is void.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

Fields = dict[str, list[str | None]]
FIFTEEN = re.findall(
    r"\w+",
    """
    title creator subject description publisher contributor date type format identifier source
    language relation coverage rights
    """,
)


class Reply:
    """The part of an HTTP reply that the clients look at."""

    def __init__(self, content: bytes) -> None:
        self.content = content


class NoMorePages(Exception):
    """A token on the last page of a corpus leads nowhere."""


def sickle(pages: list[bytes]) -> Iterator[Fields]:
    """sickle 0.7.0: the metadata of its records."""
    return ({} if record.deleted else record.metadata for record in sickle_records(pages))


def sickle_records(pages: list[bytes]) -> Iterator[Any]:
    """sickle's iterator over its response, with the network left out."""
    from sickle import Sickle
    from sickle.response import OAIResponse

    left = deque(pages)

    class Offline(Sickle):
        def harvest(self, **asked: str) -> OAIResponse:
            if not left:
                raise NoMorePages
            return OAIResponse(Reply(left.popleft()), asked)

    client = Offline("http://offline.example/")
    with suppress(NoMorePages):
        while left:
            yield from client.ListRecords(metadataPrefix="oai_dc")


def scythe(pages: list[bytes]) -> Iterator[Fields]:
    """oaipmh-scythe 0.16.0, likewise."""
    from oaipmh_scythe import Scythe
    from oaipmh_scythe.response import OAIResponse

    left = deque(pages)

    class Offline(Scythe):
        def harvest(self, query: dict[str, str]) -> OAIResponse:
            if not left:
                raise NoMorePages
            reply = OAIResponse(Reply(left.popleft()), query)
            reply.raise_for_oaipmh_error()
            return reply

    client = Offline("http://offline.example/")
    with suppress(NoMorePages):
        while left:
            for record in client.list_records(metadata_prefix="oai_dc"):
                yield {} if record.deleted else record.metadata


OAI = "{http://www.openarchives.org/OAI/2.0/}"


def head(record: Any) -> dict[str, Any]:
    """What the header of an element of lxml or the standard library says."""
    found = record.find(OAI + "header")
    return {
        "oai_identifier": found.findtext(OAI + "identifier"),
        "datestamp": found.findtext(OAI + "datestamp"),
        "deleted": found.get("status") == "deleted",
        "sets": [spec.text for spec in found.findall(OAI + "setSpec")],
    }


def fields_of(record: Any) -> Fields:
    """The metadata of an element of lxml or the standard library."""
    metadata = record.find(OAI + "metadata")
    fields: Fields = {}
    if metadata is not None and record.find(OAI + "header").get("status") != "deleted":
        for element in metadata[0]:
            fields.setdefault(element.tag.rpartition("}")[2], []).append(element.text)
    return fields


def lxml_records(pages: list[bytes]) -> Iterator[Any]:
    """lxml: fromstring, then the record elements."""
    from lxml import etree

    for page in pages:
        yield from etree.fromstring(page).iter(OAI + "record")


def lxml(pages: list[bytes]) -> Iterator[Fields]:
    """lxml: fromstring and a loop."""
    return map(fields_of, lxml_records(pages))


def etree(pages: list[bytes]) -> Iterator[Fields]:
    """xml.etree: fromstring and a loop."""
    from xml.etree import ElementTree

    for page in pages:
        yield from map(fields_of, ElementTree.fromstring(page).iter(OAI + "record"))


def sickle_pandas(pages: list[bytes]) -> Any:
    """The usual script: sickle, a list of dicts, a DataFrame."""
    import pandas

    rows = []
    for record in sickle_records(pages):
        found = record.header
        row = {
            "oai_identifier": found.identifier,
            "datestamp": found.datestamp,
            "deleted": found.deleted,
            "sets": found.setSpecs,
        }
        rows.append(row if record.deleted else row | record.metadata)
    return pandas.DataFrame(rows)


def lxml_pyarrow(pages: list[bytes]) -> Any:
    """lxml, a list for each column, a pyarrow Table of list<string>."""
    import pyarrow

    heads: list[dict[str, Any]] = []
    columns: dict[str, list[list[str | None] | None]] = {}
    for row, record in enumerate(lxml_records(pages)):
        heads.append(head(record))
        for name, values in fields_of(record).items():
            columns.setdefault(name, [None] * row).append(values)
        for column in columns.values():
            if len(column) == row:
                column.append(None)
    kind = pyarrow.list_(pyarrow.string())
    table = pyarrow.Table.from_pylist(heads)
    for name, column in columns.items():
        table = table.append_column(name, pyarrow.array(column, kind))
    return table


def ours_dicts(pages: list[bytes]) -> Iterator[dict[str, list[str]]]:
    """naturalia: every value of every record, as dicts."""
    import naturalia

    for part in naturalia.scan(pages, threads=1):
        yield from part.to_dicts()


def ours_kept(pages: list[bytes]) -> Any:
    """naturalia: the dicts of all pages in one list, as somebody asks who keeps them."""
    import naturalia

    return naturalia.read(pages, threads=1).to_dicts()


def ours_table(pages: list[bytes]) -> Any:
    """naturalia: the pages as one pyarrow Table, with everything a reading counts and keeps."""
    import naturalia
    import pyarrow

    return pyarrow.table(naturalia.read(pages, threads=1))


def ours_read(threads: int) -> Callable[[list[bytes]], Any]:
    """naturalia's own table, on so many threads; handing it on is one thread's work for anybody."""

    def read(pages: list[bytes]) -> Any:
        import naturalia

        return naturalia.read(pages, threads=threads)

    return read


DICTS: dict[str, Callable[[list[bytes]], Any]] = {
    "sickle": sickle,
    "scythe": scythe,
    "xml.etree": etree,
    "lxml": lxml,
    "naturalia": ours_dicts,
}
# Kept dicts are asked for at once, dicts that are looked at and dropped part by part.
KEPT = {**DICTS, "naturalia": ours_kept}
TABLES: dict[str, Callable[[list[bytes]], Any]] = {
    "sickle → pandas": sickle_pandas,
    "lxml → pyarrow": lxml_pyarrow,
    "naturalia": ours_table,
}
THREADS: dict[str, Callable[[list[bytes]], Any]] = {"1 thread": ours_read(1), "2 threads": ours_read(2)}


def check_dicts(found: Any) -> tuple[int, int, int]:
    """Records, values that are not empty, and their characters, by touching every value."""
    records = values = characters = 0
    for fields in found:
        records += 1
        for texts in fields.values():
            for text in texts:
                if text:
                    values += 1
                    characters += len(text)
    return records, values, characters


BESIDE = {"oai_identifier", "datestamp", "datestamp_utc", "deleted", "sets", "medium_format", "notes"}
"""Columns of tables that are no metadata; our own `identifier` is the header's, too."""


def check_table(found: Any) -> tuple[int, int, int]:
    """The same of a table: pandas, pyarrow or ours, whose columns beside the metadata don't count."""
    import pyarrow
    import pyarrow.compute as pc
    from naturalia import Table

    if isinstance(found, Table):
        found = pyarrow.table(found)
    if not isinstance(found, pyarrow.Table):
        names = [name for name in found.columns if name not in BESIDE]
        cells = (cell for name in names for cell in found[name] if isinstance(cell, list))
        texts = [text for text in chain.from_iterable(cells) if text]
        return len(found), len(texts), sum(map(len, texts))
    ours = "notes" in found.column_names
    values = characters = 0
    for name in found.column_names:
        if name in BESIDE or (ours and name == "identifier"):
            continue
        column = pc.list_flatten(found[name])
        if name == "extra":
            kept = pc.invert(pc.starts_with(pc.struct_field(column, "element"), "oai:"))
            column = pc.struct_field(column.filter(kept), "value")
        lengths = pc.utf8_length(column)
        values += pc.sum(pc.greater(lengths, 0)).as_py() or 0
        characters += pc.sum(lengths).as_py() or 0
    return len(found), values, characters


def agreed(page: bytes) -> bool:
    """Whether a recorded page is one that all tools read alike: well-formed oai_dc, no padding."""
    from lxml import etree as tree

    try:
        root = tree.fromstring(page)
    except tree.XMLSyntaxError:
        return False
    if root.tag != OAI + "OAI-PMH" or root.find(OAI + "ListRecords") is None:
        return False
    containers = [e for m in root.iter(OAI + "metadata") for e in m]
    return bool(containers) and all(usual(e) for e in containers)


def usual(container: Any) -> bool:
    """A Dublin Core container of the fifteen elements, each with plain text."""
    if container.tag != OAI[:-1] + "oai_dc/}dc":
        return False
    return all(
        isinstance(e.tag, str)
        and re.fullmatch(r"\{http://purl.org/dc/elements/1.1/\}(.*)", e.tag)
        and e.tag.rpartition("}")[2] in FIFTEEN
        and len(e) == 0
        and e.text
        and e.text == e.text.strip()
        for e in container
    )
