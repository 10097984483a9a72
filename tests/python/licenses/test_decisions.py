"""Decisions about rights statements: their sheet, and everything that is written afterwards."""

import csv
import json

import naturalia as nat
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FORMATS = ["oai_dc", "oai_qdc", "oai_oi", "nba", "nhm", "atom", "ac", "simple_multimedia"]
STATEMENTS = ["CC0 4.0", "ask us", "CC BY", "© Museum", "some rights", "CC BY-NC 3.52", "All rights reserved"]
LICENSES = [
    "CC0 1.0",
    "CC BY 4.0",
    "CC BY-SA 3.0 NL",
    "CC BY-NC-ND 4.0",
    "http://rightsstatements.org/vocab/InC/1.0/",
    "All rights reserved",
]
GRANTS = ("commercial", "derivatives", "redistribution")


def media(statement="CC0 4.0", **fields):
    document = {
        "media_id": "m1",
        "identifier": "r1",
        "license_raw": statement,
        "titles": [{"value": "Gull"}],
        "licenses": [{"value": statement}],
        **fields,
    }
    return nat.read(json.dumps(document).encode(), format="media")


def bare(table):
    """The table as a file has it: without what only the memory holds."""
    return nat.Table(pa.table(table).drop_columns("residue"), format=table.format)


def source(format, statement):
    return bare(nat.crosswalk("media", format).apply(media(statement)).table)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=25, deadline=None)
@given(statement=st.sampled_from(STATEMENTS), decision=st.sampled_from(LICENSES))
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_our_own_output_read_again_is_never_freer_and_never_a_conflict(format, statement, decision):
    records = source(format, statement)
    hub = nat.crosswalk(format, "media").apply(records).table
    if hub["license_raw"][0] is None:
        return
    decided = nat.licenses(hub, decisions={hub["license_raw"][0]: decision})
    written = bare(nat.crosswalk("media", format).apply(decided).table)
    again = nat.crosswalk(format, "media").apply(written).table
    assert again["license_status"][0] != "conflict"
    read, wanted = (
        nat.license(again["license_uri"][0] or again["license_raw"][0] or ""),
        nat.license(decision),
    )
    for name in GRANTS:
        assert read.permissions[name] != "yes" or wanted.permissions[name] == "yes"
    # The statement that was decided on is in no output, unless it is the decision itself.
    if nat.license(statement).id != wanted.id:
        assert hub["license_raw"][0] not in (again["license_raw"][0] or "").split(" | ")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_a_decision_is_counted_marked_and_undone_by_the_inverse(format):
    records = source(format, "CC0 4.0")
    walk = nat.crosswalk(format, "media")
    hub = walk.apply(records).table
    decision = {
        "decision": "CC BY 4.0",
        "by": "A. Curator",
        "date": "2026-05-01",
        "reason": "asked the maker",
    }
    decided = nat.licenses(hub, decisions={"CC0 4.0": decision})
    assert (decided["license_raw"], decided["license_basis"]) == (["CC0 4.0"], ["decided"])
    assert decided["license_decision"][0]["by"] == "A. Curator"
    assert decided["license_decision"][0]["reason"] == "asked the maker"
    written, loss = nat.crosswalk("media", format).apply(decided)
    assert loss.count("decided") == 1
    back = nat.crosswalk(format, "media").apply(written)
    assert back.table["license_basis"] == ["decided"]
    assert back.loss.count("decided") >= 1
    assert walk.invert().apply(decided).table.to_dicts() == records.to_dicts()


@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
def test_a_crosswalk_of_two_steps_takes_decisions_too():
    records = source("oai_dc", "CC0 4.0")
    walk = nat.crosswalk("oai_dc", "nba", decisions={"CC0 4.0": "CC0 1.0"})
    nba, loss = walk.apply(records)
    assert nba["license"] == ["CC0 1.0"]
    assert (loss.count("decided"), loss.decisions) == (1, {"CC0 4.0": 1})
    again = nat.crosswalk("nba", "media").apply(nba).table
    assert (again["license_raw"], again["license_basis"]) == (["CC0 4.0"], ["decided"])
    assert walk.invert().apply(nba).table.to_dicts() == records.to_dicts()


def test_the_licence_of_the_metadata_is_decided_apart():
    table = media(record_licenses=[{"value": "CC0 4.0"}], record_license_raw="CC0 4.0")
    with pytest.warns(nat.errors.NaturaliaWarning, match="grant more"):
        decided = nat.licenses(table, column="record_license_raw", decisions={"CC0 4.0": "CC0 1.0"})
    assert decided["record_license_basis"] == ["decided"]
    assert decided["record_licenses"][0][0]["value"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert decided["licenses"] == table["licenses"]


SHEET = ["statement", "decision", "by"]
WRONG = {
    "two decisions on one statement": (
        [["ask us", "CC0 1.0", ""], ["ask us", "CC BY 4.0", ""]],
        "row 3: 'ask us' is",
    ),
    "a statement that does not occur": ([["ask them", "CC0 1.0", ""]], "does not occur: row 2: 'ask them'"),
    "a doubt": ([["ask us", "maybe CC0", ""]], "row 2: the decision 'maybe CC0'"),
    "another time": ([["ask us", "CC0 from 2030", ""]], "row 2: the decision 'CC0 from 2030'"),
    "a formula without a value": ([["ask us", '=CONCATENATE("CC0"," 1.0")', ""]], "row 2: the formula"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_decision_is_an_error_with_its_row(name, tmp_path):
    rows, message = WRONG[name]
    book = openpyxl.Workbook()
    for row in [SHEET, *rows]:
        book.active.append(row)
    book.save(tmp_path / "decide.xlsx")
    with pytest.raises(ValueError, match=message):
        nat.licenses(["ask us"], decisions=tmp_path / "decide.xlsx")


def test_deciding_that_all_rights_are_reserved_grants_nothing_more(recwarn):
    nat.licenses(["ask us"], decisions={"ask us": "All rights reserved"})
    nat.licenses(["ask us"], decisions={"ask us": "http://rightsstatements.org/vocab/InC/1.0/"})
    assert [each for each in recwarn if "grant more" in str(each.message)] == []


def test_the_sheet_offers_licences_names_a_record_and_keeps_what_was_filled_in(tmp_path):
    table = media()
    decision = {"decision": "CC BY 4.0", "by": "A. Curator", "date": "2026-05-01", "reason": "asked"}
    with pytest.warns(nat.errors.NaturaliaWarning, match="grant more"):
        report = nat.license_report(table, column="license_raw", decisions={"CC0 4.0": decision})
    report.write(tmp_path / "decide.xlsx")
    book = openpyxl.load_workbook(tmp_path / "decide.xlsx")
    sheet = book["decisions"]
    row = dict(zip(*([cell.value for cell in cells] for cells in sheet.iter_rows()), strict=True))
    assert (row["example"], row["by"], row["date"], row["reason"]) == (
        "m1",
        "A. Curator",
        "2026-05-01",
        "asked",
    )
    assert len(sheet.data_validations.dataValidation) == 1
    assert "instructions" in book.sheetnames
    report.write(tmp_path / "decide.csv")
    with (tmp_path / "decide.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["reason"] == "asked"
