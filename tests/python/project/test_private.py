"""Records marked as not public leave by no route: a row per route, and random chains of selections."""

import gzip
import io
import json
import re
import zipfile
from types import SimpleNamespace

import naturalia as nat
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from naturalia._cli import cli
from support.building import dc, header, page, record, title

MARKER = "Qhfv7secretnest"
CRS = ' xmlns:abcd="http://www.tdwg.org/schemas/abcd/2.06"'


# --- records of each format: two public ones, one that is not and has the marker in every text ---


def nba(flag=False, address="https://media.example/"):
    """Lines of NBA documents."""
    documents = [
        {
            "id": f"{name}@CRS",
            "sourceSystemId": name,
            "sourceSystem": {"code": "XC"},
            "unitID": name,
            "title": f"title {name}",
            "creator": f"creator {name}",
            "license": "CC BY 4.0",
            "type": "StillImage" if number else f"type {name}",
            "multiMediaPublic": public,
            "serviceAccessPoints": [{"accessUri": f"{address}{number + 1}.jpg", "format": "image/jpeg"}],
            "identifications": [
                {"scientificName": {"fullScientificName": f"Larus {name}"}, "remarks": f"first {name}"},
                {"scientificName": {"fullScientificName": f"Sterna {name}"}},
            ],
        }
        for number, (name, public) in enumerate([(MARKER, flag), ("R.1", True), ("R.2", True)])
    ]
    return "\n".join(map(json.dumps, documents)).encode() + b"\n"


def specimens():
    """Lines of NBA specimens, one without the flag."""
    documents = [
        {"id": "S.1@CRS", "unitID": "S.1", "objectPublic": True, "associatedMultiMediaUris": []},
        {
            "id": f"{MARKER}@CRS",
            "unitID": MARKER,
            "objectPublic": False,
            "multiMediaPublic": True,
            "associatedMultiMediaUris": [{"accessUri": f"https://media.example/{MARKER}.jpg"}],
            "identifications": [{"scientificName": {"fullScientificName": f"Larus {MARKER}"}}],
        },
        {"id": "S.2@CRS", "unitID": "S.2", "title": "Egg"},
    ]
    return "\n".join(map(json.dumps, documents)).encode()


def dublin_core(flag="<abcd:MultiMediaPublic>0</abcd:MultiMediaPublic>"):
    """A page of Dublin Core whose records have a flag of the collection system."""
    return page(
        record(dc(title("Gull"), flag.replace(">0<", ">1<"), declarations=CRS), 1),
        record(
            dc(title(MARKER), flag, declarations=CRS), head=header(identifier=f"oai:museum.example:{MARKER}")
        ),
        record(dc(title("Tern")), 3),
    )


def audiovisual():
    """Rows of Audiovisual Core with a column for the flag."""
    head = "dcterms:identifier,dcterms:title,multiMediaPublic\n"
    return f"{head}1,Gull,true\n2,{MARKER},false\n3,Tern,\n".encode()


def frame(values=("true", " False ", None)):
    """A frame of another library."""
    import pyarrow

    return pyarrow.table({"id": ["1", MARKER, "3"], "note": ["a", MARKER, "c"], "public": list(values)})


def media():
    """A table of the hub."""
    return nat.crosswalk("nba", "media", include_private=True).apply(nat.read(nba(), format="nba")).table


TABLES = {
    "nba": lambda: nat.read(nba(), format="nba"),
    "nba, flag as text": lambda: nat.read(nba("false"), format="nba"),
    "nba, flag as number": lambda: nat.read(nba(0), format="nba"),
    "nba, flag nested": lambda: nat.read(
        nba(True).replace(b'"type": "type', b'"source": {"objectPublic": false}, "type": "type'), format="nba"
    ),
    "nba_specimen": lambda: nat.read(specimens(), format="nba_specimen"),
    "oai_dc": lambda: nat.read(dublin_core()),
    "oai_dc, flag nested": lambda: nat.read(
        dublin_core("<frm><abcd:MultiMediaPublic>0</abcd:MultiMediaPublic></frm>")
    ),
    "ac": lambda: nat.read(("a.csv", audiovisual()), format="ac"),
    "xml": lambda: nat.read(dublin_core().replace(b"OAI/2.0/oai_dc/", b"OAI/2.0/other/")),
    "media": media,
    "frame": lambda: nat.Table(frame()),
    "frame of booleans": lambda: nat.Table(frame((True, False, None))),
    "frame of numbers": lambda: nat.Table(frame((1, 0, None))),
}


