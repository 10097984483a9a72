"""Sheets that a person has edited: nothing is lost, and what reading undoes is in the report."""

import csv
import datetime as dt
import json
from collections import Counter

import naturalia as nat
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naturalia._files import workbook

SAMPLES = {"oai_dc": nat.samples.naturalis, "oai_oi": nat.samples.openimages}


@pytest.fixture
def edit(tmp_path):
    """Writes a sample, lets a function edit the workbook with openpyxl, and reads it again."""

    def edited(change, table=None, **options):
        path = tmp_path / "records.xlsx"
        (nat.samples.naturalis() if table is None else table).write(path)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return nat.read(path, **options)

    return edited


def values(table, leave_out=("notes",)):
    """The cells of a table as JSON, row by row, without columns that a sheet does not have."""
    names = [name for name in table.columns if name not in leave_out]
    return [json.dumps([table[name][row] for name in names], default=str) for row in range(len(table))]


def kinds(table):
    return Counter(repair.kind for repair in table.report.repairs)


def test_a_renamed_worksheet_is_read_and_reported(edit):
    table = edit(lambda book: setattr(book["records"], "title", "Blad1"))
    assert values(table) == values(nat.samples.naturalis())
    assert [(repair.kind, repair.detail) for repair in table.report.repairs] == [
        ("renamed worksheet", "'Blad1' was 'records'")
    ]


def test_rows_above_the_header_are_reported_with_their_text(edit):
    def change(book):
        book["records"].insert_rows(1, 2)
        book["records"]["A1"] = "Export of March"

    table = edit(change)
    assert table.format == "oai_dc"
    assert values(table) == values(nat.samples.naturalis())
    (repair,) = table.report.repairs
    assert (repair.kind, repair.line) == ("title row", 1)
    assert "Export of March" in repair.detail


def test_an_added_column_keeps_the_format_and_its_values(edit):
    def change(book):
        sheet = book["records"]
        at = sheet.max_column + 1
        sheet.cell(1, at, "checked by")
        sheet.cell(3, at, "Ans")

    table = edit(change)
    assert table.format == "oai_dc"
    assert table["checked by"] == [None, "Ans", None, None, None]
    assert values(table, ("notes", "checked by")) == values(nat.samples.naturalis())


def test_a_header_in_other_letters_is_read_as_the_column(edit):
    def change(book):
        for cell in book["records"][1]:
            cell.value = cell.value.replace("_", " ").title()

    table = edit(change)
    assert table.format == "oai_dc"
    assert values(table) == values(nat.samples.naturalis())
    assert kinds(table)["header spelling"] == len([name for name in table.columns if name != "notes"])


def test_the_header_of_a_sheet_of_another_origin_stays_as_it_is(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Title", "Licence"], ["A", "CC0"]):
        book.active.append(row)
    book.save(tmp_path / "own.xlsx")
    table = nat.read(tmp_path / "own.xlsx")
    assert (table.format, table.columns, table.report.repairs) == ("frame", ["Title", "Licence"], [])


def test_blank_rows_are_left_out_and_counted(edit):
    table = edit(lambda book: book["records"].insert_rows(3, 2))
    assert values(table) == values(nat.samples.naturalis())
    assert [(repair.kind, repair.line) for repair in table.report.repairs] == [
        ("blank row", 3),
        ("blank row", 4),
    ]


@pytest.mark.parametrize("row", [2, 5])
def test_a_value_without_a_header_gets_a_column(edit, row):
    def change(book):
        sheet = book["records"]
        sheet.cell(row, sheet.max_column + 2, "look at this")

    table = edit(change)
    assert table.format == "oai_dc"
    (name,) = [name for name in table.columns if "look at this" in table[name]]
    assert table[name][row - 2] == "look at this"
    assert kinds(table)["missing header"] >= 1


def test_a_value_far_below_the_header_gets_a_column_too(tmp_path):
    book = openpyxl.Workbook()
    for number in range(60):
        book.active.append(["a", "b"] if number == 0 else [number, number])
    book.active.cell(50, 4, "late")
    book.save(tmp_path / "own.xlsx")
    table = nat.read(tmp_path / "own.xlsx")
    assert table["D"][48] == "late"
    assert table["b"][58] == "59"


def test_of_two_columns_of_one_name_both_are_kept(tmp_path):
    book = openpyxl.Workbook()
    for row in (["name", "note", "name"], ["A", "x", "B"]):
        book.active.append(row)
    book.save(tmp_path / "own.xlsx")
    table = nat.read(tmp_path / "own.xlsx")
    assert table.to_dicts() == [{"name": "A", "note": "x", "name (2)": "B"}]
    assert [repair.detail for repair in table.report.repairs] == ["a second 'name' is named 'name (2)'"]


def test_a_second_sheet_with_another_header_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROWS", 4)
    path = tmp_path / "records.xlsx"
    nat.samples.naturalis().write(path)
    assert values(nat.read(path)) == values(nat.samples.naturalis())
    book = openpyxl.load_workbook(path)
    book["records (2)"]["B1"] = "something else"
    book.save(path)
    with pytest.raises(nat.errors.ParseError, match=r"records \(2\).* starts with another row"):
        nat.read(path)


def test_a_date_cell_is_a_date(edit):
    def change(book):
        sheet = book["records"]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(2, names.index("date") + 1).value = dt.datetime(2015, 3, 4)  # noqa: DTZ001
        sheet.cell(3, names.index("date") + 1).value = dt.datetime(2015, 3, 4, 5, 6)  # noqa: DTZ001

    table = edit(change)
    assert table["date"][:2] == [["2015-03-04"], ["2015-03-04T05:06:00"]]


def test_a_csv_with_a_title_other_letters_and_blank_rows_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "records.csv"
    nat.samples.naturalis().write(path)
    plain = nat.read(path)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    rows[0] = [cell.upper() for cell in rows[0]]
    rows.insert(2, [""] * len(rows[0]))
    rows.insert(0, ["Export of March", *[""] * (len(rows[0]) - 1)])
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    table = nat.read(path)
    assert table.format == "oai_dc"
    assert values(table) == values(plain)
    assert kinds(table) == {"title row": 1, "blank row": 1, "header spelling": len(rows[1])}


@given(data=st.data())
def test_no_edit_of_the_sheet_loses_a_value(data, tmp_path_factory):
    """Worksheet, title rows, blank rows, letters and order of the header change; the records don't."""
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    table = SAMPLES[name]()
    path = tmp_path_factory.mktemp("edited") / "records.xlsx"
    table.write(path)
    book = openpyxl.load_workbook(path)
    sheet = book["records"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    order = data.draw(st.permutations(range(len(rows[0]))))
    rows = [[row[at] for at in order] for row in rows]
    spelled = data.draw(st.sampled_from([str.upper, str.title, str.lower]))
    rows[0] = [spelled(cell) if data.draw(st.booleans()) else cell for cell in rows[0]]
    for at in sorted(data.draw(st.lists(st.integers(1, len(rows)), max_size=3)), reverse=True):
        rows.insert(at, [None] * len(order))
    for _ in range(data.draw(st.integers(0, 2))):
        rows.insert(0, ["List for the curator"])
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row, 1):
            sheet.cell(number, at, value)
    if data.draw(st.booleans()):
        sheet.title = "Blad1"
    book.save(path)

    written = path.with_name("plain.xlsx")
    table.write(written)
    plain, edited = nat.read(written), nat.read(path)
    assert edited.format == name
    assert {column: edited[column] for column in plain.columns} == {
        column: plain[column] for column in plain.columns
    }
