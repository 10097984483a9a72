"""Measures the crosswalk from oai_dc to nba beside a careful mapper written by hand, and writes its chapter.

    python benches/crosswalk.py --sizes 10M 100M --rounds 15

Ours makes the documents, the residue that brings every value back and the account of every value; the
mapper by hand makes the documents and reports nothing. Both are timed in CPU seconds, the rounds of both
interleaved; unless both make the same documents, in every field, the run is void. The bar
starts from records in memory: a table here, dicts there. The whole job starts from the bytes of the pages,
which lxml reads for the mapper by hand.
"""

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import corpus
import document
import naturalia as nat
import peers

CREATIVE = re.compile(
    r"^https?://creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)(?:/([a-z]+))?|publicdomain/(zero)/1\.0)/?$"
)
KINDS = """Collection Dataset Event Image InteractiveResource MovingImage PhysicalObject Service Software
Sound StillImage Text"""
TYPES = {name.lower(): name for name in re.findall(r"\w+", KINDS)}
MIME = re.compile(r"^[a-z]+/[a-z0-9.+-]+$")
URL = re.compile(r"^https?://\S+$")
ENDINGS = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "mp4": "video/mp4",
}
ENDINGS |= {"mp3": "audio/mpeg", "ogv": "video/ogg", "pdf": "application/pdf"}
FILE = re.compile(rf"\.(?:{'|'.join(ENDINGS)})(?:[?#].*)?$", re.IGNORECASE)
HANDLE = re.compile(r"^https?://hdl\.handle\.net/[^/]+/.+|.*/ark:/?[0-9a-z]{5,}/.+", re.IGNORECASE)
DOI = re.compile(r"^https?://(?:dx\.)?doi\.org/10\.\d{4,}/.+", re.IGNORECASE)
BARE = re.compile(r"^(?:doi:\s*)?(10\.\d{4,}/\S+)$", re.IGNORECASE)
HOME = re.compile(r"^https?://[^/]+/?$", re.IGNORECASE)


def first(values: list[str]) -> str | None:
    """The first value, if there is one."""
    return values[0] if values else None


def license_of(text: str) -> tuple[str | None, str | None]:
    """A value of the NBA's list, and what it can't say."""
    found = CREATIVE.match(text.strip())
    if not found:
        return None, text
    unit, version, port, zero = found.groups()
    if zero:
        return "CC0 1.0", None
    name = f"CC {unit.upper()}"
    if port:
        return name, f"{name} {version} {port.upper()}, {text}"
    return f"{name} {version}", None


def trimmed(values: list[str]) -> list[str]:
    """The values that say something."""
    return [value.strip() for value in values if value.strip()]


def rights(values: list[str]) -> dict[str, str]:
    """A value of the NBA's list, and what it can't say."""
    found: dict[str, str] = {}
    for text in values:
        value, beside = license_of(text)
        if value:
            found.setdefault("license", value)
        if beside:
            found.setdefault("copyrightText", beside)
    return found


def page(identifiers: list[str]) -> str | None:
    """The page of a record: a Handle, else the first address that is not a file, a DOI or a home page."""
    addresses = [
        text.strip() for text in identifiers if URL.match(text.strip()) and not FILE.search(text.strip())
    ]
    rest = [text for text in addresses if not HOME.match(text)]
    handles = [text for text in rest if HANDLE.match(text)]
    dois = [text for text in rest if DOI.match(text)]
    bare = [f"https://doi.org/{found[1]}" for text in identifiers if (found := BARE.match(text.strip()))]
    pages = [text for text in rest if text not in handles and text not in dois]
    home = [text for text in addresses if HOME.match(text)]
    return first([*handles, *pages, *dois, *bare, *home])


def files(identifiers: list[str], formats: list[str]) -> list[dict[str, str]]:
    """The files of a record, each with the type that its ending or the record states."""
    found = [text for text in identifiers if URL.match(text) and FILE.search(text)]
    stated = formats if len(formats) == len(found) else []
    points = []
    for number, text in enumerate(found):
        mime = ENDINGS.get(text.rsplit(".", 1)[-1].lower()) or (stated[number] if stated else None)
        points.append({"accessUri": text, **({"format": mime} if mime else {})})
    return points