# --- what left ---


def texts(path):
    """All that is in a file, as one text, unpacked."""
    data = path.read_bytes()
    found = [data.decode("utf-8", "replace")]
    if data[:2] == b"\x1f\x8b":
        found.append(gzip.decompress(data).decode("utf-8", "replace"))
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as packed:
            found += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    if path.suffix == ".parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        found += [str(table.to_pylist()), str(table.schema.metadata)]
    return "\n".join(found)


def left(folder):
    """All that is in a folder."""
    return "\n".join(texts(path) for path in sorted(folder.rglob("*")) if path.is_file())


def counted(text):
    """The number of records that a remark reports as left out."""
    found = re.search(r"([\d,]+) +(?:records? )?(?:are )?not public", text)
    return int(found[1]) if found else 0


class Case(SimpleNamespace):
    """What a route gets: `table`, its file as `source`, an empty `folder`, `include_private`."""

    def written(self, data, name="out.csv", **how):
        """Text and count of a file that `nat.write` writes."""
        report = nat.write(data, self.folder / name, include_private=self.include_private, **how)
        assert counted(str(report)) == report.counts.get("private", 0)
        return left(self.folder), report.counts.get("private", 0)

    def ran(self, verb, *arguments, source=None, columns="500"):
        """Text and count of a command: its files, standard output and standard error."""
        option = ["--include-private"] if self.include_private else []
        given = [str(source or self.source)]
        done = CliRunner(env={"COLUMNS": columns}).invoke(cli, [verb, *given, *map(str, arguments), *option])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code in (0, 5, 6), done.output
        return f"{done.output}\n{left(self.folder)}", counted(done.output)


ROUTES = {}


def route(*covers, name=None):
    """Adds a row: a function of a `Case` that returns all the text that left and the number left out."""

    def add(function):
        ROUTES[name or function.__name__] = (function, covers)
        return function

    return add


def file_route(name, **how):
    """A row for a kind of file."""
    route("write", "Table.write", name=f"write {name} {how or ''}")(
        lambda case: case.written(case.table, name, **how)
    )


for kind in ("csv", "tsv", "xlsx", "parquet", "jsonl", "json", "csv.gz", "json.gz"):
    file_route(f"out.{kind}")
for kind in ("json", "jsonl"):
    file_route(f"out.{kind}", layout="columns")
for kind in ("csv", "xlsx", "parquet"):
    file_route(f"out.{kind}", multi="list")
    file_route(f"out.{kind}", multi="explode")
    file_route(f"out.{kind}", multi="first")
    file_route(f"out.{kind}", columns="title")
file_route("out.csv", lang="wide")
file_route("out.csv", excel=True)
for kind in ("csv", "tsv", "xlsx"):
    file_route(f"commons.{kind}", layout="commons")


@route("write", name="write an open file")
def _(case):
    out = io.BytesIO()
    report = nat.write(case.table, out, format="jsonl", include_private=case.include_private)
    return out.getvalue().decode(), report.counts.get("private", 0)


@route("write", name="write xml")
def _(case):
    return case.written(nat.read(dublin_core()), "out.xml")


@route("write", name="write rows as they were read")
def _(case):
    return case.written(nat.read(("a.csv", audiovisual()), format="ac"), layout="exact")


@route("write", name="write a frame")
def _(case):
    return case.written(frame())


@route("write", name="write tables one after the other")
def _(case):
    return case.written(case.table[number : number + 1] for number in range(3))


@route("Query.write", "scan", name="write a query")
def _(case):
    report = nat.scan(case.source).write(case.folder / "out.csv", include_private=case.include_private)
    return left(case.folder), report.counts.get("private", 0)


