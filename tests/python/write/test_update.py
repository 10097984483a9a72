"""`update` and `diff`: what a person changes in a file comes back, and nothing else changes."""

import csv
import json
import random

import naturalia as nat
import openpyxl
import pandas as pd
import pytest

OI = nat.samples.path("openimages_oai_oi.xml")
DC = nat.samples.path("naturalis_oai_dc.xml")
NBA = [
    {
        "id": f"{number}@CRS",
        "unitID": f"RMNH.{number}",
        "title": f"Plate {number}",
        "license": "CC0",
        "serviceAccessPoints": [
            {"accessUri": f"https://a.example/{number}.jpg", "format": "image/jpeg"},
            {"accessUri": f"https://a.example/{number}.png", "format": "image/png"},
        ],
        "identifications": [
            {"scientificName": {"fullScientificName": "Larus canus"}, "vernacularNames": [{"name": "gull"}]}
        ],
    }
    for number in range(4)
]


def tables():
    nba = nat.read(("nba.ndjson", "\n".join(map(json.dumps, NBA)).encode()), format="nba")
    oi = nat.read(OI)
    return {
        "oai_oi": oi,
        "oai_dc": nat.read(DC),
        "nba": nba,
        "media": nat.crosswalk("oai_oi", "media").apply(oi).table,
    }


LAYOUTS = [
    {},
    {"multi": "list"},
    {"multi": "first"},
    {"lang": ("nl", "en")},
    {"lang": "wide"},
    {"multi": "explode"},
]
ATTRIBUTES = {"medium_format"}
"""The column with an attribute of the values of another."""
KEYS = {"media": "media_id", "nba": "id"}
HEAD = ("identifier", "datestamp", "datestamp_utc", "deleted", "notes", "extra", "residue")


