"""The law of documents: whatever they hold, reading and writing gives it back."""

import json
from pathlib import Path

import naturalia as nat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.documents import exact, lines

pytestmark = pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")

SOURCES = Path(__file__).parents[3] / "src" / "format"
TABLES = {
    "nba": "nba/multimedia.tsv",
    "nba_specimen": "nba/specimen.tsv",
    "nba_taxon": "nba/taxon.tsv",
    "nhm": "nhm/records.tsv",
    "media": "media.tsv",
    "ac": "ac.tsv",
    "simple_multimedia": "simple_multimedia.tsv",
    "atom": "atom.tsv",
}

# Numbers as text: JSON has more ways to write one than any program that loads it keeps.
NUMBERS = [
    "0",
    "-0",
    "1",
    "1.0",
    "1.50",
    "-0.0",
    "1e3",
    "1E-7",
    "0.1",
    "52.15",
    "1" * 25,
    "1e400",
    "5.000000000000001",
]
TEXTS = ["", " ", "a", "é\u2028", "a.b[0]", '"', "\\", "null", "2013-12-01T12:58:00+0000", "\u0000", "😀"]
KEYS = [*TEXTS, "accessURI", "x.y", "extra", "notes", "reply.score", "id"]


class Number(str):
    """The text of a number."""

    __slots__ = ()


def written(value: object) -> str:
    """A value as JSON; objects are lists of pairs, so that a key may come twice."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(key)}:{written(inner)}" for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + " , ".join(map(written, value)) + "]"
    return json.dumps(value)


numbers = st.sampled_from(NUMBERS).map(Number)
scalars = st.none() | st.booleans() | numbers | st.sampled_from(TEXTS)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(tuple)
    ),
    max_leaves=5,
)


def tree(name: str) -> dict[str, object]:
    """The paths of a format as dicts, lists of one, and types."""
    root: dict[str, object] = {}
    for line in (SOURCES / TABLES[name]).read_text(encoding="utf-8").splitlines()[1:]:
        path, kind, *_ = line.split("\t")
        *steps, last = path.split(".")
        at = root
        for step in steps:
            key = step.removesuffix("[]")
            inner = at.setdefault(key, [{}] if step.endswith("[]") else {})
            at = inner[0] if isinstance(inner, list) else inner
        at[last.removesuffix("[]")] = [kind] if last.endswith("[]") else kind
    return root


def values(node: object) -> st.SearchStrategy[object]:
    """What may stand at a place: mostly what the format says, sometimes anything."""
    if isinstance(node, dict):
        fitting: st.SearchStrategy[object] = members(node)
    elif isinstance(node, list):
        fitting = st.lists(values(node[0]), max_size=3)
    else:
        plain = {"integer": numbers, "number": numbers, "boolean": st.booleans(), "json": anything}
        fitting = plain.get(str(node), st.sampled_from(TEXTS))
        if node == "text*":
            fitting |= st.lists(fitting, max_size=3)
    return st.one_of(fitting, fitting, fitting, anything)


def members(node: dict[str, object]) -> st.SearchStrategy[object]:
    """Some members, in any order, with some that the format does not know or that come twice."""
    known = st.sampled_from(sorted(node)).flatmap(lambda key: st.tuples(st.just(key), values(node[key])))
    return st.lists(known | known | known | st.tuples(st.sampled_from(KEYS), anything), max_size=6).map(tuple)


def holds(name: str, examples: int) -> None:
    """Tries the law on documents made from the field table of a format."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(members(tree(name)), min_size=1, max_size=3))
    def law(documents):
        texts = list(map(written, documents))
        table = nat.read("\n".join(texts).encode(), format=name)
        assert list(map(exact, lines(table))) == list(map(exact, texts))
        back = nat.Table(table.to_arrow(columns=table.columns), format=name)
        assert lines(back) == lines(table)

    law()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_any_document_is_written_as_it_was_read(name):
    holds(name, 15)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(TABLES))
def test_very_many_documents_are_written_as_they_were_read(name):
    holds(name, 2000)


@settings(max_examples=20, deadline=None)
@given(st.lists(members(tree("nba")), min_size=1, max_size=4), st.integers(1, 200))
def test_pieces_and_layouts_change_nothing(given_documents, piece):
    from naturalia import _core

    texts = list(map(written, given_documents))
    whole = nat.read("\n".join(texts).encode(), format="nba")
    array = ("<bytes>", ("[" + ",\n".join(texts) + "]").encode())
    options = {"strict": False, "format": "nba", "keep_going": False, "salvage": False, "threads": 1}
    parts = list(_core.scan([array], piece=piece, **options))
    assert b"".join(part.json("lines") for part in parts).splitlines() == lines(whole)
