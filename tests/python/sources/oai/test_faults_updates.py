"""Updates of a harvest against providers whose clocks, dates and deletions are not what they should be."""

import naturalia as nat
import pytest
from naturalia import errors, testing
from naturalia.testing import faults

DAY = 86_400
NOW = 1_700_000_000.0  # 2023-11-14T22:13:20Z


def harvested(server, folder, **options) -> nat.Harvest:
    """The harvest of a provider: begun, gone on with or updated, whichever is due."""
    provider = nat.OaiPmh(server.url, rate=None, backoff=0.01, retries=2, timeout=5)
    return nat.harvest(provider, folder / "list.sqlite", **options)


def living(server) -> list[str]:
    """What the provider has that is not deleted."""
    return sorted(item.identifier for item in server.records if not item.deleted)


def held(harvest) -> list[str]:
    """What the file has that is not deleted."""
    return sorted(identifier for table in harvest.current() for identifier in table["identifier"])


@pytest.fixture
def clock():
    """A clock to be moved by hand: `clock[0]`, in seconds since 1970."""
    return [NOW]


@pytest.mark.parametrize("granularity", ["seconds", "days"])
@pytest.mark.parametrize("later", [1, 3600, 3 * DAY])
def test_what_changed_since_is_asked_for_and_nothing_else(granularity, later, clock, tmp_path):
    with testing.serve(30, page_size=10, granularity=granularity, clock=lambda: clock[0]) as server:
        assert held(harvested(server, tmp_path)) == living(server)
        clock[0] += later
        server.update("oai:museum.example:3", testing.Item("oai:museum.example:new", "", payload()))
        server.delete("oai:museum.example:4")
        before = len(server.requests)
        harvest = harvested(server, tmp_path)
        assert held(harvest) == living(server)
        assert "oai:museum.example:new" in held(harvest)
        changes = {identifier for table in harvest.changes("last") for identifier in table["identifier"]}
        assert changes == {"oai:museum.example:3", "oai:museum.example:4", "oai:museum.example:new"}
        assert any("from" in request.arguments for request in server.requests[before:])


def test_a_change_in_the_second_of_the_harvest_is_not_lost(clock, tmp_path):
    with testing.serve(5, clock=lambda: clock[0]) as server:
        harvested(server, tmp_path)
        # The same second: the datestamp is not later than the responseDate.
        server.update(testing.Item("oai:museum.example:same", "", payload()))
        assert held(harvested(server, tmp_path)) == living(server)


@pytest.mark.parametrize("off", [-20 * 365 * DAY, -2 * 3600, 2 * 3600, 400 * DAY])
def test_the_clock_of_the_server_counts_not_ours(off, clock, tmp_path):
    with testing.serve(5, clock=lambda: clock[0] + off) as server:
        harvested(server, tmp_path)
        clock[0] += 10
        server.update(testing.Item("oai:museum.example:new", "", payload()))
        assert held(harvested(server, tmp_path)) == living(server)


def test_what_changes_while_it_is_harvested_is_there_in_the_end(clock, tmp_path):
    change = faults.Change(
        page=2, update=("oai:museum.example:1",), delete=("oai:museum.example:2",), verb="ListRecords"
    )
    with testing.serve(30, page_size=10, clock=lambda: clock[0], faults=[change]) as server:
        harvested(server, tmp_path)
        clock[0] += 60
        assert held(harvested(server, tmp_path)) == living(server)


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("policy", ["persistent", "transient", "no"])
def test_over_offsets_that_move_nothing_is_lost_either(policy, newest_first, clock, tmp_path):
    moving = [
        faults.Change(page=2, delete=("oai:museum.example:30", "oai:museum.example:1"), verb="ListRecords"),
        faults.Change(page=3, update=("oai:museum.example:2",), verb="ListRecords"),
        faults.OffsetPaging(newest_first=newest_first),
    ]
    options = {"page_size": 5, "deleted_record": policy, "clock": lambda: clock[0]}
    with testing.serve(30, faults=moving, **options) as server:
        harvested(server, tmp_path)
        clock[0] += 60
        assert held(harvested(server, tmp_path, reconcile=True)) == living(server)


@pytest.mark.parametrize("policy", ["transient", "no"])
def test_deletions_that_nobody_announces_are_found_when_asked_for(policy, clock, tmp_path):
    with testing.serve(30, page_size=10, deleted_record=policy, clock=lambda: clock[0]) as server:
        harvested(server, tmp_path)
        clock[0] += DAY
        server.delete("oai:museum.example:7", "oai:museum.example:8")
        server.forget()
        harvest = harvested(server, tmp_path, reconcile=True)
        assert held(harvest) == living(server)
        assert harvest.deletions.found == 2


def test_deletions_that_nobody_looked_for_are_unknown_not_none(clock, tmp_path):
    with testing.serve(30, page_size=10, deleted_record="no", clock=lambda: clock[0]) as server:
        harvest = harvested(server, tmp_path, verify=False, reconcile=None)
        assert harvest.deletions.found is None


def test_an_update_that_fails_takes_nothing_for_done(clock, tmp_path):
    with testing.serve(30, page_size=10, clock=lambda: clock[0]) as server:
        harvested(server, tmp_path)
        clock[0] += DAY
        server.update(*(f"oai:museum.example:{number}" for number in range(1, 26)))
        server.update(testing.Item("oai:museum.example:new", "", payload()))
        broken = faults.Reset(page=2)
        server.faults.append(broken)
        with pytest.raises(errors.NetworkError):
            harvested(server, tmp_path)
        server.faults.remove(broken)
        clock[0] += DAY
        harvest = harvested(server, tmp_path)
        assert held(harvest) == living(server)
        newest = {
            identifier: stamp
            for table in harvest.current()
            for identifier, stamp in zip(table["identifier"], table["datestamp"], strict=True)
        }
        assert newest == {item.identifier: item.datestamp for item in server.records}


def test_a_provider_without_response_dates_is_updated_by_its_http_clock(clock, tmp_path):
    wrong = [faults.ResponseDate(None)]
    with testing.serve(10, clock=lambda: clock[0], faults=wrong) as server:
        harvested(server, tmp_path)
        clock[0] += 10
        server.update(testing.Item("oai:museum.example:new", "", payload()))
        assert held(harvested(server, tmp_path)) == living(server)


def test_a_record_that_comes_back_is_there_again(clock, tmp_path):
    with testing.serve(10, clock=lambda: clock[0]) as server:
        harvested(server, tmp_path)
        clock[0] += 10
        server.delete("oai:museum.example:3")
        assert "oai:museum.example:3" not in held(harvested(server, tmp_path))
        clock[0] += 10
        server.update(testing.Item("oai:museum.example:3", "", payload()))
        assert "oai:museum.example:3" in held(harvested(server, tmp_path))


def test_a_wall_is_gone_round_with_a_few_dozen_requests_from_1826(tmp_path):
    source = testing.generate(400, start="2010-01-01", step=5 * DAY)
    wall = faults.DeepPaging(100, 500)
    with testing.serve(source, page_size=25, earliest="1826-01-01", faults=[wall]) as server:
        harvest = harvested(server, tmp_path)
        assert held(harvest) == living(server)
        lists = [request for request in server.requests if request.verb == "ListRecords"]
        assert len(lists) < 16 + 60


def payload() -> dict[str, str]:
    """The metadata of a new item."""
    return {"oai_dc": testing.generate(1)[0].metadata["oai_dc"]}
