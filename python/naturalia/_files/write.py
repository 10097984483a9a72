"""`write`: tables to files people work with, whole or not at all."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any, TypedDict, cast

from naturalia import _core
from naturalia._arguments.optional import need
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._files.layouts import LAYOUT_WRITERS
from naturalia._files.stream import RESIDUE, Job, Shape
from naturalia._output.atomic import Counted, atomic, regular
from naturalia._output.escaping import escaped
from naturalia._table.provenance import ABOUT, BESIDE, written
from naturalia._table.reports import WriteReport
from naturalia._table.table import MULTI, SEP, names, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from naturalia._files.stream import Data
    from naturalia._table.table import Multi, Table

    Dest = str | os.PathLike[str] | IO[bytes]

__all__ = ["How", "WriteReport", "write"]

KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".xml": "xml",
}
FLAT = ("csv", "tsv", "xlsx")
"""Files whose cells hold one text: several values are joined unless asked otherwise."""
LAYOUTS = {
    "json": ("exact", "columns"),
    "jsonl": ("exact", "columns"),
    "xlsx": ("commons",),
    "csv": ("exact", "commons"),
    "tsv": ("exact", "commons"),
}
"""What else than a view of the columns a kind of file can be."""
BESIDES = ("csv", "tsv", "jsonl", "json")
"""Files that have no place for their provenance: it stands beside them."""


class How(TypedDict, total=False):
    """The keywords of `write`."""

    format: str | None
    multi: Multi | None
    sep: str
    lang: str | Sequence[str] | None
    columns: str | Sequence[str] | None
    layout: str | None
    excel: bool
    envelope: bool
    valid: bool
    include_private: bool
    overwrite: bool


@public
@keywords
def write(
    data: Data,
    dest: Dest,
    /,
    *,
    format: str | None = None,
    multi: Multi | None = None,
    sep: str = SEP,
    lang: str | Sequence[str] | None = None,
    columns: str | Sequence[str] | None = None,
    layout: str | None = None,
    excel: bool = False,
    envelope: bool = True,
    valid: bool = False,
    include_private: bool = False,
    overwrite: bool = True,
) -> WriteReport:
    """Writes a table, a query or tables one after the other to a file that is whole or not there.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_dc.xml"))
        >>> nat.write(t, "out.jsonl")
        <WriteReport: 4 rows to out.jsonl>
        >>> nat.read("out.jsonl").long()["value"] == t.long()["value"]
        True
        >>> nat.write(nat.scan(nat.samples.path("openimages_oai_dc.xml")), "out.xml").exact
        True

    Memory does not grow with the rows of a query for CSV, TSV, JSON lines, JSON, XML and Parquet. `nat.read`
    reads all of these files back.

    Args:
        data: a `Table`, a `Query`, a frame with an Arrow stream, or tables of one format one after the other.
        dest: a path whose ending tells the kind of file (`.csv`, `.tsv`, `.xlsx`, `.parquet`, `.jsonl`,
            `.ndjson`, `.json`, `.xml`; `.gz` after it compresses), or an open binary file.
        format: the kind of file, where the path does not tell: `"csv"`, `"tsv"`, `"xlsx"`, `"parquet"`,
            `"jsonl"`, `"json"`, `"xml"`.
        multi: what becomes of several values, as in `Table.view`; by default they are joined in CSV, TSV and
            XLSX, and lists elsewhere. `"list"` in CSV and XLSX writes JSON in the cells, and loses nothing.
        sep: what stands between joined values.
        lang: languages in order of preference, or `"wide"`, as in `Table.view`.
        columns: only these.
        layout: of JSON: `"exact"`, the documents as they were read, or `"columns"`, those of the table. By
            default exact for formats that are JSON documents, such as `nba`. Of CSV and TSV: `"exact"`, the
            rows of `ac` and `simple_multimedia` under the terms they were read under. Of XLSX, CSV and TSV:
            `"commons"`, a sheet for upload to Wikimedia Commons with the media that Commons takes, one row a
            file; a second sheet of XLSX says why the others stay out.
        excel: CSV for Excel: with a byte order mark, and `'` before what Excel would run as a formula.
        envelope: XML as a reply of OAI-PMH, with the headers; without it the payloads alone.
        valid: leave out of XML what the schemas of OAI-PMH and `oai_dc` don't allow; it is counted anyway.
        include_private: write records marked as not public too. By default they are left out and counted, in
            views, long forms and other tables made of them too.
        overwrite: replace a file that is there.

    Returns:
        What was written, with a count of everything that the file can't show.

    Raises:
        FileExistsError: the file is there and `overwrite` is false.
        ValueError: the ending is not known, or the kind of file can't hold such a table.
    """
    path = None if hasattr(dest, "write") else os.fspath(dest)
    kind = kind_of(path, format)
    if path is not None and not overwrite and os.path.lexists(path):
        from errno import EEXIST

        message = "the file is there already, and overwrite=False"
        raise FileExistsError(EEXIST, message, path)
    if kind == "xml" and (lang is not None or multi not in (None, "list") or columns is not None):
        message = "XML holds records as they are: it takes no lang=, multi= or columns="
        raise ValueError(message)
    if multi is not None and multi not in MULTI:
        message = f"multi={multi!r}{closest(multi, MULTI)}"
        raise ValueError(message)
    own = LAYOUTS.get(kind, ())
    if layout is not None and layout not in own:
        others = [f".{name}" for name, layouts in LAYOUTS.items() if layout in layouts]
        has = f"a .{kind} file has {' and '.join(map(repr, own)) or 'none'}"
        told = f" is for {', '.join(others)}" if others else closest(layout, own) if own else ""
        message = f"layout={layout!r}{told}; {has}"
        raise ValueError(message)
    if layout in LAYOUT_WRITERS:
        if path is None:
            message = f"layout={layout!r} writes to a path"
            raise ValueError(message)
        return LAYOUT_WRITERS[layout](data, path, kind, include_private=include_private)
    if layout == "exact" and excel:
        message = "excel=True changes cells, layout='exact' keeps them"
        raise ValueError(message)
    if layout == "exact" and (lang is not None or multi is not None or columns is not None):
        message = "exact documents are written as they are: they take no lang=, multi= or columns="
        raise ValueError(message)
    how: dict[str, Any] = {"excel": excel, "envelope": envelope, "valid": valid, "layout": layout}
    shape = Shape(lang, multi or ("join" if kind in FLAT else "list"), sep, names(columns))
    report = WriteReport(path, kind)
    job = Job(data, shape, report, private=include_private)
    if path is None:
        out = Counted(cast("IO[bytes]", dest))
        WRITERS[kind](job, out, **how)
        report.bytes = out.bytes
    else:
        whole(job, path, kind, **how)
    report.rows = job.origin.rows
    report.count(changed=getattr(getattr(data, "report", None), "changed", 0))
    return report


def kind_of(path: str | None, format: str | None) -> str:
    """The kind of file."""
    known = sorted(set(KINDS.values()))
    if format is not None:
        kind = KINDS.get("." + format.lower().lstrip("."))
        if kind is None:
            message = f"format={format!r}{closest(format, known)}"
            raise ValueError(message)
        return kind
    if path is None:
        message = f"an open file does not tell what to write: format= is one of {', '.join(known)}"
        raise ValueError(message)
    plain = path[:-3] if path.lower().endswith(".gz") else path
    end = os.path.splitext(plain)[1].lower()
    if end not in KINDS:
        message = (
            f"{path!r} ends in {escaped(end or 'nothing')}, which tells no kind of file{closest(end, KINDS)}"
        )
        raise ValueError(message)
    return KINDS[end]


def whole(job: Job, path: str, kind: str, **how: Any) -> None:
    """Writes beside the file and puts it in its place when it is whole, with its provenance."""
    with atomic(path) as file:
        out = Counted(file)
        if path.lower().endswith(".gz"):
            from gzip import GzipFile

            with GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as packed:
                facts = WRITERS[kind](job, Counted(packed), **how)  # type: ignore[arg-type]
        else:
            facts = WRITERS[kind](job, out, **how)
        job.report.bytes = out.bytes
        if kind in BESIDES and regular(path):
            with atomic(path + BESIDE, follow=False) as second:
                second.write(written(facts).encode() + b"\n")


def write_csv(
    job: Job, out: Counted, *, excel: bool, layout: str | None, tabs: bool = False, **_: Any
) -> dict[str, Any]:
    """Comma- or tab-separated values."""
    if layout == "exact":
        from naturalia._files.term_rows import write_terms

        return write_terms(job, out, tabs=tabs)
    header = True
    for table in job.views():
        empty = job.shape.multi == "list" and not job.whole(table)
        text, counts = _core.write_csv(
            table._core, header=header, delimiter="\t" if tabs else ",", empty=empty, guard=excel
        )
        if excel and header:
            out.write(b"\xef\xbb\xbf")
        if not excel:
            del counts["long"]
        job.report.count(**counts)
        job.add_digests(table)
        out.write(text)
        header = False
    return job.facts(kind="tsv" if tabs else "csv", guarded=excel, names=table.columns)


def write_tsv(job: Job, out: Counted, **how: Any) -> dict[str, Any]:
    """Tab-separated values."""
    return write_csv(job, out, tabs=True, **how)


def write_lines(
    job: Job, out: Counted, *, layout: str | None, array: bool = False, **_: Any
) -> dict[str, Any]:
    """One JSON object a line; the first one has every member, unless they are documents of their own."""
    first = True
    if array:
        out.write(b"[\n")
    for table in job.views():
        document = documents_of(job, table) if layout != "columns" else None
        if layout is None:
            layout = "columns" if document is None else "exact"
        if not len(table):
            continue
        if layout == "exact" and document is not None and document is not table:
            job.report.count(residue=sum(value is not None for value in table[RESIDUE]))
            table = document  # noqa: PLW2901 - a document has no residue
        if layout == "exact":
            text = table._core.json("lines")
            job.report.count(around=around(table))
            if array:
                text = (b"" if first else b",\n") + text[:-1].replace(b"\n", b",\n")
        else:
            text = _core.write_json(table._core, array=array, first=first, empty=not job.whole(table))
        out.write(text)
        first = False
    if array:
        out.write(b"]\n" if first else b"\n]\n")
    assert job.source is not None
    names = job.shape.view(job.source).columns
    return job.facts(kind="json" if array else "jsonl", layout=layout, names=names)


def documents_of(job: Job, table: Table) -> Table | None:
    """The records as documents, without the residue of a crosswalk; None if they are not documents."""
    if job.format not in _core.DOCUMENTS:
        return None
    if RESIDUE in table.columns and RESIDUE not in _core.FORMATS[job.format]:
        table = wrap(table._core.without(RESIDUE))
    return table if job.whole(table) else None


def around(table: Table) -> int:
    """How much is known of the replies that the documents came in, which stands in no document."""
    return sum(kept["element"].startswith("reply.") for row in table["extra"] for kept in row)


def write_json(job: Job, out: Counted, **how: Any) -> dict[str, Any]:
    """An array of JSON objects, one a line."""
    return write_lines(job, out, array=True, **how)


UNKNOWN = "https://unknown.invalid/oai"
"""The address in a reply of a provider that is not known."""


def write_xml(job: Job, out: Counted, *, envelope: bool, valid: bool, **_: Any) -> dict[str, Any]:
    """A reply of OAI-PMH, or the bare payloads."""
    import time

    writer = None
    for table in job.tables():
        if writer is None:
            asked = job.origin.request
            writer = _core.XmlWriter(
                job.format,
                bare=not envelope,
                valid=valid,
                base_url=asked.get("url") or UNKNOWN,
                prefix=asked.get("metadataPrefix"),
                now=int(time.time()) * 1_000_000,
            )
        out.write(writer.table(table._core))
        job.counted(table)
    assert writer is not None
    counts = writer.counts
    job.report.count(**counts)
    facts = job.facts(kind="xml")
    out.write(writer.end(written(facts)))
    return facts


def write_parquet(job: Job, out: Counted, **_: Any) -> dict[str, Any]:
    """Parquet with zstd, its provenance among its metadata."""
    arrow, parquet = need("pyarrow", "parquet"), need("pyarrow.parquet", "parquet")
    writer, waiting, rows = None, [], 0
    try:
        for table in job.views():
            part = arrow.table(table)
            if writer is None:
                writer = parquet.ParquetWriter(out, part.schema, compression="zstd")
            waiting.append(part)
            rows += len(part)
            if rows >= GROUP or sum(part.nbytes for part in waiting) >= GROUP_BYTES:
                writer.write_table(arrow.concat_tables(waiting))
                waiting, rows = [], 0
        assert writer is not None
        writer.write_table(arrow.concat_tables(waiting) if waiting else part[:0])
        facts = job.facts(kind="parquet")
        writer.add_key_value_metadata({ABOUT: written(facts)})
    finally:
        if writer is not None:
            writer.close()
    return facts


GROUP, GROUP_BYTES = 65_536, 32 << 20


def write_xlsx(job: Job, out: Counted, **_: Any) -> dict[str, Any]:
    """A workbook."""
    from naturalia._files.workbook import workbook

    return workbook(job, out)


WRITERS: dict[str, Callable[..., dict[str, Any]]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "jsonl": write_lines,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
    "xml": write_xml,
}
