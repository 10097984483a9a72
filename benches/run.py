"""Measures naturalia beside its peers in one run and writes docs/benchmarks.md.

    python benches/run.py --size 10M,100M --rounds 5

Each tool runs in a process of its own, the rounds of all tools interleaved, page bytes in memory and
one whole run done before the clock. Figures are medians of CPU time, of wall time where threads are
compared. Unless all tools count the same records, values and characters, the run is void.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import corpus
import document
import peers

HERE = Path(__file__).parent
CLONE = HERE.parent
PEERS_UP_TO = 200_000_000
"""Peers need a minute for a gigabyte; above this size only naturalia runs."""

Figures = dict[str, dict[str, Any]]


class Void(SystemExit):
    """The tools did not read the same thing."""


def measured(what: str, tool: str, source: Path) -> dict[str, Any]:
    """One measurement in a fresh process."""
    command = [sys.executable, HERE / "measure.py", what, tool, source]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        raise SystemExit(f"{what} {tool} {source}:\n{found.stderr}")
    return json.loads(found.stdout)


def median(rounds: Iterable[dict[str, Any]], field: str) -> float:
    return statistics.median(r[field] for r in rounds)


def compare(what: str, tools: Iterable[str], folder: Path, rounds: int) -> Figures:
    """Medians of every tool over interleaved rounds, after all have counted the same."""
    runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in tools}
    for _ in range(rounds):
        for tool, done in runs.items():
            done.append(measured(what, tool, folder))
    counts = {tool: tuple(r["check"]) for tool, done in runs.items() for r in done}
    if len(set(counts.values())) != 1:
        raise Void(f"void: {what} of {folder} counts differ: {counts}")
    return {
        tool: {
            "cpu": median(done, "cpu"),
            "wall": median(done, "wall"),
            "spread": spread([r["cpu"] for r in done]),
            "check": done[0]["check"],
        }
        for tool, done in runs.items()
    }


def spread(seconds: list[float]) -> float:
    """How far the rounds lie apart, as a share of their median."""
    return (max(seconds) - min(seconds)) / statistics.median(seconds)


def events(folder: Path, rounds: int) -> dict[str, float]:
    """What bare quick-xml events over the same pages cost beside our columns."""
    command = ["cargo", "run", "--quiet", "--release", "--example", "events", "--", str(folder)]
    runs = [
        json.loads(subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    bare, columns = median(runs, "seconds_events"), median(runs, "seconds_columns")
    return {"bytes": runs[0]["bytes"], "events": bare, "columns": columns, "share": bare / columns}


def import_time(rounds: int = 15) -> dict[str, float]:
    """Milliseconds that `import naturalia` adds to the bare interpreter."""

    def wall(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return 1000 * (time.perf_counter() - start)

    pairs = [(wall("pass"), wall("import naturalia")) for _ in range(rounds)]
    return {
        "bare": statistics.median(bare for bare, _ in pairs),
        "added": statistics.median(ours - bare for bare, ours in pairs),
    }


def streams(folders: dict[str, Path], rounds: int) -> list[dict[str, Any]]:
    """Peak memory and cost of reading in parts, folder and single file, at every size."""
    found = []
    for size, folder in folders.items():
        for form, source in (("folder", folder / "plain"), ("single file", folder / "plain.xml")):
            runs = [measured("stream", "default", source) for _ in range(rounds)]
            page = max(p.stat().st_size for p in (folder / "plain").glob("*.xml"))
            alone = [measured("stream", "1", source) for _ in range(rounds)]
            found.append(
                {
                    "size": size,
                    "form": form,
                    "bytes": runs[0]["bytes"],
                    "page": page,
                    "memory": max(r["memory"] for r in runs),
                    "cpu": median(alone, "cpu"),
                }
            )
    return found


def exponent(found: list[dict[str, Any]], form: str) -> float | None:
    """The power of the size that the cost grows with, from the smallest to the largest."""
    same = [f for f in found if f["form"] == form]
    if len(same) < 2:
        return None
    first, last = same[0], same[-1]
    return math.log(last["cpu"] / first["cpu"]) / math.log(last["bytes"] / first["bytes"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", default="10M,100M", help="sizes of the corpora, with commas")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each tool")
    parser.add_argument("--only", help="kinds of corpus, with commas: " + ", ".join(corpus.KINDS))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "naturalia-bench")
    parser.add_argument("--out", type=Path, default=CLONE / "docs" / "benchmarks.md")
    arguments = parser.parse_args()

    import naturalia

    if naturalia._core.debug_build:
        raise SystemExit("naturalia was built without optimisation: its figures mean nothing")
    kinds = tuple(arguments.only.split(",")) if arguments.only else corpus.KINDS
    folders, results = {}, []
    for size in arguments.size.split(","):
        folder = folders[size] = arguments.folder / size
        big = corpus.bytes_of(size) > PEERS_UP_TO
        for kind in corpus.make(folder, corpus.bytes_of(size), ("plain",) if big else kinds):
            if big:
                continue
            print(f"{size} {kind} …", file=sys.stderr, flush=True)
            pages = folder / kind
            results.append(
                {
                    "size": size,
                    "kind": kind,
                    "bytes": sum(p.stat().st_size for p in pages.glob("*.xml")),
                    "table": compare("table", peers.TABLES, pages, arguments.rounds),
                    "built": compare("built", peers.KEPT, pages, arguments.rounds),
                    "consumed": compare("consumed", peers.DICTS, pages, arguments.rounds),
                    "threads": compare("table", peers.THREADS, pages, arguments.rounds),
                    "events": events(pages, arguments.rounds),
                }
            )
    print("streams …", file=sys.stderr, flush=True)
    found = streams(folders, arguments.rounds) if "plain" in kinds else []
    text = document.written(
        results,
        found,
        {form: exponent(found, form) for form in ("folder", "single file")},
        import_time(),
        arguments.rounds,
    )
    print(text)
    document.chapter(arguments.out, "Benchmarks", text)


if __name__ == "__main__":
    main()
