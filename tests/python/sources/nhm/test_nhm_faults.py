"""Whatever the NHM data portal does, a list comes whole or not at all, and nothing is published unasked."""

import json
from dataclasses import replace

import naturalia as nat
import pytest
from hypothesis import HealthCheck, given, settings
from naturalia import errors
from naturalia._sources.nhm.grammar import problems
from naturalia.testing import faults
from test_nhm_query import queries

RECORDS = 240
QUICK = {"rate": None, "retries": 2, "backoff": 0.001}
# Asked by the simple search, and by the multi query.
WAYS = {
    "vds_basic_query": lambda nhm: nhm.specimens(page_size=50),
    "vds_multi_query": lambda nhm: nhm.specimens(genus=["Helix", "Aphis", "Larus", "Papilio"], page_size=20),
}


def portal(server):
    return nat.NhmPortal(server.url, **QUICK)


def outcome(fault, way):
    """The ids that came, the error, and the truth."""
    with nat.testing.nhm(RECORDS) as server:
        truth = set(WAYS[way](portal(server)).collect()["_id"])
        server.faults = [fault]
        query = WAYS[way](portal(server))
        try:
            came, error = query.collect()["_id"], None
        except errors.NaturaliaError as caught:
            came, error = None, caught
        assert server.times(fault) > 0
        assert server.writes == []
    return came, error, truth


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        faults.NullCursor(),
        faults.ShortPage(7),
        faults.Html(),
        faults.Empty(),
        faults.Cut(0.5, length="sent"),
        faults.Cut(0.5),
        faults.Reset(),
        faults.Status(503, retry_after=0),
        faults.Status(429, retry_after=0),
        faults.ActionError("Search Connection Error", "no node is there", 500),
        faults.ActionError("Validation Error", "Search window size out of bounds", 409),
    ],
    ids=lambda fault: type(fault).__name__ + str(getattr(fault, "status", "")),
)
def test_a_fault_that_stays_is_an_error_and_never_a_short_table(fault, page, way):
    came, error, _ = outcome(replace(fault, page=page, verb=way), way)
    assert came is None
    assert isinstance(
        error, errors.NetworkError | errors.HarvestError | errors.ProtocolError | errors.ParseError
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "fault",
    [
        faults.NullCursor(page=2, times=1),
        faults.ShortPage(7, page=2, times=1),
        faults.ChangedTotal(5, page=2),
        faults.ChangedTotal(-5, page=2),
        faults.ChangedTotal(5, page=1, times=1),
        faults.RepeatedRecords(7, page=2),
        faults.Html(page=2, times=1),
        faults.Cut(0.5, length="sent", page=2, times=1),
        faults.Cut(0.5, length="chunked", page=2, times=1),
        faults.Reset(page=2, times=1),
        faults.Close(page=1),
        faults.Status(503, retry_after=0, page=2, times=2),
        faults.Status(429, retry_after=0, page=1, times=1),
        faults.Drip(4096, 0.001, page=2),
        faults.Gzip("right"),
    ],
    ids=repr,
)
def test_after_a_fault_that_passes_a_list_is_whole_or_an_error(fault, way):
    came, error, truth = outcome(fault, way)
    if came is None:
        assert isinstance(error, errors.HarvestIncomplete | errors.ProtocolError | errors.ParseError)
    else:
        assert len(came) == len(set(came))
        assert set(came) == truth


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "fault",
    [
        faults.ChangedTotal(-5, page=2),
        faults.RepeatedRecords(7, page=2),
        faults.Cut(0.5, page=2, times=1),
        faults.Reset(page=2, times=1),
        faults.Status(503, retry_after=0, page=2, times=2),
    ],
    ids=repr,
)
def test_these_cost_a_list_nothing(fault, way):
    came, error, truth = outcome(fault, way)
    assert error is None
    assert set(came) == truth


def test_a_total_below_what_comes_hides_nothing():
    came, error, truth = outcome(faults.ChangedTotal(-100), "vds_basic_query")
    assert isinstance(error, errors.HarvestIncomplete) if came is None else set(came) == truth


@pytest.mark.parametrize("records", [9_999, 10_000, 10_001])
def test_no_record_is_lost_at_the_wall_of_ten_thousand(records):
    with nat.testing.nhm(records, index_lots=0) as server:
        nhm = portal(server)
        assert len(set(nhm.specimens(fields="_id").collect()["_id"])) == records
        lasting = [record.arguments.get("offset") for record in server.requests]
        assert not any(lasting)


def test_a_multi_query_passes_the_wall_too():
    records = [{"_id": str(number), "genus": "Helix", "year": "1900"} for number in range(10_050)]
    with nat.testing.nhm(records, index_lots=0, artefacts=0) as server:
        table = portal(server).query(nat.field("year") > 0, resources=["specimens"]).collect()
        assert len(set(table["_id"])) == 10_050


def test_a_harvest_file_ends_whole_where_a_page_was_cut(tmp_path):
    wrong = [faults.Cut(0.5, page=2, times=1), faults.Status(503, retry_after=0, page=3, times=1)]
    with nat.testing.nhm(RECORDS, faults=wrong) as server:
        query = portal(server).specimens(page_size=50)
        harvest = nat.harvest(query, tmp_path / "specimens.sqlite", progress=False)
        assert len(harvest) == RECORDS
        assert server.writes == []


def test_nothing_that_reads_leaves_anything_at_the_museum(tmp_path):
    with nat.testing.nhm(60) as server:
        nhm = portal(server)
        query = nhm.specimens(genus=["Helix", "Aphis"], has_image=True)
        query.count(), query.first(2), query.explain(), query.url
        table = query.collect()
        nhm.index_lots(genus="Helix").collect(), nhm.artefacts().collect(), nhm.search("aphid").collect()
        nhm.query(nat.field("year") < 1900, area="Italy").collect()
        nhm.datasets("butterfly"), nhm.featured(), nhm.versions("specimens")
        nhm.record(table["occurrenceID"][0])
        nhm.resolve("coyly-sick-earwig").collect(), nhm.resolve("10.5519/qd.hel1x234").collect()
        nhm.media(genus="Helix").collect(), nhm.media(table)
        nat.harvest(nhm.specimens(genus="Helix"), tmp_path / "a.sqlite", progress=False)
        assert len(server.requests) > 15
        assert server.writes == []


@pytest.fixture(scope="module")
def judge():
    with nat.testing.nhm(5) as server:
        yield portal(server)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries)
def test_what_is_refused_here_is_what_the_portal_on_this_machine_refuses(judge, query):
    path = "/api/3/action/vds_schema_validate"
    body = json.dumps({"query": query, "query_version": "v1.0.0"})
    try:
        judge._core.ask("POST", path, [], body)
        refused = False
    except errors.NhmError as error:
        refused = "Internal" not in str(error)
    assert refused == bool(problems(query))
