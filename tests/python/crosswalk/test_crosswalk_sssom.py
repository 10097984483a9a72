"""Rule files are SSSOM, and survive what spreadsheets do to them."""

from pathlib import Path

import naturalia as nat
import pytest
from naturalia import _core
from naturalia.errors import CrosswalkError

SOURCES = Path(__file__).parents[3] / "src" / "crosswalk"
FILES = sorted([*SOURCES.glob("rules/*.tsv"), *SOURCES.glob("tables/*.tsv")])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sssom_py_accepts_every_file(path):
    parsers = pytest.importorskip("sssom.parsers")
    validators = pytest.importorskip("sssom.validators")
    mapping_set = parsers.parse_sssom_table(str(path))
    assert len(mapping_set.df) == sum(not line.startswith("#") for line in path.read_text().splitlines()) - 1
    reports = validators.validate(mapping_set, fail_on_error=True)
    assert not any(result.severity == "ERROR" for report in reports.values() for result in report.results)


@pytest.mark.parametrize("name", list(_core.CROSSWALKS))
def test_a_file_is_read_and_written_the_same(name, tmp_path):
    x = nat.crosswalk(name, "media")
    x.write(tmp_path / "rules.sssom.tsv")
    written = (tmp_path / "rules.sssom.tsv").read_text()
    assert written == (SOURCES / "rules" / f"{name}.sssom.tsv").read_text()


@pytest.mark.parametrize("name", list(_core.CROSSWALKS))
def test_every_rule_has_a_name_of_its_own(name):
    ids = [rule["record_id"] for rule in nat.crosswalk(name, "media").rules]
    assert len(set(ids)) == len(ids)


def test_a_file_that_a_spreadsheet_saved_is_the_same(tmp_path):
    x = nat.crosswalk("oai_dc", "media")
    x.write(tmp_path / "rules.tsv")
    text = (tmp_path / "rules.tsv").read_text()
    lines = [f"{line}\t\t" for line in text.splitlines()]
    (tmp_path / "excel.tsv").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n\t\t\r\n").encode())
    assert nat.crosswalk("oai_dc", "media", rules=tmp_path / "excel.tsv").rules == x.rules


def test_a_file_without_our_columns_is_told_apart(tmp_path):
    (tmp_path / "plain.tsv").write_text(
        "#subject_source: nx:oai_dc\nrecord_id\tsubject_id\nnx:oai_dc.001\tdc:title\n"
    )
    with pytest.raises(CrosswalkError, match="no column nx_src"):
        nat.crosswalk("oai_dc", "media", rules=tmp_path / "plain.tsv")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("title\ttitels\t\tboth\t\t", 'nx_dst: there is no "titels"'),
        ("title\ttitles\ttext.trimm\tboth\t\t", "nx_fn: no function"),
        ("title\ttitles\tsplit\tboth\t\t", "nx_fn: split takes"),
        ("title\ttitles\tconst(x)\tboth\t\t", "nx_dir: const has no way back"),
        ("title\ttitles\t\tboth\turl.iz(value)\t", "nx_when: no question"),
        ("title\ttitles\t\tsideways\t\t", "nx_dir"),
        ("title\t\tdrop\tfwd\t\t", "nx_loss: is empty"),
        ("title\tcreators\t\tboth\t\t", "is a group; name a member"),
        ("title\ttitles[\t\tboth\t\t", 'nx_dst: "]" is missing'),
    ],
)
def test_what_a_rule_can_not_say_is_told_with_row_and_column(row, said, tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(f"#subject_source: nx:oai_dc\nnx_src\tnx_dst\tnx_fn\tnx_dir\tnx_when\tnx_loss\n{row}\n")
    with pytest.raises(CrosswalkError) as caught:
        nat.crosswalk("oai_dc", "media", rules=path)
    assert said in str(caught.value)
    assert "row 3" in str(caught.value)


def test_two_rules_for_one_place_contradict_each_other(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("#subject_source: nx:oai_dc\nnx_src\tnx_dst\nrights\ttype\n")
    with pytest.raises(CrosswalkError, match="both write type"):
        nat.crosswalk("oai_dc", "media", rules=path)
