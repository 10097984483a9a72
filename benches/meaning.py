"""Counts what crosswalks make of real records, and writes its chapter of docs/benchmarks.md.

    NATURALIA_CORPUS=… python benches/meaning.py [--save FILE] [--before FILE]

The records are the distinct `oai_dc` records of the corpus, the multimedia documents of the test sets of the
NBA, and the items of Open Images, 250 of which are there as `oai_dc` and as `oai_oi`. The expected values
are read from the source documents here, without the rules. `--save` keeps the figures as JSON; `--before`
shows those of an earlier build beside them. Nothing is timed.
"""

import argparse
import json
import operator
import os
import re
import warnings
from collections import Counter
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import document
import naturalia as nat

BEFORE = Path(__file__).with_name("meaning_before.json")
FILE = re.compile(r"\.(jpe?g|png|gif|tiff?|mp3|mp4|ogv|ogg|wav|mpe?g|webm|pdf)$", re.IGNORECASE)
MEDIALIB = re.compile(r"^https?://medialib\.naturalis\.(nl|example)/file/id/")
ROLE = re.compile(r"\s*\([^()]*\)\s*$")
Figures = dict[str, int]
FAMILIES = """`oai_dc` records of the corpus as documents of the NBA, by the dialect that they are
recognised as: plain and without options, then with dialects and options (`source_code=`, `constants=` with an
institution, `taxa_from="subject"`). A record of two dialects counts in both rows.

"""


def distinct(root: Path) -> list[nat.Table]:
    """The records of `oai_dc` of the corpus, each identifier of a provider once, without deleted ones."""
    seen: set[tuple[str, str]] = set()
    tables = []
    folders = [root / "oai" / "responses", root / "oai" / "openimages" / "reconstructed"]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            table = nat.read(path)
        except (ValueError, nat.errors.NaturaliaError):
            continue
        if table.format != "oai_dc":
            continue
        rows = []
        for identifier, deleted in zip(table["identifier"], table["deleted"], strict=True):
            key = (path.parent.name, identifier)
            rows.append(not deleted and key not in seen)
            seen.add(key)
        if any(rows):
            tables.append(table[rows])
    return tables


def count_records(table: nat.Table, figures: Figures) -> None:
    """What `oai_dc` records become in `media` and in the NBA."""
    media, _ = nat.crosswalk("oai_dc", "media").apply(table)
    made, loss = nat.crosswalk("oai_dc", "nba").apply(table)
    figures["records"] += len(media)
    figures["landing_page"] += sum(page is not None for page in media["landing_page"])
    figures["media_url"] += sum(address is not None for address in media["media_url"])
    for points, page, landing, institution, events in zip(
        made["serviceAccessPoints"],
        made["recordURI"],
        media["landing_page"],
        made["sourceInstitutionID"],
        made["gatheringEvents"],
        strict=True,
    ):
        figures["access points"] += len(points)
        figures["access points with an address"] += sum(point["accessUri"] is not None for point in points)
        figures["recordURI"] += page is not None
        figures["recordURI is not landing_page"] += page != landing
        figures["publisher as institution"] += institution is not None
        figures["coverage as gathering"] += bool(events)
    spoken = languages(table, "description")
    for row, text in enumerate(made["description"]):
        own = spoken[row]
        whole = [letters(text) for text, lang in own if text.strip() and lang == own[0][1]]
        whole = whole if len({lang for _, lang in own}) == 1 else []
        figures["several descriptions"] += len(whole) > 1
        joined = letters(text or "")
        figures["several descriptions, not all there"] += len(whole) > 1 and not all(
            own in joined for own in whole
        )
    figures["types rejected"] += sum(
        line.values for line in loss.lines if line.field == "type[]" and line.outcome == "rejected"
    )
    rights = [text for texts in made["copyrightText"] for text in [texts] if text]
    figures["access level as copyrightText"] += sum("info:eu-repo" in text for text in rights)
    figures["complete"] += complete(made)


def letters(text: str) -> str:
    """A text without blanks, and without the markup that some providers escape into it."""
    return "".join(re.sub(r"</?[a-z][^<>]*>", "", unescape(unescape(text))).split())


def languages(table: nat.Table, element: str) -> list[list[tuple[str, str | None]]]:
    """The values of an element of each record, with their languages."""
    found = []
    for texts, notes in zip(table[element], table["notes"], strict=True):
        langs = {note["index"]: note["lang"] for note in notes or [] if note["path"] == element}
        found.append([(text, langs.get(at)) for at, text in enumerate(texts)])
    return found


def complete(documents: nat.Table) -> int:
    """How many documents the NBA would take."""
    count = 0
    for start in range(0, len(documents), 500):
        part = documents[start : start + 500]
        count += len(part) - len({finding.row for finding in nat.validate(part, "nba")})
    return count


KNOWN = {"source_code": "MUS", "constants": {"sourceInstitutionID": "Museum"}, "taxa_from": "subject"}
"""What a provider knows of all its records: no licence, and no specimen."""


