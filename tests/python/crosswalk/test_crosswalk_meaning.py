"""Meaning before neatness: what a crosswalk never says, one test a rule."""

import naturalia as nat
import pytest
from support.building import dc, page, record, title
from support.crosswalking import NBA, documents, dublin, mapped, nba, open_images

BY_SA_NL = "https://creativecommons.org/licenses/by-sa/3.0/nl/"


def license_of(uri):
    table = mapped("oai_dc", "nba", dublin(f"<dc:rights>{uri}</dc:rights>"))
    return table["license"][0], table["copyrightText"][0]


def test_a_port_goes_as_its_unit_with_label_and_address_beside():
    value, text = license_of(BY_SA_NL)
    assert value == "CC BY-SA"
    assert "CC BY-SA 3.0 NL" in text
    assert BY_SA_NL in text


def test_a_port_is_narrowed_or_said_beside_never_rejected():
    media = mapped("oai_oi", "media", open_images(f"<oi:license>{BY_SA_NL}</oi:license>"))
    assert nat.crosswalk("media", "nba").apply(media).loss.count("rejected") == 0


@pytest.mark.parametrize(
    "uri",
    [
        "https://creativecommons.org/publicdomain/mark/1.0/",
        "http://rightsstatements.org/vocab/InC/1.0/",
        "https://creativecommons.org/licenses/sampling/1.0/",
    ],
)
def test_what_the_list_can_not_name_leaves_license_empty(uri):
    value, text = license_of(uri)
    assert value is None
    assert uri.rstrip("/") in text


def test_the_public_domain_mark_never_becomes_cc0():
    value, _ = license_of("https://creativecommons.org/publicdomain/mark/1.0/")
    assert value is None


def test_an_exact_licence_is_named_exactly():
    assert license_of("https://creativecommons.org/licenses/by/4.0/") == ("CC BY 4.0", None)


def test_a_licence_that_does_not_exist_stays_as_it_is():
    media = mapped("nba", "media", nba(license="CC0 4.0"))
    assert media["license_status"][0] == "invalid"
    assert media["license_uri"][0] is None
    assert media["license_raw"][0] == "CC0 4.0"


def test_license_type_says_nothing():
    media = mapped("nba", "media", nba(license=None))
    assert media["license_status"][0] == "none"


def test_the_date_of_open_images_is_issued():
    table = open_images("<oi:date>1952-09-05</oi:date>")
    media = mapped("oai_oi", "media", table)
    assert (media["issued"][0], media["created"][0]) == ("1952-09-05", None)


def test_the_date_of_open_images_in_dublin_core_is_issued_with_its_dialect():
    table = dublin("<dc:date>1952-09-05</dc:date>")
    assert mapped("oai_dc", "media", table, dialect="openimages")["issued"][0] == "1952-09-05"


def test_a_plain_date_is_of_no_known_kind_never_created():
    media = mapped("oai_dc", "media", dublin("<dc:date>1952-09-05</dc:date>"))
    assert media["date"][0][0]["edtf"] == "1952-09-05"
    assert media["created"][0] is None
    assert media["issued"][0] is None


def test_a_padded_date_keeps_its_text_and_is_uncertain():
    date = mapped("oai_oi", "media", open_images("<oi:date>1976-01-01</oi:date>"))["issued_date"][0]
    assert date["precision"] == "uncertain"
    assert date["verbatim"] == "1976-01-01"


def test_a_date_that_can_mean_two_days_is_kept_and_not_guessed():
    table, loss = nat.crosswalk("oai_dc", "media").apply(dublin("<dc:date>05-09-1952</dc:date>"))
    assert table["date"][0] == []
    assert loss.count("rejected") == 1
    assert "05-09-1952" in table["residue"][0]


def test_when_it_was_collected_goes_to_coverage_never_to_date():
    dc = mapped("nba", "oai_dc", nba())
    assert dc["date"][0] == []
    assert "1937-05-10/1937-05-12" in dc["coverage"][0]


def test_the_time_of_a_gathering_stays_local():
    event = {"dateTimeBegin": "2014-09-03T08:54:00+0000", "dateTimeEnd": "2014-09-03T08:54:00+0000"}
    media = mapped("nba", "media", nba(gatheringEvents=[event]))
    assert media["gathering"][0]["begin"] == "2014-09-03T08:54:00"


def test_no_datum_is_claimed_that_is_not_given():
    dc = mapped("nba", "oai_dc", nba())
    point = next(text for text in dc["coverage"][0] if "east=" in text)
    assert "projection" not in point
    assert mapped("nba", "media", nba())["coordinates"][0][0]["datum"] is None


def test_impossible_coordinates_are_rejected():
    event = {"siteCoordinates": [{"longitudeDecimal": 4.9, "latitudeDecimal": 95.0}]}
    table, loss = nat.crosswalk("nba", "media").apply(nba(gatheringEvents=[event]))
    assert loss.count("rejected") == 1
    assert table["lat"][0] is None


