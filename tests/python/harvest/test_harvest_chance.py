"""Providers that do several things wrong at once: what is called complete is, and later runs mend the rest.

The provider itself is the oracle.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import naturalia as nat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naturalia.testing import Item, faults, generate, serve

PAYLOAD = generate(1)[0].metadata
PAGE = st.integers(1, 5)
LOST = st.sampled_from([("from",), ("until", "set")])
ASKED = [{}, {}, {"set": "birds"}, {"since": "2015-01-10"}, {"until": "2015-02-01"}]


@st.composite
def repositories(draw):
    """Items over a time, some of them at the same moment."""
    count = draw(st.integers(0, 70))
    step = draw(st.sampled_from([1, 3600, 86_400, 9 * 86_400]))
    twins = draw(st.sets(st.integers(0, 69), max_size=5))
    items = []
    for number in range(count):
        at = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=step * (0 if number in twins else number))
        sets = ("fish:eel",) if number % 3 else ("birds",)
        items.append(Item(f"oai:m:{number}", f"{at:%Y-%m-%dT%H:%M:%SZ}", PAYLOAD, sets))
    return items


@st.composite
def wrongs(draw, items, size):
    """Up to four things that go wrong."""
    some = st.lists(st.sampled_from([item.identifier for item in items]), max_size=3, unique=True).map(tuple)
    some = some if items else st.just(())
    once = {"page": draw(PAGE), "times": draw(st.integers(1, 2))}
    changed, gone = draw(some), draw(some)
    walls = ["end", "end", 500, 502, "badArgument", "badResumptionToken", "noRecordsMatch"]
    known = [
        faults.OffsetPaging(newest_first=draw(st.booleans())),
        faults.DeepPaging(size * draw(st.integers(2, 4)), draw(st.sampled_from(walls))),
        faults.ExpiredToken(page=draw(st.integers(2, 5)), times=draw(st.sampled_from([None, 1, 2, 3]))),
        faults.FiltersLost(
            after=draw(st.integers(0, 3)), what=draw(st.sampled_from([("from",), ("until", "set")]))
        ),
        faults.UntilMissesItsDay(),
        faults.Duplicates(),
        faults.LostRecords(page=draw(PAGE), count=2, verb="ListRecords"),
        faults.Hidden(draw(some), verb=draw(st.sampled_from(["ListRecords", "ListIdentifiers"]))),
        faults.Change(page=draw(PAGE), update=changed, delete=tuple(set(gone) - set(changed))),
        faults.EmptyPage(page=draw(st.integers(1, 3))),
        faults.LastToken(draw(st.sampled_from(["empty", "blank", "missing", "more"]))),
        faults.WrongSize(draw(st.sampled_from([None, 0, 7, 500]))),
        faults.WrongCursor(draw(st.sampled_from(["pages", "one", "missing", "zero"]))),
        faults.TokenCycle(at=draw(st.integers(2, 4)), times=1),
        faults.Status(503, **once),
        faults.Cut(length=draw(st.sampled_from(["whole", "sent", "chunked", "none"])), **once),
        faults.DaysOnly(),
        faults.Error("InternalException", "oops", verb="Identify"),
        faults.Status(500, verb="Identify"),
    ]
    return draw(st.lists(st.sampled_from(known), max_size=4, unique_by=type))


@st.composite
def cases(draw):
    """A repository, what goes wrong, how it is served, what is asked, and over how many windows."""
    items = draw(repositories())
    size = draw(st.sampled_from([10, 13, 20]))
    served = {
        "page_size": size,
        "granularity": draw(st.sampled_from(["seconds", "days"])),
        "deleted_record": draw(st.sampled_from(["persistent", "transient", "no"])),
        "sizes": draw(st.booleans()),
        "earliest": draw(st.sampled_from([None, "1826-01-01"])),
    }
    asked = draw(st.sampled_from(ASKED))
    asked = {} if "set" in asked and not items else asked
    return items, draw(wrongs(items, size)), served, asked, draw(st.sampled_from([1, 1, 2, 3]))


def asked_for(items, asked):
    """What of these items was asked for, of those that are not deleted."""
    return {
        item.identifier
        for item in items
        if not item.deleted
        and asked.get("since", "") <= item.datestamp[:10] <= asked.get("until", "9")
        and any(spec.startswith(asked.get("set", "")) for spec in item.sets)
    }


def check(case):
    items, wrong, served, asked, windows = case
    with tempfile.TemporaryDirectory() as folder, serve(items, faults=wrong, **served) as server:
        provider = nat.OaiPmh(server.url, rate=None, backoff=0.001, retries=3, timeout=3)
        path = Path(folder) / "a.sqlite"
        how = {"progress": False, "prefix": "oai_dc", **asked}
        before = asked_for(server.records, asked)
        try:
            tally = nat.harvest(provider, path, windows=windows, **how).tally
        except nat.errors.NaturaliaError:
            tally = None
        assert len(server.requests) < 700
        # What changed meanwhile may have left the dates that were asked for.
        still = before & asked_for(server.records, asked)
        if tally is not None:
            table = nat.Harvest(path).current(deleted=True).collect()
            found = set(table["identifier"])
            assert len(found) == len(table)
            assert found <= {item.identifier for item in items}
            assert still <= found or not tally.verified, (sorted(still - found), tally.state)
        # Nothing is wrong any more: two runs later the file is what the provider is.
        server.faults.clear()
        for _ in range(2):
            h = nat.harvest(provider, path, reconcile=True, **how)
        assert h.verify() == []
        kept = set(h.current().collect()["identifier"])
        assert asked_for(server.records, asked) <= kept
        left = {item.identifier for item in server.records if not item.deleted} if asked else set()
        assert kept <= asked_for(server.records, asked) | left


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=QUIET)
@given(cases())
def test_what_is_called_complete_is_complete(case):
    check(case)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
@settings(max_examples=1500, deadline=None, suppress_health_check=QUIET)
@given(cases())
def test_what_is_called_complete_is_complete_whatever_comes_together(case):
    check(case)
