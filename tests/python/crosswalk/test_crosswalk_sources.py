"""The records of two sources, mapped as their own people map them: Naturalis' collection system, and
Open Images as Wikimedia Commons takes it."""

import csv

import naturalia as nat
import pytest
from conftest import corpus_root
from naturalia import _core
from support.building import oi, page, record
from support.crosswalking import nba

CRS = """
<ncrsSpecimen><ac:associatedSpecimenReference>RMNH.INS.1</ac:associatedSpecimenReference>
<abcd:RecordBasis>PreservedSpecimen</abcd:RecordBasis><abcd:CollectionType>Diptera</abcd:CollectionType></ncrsSpecimen>
<ncrsdatagroup><dwc:sex>male</dwc:sex><abcd:DateTimeStart>19370510</abcd:DateTimeStart>
<abcd:DateTimeEnd>19370512</abcd:DateTimeEnd></ncrsdatagroup>
<ncrsDetermination><dwc:scientificName>Aedes kabaenensis</dwc:scientificName>
<abcd:IdentificationQualifier1>cf.</abcd:IdentificationQualifier1>
<abcd:IdentificationQualifier2>sensu lato</abcd:IdentificationQualifier2>
<ncrsHighername><ac:taxonCoverage>Culicidae</ac:taxonCoverage>
<abcd:HigherTaxonRank>family</abcd:HigherTaxonRank></ncrsHighername></ncrsDetermination>
<ncrsDetermination><dwc:scientificName>Aedes sp.</dwc:scientificName>
<abcd:subspeciesepithet>ddd</abcd:subspeciesepithet><abcd:InfrasubspecificName>eee</abcd:InfrasubspecificName>
</ncrsDetermination>
<ncrsDetermination><dwc:scientificName>Aedes major</dwc:scientificName>
<abcd:InfrasubspecificName>fff</abcd:InfrasubspecificName></ncrsDetermination>
<ncrsGatheringSites><Iptc4xmpExt:CountryName>Indonesia</Iptc4xmpExt:CountryName>
<ncrsGatheringCoordinates><dwc:decimalLatitude>-5.2</dwc:decimalLatitude>
<dwc:decimalLongitude>121.9</dwc:decimalLongitude></ncrsGatheringCoordinates></ncrsGatheringSites>
<frmDigitalebestanden><abcd:MultiMediaPublic>1</abcd:MultiMediaPublic>
<abcd:fileuri>http://medialib.naturalis.nl/file/id/RMNH.INS.1_1/format/large</abcd:fileuri></frmDigitalebestanden>
<frmDigitalebestanden><dc:title>Wing</dc:title><abcd:MultiMediaPublic>1</abcd:MultiMediaPublic>
<abcd:fileuri>https://medialib.naturalis.nl/file/id/RMNH.INS.1_2/format/large</abcd:fileuri></frmDigitalebestanden>
"""
SPACES = (
    'xmlns:abcd="http://rs.tdwg.org/abcd/2.06/b/" xmlns:ac="http://rs.tdwg.org/ac/terms/" '
    'xmlns:dwc="http://rs.tdwg.org/dwc/terms/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
)


def payload():
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {SPACES}>{CRS}</oai_dc:dc>'
    )


def specimen():
    return nat.read(page(record(payload())))


def as_naturalis_does(table):
    return nat.crosswalk("oai_dc", "nba", dialect="crs", source_code="CRS").apply(table)


def test_records_of_the_collection_system_are_recognised_and_private_ones_withheld():
    documents, loss = nat.crosswalk("oai_dc", "nba", source_code="CRS").apply(specimen())
    assert loss.dialects == {"crs": 1}
    assert documents.to_dicts() == as_naturalis_does(specimen()).table.to_dicts()
    private = nat.read(page(record(payload().replace("MultiMediaPublic>1<", "MultiMediaPublic>0<"))))
    documents, loss = nat.crosswalk("oai_dc", "nba").apply(private)
    assert (len(documents), loss.private, loss.dialects) == (0, 1, {})


def filled(value):
    """A value without what is empty in it."""
    if isinstance(value, dict):
        return {key: inner for key, own in value.items() if (inner := filled(own)) not in (None, [], {})}
    return [filled(own) for own in value] if isinstance(value, list) else value


