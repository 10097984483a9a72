"""Workbooks: what stands in the table stands in the cells, whoever opens them."""

import json

import naturalia as nat
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from naturalia._files import workbook

TRICKY = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+31 20 123",
    "-5",
    "@SUM(A1)",
    "00123",
    "1e5",
    "2001-02-03",
    "1/2",
    "TRUE",
    "#N/A",
    "NaN",
    "\u05d0\u05d1\u05d2 \u200f(x)",
    "العربية",
    "  outer blanks  ",
    "two\nlines",
    "a\ttab",
    "https://example.org/a?b=c&d=%20#e",
    "http://example.org/ with a blank",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "_x000D_ and _x0041_",
    "{=array}",
    "'quoted",
    '"double"',
    "emoji 😀 e\u0301",
    "|",
    "&amp; <b>",
]


def texts(values, name="a"):
    return nat.Table(pa.table({name: pa.array(values, pa.string())}))


def rows(table):
    return pa.table(table).to_pylist()


def test_every_text_is_the_same_text_in_openpyxl_pandas_and_polars(tmp_path):
    path = tmp_path / "out.xlsx"
    texts(TRICKY).write(path)
    sheet = openpyxl.load_workbook(path)["records"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    # openpyxl alone reads `_x000D_` written as Excel asks for without undoing it.
    plain = [text for text in TRICKY if "_x" not in text]
    assert [cell.value for cell in cells if "_x" not in cell.value] == plain
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    frame = pd.read_excel(path, sheet_name="records", dtype=str, keep_default_na=False, na_filter=False)
    assert [text for text in frame["a"] if "_x" not in text] == plain
    assert pl.read_excel(path, sheet_name="records")["a"].to_list() == TRICKY
    assert nat.read(path)["a"] == TRICKY


def test_a_text_is_never_a_formula_a_number_or_a_date(tmp_path):
    texts(TRICKY).write(tmp_path / "out.xlsx")
    for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["records"].iter_rows(min_row=2):
        assert row[0].data_type not in ("f", "n", "d", "b", "e")


def test_addresses_are_links_with_the_same_text(tmp_path):
    address = "https://example.org/a?b=c&d=%20#e"
    texts([address, "no link"]).write(tmp_path / "out.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "out.xlsx")["records"]["A"]
    assert cells[1].value == address
    # The part after # is kept apart.
    assert cells[1].hyperlink.target == address.split("#", maxsplit=1)[0]
    assert cells[1].hyperlink.location == "e"
    assert cells[2].hyperlink is None


def test_the_header_stays_in_sight_and_an_about_sheet_ends_the_book(tmp_path):
    texts(["x"]).write(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["records", "About"]
    assert book["records"].freeze_panes == "B2"


def test_three_hundred_columns_come_back(tmp_path):
    frame = pa.table({f"c{n:03}": [f"v{n}", None, f"{n:05}"] for n in range(300)})
    nat.write(frame, tmp_path / "out.xlsx")
    assert rows(nat.read(tmp_path / "out.xlsx")) == frame.to_pylist()


def test_a_text_longer_than_a_cell_goes_on_beside_it(tmp_path):
    long = "".join(f"{n:05} " for n in range(6667))[:40_000]
    wide = "a" + "😀" * 35_000  # two units each, and a cut that would go through one of them
    columns = {"id": ["1", "2", "3"], "text": [long, wide, "short"], "last": ["x", "y", "z"]}
    table = nat.Table(pa.table(columns))
    report = table.write(tmp_path / "out.xlsx")
    assert report.counts == {"continued": 2}
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["records"]
    header = [cell.value for cell in sheet[1]]
    assert header == ["id", "text", "text (2)", "text (3)", "last"]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        assert all(cell is None or len(cell.encode("utf-16-le")) // 2 <= 32_767 for cell in row)
    frame = pd.read_excel(tmp_path / "out.xlsx", dtype=str, keep_default_na=False)
    assert ["".join(row) for row in frame[header[1:4]].to_numpy()] == [long, wide, "short"]
    assert rows(nat.read(tmp_path / "out.xlsx")) == rows(table)
    assert report.exact


def test_a_numbered_column_does_not_take_the_name_of_another(tmp_path):
    table = nat.Table(pa.table({"a": ["x" * 40_000], "a (2)": ["y"]}))
    table.write(tmp_path / "out.xlsx")
    assert rows(nat.read(tmp_path / "out.xlsx")) == rows(table)


def test_rows_over_the_limit_go_on_on_further_sheets(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROWS", 11)
    table = nat.Table(pa.table({"n": list(range(25)), "a": [f"{n:03}" for n in range(25)]}))
    report = table.write(tmp_path / "out.xlsx")
    assert report.sheets == 3
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["records", "records (2)", "records (3)", "About"]
    assert [book[name].max_row for name in book.sheetnames[:3]] == [11, 11, 6]
    assert all(book[name]["A1"].value == "n" for name in book.sheetnames[:3])
    assert rows(nat.read(tmp_path / "out.xlsx")) == rows(table)


def test_links_over_the_limit_are_text_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LINKS", 3)
    addresses = [f"https://example.org/{n}" for n in range(5)] + ["https://example.org/" + "x" * 2100]
    report = texts(addresses).write(tmp_path / "out.xlsx")
    assert report.counts == {"texts": 3}
    cells = openpyxl.load_workbook(tmp_path / "out.xlsx")["records"]["A"][1:]
    assert [cell.hyperlink is not None for cell in cells] == [True] * 3 + [False] * 3
    assert [cell.value for cell in cells] == addresses


def test_control_characters_are_shown_and_counted(tmp_path):
    report = texts(["a\x00b\x1fc", "d\r\ne\rf", "\ufffe"]).write(tmp_path / "out.xlsx")
    assert report.counts == {"replaced": 3, "line_ends": 1}
    assert nat.read(tmp_path / "out.xlsx")["a"] == ["a␀b␟c", "d\ne\nf", "\ufffd"]


def test_numbers_that_excel_would_round_are_text(tmp_path):
    frame = pa.table({"n": [1, 10**15 + 1, None, -(2**62)], "x": [0.5, 0.1 + 0.2, float("nan"), 1e300]})
    report = nat.write(frame, tmp_path / "out.xlsx")
    assert report.counts == {"numbers": 4}
    cells = openpyxl.load_workbook(tmp_path / "out.xlsx")["records"]
    assert cells["A2"].value == 1
    assert cells["A3"].value == "1000000000000001"
    again = rows(nat.read(tmp_path / "out.xlsx"))
    assert [row["n"] for row in again] == frame["n"].to_pylist()
    assert [row["x"] for row in again[:2]] == frame["x"].to_pylist()[:2]


def test_more_columns_than_a_sheet_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "COLUMNS", 2)
    with pytest.raises(ValueError, match="3 columns, and a sheet of Excel has 2"):
        nat.write(pa.table({"a": ["1"], "b": ["2"], "c": ["3"]}), tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def test_what_xlsxwriter_refuses_is_an_error():
    with pytest.raises(RuntimeError, match="code -2"):
        workbook.done(-2)


def test_rows_without_values_are_rows(tmp_path):
    table = texts([None, "x", None, None])
    table.write(tmp_path / "out.xlsx")
    assert rows(nat.read(tmp_path / "out.xlsx")) == rows(table)


def test_lists_in_cells_are_json(tmp_path):
    frame = pa.table({"a": [["x | y", "\\"], []]})
    nat.write(frame, tmp_path / "out.xlsx", multi="list")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["records"]["A2"].value
    assert json.loads(cell) == ["x | y", "\\"]
    assert rows(nat.read(tmp_path / "out.xlsx")) == frame.to_pylist()


def test_a_workbook_of_other_origin_is_its_first_sheet_as_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "n", "when"])
    book.active.append(["007", 5, True])
    book.create_sheet("About").append(["naturalia", "not ours"])
    book.save(tmp_path / "a.xlsx")
    assert rows(nat.read(tmp_path / "a.xlsx")) == [{"id": "007", "n": "5", "when": "true"}]


@pytest.mark.soak
def test_more_rows_than_a_sheet_has_come_back(tmp_path):
    count = 1_200_000
    frame = pa.table({"id": [f"{n:07}" for n in range(count)], "a": [f"=x{n}" for n in range(count)]})
    report = nat.write(frame, tmp_path / "out.xlsx")
    assert report.sheets == 2
    again = pa.table(nat.read(tmp_path / "out.xlsx"))
    assert again.num_rows == count
    assert again["id"].to_pylist() == frame["id"].to_pylist()
    assert again["a"].to_pylist() == frame["a"].to_pylist()
