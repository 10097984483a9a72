"""A small file that declares or unpacks to a huge size is an error, and takes little memory."""

import gzip
import json
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from contextlib import closing
from io import BytesIO
from pathlib import Path

import naturalia as nat
import openpyxl
import pytest
from naturalia.testing import serve

LIMIT = 256 << 20
BOUND = """
import resource, sys, warnings
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), -1))
import naturalia as nat
path = sys.argv[2]
try:
    {call}
except nat.errors.NaturaliaError as error:
    print(type(error).__name__, str(error).replace(chr(10), " "), sep=": ")
"""
AS = 2 << 30
"""Address space of a process that reads a crafted file; libraries and thread stacks take a part of it."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on address space")


def bounded(call, path, address_space=AS):
    """What a process with little address space prints: the class and text of the error that `call` raises."""
    command = [sys.executable, "-W", "ignore", "-c", BOUND.format(call=call), str(address_space), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


# Compressed tables

COLUMNS = json.dumps(dict.fromkeys(nat._core.FORMATS["oai_dc"], None)).encode()
"""An object with the columns of a format, as `write` writes the first one."""


def repeated(head, line, size):
    """A gzip file with a first line and then at least so many bytes of a line, in members of 1 MB."""
    piece = line * ((1 << 20) // len(line))
    return gzip.compress(head, mtime=0) + gzip.compress(piece, mtime=0) * (size // len(piece) + 1)


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("a.csv.gz", b"a,b\n", b"1,2\n"),
        ("a.tsv.gz", b"a\tb\n", b"1\t2\n"),
        ("a.json.gz", b"[" + COLUMNS, b',{"identifier": "1"}\n'),
        ("a.jsonl.gz", COLUMNS + b"\n", b'{"identifier": "1"}\n'),
        ("a.csv", b"a,b\n", b"1,2\n"),
        ("a.csv.gz", b'a\n"', b" "),
    ],
)
def test_a_compressed_table_with_gigabytes_of_content_is_refused(tmp_path, name, head, line):
    path = tmp_path / name
    path.write_bytes(repeated(head, line, 3 << 30))
    calls = ["list(nat.scan(path))", "nat.read((path, open(path, 'rb').read()))"] if name == "a.csv" else []
    for call in ["nat.read(path)", *calls]:
        found = bounded(call, path)
        assert found.startswith("LimitExceeded: the compressed file has more than 256 MB of content")
        assert str(path) in found
        assert "unpack it first" in found


def test_a_compressed_table_is_read_up_to_the_limit_and_an_uncompressed_one_beyond(tmp_path, monkeypatch):
    monkeypatch.setattr(nat._core, "MAX_CONTENT", 1000)
    exact = b"a\n" + b"1\n" * 499
    assert len(nat.read(("a.csv.gz", gzip.compress(exact)))) == 499
    with pytest.raises(nat.errors.LimitExceeded) as caught:
        nat.read(("a.csv.gz", gzip.compress(exact + b"2")))
    assert (caught.value.source, caught.value.offset) == ("a.csv.gz", 1000)
    (tmp_path / "a.csv").write_bytes(exact + b"1\n")
    assert len(nat.read(tmp_path / "a.csv")) == 500


def test_a_compressed_table_that_is_cut_or_damaged_is_a_parse_error():
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 100_000, mtime=0)
    with pytest.raises(nat.errors.Truncated, match="ends early"):
        nat.read(("a.csv.gz", packed[:-20]))
    for damaged in (packed[:-8] + b"\0" * 8, packed[:12] + b"\xff" * 40 + packed[52:]):
        with pytest.raises(nat.errors.ParseError, match="damaged"):
            nat.read(("a.csv.gz", damaged))


def test_a_page_is_unpacked_from_three_layers_of_gzip_and_not_from_more():
    page = Path(nat.samples.path("naturalis_oai_dc.xml")).read_bytes()
    for _ in range(3):
        page = gzip.compress(page)
    assert len(nat.read(page)) > 0
    with pytest.raises(nat.errors.LimitExceeded, match="more than 3 times"):
        nat.read(gzip.compress(page))


@pytest.mark.parametrize("array", [False, True])
def test_rows_that_leave_out_nearly_every_cell_of_a_wide_table_are_refused(tmp_path, array):
    # 1.3 MB that would make 20,000 columns of 300,000 rows.
    names = [f"c{number}" for number in range(20_000)]
    path = tmp_path / "wide.json"
    start, between, end = ("[", ",", "]") if array else ("", "\n", "\n")
    path.write_text(start + between.join([json.dumps(dict.fromkeys(names, "x")), *["{}"] * 300_000]) + end)
    (tmp_path / "wide.json.about.json").write_text(
        json.dumps({"tool": "naturalia 0", "names": names, "layout": "columns"})
    )
    found = bounded("nat.read(path)", path)
    assert found.startswith("LimitExceeded: ")
    assert "leave out more cells" in found
    assert str(path) in found


# Workbooks

CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{CONTENT}"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}
CELLS = '<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="2"><c t="s"><v>1</v></c></row>'
STRINGS = f'<sst xmlns="{MAIN}"><si><t>a</t></si><si><t>b</t></si></sst>'


def sheet(rows, before=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def deflated(text, blanks=0):
    """A deflate stream of a text and then so many MB of blanks: one block again and again (RFC 1951)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(text.encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * blanks + packer.flush()


def workbook(path, rows=CELLS, strings=STRINGS, *, pad=None, declared=None, before=""):
    """Writes a workbook of raw XML, as APPNOTE.TXT has it (4.3.7, 4.3.12, 4.3.16).

    The part `pad` gets 3 GB of blanks after its root element, and declares its size or the one given.
    """
    texts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows, before), "xl/sharedStrings.xml": strings}
    body, directory = b"", b""
    for name, text in texts.items():
        blanks = 3 << 10 if name == pad else 0
        packed = deflated(text, blanks)
        size, read = len(text.encode()) + (blanks << 20), text.encode()
        if blanks and declared is not None:
            size, read = declared, (text.encode() + b" " * declared)[:declared]
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(read), len(packed), size, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + fields + name.encode() + packed
    count = len(texts)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return path


