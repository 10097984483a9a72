"""Measures fetching beside a careful script of requests and threads; writes a chapter of docs/benchmarks.md.

    python benches/fetch.py --files 2000 --rounds 5

The server is `naturalia.testing.media` in a process of its own, on this machine; all files are there. Work is
CPU time of the client (user and system, all threads). The script does what fetching does to a file and no
more: a part file, a digest, the length, the first bytes, a name, a row of a manifest, a JSON beside it. Both
have to end with the same digests.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import document

HERE = Path(__file__).parent
CLONE = HERE.parent
CONNECTIONS = 2
SCRIPT = "The script is requests with two threads; it keeps less and asks for nothing again."


def serve(files: int, size: int, pipe) -> None:
    import naturalia as nat

    with nat.testing.media(files, size=size) as server:
        pipe.send((server.jsonl(), sorted(file.sha256 for file in server.files.values())))
        pipe.recv()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def by_script(rows: bytes, folder: str) -> list[str]:
    """Careful, and plain: a session a thread, a part file, a digest, the first bytes, a manifest."""
    import csv
    import threading

    import requests

    own = threading.local()

    def one(row: dict) -> dict:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        name = f"{row['unit_id']}_{row['media_id']}.jpg"
        part = os.path.join(folder, name + ".part")
        digest = hashlib.sha256()
        with own.session.get(row["media_url"], stream=True, timeout=60) as reply, open(part, "wb") as file:
            reply.raise_for_status()
            head, size = b"", 0
            for chunk in reply.iter_content(65_536):
                head = head or chunk[:16]
                size += len(chunk)
                digest.update(chunk)
                file.write(chunk)
        if size != int(reply.headers["Content-Length"]) or head[:3] not in (b"\xff\xd8\xff", b"\x89PN"):
            raise SystemExit("void: the script met a wrong file")
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            json.dump({"sha256": digest.hexdigest(), "media": row}, file, indent=2)
        os.replace(part, os.path.join(folder, name))
        return {"media_id": row["media_id"], "path": name, "sha256": digest.hexdigest(), "size": size}

    with ThreadPoolExecutor(CONNECTIONS) as pool, open(os.path.join(folder, "manifest.csv"), "w") as file:
        out = csv.DictWriter(file, ["media_id", "path", "sha256", "size"])
        out.writeheader()
        found = []
        for row in pool.map(one, map(json.loads, rows.splitlines())):
            out.writerow(row)
            file.flush()
            found.append(row["sha256"])
    return sorted(found)


def by_fetch(rows: bytes, folder: str) -> list[str]:
    import naturalia as nat

    table = nat.read(rows, format="media")
    job = nat.fetch(
        table, folder, rate=None, connections=CONNECTIONS, progress=False, contact="b@museum.example"
    )
    return sorted(job.manifest["sha256"])


TOOLS = {"script": by_script, "fetch": by_fetch}


def once(tool: str, file: str) -> None:
    """One measurement, in this process; prints it."""
    rows = Path(file).read_bytes()
    import naturalia as nat

    # Nothing is deleted before all is measured: a file system finds room for a new file more slowly
    # where others were deleted a moment ago.
    folder = tempfile.mkdtemp(dir=Path(file).parent)
    start, used = time.perf_counter(), cpu()
    found = TOOLS[tool](rows, folder)
    spent = {"wall": time.perf_counter() - start, "cpu": cpu() - used}
    spent["digest"] = hashlib.sha256("".join(found).encode()).hexdigest()
    spent["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent["debug"] = nat._core.debug_build
    print(json.dumps(spent))


def measured(tool: str, file: Path, rounds: int) -> dict:
    command = [sys.executable, "-W", "ignore", __file__, "--tool", tool, "--rows", str(file)]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    if len({run["digest"] for run in runs}) != 1:
        raise SystemExit(f"void: {tool} ended with different files")
    middle = {name: statistics.median(run[name] for run in runs) for name in ("wall", "cpu", "memory")}
    return {**middle, "digest": runs[0]["digest"], "debug": runs[0]["debug"]}


def stopped(file: Path, folder: Path) -> float:
    """Seconds from Ctrl-C to the end of the process."""
    script = (
        "import naturalia as nat, sys\n"
        "table = nat.read(sys.argv[1], format='media')\n"
        "nat.fetch(table, sys.argv[2], rate=None, progress=False)"
    )
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script, file, folder], stderr=subprocess.DEVNULL
    )
    while not list(folder.glob("*.jpg")) and child.poll() is None:
        time.sleep(0.01)
    sent = time.perf_counter()
    child.send_signal(signal.SIGINT)
    child.wait()
    return time.perf_counter() - sent


def chapter(files: int, size: int, rounds: int) -> str:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(files, size, theirs))
    server.start()
    rows, truth = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.jsonl")
        file.write_bytes(rows)
        found = {tool: measured(tool, file, rounds) for tool in TOOLS}
        Path(folder, "stop").mkdir()
        stop = stopped(file, Path(folder, "stop"))
    ours.send(None)
    server.join()
    if {each["digest"] for each in found.values()} != {hashlib.sha256("".join(truth).encode()).hexdigest()}:
        raise SystemExit("void: the files are not those of the server")
    if found["fetch"]["debug"]:
        print("warning: a build without optimisation is measured", file=sys.stderr)
    about = (
        f"{files:,} files of {size:,} bytes from this machine, two connections. {SCRIPT} "
        f"Medians of {rounds}. Ctrl-C was answered in {stop:.2f} s, signal to the end of the process.\n"
    )
    lines = [
        f"`python benches/fetch.py` on {document.today()}, on {document.machine()}.\n",
        about,
        "| | CPU a file | wall | largest memory |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {tool} | {each['cpu'] / files * 1e6:,.0f} µs | {each['wall']:.1f} s | {each['memory']:,.0f} MB |"
        for tool, each in found.items()
    ]
    share = found["fetch"]["cpu"] / found["script"]["cpu"]
    lines.append(f"\nCPU a file: {share:.0%} of the script's (bar: below 100 %).\n")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tool", choices=TOOLS)
    parser.add_argument("--rows")
    parser.add_argument("--out", type=Path, default=CLONE / "docs" / "benchmarks.md")
    asked = parser.parse_args()
    if asked.tool:
        once(asked.tool, asked.rows)
        return
    text = chapter(asked.files, asked.size, asked.rounds)
    print(text)
    document.chapter(asked.out, "Media files", text)


if __name__ == "__main__":
    main()
