"""Every recorded page and document goes out and comes back."""

import os
from functools import cache

import naturalia as nat
import pyarrow as pa
import pytest
from conftest import corpus_files, corpus_root
from naturalia import _core

pytestmark = [pytest.mark.corpus, pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")]


@cache
def tables():
    """The tables of all that can be read, with the files they come from."""
    root = corpus_root()
    documents = sorted(root.glob("nba/**/*json")) if root else []
    found = []
    for file in [*corpus_files("responses/**/*", "openimages/reconstructed/*", "adversarial/*"), *documents]:
        try:
            found.append((file, nat.read(file)))
        except (nat.errors.NaturaliaError, ValueError):
            continue
    return found


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Hundreds of files: that each of them reaches the disk is tested elsewhere."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def rows(table, *, notes=True):
    found = pa.table(table)
    return (found if notes else found.drop_columns("notes")).to_pylist()


def test_there_is_something_to_write():
    assert len(tables()) > 300
    assert sum(len(table) for _, table in tables()) > 5000


@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl", "out.json"])
def test_what_holds_everything_gives_everything_back(name, tmp_path):
    for file, table in tables():
        report = table.write(tmp_path / name, include_private=True)
        again = nat.read(tmp_path / name)
        assert again.columns == table.columns, file
        if report.exact:
            assert again.format == table.format
            assert rows(again) == rows(table), file
        else:
            # The score of a reply stands in no document.
            assert set(report.counts) == {"around"}


def test_xml_gives_everything_back(tmp_path):
    dated = 0
    for file, table in tables():
        if "notes" not in table.columns or table.format in nat._core.DOCUMENTS:
            continue
        report = table.write(tmp_path / "out.xml")
        again = nat.read(tmp_path / "out.xml")
        if not len(table):
            assert not len(again)  # a list without records tells no format
            continue
        assert again.format == table.format
        assert rows(again) == rows(table) or report.counts["dated"], file
        dated += report.counts.get("dated", 0)
    assert dated == 1, "one recorded reply has no datestamps"


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.xlsx"])
@pytest.mark.parametrize("multi", ["join", "list"])
def test_cells_give_everything_back_but_what_is_counted(name, multi, tmp_path):
    for file, table in tables():
        report = table.write(tmp_path / name, multi=multi, include_private=True)
        again = nat.read(tmp_path / name)
        if multi == "join" and table.format in _core.DOCUMENTS:
            assert report.counts["flat"] == len(again) == len(table)
            continue
        assert again.format == table.format
        if report.exact:
            assert rows(again) == rows(table), file
        elif set(report.counts) == {"notes"}:
            assert rows(again, notes=False) == rows(table, notes=False), file
        else:
            assert set(report.counts) <= {"notes", "blank", "line_ends", "continued", "texts"}, file
            assert len(again) == len(table)
