"""Counts what becomes of real values in crosswalks, and writes its chapter of docs/benchmarks.md.

    NATURALIA_CORPUS=… python benches/coverage.py

The values are those of the corpus: 1,089 items of Open Images (300 with all their fields, 789 as a list of
results has them; here written as `oai_oi`), its recorded pages of `oai_dc`, the multimedia documents of the
test sets of the NBA, and the recorded `oai_dc` of other providers. Nothing is timed.
"""

import argparse
import json
import os
import warnings
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import document
import naturalia as nat

OI = (
    '<oai_oi:oi xmlns:oai_oi="http://www.openbeelden.nl/feeds/oai/" '
    'xmlns:oi="http://www.openbeelden.nl/oai/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms">'
)
PAGE = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-01-01T00:00:00Z</responseDate>'
    '<request verb="ListRecords" metadataPrefix="oai_oi">https://www.openbeelden.nl/feeds/oai/</request>'
    "<ListRecords>{}</ListRecords></OAI-PMH>"
)
# Fields of a result of a search, and the elements they are shown from.
RESULT = {
    "title": "title",
    "date": "date",
    "url": "attributionURL",
    "videoSrc": "medium",
    "subjects": "subject",
    "creators": "creator",
    "locations": "spatial",
}
PLACES = {"hasFormat": "medium"}
PAIRS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("items of Open Images", "oai_oi", "media", {}),
    ("items of Open Images", "oai_oi", "nba", {}),
    ("pages of Open Images", "oai_dc", "media", {}),
    ("pages of Open Images", "oai_dc", "media", {"dialect": "openimages"}),
    ("pages of Open Images", "oai_dc", "nba", {}),
    ("pages of Open Images", "oai_dc", "nba", {"dialect": "openimages"}),
    ("the sample of Naturalis", "oai_dc", "nba", {}),
    ("the sample of Naturalis", "oai_dc", "nba", {"dialect": "crs", "source_code": "CRS"}),
    ("documents of the NBA", "nba", "media", {}),
    ("documents of the NBA", "nba", "oai_qdc", {}),
    ("documents of the NBA", "nba", "oai_dc", {}),
    ("other providers", "oai_dc", "media", {}),
    ("other providers", "oai_dc", "nba", {}),
)
BARS = {("oai_oi", "media"): 0.03, ("nba", "media"): 0.03, ("nba", "oai_qdc"): 0.35}
LOST = ("passthrough", "dropped", "rejected")


# Rules of somebody who takes the items in: the id of an item is its unit and what it refers to.
OWN = """#subject_source: nx:oai_oi
record_id\tnx_src\tnx_dst\tnx_fn\tnx_dir\tnx_when\tnx_loss
nx:oai_oi.own.1\tidentifier\tidentifiers[scheme=nba:unitID].value\t\tfwd\t\t
nx:oai_oi.own.2\tidentifier\tspecimen_ref[]\t\tfwd\t\t
"""


def values(found: Any) -> list[tuple[str, str | None]]:
    """The values of a field, each with its language."""
    if isinstance(found, list):
        return [value for one in found for value in values(one)]
    if isinstance(found, dict):
        return [(found["@value"], found.get("@language"))]
    return [(str(found), None)]


def element(name: str, text: str, lang: str | None) -> str:
    tag = f" xml:lang={quoteattr(lang)}" if lang else ""
    return f"<oi:{name}{tag}>{escape(text)}</oi:{name}>"


def item(line: str) -> str:
    """An item as a record of `oai_oi`."""
    fields = json.loads(line)
    identifier = fields.pop("@id", None) or fields.pop("id")
    parts = []
    for field, found in fields.items():
        name = RESULT.get(field) if ":" not in field else field.partition(":")[2]
        if name:
            parts += [element(PLACES.get(name, name), text, lang) for text, lang in values(found)]
    stamp = "<datestamp>2024-01-01T00:00:00Z</datestamp>"
    head = f"<header><identifier>{escape(identifier)}</identifier>{stamp}</header>"
    return f"<record>{head}<metadata>{OI}{''.join(parts)}</oai_oi:oi></metadata></record>"


