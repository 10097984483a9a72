"""The report of a crosswalk states what is true: nothing lost counts as mapped, nothing mapped as lost."""

import json

import naturalia as nat
import pytest
from naturalia.errors import CheckFailed
from support.building import dc, header, page, record
from support.crosswalking import NBA, documents, dublin, mapped, nba, open_images, qualified


def lines(loss, field):
    """The lines of a field: outcome, reason, number of values."""
    return [(line.outcome, line.reason, line.values) for line in loss.lines if line.field == field]


def report(source, target, table, **options):
    return nat.crosswalk(source, target, **options).apply(table).loss


def conserved(loss):
    return sum(loss.counts.values()) == loss.values


def test_records_without_a_medium_are_dropped_and_counted():
    record = {"_id": 1, "occurrenceID": "4ffbec35-4397-440b-b781-a18b4d958cef", "genus": "Helix"}
    medium = {"assetID": "a1", "identifier": "https://data.nhm.ac.uk/media/a1", "format": "image/tiff"}
    rows = [record, {**record, "_id": 2, "associatedMedia": [medium]}]
    table = nat.read("\n".join(map(json.dumps, rows)).encode(), format="nhm")
    made, loss = nat.crosswalk("nhm", "media").apply(table)
    assert len(made) == 1
    assert lines(loss, "genus") == [("mapped", "", 1), ("dropped", "no medium", 1)]
    assert conserved(loss)
    with pytest.raises(CheckFailed, match="no medium"):
        loss.assert_max(dropped=0)


def test_a_table_without_any_medium_is_lost_as_a_whole():
    table = nat.read(json.dumps({"_id": 1, "genus": "Helix"}).encode(), format="nhm")
    loss = report("nhm", "nba", table)
    assert loss.share("dropped") == 1
    assert "0.0 %" in loss.summary()


def test_no_place_is_said_of_fields_that_the_target_does_not_have():
    loss = report("oai_dc", "nba", dublin("<dc:language>nl</dc:language>", "<dc:title>a</dc:title>"))
    assert lines(loss, "language[]") == [("passthrough", "the target has no place for it", 1)]


def test_a_second_value_is_one_too_many_and_not_without_a_place():
    loss = report("oai_dc", "nba", dublin("<dc:title>a</dc:title>", "<dc:title>b</dc:title>"))
    assert lines(loss, "title[]") == [("mapped", "", 1), ("passthrough", "only one value fits", 1)]


def test_a_text_in_another_language_is_told_as_such():
    elements = [f'<oi:description xml:lang="{lang}">{lang}</oi:description>' for lang in ("nl", "en")]
    loss = report("oai_oi", "nba", open_images(*elements))
    assert ("passthrough", "only one language fits", 1) in lines(loss, "description[]")


def test_a_value_that_becomes_another_kind_is_narrowed():
    table = dublin("<dc:publisher>Naturalis Biodiversity Center</dc:publisher>")
    loss = report("oai_dc", "nba", table, institution_from="publisher")
    assert lines(loss, "publisher[]") == [("narrowed", "kind", 1)]
    table = dublin("<dc:coverage>Leiden</dc:coverage>")
    assert lines(report("oai_dc", "nba", table, places="gathering"), "coverage[]") == [
        ("narrowed", "kind", 1)
    ]


def test_a_licence_that_is_named_exactly_is_not_narrowed():
    for text in ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", "CC-BY 4.0"):
        ((outcome, _, _),) = lines(
            report("oai_dc", "nba", dublin(f"<dc:rights>{text}</dc:rights>")), "rights[]"
        )
        assert outcome in ("mapped", "transformed", "canonicalised")
    port = dublin("<dc:rights>https://creativecommons.org/licenses/by-sa/3.0/nl/</dc:rights>")
    assert report("oai_dc", "nba", port).count("passthrough") == 0


def test_a_page_that_is_the_record_uri_is_not_lost():
    loss = report("oai_dc", "nba", dublin("<dc:identifier>http://museum.example/item/1</dc:identifier>"))
    assert lines(loss, "dc_identifier[]") == [("narrowed", "kind", 1)]


def test_the_parts_of_a_point_are_counted_one_by_one():
    site = {"latitudeDecimal": 52.4, "longitudeDecimal": 4.9, "coordinateErrorDistanceInMeters": 100}
    loss = report("nba", "oai_dc", nba(gatheringEvents=[{"siteCoordinates": [site]}]))
    field = "gatheringEvents[].siteCoordinates[]."
    assert [outcome for outcome, _, _ in lines(loss, f"{field}latitudeDecimal")] == ["merged"]
    ((outcome, reason, _),) = lines(loss, f"{field}coordinateErrorDistanceInMeters")
    assert (outcome, reason) == ("passthrough", "the text of the target has no part for it")


def test_a_point_that_comes_back_without_its_name_is_narrowed():
    text = "east=148.26218; north=-36.45746; elevation=2228; name=Mt. Kosciusko"
    table = qualified(f"<dcterms:spatial>{text}</dcterms:spatial>")
    ((outcome, _, _),) = lines(report("oai_qdc", "media", table), "spatial[]")
    assert outcome in ("narrowed", "rejected")


def test_a_maker_whose_role_has_no_place_is_narrowed():
    table = open_images("<oi:creator>Vries, Jan de (regie)</oi:creator>")
    ((outcome, reason, _),) = lines(report("oai_oi", "nba", table), "creator[]")
    assert (outcome, reason) == ("narrowed", "a part of it has no place in the target")


def test_a_caption_that_repeats_the_title_is_merged_with_it():
    loss = report("nba", "oai_dc", nba(title="RMNH.AVES.1", caption="RMNH.AVES.1"))
    assert lines(loss, "caption") == [("merged", "", 1)]


def test_what_is_unknown_is_dropped_with_the_reason():
    loss = report("nba", "oai_dc", nba(sexes=["female", "undetermined"]))
    assert ("dropped", "stands for an unknown value", 1) in lines(loss, "sexes[]")


def test_values_worked_out_are_counted_by_rule():
    table = documents({**NBA, "type": None} | {"id": "2@CRS"})
    loss = report("nba", "media", nba(type=None))
    assert sum(loss.derived["type"].values()) == 1
    assert sum(loss.derived["type"].values()) <= len(table)


def test_the_report_of_every_pair_counts_every_value():
    for source, name in (("oai_dc", "naturalis_oai_dc.xml"), ("oai_oi", "openimages_oai_oi.xml")):
        table = nat.read(nat.samples.path(name))
        for target in ("media", "nba", "oai_dc", "oai_qdc", "ac", "simple_multimedia"):
            if target != source:
                assert conserved(report(source, target, table))


def test_constants_fill_empty_fields_and_are_counted():
    table = dublin("<dc:title>a</dc:title>")
    made, loss = nat.crosswalk("oai_dc", "nba", constants={"sourceInstitutionID": "Museum"}).apply(table)
    assert made["sourceInstitutionID"] == ["Museum"]
    assert loss.besides["sourceInstitutionID (defaulted)"] == 1


def test_a_set_means_what_the_caller_says():
    table = nat.read(page(record(dc("<dc:title>a</dc:title>"), head=header(1, sets=("col_birds", "col_x")))))
    means = {"col_birds": ("collection", "Aves"), "col_x": ("theme", "Birds")}
    made = mapped("oai_dc", "nba", table, sets=means)
    assert (made["collectionType"], made["theme"]) == (["Aves"], [["Birds"]])
    with pytest.raises(ValueError, match="a theme or a collection"):
        nat.crosswalk("oai_dc", "nba", sets={"x": ("title", "y")})