def test_the_workbook_of_these_tests_is_one(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    assert [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["Sheet1"]] == [
        ["a", "b"],
        ["b", None],
    ]
    table = nat.read(path)
    assert (len(table), table["a"], table["b"]) == (1, ["b"], [None])


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_workbook_with_gigabytes_of_content_is_refused(tmp_path, part):
    path = workbook(tmp_path / "a.xlsx", pad=part)
    assert path.stat().st_size < 4 << 20
    found = bounded("nat.read(path)", path)
    assert found.startswith("LimitExceeded: the workbook has more than 256 MB of content, reached in " + part)
    assert str(path) in found
    assert ".csv" in found


@pytest.mark.parametrize("declared", [0, 1000, 1_000_000, 2**32 - 2])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_the_sizes_that_a_workbook_declares_are_not_believed(tmp_path, part, declared):
    # The checksum matches what is read of the part if its declared size is believed.
    if declared == 2**32 - 2:
        path = workbook(tmp_path / "a.xlsx", pad=part)
        path.write_bytes(path.read_bytes().replace(struct.pack("<I", 3 << 30), struct.pack("<I", declared)))
        declared = None
    else:
        path = workbook(tmp_path / "a.xlsx", pad=part, declared=declared)
    found = bounded("nat.read(path)", path)
    # A part of less than 1000 bytes is complete if it is cut there.
    assert found == "" if declared in (1000, 1_000_000) else found.startswith(("ParseError", "LimitExceeded"))


def test_a_part_that_is_not_deflated_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as file:
        for name, text in PARTS.items():
            file.writestr(name, text)
    with pytest.raises(nat.errors.ParseError, match="compressed in a way"):
        nat.read(path)


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        ('<row r="1"><c><v>1</v></c></row><row r="4000000000"><c><v>1</v></c></row>', ""),
        ('<row r="1"><c r="A1"><v>1</v></c></row>' + '<row><c r="XFD1"><v>1</v></c></row>' * 60_000, ""),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', ""),
        ('<row r="1"><c><v>1</v></c></row><row r="1048577"><c><v>1</v></c></row>', ""),
        (CELLS, '<dimension ref="A1:XFD1048576"/>'),
    ],
)
@pytest.mark.parametrize("call", ["nat.read(path)", "nat.crosswalk('oai_dc', 'media', rules=path)"])
def test_a_sheet_is_as_large_as_its_cells_and_no_larger_than_excel_allows(tmp_path, rows, before, call):
    path = workbook(tmp_path / "a.xlsx", rows, before=before)
    found = bounded(call, path)
    if before:
        # What a sheet declares of its size is not used.
        assert not found or found.startswith("CrosswalkError")
    else:
        assert found.startswith(
            "LimitExceeded: the sheet 'Sheet1' has more than 1,048,576 rows or 16,384 columns"
        )


def test_the_pieces_of_a_value_that_a_workbook_declares_are_no_more_than_its_columns(tmp_path):
    path = tmp_path / "a.xlsx"
    strings = json.dumps({"format": "frame", "names": ["a", "b"], "pieces": {"a": 10**12, "b": 10**18}})
    book = openpyxl.Workbook()
    for row in (["a", "a (2)", "b"], ["1", "2", "3"]):
        book.active.append(row)
    book.create_sheet("About").append(["naturalia", strings])
    book.save(path)
    assert bounded("t = nat.read(path); print(t.columns, t['a'], t['b'])", path) == "['a', 'b'] ['12'] ['3']"


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_entities_are_not_expanded(tmp_path, code):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0" encoding="{code}"?><!DOCTYPE s [<!ENTITY e0 "{"x" * 1000}">{entities}]>'
    text = bomb + STRINGS.replace(">a<", ">&e9;<")
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, text.encode(code) if name == "xl/sharedStrings.xml" else data)
    assert "document type declaration" in bounded("nat.read(path)", path)


