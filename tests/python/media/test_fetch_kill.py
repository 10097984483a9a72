"""Fetching may be stopped or killed at any moment: what has come stays, the rest comes, nothing is torn."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import naturalia as nat
import pytest
from support.commands import BIN
from support.fetching import FAST, fetch, sha

SCRIPT = (
    "import naturalia as nat, sys\n"
    "table = nat.read(sys.argv[1], format='media')\n"
    "nat.fetch(table, sys.argv[2], rate=None, timeout=2, retries=1, progress=False)"
)


def child(server, folder, rows):
    rows.write_bytes(server.jsonl())
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(rows), str(folder)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def whole(folder, server):
    """Whether every file under a name of the manifest is one the server has, whole."""
    truth = {file.sha256 for file in server.files.values()}
    with closing(sqlite3.connect(folder / "manifest.sqlite")) as base, base:
        known = base.execute("SELECT path, sha256 FROM medium WHERE path IS NOT NULL").fetchall()
    named = {path for path, _ in known}
    for path in folder.rglob("*"):
        if path.suffix in (".jpg", ".png"):
            assert sha(path) in truth, f"{path} is torn"
            assert str(path.relative_to(folder)) in named, f"{path} is in no manifest"
    return len(known)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_it_ends_with_every_file(tmp_path, seed):
    chance = random.Random(seed)
    folder = tmp_path / "img"
    with nat.testing.media(150, latency=0.004, size=20_000, wrong=0.05, times=1) as server:
        for _ in range(8):
            before = len(server.requests)
            process = child(server, folder, tmp_path / "rows.jsonl")
            target = before + chance.randint(1, 20)
            while len(server.requests) < target and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.random() * 0.05)
            process.kill()
            process.wait()
            if (folder / "manifest.sqlite").exists():
                whole(folder, server)
        server.latency = 0
        for file in server.files.values():
            file.wrong = None
        job = fetch(server, folder)
        assert job.complete
        assert job.counts["ok"] == 150
        assert whole(folder, server) == 150
        assert [row.sha256 for row in job.manifest] == [file.sha256 for file in server.files.values()]
    assert not list(folder.rglob("*.part"))


def test_a_large_file_goes_on_where_it_was_killed(tmp_path):
    folder = tmp_path / "img"
    with nat.testing.media(1, size=3_000_000) as server:
        server.faults.append(nat.testing.faults.Drip(pieces=60_000, pause=0.05, times=1))
        process = child(server, folder, tmp_path / "rows.jsonl")
        part = folder / "TEST.1_1.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size > 900_000):
            time.sleep(0.01)
        process.kill()
        process.wait()
        have = part.stat().st_size
        job = fetch(server, folder)
        assert job.complete
        assert sha(folder / "TEST.1_1.jpg") == server.files["1.jpg"].sha256
        assert server.requests[-1].headers["range"] == f"bytes={have}-"
        assert server.requests[-1].status == 206
        assert job.received == 3_000_000 - have


def test_a_file_that_had_come_but_not_got_its_name_is_not_fetched_again(tmp_path):
    with nat.testing.media(2) as server:
        fetch(server, tmp_path)
        # As a kill between the two steps leaves it.
        (tmp_path / "TEST.1_1.jpg").rename(tmp_path / "TEST.1_1.part")
        asked = len(server.requests)
        job = fetch(server, tmp_path)
        assert len(server.requests) == asked
        assert (tmp_path / "TEST.1_1.jpg").exists()
    assert any("lacked the name" in note for note in job.notes)


@pytest.mark.parametrize("slow", ["latency", "drip", "busy"])
def test_ctrl_c_is_answered_at_once_and_the_same_command_goes_on(tmp_path, slow):
    wrong = {"drip": 1.0, "busy": 1.0}.get(slow, 0)
    with nat.testing.media(40, size=50_000, latency=0.5 * (slow == "latency"), retry_after="60") as server:
        for file in server.files.values():
            file.wrong = slow if wrong else None
        rows = tmp_path / "rows.jsonl"
        rows.write_bytes(server.jsonl())
        command = [BIN / "naturalia", "fetch", rows, tmp_path / "img", "--rate", "1000/s"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while len(server.requests) < 2 and process.poll() is None:
            time.sleep(0.01)
        server.latency = 600 if slow == "latency" else 0
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)  # long before the server answers
        assert process.returncode == 130, said
        assert "the same command goes on" in said
        server.latency = 0
        for file in server.files.values():
            file.wrong = None
        assert fetch(server, tmp_path / "img").complete


def test_two_at_once_in_one_folder_are_one_too_many(tmp_path):
    with nat.testing.media(20, latency=0.2) as server:
        process = child(server, tmp_path / "img", tmp_path / "rows.jsonl")
        while not server.requests and process.poll() is None:
            time.sleep(0.01)
        with pytest.raises(nat.errors.HarvestLocked, match="fetching into this folder"):
            fetch(server, tmp_path / "img")
        server.latency = 0
        assert process.wait(20) == 0
        assert nat.fetch(nat.read(server.jsonl(), format="media"), tmp_path / "img", **FAST).complete
