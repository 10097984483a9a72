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
    path.write_text("#subject_source: nx:oai_dc\nnx_src\tnx_dst\nrights\trecord_modified\n")
    with pytest.raises(CrosswalkError, match="both write record_modified"):
        nat.crosswalk("oai_dc", "media", rules=path)


# Terms of DCMI and the element that each refines (DCMI Metadata Terms, "Subproperty of").
REFINES = {
    "abstract": "description", "tableOfContents": "description", "accessRights": "rights",
    "license": "rights", "alternative": "title", "bibliographicCitation": "identifier", "extent": "format",
    "medium": "format", "spatial": "coverage", "temporal": "coverage", "created": "date", "issued": "date",
    "available": "date", "modified": "date", "dateCopyrighted": "date", "hasFormat": "relation",
    "references": "relation", "isPartOf": "relation",
}  # fmt: skip


def mappings():
    """Every mapping of the rule files: file, subject, predicate, object, path in media."""
    for path in sorted(SOURCES.glob("rules/*.tsv")):
        rows = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
        for cells in rows[1:]:
            row = dict(zip(rows[0], cells, strict=True))
            if row["object_id"].startswith("hub:"):
                yield path.name, row["subject_id"], row["predicate_id"], row["object_id"], row["nx_dst"]


def test_a_mapping_names_the_leaf_and_not_the_group_it_stands_in():
    for name, _, _, object_id, path in mappings():
        last = path.split("|")[0].split("@")[0].rsplit(".", 1)[-1].split("[")[0]
        named = object_id.removeprefix("hub:").split(".")
        assert last in named or "=" in path, (name, path, object_id)


def test_a_pair_has_one_predicate():
    found = {}
    for name, subject, predicate, object_id, _ in mappings():
        found.setdefault((name.split(".")[0], subject, object_id), set()).add(predicate)
    assert not {pair: predicates for pair, predicates in found.items() if len(predicates) > 1}


def test_exact_matches_do_not_equate_different_fields():
    """`exactMatch` is transitive: what is exact to one field of a format is exact to no other."""
    groups = {}
    for name, subject, predicate, object_id, _ in mappings():
        if predicate == "skos:exactMatch":
            groups.setdefault(subject.split(":")[0] + " in " + name.split(".")[0], []).append(
                (subject, object_id)
            )
    parent = {}

    def root(term):
        while parent.setdefault(term, term) != term:
            term = parent[term]
        return term

    for pairs in groups.values():
        for subject, object_id in pairs:
            parent[root(subject)] = root(object_id)
    members = {}
    for term in parent:
        members.setdefault(root(term), set()).add(term)
    for terms in members.values():
        vocabularies = [term.split(":")[0] for term in terms]
        assert len(set(vocabularies)) == len(vocabularies), sorted(terms)


def test_a_field_that_a_refinement_names_exactly_is_narrower_than_the_element_it_refines():
    exact = {
        (subject, object_id)
        for _, subject, predicate, object_id, _ in mappings()
        if predicate == "skos:exactMatch"
    }
    count = 0
    for name, subject, predicate, object_id, _ in mappings():
        for term, element in REFINES.items():
            if subject == f"dc:{element}" and (f"dcterms:{term}", object_id) in exact:
                assert predicate == "skos:narrowMatch", (name, subject, object_id)
                count += 1
    assert count > 10


def test_no_mapping_is_broad_one_way_and_narrow_the_other():
    found = {}
    for _, subject, predicate, object_id, _ in mappings():
        found.setdefault((subject, object_id), set()).add(predicate)
    assert not any({"skos:broadMatch", "skos:narrowMatch"} <= predicates for predicates in found.values())


@pytest.mark.parametrize(
    ("order", "at"),
    [("", 0), ("first", 0), ("last", -1), ("before nx:oai_dc.004", 3), ("after nx:oai_dc.004", 4)],
)
def test_a_rule_of_the_user_stands_where_it_is_put(order, at, tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(
        f"#subject_source: nx:oai_dc\nrecord_id\tnx_src\tnx_dst\tnx_order\nmy.1\ttitle\tcaption\t{order}\n"
    )
    ids = [rule["record_id"] for rule in nat.crosswalk("oai_dc", "media", rules=path).rules]
    assert ids[at] == "my.1"


def test_a_place_that_is_none_is_refused(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(
        "#subject_source: nx:oai_dc\nnx_src\tnx_dst\tnx_order\ntitle\tcaption\tafter nx:oai_dc.999\n"
    )
    with pytest.raises(CrosswalkError, match="nx_order: there is no rule"):
        nat.crosswalk("oai_dc", "media", rules=path)


def test_a_condition_on_the_record_needs_one_direction(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("#subject_source: nx:oai_dc\nnx_src\tnx_dst\tnx_when\ntitle\tcaption\thas(creator)\n")
    with pytest.raises(CrosswalkError, match="one direction"):
        nat.crosswalk("oai_dc", "media", rules=path)
