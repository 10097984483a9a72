"""Queries of the NHM data portal are judged and hashed offline as the portal judges and hashes them."""

import ast
import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naturalia._sources.nhm.areas import AREAS, area
from naturalia._sources.nhm.grammar import checked, digest, normalised, problems
from naturalia.testing._nhm._grammar import areas
from naturalia.testing._nhm._hash import query_hash

SQUARE = [[10.0, 2.0], [11.0, 2.0], [11.0, 3.0], [10.0, 3.0], [10.0, 2.0]]
HOLE = [[10.2, 2.2], [10.8, 2.2], [10.8, 2.8], [10.2, 2.2]]


def both(*members):
    return {"filters": {"and": list(members)}}


GOOD = {
    "everything": {},
    "words": {"search": "mollusca"},
    "a value": both({"string_equals": {"fields": ["genus"], "value": "helix"}}),
    "one of two fields": both({"string_equals": {"fields": ["genus", "subgenus"], "value": "helix"}}),
    "words in any field": both({"string_contains": {"fields": [], "value": "blue nile"}}),
    "a number": both({"number_equals": {"fields": ["year"], "value": 1968}}),
    "a lower bound": both({"number_range": {"fields": ["year"], "greater_than": 1900}}),
    "two bounds, open": both(
        {
            "number_range": {
                "fields": ["year"],
                "greater_than": 1900,
                "less_than": 2e3,
                "less_than_inclusive": False,
            }
        }
    ),
    "images": both({"exists": {"fields": ["associatedMedia"]}}),
    "a place": both({"exists": {"geo_field": True}}),
    "near": both({"geo_point": {"latitude": 51.47, "longitude": -0.94, "radius": 10, "radius_unit": "mi"}}),
    "at": both({"geo_point": {"latitude": -90, "longitude": 180}}),
    "a country": both({"geo_named_area": {"country": "Curaçao"}}),
    "a sea": both({"geo_named_area": {"marine": "North Sea"}}),
    "polygons with a hole": both({"geo_custom_area": [[SQUARE], [SQUARE, HOLE]]}),
    "groups in groups": {
        "search": "italy",
        "filters": {
            "or": [
                {"not": [{"exists": {"fields": ["year"]}}]},
                {"and": [{"string_equals": {"fields": ["genus"], "value": "helix"}}]},
            ]
        },
    },
}
BAD = {
    "not an object": [],
    "an unknown key": {"query": "helix"},
    "words that are none": {"search": 5},
    "a bare term": {"filters": {"string_equals": {"fields": ["genus"], "value": "helix"}}},
    "no group": {"filters": {}},
    "a list for a group": {"filters": []},
    "an empty and": {"filters": {"and": []}},
    "an or of one": {"filters": {"or": [{"exists": {"geo_field": True}}]}},
    "an empty not": {"filters": {"not": []}},
    "two groups at once": {"filters": {"and": [{"exists": {"geo_field": True}}], "or": []}},
    "an unknown group": {"filters": {"nand": [{"exists": {"geo_field": True}}]}},
    "an empty member": both({}),
    "two terms in one": both({"exists": {"geo_field": True}, "geo_named_area": {"country": "Italy"}}),
    "an unknown term": both({"string_matches": {"fields": ["genus"], "value": "helix"}}),
    "no fields": both({"string_equals": {"fields": [], "value": "helix"}}),
    "a field twice": both({"string_equals": {"fields": ["genus", "genus"], "value": "helix"}}),
    "a field for fields": both({"string_equals": {"fields": "genus", "value": "helix"}}),
    "no value": both({"string_equals": {"fields": ["genus"]}}),
    "a number for a text": both({"string_equals": {"fields": ["year"], "value": 1968}}),
    "a text for a number": both({"number_equals": {"fields": ["decimalLatitude"], "value": "45.19"}}),
    "a truth for a number": both({"number_equals": {"fields": ["year"], "value": True}}),
    "a range without bounds": both({"number_range": {"fields": ["year"]}}),
    "a range without fields": both({"number_range": {"less_than": 1900}}),
    "a bound that is text": both({"number_range": {"fields": ["year"], "less_than": "1900"}}),
    "a flag that is none": both(
        {"number_range": {"fields": ["year"], "less_than": 1, "less_than_inclusive": 1}}
    ),
    "exists of nothing": both({"exists": {}}),
    "exists of both": both({"exists": {"fields": ["year"], "geo_field": True}}),
    "a radius without unit": both({"geo_point": {"latitude": 1, "longitude": 1, "radius": 10}}),
    "an unknown unit": both(
        {"geo_point": {"latitude": 1, "longitude": 1, "radius": 1, "radius_unit": "league"}}
    ),
    "a radius below 0": both(
        {"geo_point": {"latitude": 1, "longitude": 1, "radius": -1, "radius_unit": "m"}}
    ),
    "a latitude beyond": both({"geo_point": {"latitude": 91, "longitude": 1}}),
    "half a point": both({"geo_point": {"latitude": 1}}),
    "an unknown area": both({"geo_named_area": {"country": "Narnia"}}),
    "an area of another kind": both({"geo_named_area": {"marine": "Italy"}}),
    "two areas": both({"geo_named_area": {"country": "Italy", "marine": "North Sea"}}),
    "a polygon for polygons": both({"geo_custom_area": [SQUARE]}),
    "a ring of three": both({"geo_custom_area": [[SQUARE[:3]]]}),
    "points that are none": both({"geo_custom_area": [[["a"] * 4]]}),
}
# What the grammar allows and the portal fails on, or misunderstands.
UNANSWERABLE = {
    "records without a place": both({"exists": {"geo_field": False}}),
    "an area without polygons": both({"geo_custom_area": []}),
    "a polygon without rings": both({"geo_custom_area": [[]]}),
    "latitude before longitude": both({"geo_custom_area": [[[[1, 100], [1, 101], [2, 101], [1, 100]]]]}),
}


