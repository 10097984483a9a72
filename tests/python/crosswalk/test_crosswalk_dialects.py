"""Dialects: which providers a record is recognised as from, and what their addresses and rights mean."""

import warnings
from pathlib import Path

import naturalia as nat
import pytest
from conftest import corpus_files
from naturalia._crosswalk import crosswalk as module
from support.building import dc, header, page, record
from support.crosswalking import exact, mapped

BASE = "http://museum.example/oai"
RULES = Path(__file__).parents[3] / "src" / "crosswalk" / "rules"
ARTICLE = "info:eu-repo/semantics/article"


def table(*records, base=BASE):
    """A table of `oai_dc` records: each a header, then elements as pairs of name and text."""
    parts = [
        record(dc(*(f"<dc:{name}>{text}</dc:{name}>" for name, text in pairs)), head=head)
        for head, *pairs in records
    ]
    return nat.read(page(*parts).replace(BASE.encode(), base.encode()))


def one(head, *pairs, base=BASE, **options):
    """The media record of one record, and the report."""
    media, loss = nat.crosswalk("oai_dc", "media", **options).apply(table((head, *pairs), base=base))
    return {name: media[name][0] for name in media.columns}, loss


def identifiers(*texts):
    return [("identifier", text) for text in texts]


# A record of each family, the base address of its provider, and what it means: page and file.
BEPRESS = "http://commons.example/aerc/2006/papers/14"
BITSTREAM = "https://repo.example/bitstreams/0b1d3c5e/download"
FAMILIES = {
    "openimages": (
        header(identifier="oai:openimages.eu:90101"),
        [("format", "https://www.openbeelden.nl/files/90/a.mp4")],
        ("https://www.openbeelden.nl/media/90101", "https://www.openbeelden.nl/files/90/a.mp4"),
    ),
    "ojs": (
        header(identifier="oai:journal.example:article/88"),
        [
            *identifiers("https://journal.example/index.php/j/article/view/88"),
            ("relation", "https://journal.example/index.php/j/article/view/88/90"),
            ("relation", "https://journal.example/index.php/j/article/download/88/91"),
        ],
        (
            "https://journal.example/index.php/j/article/view/88",
            "https://journal.example/index.php/j/article/download/88/91",
        ),
    ),
    "dspace": (
        header(identifier="oai:repo.example:10968/964", sets=("com_10968_988", "col_10968_989")),
        identifiers("A_M126.tif", "http://hdl.handle.net/10968/964", BITSTREAM),
        ("http://hdl.handle.net/10968/964", BITSTREAM),
    ),
    "bepress": (
        header(identifier="oai:commons.example:aerc-2466", sets=("publication:aerc",)),
        identifiers(BEPRESS, "http://commons.example/cgi/viewcontent.cgi?article=2466&amp;amp;context=aerc"),
        (BEPRESS, "http://commons.example/cgi/viewcontent.cgi?article=2466&context=aerc"),
    ),
    "contentdm": (
        header(identifier="oai:digital.example:coll6/188"),
        identifiers("http://other.example/scan", "http://digital.example/cdm/ref/collection/coll6/id/188"),
        ("http://digital.example/cdm/ref/collection/coll6/id/188", None),
    ),
    "omeka": (
        header(identifier="oai:omeka.example:12"),
        identifiers(
            "http://other.example/book",
            "http://omeka.example/items/show/12",
            "http://omeka.example/files/original/0f3c9e",
        ),
        ("http://omeka.example/items/show/12", "http://omeka.example/files/original/0f3c9e"),
    ),
    "eprints": (
        header(identifier="oai:eprints.example:12"),
        [
            *identifiers("http://eprints.example/id/eprint/12/1/thesis"),
            ("relation", "http://eprints.example/id/eprint/12/"),
        ],
        ("http://eprints.example/id/eprint/12/", "http://eprints.example/id/eprint/12/1/thesis"),
    ),
    "openaire": (
        header(),
        [("type", ARTICLE), ("relation", "info:eu-repo/semantics/altIdentifier/doi/10.24341/tethys.2")],
        ("https://doi.org/10.24341/tethys.2", None),
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_record_is_recognised_and_its_page_and_file_are_found(family):
    head, pairs, meaning = FAMILIES[family]
    medium, loss = one(head, *pairs)
    assert loss.dialects == {family: 1}
    assert (medium["landing_page"], medium["media_url"]) == meaning


@pytest.mark.parametrize("family", FAMILIES)
def test_the_dialect_that_is_chosen_means_the_same(family):
    head, pairs, _ = FAMILIES[family]
    recognised, _ = one(head, *pairs)
    chosen, loss = one(head, *pairs, dialect=family)
    assert chosen == recognised
    assert loss.dialects == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_plain_turns_recognition_off(family):
    head, pairs, meaning = FAMILIES[family]
    medium, loss = one(head, *pairs, dialect="plain")
    assert loss.dialects == {}
    assert (medium["landing_page"], medium["media_url"]) != meaning


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("http://commons.example/do/oai/", "bepress"),
        ("https://repo.example/oai/request", "dspace"),
        ("https://repo.example/dspace-oai/request?verb=ListRecords", "dspace"),
        ("https://dspace.repo.example/oai/", "dspace"),
        ("https://eprints.example/cgi/oai2", "eprints"),
        ("https://journal.example/index.php/j/oai", "ojs"),
        ("https://omeka.example/oai-pmh-repository/request", "omeka"),
        ("https://cdm17006.contentdm.oclc.org/oai/oai.php", "contentdm"),
        ("https://www.openbeelden.nl/feeds/oai/", "openimages"),
        ("https://oai.example/oaiproviderpublic/request", None),
        ("https://zenodo.example/oai2d", None),
    ],
)
def test_a_provider_is_recognised_by_its_base_address(base, family):
    _, loss = one(header(), ("title", "Larus"), base=base)
    assert loss.dialects == ({family: 1} if family else {})


