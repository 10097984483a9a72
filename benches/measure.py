"""One measurement in a process of its own: `python benches/measure.py WHAT TOOL SOURCE`.

Prints a JSON object. Imports, the loading of pages and a warming run on one page come before the
clock. `cpu` is user and system time of all threads, in seconds.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peers


def clocked(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """The result of `work` and what it cost."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def pages_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.xml"))]


def built(tool: str, folder: Path) -> dict[str, Any]:
    """All dicts built inside the clock, looked at outside it."""
    pages, read = pages_of(folder), peers.DICTS[tool]
    list(read(pages[:1]))
    found, cost = clocked(lambda: list(read(pages)))
    return {**cost, "check": peers.check_dicts(found)}


def consumed(tool: str, folder: Path) -> dict[str, Any]:
    """Every value of every dict looked at inside the clock, none kept."""
    pages, read = pages_of(folder), peers.DICTS[tool]
    peers.check_dicts(read(pages[:1]))
    check, cost = clocked(lambda: peers.check_dicts(read(pages)))
    return {**cost, "check": check}


def table(tool: str, folder: Path) -> dict[str, Any]:
    """A table of all records."""
    pages, read = pages_of(folder), (peers.TABLES | peers.THREADS)[tool]
    read(pages[:1])
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
    before, records = status("VmRSS"), 0

    def read() -> int:
        return sum(len(part) for part in naturalia.scan(source, threads=count))

    records, cost = clocked(read)
    size = sum(p.stat().st_size for p in ([source] if source.is_file() else source.glob("*.xml")))
    return {**cost, "memory": status("VmHWM") - before, "bytes": size, "records": records}


def kept(_: str, source: Path) -> dict[str, Any]:
    """A folder read into one table, and the memory that the table holds."""
    import naturalia

    before = status("VmRSS")
    found, cost = clocked(lambda: naturalia.read(source, threads=1))
    size = sum(p.stat().st_size for p in source.glob("*.xml"))
    return {**cost, "memory": status("VmRSS") - before, "bytes": size, "records": len(found)}


if __name__ == "__main__":
    what = {f.__name__: f for f in (built, consumed, table, stream, kept)}[sys.argv[1]]
    print(json.dumps(what(sys.argv[2], Path(sys.argv[3]))))
