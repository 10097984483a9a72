"""What `write` writes: whole or not there, and read back as it was."""

import io
import json
import multiprocessing
import os
import signal
import time

import naturalia as nat
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.building import dc, header, oi, page, qdc, record, title

EXACT = [
    ("out.parquet", {}),
    ("out.jsonl", {}),
    ("out.ndjson", {}),
    ("out.json", {}),
    ("out.xml", {}),
    ("out.jsonl.gz", {}),
    ("out.xml.gz", {}),
    ("out.csv", {"multi": "list"}),
    ("out.tsv", {"multi": "list"}),
    ("out.xlsx", {"multi": "list"}),
]
JOINED = ["out.csv", "out.tsv", "out.csv.gz", "out.xlsx"]


def rows(table, *, notes=True):
    found = pa.table(table)
    return (found if notes else found.drop_columns("notes")).to_pylist()


def same(left, right, *, notes=True):
    return (
        left.format == right.format
        and left.columns == right.columns
        and rows(left, notes=notes) == rows(right, notes=notes)
    )


def about(what):
    """An about container."""
    return f'<about><a:{what} xmlns:a="urn:about"><a:x y="1">{what} &amp;</a:x></a:{what}></about>'


HARD = page(
    record(dc(title("  Larus &amp; Parus\n ", 'xml:lang="nl"'), title('a | b \\ c;d,e"f'), title(""))),
    record(
        dc(
            "<dc:rights>first</dc:rights>",
            title('Larus <i class="x">argentatus</i>, <dc:b>1</dc:b>', 'xml:lang="la"'),
            '<dc:date xsi:type="dcterms:W3CDTF">2001</dc:date>',
            '<mediator xmlns="urn:other" role="a&quot;b&#10;c">who</mediator>',
            "<dc:mediator>Wikimedia</dc:mediator>",
            "<plain xmlns=''>no namespace</plain>",
            "<lost:one>nobody declared it</lost:one>",
            declarations=' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        ),
        2,
        head=header(2, sets=("a", "b:c")),
        about=about("rights") + about("provenance"),
    ),
    record(None, 3, head=header(3, status="deleted", sets=("a",))),
    record(dc(title("gone")), 4, head=header(4, status="deleted")),
    record(dc(title("=1+1"), title("00123"), title("2001-02-03"), title("\u200fאבג")), 5),
)


@pytest.fixture
def hard():
    return nat.read(HARD)


@pytest.mark.parametrize(("name", "how"), EXACT)
def test_a_table_is_read_back_as_it_was_with_everything_that_is_noted_of_it(name, how, hard, tmp_path):
    report = hard.write(tmp_path / name, **how)
    again = nat.read(tmp_path / name)
    assert same(hard, again)
    assert list(hard.long()) == list(again.long())
    assert report.exact
    assert report.rows == 5


@pytest.mark.parametrize("name", JOINED)
def test_joined_cells_lose_only_what_the_report_counts(name, hard, tmp_path):
    report = hard.write(tmp_path / name)
    assert same(hard, nat.read(tmp_path / name), notes=False)
    assert report.counts == {"notes": sum(len(notes) for notes in hard["notes"])}
    assert not report.exact


@pytest.mark.parametrize(
    "payload",
    [
        oi(
            '<oi:publisher xml:lang="nl">A</oi:publisher><oi:publisher>http://a.example/</oi:publisher>'
            '<oi:medium format="sd">http://a.example/1.mp4</oi:medium><oi:medium>http://b.example</oi:medium>'
            "<oi:date>1976-01-01</oi:date><oi:type/>"
        ),
        qdc(
            '<dcterms:spatial xsi:type="dcterms:Point" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">x'
            "</dcterms:spatial><dc:title>t</dc:title><dcterms:creator>in no column</dcterms:creator>"
        ),
        '<mods xmlns="http://www.loc.gov/mods/v3"><title a="1">x &amp; <!-- c -->y</title></mods>',
        '<m:mods xmlns:m="http://www.loc.gov/mods/v3"><m:title/></m:mods>',
    ],
    ids=["oai_oi", "oai_qdc", "xml", "xml with a prefix"],
)
@pytest.mark.parametrize(("name", "how"), EXACT)
def test_every_format_of_records_comes_back(payload, name, how, tmp_path):
    table = nat.read(page(record(payload), record(payload, 2)))
    table.write(tmp_path / name, **how)
    assert same(table, nat.read(tmp_path / name))


@pytest.mark.parametrize(("name", "how"), EXACT)
@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats", "ListIdentifiers"])
def test_the_replies_of_other_verbs_come_back(verb, name, how, tmp_path):
    inner = {
        "Identify": "<repositoryName>R</repositoryName><adminEmail>a@b.example</adminEmail>"
        "<adminEmail>c@d.example</adminEmail><description><x xmlns='urn:x'>y</x></description>",
        "ListSets": "<set><setSpec>a</setSpec><setName>A</setName></set><set><setSpec>a:b</setSpec></set>",
        "ListMetadataFormats": "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>",
        "ListIdentifiers": header(1, sets=("a",)) + header(2, status="deleted"),
    }[verb]
    table = nat.read(page(inner, verb=verb))
    table.write(tmp_path / name, **how)
    assert same(table, nat.read(tmp_path / name))


def test_an_empty_table_is_a_table_everywhere(hard, tmp_path):
    for name, how in EXACT:
        hard[:0].write(tmp_path / name, **how)
        assert same(hard[:0], nat.read(tmp_path / name)), name


def test_a_view_is_read_back_as_the_view(hard, tmp_path):
    for how in ({"multi": "first"}, {"multi": "explode"}, {"lang": "wide"}, {"columns": "identifier,title"}):
        for name in ("out.csv", "out.xlsx", "out.parquet", "out.jsonl"):
            multi = how.get("multi", "list")
            hard.write(tmp_path / name, **how)
            seen = hard.view(**{**how, "multi": multi})
            assert rows(nat.read(tmp_path / name)) == rows(seen), (name, how)


def test_what_a_view_leaves_out_is_counted(hard, tmp_path):
    report = hard.write(tmp_path / "out.csv", multi="first")
    assert report.counts["left_out"] == hard.view(multi="first").report.left_out > 0


def test_types_of_any_frame_come_back(tmp_path):
    frame = pa.table(
        {
            "n": pa.array([1, None, -(2**62)]),
            "x": pa.array([0.1, float("inf"), None]),
            "yes": [True, None, False],
            "when": pa.array([0, None, 1], pa.timestamp("us", "UTC")),
            "list": pa.array([["a", ""], None, []]),
            "group": pa.array([{"b": "1", "a": None}, None, {"b": None, "a": 2}]),
            "text": ["", None, "0012"],
        }
    )
    for name, how in EXACT:
        if "xml" in name:
            continue
        nat.write(frame, tmp_path / name, **how)
        again = rows(nat.read(tmp_path / name))
        if name.endswith((".csv", ".tsv", ".xlsx")):
            # Cells know one kind of nothing.
            again = [{**row, "list": row["list"] or None, "text": row["text"] or None} for row in again]
            wanted = [
                {**row, "list": row["list"] or None, "text": row["text"] or None} for row in rows(frame)
            ]
        else:
            wanted = rows(frame)
        assert again == wanted, name


def test_a_csv_of_other_origin_is_text(tmp_path):
    (tmp_path / "a.csv").write_text("id;name\n007;x\n008;\n", encoding="utf-8-sig")
    table = nat.read(tmp_path / "a.csv")
    assert rows(table) == [{"id": "007", "name": "x"}, {"id": "008", "name": None}]


def test_a_csv_without_its_provenance_is_known_by_its_columns(hard, tmp_path):
    hard.write(tmp_path / "out.csv")
    (tmp_path / "out.csv.about.json").unlink()
    assert same(hard, nat.read(tmp_path / "out.csv"), notes=False)


def test_provenance_of_a_file_that_was_replaced_is_not_used(tmp_path):
    nat.write(pa.table({"n": [1], "a": [["x"]]}), tmp_path / "out.csv")
    (tmp_path / "out.csv").write_text("n,b\nmany,x | y\n")
    assert rows(nat.read(tmp_path / "out.csv")) == [{"n": "many", "b": "x | y"}]


def test_a_row_that_does_not_fit_says_where(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    with pytest.raises(nat.errors.ParseError, match="3 cells under a header of 2") as refused:
        nat.read(tmp_path / "a.csv")
    assert refused.value.line == 3
    assert str(tmp_path / "a.csv") in str(refused.value)


def test_csv_for_excel_defuses_formulas_and_read_takes_the_guard_away(tmp_path):
    texts = ["=1+1", "+31", "-5", "@x", "'=1", "''-", "\tx", "'quoted'", "plain"]
    table = nat.Table(pa.table({"a": texts}))
    report = table.write(tmp_path / "out.csv", excel=True)
    assert report.counts["guarded"] == 7
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n=" not in data
    assert nat.read(tmp_path / "out.csv")["a"] == texts


# --- whole or not there ---


def refusing(table):
    yield table
    message = "the source broke"
    raise RuntimeError(message)


@pytest.mark.parametrize("name", [name for name, _ in EXACT])
def test_a_write_that_fails_leaves_what_was_there(name, hard, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"before")
    with pytest.raises(RuntimeError):
        nat.write(refusing(hard), path)
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def endless(path):
    table = nat.read(HARD)

    def tables():
        while True:
            yield table

    nat.write(tables(), path)


@pytest.mark.parametrize("name", ["out.csv", "out.xml", "out.parquet"])
def test_a_killed_write_leaves_no_half_file_under_the_name(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"before")
    writer = multiprocessing.get_context("spawn").Process(target=endless, args=(str(path),))
    writer.start()
    end = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    assert path.read_bytes() == b"before"
    assert all(file.name == name or file.name.endswith(".part") for file in tmp_path.iterdir())


def test_overwriting_is_the_default_and_can_be_refused(hard, tmp_path):
    path = tmp_path / "out.csv"
    hard.write(path)
    with pytest.raises(FileExistsError):
        hard[:1].write(path, overwrite=False)
    assert len(nat.read(path)) == 5
    hard[:1].write(path)
    assert len(nat.read(path)) == 1


def test_a_link_stays_a_link_and_permissions_stay(hard, tmp_path):
    (tmp_path / "real.csv").write_text("x")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "out.csv").symlink_to("real.csv")
    hard.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o640
    assert same(hard, nat.read(tmp_path / "out.csv"), notes=False)


# --- queries and parts ---


def test_a_query_writes_the_same_as_its_table(tmp_path):
    pages = [page(record(dc(title(f"t{n}")), n)) for n in range(5)]
    for name, how in EXACT:
        nat.scan(pages).write(tmp_path / name, **how)
        assert same(nat.read(pages), nat.read(tmp_path / name)), name


def test_headers_alone_wait_for_the_format_they_join(tmp_path):
    pages = [page(record(None, 1, head=header(1, status="deleted"))), page(record(dc(title("x")), 2))]
    nat.write(iter([nat.read(pages[0]), nat.read(pages[1])]), tmp_path / "out.csv", multi="list")
    assert same(nat.read(pages), nat.read(tmp_path / "out.csv"))


def test_two_formats_do_not_fit_one_file(hard, tmp_path):
    other = nat.read(page(record(oi("<oi:title>x</oi:title>"))))
    with pytest.raises(ValueError, match="don't fit one file"):
        nat.write([hard, other], tmp_path / "out.jsonl")
    assert not list(tmp_path.iterdir())


def test_an_open_file_takes_bytes(hard):
    out = io.BytesIO()
    report = hard.write(out, format="jsonl")
    assert report.bytes == len(out.getvalue())
    assert same(hard, nat.read(("x.jsonl", out.getvalue())))


@pytest.mark.parametrize(
    ("name", "how", "said"),
    [
        ("out", {}, "tells no kind of file"),
        ("out.xslx", {}, "'.xlsx'"),
        ("out.xml", {"multi": "join"}, "XML holds records"),
        ("out.csv", {"layout": "exact"}, "for ac and simple_multimedia, not oai_dc"),
        ("out.json", {"layout": "exact", "lang": "nl"}, "exact documents are written as they are"),
        ("out.csv", {"multi": "joined"}, "did you mean 'join'"),
        ("out.csv", {"format": "exel"}, "it knows|did you mean"),
    ],
)
def test_a_wish_that_can_not_be_met_says_what_can(name, how, said, hard, tmp_path):
    with pytest.raises(ValueError, match=said):
        hard.write(tmp_path / name, **how)


def test_a_foreign_keyword_is_told_ours(hard, tmp_path):
    with pytest.raises(TypeError, match="did you mean 'lang'"):
        hard.write(tmp_path / "a.csv", language="nl")


# --- documents ---

NBA = b"""{"id":"1","title":"a","serviceAccessPoints":[{"accessUri":"https://a.example/1","format":"image/jpeg"}],"multiMediaPublic":true}
{"id":"2","title":"b","multiMediaPublic":false}
"""


@pytest.fixture
def nba():
    return nat.read(("a.ndjson", NBA), format="nba")


def test_documents_are_written_as_they_were_read(nba, tmp_path):
    report = nba.write(tmp_path / "out.ndjson", include_private=True)
    assert (tmp_path / "out.ndjson").read_bytes() == NBA
    assert report.exact
    nba.write(tmp_path / "out.json", include_private=True)
    assert json.loads((tmp_path / "out.json").read_bytes()) == [json.loads(line) for line in NBA.splitlines()]
    assert same(nba, nat.read(tmp_path / "out.json"))


def test_documents_can_be_written_as_columns(nba, tmp_path):
    nba.write(tmp_path / "out.jsonl", layout="columns", include_private=True)
    first = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
    assert list(first) == nba.columns
    assert same(nba, nat.read(tmp_path / "out.jsonl"))


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_documents_are_flat_in_cells_or_json_where_lists_are_asked_for(name, nba, tmp_path):
    report = nba.write(tmp_path / name, include_private=True)
    assert report.counts == {"flat": 2}
    assert not report.exact
    again = nat.read(tmp_path / name)
    assert again["serviceAccessPoints.accessUri"] == ["https://a.example/1", None]
    assert rows(again) == rows(nba.view(multi="join"))
    assert nba.write(tmp_path / name, include_private=True, multi="list").exact
    assert same(nba, nat.read(tmp_path / name))


@pytest.mark.parametrize("name", ["out.ndjson", "out.json", "out.csv", "out.xlsx", "out.parquet"])
def test_a_record_that_is_not_public_stays_in_unless_asked_for(name, nba, tmp_path):
    assert nba.write(tmp_path / name).counts["private"] == 1
    assert nat.read(tmp_path / name)["id"] == ["1"]


def test_the_residue_of_a_crosswalk_is_no_column_for_people(tmp_path):
    table = nat.Table(pa.table({"media_id": ["1", "2"], "residue": ["{}", None]}), format="media")
    assert table.write(tmp_path / "out.csv").counts["residue"] == 1
    assert "residue" not in (tmp_path / "out.csv").read_text().splitlines()[0].split(",")
    table.write(tmp_path / "out.csv", columns=["media_id", "residue"])
    assert nat.read(tmp_path / "out.csv")["residue"] == ["{}", None]
    assert table.write(tmp_path / "out.parquet").exact
    assert nat.read(tmp_path / "out.parquet")["residue"] == ["{}", None]


# --- provenance ---


def test_every_file_says_where_it_comes_from(hard, tmp_path):
    from openpyxl import load_workbook
    from pyarrow import parquet

    for name in ("out.csv", "out.jsonl", "out.json", "out.tsv"):
        hard.write(tmp_path / name)
        told = json.loads((tmp_path / f"{name}.about.json").read_text())
        assert told["format"] == "oai_dc"
        assert told["rows"] == 5
        assert told["requests"][0]["url"] == "http://museum.example/oai"
        assert told["retrieved_at"] == ["2020-01-02T03:04:05Z"] * 2
    hard.write(tmp_path / "out.parquet")
    meta = parquet.read_metadata(tmp_path / "out.parquet").metadata[b"naturalia"]
    assert json.loads(meta)["rows"] == 5
    hard.write(tmp_path / "out.xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx")["About"]
    assert ("tool", f"naturalia {nat.__version__}") in list(sheet.iter_rows(values_only=True))
    hard.write(tmp_path / "out.xml")
    assert "<?naturalia {" in (tmp_path / "out.xml").read_text()


# --- laws ---

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
LIST = st.lists(TEXT.filter(lambda text: text.strip() == text != ""), max_size=3)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("laws")


@given(rows_=st.lists(st.tuples(LIST, LIST), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize(
    ("name", "multi"),
    [
        ("csv", "join"),
        ("csv", "list"),
        ("tsv", "join"),
        ("jsonl", "list"),
        ("json", "list"),
        ("parquet", "list"),
    ],
)
def test_any_text_comes_back(name, multi, rows_, folder):
    lists = pa.list_(pa.string())
    columns = {"a": [a for a, _ in rows_], "b": [b for _, b in rows_]}
    table = nat.Table(pa.table({name: pa.array(column, lists) for name, column in columns.items()}))
    table.write(folder / f"out.{name}", multi=multi)
    assert rows(nat.read(folder / f"out.{name}")) == rows(table)


@given(titles=LIST, langs=st.lists(TEXT, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_from_xml_as_far_as_xml_holds_it(titles, langs, folder):
    columns = nat.Table(pa.table(nat.read(HARD)[:0])).columns
    notes = [
        {"path": "title", "index": at, "lang": lang, "attributes": json.dumps({"a": lang, "b:c": lang})}
        for at, (_, lang) in enumerate(zip(titles, langs, strict=False))
    ]
    assert columns[-1] == "notes"
    frame = pa.Table.from_pylist(
        [{"identifier": "a", "datestamp": "2020-01-01", "title": titles, "notes": notes}]
    )
    table = nat.Table(frame, format="oai_dc")
    report = table.write(folder / "out.xml")
    again = nat.read(folder / "out.xml")
    assert not again.report.repairs
    if "replaced" not in report.counts:
        assert again["title"] == [titles]
        wanted = [value[2:5] for value in table[0].values]
        assert [value[2:5] for value in again[0].values] == wanted