def corpora(root: Path) -> dict[str, list[nat.Table]]:
    """The tables of the corpus, by what they are."""
    images = root / "oai" / "openimages"
    lines = [line for path in sorted(images.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    others = []
    for path in sorted((root / "oai" / "responses").rglob("*")):
        if not path.is_file():
            continue
        try:
            table = nat.read(path)
        except (ValueError, nat.errors.NaturaliaError):
            continue
        if table.format == "oai_dc":
            others.append(table[[not deleted for deleted in table["deleted"]]])
    pages = sorted((images / "reconstructed").glob("ListRecords.oai_dc*"))
    return {
        "items of Open Images": [nat.read(PAGE.format("".join(map(item, lines))).encode())],
        "pages of Open Images": list(map(nat.read, pages)),
        "the sample of Naturalis": list(map(nat.read, (root / "nba").rglob("multimedia.*.oai.xml"))),
        "documents of the NBA": list(map(nat.read, sorted((root / "nba" / "testsets").glob("*multimedia*")))),
        "other providers": others,
    }


def mapped(tables: list[nat.Table], source: str, target: str, options: dict[str, Any]) -> nat.Loss:
    """The account of all tables together."""
    crosswalk = nat.crosswalk(source, target, **options)
    return nat.Loss.joined([crosswalk.apply(table).loss for table in tables])


def said(options: dict[str, Any]) -> str:
    return ", ".join(f"`{name}={value!r}`" for name, value in options.items()) or "none"


def coverage(found: dict[str, list[nat.Table]]) -> list[str]:
    """A row a crosswalk: how many values have no place in the target, and how large the residue is."""
    lines = [
        (
            "| what | from → to | options | records | values | passthrough | dropped | rejected | together "
            "| bar | residue |"
        ),
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for what, source, target, options in PAIRS:
        loss = mapped(found[what], source, target, options)
        shares = " | ".join(f"{loss.share(outcome):.1%}" for outcome in LOST)
        bar = f"≤ {BARS[source, target]:.0%}" if (source, target) in BARS else ""
        lines.append(
            f"| {what} | `{source}` → `{target}` | {said(options)} | {loss.records:,} | {loss.values:,} "
            f"| {shares} | {loss.share(*LOST):.1%} | {bar} | {loss.residue_share:.0%} |"
        )
    return lines


def commonest(tables: list[nat.Table], source: str, target: str) -> list[str]:
    """The ten fields of which most values have no place in the target."""
    lost: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    loss = mapped(tables, source, target, {})
    for line in loss.lines:
        if line.outcome in LOST:
            lost[line.field, line.outcome] += line.values
            examples.setdefault((line.field, line.outcome), line.examples[0] if line.examples else "")
    lines = [f"| `{source}` → `{target}` | outcome | values | such as |", "| --- | --- | ---: | --- |"]
    for (field, outcome), count in lost.most_common(10):
        example = " ".join(examples[field, outcome].split()).replace("|", "\\|")
        lines.append(f"| `{field}` | {outcome} | {count:,} | {example[:60]} |")
    return lines


def complete(tables: list[nat.Table], own: Path) -> list[str]:
    """How many items of Open Images become documents that the NBA would take."""
    lines = ["| options | documents | complete | what the others lack |", "| --- | ---: | ---: | --- |"]
    choices: list[dict[str, Any]] = [
        {},
        {"source_code": "OI"},
        {"source_code": "OI", "taxa_from": "subject"},
        {"source_code": "OI", "taxa_from": "subject", "rules": own},
    ]
    for options in choices:
        crosswalk = nat.crosswalk("oai_oi", "nba", **options)
        documents = clean = 0
        lacks: Counter[str] = Counter()
        for table in tables:
            made = crosswalk.apply(table).table
            documents += len(made)
            # A report keeps the first thousand findings of a rule.
            for start in range(0, len(made), 500):
                part = made[start : start + 500]
                rows: dict[int, set[str]] = {}
                for finding in nat.validate(part, "nba"):
                    rows.setdefault(finding.row, set()).add(finding.rule)
                clean += len(part) - len(rows)
                lacks.update(rule for rules in rows.values() for rule in rules)
        told = ", ".join(f"{rule} {count:,}" for rule, count in lacks.most_common())
        shown = {**options, "rules": own.name} if "rules" in options else options
        lines.append(f"| {said(shown)} | {documents:,} | {clean:,} | {told} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "benchmarks.md")
    arguments = parser.parse_args()
    root = os.environ.get("NATURALIA_CORPUS")
    if not root:
        raise SystemExit("NATURALIA_CORPUS names no folder")
    warnings.simplefilter("ignore")
    found = corpora(Path(root))
    with TemporaryDirectory() as folder:
        own = Path(folder) / "own.tsv"
        own.write_text(OWN, encoding="utf-8")
        told = complete(found["items of Open Images"], own)
    parts = [
        (
            "Values of the corpus, and how many have no place in the target. Nothing of them is lost: they "
            "stand in the residue, whose size is told as a share of the bytes of the source's values."
        ),
        "\n".join(coverage(found)),
        "The commonest of them:",
        "\n".join(commonest(found["other providers"], "oai_dc", "nba")),
        "\n".join(commonest(found["documents of the NBA"], "nba", "oai_dc")),
        (
            "Documents that the NBA would take, of the items of Open Images. They refer to no specimen and "
            "no taxon; `own.tsv` says that the id of an item is its unit, and what it refers to:"
        ),
        "\n".join(told),
    ]
    text = "\n\n".join(parts) + "\n"
    print(text)
    document.chapter(arguments.out, "What crosswalks keep", text)


if __name__ == "__main__":
    main()
