"""The figures as Markdown: one table per question, each beside its floor and target."""

import datetime
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

BARS = {
    "sickle → pandas": (20, 28),
    "lxml → pyarrow": (15, 22),
    "built sickle": (8, 11),
    "built lxml": (3.2, 4.2),
    "consumed sickle": (6, 8),
    "events": (0.70, 0.80),
    "threads": (1.75, 1.9),
}
PACKAGES = ("naturalia", "sickle", "oaipmh-scythe", "lxml", "pandas", "pyarrow")
KINDS = {
    "plain": "plain `oai_dc`",
    "dense": "entity-dense `oai_dc`",
    "oi": "`oai_oi`",
    "real": "recorded pages, repeated",
}


def written(
    results: list[dict[str, Any]],
    streams: list[dict[str, Any]],
    exponents: dict[str, float | None],
    imported: dict[str, float],
    rounds: int,
) -> str:
    """The whole page but its title."""
    parts = [about(rounds)]
    parts += [section(result) for result in results]
    if streams:
        parts.append(memory(streams, exponents))
    parts.append(
        "## Import\n\n"
        f"`import naturalia` adds {imported['added']:.1f} ms to the {imported['bare']:.1f} ms of the bare "
        "interpreter (floor 25 ms, target 10 ms).\n"
    )
    return "\n".join(parts)


def about(rounds: int) -> str:
    """When, on what, with what."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured on {today()} by `make bench`, on {machine()}; Python "
        f"{platform.python_version()}, {rustc()}; {versions}.\n\n"
        f"Every figure is the median of {rounds} runs in processes of their own, interleaved, page bytes "
        "loaded and one whole run done before the clock. Time is CPU time (user and system), wall time "
        "for threads. All tools "
        "counted the same records, values and characters, or there would be no table here. Trust the "
        "ratios: absolute speeds are this machine's. A target is reached (✓), only the floor is (~), or "
        "neither (✗); floors hold on the plain corpus and to 60 % on the dense one, the others stand "
        "beside them.\n"
    )


def today() -> str:
    """The date, in UTC."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def machine() -> str:
    """The processor and memory in words."""
    facts = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*: (.*)", facts)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model[1].strip() if model else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores of {name}, {memory:.0f} GiB, {platform.system()}"


def rustc() -> str:
    found = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False)
    return " ".join(found.stdout.split()[:2]) or "no Rust"


def section(result: dict[str, Any]) -> str:
    """All comparisons on one corpus."""
    size = result["bytes"]
    records, values, characters = result["table"]["naturalia"]["check"]
    share = {"plain": 1.0, "dense": 0.6}.get(result["kind"])
    flat = share and 1.0
    lines = [
        f"## {KINDS[result['kind']]}, {size / 1e6:.0f} MB\n",
        f"{records:,} records, {values:,} values, {characters:,} characters.\n",
        "| pages → table | MB/s | naturalia is | floor | target | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    lines += rows(result["table"], size, share, "")
    for what, title in (
        ("built", "pages → dicts, all kept, looked at outside the clock"),
        ("consumed", "pages → dicts, every value looked at inside the clock"),
    ):
        lines += ["", f"| {title} | MB/s | naturalia is | floor | target | |"]
        lines += ["| --- | ---: | ---: | ---: | ---: | --- |"]
        lines += rows(result[what], size, share, what + " ")
    bare = result["events"]
    one, two = (result["threads"][name]["wall"] for name in ("1 thread", "2 threads"))
    threads = bars("threads", one / two, flat, "{:.2f}×")
    lines += [
        "",
        "| against the limit | | floor | target | |",
        "| --- | ---: | ---: | ---: | --- |",
        f"| bare quick-xml events | {bare['bytes'] / bare['events'] / 1e6:,.0f} MB/s | | | |",
        f"| columns in Rust | {bare['bytes'] / bare['columns'] / 1e6:,.0f} MB/s | | | |",
        f"| share of bare events | {bare['share']:.0%} | {bars('events', bare['share'], share, '{:.0%}')} |",
        f"| reading on two threads over one, wall | {one / two:.2f}× | {threads} |",
        "",
    ]
    return "\n".join(lines)


def rows(figures: dict[str, dict[str, Any]], size: int, share: float | None, prefix: str) -> list[str]:
    """A row a tool: its speed, and how many times ours is."""
    ours = figures["naturalia"]["cpu"]
    found = []
    for tool, figure in figures.items():
        speed = f"{size / figure['cpu'] / 1e6:,.0f}"
        if tool == "naturalia":
            found.append(f"| **{tool}** | **{speed}** | | | | |")
            continue
        ratio = figure["cpu"] / ours
        found.append(f"| {tool} | {speed} | {ratio:.1f}× | {bars(prefix + tool, ratio, share, '{:.3g}×')} |")
    return found


def bars(name: str, value: float, share: float | None, form: str) -> str:
    """Floor, target and how the value stands to them, as the last three cells."""
    if name not in BARS or share is None:
        return "| |"
    floor, target = (bar * share for bar in BARS[name])
    mark = "✓" if value >= target else "~" if value >= floor else "✗"
    return f"{form.format(floor)} | {form.format(target)} | {mark}"


def memory(streams: list[dict[str, Any]], exponents: dict[str, float | None]) -> str:
    """Peak memory of reading in parts, and how cost grows with size."""
    lines = [
        "## Reading in parts\n",
        (
            "Peak resident memory of `for part in nat.scan(…)` above what the process had after its imports, "
            "and the CPU time on one thread. Floor 8 MB + 4 pages, target 4 MB + 3 pages, the same for every "
            "size.\n"
        ),
        "| source | size | peak | floor | target | | MB/s |",
        "| --- | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for s in streams:
        floor, target = 8e6 + 4 * s["page"], 4e6 + 3 * s["page"]
        mark = "✓" if s["memory"] <= target else "~" if s["memory"] <= floor else "✗"
        lines.append(
            f"| {s['form']} | {s['bytes'] / 1e6:,.0f} MB | {s['memory'] / 1e6:.1f} MB | {floor / 1e6:.1f} MB "
            f"| {target / 1e6:.1f} MB | {mark} | {s['bytes'] / s['cpu'] / 1e6:,.0f} |"
        )
    grown = [f"{form} {value:.3f}" for form, value in exponents.items() if value is not None]
    if grown:
        lines.append(f"\nCost grows with size to the power of {', '.join(grown)} (floor 1.05, target 1.02).")
    return "\n".join([*lines, ""])


def chapter(path: Path, title: str, text: str) -> None:
    """Puts a chapter, `# title`, in place of the one before, or at the end; the others stay."""
    path.parent.mkdir(exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    chapters = dict(re.findall(r"^# (.+)\n((?:(?!# ).*\n?)*)", old, re.MULTILINE))
    chapters[title] = f"\n{text}"
    whole = "\n\n".join(f"# {name}\n\n{body.strip()}" for name, body in chapters.items())
    path.write_text(whole + "\n", encoding="utf-8")
