"""A harvest has every record once, whatever the provider does, and its file tells how it came."""

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import naturalia as nat
import pytest
from naturalia import errors
from naturalia.testing import Item, faults, generate, serve
from support.harvest_files import FAST, got, harvest, truth


@pytest.fixture
def path(tmp_path):
    return tmp_path / "museum.sqlite"


def queries(server, verb):
    return [request.arguments for request in server.requests if request.arguments.get("verb") == verb]


def test_a_list_is_harvested_whole_and_the_tally_says_so(path):
    with serve(250) as server:
        h = harvest(server, path)
        assert got(h.current()) == truth(server)
    tally = h.tally
    assert (tally.pages, tally.received, tally.unique, tally.declared) == (3, 250, 250, 250)
    assert (tally.requests, tally.retries, tally.duplicates, tally.repaired) == (5, 0, 0, 0)
    assert tally.verified
    assert repr(h) == "<Harvest museum.sqlite: 250 records of oai_dc, complete>"
    assert os.listdir(path.parent) == ["museum.sqlite"]


def test_an_empty_list_is_a_harvest_without_records(path):
    with serve(0) as server:
        h = harvest(server, path)
    assert len(h) == 0
    assert h.complete
    assert h.current().collect().columns[0] == "identifier"


def test_an_update_brings_what_changed_and_nothing_else(path):
    with serve(generate(250, deleted=0)) as server:
        h = harvest(server, path)
        old = server.records[7].identifier
        gone = server.records[8].identifier
        server.update(old)
        server.delete(gone)
        server.update(Item("oai:new:1", server.now, server.records[3].metadata))
        before = len(server.requests)
        h.update(rate=100_000)
        assert len(server.requests) - before <= 3
        assert got(h.current()) == truth(server)
    assert set(got(h.changes("last"))) == {old, gone, "oai:new:1"}
    assert [r.identifier for r in h.changes().collect() if r.deleted] == [gone]
    assert (h.tally.kind, h.tally.new, h.tally.changed) == ("update", 1, 2)
    assert len(h.history(old)) == 2
    assert h.deletions.announced == 1
    assert len(h.tallies) == 2


def test_an_update_of_an_unchanged_provider_changes_nothing(path):
    with serve(120) as server:
        h = harvest(server, path)
        h.update(rate=100_000)
    assert h.tally.new + h.tally.changed == 0
    assert h.changes("last").count() == 0
    assert h.changes(dt.timedelta(hours=1)).count() == 120


def test_the_next_question_starts_at_the_clock_of_the_server(path):
    clock = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC).timestamp()
    with serve(10, clock=lambda: clock) as server:
        h = harvest(server, path)
        h.update(rate=100_000)
        assert queries(server, "ListRecords")[-1]["from"] == "2031-05-06T06:08:09Z"


def test_days_are_asked_for_with_a_day_of_overlap(path):
    clock = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC).timestamp()
    with serve(10, granularity="days", clock=lambda: clock) as server:
        h = harvest(server, path)
        h.update(rate=100_000)
        assert queries(server, "ListRecords")[-1]["from"] == "2031-05-05"


def test_a_clock_that_goes_back_has_everything_asked_for_again(path):
    clock = [2_000_000_000.0]
    with serve(30, clock=lambda: clock[0]) as server:
        h = harvest(server, path)
        clock[0] -= 10 * 86400
        server.update(server.records[0].identifier)
        h.update(rate=100_000)
        assert got(h.current()) == truth(server)
    assert h.tally.kind == "full"
    assert any("clock" in notice for notice in h.tally.notices)


def test_another_question_to_the_same_file_is_refused(path):
    with serve(10) as server:
        harvest(server, path)
        with pytest.raises(nat.errors.StateMismatch, match="another question"):
            harvest(server, path, set="birds")


def test_arguments_that_can_not_be_are_refused_before_anything_is_asked(path):
    with serve(10) as server:
        for wrong in (
            {"since": "2021", "until": "2020"},
            {"windows": 0},
            {"prefix": ""},
            {"reconcile": "sometimes"},
            {"since": "yesterday"},
        ):
            with pytest.raises(ValueError, match=r"\w"):
                harvest(server, path, **wrong)
        with pytest.raises(TypeError, match="did you mean 'prefix'"):
            nat.harvest(server.url, path, metadataPrefix="oai_dc")
        assert not server.requests
    assert not path.exists()


