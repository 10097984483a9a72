"""Media of the NHM data portal: one row a file, its sizes, its licence apart from that of its record."""

import json

import naturalia as nat
import pytest
from naturalia import errors
from naturalia._sources.nhm.media import Origin, media_rules

IMAGE = {
    "_id": "214091",
    "assetID": "c2bde4e9-ca2b-466c-ab41-509468b841a4",
    "identifier": "https://data.nhm.ac.uk/media/c2bde4e9-ca2b-466c-ab41-509468b841a4",
    "title": "BM000019319",
    "format": "image/tiff",
    "category": "Specimen",
    "type": "StillImage",
    "license": "http://creativecommons.org/licenses/by/4.0/",
    "rightsHolder": "The Trustees of the Natural History Museum, London",
    "PixelXDimension": "6638",
    "PixelYDimension": "10199",
}
SCAN = {"_id": "3709063", "assetID": "5ab7511b", "identifier": "https://skfb.ly/oqKBO", "type": "3D"}
FORMER = {
    "_id": "1",
    "assetID": "0d5f",
    "identifier": "https://www.nhm.ac.uk/services/media-store/asset/0d5f/contents/preview",
}
SPECIMEN = {"_id": "2531732", "occurrenceID": "4ffbec35-4397-440b-b781-a18b4d958cef", "genus": "Synodontis"}


def table(*records):
    return nat.read("\n".join(json.dumps(record) for record in records).encode())


def mapped(origin, *records):
    return media_rules(origin).apply(table(*records))


@pytest.fixture(scope="module")
def server():
    with nat.testing.nhm(240) as server:
        yield server


@pytest.fixture
def nhm(server):
    return nat.NhmPortal(server.url, rate=None)


def test_an_image_has_three_sizes_and_only_the_original_has_its_format():
    (row,) = mapped(Origin(), {**SPECIMEN, "associatedMedia": [IMAGE]}).table.to_dicts()
    whole = IMAGE["identifier"]
    assert row["access"] == [
        {
            "uri": f"{whole}/original",
            "format": "image/tiff",
            "variant": "Best Quality",
            "width": 6638,
            "height": 10199,
        },
        {"uri": f"{whole}/preview", "format": "image/jpeg", "variant": "Medium Quality"},
        {"uri": f"{whole}/thumbnail", "format": "image/jpeg", "variant": "Thumbnail"},
    ]
    assert (row["media_url"], row["format"]) == (f"{whole}/original", "image/tiff")
    assert row["media_id"] == IMAGE["assetID"]


@pytest.mark.parametrize("medium", [SCAN, FORMER], ids=["3D", "former address"])
def test_what_the_portal_does_not_serve_has_one_address(medium):
    (row,) = mapped(Origin(), {**SPECIMEN, "associatedMedia": [medium]}).table.to_dicts()
    assert row["access"] == [{"uri": medium["identifier"]}]


def test_the_page_the_manifest_and_the_data_set_come_along():
    origin = Origin(resource="05ff", license="CC0-1.0", doi="10.5519/0002965", version=1697000000000)
    lot = {"_id": "7", "associatedMedia": [IMAGE]}
    first, second = mapped(origin, {**SPECIMEN, "associatedMedia": [IMAGE]}, lot).table.to_dicts()
    assert first["landing_page"] == f"https://data.nhm.ac.uk/object/{SPECIMEN['occurrenceID']}/1697000000000"
    assert second["landing_page"] == "https://data.nhm.ac.uk/record/05ff/7/1697000000000"
    manifest = "https://data.nhm.ac.uk/iiif/resource/05ff/record/7"
    assert second["relations"] == [{"type": "isReferencedBy", "target": manifest}]
    assert (first["dataset_doi"], first["source_version"]) == ("10.5519/0002965", "1697000000000")
    assert (first["license_code"], first["record_license_code"]) == ("cc-by-4.0", "cc0-1.0")


def test_the_guid_in_a_record_that_is_no_specimen_is_not_its_page():
    origin = Origin(resource="5e3c", specimens=False, doi="10.5519/prep0001")
    (row,) = mapped(origin, {**SPECIMEN, "associatedMedia": [IMAGE]}).table.to_dicts()
    assert row["landing_page"] == "https://data.nhm.ac.uk/record/5e3c/2531732"
    assert row["dataset_doi"] == "10.5519/prep0001"
    assert row["specimen_id"] == SPECIMEN["occurrenceID"]


