"""Our rules refuse what other validators refuse: lxml as XML, xmlschema and libxml2 by the schemas.

The schema of the envelope is the official one, from the corpus; those of the formats are ours, written from
the facts of the standards (`tests/fixtures/xsd`). docs/validation.md says where the others differ.
"""

import functools
from collections import Counter
from pathlib import Path

import naturalia as nat
import pytest
import xmlschema
from conftest import FIXTURES, corpus_files, corpus_root
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mutating import mutated
from support.schemas import Verdict, agree, libxml2, ours, peers

# Pages on which the validators can't agree, and why.
APART = {
    "adversarial/entity_expansion.xml": "the document type is not followed, so its entity is not defined",
    "adversarial/external_entity.xml": "the document type is not followed, so its entity is not defined",
    "adversarial/gzip_unlabelled.bin": "gzip is undone before checking",
}
SAMPLES = [Path(nat.samples.path(name)) for name in nat.samples.NAMES if name.endswith(".xml")]
BUNDLED = sorted([*SAMPLES, *FIXTURES.glob("*.xml")])
CORPUS = corpus_files("responses/*/*", "adversarial/*", "openimages/reconstructed/*")


@functools.cache
def official() -> xmlschema.XMLSchema:
    """The official schema of the envelope, which is not part of this repository."""
    return xmlschema.XMLSchema(str(corpus_root() / "oai" / "xsd" / "OAI-PMH.xsd"))


def told_apart(data: bytes, envelope: xmlschema.XMLSchema | None) -> str | None:
    """How our verdict differs from that of the peers, unless libxml2 takes our side against xmlschema."""
    mine, theirs = ours(data), peers(data, envelope)
    if agree(mine, theirs):
        return None
    second = libxml2(data, envelope)
    if agree(mine, second):
        return None
    return f"ours {mine}, xmlschema {theirs}, libxml2 {second}: {nat.validate(data)}"


@pytest.mark.parametrize("page", BUNDLED, ids=lambda page: page.name)
def test_bundled_pages_get_the_verdict_of_the_peers(page):
    assert told_apart(page.read_bytes(), None) is None


@pytest.mark.corpus
@pytest.mark.parametrize("page", BUNDLED, ids=lambda page: page.name)
def test_bundled_pages_get_the_verdict_of_the_official_envelope(page):
    assert told_apart(page.read_bytes(), official()) is None


@pytest.mark.corpus
def test_the_whole_corpus_gets_the_verdict_of_the_peers():
    envelope = official()
    verdicts = Counter()
    for page in CORPUS:
        data = page.read_bytes()
        found = told_apart(data, envelope)
        name = "/".join(page.parts[-2:])
        assert (found is None) == (name not in APART), f"{name}: {found}"
        verdicts[peers(data, envelope)] += 1
    assert len(CORPUS) >= 300
    assert verdicts[Verdict(True, True, True, True)] > 200
    assert len(verdicts) >= 4, "the corpus has pages of every kind of fault"


@functools.cache
def valid_pages(*, recorded: bool = False) -> list[str]:
    """Small pages that all validators accept: the bundled ones, or also those of the corpus."""
    files, envelope = ([*BUNDLED, *CORPUS], official()) if recorded else (BUNDLED, None)
    pages = [page.read_bytes() for page in files if page.stat().st_size < 12_000]
    pages = [data for data in pages if False not in peers(data, envelope) and False not in ours(data)]
    return [data.decode() for data in pages if data.isascii() or b"utf-8" in data[:100].lower()]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_changed_pages_get_the_verdict_of_the_peers(data):
    page = data.draw(mutated(valid_pages()))
    assert told_apart(page, None) is None


@pytest.mark.corpus
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_changed_pages_get_the_verdict_of_the_official_envelope(data):
    page = data.draw(mutated(valid_pages(recorded=True)))
    assert told_apart(page, official()) is None


@pytest.mark.soak
@pytest.mark.corpus
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_many_changed_pages_get_the_verdict_of_the_peers(data):
    page = data.draw(mutated(valid_pages(recorded=True)))
    assert told_apart(page, official()) is None