@route("write", "Harvest", "View", "harvest", name="write a harvest")
def _(case):
    return case.written(harvested(case))


@route("write", "Harvest", "View", name="write a view of a harvest")
def _(case):
    return case.written(harvested(case).current(), "out.jsonl")


def harvested(case):
    """A harvest file of the documents, outside of the folder that is looked at: it keeps all records."""
    documents = [json.loads(line) for line in nba().splitlines()]
    with nat.testing.nba(documents) as server:
        query = nat.Nba(server.url, contact="t@museum.example", rate=1000).multimedia()
        return nat.harvest(query, case.folder.with_suffix(".sqlite"), progress=False)


def derived_route(name, change, file="out.csv"):
    """A row for what is made of a table."""
    route("write", name=f"write {name}")(lambda case: case.written(change(case.table), file))


derived_route("a view without the flag", lambda t: t.view(columns=["id", "title"]))
derived_route(
    "a view of a view", lambda t: t.view(columns=["id", "title"], multi="first").view(columns="title")
)
derived_route("an exploded view", lambda t: t.view(multi="explode", columns=["id", "identifications"]))
derived_route("a joined view", lambda t: t.view(multi="join", columns=["title", "identifications"]))
derived_route("the long form", lambda t: t.long())
derived_route("a selection of the long form", lambda t: t.long()[::2])
derived_route("identifications", lambda t: t.identifications())
derived_route("identifications of media", lambda _: media().identifications())
derived_route("a summary", lambda t: t.summary())
derived_route("a view of a summary", lambda t: t.summary()[::-1].view(columns=["column", "commonest"]))
derived_route("summaries one after the other", lambda t: nat.concat([t[1:].summary(), t.summary()]))
derived_route("a slice", lambda t: t.view(columns="title")[:2])
derived_route("a mask", lambda t: t.view(columns="title")[[True, False, True]])
derived_route("row numbers", lambda t: t.view(columns="title")[[2, 0]])
derived_route("a filter", lambda t: t.filter([True, True, False]))
derived_route("the rows of a frame", lambda t: t.keep(t.view(columns=["id"]).to_pandas()))
derived_route(
    "tables put together", lambda t: nat.concat([t.view(columns="title"), t[1:].view(columns="title")])
)
derived_route(
    "a crosswalk and back", lambda _: nat.crosswalk("media", "nba", include_private=True).apply(media()).table
)
derived_route("a view of a crosswalk", lambda t: crossed(t).view(columns=["title"]))
derived_route("the residue of a crosswalk", lambda t: crossed(t).view(columns=["residue"]), "out.parquet")
derived_route(
    "licences", lambda _: nat.licenses(media().view(columns=["title", "license_raw"]), column="license_raw")
)
derived_route("licences of media", lambda _: nat.licenses(media()))


def crossed(table):
    """Dublin Core of all documents, which has no column for the flag."""
    return nat.crosswalk("nba", "oai_dc", include_private=True).apply(table).table


derived_route("a crosswalk", crossed)


@route("Validation.write", "validate")
def validation(case):
    odd = nat.read(nba().replace(b'"type": "type', b'"rating": 9, "type": "type'), format="nba")
    found = nat.validate(odd, "nba")
    report = found.write(case.folder / "out.csv", include_private=case.include_private)
    shown = "" if case.include_private else found._repr_html_()
    return left(case.folder) + str(found) + shown, report.counts.get("private", 0)


@route("Validation.write", "validate", name="validation of rows")
def _(case):
    return case.written(nat.validate(nat.read(dublin_core())).findings)


for style in ("apa", "bibtex", "csl-json", "attribution"):

    @route("cite", "Citations.write", "Citations", name=f"cite {style}")
    def _(case, style=style):
        found = nat.cite(case.table, style=style, include_private=case.include_private)
        found.write(case.folder / "out.txt")
        return f"{left(case.folder)}{found}{found._repr_html_()}", counted(repr(found))


