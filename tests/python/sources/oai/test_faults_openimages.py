"""The provider of Open Images as its own code has it: every odd habit at once, and nothing lost."""

import pytest
from naturalia import errors, testing
from naturalia.testing import faults
from support.harvesting import WAYS, gather

pytestmark = pytest.mark.parametrize("way", WAYS)


def provider(*more, count=60, **options):
    """Days that are seconds, a base URL that is the site, newest first by offset, no deletions announced."""
    habits = [
        faults.Identify({"baseURL": "http://www.openbeelden.example/", "granularity": "YYYY-MM-DD"}),
        faults.DaysOnly(),
        faults.UntilMissesItsDay(),
        faults.OffsetPaging(newest_first=True),
        faults.TokenText("!f!u!s-openimages!oai_oi!"),
        faults.ResponseDate("\n    2026-03-14T09:00:00Z\n  "),
    ]
    return testing.serve(
        testing.generate(count, step=6 * 3600),
        page_size=10,
        deleted_record="no",
        earliest="1826-01-01",
        faults=[*more, *habits],
        **options,
    )


def test_the_whole_of_it_comes(way, tmp_path):
    with provider() as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi")
        assert outcome.identifiers == outcome.truth
        assert len(server.requests) < 40


def test_a_window_comes_whole_with_its_last_day(way, tmp_path):
    with provider() as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi", since="2020-01-03", until="2020-01-10")
        inside = [item for item in server.records if "2020-01-03" <= item.datestamp[:10] <= "2020-01-10"]
        assert outcome.identifiers == sorted(item.identifier for item in inside)


@pytest.mark.parametrize("day", ["2020-01-07", "2020-01-01", "2020-01-15"])
def test_one_day_is_not_empty(way, day, tmp_path):
    with provider() as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi", since=day, until=day)
        inside = [item for item in server.records if item.datestamp[:10] == day]
        assert outcome.identifiers == sorted(item.identifier for item in inside)


def test_filters_that_vanish_from_the_third_page_on_lose_nothing(way, tmp_path):
    lost = faults.FiltersLost(after=2, what=("from", "until"))
    with provider(lost) as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi", since="2020-01-02", until="2020-01-12")
        inside = [item for item in server.records if "2020-01-02" <= item.datestamp[:10] <= "2020-01-12"]
        expected = sorted(item.identifier for item in inside)
        # Over offsets of another list records are skipped: then it has to be said.
        assert outcome.error or outcome.identifiers == expected
        assert outcome.error or outcome.counts.out_of_range > 0


def test_a_deletion_while_paging_loses_no_other_record(way, tmp_path):
    gone = faults.Change(page=3, delete=("oai:museum.example:58",), verb="ListRecords")
    with provider(gone) as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi")
        assert set(outcome.truth) <= set(outcome.identifiers)
        assert len(outcome.identifiers) == len(set(outcome.identifiers))


def test_an_edit_while_paging_doubles_no_record_and_loses_none(way, tmp_path):
    moved = faults.Change(page=3, update=("oai:museum.example:5",), verb="ListRecords")
    with provider(moved) as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi")
        assert outcome.identifiers == outcome.truth


def test_many_changes_while_paging_are_all_met(way, tmp_path):
    changes = [
        faults.Change(
            page=page,
            verb="ListRecords",
            update=(f"oai:museum.example:{page}", f"oai:museum.example:{60 - page}"),
            delete=(f"oai:museum.example:{20 + page}", f"oai:museum.example:{50 + page}"),
        )
        for page in range(2, 6)
    ]
    with provider(*changes) as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi")
        assert set(outcome.truth) <= set(outcome.identifiers)
        assert len(outcome.identifiers) == len(set(outcome.identifiers))


def test_a_cache_that_does_not_see_until_is_noticed(way, tmp_path):
    cache = faults.StaleCache("until", verb="ListRecords")
    with provider(cache) as server:
        whole = gather(way, server, tmp_path, prefix="oai_oi", since="2020-01-02")
        assert whole.error is None
        (tmp_path / "part").mkdir()
        asked = {"since": "2020-01-02", "until": "2020-01-04"}
        outcome = gather(way, server, tmp_path / "part", prefix="oai_oi", **asked)
        inside = [item for item in server.records if "2020-01-02" <= item.datestamp[:10] <= "2020-01-04"]
        assert outcome.error or outcome.identifiers == sorted(item.identifier for item in inside)


def test_a_token_of_two_minutes_is_long_enough(way, tmp_path):
    with provider(faults.TokenLifetime(120)) as server:
        outcome = gather(way, server, tmp_path, prefix="oai_oi")
        assert outcome.identifiers == outcome.truth


def test_its_way_to_refuse_a_format_is_an_error(way, tmp_path):
    refuse = faults.Error("badArgument", "metadataPrefix [badArgument]", verb="ListRecords")
    with provider(refuse) as server:
        assert isinstance(gather(way, server, tmp_path, prefix="oai_marc").error, errors.BadArgument)