def read_cells(path):
    """The rows of the file as a person sees them, by a reader that shares no code with ours."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def edit_cells(path, edits):
    """Writes texts into cells, given by row (from 0) and column."""
    if path.suffix == ".csv":
        rows = read_cells(path)
        for (row, at), text in edits.items():
            rows[row + 1][at] = text
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    book = openpyxl.load_workbook(path)
    for (row, at), text in edits.items():
        book.worksheets[0].cell(row + 2, at + 1).value = text
    book.save(path)


def key_of(name):
    return KEYS.get(name, "identifier")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("name", ["oai_oi", "oai_dc", "nba", "media"])
def test_a_file_that_was_not_edited_has_no_changes(name, layout, ending, tmp_path):
    table = tables()[name]
    path = tmp_path / f"t.{ending}"
    table.write(path, **layout)
    assert table.diff(path, on=key_of(name)).to_dicts() == []
    assert table.update(path, on=key_of(name)) is table


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("name", ["oai_oi", "oai_dc", "nba", "media"])
@pytest.mark.parametrize("seed", range(3))
def test_random_edits_of_a_person_change_exactly_the_cells_edited(name, layout, ending, seed, tmp_path):
    table = tables()[name]
    path = tmp_path / f"t.{ending}"
    table.write(path, **layout)
    chance = random.Random(seed)
    header, *rows = read_cells(path)
    free = [
        (row, at)
        for row, cells in enumerate(rows)
        for at, text in enumerate(cells)
        if text and header[at] not in (*HEAD, key_of(name)) and any(map(str.isalpha, text))
        if not text.startswith(("[", "{")) and text.lower() not in ("true", "false")
    ]
    edits = {}
    for row, at in chance.sample(free, min(3, len(free))):
        edits[row, at] = rows[row][at][:-1] + "Ω"
    edit_cells(path, edits)
    found = table.diff(path, on=key_of(name))
    expected = sorted((header[at], rows[row][at], text) for (row, at), text in edits.items())
    assert sorted(zip(found["column"], found["before"], found["after"], strict=True)) == expected
    updated = table.update(path, on=key_of(name))
    again = tmp_path / f"again.{ending}"
    updated.write(again, **layout)
    new = read_cells(again)[1:]
    flat = {header[at] for _, at in edits}
    key = [cells[header.index(key_of(name))] for cells in rows]
    repeated = {(key[row], header[at]) for row, at in edits} if layout == {"multi": "explode"} else set()
    for row, cells in enumerate(rows):
        for at, text in enumerate(cells):
            if name == "media" and (row, at) not in edits and new[row][at] != text:
                # A nested value and the flat column that shows it change together.
                assert "Ω" in new[row][at]
                continue
            if (key[row], header[at]) in repeated and (row, at) not in edits:
                # A value of the record stands in each of its rows.
                assert new[row][at] in (text, *edits.values())
                continue
            assert new[row][at] == edits.get((row, at), text)
    if name.startswith("oai"):
        before, after = table.long(), updated.long()
        assert before["lang"] == after["lang"]
        if not flat & ATTRIBUTES:
            assert before["attributes"] == after["attributes"]
        changed = [one for one, other in zip(before["value"], after["value"], strict=True) if one != other]
        assert len(changed) == sum(header[at] not in ATTRIBUTES | {"sets"} for _, at in edits)


def test_no_language_of_114_is_lost(tmp_path):
    table = nat.read(OI)
    table.write(tmp_path / "t.xlsx")
    edit_cells(tmp_path / "t.xlsx", {(0, table.columns.index("title")): "Buizerd | A buzzard in flight"})
    updated = table.update(tmp_path / "t.xlsx")
    assert sum(lang is not None for lang in table.long()["lang"]) == 114
    assert updated.long()["lang"] == table.long()["lang"]
    assert updated["title"][0] == ["Buizerd", "A buzzard in flight"]


def test_values_are_added_and_removed_with_the_languages_of_the_others(tmp_path):
    table = nat.read(OI)
    table.write(tmp_path / "t.csv")
    at = table.columns.index("title")
    second = "Wilgenroosje in bloei | neu | Fireweed in bloom"
    edit_cells(tmp_path / "t.csv", {(0, at): "A buzzard in flight", (1, at): second})
    updated = table.update(tmp_path / "t.csv")
    values = [(each.value, each.lang) for each in updated[0].values if each.element.endswith("title")]
    assert values == [("A buzzard in flight", "en")]
    values = [(each.value, each.lang) for each in updated[1].values if each.element.endswith("title")]
    assert values == [("Wilgenroosje in bloei", "nl"), ("neu", None), ("Fireweed in bloom", "en")]


def test_an_emptied_cell_is_kept_unless_told_otherwise(tmp_path):
    table = nat.read(OI)
    table.write(tmp_path / "t.csv")
    edit_cells(tmp_path / "t.csv", {(0, table.columns.index("creator")): ""})
    assert table.diff(tmp_path / "t.csv")["kind"] == ["cleared"]
    with pytest.warns(nat.errors.NaturaliaWarning, match="1 empty cell kept"):
        unchanged = table.update(tmp_path / "t.csv")
    assert unchanged.to_dicts() == table.to_dicts()
    assert table.update(tmp_path / "t.csv", cleared="delete")["creator"][0] == []


def test_rows_that_are_missing_or_moved_delete_nothing():
    table = nat.read(OI)
    frame = table.to_pandas(multi="join")
    frame.loc[3, "title"] = "New"
    updated = table.update(frame.iloc[[4, 3]])
    assert len(updated) == len(table)
    assert [row for row in range(6) if updated["title"][row] != table["title"][row]] == [3]


def test_keys_that_are_empty_or_twice_are_an_error_with_their_rows():
    table = nat.read(OI)
    frame = table.to_pandas(multi="join")
    with pytest.raises(ValueError, match=r"row 8 has the identifier .* of row 2 again"):
        table.update(pd.concat([frame, frame[:1]]))
    frame.loc[2, "identifier"] = None
    with pytest.raises(ValueError, match="row 4 has no identifier"):
        table.diff(frame)


def test_a_record_that_changed_on_both_sides_is_a_conflict(tmp_path):
    table = nat.read(OI)
    table.write(tmp_path / "t.csv")
    edit_cells(tmp_path / "t.csv", {(0, table.columns.index("title")): "Mine"})
    frame = table.to_pandas(multi="join")
    frame.loc[0, "creator"] = "Theirs"
    frame.loc[1, "creator"] = "Theirs"
    newer = table.update(frame)
    assert set(newer.diff(tmp_path / "t.csv")["kind"]) == {"conflict"}
    with pytest.raises(nat.errors.CheckFailed, match="1 record changed in the table"):
        newer.update(tmp_path / "t.csv")
    # A record that changed in the table alone keeps the newer values.
    assert newer.diff(tmp_path / "t.csv")["record"][0] == table["identifier"][0]
