"""Measures the NBA beside orjson and pandas, and writes its chapter of docs/benchmarks.md.

    python benches/nba.py --documents 5000 --rounds 7

A page of multimedia documents, made here in the proportions of real ones, becomes a flat table (of every
list the first item, as `to_pandas(multi="first")` has it), and a table of one row an identification. Every
tool runs in a process of its own, in turns, the page in memory and one whole run done before the clock.
Figures are medians of CPU time. Unless all tools count the same rows, and the same characters in every
column that has values, the run is void; a table that keeps lists as Python objects is shown for comparison.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import document
from measure import clocked

PLAIN = "the same, lists left as they are"
GENERA = ("Larus", "Parus", "Falco", "Oenanthe", "Lichmera", "Conus", "Helix", "Rosa")


def made(count: int) -> bytes:
    """A reply of the query service with this many documents."""
    choose = random.Random(1)
    hits = [{"score": 1.0, "item": medium(number, choose)} for number in range(count)]
    return json.dumps({"totalSize": count, "resultSet": hits}).encode()


def medium(number: int, choose: random.Random) -> dict[str, Any]:
    """A document of the size and shape that zoological ones have."""
    unit = f"RMNH.AVES.{number}"
    event: dict[str, Any] = {}
    if choose.random() < 0.6:
        person = {"fullName": f"Collector {choose.randrange(99)}"}
        place = {"latitudeDecimal": choose.uniform(-80, 80), "longitudeDecimal": choose.uniform(-180, 180)}
        event = {
            "country": "Nederland",
            "localityText": f"Locality {choose.randrange(999)}",
            "dateTimeBegin": "1934-05-01T00:00:00+0000",
            "gatheringPersons": [person],
            "siteCoordinates": [place],
        }
    return {
        "sourceSystem": {"code": "CRS", "name": "Naturalis - Zoology and Geology catalogues"},
        "sourceSystemId": f"{unit}_1",
        "id": f"{unit}_1@CRS",
        "sourceInstitutionID": "Naturalis Biodiversity Center",
        "sourceID": "CRS",
        "owner": "Naturalis Biodiversity Center",
        "licenseType": "Copyright",
        "license": "CC0 1.0",
        "unitID": unit,
        "collectionType": "Aves",
        "title": unit,
        "caption": unit,
        "serviceAccessPoints": [
            {
                "accessUri": f"http://medialib.naturalis.nl/file/id/{unit}_1/format/large",
                "format": "image/jpeg",
                "variant": "ac:GoodQuality",
            }
        ],
        "taxonCount": 0,
        "associatedSpecimenReference": f"{unit}@CRS",
        "multiMediaPublic": True,
        "sexes": ["male"],
        "gatheringEvents": [event],
        "identifications": [identification(choose) for _ in range(choose.choice((1, 1, 1, 1, 2)))],
    }


def identification(choose: random.Random) -> dict[str, Any]:
    genus, epithet = choose.choice(GENERA), f"species{choose.randrange(400)}"
    return {
        "taxonRank": "species",
        "scientificName": {
            "fullScientificName": f"{genus} {epithet} Linnaeus, 1758",
            "genusOrMonomial": genus,
            "specificEpithet": epithet,
            "authorshipVerbatim": "Linnaeus, 1758",
            "scientificNameGroup": f"{genus} {epithet}".lower(),
        },
        "defaultClassification": {
            "kingdom": "Animalia",
            "phylum": "Chordata",
            "className": "Aves",
            "family": "Laridae",
            "genus": genus,
            "specificEpithet": epithet,
        },
        "vernacularNames": [{"name": f"name {choose.randrange(99)}", "language": "Dutch"}],
    }


def documents(page: bytes) -> list[dict[str, Any]]:
    import orjson

    return [hit["item"] for hit in orjson.loads(page)["resultSet"]]


def firsts(value: Any) -> Any:
    """The document with the first item in the place of every list."""
    if isinstance(value, dict):
        return {key: firsts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return firsts(value[0]) if value else None
    return value


def peer_flat(page: bytes) -> Any:
    import pandas as pd

    return pd.json_normalize([firsts(document) for document in documents(page)])


def peer_plain(page: bytes) -> Any:
    import pandas as pd

    return pd.json_normalize(documents(page))


def peer_identified(page: bytes) -> Any:
    import pandas as pd

    return pd.json_normalize(documents(page), record_path="identifications", meta=["id"])


def ours_flat(page: bytes) -> Any:
    import naturalia as nat

    return nat.read(page, threads=1).to_arrow(multi="first")


def ours_flat_pandas(page: bytes) -> Any:
    import naturalia as nat

    return nat.read(page, threads=1).to_pandas(multi="first")


def ours_identified(page: bytes) -> Any:
    import naturalia as nat

    return nat.read(page, threads=1).identifications().to_arrow()


def ours_identified_pandas(page: bytes) -> Any:
    import naturalia as nat

    return nat.read(page, threads=1).identifications().to_pandas()


TOOLS: dict[str, dict[str, Callable[[bytes], Any]]] = {
    "flat table": {
        "naturalia": ours_flat,
        "naturalia to pandas": ours_flat_pandas,
        "orjson + pandas.json_normalize": peer_flat,
        PLAIN: peer_plain,
    },
    "one row an identification": {
        "naturalia": ours_identified,
        "naturalia to pandas": ours_identified_pandas,
        "orjson + pandas.json_normalize": peer_identified,
    },
}
BARS = {"flat table": (5, 8), "one row an identification": (15, 25)}


def checked(found: Any) -> list[Any]:
    """Rows, and the characters in each column of text or numbers that has any; lists aside."""
    import pandas as pd

    frame = found if isinstance(found, pd.DataFrame) else found.to_pandas()
    names = sorted(name for name in frame.columns if name not in ("extra", "place", "unitID"))
    counts = [[name, letters(list(frame[name]))] for name in names]
    return [len(frame), *(count for count in counts if count[1])]


def letters(values: list[Any]) -> int:
    """Characters of values, numbers to nine digits; 0 where they are lists."""
    if any(hasattr(value, "__len__") and not isinstance(value, str) for value in values):
        return 0
    texts = [f"{value:.9g}" if isinstance(value, float) else str(value) for value in values]
    return sum(len(text) for text in texts if text not in ("nan", "None", "<NA>"))


def one(what: str, tool: str, page: Path) -> None:
    """One measurement, as JSON."""
    data, work = page.read_bytes(), TOOLS[what][tool]
    work(data)
    found, cost = clocked(lambda: work(data))
    print(json.dumps({**cost, "check": checked(found)}))


def measured(what: str, tool: str, page: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", what, tool, str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what} {tool}:\n{done.stderr}")
    return json.loads(done.stdout)


def chapter(size: int, count: int, rounds: int, page: Path) -> str:
    """The table of figures, as text."""
    lines = [
        (
            f"A reply of {count:,} documents ({size / 1e6:.1f} MB); CPU seconds, medians of {rounds} "
            "runs in processes of their own, in turns. All counted the same rows, and characters in every "
            "column."
        ),
        "",
        "| what | tool | seconds | MB/s | naturalia is faster by | floor, target |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for what, tools in TOOLS.items():
        runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in tools}
        for _ in range(rounds):
            for tool, done in runs.items():
                done.append(measured(what, tool, page))
        counts = {tool: done[0]["check"] for tool, done in runs.items() if tool != PLAIN}
        if any(count != counts["naturalia"] for count in counts.values()):
            raise SystemExit(f"void: {what}: counts differ: {counts}")
        cost = {tool: statistics.median(run["cpu"] for run in done) for tool, done in runs.items()}
        floor, target = BARS[what]
        for tool, seconds in cost.items():
            ratio = f"{seconds / cost['naturalia']:.1f}×" if not tool.startswith("naturalia") else ""
            bar = f"{floor}×, {target}×" if ratio else ""
            lines.append(
                f"| {what} | {tool} | {seconds:.4f} | {size / 1e6 / seconds:.0f} | {ratio} | {bar} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "benchmarks.md")
    arguments = parser.parse_args()

    import naturalia

    if naturalia._core.debug_build:
        raise SystemExit("naturalia was built without optimisation: its figures mean nothing")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.json"
        page.write_bytes(made(arguments.documents))
        text = chapter(page.stat().st_size, arguments.documents, arguments.rounds, page)
    print(text)
    document.chapter(arguments.out, "NBA documents", text)


if __name__ == "__main__":
    main()