@route("check", "Check")
def check(case):
    found = nat.check(case.table, "commons", include_private=case.include_private)
    found.table.write(case.folder / "out.csv")
    return f"{left(case.folder)}{found}{found._repr_html_()}", counted(repr(found))


@route("gallery", "Gallery")
def gallery(case):
    found = nat.gallery(case.table, group="creator", include_private=case.include_private)
    return f"{found!r}{found._repr_html_()}", counted(repr(found))


@route("Gallery.write", name="contact sheet")
def _(case):
    """Letters are pixels here: a picture like that of the public records shows no other."""
    public = case.folder.parent / "public.png"
    nat.gallery(case.table[1:]).write(public)
    found = nat.gallery(case.table, include_private=case.include_private)
    found.write(case.folder / "all.png")
    same = public.read_bytes() == (case.folder / "all.png").read_bytes()
    return "" if same else MARKER, counted(repr(found))


@route("report")
def report(case):
    nat.report(case.table, case.folder / "out.html", include_private=case.include_private)
    return left(case.folder), counted(left(case.folder))


@route("crosswalk", "Loss.write", "Loss", "Crosswalk")
def loss(case):
    found = nat.crosswalk("nba", "oai_dc", include_private=case.include_private).apply(case.table).loss
    for kind in ("html", "csv", "xlsx"):
        found.write(case.folder / f"loss.{kind}")
    return f"{left(case.folder)}{found}{found._repr_html_()}", counted(str(found))


@route("report", name="report with a loss")
def _(case):
    found = nat.crosswalk("nba", "oai_dc", include_private=case.include_private).apply(case.table).loss
    nat.report(case.table, case.folder / "out.html", loss=found, include_private=case.include_private)
    return left(case.folder), counted(left(case.folder))


@route("license_report", "LicenseReport.write", "LicenseReport", name="decision sheet")
def _(case):
    found = nat.license_report(case.table, column="creator", include_private=case.include_private)
    for kind in ("csv", "xlsx"):
        found.write(case.folder / f"out.{kind}")
    return f"{left(case.folder)}{found}{found._repr_html_()}", counted(repr(found))


for library in ("to_pandas", "to_polars", "to_arrow"):

    @route("license_report", name=f"decision sheet {library}")
    def _(case, library=library):
        data = getattr(case.table.view(columns=["creator", "multiMediaPublic"]), library)()
        found = nat.license_report(data, column="creator", include_private=case.include_private)
        return str(found), counted(repr(found))


@route("fetch", "FetchJob")
def fetch(case):
    with nat.testing.media(3) as files:
        table = nat.read(nba(address=files.url), format="nba")
        job = nat.fetch(
            table,
            case.folder,
            rate=None,
            progress=False,
            inside=files.url.split("/")[2],
            include_private=case.include_private,
        )
        job.manifest.write(case.folder / "manifest.csv")
    return f"{left(case.folder)}{job}{job._repr_html_()}", counted(str(job))


@route("fetch", name="fetch, a frame, in a dry run")
def _(case):
    data = (
        media()
        .view(columns=["media_id", "title", "media_url", "license_raw", "public", "unit_id"])
        .to_pandas()
    )
    job = nat.fetch(data, case.folder, dry_run=True, license="any", include_private=case.include_private)
    return str(job.manifest.to_dicts()), counted(str(job))


@route("fetch", name="fetch, a view without the flag, in a dry run")
def _(case):
    data = media().view(columns=["media_id", "title", "media_url", "license_raw", "unit_id"])
    job = nat.fetch(data, case.folder, dry_run=True, license="any", include_private=case.include_private)
    return str(job.manifest.to_dicts()), counted(str(job))


@route("Table", name="displays of a table")
def _(case):
    """Displays are saved with a notebook. They have no option: values are in columns and records."""
    if case.include_private:
        return str(case.table["title"]), 0
    wide = case.table.view(columns=["title", "creator"])
    return f"{case.table}{case.table._repr_html_()}{wide}{wide._repr_html_()}", counted(str(wide))


@route("View", name="displays of a view of a harvest")
def _(case):
    view = harvested(case).current()
    if case.include_private:
        return str(view.collect()["title"]), 0
    return f"{view}{view._repr_html_()}", counted(str(view))