def test_a_record_of_naturalis_becomes_the_documents_that_naturalis_makes_of_it():
    made, _ = as_naturalis_does(specimen())
    first, second = (filled(row) for row in made.to_dicts())
    assert first["id"] == "RMNH.INS.1_1@CRS"
    assert first["unitID"] == first["sourceSystemId"] == first["title"] == first["caption"] == "RMNH.INS.1_1"
    assert first["associatedSpecimenReference"] == second["associatedSpecimenReference"] == "RMNH.INS.1@CRS"
    assert second["title"] == "Wing"
    assert first["sourceSystem"]["code"] == "CRS"
    assert first["owner"] == first["sourceInstitutionID"] == "Naturalis Biodiversity Center"
    assert (first["license"], first["licenseType"], first["multiMediaPublic"]) == (
        "CC0 1.0",
        "Copyright",
        True,
    )
    assert (first["collectionType"], first["sexes"]) == ("Diptera", ["male"])
    uri = "https://medialib.naturalis.nl/file/id/RMNH.INS.1_1/format/large"
    assert first["serviceAccessPoints"] == [{"accessUri": uri, "variant": "ac:GoodQuality"}]
    assert first["gatheringEvents"][0]["country"] == "Indonesia"
    assert first["gatheringEvents"][0]["siteCoordinates"] == [
        {"latitudeDecimal": -5.2, "longitudeDecimal": 121.9}
    ]


def test_the_dates_of_gathering_that_naturalis_leaves_out_are_there():
    made, _ = as_naturalis_does(specimen())
    for event in (row["gatheringEvents"][0] for row in made.to_dicts()):
        assert event["dateTimeBegin"] == "1937-05-10T00:00:00+0000"
        assert event["dateTimeEnd"] == "1937-05-12T00:00:00+0000"


def test_a_determination_is_one_identification_with_its_qualifiers_and_the_first_epithet_there_is():
    made, _ = as_naturalis_does(specimen())
    found = filled(made.to_dicts()[0]["identifications"])
    assert [own["scientificName"]["fullScientificName"] for own in found] == [
        "Aedes kabaenensis",
        "Aedes sp.",
        "Aedes major",
    ]
    assert found[0]["identificationQualifiers"] == ["cf.", "sensu lato"]
    assert found[0]["defaultClassification"] == {"family": "Culicidae"}
    assert [own["scientificName"].get("infraspecificEpithet") for own in found] == [None, "ddd", "fff"]


@pytest.mark.corpus
def test_the_sample_of_naturalis_becomes_what_naturalis_makes_of_it(corpus):
    (path,) = (corpus / "nba" / "naturalis_data_api").glob("multimedia.*.oai.xml")
    made, _ = as_naturalis_does(nat.read(path))
    assert made["id"][:2] == ["RMNH.INS.867435_1@CRS", "RMNH.INS.867435_2@CRS"]
    assert made["title"][:2] == ["RMNH.INS.867435_1", "RMNH.INS"]
    assert set(made["associatedSpecimenReference"]) == {"RMNH.INS.867435@CRS"}
    assert set(made["collectionType"]) == {"Diptera"}
    assert made["sexes"][0] == ["male"]
    assert made["phasesOrStages"][0] == ["embryo"]
    event = made["gatheringEvents"][0][0]
    assert (event["worldRegion"], event["country"]) == ("Asia", "Indonesia")
    assert (event["provinceState"], event["sublocality"]) == ("Southeast Sulawesi", "Kabaena, Pulau")
    assert event["siteCoordinates"][0]["latitudeDecimal"] == 35.9241667
    assert event["dateTimeBegin"] == "1937-05-10T00:00:00+0000"
    assert event["dateTimeEnd"] == "1937-05-12T00:00:00+0000"
    found = filled(made["identifications"][0])
    assert len(found) == 5
    assert all(own["identificationQualifiers"][:2] == ["TestQualifier1", "TestQualifier2"] for own in found)
    names = [own["scientificName"] for own in found]
    assert [name.get("infraspecificEpithet") for name in names] == [None, "ddddd", "eeeee", "eeeee", "eeeee"]
    assert found[0]["defaultClassification"] == {"order": "Diptera", "family": "Culicidae"}
    assert found[1]["typeStatus"] == "isotype"


def newsreel():
    return nat.read(
        page(
            record(
                oi(
                    '<oi:title xml:lang="nl">Vogels boven zee</oi:title>',
                    '<oi:alternative xml:lang="nl">Wad</oi:alternative>',
                    '<oi:creator xml:lang="nl">Vries, Jan de (regie)</oi:creator>',
                    "<oi:publisher>Natuurfilm</oi:publisher>",
                    '<oi:description xml:lang="nl">Meeuwen.</oi:description>',
                    '<oi:abstract xml:lang="en">Gulls.</oi:abstract>',
                    "<oi:date>1934-05-01</oi:date>",
                    "<oi:extent>PT2M23S</oi:extent>",
                    '<oi:medium oi:format="hd">https://example.org/1/1.mp4</oi:medium>',
                    '<oi:medium oi:format="hd">https://example.org/1/1.ogv</oi:medium>',
                    "<oi:language>nl</oi:language>",
                    "<oi:identifier>WEEKNUMMER340</oi:identifier>",
                    "<oi:attributionName>Natuurfilm</oi:attributionName>",
                    "<oi:attributionURL>https://example.org/media/1</oi:attributionURL>",
                    "<oi:license>https://creativecommons.org/licenses/by-sa/3.0/nl/</oi:license>",
                )
            )
        )
    )


