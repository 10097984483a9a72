"""The account agrees with a second one that is made from the tables alone."""

from collections import Counter

import naturalia as nat
import pytest
from conftest import corpus_files, corpus_root
from naturalia._table.table import wrap
from support.recount import recount

BESIDE = {"datestamp_utc", "deleted", "notes", "residue"}


def agree(source, table, **options):
    x = nat.crosswalk(source, "media", include_private=True, **options)
    made, loss = x.apply(table)
    without = nat.Table(wrap(made._core.without("residue")), format="media")
    back = x.invert().apply(without).table
    counted = recount(x.rules, table, made, back, BESIDE)
    told = Counter()
    for line in loss.lines:
        told[line.field.replace("[]", ""), line.outcome] += line.values
    assert {key: count for key, count in counted.items() if count} == dict(told)


def test_the_sample_of_open_images():
    agree("oai_oi", nat.read(nat.samples.path("openimages_oai_oi.xml")))


def test_the_samples_of_dublin_core():
    for name in ("naturalis_oai_dc.xml", "nhm_oai_dc.xml"):
        table = nat.read(nat.samples.path(name))
        agree("oai_dc", table[[not deleted for deleted in table["deleted"]]])


@pytest.mark.corpus
def test_every_open_images_item():
    for path in corpus_files("openimages/reconstructed/ListRecords.oai_oi*"):
        agree("oai_oi", nat.read(path))


@pytest.mark.corpus
def test_every_nba_document():
    for path in sorted((corpus_root() / "nba" / "testsets").glob("*multimedia*")):
        agree("nba", nat.read(path))