def test_collectors_and_determiners_reach_contributor_with_their_role():
    contributors = mapped("nba", "oai_dc", nba())["contributor"][0]
    assert "Fosberg, FR (collector)" in contributors
    assert "Jansen, P. (determiner)" in contributors


def test_the_uploading_account_is_no_source_institution():
    table = open_images("<oi:publisher>Nederlands Instituut voor Beeld en Geluid</oi:publisher>")
    assert mapped("oai_oi", "nba", table)["sourceInstitutionID"][0] is None


def test_theme_is_keywords_never_sets():
    media = mapped("nba", "media", nba(theme=["Vogels"]))
    assert [keyword["value"] for keyword in media["keywords"][0]] == ["Vogels"]
    assert media["sets"][0] == []


def test_mediator_is_the_term_of_dcmi():
    table = open_images('<oi:mediator xml:lang="nl">Wikimedia Commons</oi:mediator>')
    assert mapped("oai_oi", "oai_qdc", table)["mediator"][0] == ["Wikimedia Commons"]


def test_class_is_class_name_and_back():
    table = nba()
    assert mapped("nba", "media", table)["taxa"][0][0]["classification"]["class"] == "Aves"
    back = mapped("media", "nba", mapped("nba", "media", table))
    assert back["identifications"][0][0]["defaultClassification"]["className"] == "Aves"


def test_vernacular_names_keep_their_language():
    media = mapped("nba", "media", nba())
    assert media["taxa"][0][0]["vernacular"] == [{"value": "zilvermeeuw", "lang": "nl"}]
    dc = mapped("nba", "oai_dc", nba()).long()
    assert ("zilvermeeuw", "nl") in set(zip(dc["value"], dc["lang"], strict=True))


def test_identifications_stay_in_order():
    names = [taxon["scientific_name"] for taxon in mapped("nba", "media", nba())["taxa"][0]]
    assert names == ["Larus argentatus Pontoppidan", "Larus fuscus"]


def test_an_access_point_stays_together():
    points = [
        {"accessUri": "https://a.example/1.jpg", "format": "image/jpeg"},
        {"accessUri": "https://a.example/2.png", "variant": "ac:Thumbnail"},
    ]
    access = mapped("nba", "media", nba(serviceAccessPoints=points))["access"][0]
    assert [(point["uri"], point["format"], point["variant"]) for point in access] == [
        ("https://a.example/1.jpg", "image/jpeg", None),
        ("https://a.example/2.png", None, "ac:Thumbnail"),
    ]


def test_a_subject_becomes_a_taxon_only_when_asked_and_certain():
    table = dublin("<dc:subject>Colchicum autumnale</dc:subject>", "<dc:subject>totaal</dc:subject>")
    assert mapped("oai_dc", "nba", table)["identifications"][0] == []
    asked = mapped("oai_dc", "nba", table, taxa_from="subject")["identifications"][0]
    assert [taxon["scientificName"]["fullScientificName"] for taxon in asked] == ["Colchicum autumnale"]


def test_records_that_are_not_public_stay_in():
    secret = {**NBA, "id": "secret@CRS", "title": "Nest of a rare bird", "multiMediaPublic": False}
    table, loss = nat.crosswalk("nba", "oai_dc").apply(documents(NBA, secret))
    assert len(table) == 1
    assert loss.private == 1
    assert not any("rare bird" in example for line in loss.lines for example in line.examples)
    assert "rare bird" not in "".join(filter(None, table["residue"]))


def test_records_that_are_not_public_come_along_when_asked():
    secret = {**NBA, "multiMediaPublic": False}
    assert len(mapped("nba", "oai_dc", documents(secret), include_private=True)) == 1


def test_deleted_records_become_nothing_and_are_counted():
    header = '<header status="deleted"><identifier>x</identifier><datestamp>2020-01-01</datestamp></header>'
    gone = f"<record>{header}</record>"
    table = nat.read(page(record(dc(title("Larus"))), gone))
    made, loss = nat.crosswalk("oai_dc", "media").apply(table)
    assert (len(made), loss.deleted) == (1, 1)


@pytest.mark.parametrize(("code", "basis"), [("CRS", "constant"), ("BRAHMS", "constant"), ("XC", "stated")])
def test_a_licence_that_a_system_stamps_on_a_collection_is_said_to_be_one(code, basis):
    media = mapped("nba", "media", nba(license="CC0 1.0", sourceSystem={"code": code}))
    assert media["license_basis"] == [basis]


def test_a_name_in_parts_gives_genus_and_species_where_there_is_no_classification():
    name = {"fullScientificName": "Parus major", "genusOrMonomial": "Parus", "specificEpithet": "major"}
    media = mapped("nba", "media", nba(identifications=[{"scientificName": name}]))
    assert (media["genus"], media["species"]) == (["Parus"], ["Parus major"])