def test_an_item_of_open_images_has_all_that_commons_needs():
    (medium,) = nat.crosswalk("oai_oi", "media").apply(newsreel()).table.to_dicts()
    assert [own["value"] for own in medium["titles"] + medium["alternative_title"]] == [
        "Vogels boven zee",
        "Wad",
    ]
    assert [(own["lang"], own["value"]) for own in medium["description"] + medium["abstract"]] == [
        ("nl", "Meeuwen."),
        ("en", "Gulls."),
    ]
    assert medium["issued"] == "1934-05-01"
    assert (medium["creators"][0]["name"], medium["creators"][0]["role"]) == ("Vries, Jan de", "regie")
    assert medium["publisher"][0]["name"] == "Natuurfilm"
    assert medium["language"] == ["nl"]
    assert [own["value"] for own in medium["identifiers"]] == ["WEEKNUMMER340"]
    assert (medium["license_code"], medium["license_jurisdiction"]) == ("cc-by-sa-3.0-nl", "nl")
    assert medium["attribution_url"] == "https://example.org/media/1"
    assert medium["credit_lines"][0]["value"] == "Natuurfilm"
    assert {own["uri"]: own["format"] for own in medium["access"]} == {
        "https://example.org/1/1.mp4": "video/mp4",
        "https://example.org/1/1.ogv": "video/ogg",
    }


def test_the_length_of_an_item_of_open_images_is_not_lost():
    """The script that took these films to Commons asked for `oi:extend`, and no film had a length."""
    (medium,) = nat.crosswalk("oai_oi", "media").apply(newsreel()).table.to_dicts()
    assert medium["duration"] == "PT2M23S"


@pytest.mark.corpus
def test_every_item_of_open_images_has_what_commons_needs(corpus):
    count = lengths = 0
    for path in sorted((corpus / "oai" / "openimages" / "reconstructed").glob("ListRecords.oai_oi*")):
        table = nat.read(path)
        media = nat.crosswalk("oai_oi", "media").apply(table).table
        stated = [first(extents, without="PT0S") for extents in table["extent"]]
        spelled = [length and _core.value("duration.iso8601", length, [])[0] for length in stated]
        assert media["duration"] == spelled
        assert [date and date["verbatim"] for date in media["issued_date"]] == list(map(first, table["date"]))
        for medium, row in zip(media.to_dicts(), table.to_dicts(), strict=True):
            assert medium["title"]
            assert [own["uri"] for own in medium["access"]] == row["medium"]
            assert medium["license_status"] == "exact" or not row["license"]
        count += len(table)
        lengths += sum(length is not None for length in stated)
    assert count == 250
    assert lengths > 200


def first(values, without=None):
    return next((value for value in values if value != without), None)


def test_dublin_core_made_of_documents_is_read_back_equal_by_others(tmp_path):
    etree = pytest.importorskip("lxml.etree")
    models = pytest.importorskip("sickle.models")
    reader = pytest.importorskip("oaipmh.metadata").oai_dc_reader
    made, _ = nat.crosswalk("nba", "oai_dc").apply(nba())
    made.write(tmp_path / "records.xml")
    root = etree.parse(tmp_path / "records.xml").getroot()
    (found,) = root.findall(".//{http://www.openarchives.org/OAI/2.0/}record")
    wanted = {name: values for name, values in made[0].dc.items() if values}
    assert wanted["rights"]
    metadata = found.find("{http://www.openarchives.org/OAI/2.0/}metadata")
    seen: dict[str, list[str]] = {}
    for element in metadata[0]:
        seen.setdefault(etree.QName(element).localname, []).append(element.text)
    assert seen == wanted
    assert models.Record(found).metadata == wanted
    assert {name: values for name, values in reader(metadata).getMap().items() if values} == wanted


@pytest.mark.corpus
def test_the_vectors_of_addresses_give_their_values():
    path = corpus_root() / "crosswalk" / "tests" / "media_url.tsv"
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            if row["canonical"]:
                assert _core.value("url.medialib", row["input"], [])[0] == row["canonical"], row
            else:
                assert _core.value("mime.from_url", row["input"], [])[0] == (row["mime"] or None), row


@pytest.mark.corpus
def test_the_vectors_of_names_give_their_values():
    path = corpus_root() / "crosswalk" / "tests" / "name_role.tsv"
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            agent, refused, _ = _core.value("name.agent", row["input"], [])
            assert (agent["kind"] if agent else "unknown") == row["kind"], row
            assert (refused == "placeholder") == (row["kind"] == "unknown"), row
            if row["kind"] != "person":
                continue
            parts = _core.value("name.parts", row["input"], [])[0]
            assert [parts.get(name, "") for name in ("family", "given", "particle")] == [
                row["family"],
                row["given"],
                row["particle"],
            ], row
            role = _core.value("name.role", row["input"], [])[0].get("role", "")
            assert role.replace(", ", "; ") == row["role_text"], row
