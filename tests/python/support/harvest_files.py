"""Harvests into a file, and the truth they are compared with."""

import naturalia as nat

FAST = {"rate": 100_000, "contact": "test@museum.example"}


def harvest(server, path, **options):
    source = nat.OaiPmh(server.url, retries=3, backoff=0.01, timeout=5, **FAST)
    return nat.harvest(source, path, **options)


def truth(server):
    """Identifiers and datestamps of the items that are not deleted."""
    return {item.identifier: item.datestamp for item in server.records if not item.deleted}


def got(view):
    table = view.collect()
    found = dict(zip(table["identifier"], table["datestamp"], strict=True))
    assert len(found) == len(table), "a record stands there twice"
    return found
