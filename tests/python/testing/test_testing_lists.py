"""Every fault of lists in `naturalia.testing` does what its name says: tokens, pages, selection, counts."""

import re

import pytest
from naturalia import testing
from naturalia.testing import faults
from support.seeing import ASKED, follow, get, listed, serve


def test_tokens_expire_by_page_and_by_time():
    with serve(faults.ExpiredToken(page=2, times=1)) as server:
        token = get(server).token
        pages = [get(server, {"verb": "ListRecords", "resumptionToken": token}) for _ in range(2)]
        assert [b"badResumptionToken" in page.body for page in pages] == [True, False]
    now = [1_700_000_000.0]
    with serve(faults.TokenLifetime(60), clock=lambda: now[0]) as server:
        first = get(server)
        assert b'expirationDate="2023-11-14T22:14:20Z"' in first.body
        now[0] += 61
        again = get(server, {"verb": "ListRecords", "resumptionToken": first.token})
        assert b"badResumptionToken" in again.body


def test_tokens_must_come_back_as_they_were():
    with serve(faults.TokenText()) as server:
        assert listed(follow(server)) == list(range(1, 11))
        token = get(server).token
        assert {" ", "+", "%", "&", "#", "é"} <= set(token)
        damaged = {"verb": "ListRecords", "resumptionToken": token.replace("%3A", ":")}
        assert b"badResumptionToken" in get(server, damaged).body


def test_a_session_token_is_one_text_and_goes_on_by_itself():
    with serve(faults.SessionToken()) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 11))
        assert {page.token for page in pages[:-1]} == {"session-1"}


def test_a_token_cycle_never_ends():
    with serve(faults.TokenCycle(at=2)) as server:
        assert listed(follow(server, limit=6)) == [*range(1, 5), *[5, 6, 7, 8] * 5]
    with serve(faults.TokenCycle(at=4, back=3), source=20) as server:
        found = [page.identifiers[0] for page in follow(server, limit=9)]
        assert found == [1, 5, 9, 13, 5, 9, 13, 5, 9]


def test_the_last_token_is_blank_missing_or_one_too_many():
    with serve(faults.LastToken("blank")) as server:
        assert follow(server)[-1].token.isspace()
    with serve(faults.LastToken("missing")) as server:
        assert b"resumptionToken" not in follow(server)[-1].body.replace(b' resumptionToken="', b"")
    with serve(faults.LastToken("more")) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 11))
        assert b"noRecordsMatch" in pages[-1].body
    with serve(faults.LastToken("more"), page_size=100) as server:
        assert b"noRecordsMatch" in follow(server)[-1].body


def test_an_empty_page_leads_on():
    for page in (1, 2):
        with serve(faults.EmptyPage(page=page)) as server:
            pages = follow(server)
            assert listed(pages) == list(range(1, 11))
            assert pages[page - 1].identifiers == []


@pytest.mark.parametrize("how", [500, "badArgument", "end"])
def test_nobody_gets_deeper_than_the_limit(how):
    with serve(faults.DeepPaging(8, how)) as server:
        pages = follow(server)
        assert listed(pages) == list(range(1, 9))
        assert b'completeListSize="10"' in pages[0].body
        assert pages[-1].status == (500 if how == 500 else 200)


def test_filters_are_lost_on_the_way():
    asked = {**ASKED, "until": "2020-01-01T05:00:00Z", "set": "films"}
    with serve(faults.FiltersLost(), page_size=1) as server:
        found = listed(follow(server, asked))
        assert set(found) > set(listed([get(server, asked)]))
        assert max(found) == 10
    with serve(faults.FiltersLost(after=0, what=("until",))) as server:
        assert listed(follow(server, {**ASKED, "until": "2020-01-01T05:00:00Z"})) == list(range(1, 11))


def test_until_misses_its_day():
    source = testing.generate(72, step=3600)
    with serve(faults.UntilMissesItsDay(), source=source, page_size=100) as server:
        assert listed([get(server, {**ASKED, "until": "2020-01-02"})]) == list(range(1, 25))


def test_a_moving_list_loses_and_doubles_records():
    gone = faults.Change(page=2, delete=("oai:museum.example:10",))
    moved = faults.Change(page=2, update=("oai:museum.example:1",))
    with serve(gone, faults.OffsetPaging(), deleted_record="no") as server:
        assert set(range(1, 11)) - set(listed(follow(server))) == {6}
    with serve(moved, faults.OffsetPaging()) as server:
        assert listed(follow(server)) == [10, 9, 8, 7, 7, 6, 5, 4, 3, 2]


def test_pages_have_more_and_less_than_they_should():
    stray = testing.Item("oai:museum.example:99", "1950-01-01T00:00:00Z", {"oai_dc": "<dc/>"}, ("other",))
    for fault, expected in [
        (faults.Duplicates(), [1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10]),
        (faults.Strays((stray,), page=2), [1, 2, 3, 4, 5, 6, 7, 8, 99, 9, 10]),
        (faults.LostRecords(2, page=1), [1, 2, 5, 6, 7, 8, 9, 10]),
        (faults.Hidden(("oai:museum.example:3",), verb="ListRecords"), [1, 2, 4, 5, 6, 7, 8, 9, 10]),
    ]:
        with serve(fault) as server:
            assert listed(follow(server)) == expected


def test_sizes_and_cursors_lie():
    def marks(*wrong):
        with serve(*wrong) as server:
            return [re.findall(rb'(?:completeListSize|cursor)="(\d+)"', page.body) for page in follow(server)]

    assert marks() == [[b"10", b"0"], [b"10", b"4"], [b"10", b"8"]]
    assert marks(faults.WrongSize(7, drift=1)) == [[b"7", b"0"], [b"8", b"4"], [b"9", b"8"]]
    assert marks(faults.WrongSize(), faults.WrongCursor("missing")) == [[], [], []]
    assert marks(faults.WrongCursor("pages")) == [[b"10", b"0"], [b"10", b"1"], [b"10", b"2"]]
