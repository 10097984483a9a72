"""The NBA's client and the loopback NBA over the real documents and the real queries of the corpus."""

import json
from collections import defaultdict

import naturalia as nat
import pytest
from naturalia import testing
from naturalia._sources.nba.keywords import keyed

pytestmark = pytest.mark.corpus
HOW = {"contact": "tests@museum.example", "rate": None}


def test_the_regression_queries_count_what_is_expected(corpus):
    folder = corpus / "nba" / "regression"
    rows = (folder / "specimen-query__query-and-expect.tsv").read_text().splitlines()[1:]
    with testing.nba(folder / "specimen-query__data.json") as server:
        for row in rows:
            address, field, expected = row.split("\t")
            query = nat.Nba.from_url(f"{server.url}/{address}", **HOW)
            assert field == "totalSize"
            assert query.count() == int(expected), address
            assert len(query.collect()) == int(expected)
    assert len(rows) == 43


@pytest.mark.parametrize("document", ["multimedia", "specimen", "taxon"])
@pytest.mark.parametrize(("window", "download"), [(10_000, False), (50, False), (50, True)])
def test_real_documents_come_as_they_are(corpus, document, window, download, tmp_path):
    with testing.nba(corpus / "nba" / "testsets", window=window) as server:
        nba = nat.Nba(server.url, **HOW)
        ask = {"multimedia": nba.multimedia, "specimen": nba.specimens, "taxon": nba.taxa}[document]
        ask(download=download).collect().write(tmp_path / "found.jsonl")
        lines = (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()
        found = {one["id"]: one for one in map(json.loads, lines)}
        assert found == {one["id"]: one for one in server.documents(document)}


def labels(document):
    """The names of a document."""
    yield from (one["scientificName"] for one in document.get("identifications", []))
    yield from (document[name] for name in ("acceptedName",) if name in document)
    yield from document.get("synonyms", [])


@pytest.mark.parametrize("document", ["multimedia", "specimen", "taxon"])
def test_every_name_is_found_without_its_authorship_and_nothing_else_is(corpus, document):
    with testing.nba(corpus / "nba" / "testsets") as server:
        nba = nat.Nba(server.url, **HOW)
        ask = {"multimedia": nba.multimedia, "specimen": nba.specimens, "taxon": nba.taxa}[document]
        named, grouped = defaultdict(set), defaultdict(set)
        for one in server.documents(document):
            for label in labels(one):
                named[keyed(label.get("fullScientificName", ""))].add(one["id"])
                grouped[tuple(label.get("scientificNameGroup", "").split())].add(one["id"])
        wrong = 0
        for parts, expected in named.items():
            if len(parts) > 1:
                name = " ".join(parts).capitalize()
                found = {one["id"] for one in server.documents(document, ask(scientific_name=name).spec)}
                assert expected <= found, name
                wrong += len(found - expected - grouped[parts])
    assert wrong <= {"multimedia": 3}.get(document, 0)
