"""Providers that others wrote are harvested whole, over real records; so is Open Images as it really is."""

import pytest
from naturalia.testing import generate
from support import peers
from support.harvest_files import got, harvest


def whole(provider, items, path, **options):
    with provider(items) as server:
        h = harvest(server, path, **options)
        assert set(got(h.current())) == {item.identifier for item in items if not item.deleted}
        h.update(rate=100_000)
        assert h.changes("last").count() == 0
    assert h.tally.verified
    assert h.verify() == []


@pytest.mark.parametrize("provider", [peers.oaipmh_provider, peers.oai_repo_provider])
def test_independent_providers_are_harvested_whole(provider, tmp_path):
    pytest.importorskip("oaipmh" if provider is peers.oaipmh_provider else "oai_repo")
    whole(provider, list(generate(130, deleted=0)), tmp_path / "a.sqlite")


@pytest.mark.corpus
@pytest.mark.parametrize("provider", [peers.oaipmh_provider, peers.oai_repo_provider])
def test_independent_providers_of_recorded_records_are_harvested_whole(provider, tmp_path):
    pytest.importorskip("oaipmh" if provider is peers.oaipmh_provider else "oai_repo")
    whole(provider, peers.real_items(), tmp_path / "a.sqlite")
