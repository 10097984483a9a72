"""The twenty operators of the loopback NBA: a few documents, and which of them each one finds."""

import contextlib
import json
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naturalia import testing
from naturalia.testing._nba import _operators
from naturalia.testing._nba._fields import OPERATORS, fields
from naturalia.testing._nba._refusal import Refusal
from naturalia.testing._nba._spec import spec_of
from naturalia.testing._nba._store import Store

# Four specimens: `a` full, `b` with two identifications, `c` with a place only, `d` with next to nothing.
SPECIMENS = [
    {
        "id": "a",
        "unitID": "RMNH.1",
        "license": "CC0",
        "numberOfSpecimen": 3,
        "objectPublic": True,
        "notes": "A most interesting, blue egg",
        "gatheringEvent": {
            "country": "Türkiye",
            "dateTimeBegin": "1900-06-15T00:00:00+0000",
            "siteCoordinates": [{"longitudeDecimal": 4.8, "latitudeDecimal": 53.1}],
        },
        "identifications": [{"scientificName": {"genusOrMonomial": "Larus"}}],
    },
    {
        "id": "b",
        "unitID": "rmnh.2",
        "license": "CC BY",
        "numberOfSpecimen": 10,
        "objectPublic": False,
        "notes": "blueish",
        "gatheringEvent": {
            "dateTimeBegin": "1901-01-01T00:00:00+0000",
            "siteCoordinates": [
                {"longitudeDecimal": 106.5, "latitudeDecimal": -6.7},
                {"geoShape": {"type": "Point", "coordinates": [6.1, 49.8]}},
            ],
        },
        "identifications": [
            {"scientificName": {"genusOrMonomial": "Parus"}},
            {"scientificName": {"genusOrMonomial": "LARUS"}},
        ],
    },
    {
        "id": "c",
        "unitID": "ZMA.3",
        "gatheringEvent": {
            "dateTimeBegin": "1900-01-01T01:00:00+0200",
            "siteCoordinates": [{"longitudeDecimal": 0, "latitudeDecimal": 0}],
        },
    },
    {"id": "d"},
]
GENUS = "identifications.scientificName.genusOrMonomial"
BEGIN = "gatheringEvent.dateTimeBegin"
LATITUDE = "gatheringEvent.siteCoordinates.latitudeDecimal"
SHAPE = "gatheringEvent.siteCoordinates.geoShape"
SQUARE = {"type": "Polygon", "coordinates": [[[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]]}


def hits(server, *conditions, **more):
    """The ids that a QuerySpec of these conditions finds, as one text."""
    spec = {"conditions": list(conditions), "sortFields": [{"path": "id"}], "size": 100, **more}
    request = Request(
        f"{server.url}/specimen/query", json.dumps(spec).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request) as reply:
        return "".join(row["item"]["id"] for row in json.load(reply)["resultSet"])


def asks(field, operator, value, **more):
    """One condition."""
    return {"field": field, "operator": operator, "value": value, **more}


@pytest.fixture(scope="module")
def server():
    with testing.nba({"specimen": SPECIMENS}) as served:
        yield served


EXAMPLES = [
    ("EQUALS", GENUS, "Larus", "a"),
    ("EQUALS", GENUS, "Parus", "b"),
    ("EQUALS", "numberOfSpecimen", "3", "a"),
    ("EQUALS", "objectPublic", "true", "a"),
    ("EQUALS", "objectPublic", False, "b"),
    ("EQUALS", BEGIN, "1900-06-15", "a"),
    ("EQUALS", BEGIN, "1899-12-31T23:00:00Z", "c"),
    ("EQUALS", "gatheringEvent.country", "Türkiye", "a"),
    ("EQUALS", "license", None, "cd"),
    ("EQUALS", "id", "a", "a"),
    ("EQUALS_IC", GENUS, "lARUS", "ab"),
    ("EQUALS_IC", "numberOfSpecimen", "10", "b"),
    ("EQUALS_IC", "gatheringEvent.country", "türkiye", "a"),
    ("STARTS_WITH", "unitID", "RMNH", "a"),
    ("STARTS_WITH", "license", "CC", "ab"),
    ("STARTS_WITH_IC", "unitID", "rm", "ab"),
    ("CONTAINS", "notes", "BLUE", "ab"),
    ("CONTAINS", GENUS, "aru", "ab"),
    ("MATCHES", "notes", "blue", "a"),
    ("MATCHES", "notes", "green EGG", "a"),
    ("LT", "numberOfSpecimen", 10, "a"),
    ("LTE", "numberOfSpecimen", 10, "ab"),
    ("GT", "numberOfSpecimen", "3", "b"),
    ("GTE", "numberOfSpecimen", 3.0, "ab"),
    ("LT", BEGIN, "1900", "c"),
    ("GTE", BEGIN, "1900-06", "ab"),
    ("GT", BEGIN, "1900-06-15", "b"),
    ("GT", LATITUDE, 0, "a"),
    ("LTE", LATITUDE, 0, "bc"),
    ("BETWEEN", BEGIN, ["1900", "1901"], "ab"),
    ("BETWEEN", "numberOfSpecimen", [3, 10], "ab"),
    ("BETWEEN", "numberOfSpecimen", [4, None], "b"),
    ("BETWEEN", "numberOfSpecimen", [None, 9], "a"),
    ("IN", "license", ["CC0", "x"], "a"),
    ("IN", "license", ["CC0", None], "acd"),
    ("IN", "numberOfSpecimen", ["3", 10], "ab"),
    ("IN", "license", [], ""),
    ("IN", "id", ["b", "d"], "bd"),
    ("IN", SHAPE, "Texel", "a"),
    ("IN", SHAPE, "1004002@GEO", "b"),
    ("IN", SHAPE, SQUARE, "c"),
    ("IN", SHAPE, json.dumps(SQUARE), "c"),
    ("IN", SHAPE, ["Indonesia", "Netherlands"], "ab"),
]


@pytest.mark.parametrize(("operator", "field", "value", "expected"), EXAMPLES)
def test_an_operator_finds_documents_of_which_some_value_satisfies_it(
    server, operator, field, value, expected
):
    assert hits(server, asks(field, operator, value)) == expected


@pytest.mark.parametrize(("operator", "field", "value", "expected"), EXAMPLES)
def test_its_negative_form_finds_exactly_the_others(server, operator, field, value, expected):
    if f"NOT_{operator}" in OPERATORS:
        assert hits(server, asks(field, f"NOT_{operator}", value)) == "".join(
            sorted(set("abcd") - set(expected))
        )


def test_every_operator_has_an_example():
    positive = {operator for operator, *_ in EXAMPLES}
    assert positive | {f"NOT_{name}" for name in positive} >= set(OPERATORS)
    assert len(OPERATORS) == 20


def test_operators_have_signs_and_no_case(server):
    for sign, name in (
        ("=", "equals"),
        ("<", "Lt"),
        ("<=", "lte"),
        (">", "gt"),
        (">=", "gte"),
        ("!=", "not_equals"),
    ):
        asked = [hits(server, asks("numberOfSpecimen", spelt, 3)) for spelt in (sign, name)]
        assert asked[0] == asked[1]


def test_a_group_is_its_condition_and_those_beside_it_or_any_of_the_others(server):
    larus = asks(GENUS, "EQUALS", "Larus")
    public = asks("objectPublic", "EQUALS", "true")
    assert hits(server, asks("license", "STARTS_WITH", "CC", **{"and": [public]})) == "a"
    group = asks("license", "EQUALS", "CC BY", **{"and": [public], "or": [larus, asks("id", "EQUALS", "d")]})
    assert hits(server, group) == "ad"
    assert hits(server, {**group, "not": "NOT"}) == "bc"
    nested = asks("license", "EQUALS", None, **{"and": [{**larus, "not": "NOT", "or": [public]}]})
    assert hits(server, nested) == "cd"


def test_conditions_are_joined_by_and_unless_or_is_asked_for(server):
    pair = (asks("license", "EQUALS", "CC0"), asks("unitID", "EQUALS", "ZMA.3"))
    assert hits(server, *pair) == ""
    assert hits(server, *pair, logicalOperator="OR") == "ac"
    assert hits(server, *pair, logicalOperator="||") == "ac"


def test_a_condition_without_a_field_is_always_or_never_true(server):
    assert hits(server, {"value": True}) == "abcd"
    assert hits(server, {"value": False}) == ""
    assert hits(server, {"value": "false", "or": [asks("id", "EQUALS", "d")]}) == "d"


@pytest.mark.parametrize(
    ("field", "operator", "value", "said"),
    [
        ("numberOfSpecimen", "BETWEEN", 3, "exactly two"),
        ("numberOfSpecimen", "BETWEEN", [1, 2, 3], "exactly two"),
        ("numberOfSpecimen", "BETWEEN", [None, None], "null"),
        ("numberOfSpecimen", "LT", None, "null"),
        ("numberOfSpecimen", "EQUALS", "three", "numberOfSpecimen"),
        ("license", "EQUALS", ["CC0"], "single"),
        ("license", "IN", "CC0", "array"),
        ("license", "STARTS_WITH", "", "empty"),
        ("license", "", "CC0", "operator"),
        (BEGIN, "GT", "yesterday", "yesterday"),
        (BEGIN, "GT", "1900-13", "1900-13"),
        (SHAPE, "IN", "Atlantis", "Atlantis"),
    ],
)
def test_a_value_that_does_not_fit_is_named(server, field, operator, value, said):
    with pytest.raises(ValueError, match=said):
        server.documents("specimen", {"conditions": [asks(field, operator, value)]})


@pytest.mark.parametrize("document", ["specimen", "taxon", "multimedia"])
def test_the_index_of_a_field_says_what_may_be_asked(document):
    for field in fields(document).values():
        allowed = set(field.operators)
        if field.index == "none":
            assert not allowed
        elif field.type == "string" and field.index == "keyword":
            assert allowed == {"EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "STARTS_WITH", "NOT_STARTS_WITH"}
        elif field.type in ("integer", "number", "date"):
            assert {"LT", "BETWEEN", "EQUALS"} <= allowed
            assert "CONTAINS" not in allowed


@pytest.mark.corpus
def test_the_field_table_is_that_of_the_model(corpus):
    for document, name in (("specimen", "Specimen"), ("taxon", "Taxon"), ("multimedia", "MultiMediaObject")):
        lines = (corpus / "nba" / "derived" / f"fields_{name}.tsv").read_text().splitlines()[1:]
        listed = {
            path.replace("[]", "")
            for path, _, index in (line.split("\t") for line in lines)
            if "virtual" not in index
        }
        known = {
            path
            for path, field in fields(document).items()
            if field.type != "geoShape" and field.index != "id"
        }
        assert known == listed


@given(
    st.lists(st.one_of(st.text(max_size=8), st.integers(), st.none()), max_size=4),
    st.text(min_size=1, max_size=6),
)
def test_a_list_is_searched_value_by_value(values, sought):
    test = _operators.test_of("EQUALS", fields("multimedia")["previousSourceID"], sought)
    assert test({"previousSourceID": values}) is (sought in [str(one) for one in values if one is not None])


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from([*fields("specimen"), "nothing"])
CONDITIONS = st.recursive(
    st.fixed_dictionaries(
        {}, optional={"field": FIELDS | JSON, "operator": st.sampled_from(OPERATORS) | JSON, "value": JSON}
    ),
    lambda inner: st.fixed_dictionaries(
        {"field": FIELDS, "operator": st.sampled_from(OPERATORS), "value": JSON},
        optional={"and": st.lists(inner, max_size=2) | JSON, "or": st.lists(inner, max_size=2), "not": JSON},
    ),
    max_leaves=4,
)
SPECS = st.fixed_dictionaries(
    {"conditions": st.lists(CONDITIONS, max_size=3) | JSON},
    optional={
        "logicalOperator": JSON,
        "sortFields": st.lists(st.fixed_dictionaries({"path": FIELDS | JSON}), max_size=2) | JSON,
        "fields": st.lists(FIELDS, max_size=2) | JSON,
        "from": JSON,
        "size": JSON,
    },
)


@given(SPECS)
def test_any_question_has_an_answer_or_is_refused(spec):
    with contextlib.suppress(Refusal):
        found = spec_of("specimen", [], json.dumps(spec).encode())
        store = Store("specimen", SPECIMENS)
        hits = store.sort(store.find(found), found.sort)
        assert {one["id"] for one in hits} <= set("abcd")


WORDS = st.sampled_from(["RMNH.1", "CC0", "larus", "Blue", "interesting egg", "Türkiye", "T"])
VALUES = {
    "string": WORDS,
    "boolean": st.sampled_from([True, False, "true", "False"]),
    "integer": st.integers(-2, 12),
    "number": st.sampled_from([-6.7, 0, "4.8", 53.1, 200]),
    "date": st.sampled_from(
        ["1900", "1900-06", "1900-06-15", "1901-01-01T00:00:00+0000", "1950-01-01T10:00"]
    ),
    "geoShape": st.sampled_from(["Texel", "Indonesia", SQUARE, ["Luxembourg", SQUARE]]),
}


@st.composite
def questions(draw):
    """A condition that the NBA would answer."""
    field = draw(st.sampled_from([one for one in fields("specimen").values() if one.operators]))
    operator = draw(st.sampled_from(field.operators))
    value = draw(VALUES[field.type])
    if field.type != "geoShape":
        several = st.lists(VALUES[field.type] | st.none(), max_size=4)
        pair = st.tuples(VALUES[field.type], VALUES[field.type] | st.none()).map(list)
        lists = {"IN": several, "BETWEEN": pair}
        value = draw(lists.get(operator.removeprefix("NOT_"), st.just(value)))
    if operator.endswith("CONTAINS"):
        value = draw(st.sampled_from(["aru", "CC0 ", "interesting", "rmnh"]))
    if operator.startswith(("EQUALS", "NOT_EQUALS")):
        value = draw(st.just(value) | st.none())
    return asks(field.path, operator, value)


def found_by(*conditions, **more):
    """What these conditions find, without a server in between."""
    spec = spec_of("specimen", [], json.dumps({"conditions": list(conditions), **more}).encode())
    return {one["id"] for one in SPECIMENS if spec.test(one)}


@given(questions(), questions())
def test_laws_of_conditions(one, other):
    first, second = found_by(one), found_by(other)
    everything = set("abcd")
    assert found_by(one | {"not": "NOT"}) == everything - first
    assert found_by(one, other) == found_by(one | {"and": [other]}) == first & second
    assert found_by(one, other, logicalOperator="OR") == found_by(one | {"or": [other]}) == first | second
    assert found_by(one | {"and": [other], "or": [other], "not": "NOT"}) == everything - (
        (first & second) | second
    )
    opposite = {name: "NOT_" + name for name in OPERATORS} | {"NOT_" + name: name for name in OPERATORS}
    if opposite[one["operator"]] in OPERATORS:
        assert found_by(one | {"operator": opposite[one["operator"]]}) == everything - first
