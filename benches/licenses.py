"""Measures licence reading beside its peers, accuracy and speed, and writes it into docs/benchmarks.md.

    NATURALIA_CORPUS=… python benches/licenses.py [--scancode PYTHON]

Accuracy is counted on the labelled statements of the corpus, speed on a million different strings each,
no answer cached. ScanCode needs versions of its dependencies that others don't: `--scancode` names the
Python of an environment that has scancode-toolkit-mini 32.5.0 and pluggy 1.5.0.
"""

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from string import ascii_lowercase

import document

CLONE = Path(__file__).parent.parent
STRINGS = 1_000_000
ROUNDS = 5
SCANCODE = """
import json, sys
from licensedcode.cache import get_index
index = get_index()
for line in sys.stdin:
    found = [match.rule.license_expression for match in index.match(query_string=json.loads(line))]
    print(next((each for each in found if each.startswith("cc")), ""), flush=True)
"""

Answer = str | None
"""A tool of Creative Commons as `by-sa/3.0/nl`, without a version as `by-sa`, or nothing."""


def ours(text: str) -> Answer:
    import naturalia as nat

    found = nat.license(text)
    if found.id == "cc":
        return "cc"
    if found.unit is None or found.status not in {"exact", "unversioned"}:
        return None
    return "/".join(part for part in (found.unit, found.version, found.jurisdiction) if part)


def of_spdx(name: str | None) -> Answer:
    """`CC-BY-SA-3.0-NL` or ScanCode's `cc-by-sa-3.0-nl` in our words."""
    found = re.fullmatch(
        r"cc-((?:by|nc|nd|sa)(?:-(?:by|nc|nd|sa))*)(?:-(\d\.\d))?(?:-(\w+))?", (name or "").lower()
    )
    if found:
        return "/".join(part for part in found.groups() if part)
    return {"cc0-1.0": "zero/1.0", "cc-pdm-1.0": "mark/1.0"}.get((name or "").lower())


def by_license_expression() -> Callable[[str], Answer]:
    from license_expression import get_spdx_licensing

    licensing = get_spdx_licensing()

    def read(text: str) -> Answer:
        try:
            return of_spdx(str(licensing.parse(text, validate=True)))
        except Exception:  # noqa: BLE001 - the peer raises many kinds on text that is no expression
            return None

    return read


def by_spdx_lookup() -> Callable[[str], Answer]:
    import spdx_lookup

    def read(text: str) -> Answer:
        found = spdx_lookup.by_id(text) or spdx_lookup.by_name(text)
        return of_spdx(found.id) if found else None

    return read


def by_scancode(python: str) -> Callable[[str], Answer]:
    server = subprocess.Popen(
        [python, "-c", SCANCODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )

    def read(text: str) -> Answer:
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(text) + "\n")
        server.stdin.flush()
        return of_spdx(server.stdout.readline().strip())

    return read


def expected(label: str) -> Answer:
    """What a label says, in the words of an answer."""
    if label.startswith("unversioned:"):
        return label.partition(":")[2]
    parts = label.partition("creativecommons.org/")[2].strip("/").split("/")
    return "/".join(parts[1:]) or None


def restrictions(answer: Answer) -> set[str]:
    return {"nc", "nd", "sa"} & set((answer or "").split("/")[0].split("-"))


def accuracy(read: Callable[[str], Answer], rows: list[dict[str, str]]) -> dict[str, str]:
    """Counts over the labelled statements."""
    tools = [row for row in rows if row["kind"] == "cc-tool"]
    loose = [row for row in rows if row["kind"] == "unversioned" and "GFDL" not in row["expected"]]
    silent = [row for row in rows if row["kind"] in {"none", "notice", "status", "access", "invalid"}]
    answers = {row["raw"]: read(row["raw"]) for row in (*tools, *loose, *silent)}
    exact = sum(answers[row["raw"]] == expected(row["expected"]) for row in tools)
    kept = sum(answers[row["raw"]] in {expected(row["expected"]), None} for row in loose)
    right = sum(answers[row["raw"]] == expected(row["expected"]) for row in loose)
    false = sum(answers[row["raw"]] is not None for row in silent)
    freer = false + sum(
        answers[row["raw"]] is not None
        and not restrictions(expected(row["expected"])) <= restrictions(answers[row["raw"]])
        for row in (*tools, *loose)
    )
    return {
        "exact": f"{exact} of {len(tools)}",
        "loose": f"{right} of {len(loose)}",
        "invented": str(len(loose) - kept),
        "false": f"{false} of {len(silent)}",
        "freer": str(freer),
    }