# --- commands ---

for arguments in (
    [],
    ["--format", "table"],
    ["--format", "jsonl"],
    ["--format", "json"],
    ["--format", "csv"],
    ["--format", "tsv"],
    ["--long"],
    ["--long", "--format", "csv"],
    ["--columns", "id,title"],
    ["--columns", "title", "--format", "table"],
    ["--multi", "explode", "--format", "csv"],
    ["--as", "media"],
    ["--as", "oai_dc", "--format", "xml"],
    ["--limit", "1"],
):
    route("cat", name=f"cat {' '.join(arguments)}")(
        lambda case, arguments=arguments: case.ran("cat", *arguments)
    )


@route("cat", name="cat of a harvest, what has changed")
def _(case):
    harvested(case)
    return case.ran("cat", "--changed", "last", source=case.folder.with_suffix(".sqlite"))


@route("convert")
def convert(case):
    return case.ran("convert", case.folder / "out.csv", "--columns", "title")


@route("convert", name="convert to another format, with the loss")
def _(case):
    how = ["--to", "oai_dc", "--loss", case.folder / "loss.html"]
    return case.ran("convert", case.folder / "out.xml", *how)


def edited(case):
    """A file of the records in which a person changed every title."""
    frame = case.table.view(multi="join").to_pandas()
    frame["title"] = [f"{title} (edited)" for title in frame["title"]]
    path = case.folder.parent / "edited.csv"
    frame.to_csv(path, index=False)
    return path


@route("diff", name="diff of records and an edited file")
def _(case):
    return case.ran("diff", edited(case), "--on", "id")


@route("update-from", name="update-from an edited file")
def _(case):
    return case.ran("update-from", edited(case), case.folder / "updated.csv", "--on", "id")


@route("convert", name="convert to standard output")
def _(case):
    return case.ran("convert", "-", "--format", "jsonl")


for kind in ("text", "jsonl", "csv"):
    route("check", name=f"check --format {kind}")(
        lambda case, kind=kind: case.ran(
            "check", "--for", "commons", "--format", kind, "--report", case.folder / "out.html"
        )
    )


def rights(case):
    """A CSV with statements and a flag."""
    path = case.folder.parent / "rights.csv"
    path.write_text(f"rights,objectPublic\nCC BY 4.0,true\nask {MARKER},FALSE\nask us,\n", encoding="utf-8")
    return path


@route("check", name="check --column")
def _(case):
    return case.ran("check", "--column", "rights", "--for", "open", source=rights(case))


@route("license", name="license --report")
def _(case):
    option = ["--include-private"] if case.include_private else []
    how = ["license", "--report", str(rights(case)), "--column", "rights"]
    runner = CliRunner()
    shown = runner.invoke(cli, [*how, *option])
    written = runner.invoke(cli, [*how, "--out", str(case.folder / "out.csv"), *option])
    return shown.output + written.output + left(case.folder), counted(written.stderr)


@route("cite", name="cite, the command")
def _(case):
    return case.ran("cite", "--style", "bibtex")


@route("report", name="report, the command")
def _(case):
    return case.ran("report", case.folder / "out.html")


@route("fetch", name="fetch --dry-run, the command")
def _(case):
    return case.ran("fetch", case.folder, "--dry-run", "--license", "any")


VERBS = {"cat", "convert", "check", "license", "cite", "report", "fetch", "diff", "update-from"}
"""The commands of which rows are above."""
NO_RECORDS = {
    "demo": "its own samples",
    "info": "counts, sizes and repairs",
    "harvest": "fills a harvest file, which keeps all that the service sent",
    "update": "fills a harvest file, which keeps all that the service sent",
    "crosswalk": "rules",
    "validate": "checks pages as text and reads no records",
    "doctor": "this machine",
    "completion": "the shell",
}
"""The commands that output no records, and what they output."""
IN_MEMORY = {
    "dialects",
    "concat",
    "read",
    "open",
    "license",
    "licenses",
    "licenses_in",
    "combine",
    "sources",
    "field",
}
"""Functions whose results stay in memory."""
NOTHING_TO_WRITE = {"Crosswalk.write": "rules"}