def test_each_record_of_a_mixed_table_is_read_with_its_own_dialect():
    heads = [(family, head, pairs) for family, (head, pairs, _) in FAMILIES.items()]
    mixed = table(*((head, *pairs) for _, head, pairs in [*heads, *heads[::-1]]))
    media, loss = nat.crosswalk("oai_dc", "media").apply(mixed)
    assert loss.dialects == dict.fromkeys(FAMILIES, 2)
    assert loss.records == len(media) == 2 * len(FAMILIES)
    assert media["identifier"] == mixed["identifier"]
    alone = [one(head, *pairs)[0] for _, head, pairs in heads]
    for row, expected in enumerate([*alone, *alone[::-1]]):
        assert {name: media[name][row] for name in media.columns} == expected


def test_pages_of_two_providers_keep_their_dialects():
    parts = [
        table((header(), ("source", "Physics")), base=base)
        for base in ("http://a.example/do/oai/", BASE, "http://b.example/do/oai/")
    ]
    media, loss = nat.crosswalk("oai_dc", "media").apply(nat.concat(parts))
    assert media["collection"] == ["Physics", None, "Physics"]
    assert loss.dialects == {"bepress": 2}
    # The rows that remain can no longer be assigned to pages.
    _, loss = nat.crosswalk("oai_dc", "media").apply(nat.concat(parts)[1:])
    assert loss.dialects == {}


@pytest.mark.parametrize("target", ["media", "nba", "oai_qdc", "ac"])
@pytest.mark.parametrize("dialect", [None, "plain", *FAMILIES, "metadata_rights", "crs"])
def test_every_record_comes_back_with_every_dialect(target, dialect):
    given = table(*((head, *pairs, ("rights", "default")) for head, pairs, _ in FAMILIES.values()))
    x = nat.crosswalk("oai_dc", target, dialect=dialect)
    documents, loss = x.apply(given)
    assert sum(loss.counts.values()) == loss.values
    if dialect == "crs":  # its records are specimens: these have no medium
        assert len(documents) == 0
        return
    assert exact(x.invert().apply(documents).table) == exact(given)
    # The residue names the dialect, so the way back needs no choice.
    back = nat.crosswalk(target, "oai_dc").apply(documents).table
    assert exact(back) == exact(given)
    page = {"media": "landing_page", "nba": "recordURI"}.get(target)
    if page:
        assert nat.crosswalk("oai_dc", target).apply(back).table[page] == documents[page]


def test_a_document_of_another_format_is_read_back_as_it_was_written():
    oi = nat.samples.openimages()
    x = nat.crosswalk("oai_oi", "oai_dc")
    back, loss = x.invert().apply(x.apply(oi).table)
    assert exact(back) == exact(oi)
    assert loss.dialects == {}


