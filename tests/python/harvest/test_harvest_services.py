"""Harvests of services that can't tell what has changed: the NBA, the NHM Data Portal, feeds."""

import json
import signal
import subprocess
import sys
import time

import naturalia as nat
import pytest
from naturalia import _core, errors
from naturalia._harvest.resume import load_query
from naturalia.testing import faults
from support.services import (
    SCRIPT,
    Nba,
    Nhm,
    asking,
    document,
    encoded,
    feed,
    ids,
    records,
    scattered,
    serving,
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "larus.sqlite"


def medium(number, scheme="http", **more):
    url = f"{scheme}://medialib.naturalis.nl/file/id/RMNH.{number}/format/large"
    return document(number, serviceAccessPoints=[{"accessUri": url, "format": "image/jpeg"}], **more)


def harvested(server, file, **question):
    with serving(server) as (url, log):
        h = nat.harvest(asking(f"{url}/v2", size=10, **question), file)
    return h, log


class Loop:
    """One server for several runs of a harvest."""

    def __init__(self, service, file, **question):
        self.service, self.file, self.question = service, file, question

    def __enter__(self):
        self._serving = serving(self.service)
        self.url, self.log = self._serving.__enter__()
        return self

    def __exit__(self, *failure):
        self._serving.__exit__(*failure)

    def harvest(self):
        return nat.harvest(asking(f"{self.url}/v2", size=10, **self.question), self.file)


def test_a_list_of_the_nba_goes_into_a_file_as_others_do(file):
    documents = [document(number, modified="2020-01-02T03:04:05+0000") for number in range(25)]
    h, log = harvested(Nba(documents), file)
    assert len(h) == 25
    assert (h.format, h.tally.pages, h.tally.requests, h.tally.declared) == ("nba", 3, 3, 25)
    assert h.tally.verified
    assert h.question["type"] == "multimedia"
    assert h.question["url"].endswith("/v2")
    assert list(h.current().collect()["id"]) == ids(documents)
    assert json.loads(h.raw(ids(documents)[3]))["item"] == documents[3]
    assert h.verify() == []
    assert len(log) == 3
    assert "25 records of nba" in repr(h)
    assert "multimedia" in str(h)


@pytest.mark.parametrize("service", ["query", "download"])
def test_a_list_longer_than_the_window_is_harvested_whole(file, service):
    documents = scattered(300)
    h, _ = harvested(Nba(documents, window=40), file, window=40, service=service)
    assert sorted(h.current().collect()["id"]) == ids(documents)
    assert h.tally.splits > 0
    assert h.verify() == []


def test_records_of_the_portal_and_entries_of_a_feed_are_harvested(file, tmp_path):
    with serving(Nhm(records(250))) as (url, _):
        question = {"action": "vds_basic_query", "params": {"resource_id": "r", "limit": 100}}
        h = nat.harvest(asking(url, kind="nhm", **question), file)
        assert (len(h), h.format) == (250, "nhm")
        assert nat.Harvest(file).update(rate=1000).tally.changed == 0
    with serving(feed([1, None])) as (url, _):
        query = asking(url, kind="atom", url=f"{url}/0")
        with pytest.warns(errors.NaturaliaWarning, match="window"):
            h = nat.harvest(query, tmp_path / "feed.sqlite")
        assert list(h.current().collect()["id"]) == ["tag:0", "tag:1"]
        assert h.verify() == []


def test_an_update_says_its_cost_and_finds_what_is_new_changed_and_gone(file):
    with Loop(Nba([document(number) for number in range(40)]), file) as loop:
        h = loop.harvest()
        assert "about 4 requests" in h.explain()
        size = file.stat().st_size
        h = loop.harvest()
        assert (h.tally.kind, h.tally.new, h.tally.changed, h.tally.gone) == ("update", 0, 0, 0)
        assert h.tally.unique == 40
        assert file.stat().st_size == size
        documents = loop.service.documents
        documents[3] = {**documents[3], "license": "CC BY"}
        del documents[30]
        documents.append(document(99))
        h = nat.Harvest(file).update(rate=1000)
    assert (h.tally.new, h.tally.changed, h.tally.gone, h.tally.renamed) == (1, 1, 1, 0)
    assert h.deletions.found == 1
    assert len(h) == 40
    assert sorted(h.current().collect()["id"]) == ids(documents)
    changes = h.changes().collect()
    gone = document(30)["id"]
    assert sorted(changes["id"]) == sorted([documents[3]["id"], document(99)["id"], gone])
    extra = {one.id: one.extra for one in changes}
    assert any("reply.deleted" in str(part) for part in extra[gone])
    assert list(h.history(documents[3]["id"])["license"]) == ["CC0", "CC BY"]
    assert len(h.history(documents[4]["id"])) == 1
    assert h.verify() == []


def test_a_record_that_comes_back_counts_again(file):
    with Loop(Nba([document(number) for number in range(20)]), file) as loop:
        loop.harvest()
        kept = loop.service.documents.pop(5)
        assert len(loop.harvest()) == 19
        loop.service.documents.append(kept)
        h = loop.harvest()
    assert (len(h), h.tally.new + h.tally.changed, h.deletions.found) == (20, 1, 0)


def test_score_and_order_of_keys_are_no_change(file):
    def dressed(_, kind, _spec, reply):
        if kind == "query":
            items = [
                {"score": 1.5, "item": dict(reversed(one["item"].items()))} for one in reply["resultSet"]
            ]
            return 200, "application/json", json.dumps({**reply, "resultSet": items}, indent=1).encode()
        return None

    with Loop(Nba([document(number) for number in range(20)]), file) as loop:
        loop.harvest()
        loop.service.fault = dressed
        h = loop.harvest()
    assert (h.tally.changed, h.tally.new, h.tally.unique) == (0, 0, 20)


def test_http_that_became_https_is_a_rename_of_addresses_and_of_ids(file):
    with Loop(Nba([medium(number, id=f"http://x/{number:05d}") for number in range(30)]), file) as loop:
        loop.harvest()
        loop.service.documents = [medium(n, "https", id=f"http://x/{n:05d}") for n in range(30)]
        h = loop.harvest()
        assert (h.tally.renamed, h.tally.changed, h.tally.new, h.tally.gone) == (30, 0, 0, 0)
        point = h.current().first()[0].serviceAccessPoints[0]
        assert point["accessUri"].startswith("https://")
        loop.service.documents = [medium(n, "https", id=f"https://x/{n:05d}") for n in range(30)]
        h = loop.harvest()
        assert (h.tally.renamed, h.tally.changed, h.tally.new, h.tally.gone) == (30, 0, 0, 0)
        assert len(h) == 30
        assert h.deletions.found == 0
        loop.service.documents[4] = medium(4, "https", id="https://other/4")
        h = loop.harvest()
        assert (h.tally.renamed, h.tally.new, h.tally.gone) == (1, 0, 0)
    assert h.verify() == []


def test_assets_tell_a_record_of_the_portal_that_has_another_number(file):
    made = [{"_id": str(n), "associatedMedia": [{"assetID": f"asset-{n}"}]} for n in range(20)]
    with serving(Nhm(made)) as (url, _):
        query = asking(url, kind="nhm", action="vds_basic_query", params={"resource_id": "r"})
        nat.harvest(query, file)
        made[3]["_id"] = "1003"
        h = nat.harvest(query, file)
    assert (h.tally.renamed, h.tally.new, h.tally.gone, len(h)) == (1, 0, 0, 20)


def test_purged_records_leave_the_pages_and_stay_away(file):
    documents = [document(number) for number in range(20)]
    with Loop(Nba(documents), file) as loop:
        h = loop.harvest()
        out = [ids(documents)[place] for place in (0, 5, 9, 19)]
        assert h.purge(out) == 4
        assert h.verify() == []
        assert sorted(h.current().collect()["id"]) == [one for one in ids(documents) if one not in out]
        h = loop.harvest()
    assert (len(h), h.tally.withdrawn, h.tally.gone) == (16, 4, 0)
    assert out[0].encode() not in file.read_bytes()


def test_a_service_that_is_empty_for_a_while_does_not_empty_the_file(file):
    with Loop(Nba([document(number) for number in range(150)]), file) as loop:
        loop.harvest()
        loop.service.documents = []
        with pytest.warns(errors.NaturaliaWarning, match="lacks 150"):
            h = loop.harvest()
    assert len(h) == 150


def test_a_harvest_that_ends_short_is_an_error_and_begins_again_later(file):
    def hidden(_, kind, spec, reply):
        if kind == "query" and spec["from"] == 9:
            return 200, "application/json", encoded({**reply, "resultSet": reply["resultSet"][:-1]})
        return None

    with Loop(Nba([document(number) for number in range(25)], fault=hidden), file) as loop:
        with pytest.raises(errors.HarvestIncomplete):
            loop.harvest()
        assert not nat.Harvest(file).complete
        loop.service.fault = None
        h = nat.Harvest(file).update(rate=1000)
    assert (len(h), h.complete, h.tally.kind) == (25, True, "full")


def test_the_size_of_pages_is_no_part_of_the_question(file):
    with Loop(Nba([document(number) for number in range(30)]), file) as loop:
        loop.harvest()
        again = asking(f"{loop.url}/v2", size=15, window=20, service="download")
        assert nat.harvest(again, file).tally.unique == 30
        assert nat.Harvest(file).update(rate=1000).tally.requests > 2


def test_ctrl_c_is_answered_at_once_and_what_came_stays(file):
    with nat.testing.nba(200) as server:
        question = {"type": "multimedia", "specs": [{}], "service": "query", "size": 10}
        server.latency = 0.05
        script = SCRIPT.replace(
            "nat.harvest(query, path)",
            "signal.signal(2, signal.default_int_handler)\n"
            "try:\n    nat.harvest(query, path)\nexcept KeyboardInterrupt:\n    print('stopped')",
        )
        command = [sys.executable, "-c", "import signal\n" + script, server.url, file, json.dumps(question)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        while len(server.requests) < 6:
            time.sleep(0.01)
        server.latency = 600
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60)[0] == b"stopped\n"  # long before the server answers
        assert len(nat.Harvest(file)) >= 40


def test_another_question_or_what_is_for_oai_pmh_is_refused(file):
    with Loop(Nba([document(1)]), file) as loop:
        loop.harvest()
        other = asking(f"{loop.url}/v2", size=10, specs=[{"conditions": []}])
        with pytest.raises(errors.StateMismatch):
            nat.harvest(other, file)
        with pytest.raises(ValueError, match="for OAI-PMH"):
            nat.harvest(other, file, prefix="oai_dc")
        with pytest.raises(TypeError, match="OaiPmh itself"):
            nat.harvest(nat.scan(nat.samples.path("openimages_oai_dc.xml")), file)


def first_runs():
    """A query of each kind of service and a provider of OAI-PMH, that try nothing a second time."""
    once = {"rate": 500, "retries": 0, "contact": "test@museum.example"}
    return {
        "oai-pmh": (lambda: nat.testing.serve(30), lambda url: nat.OaiPmh(url, **once)),
        "nba": (nat.testing.nba, lambda url: nat.Nba(url, **once).multimedia()),
        "nhm": (nat.testing.nhm, lambda url: nat.NhmPortal(url, **once).specimens(genus="Helix")),
        "atom": (nat.testing.atom, lambda url: nat.AtomFeed(url, **once).entries()),
    }


@pytest.mark.parametrize("kind", first_runs())
def test_an_update_asks_as_the_first_run_did(kind, tmp_path):
    serve, source = first_runs()[kind]
    with serve() as server:
        path = tmp_path / "list.sqlite"
        nat.harvest(source(server.url), path)
        server.faults.append(faults.Status(500, times=1, verb="ListRecords" if kind == "oai-pmh" else None))
        with pytest.raises(errors.NaturaliaError):  # a second try would have succeeded
            nat.Harvest(path).update()
        nat.Harvest(path).update()
    if kind != "oai-pmh":
        facts = _core.harvest_facts(str(path))
        assert load_query(facts, contact=None, rate="polite").settings["rate"] == 500
        assert load_query(facts, contact=None, rate=3).settings["rate"] == 3