def test_what_the_provider_refuses_is_raised_and_the_file_can_be_used_again(path):
    with serve(10) as server, pytest.raises(nat.errors.CannotDisseminateFormat):
        harvest(server, path, prefix="marc21")


def test_only_the_dates_and_the_set_that_were_asked_for_are_kept(path):
    items = [
        Item(f"oai:a:{n}", f"2020-01-{n:02}T12:00:00Z", generate(1)[0].metadata, ("s",)) for n in range(1, 21)
    ]
    with serve(items, page_size=3) as server:
        server.faults.append(faults.FiltersLost(after=1))
        h = harvest(server, path, since="2020-01-05", until="2020-01-10")
    assert sorted(got(h.current()).values()) == [f"2020-01-{n:02}T12:00:00Z" for n in range(5, 11)]
    assert h.tally.out_of_range > 0


def test_foreign_sets_are_left_out_where_records_name_their_sets(path):
    metadata = generate(1)[0].metadata
    items = [
        Item(f"oai:a:{n}", "2020-01-01T00:00:00Z", metadata, ("a:b" if n % 2 else "c",)) for n in range(20)
    ]
    with serve(items, page_size=4, faults=[faults.FiltersLost(after=1)]) as server:
        h = harvest(server, path, set="a")
    assert set(got(h.current())) == {f"oai:a:{n}" for n in range(1, 20, 2)}


def test_a_file_is_read_by_the_sqlite_of_python(path):
    with serve(30) as server:
        harvest(server, path)
    with closing(sqlite3.connect(path)) as file, file:
        rows = file.execute("select identifier, prefix, datestamp, deleted from current").fetchall()
        assert len(rows) == 30
        assert rows[0][1] == "oai_dc"
        assert file.execute("select count(*) from history").fetchone() == (30,)
        assert set(file.execute("select state from progress").fetchall()) == {("done",)}
        assert file.execute("pragma application_id").fetchone() == (0x6E617475,)
    file.close()


def test_views_are_arrow_streams_that_can_be_read_again(path):
    import duckdb
    import polars as pl
    import pyarrow as pa

    with serve(230) as server:
        h = harvest(server, path)
    view = h.current()
    assert pl.DataFrame(view).height == pl.DataFrame(view).height == 230
    assert pa.table(h).num_rows == view.to_arrow().read_all().num_rows == 230
    assert duckdb.sql("select count(distinct identifier) from h").fetchall() == [(230,)]
    assert len(view.to_pandas()) == 230
    assert view.first(7).columns == view.columns
    assert [len(part) for part in h] == [100, 100, 30]


def test_raw_bytes_are_those_that_came(path):
    with serve(5) as server:
        h = harvest(server, path)
    identifier = h.current().first()[0].identifier
    assert h.raw(identifier).startswith(b"<record>")
    assert h.raw(identifier).endswith(b"</record>")
    assert h.raw(identifier, page=True).endswith(b"</OAI-PMH>\n") or b"</OAI-PMH>" in h.raw(
        identifier, page=True
    )
    with pytest.raises(ValueError, match="no record"):
        h.raw("oai:nothing")


def test_purged_records_do_not_come_back(path):
    with serve(20) as server:
        h = harvest(server, path)
        identifier = server.records[4].identifier
        assert h.purge([identifier]) == 1
        assert len(h) == 19
        server.update(identifier)
        h.update(rate=100_000)
    assert len(h) == 19
    assert identifier.encode() not in path.read_bytes()
    assert h.verify() == []


def test_credentials_are_in_no_file_and_no_error(path):
    with serve(20) as server:
        url = server.url.replace("http://", "http://curator:sesame@")
        h = nat.harvest(nat.OaiPmh(url, headers={"X-Key": "hush-hush"}, **FAST), path)
        assert b"sesame" not in path.read_bytes()
        assert b"hush-hush" not in path.read_bytes()
        with pytest.raises(nat.errors.HarvestError, match="credentials"):
            nat.Harvest(path).update()
        h.update(rate=100_000)