def test_an_edit_between_wins():
    head, pairs, _ = FAMILIES["bepress"]
    x = nat.crosswalk("oai_dc", "media")
    frame = x.apply(table((head, *pairs))).table.to_arrow().to_pylist()
    frame[0]["access"][0]["uri"] = "http://commons.example/other.pdf"
    pyarrow = pytest.importorskip("pyarrow")
    edited = nat.Table(pyarrow.Table.from_pylist(frame), format="media")
    back, loss = x.invert().apply(edited)
    assert "http://commons.example/other.pdf" in back["dc_identifier"][0]
    assert loss.edited


def test_frames_without_pages_are_recognised_by_their_records():
    polars = pytest.importorskip("polars")
    head, pairs, meaning = FAMILIES["bepress"]
    frame = polars.DataFrame(table((head, *pairs)))
    media, loss = nat.crosswalk("oai_dc", "media").apply(frame)
    assert (media["landing_page"][0], media["media_url"][0]) == meaning
    assert loss.dialects == {"bepress": 1}


def test_deleted_records_are_not_counted():
    gone = "<record>" + header(2, identifier="oai:openimages.eu:2", status="deleted") + "</record>"
    current = record(dc("<dc:title>a</dc:title>"), head=header(identifier="oai:openimages.eu:1"))
    _, loss = nat.crosswalk("oai_dc", "media").apply(nat.read(page(current, gone)))
    assert (loss.dialects, loss.deleted) == ({"openimages": 1}, 1)


def test_the_series_of_digital_commons_is_the_collection_but_not_the_name_of_a_person():
    base = "http://commons.example/do/oai/"
    medium, _ = one(header(), ("source", "Physics Publications"), base=base)
    assert (medium["collection"], [source["value"] for source in medium["sources"]]) == (
        "Physics Publications",
        ["Physics Publications"],
    )
    personal = header(identifier="oai:works.bepress.com:david_forte-1")
    medium, _ = one(personal, ("source", "David F. Forte"), base=base)
    assert medium["collection"] is None


def test_settings_of_a_repository_are_not_rights():
    for base, text in (
        ("http://a.example/do/oai/", "default"),
        ("http://a.example/oai/request", "IndexNoFollow"),
    ):
        medium, loss = one(header(), ("rights", text), base=base)
        assert medium["rights_statement"] == []
        assert loss.count("dropped") == 1
        assert one(header(), ("rights", text), base=BASE)[0]["rights_statement"] != []


def test_guidelines_of_openaire_are_read_beside_the_dialect_of_the_platform():
    medium, loss = one(
        header(sets=("com_1_1",)),
        ("type", "info:eu-repo/semantics/publishedVersion"),
        ("type", ARTICLE),
        ("date", "info:eu-repo/date/embargoEnd/2018-05-27"),
        ("date", "2015"),
        ("rights", "info:eu-repo/semantics/embargoedAccess"),
        *identifiers("https://repo.example/bitstream/1/2/3/a"),
    )
    assert loss.dialects == {"dspace": 1, "openaire": 1}
    assert (medium["type"], medium["subtype"]) == ("Text", ARTICLE)
    assert medium["available"]["edtf"] == "2018-05-27"
    assert [date["edtf"] for date in medium["date"]] == ["2015"]
    assert medium["access"][0]["uri"] == "https://repo.example/bitstream/1/2/3/a"
    assert medium["licenses"] == medium["rights_statement"] == []


def test_a_type_of_dcmi_is_not_replaced():
    medium, _ = one(header(), ("type", "Sound"), ("type", "info:eu-repo/semantics/review"))
    assert medium["type"] == "Sound"


def test_the_license_of_the_metadata_is_never_that_of_the_item():
    rights = ("rights", "https://creativecommons.org/publicdomain/zero/1.0/")
    medium, loss = one(header(), rights, dialect="metadata_rights")
    assert medium["license_uri"] is None
    assert (medium["licenses"], medium["rights_statement"]) == ([], [])
    assert loss.count("dropped") == 1
    given = table((header(), rights))
    documents, _ = nat.crosswalk("oai_dc", "nba", dialect="metadata_rights").apply(given)
    assert documents["license"] == documents["copyrightText"] == [None]
    for text in ("Metadata: CC0 1.0", "This metadata is available under CC0", "Metadaten: CC0"):
        for dialect in (None, "plain"):
            medium, _ = one(header(), ("rights", text), dialect=dialect)
            assert medium["licenses"] == []


