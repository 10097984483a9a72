"""Conditions said in Python find what they mean: read by the loopback NBA, and by plain Python."""

import operator

import naturalia as nat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naturalia import testing
from naturalia._query import conditions

TEXTS = {
    "license": ["CC0", "CC0 4.0", "CC BY"],
    "collectionType": ["Aves", "Bird sounds", "Arts"],
    "gatheringEvents.country": ["Türkiye", "Netherlands"],
    "gatheringEvents.gatheringPersons.fullName": ['Kok, "Bep" E.', "D'Hont, F."],
    "identifications.scientificName.genusOrMonomial": ["Larus", "Taraxacum"],
    "sexes": ["male", "female"],
}
FULL = set(TEXTS) - {"license", "sexes"}
BEGIN = "gatheringEvents.dateTimeBegin"
# What brings a list over the 1,024 values that the service takes.
MANY = [f"CC nobody {number}" for number in range(1500)]


def values(document, path):
    """Every value at the end of a path."""
    found = [document]
    for name in path.split("."):
        found = [one[name] for one in found if name in one]
        found = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return found


# What some value of a field has to be for a condition, by its operator.
HOLDS = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda one, several: one in several,
    "between": lambda one, ends: ends[0] <= one <= ends[1],
    "startswith": lambda one, start: one.startswith(start),
    "contains": lambda one, part: part.lower() in one.lower(),
}


def meets(where, document):
    """Whether a document meets a condition, by the words of Python alone."""
    if isinstance(where, conditions.Not):
        return not meets(where.part, document)
    if isinstance(where, conditions.And | conditions.Or):
        joined = all if isinstance(where, conditions.And) else any
        return joined(meets(part, document) for part in where.parts)
    found, wanted = values(document, where.path), where.value
    if where.op == "isnull":
        return not found
    if where.path == BEGIN:
        found = [text[:4] for text in found]
    if where.ignore_case:
        found, wanted = [one.lower() for one in found], wanted.lower()
    return any(HOLDS[where.op](one, wanted) for one in found)


@st.composite
def texts(draw):
    path = draw(st.sampled_from(sorted(TEXTS)))
    value = draw(st.sampled_from(TEXTS[path]))
    field = nat.field(path)
    ways = [
        field == value,
        field != value,
        field.isin(TEXTS[path]),
        field.isin([value, *MANY]),
        field.notin([*MANY, value]),
        field.startswith(value[:3]),
        field.exists(),
        field.isnull(),
    ]
    if path in FULL:
        ways += [field.equals(value.swapcase(), ignore_case=True), field.contains(value[1:4])]
    return draw(st.sampled_from(ways))


@st.composite
def years(draw):
    field, one, other = nat.field(BEGIN), *sorted(str(draw(st.integers(1840, 2020))) for _ in range(2))
    return draw(
        st.sampled_from(
            [
                field == one,
                field < one,
                field <= one,
                field > one,
                field >= one,
                field.between(one, other),
                field != other,
            ]
        )
    )


CONDITIONS = st.recursive(
    st.one_of(texts(), years(), st.just(nat.field("multiMediaPublic") == True)),  # noqa: E712
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
        st.lists(inner, min_size=2, max_size=4).map(conditions.And),
        st.lists(inner, min_size=2, max_size=4).map(conditions.Or),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def server():
    with testing.nba(120) as served:
        yield served


@settings(max_examples=60)
@given(CONDITIONS)
def test_a_condition_finds_what_it_means(server, where):
    query = nat.Nba(server.url, contact="tests@museum.example").multimedia(where=where)
    expected = [one["id"] for one in server.documents() if meets(where, one)]
    assert [one["id"] for one in server.documents("multimedia", query.spec)] == expected


@settings(max_examples=60)
@given(CONDITIONS)
def test_its_address_asks_the_same(server, where):
    query = nat.Nba(server.url, contact="tests@museum.example").multimedia(where=where)
    assert nat.Nba.from_url(query.url, contact="tests@museum.example").spec == query.spec