# --- the tests ---


@pytest.fixture
def case(tmp_path):
    source = tmp_path / "source.ndjson"
    source.write_bytes(nba())
    folder = tmp_path / "out"
    folder.mkdir()
    return Case(table=nat.read(source), source=source, folder=folder, include_private=False)


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_private_records_are_left_out_and_counted(case, name):
    text, count = ROUTES[name][0](case)
    assert MARKER not in text
    assert count == 1


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_private_records_are_included_on_demand(case, name):
    case.include_private = True
    text, count = ROUTES[name][0](case)
    assert MARKER in text
    assert count == 0


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "out.jsonl", "out.xlsx"])
def test_the_flag_of_every_format_counts(case, kind, name):
    table = TABLES[kind]()
    text, count = case.written(table, name)
    assert MARKER not in text
    assert count == 1
    case.include_private = True
    text, count = case.written(table, name)
    assert MARKER in text
    assert count == 0


@pytest.mark.parametrize("kind", TABLES)
def test_in_memory_nothing_is_withheld(kind):
    table = TABLES[kind]()
    assert len(table) == 3
    assert MARKER in str(table.to_dicts())
    assert MARKER in str(table.to_arrow().to_pylist())
    assert MARKER in str(table.to_pandas().to_dict())


def test_the_flag_is_a_default_column():
    assert nat.read(nba(), format="nba").to_pandas()["multiMediaPublic"].tolist() == [False, True, True]
    assert media().to_pandas()["public"].tolist() == [False, True, True]


def test_a_frame_without_the_flag_is_taken_for_public(case):
    """Another library does not keep track of rows: pass on the column of the flag."""
    frame = case.table.view(columns=["title"]).to_pandas()
    _, count = case.written(frame)
    assert count == 0
    _, count = case.written(case.table.view(columns=["title", "multiMediaPublic"]).to_pandas())
    assert count == 1


def test_a_long_form_from_elsewhere_has_the_flag_in_its_rows(case):
    for table in (case.table, nat.read(dublin_core()), TABLES["oai_dc, flag nested"](), media()):
        parts = table.long().to_arrow().combine_chunks().to_batches(max_chunksize=2)
        long = nat.Table(in_batches(parts))
        text, count = case.written(long)
        assert MARKER not in text
        assert count == 1
        assert MARKER not in case.written(long.view(columns=["value"]))[0]
        assert MARKER in str(long.to_dicts())


def in_batches(batches):
    """A table of pyarrow in small batches."""
    import pyarrow

    return pyarrow.Table.from_batches(batches)


def test_records_are_counted_and_not_their_rows(case):
    many = nat.concat([case.table, case.table])
    assert case.written(many.long())[1] == 2
    assert case.written(case.table.view(multi="explode"))[1] == 1
    assert case.written(case.table.identifications())[1] == 1


def test_every_command_has_a_row():
    commands = set(cli.commands)
    assert not VERBS & set(NO_RECORDS)
    assert commands == VERBS | set(NO_RECORDS), "add a row for the command, or the reason why it needs none"
    assert all(any(name.startswith(verb) for name in ROUTES) for verb in VERBS)
    for verb in VERBS:
        assert any("--include-private" in option.opts for option in cli.commands[verb].params), verb


def test_every_public_function_that_outputs_records_has_a_row():
    covered = {name for _, covers in ROUTES.values() for name in covers}
    for name in nat.__all__:
        home = getattr(nat, name)
        if isinstance(home, type):
            method = f"{name}.write"
            if "write" in vars(home) and method not in NOTHING_TO_WRITE:
                assert method in covered, f"add a row for {method}"
        elif callable(home):
            assert name in covered | IN_MEMORY, (
                f"add a row for {name}, or list it as one that stays in memory"
            )


def test_harvest_files_keep_all_records(case):
    harvest = harvested(case)
    assert len(harvest) == 3
    assert MARKER in str(harvest.current().collect()["title"])


