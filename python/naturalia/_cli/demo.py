"""`naturalia demo`: the package at work on its own samples, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from naturalia import License, Table
    from naturalia.testing import Request, Server

__all__ = ["demo"]

SOURCES = {
    "Open Images (oai_oi)": "openimages_oai_oi.xml",
    "Naturalis (oai_dc)": "naturalis_oai_dc.xml",
    "Natural History Museum, London (oai_dc)": "nhm_oai_dc.xml",
}

# The words beside the bar say the same.
COLOURS = {"yes": "green", "conditional": "yellow", "no": "red", "unknown": "dim"}


@click.command()
def demo() -> None:
    """Shows what it does, offline, in a few seconds.

    Harvests a provider on this machine, is interrupted and goes on; then
    reads samples of three sources, which come with the package.

    \b
    Examples:
      naturalia demo
      COLUMNS=60 naturalia demo
      naturalia demo | head
    """
    import os
    from collections import Counter
    from time import perf_counter

    from naturalia import license, read, samples
    from naturalia._display import console, wrapped

    screen = console()

    def title(text: str) -> None:
        screen.print(f"\n[bold]{text}[/bold]")

    title("A harvest: 1,200 films from a provider on this machine, 100 a page, into one file")
    harvested(screen)

    licences: Counter[License] = Counter()
    for name, file in SOURCES.items():
        table = read(samples.path(file))
        title(f"{name}: {len(table)} records")
        lay_out(screen, table)
        for values in table["license" if table.format == "oai_oi" else "rights"]:
            licences.update(map(license, values or [""]))

    title("What they say about licences")
    bars: dict[tuple[str, ...], int] = {}
    for said, count in licences.items():
        row = (str(said), said.status, *said.check("commons")[:2])
        bars[row] = bars.get(row, 0) + count
    for (label, status, verdict, reason), count in sorted(bars.items(), key=lambda item: -item[1]):
        bar = "█" * round(8 * count / max(bars.values()))
        screen.print(f"{count:>4}  [{COLOURS[verdict]}]{bar:<8}[/]  ", end="")
        screen.print(f"{label:<22}  {status:<11}  Commons: {verdict}, {reason}", markup=False)

    odd = read(samples.path("odd.xml"))
    title("A page with everything wrong in it, read whole")
    for text in str(odd.report).replace(samples.path(""), "").splitlines():
        for line in wrapped(text, screen.width):
            screen.print(line, markup=False)

    # One small sample says nothing about speed: read it often enough to see some.
    path = samples.path("openimages_oai_dc.xml")
    copies = [path] * (4_000_000 // os.path.getsize(path))
    start = perf_counter()
    many = read(copies)
    seconds = perf_counter() - start
    megabytes = len(copies) * os.path.getsize(path) / 1e6
    title("Speed on this machine")
    screen.print(
        f"{len(many):,} records, {megabytes:.1f} MB in {seconds:.2f} s: "
        f"{len(many) / seconds:,.0f} records and {megabytes / seconds:,.0f} MB a second"
    )

    title("Next")
    folder = os.path.relpath(os.path.dirname(path))
    folder = folder if not folder.startswith("..") else os.path.dirname(path)
    for line in (
        f"naturalia info {folder}/odd.xml",
        f"naturalia cat {folder}/nhm_oai_dc.xml --columns identifier,title,rights",
        f"""python -c 'import naturalia as nat; print(nat.read("{path}").summary())'""",
    ):
        screen.print(line, markup=False)


def harvested(screen: Console) -> None:
    """A harvest that is interrupted, goes on, and survives a page that comes cut."""
    import os
    import signal
    from tempfile import TemporaryDirectory
    from threading import Event

    from naturalia import Harvest, OaiPmh, harvest, testing
    from naturalia.testing import faults

    left = Event()

    class CtrlC(faults.Fault):
        def on_request(self, server: Server, request: Request) -> None:  # noqa: ARG002
            from _thread import interrupt_main

            interrupt_main()
            left.wait(10)

    cut = faults.Cut(0.7, length="sent", page=9, times=1)
    wrong = [CtrlC(verb="ListRecords", page=5, times=1), cut]
    with TemporaryDirectory() as folder, testing.serve(1200, faults=wrong) as server:
        source, path = OaiPmh(server.url, rate=None, backoff=0.05), os.path.join(folder, "films.sqlite")
        # Where a shell has told us to ignore Ctrl-C, this one still counts.
        usual = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            harvest(source, path, prefix="oai_oi", progress=False)
        except KeyboardInterrupt:
            left.set()
            came = len(Harvest(path))
            screen.print(f"Ctrl-C while page 5 is on its way: {came:,} records are safe in films.sqlite")
        finally:
            signal.signal(signal.SIGINT, usual)
        films = harvest(source, path, prefix="oai_oi", progress=False)
        screen.print("The same call again goes on from there; page 9 comes cut and is asked for again")
        for line in str(films.tally).splitlines():
            screen.print(f"  {line}", markup=False)
        lay_out(screen, films.current().first(5))


def lay_out(screen: Console, table: Table) -> None:
    """The records of a table, a line each."""
    from naturalia._display import Grid

    shown = table.view(lang=("nl", "en"), multi="first")
    grid = Grid(shown, screen.width)
    screen.print(grid.header(), style="dim", markup=False)
    for line, _ in grid.lines(shown):
        screen.print(line, markup=False)
