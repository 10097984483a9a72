"""Crosswalks: what comes over, what is said about the rest, and that everything comes back."""

import json

import naturalia as nat
import pytest
from naturalia.errors import CheckFailed, CrosswalkError

OI = nat.samples.path("openimages_oai_oi.xml")
DC = nat.samples.path("naturalis_oai_dc.xml")


def mapped(source, target, table, **options):
    return nat.crosswalk(source, target, **options).apply(table)


def exact(table):
    """Every value with its element, place, language and attributes."""
    long = table.long()
    return list(zip(*(long[name] for name in long.columns), strict=True))


@pytest.fixture
def oi():
    return nat.read(OI)


@pytest.fixture
def dc():
    return nat.read(DC)


def test_a_crosswalk_gives_a_table_and_what_became_of_every_value(oi):
    table, loss = mapped("oai_oi", "media", oi)
    assert table.format == "media"
    assert len(table) == len(oi)
    assert sum(loss.counts.values()) == loss.values


@pytest.mark.parametrize("target", ["media", "nba", "oai_dc"])
def test_every_value_comes_back_with_its_order_language_and_attributes(oi, target):
    x = nat.crosswalk("oai_oi", target)
    back = x.invert().apply(x.apply(oi).table).table
    assert exact(back) == exact(oi)


def test_the_date_of_open_images_is_when_it_was_issued(oi):
    table = mapped("oai_oi", "media", oi).table
    assert table["issued"][0] == oi["date"][0][0]
    assert table["created"][0] is None
    assert table["date"][0] == []


def test_a_plain_date_is_of_no_known_kind(dc):
    table = mapped("oai_dc", "media", dc).table
    assert all(row is None for row in table["created"])


def test_the_language_of_a_text_comes_over(oi):
    titles = mapped("oai_oi", "media", oi).table["titles"][0]
    assert [title["lang"] for title in titles] == ["nl", "en"]


def test_an_edit_survives_the_way_back(oi):
    import pyarrow as pa

    x = nat.crosswalk("oai_oi", "nba")
    table = x.apply(oi).table
    frame = pa.table(table).to_pylist()
    assert any(row["title"] for row in frame)
    edited = pa.table(table)
    column = edited.column_names.index("title")
    edited = edited.set_column(column, "title", pa.array(["Another title"] * len(frame)))
    back, loss = x.invert().apply(nat.Table(edited, format="nba"))
    assert all("Another title" in titles for titles in back["title"])
    assert loss.edited > 0


def test_residue_is_only_what_the_rules_do_not_give_back(oi):
    table = mapped("oai_oi", "media", oi).table
    for residue in filter(None, table["residue"]):
        kept = json.loads(residue)
        assert kept["of"] == "oai_oi"
        assert "license[]" not in kept.get("v", {})
        assert "medium[]" not in kept.get("v", {})


def test_a_gate_for_scripts(oi):
    loss = mapped("oai_oi", "nba", oi).loss
    loss.assert_max(passthrough=0.99)
    with pytest.raises(CheckFailed, match="narrowed"):
        loss.assert_max(narrowed=0)


def test_a_rule_that_can_not_be_is_refused_with_file_row_and_column(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("#subject_source: nx:oai_dc\nnx_src\tnx_dst\tnx_fn\ntitel\ttitles\t\n")
    with pytest.raises(CrosswalkError, match=r"mine\.tsv: row 3 .*nx_src: there is no \"titel\""):
        nat.crosswalk("oai_dc", "media", rules=path)


def test_rules_written_as_a_workbook_are_read_as_the_same_rules(tmp_path):
    x = nat.crosswalk("oai_dc", "nba")
    x.write(tmp_path / "rules.xlsx")
    again = nat.crosswalk("oai_dc", "nba", rules=tmp_path / "rules.xlsx")
    assert x.rules == again.rules


def test_a_function_of_the_caller_is_called_once_with_the_distinct_values(dc):
    calls = []

    def shout(values):
        calls.append(values)
        return [value.upper() for value in values]

    table = mapped("oai_dc", "media", dc, rules={("subject", "keywords"): shout}).table
    assert len(calls) == 1
    assert len(set(calls[0])) == len(calls[0])
    assert all(word["value"].isupper() for row in table["keywords"] for word in row)


def test_inverting_twice_is_the_same():
    x = nat.crosswalk("oai_oi", "nba")
    assert x.invert().invert().rules == x.rules


def test_explain_says_what_happens_to_a_field():
    said = nat.crosswalk("oai_oi", "nba").explain("date")
    assert "issued_date" in said
    with pytest.raises(ValueError, match="did you mean 'title'"):
        nat.crosswalk("oai_oi", "media").explain("titel")


def test_a_report_is_written_as_page_table_and_workbook(oi, tmp_path):
    loss = mapped("oai_oi", "nba", oi).loss
    for name in ("loss.html", "loss.csv", "loss.xlsx"):
        loss.write(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 500
    assert "<script" not in (tmp_path / "loss.html").read_text()
