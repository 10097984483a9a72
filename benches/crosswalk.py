"""Measures the crosswalk from oai_dc to nba beside a careful mapper written by hand.

    python benches/crosswalk.py --size 10M --rounds 5

Ours makes the documents, the residue that brings every value back and the account of every value; the
mapper by hand makes the documents and reports nothing. Both start from records in memory and are timed
in CPU seconds, the rounds of both interleaved; unless both make the same documents in the fields that
both fill, the run is void.
"""

import argparse
import re
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import corpus
import naturalia as nat

CREATIVE = re.compile(
    r"^https?://creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)(?:/([a-z]+))?|publicdomain/(zero)/1\.0)/?$"
)
KINDS = """Collection Dataset Event Image InteractiveResource MovingImage PhysicalObject Service Software
Sound StillImage Text"""
TYPES = {name.lower(): name for name in re.findall(r"\w+", KINDS)}
MIME = re.compile(r"^[a-z]+/[a-z0-9.+-]+$")
DATE = re.compile(r"^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$")
URL = re.compile(r"^https?://\S+$")


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


def day(text: str) -> str | None:
    """A date that exists, as ISO 8601."""
    found = DATE.match(text.strip())
    if not found:
        return None
    year, month, number = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, number)
    except ValueError:
        return None
    return text.strip()


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


def event(values: list[str]) -> dict[str, str]:
    """Where and when, as far as coverage tells."""
    found: dict[str, str] = {}
    for text in values:
        known = day(text)
        found.setdefault("dateText" if known else "localityText", known or text)
    return found


def by_hand(head: tuple[str, str], record: dict[str, list[str]]) -> dict[str, Any]:
    """One NBA document of one record, field by field."""
    get = record.get
    empty: list[str] = []
    formats = [text.strip().lower() for text in get("format", empty) if MIME.match(text.strip().lower())]
    found = event(get("coverage", empty))
    document = {
        "id": head[0],
        "sourceSystemId": head[0],
        "modified": head[1],
        "title": first(get("title", empty)),
        "description": first(get("description", empty)),
        "creator": "; ".join(trimmed(get("creator", empty))),
        "theme": trimmed(get("subject", empty)),
        "type": first([TYPES[name] for text in get("type", empty) if (name := folded(text)) in TYPES]),
        "serviceAccessPoints": [{"format": text} for text in formats],
        "recordURI": first([text for text in get("dc_identifier", empty) if URL.match(text)]),
        "gatheringEvents": [found] if found else empty,
        **rights(get("rights", empty)),
    }
    return {name: value for name, value in document.items() if value}


def folded(text: str) -> str:
    """A type without blanks, in lower case."""
    return text.strip().replace(" ", "").lower()


def ours(table: nat.Table) -> nat.Mapped:
    """Documents, residue and account; a new crosswalk, that remembers nothing."""
    return nat.crosswalk("oai_dc", "nba").apply(table)


def check(documents: list[dict[str, Any]], table: nat.Table) -> None:
    """Both made the same of what both make."""
    for name in ("id", "title", "license", "type"):
        mine = [document.get(name) for document in documents]
        if mine != table[name]:
            other = next(pair for pair in zip(mine, table[name], strict=True) if pair[0] != pair[1])
            raise SystemExit(f"void: {name} differs: {other}")


def main() -> None:
    """Prints documents a second of both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="10M")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if nat.debug_build:
        print("a build without optimisation: the figures say little")
    with tempfile.TemporaryDirectory() as folder:
        corpus.make(Path(folder), corpus.bytes_of(options.size), ("plain",))
        read = nat.read(f"{folder}/plain/")
    kept = [row for row, deleted in enumerate(read["deleted"]) if not deleted]
    table = read[kept]
    heads = list(zip(table["identifier"], table["datestamp"], strict=True))
    records = table.to_dicts()
    times: dict[str, list[float]] = {"ours": [], "by hand": []}
    for _ in range(options.rounds + 1):
        start = time.process_time()
        documents = [by_hand(head, record) for head, record in zip(heads, records, strict=True)]
        middle = time.process_time()
        mapped = ours(table)
        end = time.process_time()
        times["by hand"].append(middle - start)
        times["ours"].append(end - middle)
    check(documents, mapped.table)
    medians = {name: statistics.median(rounds[1:]) for name, rounds in times.items()}
    for name, seconds in medians.items():
        print(f"{name:>8}: {len(table) / seconds:>12,.0f} records a second of CPU")
    print(f"   ratio: {medians['by hand'] / medians['ours']:.1f} with loss, residue and report")
    print(f"  values: {mapped.loss.values:,}; {mapped.loss!r}")


if __name__ == "__main__":
    main()
