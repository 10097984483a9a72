"""The laws of a crosswalk, over generated records and over every real document of the corpus."""

import naturalia as nat
import pyarrow as pa
import pytest
from conftest import corpus_files, corpus_root
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naturalia._table.table import wrap
from support.crosswalking import exact, mapped, whole
from support.generated_records import RECORDS

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PAIRS = [
    ("oai_dc", "media"), ("oai_oi", "media"), ("nba", "media"), ("oai_dc", "nba"), ("nba", "oai_dc"),
    ("oai_oi", "nba"), ("nba", "oai_qdc"), ("oai_oi", "oai_dc"),
]  # fmt: skip


def ids(pair):
    return " to ".join(pair)


def conserved(loss):
    assert sum(loss.counts.values()) == loss.values


@pytest.mark.parametrize("pair", PAIRS, ids=ids)
@SLOW
@given(data=st.data())
def test_every_value_has_one_outcome_and_comes_back(pair, data):
    source, target = pair
    table = data.draw(RECORDS[source])
    x = nat.crosswalk(source, target, include_private=True)
    made, loss = x.apply(table)
    conserved(loss)
    assert exact(x.invert().apply(made).table) == exact(table)


@pytest.mark.parametrize("source", RECORDS)
@SLOW
@given(data=st.data())
def test_there_and_back_and_there_again_does_not_drift(source, data):
    table = data.draw(RECORDS[source])
    x = nat.crosswalk(source, "media", include_private=True)
    back = nat.crosswalk("media", source, include_private=True)
    once = x.apply(table).table
    again = x.apply(back.apply(bare(once)).table).table
    assert nested(again) == nested(once)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[1] != "media"], ids=ids)
@SLOW
@given(data=st.data())
def test_one_road_is_the_two_steps(pair, data):
    source, target = pair
    table = data.draw(RECORDS[source])
    straight = nat.crosswalk(source, target, include_private=True).apply(table).table
    media = nat.crosswalk(source, "media", include_private=True).apply(table).table
    steps = nat.crosswalk("media", target, include_private=True).apply(bare(media)).table
    assert exact(steps) == exact(straight)


@pytest.mark.parametrize("source", RECORDS)
@SLOW
@given(data=st.data())
def test_a_table_is_its_rows(source, data):
    table = data.draw(RECORDS[source])
    x = nat.crosswalk(source, "media", include_private=True)
    rows = [x.apply(table[row : row + 1]) for row in range(len(table))]
    made, loss = x.apply(table)
    assert [row for part in rows for row in whole(part.table)] == whole(made)
    assert sum(part.loss.values for part in rows) == loss.values
    for outcome, count in loss.counts.items():
        assert sum(part.loss.counts[outcome] for part in rows) == count


def test_a_batch_is_its_parts_however_large():
    """Texts are shared with the batch they come from: where it is mapped in parts, each has its own."""
    rows = 10_000
    columns = {
        "identifier": [f"oai:x:{row}" for row in range(rows)],
        "title": [[f"Title {row}", "ander"][: row % 3] for row in range(rows)],
        "description": [
            [f"{row} " + "Beschrijving van één ding. " * 9] * (row % 5 > 0) for row in range(rows)
        ],
    }
    large = nat.Table(pa.table(columns), format="oai_dc")
    assert pa.table(large)["description"].num_chunks == 1
    made, loss = nat.crosswalk("oai_dc", "nba").apply(large)
    small = [nat.crosswalk("oai_dc", "nba").apply(large[at : at + 700]) for at in range(0, rows, 700)]
    assert whole(made) == [row for part in small for row in whole(part.table)]
    assert loss.counts == {name: sum(part.loss.counts[name] for part in small) for name in loss.counts}
    assert exact(nat.crosswalk("nba", "oai_dc").apply(made).table) == exact(large)


@SLOW
@given(table=RECORDS["oai_dc"])
def test_an_override_touches_only_the_paths_it_names(table):
    mine = nat.crosswalk(
        "oai_dc", "media", rules={("subject", "keywords"): lambda values: [v[::-1] for v in values]}
    )
    plain, other = mapped("oai_dc", "media", table), mine.apply(table).table
    for name in plain.columns:
        if name not in ("keywords", "residue"):
            assert plain[name] == other[name]


def bare(table):
    """A table without its residue."""
    return nat.Table(wrap(table._core.without("residue")), format=table.format)


def nested(table):
    """What a table of media holds, without what is kept beside."""
    return whole(wrap(table._core.without("residue")))


def real():
    """Every real document of the corpus, by format."""
    if corpus_root() is None:
        return []
    found = [("nba", path) for path in sorted((corpus_root() / "nba" / "testsets").glob("*multimedia*"))]
    found += [("oai_oi", path) for path in corpus_files("openimages/reconstructed/ListRecords.oai_oi*")]
    return found + [("oai_dc", path) for path in corpus_files("openimages/reconstructed/ListRecords.oai_dc*")]


@pytest.mark.corpus
@pytest.mark.parametrize("target", ["media", "nba", "oai_dc", "oai_qdc"])
def test_every_real_document_comes_back(target):
    for source, path in real():
        if source == target:
            continue
        table = nat.read(path)
        x = nat.crosswalk(source, target)
        made, loss = x.apply(table)
        conserved(loss)
        assert exact(x.invert().apply(made).table) == exact(table), path


@pytest.mark.corpus
def test_every_real_page_of_dublin_core_comes_back():
    count = 0
    for path in corpus_files("responses/*/*"):
        try:
            table = nat.read(path)
        except (ValueError, nat.errors.NaturaliaError):
            continue
        if table.format not in ("oai_dc", "oai_qdc", "oai_oi"):
            continue
        kept = table[[not deleted for deleted in table["deleted"]]]
        count += len(kept)
        for target in ("media", "nba"):
            x = nat.crosswalk(table.format, target)
            made, loss = x.apply(table)
            conserved(loss)
            assert exact(x.invert().apply(made).table) == exact(kept), path
    assert count > 1000


@pytest.mark.corpus
def test_coverage_holds_its_bars():
    def lost(source, target, **options):
        parts = [
            nat.crosswalk(source, target, **options).apply(nat.read(p)).loss for f, p in real() if f == source
        ]
        loss = nat.Loss.joined(parts)
        return loss.share("passthrough", "dropped", "rejected"), loss.residue_share

    share, residue = lost("oai_oi", "media")
    assert share <= 0.03
    assert residue <= 0.30
    assert lost("nba", "media")[0] <= 0.03
    # The codes and names of source systems have no element, and none is claimed for them.
    assert lost("nba", "oai_qdc")[0] <= 0.35