@pytest.mark.parametrize("query", GOOD.values(), ids=GOOD)
def test_a_valid_query_is_sent_as_it_is(query):
    assert checked(query) == query


@pytest.mark.parametrize("query", [*BAD.values(), *UNANSWERABLE.values()], ids=[*BAD, *UNANSWERABLE])
def test_a_query_the_portal_can_not_answer_is_refused_with_its_place(query):
    with pytest.raises(
        ValueError, match=r"^not a query of the data portal \(grammar v1\.0\.0\): "
    ) as refused:
        checked(query)
    place = str(refused.value).split(": ", 1)[1].split(" ")[0]
    assert place == "it" or place.startswith(("filters", "search"))


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        (both({"geo_named_area": {"country": "Itlay"}}), "did you mean 'Italy'"),
        (both({"geo_named_area": {"country": "italy"}}), "'Italy', not 'italy'"),
        (both({"geo_named_area": {"country": "Sahara"}}), "Sahara"),
        (both({"string_equal": {"fields": ["genus"], "value": "helix"}}), "did you mean 'string_equals'"),
        ({"filters": {"exists": {"geo_field": True}}}, "write {'and': [term]}"),
        (BAD["a text for a number"], "leave the quotes out"),
        (UNANSWERABLE["records without a place"], "into a not"),
        ({"search": float("nan")}, "JSON"),
        ({"search": object()}, "JSON"),
        ({"search": "half a pair: \ud800"}, "JSON"),
    ],
)
def test_a_refusal_says_what_to_write_instead(query, advice):
    with pytest.raises(ValueError, match="not a query") as refused:
        checked(query)
    assert advice in str(refused.value)


def nested(depth):
    query = {"exists": {"geo_field": True}}
    for _ in range(depth):
        query = {"and": [query]}
    return {"filters": query}


def test_groups_within_groups_are_judged_as_deep_as_anybody_writes_them():
    assert len(digest(checked(nested(200)))) == 40


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_groups_within_groups_without_end_are_refused(depth):
    with pytest.raises(ValueError, match="not a query"):
        checked(nested(depth))


def test_areas_are_found_whatever_the_capitals_and_accents():
    assert area("curacao") == ("country", "Curaçao")
    assert area("RIO DE LA PLATA") == ("marine", "Río De La Plata")
    assert area("cyprus") == ("country", "Cyprus")  # also a region: countries come first
    assert area("cyprus", "geography") == ("geography", "Cyprus")
    assert {kind: len(names) for kind, names in AREAS.items()} == {
        "country": 241,
        "marine": 117,
        "geography": 513,
    }
    for kind, names in AREAS.items():
        assert all(area(name, kind) == (kind, name) for name in names)


def test_the_server_for_tests_takes_the_same_areas():
    assert {kind: set(names) for kind, names in AREAS.items()} == areas()


@pytest.mark.parametrize("query", GOOD.values(), ids=GOOD)
def test_the_server_for_tests_hashes_as_we_do(query):
    assert query_hash(query) == digest(query)


def test_the_hash_of_the_query_for_everything_is_the_one_of_nothing():
    assert digest({}) == hashlib.sha1(b"").hexdigest() == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a value", "c63e3984b1b7b89001fbff967ed6d58b49f87a50"),
        ("two bounds, open", "a4385379871be6c631110d508758b044a0e4462b"),
        ("near", "53cfe8eba6ac1268f932512608c51560209551a8"),
        ("polygons with a hole", "ac944181579285a636d00a27b96261f4a6884f4b"),
        ("groups in groups", "51a299bfdb00475e11eac54157d9f06bf8d0f14d"),
    ],
)
def test_the_hash_is_the_one_the_museums_code_makes(name, told):
    assert digest(GOOD[name]) == told


