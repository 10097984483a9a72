"""Documents of the NBA as Dublin Core and back, and qualified Dublin Core: what each element means."""

import naturalia as nat
import pytest
from naturalia._table.table import wrap
from support.crosswalking import dublin, mapped, nba, qualified

XC = {"code": "XC", "name": "Xeno-canto.org - Bird sounds"}


def test_a_holder_is_named_as_one_in_the_rights_and_comes_back():
    made = mapped("nba", "oai_dc", nba(owner="Naturalis Biodiversity Center"))
    assert "Naturalis Biodiversity Center (rights holder)" in made["rights"][0]
    bare = nat.Table(wrap(made._core.without("residue")), format="oai_dc")
    assert mapped("oai_dc", "nba", bare)["owner"] == ["Naturalis Biodiversity Center"]


def test_a_collection_is_what_the_item_is_part_of():
    document = nba(collectionType="Aves")
    made = mapped("nba", "oai_dc", document)
    assert "Aves" in made["relation"][0]
    assert mapped("nba", "oai_qdc", document)["isPartOf"] == [["Aves"]]


def test_the_type_follows_from_the_file_if_the_document_has_none():
    assert mapped("nba", "oai_dc", nba(type=None))["type"] == [["StillImage"]]
    assert mapped("nba", "oai_dc", nba(type="Sound"))["type"] == [["Sound"]]


def test_a_description_does_not_repeat_the_title():
    made = mapped("nba", "oai_dc", nba(title="RMNH.AVES.1", caption="RMNH.AVES.1"))
    assert (made["title"][0], made["description"][0]) == (["RMNH.AVES.1"], [])
    other = mapped("nba", "oai_dc", nba(title="RMNH.AVES.1", caption="A gull"))
    assert other["description"][0] == ["A gull"]


def test_coverage_does_not_repeat_the_parts_of_a_place():
    event = {"localityText": "Indonesia; Sulawesi; Kabaena", "country": "Indonesia", "island": "Kabaena"}
    assert mapped("nba", "oai_dc", nba(gatheringEvents=[event]))["coverage"][0] == [
        "Indonesia; Sulawesi; Kabaena"
    ]
    other = {"localityText": "Nieuwdorp", "country": "Nederland", "city": "dorp"}
    assert set(mapped("nba", "oai_dc", nba(gatheringEvents=[other]))["coverage"][0]) == {
        "Nieuwdorp",
        "Nederland",
        "dorp",
    }


@pytest.mark.parametrize("text", ["Unknown", "undetermined", "[unreadable]", "mixed", "onbekend"])
def test_what_is_not_known_does_not_leave(text):
    event = {"country": text, "gatheringPersons": [{"fullName": text}]}
    made = mapped("nba", "oai_dc", nba(sexes=[text], phasesOrStages=[text], gatheringEvents=[event]))
    said = [value for name in ("subject", "coverage", "contributor") for value in made[name][0]]
    assert not any(text.strip("[]").lower() in value.lower() for value in said)


def sound(**changes):
    event = {"dateTimeBegin": "2014-05-01T00:00:00+0000", "gatheringPersons": [{"fullName": "Jansen, P."}]}
    return nba(type="Sound", sourceSystem=XC, gatheringEvents=[event], **changes)


def test_who_recorded_a_sound_is_its_recordist():
    contributors = mapped("nba", "oai_dc", sound())["contributor"][0]
    assert "Jansen, P. (recordist)" in contributors
    assert not any("collector" in name for name in contributors)


def test_a_sound_is_created_when_it_is_recorded():
    assert mapped("nba", "oai_dc", sound())["date"] == [["2014-05-01"]]
    assert mapped("nba", "oai_qdc", sound())["created"] == [["2014-05-01"]]


TERMS = {
    "extent": "3 km",
    "temporal": "Jurassic",
    "medium": "oil on canvas",
    "bibliographicCitation": "Nature 1 (1869) 1",
    "dateCopyrighted": "1999",
    "accessRights": "open",
    "tableOfContents": "1. Gulls",
    "provenance": "Bought from the artist in 1911",
    "modified": "2001-02-03",
    "spatial": "northlimit=10.48; southlimit=10.4; westlimit=-64.66; eastlimit=-64.65",
}


