"""The long runs: cuts at every byte, a gigabyte in parts, fuzzing. Adds its figures to docs/benchmarks.md.

    python benches/soak.py --minutes 30

Parts: `cuts` (the fixtures and, where NATURALIA_CORPUS names it, every recorded page cut at every
byte), `kills` (harvests killed at 200 random moments), `tests` (the other tests marked soak), `harvests`
(their memory, from 10 thousand records to a million), `memory` (10 MB, 100 MB, 1 GB in parts), `media`
(10,000 files with faults, killed on the way), `laws` (the laws of the licence reader, a million cases
each), `fuzz` (cargo-fuzz on the targets `page` and `license`,
with recorded pages and labelled statements as seeds).
"""

import argparse
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import corpus
import document
import run

import harvest

CLONE = Path(__file__).parent.parent
FIXTURES = CLONE / "tests" / "fixtures" / "oai"
END = b"</OAI-PMH>"
KILLS = "two_hundred_moments"
TARGETS = ("page", "license")
"""What is fuzzed, each for its share of the time."""


def recorded() -> list[Path]:
    """The recorded pages, none where there is no corpus."""
    root = os.environ.get("NATURALIA_CORPUS")
    return sorted(p for p in Path(root, "oai", "responses").rglob("*") if p.is_file()) if root else []


def cut_everywhere(file: Path) -> tuple[int, list[int]]:
    """How many cuts of a page were tried, and those that were read as if nothing was missing."""
    import naturalia as nat

    data = file.read_bytes()
    end = data.rfind(END)
    if end < 0 or data.count(END) != 1:
        return 0, []
    # Reading every prefix costs the square of the size: big pages are cut at every byte of their
    # first and last 20 kB and at every 997th between.
    last = end + len(END)
    near = [*range(min(20_000, last)), *range(max(last - 20_000, 0), last)]
    places = sorted({*near, *range(0, last, 1 if last < 40_000 else 997)})
    missed = []
    for at in places:
        try:
            nat.read(data[:at], threads=1)
        except nat.errors.OaiError:
            missed.append(at)  # a cut reply of errors is cut first of all
        except nat.errors.NaturaliaError:
            continue
        else:
            missed.append(at)
    return len(places), missed


def cuts() -> str:
    """Every page cut at every byte."""
    files = [f for f in [*FIXTURES.glob("*.xml"), *recorded()] if f.stat().st_size]
    tried = 0
    with ProcessPoolExecutor() as workers:
        for file, (places, missed) in zip(files, workers.map(cut_everywhere, files), strict=True):
            tried += places
            if missed:
                raise SystemExit(f"{file} cut at byte {missed[0]} was read ({len(missed)} such cuts)")
    return f"- Cuts: {tried:,} prefixes of {len(files)} pages, every one noticed."


def soaked(which: str) -> str:
    """The last line of the tests marked soak of these names."""
    marked = ["-m", "soak", "--soak", "-k", which]
    command = [sys.executable, "-m", "pytest", "-q", *marked, CLONE / "tests" / "python"]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CLONE)
    if found.returncode:
        raise SystemExit(found.stdout + found.stderr)
    return found.stdout.strip().splitlines()[-1].strip("= ")


def tests() -> str:
    """The tests that take minutes."""
    return f"- Tests marked soak: {soaked(f'not {KILLS}')}."


def kills() -> str:
    """Harvests killed at random moments."""
    took = soaked(KILLS).rpartition(" in ")[2]
    return (
        "- Kills: 200 harvests killed (-9) at random moments, 20 for each of ten files, over one to three "
        "windows: every file was gone on with to its end and then equal to the provider, each record once, "
        f"in {took}."
    )


def memory(folder: Path, sizes: list[str]) -> str:
    """Peak memory and cost from the smallest to the largest size."""
    folders = {size: folder / size for size in sizes}
    for size, there in folders.items():
        corpus.make(there, corpus.bytes_of(size), ("plain",))
    found = run.streams(folders, 3)
    exponents = {form: run.exponent(found, form) for form in ("folder", "single file")}
    return document.memory(found, exponents).replace("## Reading in parts", "## Up to a gigabyte")


def seeds(target: str) -> list[bytes]:
    """What a fuzz target begins with: fixtures and recorded pages, or labelled rights statements."""
    if target == "page":
        files = [*FIXTURES.glob("*.xml"), *recorded()]
        return [file.read_bytes() for file in files if file.stat().st_size < 30_000]
    table = Path(os.environ.get("NATURALIA_CORPUS", ""), "licences", "labelled_strings.tsv")
    lines = table.read_bytes().splitlines() if table.is_file() else [b"CC BY-SA 3.0 NL", b"public domain"]
    return [line.split(b"\t")[0] for line in lines]


