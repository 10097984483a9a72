"""The NBA, the NHM Data Portal, the feed of Open Images and its list, asked alike and in one table."""

import naturalia as nat
import pytest

QUICK = {"rate": None}
SOURCES = ("nba", "nhm", "atom", "oai_oi")


@pytest.fixture(scope="module")
def tables():
    """What each source answers."""
    with (
        nat.testing.nba() as nba,
        nat.testing.nhm() as nhm,
        nat.testing.atom() as feed,
        nat.testing.serve(50) as images,
    ):
        questions = [
            nat.Nba(nba.url, **QUICK).multimedia(genus="Larus"),
            nat.NhmPortal(nhm.url, **QUICK).specimens(genus="Helix", has_image=True),
            nat.AtomFeed(feed.url, **QUICK).entries(),
            nat.OaiPmh(images.url, **QUICK).records(prefix="oai_oi"),
        ]
        with pytest.warns(nat.errors.NaturaliaWarning, match="window"):
            answers = [question.collect() for question in questions]
        assert nhm.writes == []
    assert tuple(table.format for table in answers) == SOURCES
    return answers


def media_of(table):
    return nat.crosswalk(table.format, "media").apply(table).table


def test_media_of_all_sources_have_one_schema(tables):
    schemas = {tuple(map(str, media_of(table).to_arrow().schema)) for table in tables}
    assert len(schemas) == 1


def test_they_are_one_table_whole_and_in_order(tables):
    parts = [media_of(table) for table in tables]
    both = nat.concat(parts)
    assert both.format == "media"
    assert len(both) == sum(map(len, parts)) > 100
    assert both["media_id"] == [name for part in parts for name in part["media_id"]]
    assert nat.concat(tables)["media_id"] == both["media_id"]


def test_each_medium_says_where_it_is_from_and_under_which_licence(tables):
    both = nat.concat(tables)
    assert {"CRS", "XC", "NHM", "Open Beelden"} <= set(both["source"])
    assert None not in both["media_id"]
    assert all(status for status in both["license_status"])
    assert {"exact", "conflict", "unversioned", "invalid"} <= set(both["license_status"])
    for uri, status in zip(both["license_uri"], both["license_status"], strict=True):
        assert uri is None or status == "exact"


def test_each_source_comes_back_out_of_the_one_table(tables):
    nba, nhm, feed, _ = tables
    both = nat.concat(tables)
    ids = both["media_id"]
    back = nat.crosswalk("media", "atom").apply(both[ids.index(feed["id"][0]) :][: len(feed)]).table
    assert back["id"] == feed["id"]
    assert [entry["title"] for entry in back.to_dicts()] == [entry["title"] for entry in feed.to_dicts()]
    again = nat.crosswalk("media", "nba").apply(both[: len(nba)]).table
    assert again["id"] == nba["id"]
    assert len(nhm) < len(both)


def test_labels_are_told_for_every_source(tables):
    both = nat.concat(tables)
    snails = {"Helix pomatia Linnaeus, 1758", "Helix lucorum Linnaeus, 1758"}
    rows = both.identifications()
    assert snails <= set(rows["scientific_name"])
    assert set(rows["media_id"]) <= set(both["media_id"])
    for name, basis in zip(both["scientific_name"], both["label_basis"], strict=True):
        assert (name is None) == (basis is None)


def test_the_one_table_is_written_and_read_again(tables, tmp_path):
    both = nat.concat(tables)
    both.write(tmp_path / "media.parquet")
    assert nat.read(tmp_path / "media.parquet")["media_id"] == both["media_id"]
