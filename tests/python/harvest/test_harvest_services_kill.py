"""A harvest of the NBA may be killed at any moment: its cursor is committed with its pages."""

import os
import random
import signal
import subprocess
import sys
import time

import naturalia as nat
import pytest
from support.services import SCRIPT, asking


def killed(server, path, question, *, after, pause):
    """Starts a harvest and kills it after so many requests and a pause; whether it was still running."""
    import json

    before = len(server.requests)
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, server.url, path, json.dumps(question)])
    while len(server.requests) - before < after and child.poll() is None:
        time.sleep(0.001)
    time.sleep(pause)
    child.send_signal(signal.SIGKILL)
    return child.wait() == -signal.SIGKILL


def kill_often(path, times, *, seed, size, documents, **question):
    """Kills harvests of one file at random moments, then lets one come to its end."""
    question = {"type": "multimedia", "specs": [{}], "service": "query", "size": size, **question}
    chance = random.Random(seed)
    with nat.testing.nba(documents, latency=0.003, window=question.get("window", 10_000)) as server:
        truth = sorted(one["id"] for one in server.documents())
        kills = 0
        while kills < times:
            after, pause = chance.randint(1, 8), chance.random() * 0.02
            if not killed(server, path, question, after=after, pause=pause):
                break
            kills += 1
        server.latency = 0
        h = nat.harvest(asking(server.url, **question), path)
        assert sorted(h.current().collect()["id"]) == truth
        assert (h.complete, h.tally.unique, h.verify()) == (True, len(truth), [])
        assert os.listdir(path.parent) == [path.name]
    return kills, h


@pytest.mark.parametrize(
    ("times", "size", "window", "service"),
    [(20, 4, 10_000, "query"), (8, 10, 60, "query"), (6, 30, 60, "download")],
)
def test_a_harvest_that_is_killed_again_and_again_ends_with_every_document(
    tmp_path, times, size, window, service
):
    kills, _ = kill_often(
        tmp_path / "a.sqlite", times, seed=3, size=size, documents=900, window=window, service=service
    )
    assert kills >= times * 0.7


def test_an_update_that_is_killed_finds_every_change(tmp_path):
    path = tmp_path / "a.sqlite"
    question = {"type": "multimedia", "specs": [{}], "service": "query", "size": 10}
    with nat.testing.nba(300) as server:
        query = asking(server.url, **question)
        nat.harvest(query, path)
        truth = server.documents()
        gone, changed = truth[::10], truth[1::10]
        server.delete("multimedia", *(one["id"] for one in gone))
        server.add("multimedia", *({**one, "title": "another"} for one in changed))
        server.latency = 0.01
        kills = sum(killed(server, path, question, after=after, pause=0.005) for after in (5, 8, 7))
        assert kills == 3
        server.latency = 0
        h = nat.harvest(query, path)
        assert sorted(h.current().collect()["id"]) == sorted(one["id"] for one in server.documents())
    assert (h.tally.changed, h.tally.gone, h.tally.new, h.tally.renamed) == (len(changed), len(gone), 0, 0)
    assert h.verify() == []
