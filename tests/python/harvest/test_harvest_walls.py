"""Providers that end every list at a certain length: nothing that lies behind it is lost in silence."""

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import Item, faults, generate, serve
from support.harvesting import gather

PAYLOAD = generate(1)[0].metadata


def of_one_moment(count):
    return [Item(f"oai:m:{number}", "2020-01-01T00:00:00Z", PAYLOAD) for number in range(count)]


def known(server):
    return sorted(item.identifier for item in server.records)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("records", [45, 70, 300])
def test_a_list_that_ends_at_a_wall_without_a_word_is_incomplete(records, newest_first, tmp_path):
    wrong = [faults.OffsetPaging(newest_first=newest_first), faults.DeepPaging(40, "end")]
    with serve(generate(records, step=86_400, deleted=0), page_size=20, faults=wrong) as server:
        outcome = gather("collect", server, tmp_path)
        # Few enough records behind the wall are asked for one by one.
        assert isinstance(outcome.error, errors.HarvestIncomplete) or outcome.identifiers == outcome.truth
        assert outcome.error is None or outcome.error.got < records
        assert (outcome.error is None) or records > 45


def test_the_walls_of_ten_thousand_and_of_a_single_page_are_walls(tmp_path):
    for limit, size, count in ((10_000, 300, 12_000), (100, 100, 450)):
        wrong = [faults.DeepPaging(limit, "end")]
        with serve(generate(count, step=86_400, deleted=0), page_size=size, faults=wrong) as server:
            error = gather("collect", server, tmp_path).error
            assert isinstance(error, errors.HarvestIncomplete), limit
            assert "nat.harvest()" in error.hint
            path = tmp_path / f"{limit}.sqlite"
            h = nat.harvest(nat.OaiPmh(server.url, rate=None), path)
            assert len(h) == count
            assert h.tally.splits > 0


def test_identifiers_behind_a_wall_are_missed_too():
    wrong = [faults.DeepPaging(40, "end")]
    source = generate(300, step=86_400, deleted=0)
    with serve(source, page_size=20, faults=wrong) as server, pytest.raises(errors.HarvestIncomplete):
        nat.OaiPmh(server.url, rate=None).identifiers().collect()


@pytest.mark.parametrize("way", ["collect", "harvest"])
def test_a_wall_that_no_date_gets_round_is_never_a_complete_list(way, tmp_path):
    with serve(of_one_moment(90), page_size=20, faults=[faults.DeepPaging(40, "end")]) as server:
        outcome = gather(way, server, tmp_path)
        if way == "collect":
            assert isinstance(outcome.error, errors.HarvestIncomplete)
            assert (outcome.error.got, outcome.error.expected) == (40, 90)
            return
        assert outcome.counts.state.startswith("incomplete: 50 records less than the list says")
        assert not outcome.counts.verified
        # What was not complete moves nothing forward: the next run asks for all of it.
        server.faults.clear()
        assert gather(way, server, tmp_path).identifiers == known(server)


@pytest.mark.parametrize("size", [7, 13, 20])
def test_a_list_that_stops_after_one_page_with_no_more_is_read_by_date(size, tmp_path):
    wrong = [faults.DeepPaging(size, "noRecordsMatch")]
    with serve(generate(60, step=86_400, deleted=0), page_size=size, faults=wrong) as server:
        outcome = gather("harvest", server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert outcome.counts.verified


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_wall_is_passed_where_no_size_is_said(newest_first, tmp_path):
    wrong = [faults.OffsetPaging(newest_first=newest_first), faults.DeepPaging(40, "end")]
    with serve(generate(300, deleted=0), page_size=20, sizes=False, faults=wrong) as server:
        outcome = gather("harvest", server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert outcome.counts.verified


def test_a_full_last_page_is_no_wall(tmp_path):
    for sizes in (True, False):
        with serve(generate(60, deleted=0), page_size=20, sizes=sizes) as server:
            for way in ("collect", "harvest"):
                folder = tmp_path / f"{way}{sizes}"
                folder.mkdir()
                outcome = gather(way, server, folder)
                assert outcome.identifiers == outcome.truth
            assert outcome.counts.verified
            assert not outcome.counts.notices


def test_a_size_that_is_too_large_costs_a_second_look_and_no_error(tmp_path):
    with serve(generate(90, deleted=0), page_size=20, faults=[faults.WrongSize(835)]) as server:
        outcome = gather("collect", server, tmp_path)
        assert outcome.identifiers == outcome.truth
        assert "second pass found no other" in outcome.counts.oddities["wrong size"]


# A provider that fails at Identify alone

BROKEN = {
    "500": faults.Status(500, verb="Identify"),
    "404": faults.Status(404, verb="Identify"),
    "a web page": faults.Html(verb="Identify"),
    "cut": faults.Cut(length="sent", verb="Identify"),
    "an error of the protocol": faults.Error("InternalException", "oops", verb="Identify"),
    "no XML": faults.Body(b"<OAI-PMH><Identify></OAI-PMH>", verb="Identify"),
}


@pytest.mark.parametrize("way", ["collect", "harvest"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_list_is_read_though_identify_fails(what, way, tmp_path):
    with serve(generate(90, deleted=0), page_size=20, faults=[BROKEN[what]]) as server:
        outcome = gather(way, server, tmp_path, since="2020-01-02")
        expected = sorted(item.identifier for item in server.records if item.datestamp >= "2020-01-02")
        assert outcome.identifiers == expected
        # Days are what every provider takes.
        assert all("T" not in request.arguments.get("from", "") for request in server.requests)
        if way == "harvest":
            assert any("Identify" in notice for notice in outcome.counts.notices)
            assert outcome.counts.verified
            # Nothing is known of deletions, so they are looked for.
            server.delete(expected[0])
            server.forget()
            h = nat.Harvest(tmp_path / "list.sqlite").update(rate=100_000, reconcile=True)
            assert h.deletions.found == 1


@pytest.mark.parametrize("way", ["collect", "harvest"])
def test_a_provider_that_answers_nothing_is_an_error_of_its_own(way, tmp_path):
    with serve(10, faults=[faults.Status(500)]) as server:
        error = gather(way, server, tmp_path, since="2020-01-02").error
        assert isinstance(error, errors.NetworkError)
        assert "500" in str(error)


# A question whose dates are over


def test_a_harvest_of_the_past_can_be_updated(tmp_path):
    with serve(generate(90, deleted=0), page_size=20) as server:
        h = nat.harvest(nat.OaiPmh(server.url, rate=None), tmp_path / "a.sqlite", until="2020-01-02")
        count = len(h)
        server.update("oai:museum.example:80")
        h.update(rate=100_000)
        assert len(h) == count
        assert h.tally.verified
        assert h.tally.unique == 0