def test_the_licence_of_the_record_is_never_that_of_the_medium():
    bare = {name: value for name, value in IMAGE.items() if name != "license"}
    (row,) = mapped(Origin(license="CC0-1.0"), {**SPECIMEN, "associatedMedia": [bare]}).table.to_dicts()
    assert (row["license_status"], row["record_license_code"]) == ("none", "cc0-1.0")
    (row,) = mapped(Origin(), {**SPECIMEN, "associatedMedia": [IMAGE]}).table.to_dicts()
    assert (row["license_code"], row["record_license_status"]) == ("cc-by-4.0", "none")


def test_the_way_back_gives_the_records_as_they_came():
    records = [
        {**SPECIMEN, "habitat": ["a", "b"], "associatedMedia": [IMAGE, SCAN]},
        {"_id": "7", "associatedMedia": [FORMER]},
    ]
    rules = media_rules(Origin(resource="05ff", license="CC0-1.0"))
    media = rules.apply(table(*records)).table
    assert len(media) == 3
    assert rules.invert().apply(media).table.to_dicts() == table(*records).to_dicts()


def test_media_of_specimens_come_from_a_query_a_table_or_keywords(nhm):
    query = nhm.specimens(genus="Helix", has_image=True)
    wanted = sum(map(len, query.collect()["associatedMedia"]))
    by_query, by_table, by_name = nhm.media(query), nhm.media(query.collect()), nhm.media(genus="Helix")
    assert len(by_query.collect()) == len(by_table.collect()) == len(by_name.collect()) == wanted > 0
    assert len(by_query.first(2)) == 2
    assert by_query.count() == wanted
    assert by_query.url == query.url
    assert "one row a medium" in by_query.explain()
    media = by_query.collect()
    assert media.format == "media"
    assert set(media["record_license_code"]) == {"cc0-1.0"}
    assert set(media["dataset_doi"]) == {"10.5519/0002965"}
    assert None not in media["retrieved_at"]
    assert by_table.collect()["retrieved_at"][0] is None  # nobody says when the table was fetched


def test_media_of_several_resources_each_know_their_own(nhm, server):
    media = nhm.media(nhm.query(has_image=True, resources=["specimens", "index_lots"])).collect()
    pages = {page.split("/")[3] for page in media["landing_page"]}
    assert pages == {"object", "record"}
    assert set(media["dataset_doi"]) == {"10.5519/0002965", "10.5519/0073880"}
    for page, relations in zip(media["landing_page"], media["relations"], strict=True):
        resource = server.index_lots if "/record/" in page else server.specimens
        assert f"/iiif/resource/{resource}/" in relations[0]["target"]


def test_images_of_research_data_sets_are_where_the_resource_says(nhm):
    for resource in nhm.dataset("butterfly-traps-survey").resources:
        records = resource.records().collect()
        media = resource.media().collect()
        assert len(media) >= sum(1 for each in records.to_dicts() if each.get(resource.image_field)) > 0
        assert all(url.startswith("http") and " " not in url and ";" not in url for url in media["media_url"])
        assert None not in media["media_id"]
        stated = "cc-by-4.0" if resource.image_license else None
        assert set(media["license_code"]) == {stated}
        assert set(media["record_license_code"]) == {"cc-by-nc-4.0"}


def test_manifests_and_sizes_are_there(nhm):
    from urllib.request import urlopen

    (row,) = nhm.media(genus="Helix").first().to_dicts()
    for item in row["access"]:
        with urlopen(item["uri"]) as reply:
            assert reply.headers["content-type"] == item["format"]
    with urlopen(row["relations"][0]["target"]) as reply:
        assert json.load(reply)["type"] == "Manifest"
    with urlopen(row["landing_page"]) as reply:
        assert reply.status == 200


# --- addresses ---------------------------------------------------------------------------------