@pytest.mark.parametrize("arguments", [[], ["--format", "json"]])
def test_info_names_no_record(case, arguments):
    case.source.write_bytes(nba().replace(b'"type": "type', b'"rating": "many", "type": "type'))
    assert MARKER not in CliRunner().invoke(cli, ["info", str(case.source), *arguments]).output


# --- random chains ---

STEPS = {
    "head": lambda t, n: t[: n % (len(t) + 1)],
    "tail": lambda t, n: t[n % (len(t) + 1) :],
    "reverse": lambda t, _: t[::-1],
    "every second": lambda t, n: t[n % 2 :: 2],
    "mask": lambda t, n: t.filter([(row * 7 + n) % 3 != 0 for row in range(len(t))]),
    "first column": lambda t, n: t.view(columns=[t.columns[n % len(t.columns)]]),
    "two columns": lambda t, n: t.view(columns=t.columns[n % len(t.columns) :][:2]),
    "no flags": lambda t, _: t.view(columns=[name for name in t.columns if "ublic" not in name]),
    "join": lambda t, _: t.view(multi="join"),
    "first": lambda t, _: t.view(multi="first"),
    "explode": lambda t, _: t.view(multi="explode"),
    "wide": lambda t, _: t.view(lang="wide"),
    "long": lambda t, _: t.long(),
    "summary": lambda t, _: t.summary(),
    "identifications": lambda t, _: t.identifications(),
    "twice": lambda t, _: nat.concat([t, t]),
    "keep": lambda t, _: t.keep(t.to_arrow()),
    "media": lambda t, _: nat.crosswalk(t.format, "media", include_private=True).apply(t).table,
    "dublin core": lambda t, _: nat.crosswalk(t.format, "oai_dc", include_private=True).apply(t).table,
    "documents": lambda t, _: nat.crosswalk(t.format, "nba", include_private=True).apply(t).table,
    "licences": lambda t, _: nat.licenses(t, column="license_raw"),
}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much], deadline=None
)
@given(
    kind=st.sampled_from(sorted(TABLES)),
    chain=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), max_size=6),
    name=st.sampled_from(["csv", "jsonl", "parquet"]),
)
def test_no_chain_of_selections_and_views_lets_them_out(kind, chain, name):
    table = TABLES[kind]()
    for step, number in chain:
        try:
            table = STEPS[step](table, number)
        except (ValueError, KeyError, nat.errors.NaturaliaError):
            continue  # not every table takes every step
    assume(len(table))
    private, opened = io.BytesIO(), io.BytesIO()
    report = nat.write(table, private, format=name)
    nat.write(table, opened, format=name, include_private=True)
    shown = str(table) + table._repr_html_()
    assert MARKER not in unpacked(name, private) + shown
    if MARKER in unpacked(name, opened):
        assert report.counts["private"] >= 1


def unpacked(name, out):
    """What was written, as text."""
    if name != "parquet":
        return out.getvalue().decode()
    import pyarrow.parquet

    return str(pyarrow.parquet.read_table(io.BytesIO(out.getvalue())).to_pylist())


def test_repairs_do_not_quote_a_private_record(tmp_path):
    def of(number, public):
        return record(
            dc(
                f"<dc:title>MARKER{number} & more</dc:title>"
                f'<abcd:MultiMediaPublic xmlns:abcd="http://www.tdwg.org/schemas/abcd/2.06">{public}'
                "</abcd:MultiMediaPublic>"
            ),
            head=f"<header><identifier>oai:x:{number}</identifier><datestamp>2026-03-02</datestamp></header>",
        )

    path = tmp_path / "page.xml"
    path.write_bytes(page(of(1, "true") + of(2, "false")))
    table = nat.read(path)
    assert [repair.identifier for repair in table.report.repairs] == ["oai:x:1", None]
    outputs = [
        CliRunner().invoke(cli, ["info", str(path), "--format", kind]).output for kind in ("json", "text")
    ]
    for text in (*outputs, str(table.report), table.report._repr_html_()):
        assert "MARKER2" not in text
        assert "oai:x:2" not in text
