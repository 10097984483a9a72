"""One measurement in a process of its own: `python benches/measure.py WHAT TOOL SOURCE`.

Prints a JSON object. Imports, the loading of pages and one whole run come before the clock. `cpu` is
user and system time of all threads, in seconds; of work shorter than half a second, the median of as
many runs as fit.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peers

ENOUGH = 0.5


def clocked(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """The result of `work` and what it cost."""
    cpu: list[float] = []
    wall: list[float] = []
    result = None
    while sum(wall) < ENOUGH:
        del result
        gc.collect()
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        result = work()
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    return result, {"cpu": statistics.median(cpu), "wall": statistics.median(wall)}


def pages_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.xml"))]


def built(tool: str, folder: Path) -> dict[str, Any]:
    """All dicts built inside the clock, looked at outside it."""
    pages, read = pages_of(folder), peers.KEPT[tool]
    list(read(pages))
    found, cost = clocked(lambda: list(read(pages)))
    return {**cost, "check": peers.check_dicts(found)}


def consumed(tool: str, folder: Path) -> dict[str, Any]:
    """Every value of every dict looked at inside the clock, none kept."""
    pages, read = pages_of(folder), peers.DICTS[tool]
    peers.check_dicts(read(pages))
    check, cost = clocked(lambda: peers.check_dicts(read(pages)))
    return {**cost, "check": check}


def table(tool: str, folder: Path) -> dict[str, Any]:
    """A table of all records."""
    pages, read = pages_of(folder), (peers.TABLES | peers.THREADS)[tool]
    read(pages)
    found, cost = clocked(lambda: read(pages))
    return {**cost, "check": peers.check_table(found)}


def status(field: str) -> int:
    """A figure of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def stream(threads: str, source: Path) -> dict[str, Any]:
    """A folder or a file read in parts that are let go: what it costs, and the most memory it took."""
    import naturalia

    count = None if threads == "default" else int(threads)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts here
    before = status("VmRSS")

    def read() -> int:
        return sum(len(part) for part in naturalia.scan(source, threads=count))

    read()
    peak = status("VmHWM")
    records, cost = clocked(read)
    size = sum(p.stat().st_size for p in ([source] if source.is_file() else source.glob("*.xml")))
    return {**cost, "memory": peak - before, "bytes": size, "records": records}


if __name__ == "__main__":
    what = {f.__name__: f for f in (built, consumed, table, stream)}[sys.argv[1]]
    print(json.dumps(what(sys.argv[2], Path(sys.argv[3]))))