def count_families(table: nat.Table, families: dict[str, Figures]) -> None:
    """Documents of the NBA by the dialects of their records: plain and without options, and with both."""
    plain, _ = nat.crosswalk("oai_dc", "nba", dialect="plain").apply(table)
    ours, _ = nat.crosswalk("oai_dc", "nba", **KNOWN).apply(table)
    named = [json.loads(text or "{}").get("dialect", "none").split("+") for text in ours["residue"]]
    for kind, documents in (("before", plain), ("now", ours)):
        lacks: list[set[str]] = [set() for _ in named]
        for start in range(0, len(documents), 500):
            for finding in nat.validate(documents[start : start + 500], "nba"):
                lacks[start + int(finding.row)].add(finding.rule)
        for row, dialects in enumerate(named):
            found = {
                "page": documents["recordURI"][row] is not None,
                "address of a file": any(
                    point["accessUri"] for point in documents["serviceAccessPoints"][row]
                ),
                "type": documents["type"][row] is not None,
                "collection": documents["collectionType"][row] is not None,
                "lacks a unit": "nba.unitID" in lacks[row],
                "lacks an identification": "nba.identification" in lacks[row],
                "lacks a specimen or taxon": "nba.reference" in lacks[row],
                "complete": not lacks[row],
            }
            for name in dialects:
                families.setdefault(name, Counter())["records"] += kind == "now"
                for what, holds in found.items():
                    families[name][f"{what}, {kind}"] += holds


