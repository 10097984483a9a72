"""What rights statements say, from Python: one, many, a frame, a sheet of decisions."""

import csv
import pickle
import re
from pathlib import Path

import naturalia as nat
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support.building import dc, page, record

HARD = re.findall(
    r"^\| `(.+?)` \| (\w+) \| (\S+) \|$",
    (Path(__file__).parents[3] / "docs/licenses.md").read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(("text", "status", "name"), HARD)
def test_the_hard_cases_of_the_documentation(text, status, name):
    found = nat.license(text.encode().decode("unicode_escape") if "\\u" in text else text)
    assert (found.status, found.id or found.claimed or "–") == (status, name.strip("`"))


def test_there_are_hard_cases():
    assert len(HARD) > 25


def test_what_is_not_stated_stays_unknown():
    found = nat.license("CC BY")
    assert (found.status, found.uri, found.version) == ("unversioned", None, None)
    assumed = nat.license("CC BY", assume_version="4.0")
    assert (assumed.uri, assumed.basis) == ("https://creativecommons.org/licenses/by/4.0/", "assumed")


@pytest.mark.parametrize(
    ("text", "status", "reason", "words"),
    [
        ("CC BY 4.0 lorem", "unclear", "unread-words", ["lorem"]),
        ("This is not CC BY 4.0", "unclear", "negated", ["not"]),
        ("formerly licensed under CC BY 4.0", "unclear", "not-now", ["formerly"]),
        ("CC BY 4.0?", "unclear", "doubt", ["?"]),
        ("CC BY 4.0 except images", "partial", "partial", ["except images"]),
    ],
)
def test_words_that_keep_a_licence_from_being_exact_are_named(text, status, reason, words):
    found = nat.license(text)
    assert (found.status, found.reason) == (status, reason)
    assert (found.unread or [found.scope]) == words
    check = found.check("open")
    assert (check.verdict, check.reason, check.hints) == ("unknown", reason, words)
    assert "yes" not in {found.permissions[name] for name in ("commercial", "derivatives", "redistribution")}
    if status == "unclear":
        assert (found.uri, found.spdx, found.rdf_uri, found.suggestions) == (None, None, None, ["CC BY 4.0"])
    assert pickle.loads(pickle.dumps(found)) == found


def test_other_rights_elements_bind_the_licence_of_a_record():
    by = "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"
    others = ["A Museum", "no commercial use", "metadata only", "no longer valid"]
    records = [
        record(dc(f"{by}<dc:rights>{other}</dc:rights>"), n) for n, other in enumerate(others, start=1)
    ]
    found = nat.read(page(*records)).licenses(check="open")
    assert found["license_status"] == ["exact", "conflict", "partial", "unclear"]
    assert found["license_open"] == ["yes", "no", "unknown", "unknown"]


def test_none_and_blank_say_nothing():
    assert {nat.license(text).status for text in (None, "", "  ")} == {"none"}


@pytest.mark.parametrize("text", ["CC BY 4.0", "CC0 4.0", "GFDL or CC BY-SA 3.0", "© A Museum", ""])
def test_a_license_pickles_and_does_not_change(text):
    found = nat.license(text)
    assert pickle.loads(pickle.dumps(found)) == found
    assert [pickle.loads(pickle.dumps(part)) for part in found.parts] == found.parts
    assert "\n" not in repr(found)
    with pytest.raises(AttributeError):
        found.uri = "x"


def test_a_misspelt_field_gets_a_suggestion():
    with pytest.raises(AttributeError, match="did you mean 'spdx'"):
        getattr(nat.license("CC0"), "spdx1")  # noqa: B009


def test_spans_are_of_characters():
    text = "Été: CC BY 4.0"
    found = nat.license(text)
    assert text[slice(*found.span)] == "CC BY 4.0"
    assert text.encode()[slice(*found.byte_span)] == b"CC BY 4.0"


def test_a_notebook_shows_text_and_never_markup_of_the_statement():
    assert "exact" in nat.license("CC BY 4.0")._repr_html_()
    assert "<b>" not in nat.license("<b>CC BY</b>")._repr_html_()


VALUES = ["CC BY 4.0", None, "CC BY-NC", "CC BY 4.0"]


def test_a_pandas_frame_keeps_index_and_order():
    frame = pd.DataFrame({"rights": VALUES, "n": range(4)}, index=[7, 3, 3, 9])
    found = nat.licenses(frame, column="rights", check=["commons", "gbif"])
    assert list(found.index) == [7, 3, 3, 9]
    assert list(found.columns[:2]) == ["rights", "n"]
    assert found["license_commons"].tolist() == ["yes", "unknown", "no", "yes"]
    assert found["license_gbif_reason"].tolist()[2] == "version-unstated"
    assert nat.licenses(found, column="rights").columns.is_unique


def test_a_pandas_column_of_mixed_things_is_read_too():
    found = nat.licenses(
        pd.DataFrame({"rights": ["CC0 1.0", 4, float("nan")]}, dtype=object), column="rights"
    )
    assert found["license_status"].tolist() == ["exact", "none", "none"]


def test_polars_and_pyarrow_come_back_as_they_are():
    ours = nat.licenses(pl.DataFrame({"rights": VALUES}), column="rights")
    assert isinstance(ours, pl.DataFrame)
    assert ours["license_id"].to_list() == ["cc-by-4.0", None, "cc-by-nc", "cc-by-4.0"]
    table = nat.licenses(pa.table({"rights": VALUES}), column="rights")
    assert isinstance(table, pa.Table)
    assert table["license_status"].to_pylist() == ["exact", "none", "unversioned", "exact"]


def test_a_list_becomes_a_table_of_one_row_a_value():
    table = nat.licenses(VALUES)
    assert isinstance(table, nat.Table)
    assert table["license_raw"] == VALUES


def test_wrong_arguments_say_what_was_meant():
    with pytest.raises(ValueError, match="did you mean 'rights'"):
        nat.licenses(pl.DataFrame({"rights": VALUES}), column="right")
    with pytest.raises(ValueError, match="did you mean 'commons'"):
        nat.licenses(VALUES, check="common")
    with pytest.raises(ValueError, match=r"4\.0"):
        nat.license("CC BY", assume_version="7")
    with pytest.raises(TypeError, match="column="):
        nat.licenses(pd.DataFrame({"rights": VALUES}))


def fill_in_xlsx(path, decisions):
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        decision = decisions.get(row[head.index("statement")].value)
        if decision:
            row[head.index("decision")].value = decision
    book.save(path)


def fill_in_csv(path, decisions):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(
            {**row, "decision": decisions.get(row["statement"].removeprefix("'"), "")} for row in rows
        )


@pytest.mark.parametrize(("name", "fill_in"), [("decide.xlsx", fill_in_xlsx), ("decide.csv", fill_in_csv)])
def test_the_decision_sheet_goes_round(tmp_path, name, fill_in):
    statements = ["=ask us", "CC BY", " CC BY", "CC BY 4.0", "line\r\nbreak"]
    nat.license_report(statements).write(tmp_path / name)
    fill_in(tmp_path / name, {"=ask us": "CC BY-NC 4.0", "CC BY": "CC BY 4.0"})
    with pytest.warns(nat.errors.NaturaliaWarning, match="grant more"):
        found = nat.licenses(statements, decisions=tmp_path / name)
    assert found["license_id"] == ["cc-by-nc-4.0", "cc-by-4.0", "cc-by-4.0", "cc-by-4.0", None]
    assert found["license_basis"] == ["decided", "decided", "decided", "stated", "stated"]
    assert found["license_raw"] == statements


def test_a_decision_that_grants_more_is_listed_first():
    rows = nat.license_report(["CC BY-NC 4.0"] * 9 + ["ask us"] * 2, decisions={"ask us": "CC BY 4.0"}).rows
    assert rows[0]["statement"] == "ask us"
    assert "decided-freer" in rows[0]["warnings"]


def test_a_decision_names_something_that_exists():
    with pytest.raises(ValueError, match=r"CC0 1\.0"):
        nat.licenses(["ask us"], decisions={"ask us": "CC0 4.0"})


RIGHTS = (
    '<about><rights xmlns="http://www.openarchives.org/OAI/2.0/rights/">'
    '<rightsReference ref="http://creativecommons.org/publicdomain/zero/1.0/"/></rights></about>'
)


def test_item_and_metadata_have_licences_of_their_own():
    by = "<dc:rights>© A Museum</dc:rights><dc:rights>CC BY-NC 4.0</dc:rights>"
    found = nat.read(page(record(dc(by), 1, about=RIGHTS), record(dc(by), 2), record(dc(), 3))).licenses()
    assert found["license_id"] == ["cc-by-nc-4.0", "cc-by-nc-4.0", None]
    assert found["license_holder"][0] == "A Museum"
    assert found["record_license_id"] == ["cc0-1.0", None, None]


def test_values_that_deny_each_other_are_a_conflict():
    both = (
        "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights><dc:rights>CC BY-NC</dc:rights>"
    )
    found = nat.read(page(record(dc(both)))).licenses(check="commons")
    assert (found["license_status"], found["license_commons"]) == (["conflict"], ["no"])


def test_a_source_wide_constant_says_so_and_needs_a_look_for_commons():
    found = nat.license("CC0 1.0", constant=True)
    assert (found.basis, found.uri) == ("constant", "https://creativecommons.org/publicdomain/zero/1.0/")
    assert found.check("commons")[:2] == ("conditional", "constant-licence")
    assert pickle.loads(pickle.dumps(found)).basis == "constant"
    table = nat.licenses(["CC0 1.0", "ask us"], check="commons", constant=True)
    assert table["license_commons"] == ["conditional", "unknown"]
    frame = nat.licenses(pd.DataFrame({"r": ["CC0 1.0"]}), column="r", constant=True)
    assert frame["license_basis"].tolist() == ["constant"]


MANIFEST = (
    '<rightsManifest xmlns="http://www.openarchives.org/OAI/2.0/rights/" appliesTo='
    '"http://www.openarchives.org/OAI/2.0/entity#{of}"><rights><rightsReference ref="{uri}"/></rights>'
    "</rightsManifest>"
)
ZERO = "http://creativecommons.org/publicdomain/zero/1.0/"
ABOUT = (
    '<about><rights xmlns="http://www.openarchives.org/OAI/2.0/rights/">'
    '<rightsReference ref="http://creativecommons.org/licenses/by/4.0/"/></rights></about>'
)


def identify(description):
    return nat.read(
        page(
            "<repositoryName>R</repositoryName><baseURL>http://a.example</baseURL>",
            "<protocolVersion>2.0</protocolVersion><adminEmail>a@a.example</adminEmail>",
            "<earliestDatestamp>2000-01-01</earliestDatestamp><deletedRecord>no</deletedRecord>",
            f"<granularity>YYYY-MM-DD</granularity><description>{description}</description>",
            verb="Identify",
        )
    )


def test_the_manifest_of_a_source_speaks_where_a_record_says_nothing():
    records = nat.read(
        page(record(dc("<dc:title>a</dc:title>")), record(dc("<dc:title>b</dc:title>"), about=ABOUT))
    )
    plain = records.licenses()
    assert plain["record_license_id"] == [None, "cc-by-4.0"]
    found = records.licenses(manifest=identify(MANIFEST.format(of="metadata", uri=ZERO)))
    assert found["record_license_id"] == ["cc0-1.0", "cc-by-4.0"]
    assert found["record_license_basis"] == ["constant", "stated"]
    assert found["license_id"] == [None, None]


def test_a_manifest_of_something_else_than_metadata_says_nothing_of_it():
    records = nat.read(page(record(dc("<dc:title>a</dc:title>"))))
    found = records.licenses(manifest=identify(MANIFEST.format(of="content", uri=ZERO)))
    assert found["record_license_status"] == ["none"]


def test_a_frame_gets_each_distinct_answer_once():
    frame = pd.DataFrame({"r": ["CC BY 4.0", None, "CC BY 4.0"]}, index=[5, 6, 5])
    found = nat.licenses(frame, column="r")
    assert found["license_id"].tolist()[::2] == ["cc-by-4.0"] * 2
    assert found["license_id"].isna().tolist() == [False, True, False]
    assert list(found["license_id"].cat.categories) == ["cc-by-4.0"]
    assert (
        pl.DataFrame({"r": ["CC BY"]}).pipe(nat.licenses, column="r")["license_status"].dtype
        == pl.Categorical
    )


def test_a_column_of_mixed_values_is_read_value_by_value():
    found = nat.licenses(pd.DataFrame({"r": ["CC0", 4.0, None]}), column="r")
    assert found["license_status"].tolist() == ["exact", "none", "none"]