def media(files: int) -> str:
    """So many files with 5 % faults of every kind, killed on the way, and every one of them accounted for."""
    import random
    import signal

    import naturalia as nat

    script = (
        "import naturalia as nat, sys\n"
        "table = nat.read(sys.argv[1], format='media')\n"
        "nat.fetch(table, sys.argv[2], rate=None, connections=8, timeout=1, retries=1, progress=False)"
    )
    seed = int(time.time())
    chance = random.Random(seed)
    kills = 0
    with tempfile.TemporaryDirectory() as folder, nat.testing.media(files, wrong=0.05, size=8000) as server:
        rows, place = Path(folder, "rows.jsonl"), Path(folder, "img")
        rows.write_bytes(server.jsonl())
        for _ in range(20):
            child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", script, rows, place], stderr=subprocess.DEVNULL
            )
            time.sleep(0.5 + 2 * chance.random())
            child.send_signal(signal.SIGKILL)
            kills += child.wait() == -signal.SIGKILL
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", script, rows, place], check=False)
        if done.returncode:
            raise SystemExit("fetching failed after being killed")
        truth = {f"m{n}": file for n, file in enumerate(server.files.values(), 1)}
        with sqlite3.connect(place / "manifest.sqlite") as base:
            kept = base.execute("SELECT media_id, status, reason, path, sha256 FROM medium").fetchall()
        found = {row[0]: row[1:] for row in kept}
        lost = [name for name, file in truth.items() if found[name][0] != ("failed" if file.wrong else "ok")]
        # Some faults pass; what came all the same has to be right.
        lost = [name for name in lost if not (truth[name].wrong and found[name][0] == "ok")]
        wrong = [
            name
            for name, (status, reason, path, digest) in found.items()
            if (status == "failed" and not reason)
            or (status == "ok" and not truth[name].sha256 == digest == digest_of(place / path))
        ]
        if wrong or lost or len(found) != files:
            raise SystemExit(f"media: wrong {wrong[:5]}, lost {lost[:5]}, rows {len(found)}")
        failed = sum(status == "failed" for status, *_ in found.values())
    return (
        f"- Media: {files:,} files with 5 % faults of {len(nat.testing.WRONGS)} kinds, killed {kills} times: "
        f"all accounted for, {failed:,} with their reason, none torn (seed {seed})."
    )


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def laws(cases: int) -> str:
    """The laws of the licence reader on so many generated texts each."""
    found = subprocess.run(
        ["cargo", "test", "--release", "--locked", "license_laws", "--", "--nocapture"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NATURALIA_LAW_CASES": str(cases)},
    )
    if found.returncode:
        raise SystemExit(
            "a law of the licence reader does not hold:\n" + found.stdout[-4000:] + found.stderr[-4000:]
        )
    excluded = re.search(r"\d+ single deletions .*", found.stdout)
    count = excluded[0] if excluded else "exclusions not counted"
    return f"- Licence laws: {cases:,} cases each, none broken; {count}."


def fuzz(target: str, folder: Path, minutes: float) -> str:
    """cargo-fuzz on one target of `fuzz/`."""
    if not shutil.which("cargo-fuzz") or not (CLONE / "fuzz").is_dir():
        return "- Fuzzing did not run: `cargo install cargo-fuzz` is needed."
    begin = folder / "fuzz" / target
    begin.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (begin / f"seed-{number:04}").write_bytes(data)
    seed = int(time.time())
    limits = [f"-max_total_time={minutes * 60:.0f}", "-max_len=40000", "-timeout=20", "-rss_limit_mb=3000"]
    found = subprocess.run(
        ["cargo", "fuzz", "run", "--sanitizer", "none", target, str(begin), "--", *limits, f"-seed={seed}"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        # libFuzzer needs flags that only nightly takes; a stable compiler takes them when told to.
        env=os.environ | {"RUSTC_BOOTSTRAP": "1"},
    )
    if found.returncode:
        raise SystemExit(f"fuzzing {target} found something:\n" + found.stderr[-4000:])
    done = re.search(r"Done (\d+) runs in (\d+) second", found.stderr)
    covered = re.findall(r"cov: (\d+)", found.stderr)
    runs, seconds = (int(n) for n in done.groups()) if done else (0, 0)
    edges = covered[-1] if covered else "?"
    return (
        f"- Fuzzing `{target}`: {runs:,} inputs in {seconds / 60:.0f} minutes, {edges} edges covered, "
        f"no panic, no hang (seed {seed}, {document.rustc()})."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30, help="how long to fuzz")
    parser.add_argument("--size", default="10M,100M,1G", help="sizes of the corpora, with commas")
    usual = "cuts,kills,tests,memory,harvests,media,laws,fuzz"
    parser.add_argument("--only", default=usual, help="parts, with commas")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "naturalia-bench")
    parser.add_argument("--out", type=Path, default=CLONE / "docs" / "benchmarks.md")
    arguments = parser.parse_args()

    parts = {
        "cuts": cuts,
        "kills": kills,
        "tests": tests,
        "fuzz": lambda: "\n".join(
            fuzz(target, arguments.folder, arguments.minutes / len(TARGETS)) for target in TARGETS
        ),
        "media": lambda: media(10_000),
        "laws": lambda: laws(1_000_000),
        "harvests": lambda: harvest.memory([10_000, 100_000, 1_000_000]),
        "memory": lambda: "\n" + memory(arguments.folder, arguments.size.split(",")),
    }
    lines = [f"`make soak` on {document.today()}, on {document.machine()}.\n"]
    for name, part in parts.items():
        if name in arguments.only.split(","):
            print(f"{name} …", file=sys.stderr, flush=True)
            lines.append(part())
            print(lines[-1], flush=True)
    document.chapter(arguments.out, "Long runs", "\n".join(lines))


if __name__ == "__main__":
    main()