def addresses(folder: Path) -> list[str]:
    """Different addresses: those of all tools, then their deeds in one language after the other."""
    with (folder / "cc_legal_tools.tsv").open(encoding="utf-8", newline="") as file:
        tools = [row["canonical_uri"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    hosts = ("https://creativecommons.org", "http://creativecommons.org", "http://www.creativecommons.org")
    tails = ["", "deed", "legalcode", *(f"deed.{a}{b}" for a in ascii_lowercase for b in ascii_lowercase)]
    every = (uri.replace(hosts[0], host) + tail for tail in tails for uri in tools for host in hosts)
    return list(islice(every, STRINGS))


def statements(rows: list[dict[str, str]]) -> list[str]:
    """Different free texts of up to a hundred characters."""
    texts = [row["raw"] for row in rows if "://" not in row["raw"] and len(row["raw"]) < 80]
    return [f"{texts[n % len(texts)]} {n}" for n in range(STRINGS)]


def a_second(work: Callable[[], object], count: int) -> float:
    """Strings a second of CPU time, the median of the rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return count / statistics.median(seconds)


def in_rust(strings: list[str]) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(text.replace("\n", " ") for text in strings))
        file.flush()
        command = ["cargo", "run", "--quiet", "--release", "--example", "licenses", "--", file.name]
        runs = [
            json.loads(subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=True).stdout)
            for _ in range(ROUNDS)
        ]
    return len(strings) / statistics.median(run["seconds"] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scancode", help="the Python of an environment with scancode-toolkit-mini")
    parser.add_argument("--out", type=Path, default=CLONE / "docs" / "benchmarks.md")
    arguments = parser.parse_args()
    table = Path(os.environ.get("NATURALIA_CORPUS", ""), "licences", "labelled_strings.tsv")
    if not table.is_file():
        sys.exit("NATURALIA_CORPUS does not name the folder that has licences/labelled_strings.tsv")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    readers: dict[str, Callable[[str], Answer]] = {
        "**naturalia**": ours,
        "license-expression": by_license_expression(),
        "spdx-lookup": by_spdx_lookup(),
    }
    if arguments.scancode:
        readers["ScanCode mini"] = by_scancode(arguments.scancode)
    urls, texts = addresses(table.parent), statements(rows)
    speeds: dict[str, tuple[float, float]] = {}
    for name, read in readers.items():
        if name == "**naturalia**":
            import naturalia as nat

            both = [a_second(partial(nat.licenses, strings), STRINGS) for strings in (urls, texts)]
            speeds["in Rust"] = (in_rust(urls), in_rust(texts))
        else:
            few = 200 if name == "ScanCode mini" else STRINGS // 10
            clock = time.perf_counter if name == "ScanCode mini" else time.process_time
            both = []
            for strings in (urls[:few], texts[:few]):
                start = clock()
                for text in strings:
                    read(text)
                both.append(few / (clock() - start))
        speeds[name] = (both[0], both[1])
        print(name, speeds[name], file=sys.stderr, flush=True)
    document.chapter(
        arguments.out, "Licences", written({n: accuracy(r, rows) for n, r in readers.items()}, speeds)
    )


def written(counts: dict[str, dict[str, str]], speeds: dict[str, tuple[float, float]]) -> str:
    """The chapter."""
    url, text = speeds["spdx-lookup"]
    rust, listed = speeds["in Rust"], speeds["**naturalia**"]
    about = (
        f"Measured on {document.today()} by `python benches/licenses.py`, on {document.machine()}. Accuracy "
        "on the labelled statements of the corpus, speed on a million different strings each (a tenth for "
        "peers, 200 for ScanCode), no answer cached."
    )
    columns = (
        "tool, version and port exact",
        "without a version: right",
        "version invented",
        "licence where there is none",
        "more permissive than the text",
        "addresses a second",
        "texts a second",
    )
    lines = [about, "", f"| | {' | '.join(columns)} |", f"| --- |{' ---: |' * len(columns)}"]
    for name, count in counts.items():
        speed = " | ".join(f"{each:,.0f}" for each in speeds[name])
        lines.append(f"| {name} | {' | '.join(count.values())} | {speed} |")
    lines += [
        f"| **naturalia** in Rust | | | | | | {rust[0]:,.0f} | {rust[1]:,.0f} |",
        "",
        "| beside spdx-lookup | | floor |",
        "| --- | ---: | ---: |",
        f"| addresses in Rust | {rust[0] / url:.1f}× | 2.4× |",
        f"| addresses through a Python list | {listed[0] / url:.2f}× | 0.7× |",
        f"| free text in Rust | {rust[1] / text:.1f}× | 1.2× |",
        f"| free text through a Python list | {listed[1] / text:.2f}× | 0.35× |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