def by_hand(head: tuple[str, str], record: dict[str, list[str]]) -> dict[str, Any]:
    """One NBA document of one record, field by field."""
    get = record.get
    empty: list[str] = []
    formats = [text.strip().lower() for text in get("format", empty) if MIME.match(text.strip().lower())]
    identifiers = get("dc_identifier", empty)
    document = {
        "id": head[0],
        "sourceSystemId": head[0],
        "modified": head[1].replace("Z", "+0000"),
        "title": first(get("title", empty)),
        "description": "\n\n".join(dict.fromkeys(get("description", empty))),
        "creator": "; ".join(dict.fromkeys(trimmed(get("creator", empty)))),
        "theme": trimmed(get("subject", empty)),
        "type": first([TYPES[name] for text in get("type", empty) if (name := folded(text)) in TYPES]),
        "serviceAccessPoints": files(identifiers, formats),
        "recordURI": page(identifiers),
        **rights(get("rights", empty)),
    }
    return {name: value for name, value in document.items() if value}


def folded(text: str) -> str:
    """A type without blanks, in lower case."""
    return text.strip().replace(" ", "").lower()


def ours(table: nat.Table) -> nat.Mapped:
    """Documents, residue and account; a new crosswalk, that remembers no value."""
    return nat.crosswalk("oai_dc", "nba").apply(table)


def ours_of(pages: list[bytes]) -> nat.Mapped:
    """The same from the bytes of pages, on one thread."""
    return ours(nat.read(pages, threads=1))


def by_hand_of(pages: list[bytes]) -> list[dict[str, Any]]:
    """Documents from the bytes of pages."""
    documents = []
    for record in peers.lxml_records(pages):
        head, fields = peers.head(record), peers.fields_of(record)
        if not head["deleted"]:
            fields["dc_identifier"] = fields.pop("identifier", [])
            documents.append(by_hand((head["oai_identifier"], head["datestamp"]), fields))
    return documents


def check(documents: list[dict[str, Any]], table: nat.Table) -> None:
    """Both made the same documents."""
    ours = ({name: value for name, value in one.items() if value} for one in table.to_dicts())
    for mine, other in zip(documents, ours, strict=True):
        if mine != other:
            names = [name for name in mine.keys() | other.keys() if mine.get(name) != other.get(name)]
            raise SystemExit(f"void: {mine['id']} differs in {', '.join(sorted(names))}")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and CPU seconds."""
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


def measured(size: str, rounds: int) -> list[str]:
    """The rows of one size."""
    with tempfile.TemporaryDirectory() as folder:
        corpus.make(Path(folder), corpus.bytes_of(size), ("plain",))
        pages = [path.read_bytes() for path in sorted(Path(folder, "plain").glob("*.xml"))]
    read = nat.read(pages)
    table = read[[row for row, deleted in enumerate(read["deleted"]) if not deleted]]
    heads = list(zip(table["identifier"], table["datestamp"], strict=True))
    records = table.to_dicts()
    jobs: dict[str, Callable[[], Any]] = {
        "records by hand": lambda: [by_hand(head, one) for head, one in zip(heads, records, strict=True)],
        "records ours": lambda: ours(table),
        "pages by hand": lambda: by_hand_of(pages),
        "pages ours": lambda: ours_of(pages),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            made, seconds = timed(job)
            times[name].append(seconds)
            if "by hand" in name:
                documents = made
            elif number == 0:
                check(documents, made.table)
            del made
    speed = {name: len(table) / statistics.median(seconds[1:]) for name, seconds in times.items()}
    bar = {"records": "floor 5×, target 10×", "pages": "no bar"}
    return [
        f"| {size} | {what} | {speed[f'{what} by hand']:,.0f} | {speed[f'{what} ours']:,.0f} "
        f"| {speed[f'{what} ours'] / speed[f'{what} by hand']:.1f}× | {bar[what]} |"
        for what in ("records", "pages")
    ]


def main() -> None:
    """Prints records a second of both and their ratio, and keeps them in the documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["10M", "100M"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "benchmarks.md")
    options = parser.parse_args()
    if nat.debug_build:
        raise SystemExit("naturalia was built without optimisation: its figures mean nothing")
    lines = [
        (
            f"`python benches/crosswalk.py` on {document.today()}, on {document.machine()}: `oai_dc` → "
            f"`nba`, CPU time, medians of {options.rounds}, in turns. Ours makes documents, residue and "
            "account; the mapper by hand makes the same documents and reports nothing. From records, both "
            "have them in memory, in their own form: a table in batches of 4,096 rows, as chosen rows come, "
            "and dicts. From pages, lxml reads them for the mapper by hand. "
            "Rules are compiled once a process and no value is remembered from round to round. In a larger "
            "sample more values came before."
        ),
        "",
        "| plain `oai_dc` | from | by hand, records a second | naturalia | faster by | |",
        "| --- | --- | ---: | ---: | ---: | --- |",
    ]
    for size in options.sizes:
        lines += measured(size, options.rounds)
    text = "\n".join(lines) + "\n"
    print(text)
    document.chapter(options.out, "Crosswalks", text)


if __name__ == "__main__":
    main()
