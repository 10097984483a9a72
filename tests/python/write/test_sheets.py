"""Sheets for people: no cell is a formula in a spreadsheet, whatever the metadata holds."""

import csv
import json
import os

import naturalia as nat
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naturalia._output.sheets import Page, escape_formula, unescape_formula, write_csv, write_workbook

# The characters that begin a formula in Excel, LibreOffice or Google Sheets (OWASP, "CSV Injection").
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = [
    "=HYPERLINK('https://x.example')", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "'=1",
]  # fmt: skip


def cells(path, tabs=False):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, dialect="excel-tab" if tabs else "excel"))


def formulas(path):
    """The cells of a workbook that are not text or numbers."""
    book = openpyxl.load_workbook(path)
    return [
        cell.value for page in book.worksheets for row in page.iter_rows() for cell in row
        if cell.value is not None and cell.data_type not in ("s", "n")
    ]  # fmt: skip


@given(st.text(st.sampled_from("=+-@\t\r'a ")) | st.text())
def test_what_is_guarded_comes_back_and_begins_no_formula(text):
    assert unescape_formula(escape_formula(text)) == text
    assert not escape_formula(text).startswith(BEGINNINGS)


@pytest.mark.parametrize("text", ["", "CC BY", "'quoted'", "a=b", "£5", "–"])
def test_other_text_is_written_as_it_is(text):
    assert escape_formula(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_in_both_kinds_of_file(text, tmp_path):
    write_csv(str(tmp_path / "sheet.csv"), [["text", "number"], [text, -1]])
    header, (cell, number) = cells(tmp_path / "sheet.csv")
    assert header == ["text", "number"]
    assert number == "-1"
    assert not cell.startswith(BEGINNINGS)
    assert unescape_formula(cell) == text
    write_workbook(str(tmp_path / "sheet.xlsx"), [Page("texts", [["text", "number"], [text, -1]])])
    assert formulas(tmp_path / "sheet.xlsx") == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_decision_on_a_hostile_statement_counts(text, ending, tmp_path):
    path = tmp_path / f"decide.{ending}"
    report = nat.license_report([text], decisions={text: "CC0 1.0"})
    report.write(path)
    assert nat.licenses([text], decisions=path)["license_id"] == ["cc0-1.0"]
    if ending == "csv":
        assert not [cell for row in cells(path) for cell in row if cell.startswith(BEGINNINGS)]
    else:
        assert formulas(path) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_in_a_loss_report_are_text(text, tmp_path):
    document = {"id": "a@CRS", "title": text}
    loss = nat.crosswalk("nba", "oai_dc").apply(nat.read(json.dumps(document).encode(), format="nba")).loss
    assert text.strip() in [example.strip() for line in loss.lines for example in line.examples]
    loss.write(tmp_path / "loss.csv")
    loss.write(tmp_path / "loss.xlsx")
    assert not [cell for row in cells(tmp_path / "loss.csv") for cell in row if cell.startswith(BEGINNINGS)]
    assert formulas(tmp_path / "loss.xlsx") == []


@pytest.mark.parametrize("ending", ["csv", "tsv"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_metadata_is_text_in_the_sheet_for_commons(text, ending, tmp_path):
    row = {
        "media_id": "m1", "media_url": "https://example.org/1.jpg", "format": "image/jpeg", "title": text,
        "creator": text, "license_raw": "CC BY 4.0", "license_basis": "stated", "type": "StillImage",
    }  # fmt: skip
    path = tmp_path / f"sheet.{ending}"
    report = nat.write(nat.read(json.dumps(row).encode(), format="media"), path, layout="commons")
    header, *rows = cells(path, tabs=ending == "tsv")
    found = [cell for row in rows for cell in row]
    assert not [cell for cell in found if cell.startswith(BEGINNINGS)]
    assert all("\n=={{int:filedesc}}==" in row[header.index("wikitext")] for row in rows)
    assert report.counts.get("guarded", 0) == sum(cell.startswith("'") for cell in found)


def test_a_sheet_that_can_not_be_finished_leaves_what_was_there(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("before")

    def rows():
        yield ["text"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(str(path), rows())
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["sheet.csv"]
