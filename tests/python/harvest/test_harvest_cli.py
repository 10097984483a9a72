"""`naturalia harvest`, `update`, `cat`, `info` on a harvest file, as a person or cron sees them."""

import json
import signal
import subprocess
import time

import naturalia as nat
import pytest
from naturalia.testing import faults, generate, serve
from support.commands import BIN, run

QUICK = ("--rate", "100000/s", "--contact", "t@museum.example")


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "m.sqlite")


def test_a_harvest_ends_with_its_tally_on_standard_error(file):
    with serve(250) as server:
        done = run("harvest", server.url, file, *QUICK)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "250 unique of 250 received, 250 declared" in done.stderr
    assert "verified" in done.stderr


def test_cron_can_tell_whether_there_is_anything_new(file):
    with serve(generate(120, deleted=0)) as server:
        assert run("harvest", server.url, file, *QUICK, "--quiet").stderr == ""
        done = run("update", file, *QUICK, "--quiet", "--fail-if-empty")
        assert (done.returncode, done.stdout, done.stderr) == (7, "", "")
        assert run("update", file, *QUICK, "--quiet").returncode == 0
        server.update(server.records[5].identifier)
        assert run("update", file, *QUICK, "--quiet", "--fail-if-empty").returncode == 0
    changed = [json.loads(line) for line in run("cat", file, "--changed", "last").stdout.splitlines()]
    assert [record["identifier"] for record in changed] == [server.records[-1].identifier]
    assert len(run("cat", file).stdout.splitlines()) == 120
    assert len(run("cat", file, "--limit", "7", "--columns", "identifier").stdout.splitlines()) == 7


def test_logs_are_lines_of_json(file):
    with serve(300, page_size=10, latency=0.06) as server:
        done = run("harvest", server.url, file, *QUICK, "--log-json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines[0]["phase"] == "records"
    assert lines[-1]["phase"] == "done"
    assert lines[-1]["tally"]["unique"] == 300


def test_info_tells_what_a_harvest_file_is(file):
    with serve(30) as server:
        run("harvest", server.url, file, *QUICK)
    text = run("info", file)
    assert text.returncode == 0
    assert "30 records of oai_dc, complete" in text.stdout
    facts = json.loads(run("info", file, "--format", "json").stdout)
    assert facts["question"]["prefix"] == "oai_dc"
    assert facts["runs"][0]["unique"] == 30


def test_convert_takes_a_harvest_file(file, tmp_path):
    with serve(30) as server:
        run("harvest", server.url, file, *QUICK)
    done = run("convert", file, str(tmp_path / "out.csv"))
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) >= 31


def test_ctrl_c_ends_with_130_within_a_moment_and_can_be_gone_on_with(file):
    with serve(1000, page_size=10, latency=0.05) as server:
        child = subprocess.Popen(
            [str(BIN / "naturalia"), "harvest", server.url, file, *QUICK], stderr=subprocess.PIPE, text=True
        )
        while len(server.requests) < 10:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        said = child.communicate(timeout=10)[1]
        assert child.returncode == 130
        assert "naturalia update goes on with it" in said
        server.latency = 0
        done = run("update", file, *QUICK)
        assert done.returncode == 0, done.stderr
    assert "1,000 unique" in done.stderr


def test_exit_codes_say_what_went_wrong(file, tmp_path):
    with serve(10) as server:
        assert run("harvest", server.url, file, *QUICK).returncode == 0
        assert run("harvest", server.url, file, *QUICK, "--set", "birds").returncode == 2
        assert run("harvest", server.url, str(tmp_path / "b"), *QUICK, "--prefix", "marc21").returncode == 4
        assert run("update", str(tmp_path / "nothing")).returncode == 2
        assert run("harvest", server.url, str(tmp_path / "no" / "c"), *QUICK).returncode == 2
    assert run("harvest", server.url, str(tmp_path / "d"), *QUICK).returncode == 3
    with serve(250, faults=[faults.WrongSize(900)]) as server:
        done = run("harvest", server.url, str(tmp_path / "e"), *QUICK, "--no-verify")
    assert done.returncode == 5
    assert "650 records less than the list says" in done.stderr


def test_a_dry_run_asks_and_writes_nothing(file, tmp_path):
    with serve(10) as server:
        done = run("harvest", server.url, file, "--since", "2020", "--dry-run")
        assert done.returncode == 0
        assert "makes" in done.stderr
        assert not server.requests
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_database_is_refused_in_words(file):
    import sqlite3

    with sqlite3.connect(file) as other:
        other.execute("create table a (b)")
    other.close()
    for verb in (["info"], ["cat"], ["harvest", "http://127.0.0.1:9/oai"]):
        done = run(*verb, file)
        assert done.returncode == 2
        assert "no harvest file" in done.stderr


def test_a_file_of_the_nba_is_shown_as_media_and_updated_at_a_cost_that_is_said_first(file):
    with nat.testing.nba(30) as server:
        nat.harvest(nat.Nba(server.url, rate=None, contact="t@museum.example").multimedia(), file)
        done = run("cat", file, "--as", "media", "--columns", "unit_id,media_url", "--limit", "3")
        assert [sorted(json.loads(line)) for line in done.stdout.splitlines()] == [
            ["media_url", "unit_id"]
        ] * 3
        assert "3 records of nba to media" in done.stderr
        assert run("cat", file, "--as", "medya").returncode == 2
        asked = len(server.requests)
        done = run("update", file, "--dry-run")
        assert (done.returncode, done.stdout) == (0, "")
        assert "all of it again" in done.stderr
        assert "1 request" in done.stderr
        assert len(server.requests) == asked
        done = run("update", file, *QUICK)
        assert done.stderr.startswith("asks for all of it again")
        assert run("update", file, *QUICK, "--quiet", "--fail-if-empty").returncode == 7
    assert '"format": "nba"' in run("info", file, "--format", "json").stdout
