"""Labelled rights statements of many sources: what is named exactly, and that nothing is granted too much."""

import csv
from pathlib import Path

import naturalia as nat
import pytest
from conftest import corpus_root

CC = "https://creativecommons.org/"


@pytest.fixture(scope="module")
def labelled():
    path = (corpus_root() or Path()) / "licences" / "labelled_strings.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["expected"], nat.license(row["raw"])) for row in rows]


@pytest.mark.corpus
def test_tools_are_named_exactly(labelled):
    tools = [(wanted, found) for wanted, found in labelled if wanted.startswith(CC) and "|" not in wanted]
    right = sum(found.uri == wanted for wanted, found in tools)
    # a few state more than the licence: those are unclear, not exact
    assert right >= 0.98 * len(tools), f"{right} of {len(tools)}"


@pytest.mark.corpus
def test_no_version_is_invented(labelled):
    loose = [(wanted, found) for wanted, found in labelled if wanted.startswith("unversioned:")]
    units = {"cc": "cc", "GFDL": "gfdl"}
    names = [(units.get(w.partition(":")[2], "cc-" + w.partition(":")[2]), found) for w, found in loose]
    assert all(found.version is None and found.uri is None for _, found in names)
    right = sum(found.id == name for name, found in names)
    assert right >= 0.98 * len(loose), f"{right} of {len(loose)}"


@pytest.mark.corpus
def test_impossible_tools_are_flagged(labelled):
    impossible = [(wanted, found) for wanted, found in labelled if wanted.startswith("invalid:")]
    assert [(found.status, f"invalid:{found.claimed}") for _, found in impossible] == [
        ("invalid", wanted) for wanted, _ in impossible
    ]


@pytest.mark.corpus
def test_nothing_is_granted_that_is_not_stated(labelled):
    silent = ("none", "notice", "status", "access", "invalid")
    for wanted, found in labelled:
        if wanted.startswith((*silent, "unversioned")):
            assert found.uri is None, found.raw
        parts = wanted.split(" | ")
        for denies, permission in (("nc", "commercial"), ("nd", "derivatives")):
            units = [
                part.removeprefix(CC + "licenses/").removeprefix("unversioned:").split("/")[0]
                for part in parts
            ]
            denied = wanted.startswith(silent) or any(denies in unit.split("-") for unit in units)
            assert not (denied and found.permissions[permission] == "yes"), found.raw