def shown_families(families: dict[str, Figures]) -> str:
    """The figures by dialect, each before and now."""
    whats = [key.removesuffix(", now") for key in next(iter(families.values())) if key.endswith(", now")]
    lines = [f"| dialect | records | {' | '.join(whats)} |", f"| --- | ---: |{' ---: |' * len(whats)}"]
    for name, figures in sorted(families.items(), key=lambda item: -item[1]["records"]):
        cells = [f"{figures[f'{what}, before']:,} → {figures[f'{what}, now']:,}" for what in whats]
        lines.append(f"| {name} | {figures['records']:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def count_documents(table: nat.Table, folder: Path, figures: Figures) -> None:
    """Documents of the NBA as `oai_dc`, written as XML, read and mapped back."""
    public = table[[flag is not False for flag in table["multiMediaPublic"]]]
    made, _ = nat.crosswalk("nba", "oai_dc").apply(public)
    path = folder / "records.xml"
    made.write(path)
    back, _ = nat.crosswalk("oai_dc", "nba").apply(nat.read(path))
    figures["documents"] += len(public)
    uris = lambda points: [point["accessUri"] for point in points]  # noqa: E731
    for row in range(len(public)):
        page, points = public["recordURI"][row], public["serviceAccessPoints"][row]
        page_right = back["recordURI"][row] == page
        file_right = uris(back["serviceAccessPoints"][row]) == uris(points)
        figures["page right"] += page_right
        figures["file right"] += file_right
        figures["page and file right"] += page_right and file_right
        owner, rights = public["owner"][row], made["rights"][row]
        figures["bare holder in dc:rights"] += owner is not None and owner in rights
        figures["title is a description"] += bool(set(made["title"][row]) & set(made["description"][row]))
        identifiers = made["dc_identifier"][row]
        figures["identifier twice"] += len(set(identifiers)) < len(identifiers)
        figures["no dc:type"] += not made["type"][row]
        figures["collection as subject"] += public["collectionType"][row] in made["subject"][row]
        said = [text for name in ("subject", "coverage", "contributor") for text in made[name][row]]
        unknown = re.compile(r"^(unknown|undetermined|unreadable|mixed)\b", re.IGNORECASE)
        figures["records that state the unknown"] += any(unknown.match(text) for text in said)
        sound = public["sourceSystem"][row]["code"] == "XC"
        figures["recordists as collectors"] += sound and any("(collector)" in text for text in said)


def makers(texts: list[str]) -> list[str]:
    """The names in statements of makers, without roles, in any spelling of case."""
    names = [name for text in texts for name in re.split(r"\s+/\s+|;", text)]
    return [ROLE.sub("", name).strip().casefold() for name in names if name.strip()]


def count_items(table: nat.Table, figures: Figures) -> None:
    """Items of Open Images as documents of the NBA."""
    made, _ = nat.crosswalk("oai_oi", "nba").apply(table)
    creators, spatial = languages(table, "creator"), languages(table, "spatial")
    for row in range(len(table)):
        creator = made["creator"][row] or ""
        statements = table["creator"][row]
        figures["items"] += 1
        names = makers([creator]) if creator else []
        spoken = {lang for text, lang in creators[row] if set(makers([text])) & set(names)}
        twice = len(set(names)) < len(names)
        translated = len(spoken) > 1 and len(names) > max(len(makers([text])) for text in statements)
        figures["the same maker twice"] += twice or translated
        keepers = re.search(r"\((beheerder|curator)\)", creator)
        figures["a keeper as maker"] += keepers is not None
        lines = [text for text in table["attributionName"][row] if text.strip()]
        figures["items with a credit line"] += bool(lines)
        figures["credit line in copyrightText"] += any(
            makers([text])[0] in (made["copyrightText"][row] or "").casefold() for text in lines
        )
        places = [place["localityText"] or "" for place in made["gatheringEvents"][row]]
        wanted = next((lang for lang in ("nl", "en") if lang in dict(map(reversed, spatial[row]))), None)
        several = len({text for text, lang in spatial[row] if lang == wanted}) > 1
        figures["items with several places"] += several
        figures["only one of the places"] += several and not any(";" in text for text in places)
        figures["a theme twice"] += len(set(made["theme"][row])) < len(made["theme"][row])


def same_items(root: Path) -> tuple[int, dict[str, Counter[str]]]:
    """Which fields of the same items differ by the format they come from."""
    folder = root / "oai" / "openimages" / "reconstructed"
    differ: dict[str, Counter[str]] = {"media": Counter(), "nba": Counter()}
    count = 0
    for path in sorted(folder.glob("ListRecords.oai_dc*")):
        plain = nat.read(path)
        own = nat.read(path.with_name(path.name.replace("oai_dc", "oai_oi")))
        assert plain["identifier"] == own["identifier"]
        count += len(plain)
        for target, counter in differ.items():
            one, _ = nat.crosswalk("oai_dc", target, dialect="openimages").apply(plain)
            other, _ = nat.crosswalk("oai_oi", target).apply(own)
            for left, right in zip(points(one), points(other), strict=True):
                counter["addresses of files"] += left != right
            for name in one.columns:
                if name not in ("residue", "notes"):
                    counter[name] += sum(map(operator.ne, one[name], other[name]))
    return count, differ


def points(table: nat.Table) -> list[set[str]]:
    """The addresses of the files of each record."""
    column, member = ("access", "uri") if table.format == "media" else ("serviceAccessPoints", "accessUri")
    return [{point[member] for point in access} for access in table[column]]


def sample() -> Figures:
    """The sample of Naturalis that comes with the package."""
    table = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
    media, _ = nat.crosswalk("oai_dc", "media").apply(table)
    made, _ = nat.crosswalk("oai_dc", "nba").apply(table)
    figures = {"records": len(media)}
    figures["page"] = sum("/specimen/" in (page or "") for page in media["landing_page"])
    figures["file"] = sum(bool(MEDIALIB.match(address or "")) for address in media["media_url"])
    figures["access point"] = sum(
        [bool(MEDIALIB.match(point["accessUri"] or "")) for point in points] == [True]
        for points in made["serviceAccessPoints"]
    )
    return figures


def measured(root: Path) -> dict[str, Figures]:
    """All figures, by what they are of."""
    records, documents, items = Counter[str](), Counter[str](), Counter[str]()
    for table in distinct(root):
        count_records(table, records)
    found = coverage.corpora(root)
    with TemporaryDirectory() as folder:
        for table in found["documents of the NBA"]:
            count_documents(table, Path(folder), documents)
    for table in found["items of Open Images"]:
        count_items(table, items)
    count, differ = same_items(root)
    same = {"items": count}
    for target, counter in differ.items():
        same |= {f"{target}.{name}": number for name, number in sorted(counter.items()) if number}
    return {
        "`oai_dc` records of the corpus": records,
        "documents of the NBA as `oai_dc`, written, read and mapped back": documents,
        "items of Open Images as documents of the NBA": items,
        "fields in which the same item differs by `oai_dc` and by `oai_oi`": same,
        "the sample of Naturalis": sample(),
    }


def shown(now: dict[str, Figures], before: dict[str, Figures]) -> str:
    """The figures as tables."""
    parts = []
    for what, figures in now.items():
        old = before.get(what, {})
        lines = [f"| {what} | before | now |", "| --- | ---: | ---: |"]
        for name in dict.fromkeys([*figures, *old]):
            cells = [f"{own[name]:,}" if name in own else "0" if own else "" for own in (old, figures)]
            lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "benchmarks.md")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--before", type=Path, default=BEFORE)
    parser.add_argument("--families", action="store_true", help="only the figures by dialect")
    arguments = parser.parse_args()
    root = os.environ.get("NATURALIA_CORPUS")
    if not root:
        raise SystemExit("NATURALIA_CORPUS names no folder")
    warnings.simplefilter("ignore")
    families: dict[str, Figures] = {}
    for table in distinct(Path(root)):
        count_families(table, families)
    if arguments.families:
        print(shown_families(families))
        return
    now: dict[str, Any] = measured(Path(root))
    if arguments.save:
        arguments.save.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    before = json.loads(arguments.before.read_text("utf-8")) if arguments.before.exists() else {}
    text = shown(now, before) + "\n" + FAMILIES + shown_families(families)
    print(text)
    document.chapter(arguments.out, "What records mean in another format", text)


if __name__ == "__main__":
    main()
