"""Statements written to mislead grant nothing that they deny; honest ones are read exactly."""

from pathlib import Path

import naturalia as nat
import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures/licenses"
USES = (
    "commercial",
    "commons",
    "derivatives",
    "europeana",
    "gbif",
    "open",
    "open_definition",
    "redistribution",
)
FREE = {"commons", "open", "open_definition"}
DENIED = {"all": set(USES), "commercial": {"commercial", *FREE}, "derivatives": {"derivatives", *FREE}}


def rows(name):
    lines = (FIXTURES / name).read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")][1:]


@pytest.mark.parametrize(("statement", "denied"), rows("misleading.tsv"))
def test_a_misleading_statement_grants_nothing_that_it_denies(statement, denied):
    found = nat.license(statement)
    granted = {use for use in USES if found.check(use).verdict == "yes"}
    granted |= {name for name, grant in found.permissions.items() if grant == "yes"}
    assert not granted & DENIED[denied], statement
    if denied == "all":
        assert (found.status != "exact", found.uri) == (True, None) or found.status == "partial"


@pytest.mark.parametrize(("statement", "license"), rows("honest.tsv"))
def test_an_honest_statement_is_read_exactly(statement, license):
    found = nat.license(statement)
    assert (found.id, found.status in {"exact", "statement"}) == (license, True), found.unread
