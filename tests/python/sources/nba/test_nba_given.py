"""The NBA's client with odd things on both sides: what users hand over, and what comes back."""

import naturalia as nat
import pytest
from naturalia import errors, testing
from naturalia.testing import faults


def client(server, **more):
    return nat.Nba(server.url, contact="tests@museum.example", rate=None, retries=0, **more)


def medium(number, name, **parts):
    """A document with one label."""
    label = {"scientificName": {"fullScientificName": name, **parts}}
    return {
        "id": f"{number}@X",
        "sourceSystemId": str(number),
        "unitID": str(number),
        "identifications": [label],
    }


HYBRIDS = [
    medium(1, "Nepenthes ×hookeriana Lindl.", scientificNameGroup="nepenthes ×hookeriana"),
    medium(2, "Nepenthes x hookeriana"),
    medium(3, "Nepenthes × hookeriana Lindl.", genusOrMonomial="Nepenthes", specificEpithet="× hookeriana"),
    medium(4, "Nepenthes hookeriana", scientificNameGroup="nepenthes hookeriana"),
    medium(5, "Nepenthes rafflesiana", scientificNameGroup="nepenthes rafflesiana"),
]


@pytest.mark.parametrize(
    "asked",
    [
        "Nepenthes ×hookeriana",
        "Nepenthes × hookeriana",
        "nepenthes x hookeriana",
        "Nepenthes ×hookeriana Lindl.",
        "NEPENTHES ×HOOKERIANA",
    ],
)
def test_a_hybrid_is_found_however_its_sign_is_written(asked):
    with testing.nba({"multimedia": HYBRIDS}) as server:
        query = client(server).multimedia(scientific_name=asked)
        assert list(query.collect()["id"]) == ["1@X", "2@X", "3@X", "4@X"]
        assert set(query.names["matched"]) == {"yes"}
        assert len(query.names) == 4


def test_a_hybrid_genus_has_its_sign_in_front():
    documents = [
        medium(1, "×Agropogon littoralis (Sm.) C.E.Hubb.", scientificNameGroup="×agropogon littoralis")
    ]
    with testing.nba({"multimedia": documents}) as server:
        assert client(server).multimedia(scientific_name="× Agropogon littoralis").count() == 1


def test_a_label_is_found_whatever_other_labels_the_document_has():
    first = {"genusOrMonomial": "Fringilla", "specificEpithet": "coelebs"}
    one, other = "Fringilla coelebs L.", "Fringilla coelebs gengleri Kleinschmidt"
    documents = [
        medium(1, one, **first),
        medium(2, one, **first),
        medium(
            3,
            other,
            **first,
            infraspecificEpithet="gengleri",
            scientificNameGroup="fringilla coelebs gengleri",
        ),
        medium(4, "Fringilla coelebs (Linnaeus)", scientificNameGroup="? ?"),
    ]
    documents[1]["identifications"] += documents[2]["identifications"]
    ungrouped = medium(5, other, **first, infraspecificEpithet="gengleri")
    with testing.nba({"multimedia": [*documents, ungrouped]}) as server:
        query = client(server).multimedia(scientific_name="Fringilla coelebs")
        assert list(query.collect()["id"]) == ["1@X", "2@X", "4@X"]


def test_a_long_list_of_names_is_asked_shortly_and_takes_subspecies_along_where_there_is_no_group():
    parts = {"genusOrMonomial": "Fringilla", "specificEpithet": "coelebs"}
    documents = [
        medium(1, "Fringilla coelebs L.", **parts),
        medium(2, "Fringilla coelebs gengleri", **parts, infraspecificEpithet="gengleri"),
        medium(3, "Fringilla coelebs gengleri", **parts, scientificNameGroup="fringilla coelebs gengleri"),
    ]
    documents[0]["identifications"] += documents[1]["identifications"]
    others = [f"Genus {a}{b}us" for a in "abcdefghij" for b in "abcdefghij"]
    with testing.nba({"multimedia": documents}) as server:
        query = client(server).multimedia(scientific_name=["Fringilla coelebs", *others])
        assert list(query.collect()["id"]) == ["1@X", "2@X"]
        assert query.count() == 2
        assert max(len(request.body) for request in server.requests) < 100_000


