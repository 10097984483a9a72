"""What `validate` says: every kind of fault, with its place, in words; of pages and of tables."""

import gzip
import io
from pathlib import Path

import naturalia as nat
import pandas as pd
import pytest
from naturalia import _core
from naturalia.errors import CheckFailed
from support.building import dc, page, record, title

PAGE = nat.samples.path("naturalis_oai_dc.xml")


def text() -> str:
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


def broken(data: str | bytes) -> dict[str, int]:
    return nat.validate(data.encode() if isinstance(data, str) else data).counts


def changed(old: str, new: str) -> dict[str, int]:
    """The rules that are broken when the sample has `new` in the place of the first `old`."""
    whole = text()
    assert old in whole, old
    return broken(whole.replace(old, new, 1))


def test_a_valid_page_breaks_no_rule():
    found = nat.validate(PAGE)
    assert found.ok
    assert found.schema_valid
    assert found.counts == {}
    assert (found.pages, found.records, len(found)) == (1, 5, 0)


def test_a_finding_says_what_where_and_what_to_do():
    data = text().replace("<datestamp>2", "<datestamp>x2", 1).encode()
    (found,) = nat.validate(("page.xml", data))
    lines = data.decode().splitlines()
    assert found.source == "page.xml"
    assert lines[found.line - 1][found.column - 1 :].startswith("<datestamp>x2")
    assert data[found.offset :].startswith(b"<datestamp>x2")
    assert found.record == nat.read(PAGE)["identifier"][0]
    assert found.element == "datestamp"
    assert (found.rule, found.severity, found.kind) == ("oai.header.datestamp", "error", "schema")
    assert found.value.startswith("x2")
    assert "is no date" in found.message
    assert found.advice.startswith("Write ")
    assert "OAI-PMH.xsd" in found.reference


def test_reading_forgives_and_validating_does_not():
    data = page(record(dc(title("snails & slugs"))))
    assert nat.read(data)["title"][0] == ["snails & slugs"]
    assert not nat.validate(data).ok
    assert broken(data)["xml.ampersand"] == 1


def test_a_fault_in_every_record_is_counted_and_some_are_kept():
    data = page(*(record(dc("<dc:mediator/>"), n) for n in range(50)))
    found = nat.validate(data, limit=3)
    assert found.counts["oai_dc.element"] == 50
    assert sum(row.rule == "oai_dc.element" for row in found) == 3
    assert found.left_out > 0
    assert nat.validate(data, limit=None).left_out == 0


def test_protocol_rules_are_told_apart_from_schema_rules():
    data = page(record(dc(title("Larus")), head='<header status="deleted"><identifier>oai:a.b:1</identifier>'
                       "<datestamp>2020-01-01</datestamp></header>"))  # fmt: skip
    found = nat.validate(data)
    assert found.schema_valid
    assert not found.ok
    assert {rule.kind for rule in found.rules} == {"protocol"}


def test_warnings_do_not_make_a_page_invalid():
    found = nat.validate(page(record(dc(title("Larus")))))
    assert found.warnings
    assert found.ok
    assert found
    found.assert_ok()
    with pytest.raises(CheckFailed):
        found.assert_ok(warnings=True)


def test_a_gate_raises_with_the_rules_that_were_broken():
    with pytest.raises(CheckFailed, match="1 error") as caught:
        nat.validate(page(record(dc("<dc:mediator/>")))).assert_ok()
    assert "oai_dc.element" in caught.value.hint


def test_pages_of_a_provider_must_have_the_granularity_it_gives():
    with open(nat.samples.path("identify.xml"), "rb") as file:
        identify = file.read()
    address = b"http://museum.example/oai"
    identify = identify.replace(b"https://openbeelden.example/feeds/oai/", address)
    seconds = page(record(dc(title("Larus")))).replace(b"2020-01-01<", b"2020-01-01T00:00:00Z<")
    for sources in ([("identify", identify), ("page", seconds)], [("page", seconds), ("identify", identify)]):
        row = next(row for row in nat.validate(sources) if row.rule == "oai.header.granularity_identify")
        assert row.source == "page"
        assert row.record == "oai:museum.example:1"
        assert "identify" in row.message
    days = page(record(dc(title("Larus"))))
    assert "oai.header.granularity_identify" not in nat.validate([identify, days]).counts


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_findings_do_not_depend_on_how_the_bytes_come(size, tmp_path):
    """A file object that gives few bytes at a time, gzip, and a file say the same."""
    with open(nat.samples.path("odd.xml"), "rb") as file:
        data = file.read()
    whole = [row[1:] for row in nat.validate(data)]
    assert whole
    assert [row[1:] for row in nat.validate(io.BytesIO(data))] == whole
    (tmp_path / "odd.xml.gz").write_bytes(gzip.compress(data))
    assert [row[1:] for row in nat.validate(tmp_path / "odd.xml.gz")] == whole
    pieces = _core.validate([("<bytes>", data)], limit=1000, threads=1, piece=size)
    assert [row[1:] for row in nat.Validation(pieces)] == whole