def test_a_notice_names_the_dialect_once_and_the_report_every_time():
    module.notified.clear()
    head, pairs, _ = FAMILIES["bepress"]
    given = table((head, *pairs))
    with pytest.warns(nat.errors.NaturaliaWarning, match="dialect bepress.*dialect='plain'"):
        nat.crosswalk("oai_dc", "media").apply(given)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss = nat.crosswalk("oai_dc", "media").apply(given).loss
        nat.crosswalk("oai_dc", "media", dialect="bepress").apply(given)
    assert "1  records were recognised as bepress" in loss.summary()
    assert "recognised as bepress" in loss._repr_html_()
    assert nat.Loss.joined([loss, loss]).dialects == {"bepress": 2}


def test_what_can_be_chosen_is_listed():
    rows = nat.dialects().to_dicts()
    assert [row["dialect"] for row in rows] == [
        "openimages", "crs", "ojs", "dspace", "bepress", "contentdm", "omeka", "eprints", "zenodo",
        "openaire", "metadata_rights",
    ]  # fmt: skip
    assert all(row["title"].endswith("over oai_dc") for row in rows)
    with pytest.raises(ValueError, match='no dialect "dspase"; known here are openimages'):
        nat.crosswalk("oai_dc", "nba", dialect="dspase")
    with pytest.raises(ValueError, match="'plain' means no dialect"):
        nat.crosswalk("oai_dc", "nba", dialect="plain,bepress")


def test_a_crosswalk_shows_its_dialect():
    x = nat.crosswalk("oai_dc", "media", dialect="bepress")
    assert x.dialect == x.invert().dialect == ("bepress",)
    assert "dialect bepress" in repr(x)
    assert "nx:oai_dc.bepress.001" in x.explain("dc_identifier")
    assert nat.crosswalk("oai_dc", "media").dialect is None
    explained = nat.crosswalk("oai_dc", "media").explain("dc_identifier")
    assert "with the dialect bepress:\n  nx:oai_dc.bepress.001" in explained
    assert "bepress" not in nat.crosswalk("oai_dc", "media", dialect="plain").explain("dc_identifier")


def test_rules_of_the_caller_are_laid_over_the_dialect():
    head, pairs, _ = FAMILIES["bepress"]
    rules = {("dc_identifier", "identifiers[scheme=local].value"): lambda values: [v[-2:] for v in values]}
    media, loss = nat.crosswalk("oai_dc", "media", rules=rules).apply(table((head, *pairs)))
    assert loss.dialects == {"bepress": 1}
    assert {"value": "14", "scheme": "local"} in media["identifiers"][0]


def test_every_rule_file_of_a_dialect_is_listed():
    listed = {f"{row['format']}.{row['dialect']}" for row in nat.dialects().to_dicts()}
    assert listed == {path.name.removesuffix(".sssom.tsv") for path in RULES.glob("*.*.sssom.tsv")}


@pytest.mark.corpus
def test_real_providers_are_recognised_by_their_addresses():
    """The expected family is that of the path in the base address of the provider."""
    paths = {
        "/do/oai": "bepress",
        "/oai/request": "dspace",
        "-oai/request": "dspace",
        "feeds/oai": "openimages",
    }
    seen = dict.fromkeys(paths, 0)
    for path in [*corpus_files("responses/*/*oai_dc*"), *corpus_files("openimages/reconstructed/*oai_dc*")]:
        try:
            found = nat.read(path)
        except (ValueError, nat.errors.NaturaliaError):
            continue
        if found.format != "oai_dc" or not len(found):
            continue
        base = found._core.pages[0]["request"].get("url") or ""
        wanted = next((mark for mark in paths if mark in base), None)
        loss = nat.crosswalk("oai_dc", "media").apply(found).loss
        platforms = {name: count for name, count in loss.dialects.items() if name != "openaire"}
        if wanted:
            seen[wanted] += loss.records
            assert platforms == ({paths[wanted]: loss.records} if loss.records else {}), path
    assert all(seen.values())


def test_a_table_of_many_small_runs_is_mapped_in_order():
    pairs = [("source", "Physics")]
    heads = [
        header(identifier=f"oai:works.bepress.com:a-{row}" if row % 2 else f"oai:museum.example:{row}")
        for row in range(600)
    ]
    given = table(*((head, *pairs) for head in heads))
    media = mapped("oai_dc", "media", given)
    assert media["identifier"] == given["identifier"]