def test_a_species_is_found_behind_its_subgenus():
    label = {
        "genusOrMonomial": "Uca (Leptuca)",
        "specificEpithet": "speciosa",
        "scientificNameGroup": "uca (leptuca) speciosa",
    }
    with testing.nba({"multimedia": [medium(1, "Uca (Leptuca) speciosa (Ives, 1891)", **label)]}) as server:
        assert client(server).multimedia(scientific_name="Uca speciosa").count() == 1


def test_a_name_in_capitals_is_the_same_name():
    with testing.nba(200) as server:
        found = [
            client(server).multimedia(scientific_name=name).count()
            for name in ("LARUS FUSCUS", "Larus fuscus")
        ]
        assert found[0] == found[1] > 0


def test_what_can_be_gone_through_once_is_enough():
    with testing.nba(200) as server:
        query = client(server).multimedia(scientific_name=(name for name in ("Larus fuscus", "Parus major")))
        assert (
            query.count()
            == client(server).multimedia(scientific_name=["Larus fuscus", "Parus major"]).count()
            > 0
        )
        assert set(query.names["asked"]) == {"Larus fuscus", "Parus major"}


@pytest.mark.parametrize(
    "value", [5, 1.5, True, b"Larus", ["Larus", 5], [["Larus"]], {"genus": "Larus"}], ids=repr
)
@pytest.mark.parametrize("keyword", ["scientific_name", "genus", "species"])
def test_what_is_no_name_is_named(keyword, value):
    with testing.nba(1) as server, pytest.raises(ValueError, match=f"^{keyword}= is a"):
        client(server).multimedia(**{keyword: value})


REPLIES = [
    b"[]",
    b"{}",
    b"null",
    b"7.5",
    b'"x"',
    b"[[1]]",
    b'{"totalSize": 5}',
    b'{"totalSize": "x", "resultSet": []}',
]
QUESTIONS = {
    "count": lambda nba: nba.multimedia().count(),
    "count by": lambda nba: nba.multimedia().count(by="license"),
    "count by two": lambda nba: nba.multimedia().count(by=["license", "source_system"]),
    "names": lambda nba: nba.multimedia(scientific_name="Larus fuscus").names,
    "collect": lambda nba: nba.multimedia().collect(),
    "first": lambda nba: nba.multimedia().first(3),
    "record": lambda nba: nba.record("1@X"),
    "records": lambda nba: nba.records(["1@X"]).collect(),
    "area": lambda nba: nba.area("Texel"),
    "sources": lambda nba: nba.sources(),
    "settings": lambda nba: nba.settings(),
    "vocabulary": lambda nba: nba.vocabulary("Sex"),
    "fields": lambda nba: nba.fields(live=True),
}
# What may be all there is to say: an empty list, an object with any names in it.
FITTING = {
    b"[]": {"records", "sources", "vocabulary", "count by two"},
    b"{}": {"settings", "fields", "area", "names"},
}
FITTING |= {b'{"totalSize": 5}': {"settings", "area", "names"}, REPLIES[-1]: {"settings", "area"}}
UNLIKE = [(body, name) for body in REPLIES for name in QUESTIONS if name not in FITTING.get(body, ())]


@pytest.mark.parametrize(("body", "question"), UNLIKE)
def test_json_that_answers_another_question_is_an_error_that_names_the_place(body, question):
    with testing.nba(1, faults=[faults.Body(body, "application/json")]) as server:
        with pytest.raises(errors.NaturaliaError) as caught:
            QUESTIONS[question](client(server))
        assert server.url in str(caught.value)


def test_a_window_that_cannot_be_read_is_taken_from_the_documentation_and_said():
    silent = testing.nba(30, faults=[faults.NoSetting()])
    with silent as server, pytest.warns(errors.NaturaliaWarning, match="10,000"):
        assert len(client(server).multimedia().collect()) == 30
