"""`naturalia demo`: the package at work on its own samples, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from naturalia import Table
    from naturalia.testing import MediaServer, NbaServer, NhmServer, Request, Server

__all__ = ["demo"]

# The columns of the one table, and its rows of each source.
COLUMNS = ["source", "scientific_name", "title", "license_code", "license_status"]
ROWS = 4
# What the media of a source system of the NBA are.
KINDS = {"CRS": "study skin", "BRAHMS": "herbarium sheet", "XC": "sound recording"}
# Statements of rights, the commonest first.
BARS = 10
# Below this width, licences are shown without their status and reason.
NARROW = 80

# Files and citations that are shown.
CREDITS = 3

NOTEBOOK = (
    (
        "markdown",
        """# Sample media of Naturalis and the NHM

Titles, people and places are invented, and the pictures are drawn.
Start Jupyter in this folder and run the cells.""",
    ),
    ("code", 'import naturalia as nat\n\nmedia = nat.read("media.xlsx", format="media")\nmedia'),
    ("code", 'nat.gallery(media, images="img")'),
    ("code", 'nat.license_report(media["license_raw"])'),
    ("code", 'print(nat.check(media, "commons"))'),
    ("code", "for citation in nat.cite(media):\n    print(citation.text)"),
)

# The words beside the bar say the same.
COLOURS = {"yes": "green", "conditional": "yellow", "no": "red", "unknown": "dim"}


@click.command()
@click.option(
    "--keep",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help="Leave a workbook, a report, a contact sheet, a notebook and the pictures in a new or empty folder.",
)
def demo(keep: str | None) -> None:
    """Shows what it does, offline, in a few seconds.

    Queries an NBA and an NHM Data Portal on this machine, harvests Open Images
    there, is interrupted and goes on; then all media in one table, sample
    pictures as files with their credits, and a report to open. All records are
    invented and all pictures are drawn.

    \b
    Examples:
      naturalia demo
      naturalia demo --keep demo/
      naturalia demo | head
    """
    import os
    from time import perf_counter

    from naturalia import concat, read, samples
    from naturalia._output.terminal import console

    if keep is not None and os.path.isdir(keep) and os.listdir(keep):
        message = f"{keep} is not empty: name a new folder, or an empty one"
        raise click.UsageError(message)
    screen = console()

    def title(text: str) -> None:
        screen.print()
        print_wrapped(screen, text, style="bold")

    title("Two services, simulated on this machine with invented records")
    gulls, snails = asked(screen)
    title("Open Images, simulated too: 1,200 films, 100 a page, into one file")
    films = harvested(screen)

    media = concat([gulls, snails, films])
    title(f"One table: {len(media):,} media of three sources")
    chosen: list[int] = []
    start = 0
    for part in (gulls, snails, films):
        chosen += range(start, start + len(part), -(-len(part) // ROWS))
        start += len(part)
    lay_out(screen, media[chosen], COLUMNS)

    title("Licences, and whether Wikimedia Commons accepts them")
    bars(screen, media)

    title("Sample media as files, with their licences and credits, and a page to send on")
    hand_over(screen, keep)

    title("Dublin Core of Naturalis to documents of the NBA, and back")
    there_and_back(screen, read(samples.path("naturalis_oai_dc.xml")))

    odd = read(samples.path("odd.xml"))
    title("A page with many faults, read completely")
    for text in str(odd.report).replace(samples.path(""), "").splitlines():
        words = text.lstrip(" ")
        print_wrapped(screen, words, " " * (len(text) - len(words)))

    # One small sample says nothing about speed: read it often enough to see some.
    path = samples.path("openimages_oai_dc.xml")
    copies = [path] * (4_000_000 // os.path.getsize(path))
    began = perf_counter()
    many = read(copies)
    seconds = perf_counter() - began
    megabytes = len(copies) * os.path.getsize(path) / 1e6
    title("Speed on this machine")
    print_wrapped(
        screen,
        f"{len(many):,} records, {megabytes:.1f} MB in {seconds:.2f} s: "
        f"{len(many) / seconds:,.0f} records and {megabytes / seconds:,.0f} MB a second",
    )

    title("Next")
    folder = os.path.relpath(os.path.dirname(path))
    folder = folder if not folder.startswith("..") else os.path.dirname(path)
    for line in (
        *(["naturalia demo --keep demo/"] if keep is None else [f"open {os.path.join(keep, 'sheet.html')}"]),
        f"naturalia info {folder}/odd.xml",
        f"naturalia cat {folder}/nhm_oai_dc.xml --columns identifier,title,rights",
        "python -c 'import naturalia as nat; print(nat.samples.nba())'",
    ):
        screen.print(line, markup=False)


def hand_over(screen: Console, keep: str | None) -> None:
    """Media as files with their licences, how to cite them, and a report; with `keep`, all in a folder."""
    import os
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory, gettempdir

    from naturalia import check, cite, concat, fetch, gallery, read, report, samples

    media = concat([samples.nba(), samples.nhm()])
    screen.print(check(media, "commons").line(), markup=False)
    with ExitStack() as stack:
        folder = keep or stack.enter_context(TemporaryDirectory())
        os.makedirs(folder, exist_ok=True)
        page = os.path.join(
            folder if keep else gettempdir(), "report.html" if keep else "naturalia-demo.html"
        )
        drawn = stack.enter_context(TemporaryDirectory())
        server, served = serve_pictures(media, drawn)
        stack.enter_context(server)
        images = os.path.join(folder, "img")
        job = fetch(read(served(), format="media"), images, rate=None, progress=False)
        manifest = job.manifest
        rows = zip(
            *(manifest[name] for name in ("media_id", "status", "path", "size", "license")), strict=True
        )
        fetched = {name: (path, size, label) for name, status, path, size, label in rows if status == "ok"}
        print_wrapped(
            screen,
            f"fetched from {server.url} (this machine, during the demo only): the {len(fetched)} under an "
            "open licence",
        )
        for path, size, label in list(fetched.values())[:CREDITS]:
            screen.print(f"  {path:<24}  {size:>7,} bytes  {label}", markup=False)
        for citation in list(cite(media[[name in fetched for name in media["media_id"]]]))[:CREDITS]:
            print_wrapped(screen, citation.text, "  ")
        print_wrapped(screen, "(people and addresses are invented: .example leads nowhere)", "  ")
        report(media, page, title="Sample media of Naturalis and the NHM", images=job)
        screen.print(f"a report of all {len(media)}: {page}", markup=False)
        if keep is not None:
            media.write(os.path.join(keep, "media.xlsx"))
            gallery(media, images=job).write(os.path.join(keep, "sheet.html"))
            write_notebook(os.path.join(keep, "demo.ipynb"))
            print_wrapped(
                screen,
                f"in {keep}: media.xlsx, report.html, sheet.html, demo.ipynb, and img/ with ATTRIBUTION.csv",
            )


def serve_pictures(media: Table, folder: str) -> tuple[MediaServer, Callable[[], bytes]]:
    """A server of the drawn pictures of sample media, and the media with the addresses they have there."""
    import os

    from naturalia import samples, testing

    media.write(os.path.join(folder, "media.jsonl"))
    with open(os.path.join(folder, "media.jsonl"), encoding="utf-8") as file:
        text = file.read()
    files, names = [], {}
    paths = samples.pictures(media, folder)
    for name, url in zip(media["media_id"], media["media_url"], strict=True):
        with open(paths[name], "rb") as picture:
            files.append(testing.MediaFile(os.path.basename(paths[name]), picture.read(), "image/png"))
        names[url] = files[-1].name
    server = testing.media(files)

    def served() -> bytes:
        found = text
        for url, name in names.items():
            found = found.replace(url, server.url + name)
        return found.encode()

    return server, served


def write_notebook(path: str) -> None:
    """A notebook (nbformat 4.5) that opens the workbook and the pictures beside it."""
    import json

    from naturalia._output.atomic import atomic

    cells: list[dict[str, object]] = [
        {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            **({"execution_count": None, "outputs": []} if kind == "code" else {}),
        }
        for number, (kind, source) in enumerate(NOTEBOOK)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    with atomic(path) as file:
        file.write(json.dumps(notebook, indent=1).encode())


def there_and_back(screen: Console, table: Table) -> None:
    """What each value became in the NBA, and that all of them come back."""
    from naturalia import crosswalk

    kept = table[[not deleted for deleted in table["deleted"]]]
    there = crosswalk("oai_dc", "nba", source_code="DEMO")
    made, loss = there.apply(kept)
    for line in str(loss.summary()).splitlines():
        words = line.lstrip(" ")
        print_wrapped(screen, words, " " * (len(line) - len(words)))
    back = there.invert().apply(made).table
    same = sum(one == other for one, other in zip(kept.long(), back.long(), strict=False))
    count = len(kept.long())
    print_wrapped(screen, f"and back: {same} of {count} values as they were, in their order", "  ")


def asked(screen: Console) -> tuple[Table, Table]:
    """Media of the NBA and of the NHM Data Portal."""
    from naturalia import Nba, NhmPortal, testing

    with testing.nba(450) as nba, testing.nhm() as nhm:
        add_titles(nba, nhm)
        gulls = Nba(nba.url, rate=None).multimedia(genus="Larus")
        screen.print(
            f"NBA: {gulls.count():,} media of the genus Larus, by licence as it stands:", markup=False
        )
        counts = gulls.count(by="license")
        pairs = zip(counts["license"], counts["count"], strict=True)
        print_wrapped(screen, ", ".join(f"{count} × {name or 'none'}" for name, count in pairs), "  ")
        snails = NhmPortal(nhm.url, rate=None).media(genus="Helix")
        table = snails.collect()
        print_wrapped(
            screen, f"NHM: {len(table):,} media of snails of the genus Helix, with both licences each"
        )
        return gulls.collect(), table


def add_titles(nba: NbaServer, nhm: NhmServer) -> None:
    """Gives the media of both services titles; those they have are numbers, as in the collections."""
    for document in nba.documents():
        label = document["identifications"][0]["scientificName"]
        name = f"{label['genusOrMonomial']} {label.get('specificEpithet', '')}".strip()
        kind = KINDS.get(document["sourceSystem"]["code"], "photograph")
        nba.add("multimedia", document | {"title": f"{name}, {kind}"})
    for specimen in nhm.records[nhm.specimens]:
        name = " ".join(specimen[part] for part in ("genus", "specificEpithet") if part in specimen)
        for medium in specimen.get("associatedMedia", ()) if name else ():
            if medium.get("type") == "StillImage":
                medium["title"] = f"{name}, specimen"


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
    narrow = screen.width < NARROW
    for (label, status, verdict, reason), count in rows.most_common(BARS):
        bar = "█" * max(round(8 * count / most), 1)
        screen.print(f"{count:>4}  [{COLOURS[verdict]}]{bar:<8}[/]  ", end="")
        line = f"{label:<20}  {verdict}" if narrow else f"{label:<20}  {status:<11}  {verdict}, {reason}"
        screen.print(line, markup=False)
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
            screen.print(f"Ctrl-C during page 5: {came:,} records are safe in films.sqlite")
        finally:
            signal.signal(signal.SIGINT, usual)
        films = harvest(source, path, prefix="oai_oi", progress=False)
        print_wrapped(screen, "The same call again resumes there; page 9 arrives cut and is requested again")
        for line in str(films.tally).splitlines():
            screen.print(f"  {line}", markup=False)
        return films.current().collect()


def print_wrapped(screen: Console, text: str, indent: str = "", style: str | None = None) -> None:
    """Prints a text in lines that fit, each with the same indent."""
    from naturalia._output.text import wrapped

    for line in wrapped(text, screen.width - len(indent)):
        screen.print(indent + line, style=style, markup=False)


def lay_out(screen: Console, table: Table, columns: list[str]) -> None:
    """The records of a table, a line each."""
    from naturalia._table.preview import Grid

    shown = table.view(columns=columns, multi="first")
    grid = Grid(shown, screen.width)
    screen.print(grid.header(), style="dim", markup=False)
    for line, _ in grid.lines(shown):
        screen.print(line, markup=False)
