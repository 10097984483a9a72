"""A harvest may be killed at any moment: what was committed stays, the rest comes again, nothing twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import naturalia as nat
import pytest
from naturalia.testing import generate, serve
from support.harvest_files import got, harvest, truth

SCRIPT = (
    "import naturalia as nat, sys\n"
    "nat.harvest(sys.argv[1], sys.argv[2], rate=1000, windows=int(sys.argv[3]), contact='t@museum.example')"
)


def killed(server, path, *, after, pause, windows=1):
    """Starts a harvest and kills it after so many requests and a pause; whether it was still running."""
    before = len(server.requests)
    command = [sys.executable, "-c", SCRIPT, server.url, path, str(windows)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while len(server.requests) - before < after and child.poll() is None:
        time.sleep(0.001)
    time.sleep(pause)
    child.send_signal(signal.SIGKILL)
    return child.wait() == -signal.SIGKILL


def kill_often(path, times, *, seed, windows=1, **provider):
    """Kills harvests of one file at random moments, then lets one come to its end."""
    chance = random.Random(seed)
    kills = 0
    with serve(generate(40 * times + 200, deleted=0), page_size=10, latency=0.004, **provider) as server:
        while kills < times:
            after, pause = chance.randint(1, 9), chance.random() * 0.03
            if not killed(server, path, after=after, pause=pause, windows=windows):
                break
            kills += 1
        server.latency = 0
        h = harvest(server, path)
        assert got(h.current()) == truth(server)
        assert h.complete
        assert h.verify() == []
        assert os.listdir(Path(path).parent) == [Path(path).name]
    return kills, h


def test_a_harvest_that_is_killed_again_and_again_ends_with_every_record(tmp_path):
    kills, h = kill_often(tmp_path / "a.sqlite", 20, seed=1)
    assert kills == 20
    assert h.tally.verified


@pytest.mark.parametrize(("windows", "policy"), [(3, "persistent"), (1, "no")])
def test_windows_and_the_second_look_survive_being_killed(tmp_path, windows, policy):
    kills, _ = kill_often(tmp_path / "a.sqlite", 5, seed=2, windows=windows, deleted_record=policy)
    assert kills == 5


@pytest.mark.soak
def test_two_hundred_moments(tmp_path):
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        kills, _ = kill_often(folder / "a.sqlite", 20, seed=100 + seed, windows=1 + seed % 3)
        assert kills == 20


def test_an_update_that_is_killed_brings_all_changes(tmp_path):
    path = tmp_path / "a.sqlite"
    with serve(generate(300, deleted=0), page_size=10, latency=0.01) as server:
        h = harvest(server, path)
        server.update(*(item.identifier for item in server.records[::2]))
        assert killed(server, path, after=8, pause=0.01)
        assert not nat.Harvest(path).complete
        h = harvest(server, path)
        assert got(h.current()) == truth(server)
        assert h.changes("last").count() == 150


def test_only_what_was_not_committed_is_asked_for_again(tmp_path):
    path = tmp_path / "a.sqlite"
    with serve(generate(400, deleted=0), page_size=10, latency=0.05) as server:
        assert killed(server, path, after=25, pause=0)
        harvest(server, path)
        assert len(server.requests) <= 41 + 8


def test_a_full_disk_keeps_what_came(tmp_path):
    path = tmp_path / "a.sqlite"
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))\n"
        "import naturalia as nat\n"
        "try:\n    nat.harvest(sys.argv[1], sys.argv[2], rate=1000)\n"
        "except OSError as error:\n    print(type(error).__name__, error)\n"
    )
    with serve(generate(2000, deleted=0), page_size=50) as server:
        command = [sys.executable, "-W", "ignore", "-c", limited, server.url, path]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "OSError" in done.stdout
        assert "goes on where it was" in done.stdout
        h = harvest(server, path)
        assert got(h.current()) == truth(server)
    assert h.verify() == []


def test_a_folder_that_can_not_be_written_is_said_to_be_one(tmp_path):
    with serve(10) as server:
        with pytest.raises(FileNotFoundError):
            harvest(server, tmp_path / "nowhere" / "a.sqlite")
        with pytest.raises(IsADirectoryError):
            harvest(server, tmp_path)


def test_a_folder_without_permission_is_said_to_be_one(tmp_path):
    # A user without rights, for root may write everywhere; a harvest before has Python import all it needs.
    script = (
        "import naturalia as nat, os, sys\n"
        "nat.harvest(sys.argv[1], sys.argv[3], rate=1000)\n"
        "os.getuid() or os.setuid(65534)\n"
        "try:\n    nat.harvest(sys.argv[1], sys.argv[2] + '/a.sqlite', rate=1000)\n"
        "except PermissionError as error:\n    print(error, getattr(error, 'hint', ''))\n"
    )
    with tempfile.TemporaryDirectory() as folder, serve(10) as server:
        Path(folder).chmod(0o555)
        command = [sys.executable, "-W", "ignore", "-c", script, server.url, folder, tmp_path / "b.sqlite"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        Path(folder).chmod(0o700)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{folder}/a.sqlite" in done.stdout
        assert os.listdir(folder) == []


def test_a_read_only_file_can_be_read(tmp_path):
    path = tmp_path / "a.sqlite"
    with serve(50) as server:
        harvest(server, path)
    path.chmod(0o400)
    assert len(nat.Harvest(path).current().collect()) == 50


def test_a_copy_is_a_harvest_of_its_own(tmp_path):
    path, copy = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    with serve(generate(100, deleted=0), page_size=10) as server:
        harvest(server, path)
        shutil.copy(path, copy)
        server.update(server.records[3].identifier)
        harvest(server, copy)
        assert got(nat.Harvest(copy).current()) == truth(server)
    assert len(nat.Harvest(path).tallies) == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_an_error_and_never_fewer_records(tmp_path, share):
    path = tmp_path / "a.sqlite"
    with serve(generate(500, deleted=0)) as server:
        harvest(server, path)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(nat.errors.HarvestError, match=r"damaged|no harvest file"):
            nat.Harvest(path).current().collect()
        with pytest.raises(nat.errors.HarvestError):
            harvest(server, path)


def test_a_flipped_byte_in_a_page_is_found(tmp_path):
    path = tmp_path / "a.sqlite"
    with serve(generate(300, deleted=0)) as server:
        h = harvest(server, path)
    bytes_ = bytearray(path.read_bytes())
    at = bytes_.index(b"\x28\xb5\x2f\xfd") + 200  # inside a packed page
    bytes_[at] ^= 0x40
    path.write_bytes(bytes_)
    assert any("damaged" in line for line in h.verify())
    with pytest.raises(nat.errors.HarvestError, match="damaged"):
        h.current().collect()