@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_dcmi_goes_to_media_and_comes_back_without_residue(term):
    table = qualified(f"<dcterms:{term}>{TERMS[term]}</dcterms:{term}>")
    media, loss = nat.crosswalk("oai_qdc", "media").apply(table)
    assert loss.count("passthrough") + loss.count("rejected") == 0
    bare = nat.Table(wrap(media._core.without("residue")), format="media")
    (back,) = mapped("media", "oai_qdc", bare)[term][0]
    # The sides of a box have no order.
    assert sorted(back.split("; ")) == sorted(TERMS[term].split("; "))


def test_the_datestamp_of_a_record_is_no_change_of_the_resource():
    assert mapped("nba", "oai_qdc", nba(modified="2020-01-01T00:00:00+0000"))["modified"] == [[]]


def test_a_source_system_is_neither_provenance_nor_a_whole():
    made = mapped("nba", "oai_qdc", nba())
    assert (made["provenance"], made["isPartOf"]) == ([[]], [[]])


def test_several_descriptions_are_joined():
    table = dublin("<dc:description>One.</dc:description>", "<dc:description>Two.</dc:description>")
    made, loss = nat.crosswalk("oai_dc", "nba").apply(table)
    assert made["description"] == ["One.\n\nTwo."]
    assert loss.count("merged") == 2


def test_a_type_outside_dcmi_is_a_subtype():
    table = dublin("<dc:type>StillImage</dc:type>", "<dc:type>PreservedSpecimen</dc:type>")
    media, loss = nat.crosswalk("oai_dc", "media").apply(table)
    assert (media["type"], media["subtype"]) == (["StillImage"], ["PreservedSpecimen"])
    assert loss.count("rejected") == 0


def test_the_licence_of_a_document_keeps_its_version():
    rights = ["Creative Commons Attribution", "https://creativecommons.org/licenses/by/4.0/"]
    table = dublin(*(f"<dc:rights>{text}</dc:rights>" for text in rights))
    assert mapped("oai_dc", "nba", table)["license"] == ["CC BY 4.0"]


def test_of_two_licences_the_document_never_names_the_more_permissive():
    rights = ["CC BY 4.0", "CC BY-NC-ND 4.0"]
    table = dublin(*(f"<dc:rights>{text}</dc:rights>" for text in rights))
    assert mapped("oai_dc", "nba", table)["license"][0] in (None, "CC BY-NC-ND 4.0")


def test_an_access_level_is_no_copyright_text():
    table = dublin("<dc:rights>info:eu-repo/semantics/openAccess</dc:rights>")
    assert mapped("oai_dc", "nba", table)["copyrightText"] == [None]
    media = mapped("oai_dc", "media", table)
    assert [own["value"] for own in media["access_rights"][0]] == ["info:eu-repo/semantics/openAccess"]


def test_a_publisher_is_an_institution_and_coverage_a_gathering_only_when_asked():
    table = dublin(
        "<dc:publisher>Naturalis Biodiversity Center</dc:publisher>", "<dc:coverage>Leiden</dc:coverage>"
    )
    made = mapped("oai_dc", "nba", table)
    assert (made["sourceInstitutionID"], made["gatheringEvents"]) == ([None], [[]])
    asked = mapped("oai_dc", "nba", table, institution_from="publisher", places="gathering")
    assert asked["sourceInstitutionID"] == ["Naturalis Biodiversity Center"]
    assert asked["gatheringEvents"][0][0]["localityText"] == "Leiden"


def test_a_data_set_is_named_by_its_doi_and_a_mediator_is_no_audience():
    media = nat.read(
        b'{"identifier": "a", "dataset_doi": "10.5519/0002965", "source": "NHM"}', format="media"
    )
    assert mapped("media", "simple_multimedia", media)["datasetID"] == ["10.5519/0002965"]


def test_audiovisual_core_has_all_creators_and_seconds():
    table = dublin(
        "<dc:creator>A. Smith</dc:creator>",
        "<dc:creator>B. Jones</dc:creator>",
        "<dc:format>PT33S</dc:format>",
    )
    made = mapped("oai_dc", "ac", table)
    assert made["dcterms:creator"] == ["A. Smith| B. Jones"]
    assert made["ac:mediaDuration"] == ["33"]
