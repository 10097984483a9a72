"""`naturalia demo`: the package at work on its own samples, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from naturalia import License

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
    """Shows what it does, offline, in a second.

    On samples of three sources, which come with the package.

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
    from naturalia._display import Grid, console, wrapped

    screen = console()

    def title(text: str) -> None:
        screen.print(f"\n[bold]{text}[/bold]")

    licences: Counter[License] = Counter()
    for name, file in SOURCES.items():
        table = read(samples.path(file))
        title(f"{name}: {len(table)} records")
        shown = table.view(lang=("nl", "en"), multi="first")
        grid = Grid(shown, screen.width)
        screen.print(grid.header(), style="dim", markup=False)
        for line, _ in grid.lines(shown):
            screen.print(line, markup=False)
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