def test_a_folder_is_checked_file_by_file(tmp_path):
    (tmp_path / "a.xml").write_bytes(page(record(dc(title("Larus")))))
    (tmp_path / "b.xml").write_bytes(b"<html><title>Login</title>")
    found = nat.validate(tmp_path)
    assert [row.source for row in found if row.severity == "error"] == [str(tmp_path / "b.xml")]
    assert found.counts["oai.root"] == 1


def test_places_are_told_in_the_bytes_as_they_are():
    data = '<?xml version="1.0" encoding="UTF-16"?>' + text().split("?>", 1)[1].replace(
        "<datestamp>2", "<datestamp>x", 1
    )
    encoded = data.encode("utf-16")
    row = next(row for row in nat.validate(encoded) if row.rule == "oai.header.datestamp")
    assert encoded[row.offset :].decode("utf-16-le").startswith("<datestamp>x")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "xml.empty"),
        (b" \n", "xml.empty"),
        (b"{}", "xml.empty"),
        (b"<", "xml.empty"),
        (b"<?xml version='1.0'?>", "xml.empty"),
        (b"<html><p>Sign in", "oai.root"),
        (page(record(dc(title("Larus"))))[:-40], "xml.cut"),
        (page(record(dc(title("Larus")))) + b"<br/>", "xml.trailing"),
        (gzip.compress(page(record(dc(title("Larus")))))[:-20], "xml.cut"),
        (b"<OAI-PMH " + b"x='" * 3, "xml.empty"),
    ],
)
def test_what_is_no_page_is_an_error_and_never_valid(data, rule):
    assert not nat.validate(data).ok
    assert rule in broken(data)


def test_a_table_is_checked_as_it_would_be_written():
    table = nat.read(nat.samples.path("openimages_oai_dc.xml"))
    found = nat.validate(table)
    assert found.counts == {"oai_dc.element": 4}
    assert [row.row for row in found] == [0, 1, 2, 3]
    assert found.findings["element"] == ["dc:mediator"] * 4
    assert nat.validate(nat.read(PAGE)).ok


def test_a_frame_is_checked_by_the_same_rules():
    frame = pd.DataFrame(
        {
            "identifier": ["oai:museum.example:1", "one two", None],
            "datestamp": ["2020-01-01", "2020-01-01T00:00:00Z", "1.1.2020"],
            "deleted": [False, True, False],
            "sets": [["birds", "birds"], ["a b"], []],
            "title": [["Larus\x0b"], ["Parus"], []],
        }
    )
    found = nat.validate(frame, format="oai_dc")
    assert found.counts == {
        "xml.character": 1,
        "oai.header.set_twice": 1,
        "oai.header.granularity": 1,
        "oai.header.identifier_scheme": 1,
        "oai.setSpec": 1,
        "oai.header.deleted": 1,
        "oai.missing": 1,
        "oai.header.datestamp": 1,
        "oai.record.metadata": 1,
    }


def test_what_verbs_list_is_checked_too():
    with open(nat.samples.path("identify.xml"), "rb") as file:
        table = nat.read(file.read().replace(b"1826-01-01", b"once"))
    assert list(nat.validate(table).counts) == ["oai.Identify.earliestDatestamp"]


def test_a_table_of_no_standard_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no standard") as caught:
        nat.validate(nat.read(PAGE).summary())
    assert "oai_oi" in str(caught.value)
    with pytest.raises(ValueError, match="did you mean 'oai'"):
        nat.validate(PAGE, "oia")


def test_findings_are_a_table_that_other_libraries_read(tmp_path):
    found = nat.validate(nat.samples.path("odd.xml"))
    assert list(found.to_pandas()["rule"]) == found.findings["rule"]
    assert found.to_arrow().num_rows == len(found)
    found.write(tmp_path / "found.csv")
    assert len(pd.read_csv(tmp_path / "found.csv", comment="#")) == len(found)
    found.write(tmp_path / "found.xlsx")
    assert list(pd.read_excel(tmp_path / "found.xlsx")["message"]) == found.findings["message"]
    found.write(tmp_path / "found.jsonl")
    assert len(pd.read_json(tmp_path / "found.jsonl", lines=True)) == len(found)
    with pytest.raises(ValueError, match="doc"):
        found.write(tmp_path / "found.doc")


def test_a_hostile_value_is_harmless_in_a_notebook():
    data = page(
        record(
            dc(title("x"), "<dc:x>&lt;img onerror=alert(1)&gt;</dc:x>"),
            head="<header>&lt;img onerror=1&gt;</header>",
        )
    )
    html = nat.validate(("<img src=x>", data))._repr_html_()
    assert "<img" not in html
    assert "style" in html
    assert len(html) < 60_000


def test_the_documentation_lists_every_rule():
    with open(Path(__file__).parents[3] / "docs" / "validation.md", encoding="utf-8") as file:
        listed = file.read().split("## All rules")[1]
    for rule in _core.rules():
        row = f"| `{rule['rule']}` | {rule['severity']} | {rule['reference']} | {rule['title']} |"
        assert row in listed, row
    assert listed.count("\n| `") == len(_core.rules())
