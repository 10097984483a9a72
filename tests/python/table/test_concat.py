"""Tables of different sources in one: media, with the label of each medium and what it stands on."""

import warnings

import naturalia as nat
import pytest
from naturalia import errors

LABELLED = b"""\
{"id": "a@CRS", "identifications": [{"scientificName": {"fullScientificName": "Larus cf. fuscus L."},
 "identificationQualifiers": ["cf."]}]}
{"id": "b@CRS", "identifications": [{"scientificName": {"fullScientificName": "Larus fuscus L."}},
 {"scientificName": {"fullScientificName": "Larus canus L."}, "typeStatus": "holotype"}]}
{"id": "c@NSR"}
"""


def test_tables_of_different_sources_meet_in_media():
    nba = nat.read(LABELLED.replace(b",\n ", b", "), format="nba")
    nhm = nat.read(b'{"_id": 1, "scientificName": "Helix pomatia", "associatedMedia": [{"assetID": "x"}]}')
    dc = nat.read(nat.samples.path("openimages_oai_oi.xml"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = nat.concat([nba, nhm, dc])
    assert both.format == "media"
    assert len(both) == len(nba) + 1 + len(dc)
    media = nat.crosswalk("nba", "media").apply(nba).table
    again = nat.concat([media, nhm])
    assert again["media_id"] == both["media_id"][:4]


def test_the_way_back_gives_every_value_of_each_source():
    nba = nat.read(LABELLED.replace(b",\n ", b", "), format="nba")
    both = nat.concat([nba, nat.read(nat.samples.path("openimages_oai_oi.xml"))])
    back = nat.crosswalk("media", "nba").apply(both[:3]).table.to_dicts()
    assert [{name: row.get(name) for name in nba.columns} for row in back] == [
        {name: row.get(name) for name in nba.columns} for row in nba.to_dicts()
    ]


def test_the_label_of_a_medium_says_what_it_stands_on():
    nba = nat.read(LABELLED.replace(b",\n ", b", "), format="nba")
    media = nat.crosswalk("nba", "media").apply(nba).table
    columns = ("scientific_name", "qualifier", "n_identifications", "label_basis", "type_status")
    assert list(zip(*(media[name] for name in columns), strict=True)) == [
        ("Larus cf. fuscus L.", "cf.", 1, "only", None),
        ("Larus fuscus L.", None, 2, "first", None),
        (None, None, None, None, None),
    ]
    rows = media.identifications()
    assert rows["scientific_name"] == ["Larus cf. fuscus L.", "Larus fuscus L.", "Larus canus L."]
    assert rows["place"] == [0, 0, 1]


def test_what_does_not_become_media_is_warned_of():
    nba = nat.read(b'{"id": "a@CRS", "multiMediaPublic": false}', format="nba")
    with pytest.warns(errors.NaturaliaWarning, match="1 not public"):
        assert len(nat.concat([nba, nat.read(nat.samples.path("openimages_oai_oi.xml"))])) == 6


def test_what_has_no_way_to_media_is_refused():
    specimen = nat.read(b'{"id": "a@CRS", "recordBasis": "PreservedSpecimen"}', format="nba_specimen")
    with pytest.raises(ValueError, match="nba_specimen"):
        nat.concat([specimen, nat.read(nat.samples.path("openimages_oai_oi.xml"))])