def test_a_pasted_address_leads_to_its_records(nhm, server):
    one = nhm.specimens(genus="Helix").first()
    guid, own, table = one["occurrenceID"][0], one["_id"][0], server.specimens
    found = {
        f"{server.url}/object/{guid}": 1,
        f"{server.url}/specimen/{guid}.jsonld": 1,
        f"{server.url}/record/{table}/{own}": 1,
        f"{server.url}/record/{table}/{own}/1780272000000": 1,
        f"{server.url}/dataset/collection-specimens/resource/{table}/record/{own}.json": 1,
        f"{server.url}/iiif/resource/{table}/record/{own}": 1,
        f"{server.url}/search/butterfly-types?view=gallery": nhm.resolve("butterfly-types").count(),
        f"{server.url}/dataset/collection-specimens/resource/{table}": nhm.specimens().count(),
        f"{server.url}/dataset/x/resource/{table}?filters=genus:Helix|_has_image:true": nhm.specimens(
            genus="Helix", has_image=True
        ).count(),
    }
    for url, count in found.items():
        assert nat.NhmPortal.from_url(url, rate=None).count() == count, url
    assert nat.NhmPortal.from_url(f"{server.url}/dataset/collection-specimens").doi == "10.5519/0002965"


def test_the_address_of_a_query_leads_back_to_it(nhm, server):
    for query in (
        nhm.specimens(genus="Helix", has_image=True, q="lucorum"),
        nhm.specimens(genus=["Helix", "Larus"], area="Italy"),
        nhm.query(nat.field("year") < 1900, version=1697000000000),
        nhm.artefacts(q="glass"),
        nhm.resolve("butterfly-types"),
    ):
        again = nat.NhmPortal.from_url(query.url, rate=None)
        assert set(again.collect()["_id"]) == set(query.collect()["_id"]), query.url
    page = f"{server.url}/dataset/collection-specimens/resource/{server.specimens}"
    assert nhm.specimens(genus="Helix").url == f"{page}?filters=genus%3AHelix"


def test_a_page_that_filters_a_field_twice_shows_records_that_have_both(server):
    page = f"{server.url}/dataset/x/resource/{server.specimens}?filters=habitat:On rocks|habitat:Intertidal"
    found = nat.NhmPortal.from_url(page, rate=None).collect()
    assert len(found) > 0
    assert all({"On rocks", "Intertidal"} <= set(each) for each in found["habitat"])


@pytest.mark.parametrize(
    "url",
    [
        "https://data.nhm.ac.uk/",
        "https://data.nhm.ac.uk/about",
        "https://data.nhm.ac.uk/object/4ff/not-a-version",
        "https://data.nhm.ac.uk/api/3/action/create_doi?query={}",
        "helix",
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url):
    with pytest.raises(ValueError, match="leads to no records"):
        nat.NhmPortal.from_url(url)


def test_dois_lead_to_searches_and_data_sets(nhm):
    doi = nhm.mint_doi(nhm.specimens(genus="Helix"), email="me@museum.example", publish=True)
    query = nhm.resolve(f"https://doi.org/{doi}")
    assert query.url == f"https://doi.org/{doi}"
    assert query.count() == nhm.specimens(genus="Helix").count()
    assert nhm.dataset("https://doi.org/10.5519/0002965").name == "collection-specimens"
    with pytest.raises(errors.NhmError):
        nhm.resolve("10.5519/qd.nothing1")


# --- what travels with a file ------------------------------------------------------------------


def test_a_written_file_says_what_was_asked_of_whom_and_in_which_version(nhm, server, tmp_path):
    query = nhm.specimens(genus="Helix", version=1697000000000)
    harvest = nat.harvest(nhm.specimens(genus="Helix"), str(tmp_path / "h.sqlite"))
    for name, data in {
        "query": query,
        "table": query.collect(),
        "media": nhm.media(query),
        "harvest": harvest.current(),
        "kept": harvest.current().collect(),
    }.items():
        path = tmp_path / f"{name}.csv"
        nat.write(data, path)
        asked = json.loads((tmp_path / f"{name}.csv.about.json").read_text())["asked"]
        question = json.loads(asked["question"])
        assert asked["service"] == server.url
        assert question["params"]["filters"] == {"genus": "Helix"}
        assert asked.get("version") or question["params"]["version"] == 1697000000000
        assert asked["retrieved_at"]


def test_manifests_that_come_with_records_are_not_kept_twice(nhm):
    query = nhm.query(nat.field("genus") == "Helix", has_image=True, resources="specimens")
    assert any(item["element"] == "reply.iiif" for item in query.first()["extra"][0])
    media = nhm.media(query).collect()
    assert all("canvas" not in (residue or "").lower() for residue in media["residue"])
    assert set(media["media_id"]) == set(nhm.media(genus="Helix").collect()["media_id"])
