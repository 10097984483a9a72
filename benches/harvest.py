"""Measures harvests beside the latency limit and beside sickle, and writes a chapter of docs/benchmarks.md.

    python benches/harvest.py --rounds 5

The provider is `naturalia.testing` in a process of its own, on this machine. Waiting is measured in wall
time, work in CPU time of the client (user and system, all threads). Everybody has to count the same records.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import corpus
import document

HERE = Path(__file__).parent
CLONE = HERE.parent
LATENCY = 0.2
FAST = {"rate": 1_000_000, "contact": "bench@museum.example"}


@contextmanager
def provider(*arguments: object) -> Iterator[str]:
    """The URL of a provider in a process of its own."""
    command = [sys.executable, "-m", "naturalia.testing", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def by_sickle(url: str, path: str) -> int:
    """The usual script: the fields of every record, nothing kept."""
    from sickle import Sickle

    del path
    seen: list[dict[str, list[str]]] = []
    count = 0
    for record in Sickle(url).ListRecords(metadataPrefix="oai_dc"):
        seen[:] = [] if record.deleted else [record.metadata]
        count += 1
    return count


def by_query(url: str, path: str) -> int:
    import naturalia

    del path
    return sum(len(part) for part in naturalia.OaiPmh(url, **FAST).records(prefix="oai_dc"))


def by_harvest(url: str, path: str) -> int:
    import naturalia

    return naturalia.harvest(url, path, verify=False, progress=False, **FAST).tally.unique


def by_windows(url: str, path: str) -> int:
    import naturalia

    return naturalia.harvest(url, path, windows=4, verify=False, progress=False, **FAST).tally.unique


TOOLS = {"sickle": by_sickle, "no file": by_query, "a file": by_harvest, "four windows": by_windows}


def once(tool: str, url: str) -> None:
    """One measurement, in this process; prints it."""
    import naturalia

    with tempfile.TemporaryDirectory() as folder:
        start, used = time.perf_counter(), cpu()
        count = TOOLS[tool](url, f"{folder}/a.sqlite")
        found = {"wall": time.perf_counter() - start, "cpu": cpu() - used, "records": count}
    found["debug"] = naturalia._core.debug_build
    print(json.dumps(found))


def measured(tool: str, url: str, rounds: int) -> dict[str, float]:
    """Medians of so many processes."""
    command = [sys.executable, "-W", "ignore", __file__, "--tool", tool, "--url", url]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    counts = {run["records"] for run in runs}
    if len(counts) != 1:
        raise SystemExit(f"void: {tool} counted {counts}")
    return {name: statistics.median(run[name] for run in runs) for name in ("wall", "cpu", "records")}


def latency(rounds: int, pages: int) -> str:
    with provider("--records", pages * 100, "--latency", LATENCY) as url:
        one, four = (measured(tool, url, rounds) for tool in ("a file", "four windows"))
    if one["records"] != four["records"]:
        raise SystemExit("void: windows counted other records")
    limit = (pages + 1) * LATENCY  # and Identify
    share, gain = limit / one["wall"], one["wall"] / four["wall"]
    return (
        f"| one list, {pages} pages at 200 ms each | {share:.1%} of the latency limit | 95 %, 97 % |\n"
        f"| four windows beside one list | {gain:.2f}× | 3.5×, 3.8× |\n"
    )


def loopback(rounds: int, folder: Path) -> str:
    with provider(folder / "plain") as url:
        found = {tool: measured(tool, url, rounds) for tool in ("sickle", "no file", "a file")}
    if len({one["records"] for one in found.values()}) != 1:
        raise SystemExit(f"void: {found}")
    sickle = found["sickle"]["cpu"]
    return (
        f"| without a file, CPU | {sickle / found['no file']['cpu']:.1f}× sickle | 4×, 5× |\n"
        f"| with a file, CPU | {sickle / found['a file']['cpu']:.1f}× sickle | 2.5×, 3× |\n"
    )


def store(folder: Path) -> str:
    command = ["cargo", "run", "--quiet", "--release", "--example", "store", "--", str(folder / "plain")]
    run = json.loads(subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=True).stdout)
    size, cost = run["file"] / run["packed"], run["seconds_kept"] / run["seconds_packed"]
    return (
        f"| size of the file | {size:.2f}× the pages in zstd-3 | 1.25×, 1.1× |\n"
        f"| reading, packing and keeping | {cost:.2f}× reading and packing | 1.5×, 1.3× |\n"
    )


def memory(sizes: list[int]) -> str:
    """The most memory that a harvest and a view of it take above the import, by number of records."""
    script = (
        "import naturalia as nat, sys, json\n"
        "from measure import status\n"
        "open('/proc/self/clear_refs', 'w').write('5')\n"
        "before = status('VmRSS')\n"
        "h = nat.harvest(sys.argv[1], sys.argv[2], rate=1_000_000, progress=False)\n"
        "first = status('VmHWM') - before\n"
        "count = sum(len(part) for part in h.current())\n"
        "print(json.dumps([count, first, status('VmHWM') - before]))"
    )
    lines = ["", "| records | memory of the harvest | and of reading it back |", "| --- | --- | --- |"]
    for size in sizes:
        with provider("--records", size) as url, tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-W", "ignore", "-c", script, url, f"{folder}/a.sqlite"]
            done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)
            count, first, both = json.loads(done.stdout)
        lines.append(f"| {count:,} | {first / 1e6:.1f} MB | {both / 1e6:.1f} MB |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=200, help="of the list that waits")
    parser.add_argument("--only", default="latency,loopback,store", help="parts, with commas")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "naturalia-bench")
    parser.add_argument("--out", type=Path, default=CLONE / "docs" / "benchmarks.md")
    parser.add_argument("--tool", choices=TOOLS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.tool:
        once(given.tool, given.url)
        return
    folder = given.folder / "10M"
    corpus.make(folder, corpus.bytes_of("10M"), ("plain",))
    parts = {
        "latency": lambda: latency(min(given.rounds, 3), given.pages),
        "loopback": lambda: loopback(given.rounds, folder),
        "store": lambda: store(folder),
    }
    text = f"`python benches/harvest.py` on {document.today()}, on {document.machine()}.\n\n"
    text += "| what | figure | floor, target |\n| --- | --- | --- |\n"
    for name, part in parts.items():
        if name in given.only.split(","):
            print(f"{name} …", file=sys.stderr, flush=True)
            text += part()
    print(text)
    document.chapter(given.out, "Harvesting", text)


if __name__ == "__main__":
    main()