@pytest.mark.parametrize("name", ["apikey", "wskey", "token"])
def test_a_key_in_the_address_is_in_no_file_no_error_and_no_log(name, path, caplog):
    caplog.set_level("DEBUG")
    with serve(20, faults=[faults.Key(name, "open sesame")]) as server:
        url = f"{server.url}?{name}=open%20sesame"
        server.provider.base_url = url  # replies repeat the address they were asked at
        source = nat.OaiPmh(url, **FAST)
        h = nat.harvest(source, path)
        with pytest.raises(nat.errors.CannotDisseminateFormat) as refused:
            source.records(prefix="marc21").collect()
        with pytest.raises(nat.errors.HarvestError, match="credentials"):
            nat.Harvest(path).update()
        assert len(h.update(source=source)) == 20
    error = refused.value
    said = f"{error!r} {error} {error.request} {h!r} {h} {h.question} {source!r} {caplog.text}"
    pages = [h.raw(identifier, page=True) for identifier in h.current().collect()["identifier"]]
    for text in (said.encode(), path.read_bytes(), *pages):
        assert b"sesame" not in text


def test_two_processes_do_not_write_at_once(path):
    script = (
        "import naturalia as nat, sys\n"
        "try:\n    nat.harvest(sys.argv[1], sys.argv[2], rate=1000)\n"
        "except nat.errors.HarvestLocked as error:\n    print('locked')\n"
    )
    with serve(300, page_size=10, latency=0.05) as server:
        first = subprocess.Popen(
            [sys.executable, "-c", script, server.url, path], stdout=subprocess.PIPE, text=True
        )
        while len(server.requests) < 5:
            pass
        second = subprocess.run(
            [sys.executable, "-c", script, server.url, path], capture_output=True, text=True, check=False
        )
        assert second.stdout == "locked\n"
        assert len(nat.Harvest(path).current().collect()) < 300, "reading goes on meanwhile"
        assert first.communicate()[0] == ""
        assert len(nat.Harvest(path)) == 300


def test_a_harvest_in_a_forked_process_works(path):
    import multiprocessing

    with serve(100) as server:
        h = harvest(server, path)
        with multiprocessing.get_context("fork").Pool(1) as pool:
            assert pool.apply(forked, (server.url, str(path) + "2")) == 100
        assert len(h) == 100


def forked(url, path):
    return len(nat.harvest(url, path, **FAST))


def test_ctrl_c_leaves_a_file_that_goes_on(path):
    import signal
    import time

    script = "import naturalia as nat, sys; nat.harvest(sys.argv[1], sys.argv[2], rate=1000)"
    with serve(1000, page_size=10, latency=0.03) as server:
        child = subprocess.Popen(
            [sys.executable, "-c", script, server.url, path], stderr=subprocess.PIPE, text=True
        )
        while len(server.requests) < 20:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in child.communicate()[1]
        h = nat.Harvest(path)
        assert not h.complete
        before = len(h)
        assert 100 <= before < 1000
        asked = len(server.requests)
        server.latency = 0
        h = harvest(server, path)
        assert got(h.current()) == truth(server)
        assert len(server.requests) - asked <= (1000 - before) / 10 + 1


def test_the_card_says_what_matters_and_is_harmless(path):
    with serve(30, name="<script>alert(1)</script>") as server:
        h = harvest(server, path)
    assert "<script>" not in h._repr_html_()
    text = str(h)
    for word in ("source", "records", "30 unique of 30 received", "deletions", "verified"):
        assert word in text


def test_the_question_is_kept_for_the_next_time(path):
    with serve(40) as server:
        h = harvest(server, path, since="30d", set="birds")
        assert json.loads(json.dumps(h.question))["since"] == "30d"
        nat.Harvest(path).update(rate=100_000)
        assert "set" in queries(server, "ListRecords")[-1]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER copy AFTER UPDATE ON request BEGIN DELETE FROM record; END",
        "CREATE VIEW other AS SELECT identifier FROM record",
        "DROP VIEW current; CREATE VIEW current AS SELECT * FROM record",
    ],
)
def test_a_file_with_a_trigger_or_view_of_another_program_is_refused(path, statement):
    with serve(20) as server:
        harvest(server, path)
        with closing(sqlite3.connect(path)) as file:
            file.executescript(statement)
        with pytest.raises(errors.HarvestError, match="is not ours"):
            nat.Harvest(path)
        with pytest.raises(errors.HarvestError, match="is not ours"):
            nat.read(path)
        with pytest.raises(errors.HarvestError, match="is not ours"):
            harvest(server, path)
