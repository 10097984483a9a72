"""`naturalia demo`: the package at work on its own samples, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from naturalia import Table
    from naturalia.testing import Request, Server

__all__ = ["demo"]

# The columns of the one table, and its rows of each source.
COLUMNS = ["source", "scientific_name", "title", "license_code", "license_status"]
ROWS = 4
# Statements of rights, the commonest first.
BARS = 10

# The words beside the bar say the same.
COLOURS = {"yes": "green", "conditional": "yellow", "no": "red", "unknown": "dim"}


@click.command()
def demo() -> None:
    """Shows what it does, offline, in a few seconds.

    Asks an NBA and an NHM Data Portal on this machine, harvests Open Images
    there, is interrupted and goes on; then all media in one table, three of
    them as files with their credits, and a report that it leaves behind.

    \b
    Examples:
      naturalia demo
      COLUMNS=60 naturalia demo
      naturalia demo | head
    """
    import os
    from time import perf_counter

    from naturalia import concat, read, samples
    from naturalia._output.terminal import console
    from naturalia._output.text import wrapped

    screen = console()

    def title(text: str) -> None:
        screen.print(f"\n[bold]{text}[/bold]")

    title("Three sources, each on this machine")
    gulls, snails = asked(screen)
    title("Open Images: 1,200 films, 100 a page, into one file")
    films = harvested(screen)

    media = concat([gulls, snails, films])
    title(f"One table: {len(media):,} media of three sources")
    chosen: list[int] = []
    start = 0
    for part in (gulls, snails, films):
        chosen += range(start, start + len(part), -(-len(part) // ROWS))
        start += len(part)
    lay_out(screen, media[chosen], COLUMNS)

    title("What they say about licences")
    bars(screen, media)

    title("Three of them as files, with their licences and credits, and a page to send on")
    handed_over(screen)

    title("Dublin Core of Naturalis to documents of the NBA, and back")
    there_and_back(screen, read(samples.path("naturalis_oai_dc.xml")))

    odd = read(samples.path("odd.xml"))
    title("A page with everything wrong in it, read whole")
    for text in str(odd.report).replace(samples.path(""), "").splitlines():
        for line in wrapped(text, screen.width):
            screen.print(line, markup=False)

    # One small sample says nothing about speed: read it often enough to see some.
    path = samples.path("openimages_oai_dc.xml")
    copies = [path] * (4_000_000 // os.path.getsize(path))
    began = perf_counter()
    many = read(copies)
    seconds = perf_counter() - began
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


def handed_over(screen: Console) -> None:
    """Media as files with their licences, how to cite them, and a report."""
    import os
    from importlib.util import find_spec
    from tempfile import TemporaryDirectory, gettempdir

    from naturalia import NhmPortal, check, cite, fetch, report, testing
    from naturalia._output.text import wrapped

    page = os.path.join(gettempdir(), "naturalia-demo.html")
    with testing.nhm() as portal, TemporaryDirectory() as folder:
        media = NhmPortal(portal.url, rate=None).media(genus="Helix").collect()
        screen.print(check(media, "commons").line(), markup=False)
        job = fetch(media, folder, variant="thumbnail", limit=3, rate=None, progress=False)
        came = job.manifest
        rows = zip(came["status"], came["path"], came["size"], came["license"], strict=True)
        for _, path, size, label in (row for row in rows if row[0] == "ok"):
            screen.print(f"  {path:<24}  {size:>7,} bytes  {label}", markup=False)
        here = [status == "ok" for status in came["status"]]
        known = {name for name, ok in zip(came["media_id"], here, strict=True) if ok}
        for citation in cite(media[[name in known for name in media["media_id"]]]):
            for line in wrapped(citation.text, screen.width - 2):
                screen.print(f"  {line}", markup=False)
        report(media, page, title="Helix", images=job if find_spec("PIL") else None)
    screen.print(f"a report of all {len(media)}: {page}", markup=False)


def there_and_back(screen: Console, table: Table) -> None:
    """What each value became in the NBA, and that all of them come back."""
    from naturalia import crosswalk

    kept = table[[not deleted for deleted in table["deleted"]]]
    there = crosswalk("oai_dc", "nba", source_code="DEMO")
    made, loss = there.apply(kept)
    for line in str(loss.summary()).splitlines():
        screen.print(line, markup=False)
    back = there.invert().apply(made).table
    same = sum(one == other for one, other in zip(kept.long(), back.long(), strict=False))
    screen.print(
        f"  and back: {same} of {len(kept.long())} values as they were, in their order", markup=False
    )


def asked(screen: Console) -> tuple[Table, Table]:
    """Media of the NBA and of the NHM Data Portal."""
    from naturalia import Nba, NhmPortal, testing
    from naturalia._output.text import wrapped

    with testing.nba(450) as nba, testing.nhm() as nhm:
        gulls = Nba(nba.url, rate=None).multimedia(genus="Larus")
        screen.print(
            f"NBA: {gulls.count():,} media of the genus Larus, by licence as it stands:", markup=False
        )
        counts = gulls.count(by="license")
        pairs = zip(counts["license"], counts["count"], strict=True)
        for line in wrapped(
            ", ".join(f"{count} × {name or 'none'}" for name, count in pairs), screen.width - 2
        ):
            screen.print(f"  {line}", markup=False)
        snails = NhmPortal(nhm.url, rate=None).media(genus="Helix")
        table = snails.collect()
        screen.print(f"NHM: {len(table):,} media of snails of the genus Helix, with both licences each")
        return gulls.collect(), table


def bars(screen: Console, media: Table) -> None:
    """How often each licence is stated, and what Wikimedia Commons would say."""
    from collections import Counter

    from naturalia import license

    rows: Counter[tuple[str, ...]] = Counter()
    for text, count in Counter(media["license_raw"]).items():
        said = license(text or "")
        label = text if said.status == "invalid" else str(said)
        rows[label, said.status, *said.check("commons")[:2]] += count
    most = max(rows.values())
    for (label, status, verdict, reason), count in rows.most_common(BARS):
        bar = "█" * max(round(8 * count / most), 1)
        screen.print(f"{count:>4}  [{COLOURS[verdict]}]{bar:<8}[/]  ", end="")
        screen.print(f"{label:<22}  {status:<11}  Commons: {verdict}, {reason}", markup=False)
    if len(rows) > BARS:
        screen.print(f"      and {len(rows) - BARS} more")


def harvested(screen: Console) -> Table:
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
        return films.current().collect()


def lay_out(screen: Console, table: Table, columns: list[str]) -> None:
    """The records of a table, a line each."""
    from naturalia._table.preview import Grid

    shown = table.view(columns=columns, multi="first")
    grid = Grid(shown, screen.width)
    screen.print(grid.header(), style="dim", markup=False)
    for line, _ in grid.lines(shown):
        screen.print(line, markup=False)