@pytest.mark.parametrize("data", [b"PK\x03\x04 not a ZIP file", b"", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_not_a_workbook_is_a_parse_error(tmp_path, data):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    for source in (path, ("a.xlsx", data)):
        with pytest.raises(nat.errors.ParseError) as caught:
            nat.read(source)
        assert caught.value.source


# Harvest files

RLE = (1 << 1 | (1 << 17) << 3).to_bytes(3, "little") + b" "
"""A block of a zstd frame: 128 KB of blanks (RFC 8878, 3.1.1.2)."""


def frame(declared, blocks=1):
    """A zstd frame of one segment that declares its content size in 8 bytes (RFC 8878, 3.1.1.1)."""
    last = (1 | 1 << 1 | (1 << 17) << 3).to_bytes(3, "little") + b" "
    return b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", declared) + RLE * (blocks - 1) + last


@pytest.fixture(scope="module")
def harvested(tmp_path_factory):
    path = tmp_path_factory.mktemp("harvest") / "museum.sqlite"
    with serve(150) as server:
        nat.harvest(nat.OaiPmh(server.url, rate=None), path)
    return path.read_bytes()


def altered(harvested, folder, sql, *values):
    path = folder / "museum.sqlite"
    path.write_bytes(harvested)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(sql, values)
    return path


ROUTES = [
    "nat.read(path)",
    "list(nat.scan(path))",
    "h = nat.Harvest(path); h.current().collect()",
    "h = nat.Harvest(path); h.raw('oai:museum.example:1')",
    "h = nat.Harvest(path); h.history('oai:museum.example:1')",
    "h = nat.Harvest(path); h.purge(['oai:museum.example:1'])",
]


@pytest.mark.parametrize("call", ROUTES)
def test_a_page_of_17_bytes_that_declares_16_tb_is_refused(harvested, tmp_path, call):
    page = frame(2**44)
    assert len(page) == 17
    path = altered(harvested, tmp_path, "UPDATE page SET body = ?, size = ?, codec = 'zstd'", page, 2**44)
    found = bounded(call, path)
    assert found.startswith(f"LimitExceeded: a page declares {2**44} bytes; the limit for a page")
    assert f"{path}#" in found
    assert "512 MB" in found


@pytest.mark.parametrize(
    "case",
    [
        (1, 2**44, 1000),
        (1, 2**44, 2**17),
        (1, 2**17, 2**44),
        (1, 2**64 - 1, 2**63 - 1),
        (1, 2**17, -1),
        (1, 2**17, -(2**63)),
        (1, 2**17, 0),
        (1 << 15, 1 << 32, 1 << 32),
        (1 << 15, 1 << 32, 1 << 29),
        (1 << 15, 1 << 29, 1 << 29),
        (1 << 12, 1 << 29, 1 << 29),
        (1, 2**17, 1 << 29),
    ],
)
@pytest.mark.parametrize("call", [ROUTES[0], ROUTES[-1]])
def test_neither_the_frame_nor_the_index_is_believed_about_the_size_of_a_page(
    harvested, tmp_path, case, call
):
    blocks, declared, size = case
    sql = "UPDATE page SET body = ?, size = ?, codec = 'zstd'"
    path = altered(harvested, tmp_path, sql, frame(declared, blocks), size)
    found = bounded(call, path)
    assert found.startswith(("LimitExceeded: a page declares", "HarvestError: the harvest file is damaged"))
    assert str(path) in found


@pytest.mark.parametrize("size", [2**44, -5])
def test_verify_lists_a_page_with_an_impossible_size(harvested, tmp_path, size):
    path = altered(harvested, tmp_path, "UPDATE page SET size = ? WHERE id = 1", size)
    (line,) = [line for line in nat.Harvest(path).verify() if str(size) in line]
    assert "page 1" in line or size < 0


@pytest.mark.parametrize("column", ["offset", "length"])
@pytest.mark.parametrize("number", [2**63 - 1, -1, -(2**63), 2**44])
@pytest.mark.parametrize("call", [*ROUTES[3:], "print(nat.Harvest(path).verify())"])
def test_places_of_records_beyond_their_page_are_an_error(harvested, tmp_path, column, number, call):
    sql = f"UPDATE record SET {column} = ? WHERE identifier = 'oai:museum.example:1'"
    path = altered(harvested, tmp_path, sql, number)
    found = bounded(call, path)
    if "raw" in call or "verify" in call or "history" in call or number < 0:
        assert "HarvestError" in found or "index says" in found or str(number) in found
    assert str(path) in found or "verify" in call


def test_a_harvest_file_of_a_negative_version_is_damaged(harvested, tmp_path):
    path = altered(harvested, tmp_path, "PRAGMA user_version = -1")
    for call in (ROUTES[0], ROUTES[-1]):
        assert bounded(call, path).startswith("HarvestError: the harvest file is damaged: its version is -1")


def test_the_crafted_frames_are_what_other_readers_take_them_for():
    pyarrow = pytest.importorskip("pyarrow")
    page = pyarrow.decompress(frame(3 << 17, 3), decompressed_size=3 << 17, codec="zstd")
    assert page.to_pybytes() == b" " * (3 << 17)
    assert gzip.GzipFile(fileobj=BytesIO(repeated(b"a", b"b", 1 << 25))).read(3) == b"abb"