def test_the_hash_does_not_depend_on_the_order_of_members_and_fields():
    one, other = GOOD["a value"]["filters"]["and"][0], GOOD["a lower bound"]["filters"]["and"][0]
    assert digest(both(one, other)) == digest(both(other, one)) != digest(both(one))
    assert digest(GOOD["one of two fields"]) == digest(
        both({"string_equals": {"fields": ["subgenus", "genus"], "value": "helix"}})
    )
    assert digest({"filters": {"or": [one]}}) == digest(both(one))  # as the portal keeps it


def test_the_portal_tidies_groups_and_so_do_we():
    term = {"exists": {"geo_field": True}}
    assert normalised({"filters": {"or": [term]}}) == both(term)
    assert normalised({"search": "a", "filters": {"and": []}}) == {"search": "a"}


texts = st.sampled_from(["genus", "year", "Italy", "North Sea", "Sahara", "km", "helix", ""])
numbers = st.sampled_from([0, 1, -1, 90.5, 181, True, "7", None])
fields = st.lists(texts, max_size=3) | texts
terms = st.one_of(
    st.fixed_dictionaries({}, optional=keys).map(lambda o, n=name: {n: o})
    for name, keys in {
        "string_equals": {"fields": fields, "value": texts | numbers},
        "string_contains": {"fields": fields, "value": texts | numbers},
        "number_equals": {"fields": fields, "value": numbers},
        "number_range": {
            "fields": fields,
            "greater_than": numbers,
            "less_than": numbers,
            "less_than_inclusive": numbers,
        },
        "exists": {"fields": fields, "geo_field": numbers},
        "geo_point": {"latitude": numbers, "longitude": numbers, "radius": numbers, "radius_unit": texts},
        "geo_named_area": {"country": texts, "marine": texts, "geography": texts},
        "unknown": {"fields": fields},
    }.items()
) | st.recursive(numbers, lambda inner: st.lists(inner, max_size=5), max_leaves=12).map(
    lambda o: {"geo_custom_area": o}
)
members = st.recursive(
    terms | st.just({}) | numbers,
    lambda inner: st.dictionaries(
        st.sampled_from(["and", "or", "not", "nor"]),
        st.lists(inner, max_size=3) | inner,
        min_size=1,
        max_size=2,
    ),
    max_leaves=6,
)
queries = st.fixed_dictionaries(
    {}, optional={"search": texts | numbers, "filters": members, "limit": numbers}
)


@given(queries)
def test_any_query_is_either_sent_or_refused(query):
    if problems(query):
        with pytest.raises(ValueError, match="not a query"):
            checked(query)
    else:
        assert len(digest(query)) == 40


SCHEMA = os.environ.get("NATURALIA_NHM_SCHEMA", "")
own = pytest.mark.skipif(
    not SCHEMA,
    reason="NATURALIA_NHM_SCHEMA names no folder querySchemas/v1.0.0 of ckanext-versioned-datastore",
)


@pytest.fixture(scope="module")
def theirs():
    """The museum's own schema, as a validator."""
    jsonschema, referencing = pytest.importorskip("jsonschema"), pytest.importorskip("referencing")
    root = Path(SCHEMA)
    parts = {path.name: json.loads(path.read_text("utf-8")) for path in root.glob("geojson/*.json")}
    made = [
        (f"geojson/{name}", referencing.jsonschema.DRAFT7.create_resource(part))
        for name, part in parts.items()
    ]
    schema = json.loads((root / "v1.0.0.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema, registry=referencing.Registry().with_resources(made))


@own
def test_the_museums_examples_are_valid():
    examples = sorted(Path(SCHEMA).glob("examples/*.json"))
    assert len(examples) == 12
    for path in examples:
        checked(json.loads(path.read_text("utf-8")))


@own
@pytest.mark.parametrize("query", [*GOOD.values(), *BAD.values(), *UNANSWERABLE.values()])
def test_the_museums_schema_judges_these_queries_as_we_do(theirs, query):
    assert theirs.is_valid(query) == (not problems(query))


@own
@settings(max_examples=3000, deadline=None)
@given(query=queries)
def test_the_museums_schema_judges_any_query_as_we_do(theirs, query):
    assert theirs.is_valid(query) == (not problems(query))


@pytest.fixture(scope="module")
def hasher():
    """The museum's own hash, without the services the rest of its code needs."""
    source = Path(SCHEMA).parents[3] / "lib" / "query" / "schemas" / "v1_0_0.py"
    tree = ast.parse(source.read_text("utf-8"))
    kept = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Hasher")]
    made = {"hashlib": hashlib}
    exec(compile(ast.Module(kept, []), str(source), "exec"), made)
    return made[kept[0].name]().hash_query


@own
@pytest.mark.parametrize("query", GOOD.values(), ids=GOOD)
def test_the_museums_hash_is_ours(hasher, query):
    assert hasher(query) == digest(query)
