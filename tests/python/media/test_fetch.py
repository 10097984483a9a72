"""Fetching media: what is right comes whole, what is wrong is said, nothing is overwritten or left out."""

import json
import sqlite3
from contextlib import closing

import naturalia as nat
import pytest
from naturalia._media.plan import FetchPlan
from naturalia.testing import MediaFile, faults
from support.fetching import FAST, fetch, sha, table


def by_id(job):
    return {row.media_id: row for row in job.manifest}


def wrong_of(server):
    return {f"m{n}": file.wrong for n, file in enumerate(server.files.values(), 1)}


def test_every_file_comes_whole_under_the_name_its_record_gives(tmp_path):
    with nat.testing.media(7) as server:
        job = fetch(server, tmp_path / "img")
        truth = [file.sha256 for file in server.files.values()]
    assert repr(job) == f"<FetchJob {tmp_path / 'img'}: 7 files>"
    assert job.manifest["path"][:3] == ["TEST.1_1.jpg", "TEST.1_2.jpg", "TEST.2_1.jpg"]
    assert job.manifest["sha256"] == truth == [sha(tmp_path / "img" / path) for path in job.manifest["path"]]
    assert job.complete
    assert len(job.failed) == 0
    assert job.counts["ok"] == 7
    assert not list(tmp_path.rglob("*.part"))


def test_two_hundred_files_with_every_fault_are_all_accounted_for(tmp_path):
    kinds = list(nat.testing.WRONGS)
    with nat.testing.media(200, wrong=0.1, latency=0.001) as server:
        job = fetch(server, tmp_path)
        wrong, files = wrong_of(server), list(server.files.values())
        rows = by_id(job)
        assert set(filter(None, wrong.values())) == set(kinds), "every kind has happened"
        assert len(rows) == 200
        for n, file in enumerate(files, 1):
            row = rows[f"m{n}"]
            if row.status == "ok":
                assert row.sha256 == file.sha256 == sha(tmp_path / row.path)
            else:
                assert row.status == "failed", row
                assert all([row.reason, row.detail, wrong[f"m{n}"]]), row
        assert {f"m{n}" for n, file in enumerate(files, 1) if not file.wrong} <= {
            name for name, row in rows.items() if row.status == "ok"
        }
        assert job.counts["ok"] + job.counts["failed"] == 200
        for file in files:
            file.wrong = None
        again = fetch(server, tmp_path)
        assert again.counts["ok"] == 200, "what failed is tried again"
        assert by_id(again)["m1"].fetched_at == rows["m1"].fetched_at, "what is there is left alone"
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    ("wrong", "reason", "words"),
    [
        ("missing", "http-404", "nothing is there"),
        ("html", "html", "it is a page of HTML: Terms of use"),
        ("posing", "html", "it is a page of HTML: Log in"),
        ("other", "wrong-type", "application/pdf, where image was promised"),
        ("empty", "empty", "the file is empty"),
        ("cut", "network", "ended before the answer did"),
        ("long", "network", "ended before the answer did"),
        ("short", "cut", "before its end"),
        ("drip", "slow", "too slow"),
        ("private", "private-address", "169.254.169.254"),
        ("elsewhere", "network", "no address of the web"),
        ("loop", "network", "redirects"),
    ],
)
def test_a_file_that_cannot_be_had_is_reported_with_its_reason(tmp_path, wrong, reason, words):
    with nat.testing.media(2, wrong={"1.jpg": wrong}) as server:
        job = fetch(server, tmp_path, retries=1)
    assert job.failed["reason"] == [reason]
    assert words in job.failed["detail"][0]
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == ["TEST.1_2.jpg"]


@pytest.mark.parametrize("wrong", ["busy", "cut", "reset", "long", "short", "moving", "drip"])
def test_a_fault_that_passes_costs_nothing_but_time(tmp_path, wrong):
    with nat.testing.media(3, wrong={"2.jpg": wrong}, times=1, retry_after="0") as server:
        job = fetch(server, tmp_path)
        assert job.complete
        assert [row.sha256 for row in job.manifest] == [file.sha256 for file in server.files.values()]


def test_what_has_come_is_not_asked_for_twice(tmp_path):
    with nat.testing.media(1, size=200_000, wrong={"1.jpg": "cut"}, times=1) as server:
        job = fetch(server, tmp_path)
        assert job.complete
        assert job.received == len(server.files["1.jpg"].body) == 200_000
        first, second = server.requests
        assert "range" not in first.headers
        assert second.headers["range"] == "bytes=100000-"
        assert second.status == 206
        assert second.headers["if-range"] == server.files["1.jpg"].etag


@pytest.mark.parametrize("server_has", [{"ranges": False}, {"tags": False}])
def test_a_server_without_ranges_or_tags_is_asked_from_the_start(tmp_path, server_has):
    with nat.testing.media(1, size=100_000, wrong={"1.jpg": "cut"}, times=1, **server_has) as server:
        job = fetch(server, tmp_path)
        assert job.complete
        assert job.manifest["sha256"] == [next(iter(server.files.values())).sha256]


def test_a_file_that_changes_between_two_tries_is_never_put_together_of_both(tmp_path):
    with nat.testing.media(1, size=100_000, wrong={"1.jpg": "moving"}, times=2) as server:
        job = fetch(server, tmp_path, retries=3)
        assert job.manifest["sha256"] == [next(iter(server.files.values())).sha256]


def test_numbers_stay_with_their_medium(tmp_path):
    with nat.testing.media(6) as server:
        rows = server.rows
        later = "".join(json.dumps(row) + "\n" for row in [rows[3], rows[1], rows[2]]).encode()
        nat.fetch(nat.read(later, format="media"), tmp_path, **FAST)
        job = fetch(server, tmp_path)
    names = {row.media_id: row.path for row in job.manifest}
    assert names["m4"] == "TEST.2_1.jpg"
    assert names["m3"] == "TEST.2_2.jpg"
    assert names["m2"] == "TEST.1_1.jpg"
    assert names["m1"] == "TEST.1_2.jpg"


def test_a_medium_that_comes_twice_is_fetched_once_and_said_to(tmp_path):
    with nat.testing.media(2) as server:
        twice = server.jsonl() * 2
        other = json.dumps({**server.rows[0], "media_url": server.url + "2.jpg"}).encode() + b"\n"
        job = nat.fetch(nat.read(twice + other, format="media"), tmp_path, **FAST)
        assert len(server.requests) == 2
    assert len(job.manifest) == 2
    assert any("2 rows of a medium that came before: fetched once" in note for note in job.notes)
    assert any("another address" in note for note in job.notes)


def test_files_of_others_are_never_overwritten(tmp_path):
    (tmp_path / "TEST.1_1.jpg").write_bytes(b"mine")
    with nat.testing.media(2) as server:
        job = fetch(server, tmp_path)
        assert job.failed["reason"] == ["exists"]
        assert (tmp_path / "TEST.1_1.jpg").read_bytes() == b"mine"
        (tmp_path / "TEST.1_1.jpg").write_bytes(server.files["1.jpg"].body)
        assert fetch(server, tmp_path).complete, "the same file under the name is the file"


def test_a_file_that_changed_at_its_source_is_reported_and_kept(tmp_path):
    with nat.testing.media(3) as server:
        before = fetch(server, tmp_path)
        old = server.files["1.jpg"].body
        server.files["1.jpg"].body = server.files["2.jpg"].body
        del server.files["3.jpg"]
        rows = nat.read(json.dumps(server.rows[0]).encode(), format="media")
        asked = len(server.requests)
        nat.fetch(rows, tmp_path, **FAST)
        assert len(server.requests) == asked, "files that are there are not asked for again unless told so"
    assert before.complete
    assert (tmp_path / "TEST.1_1.jpg").read_bytes() == old


def test_checking_says_what_changed_and_what_is_gone_and_replacing_takes_what_changed(tmp_path):
    with nat.testing.media(4) as server:
        media = table(server)
        nat.fetch(media, tmp_path, **FAST)
        old = server.files["1.jpg"].body
        server.files["1.jpg"] = MediaFile("1.jpg", server.files["2.jpg"].body + b"\0", "image/jpeg")
        del server.files["3.jpg"]
        job = nat.fetch(media, tmp_path, update="check", **FAST)
        rows = by_id(job)
        assert [rows[f"m{n}"].status for n in (1, 2, 3, 4)] == ["changed", "ok", "gone", "ok"]
        assert [request.status for request in server.requests[-4:]].count(304) == 2
        assert sorted(row.media_id for row in job.changed) == ["m1", "m3"]
        assert (tmp_path / "TEST.1_1.jpg").read_bytes() == old
        assert (tmp_path / "TEST.2_1.jpg").exists()
        job = nat.fetch(media, tmp_path, update="replace", **FAST)
        assert by_id(job)["m1"].reason == "replaced"
        assert (tmp_path / "TEST.1_1.jpg").read_bytes() == server.files["1.jpg"].body


def test_files_gone_from_the_folder_are_fetched_again_and_changed_ones_left_alone(tmp_path):
    with nat.testing.media(3) as server:
        fetch(server, tmp_path)
        (tmp_path / "TEST.1_1.jpg").unlink()
        (tmp_path / "TEST.1_2.jpg").write_bytes(b"edited")
        job = fetch(server, tmp_path)
    assert (tmp_path / "TEST.1_1.jpg").exists()
    assert job.changed["reason"] == ["altered-here"]
    assert (tmp_path / "TEST.1_2.jpg").read_bytes() == b"edited"


def test_a_dry_run_asks_nobody_and_writes_nothing(tmp_path):
    with nat.testing.media(3) as server:
        job = fetch(server, tmp_path / "img", dry_run=True)
        assert not server.requests
    assert not (tmp_path / "img").exists()
    assert repr(job).endswith("3 files would be fetched>")
    assert job.manifest["status"] == ["pending"] * 3


def test_a_limit_leaves_the_rest_for_another_time(tmp_path):
    with nat.testing.media(5) as server:
        job = fetch(server, tmp_path, limit=2)
        assert (job.counts["ok"], job.counts["pending"]) == (2, 3)
        assert len(server.requests) == 2
        assert fetch(server, tmp_path).counts["ok"] == 5
        assert len(server.requests) == 5


def test_a_file_larger_than_allowed_is_not_fetched_to_its_end(tmp_path):
    with nat.testing.media(1, size=300_000) as server:
        job = fetch(server, tmp_path, max_bytes="100 kB")
    assert job.failed["reason"] == ["too-large"]
    assert not list(tmp_path.rglob("*.part"))


def test_sidecars_and_the_list_of_credits_say_whose_it_is(tmp_path):
    with nat.testing.media(2) as server:
        job = fetch(server, tmp_path)
    beside = json.loads((tmp_path / "TEST.1_1.jpg.json").read_text())
    assert beside["file"]["sha256"] == job.manifest["sha256"][0]
    assert beside["license"]["uri"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert beside["media"]["scientific_name"].startswith("Larus")
    assert "residue" not in beside["media"]
    lines = (tmp_path / "ATTRIBUTION.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("path,title,creator,license")
    assert "TEST.1_1.jpg,Picture 1,A. Person,CC0 1.0" in lines[1]


def test_only_the_host_of_the_table_may_be_inside(tmp_path):
    with nat.testing.media(4) as server, nat.testing.media(2) as other:
        rows = server.rows
        rows[0]["media_url"] = other.url + "1.jpg"
        rows[1]["media_url"] = "http://169.254.169.254/latest/meta-data/"
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        job = nat.fetch(nat.read(text, format="media"), tmp_path, **FAST)
        assert job.failed["reason"] == ["private-address"] * 2
        assert not other.requests
        allowed = server.url.split("/")[2], other.url.split("/")[2]
        job = nat.fetch(nat.read(text, format="media"), tmp_path, inside=allowed, **FAST)
        assert job.failed["media_id"] == ["m2"]
        assert other.requests


def test_redirects_within_a_host_are_followed(tmp_path):
    with nat.testing.media(2) as server:
        server.faults.append(faults.Redirect(server.url + "2.jpg", request=1))
        job = fetch(server, tmp_path, connections=1)
    assert job.complete
    assert job.manifest["sha256"][0] == server.files["2.jpg"].sha256


def test_a_table_of_another_format_is_mapped_first(tmp_path):
    t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
    job = nat.fetch(t, tmp_path / "oi", dry_run=True)
    assert job.counts["pending"] == 5
    assert job.counts["refused"] == 1
    job = nat.fetch(nat.scan(nat.samples.path("openimages_oai_oi.xml")), tmp_path / "oi", dry_run=True)
    assert job.counts["pending"] == 5


def test_a_frame_with_the_columns_of_media_will_do(tmp_path):
    pandas = pytest.importorskip("pandas")
    with nat.testing.media(3) as server:
        frame = pandas.DataFrame(server.rows)[["media_id", "media_url", "license_uri"]]
        job = nat.fetch(frame, tmp_path, name="{media_id}", **FAST)
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == ["m1.jpg", "m2.jpg", "m3.jpg"]
    assert job.complete


def test_a_table_without_media_is_refused():
    with pytest.raises(ValueError, match="needs the column media_url"):
        nat.fetch(nat.read(nat.samples.path("identify.xml")), "x", dry_run=True)


def test_the_manifest_is_a_database_anybody_can_read(tmp_path):
    with nat.testing.media(2) as server:
        fetch(server, tmp_path)
    with closing(sqlite3.connect(tmp_path / "manifest.sqlite")) as base, base:
        assert base.execute("SELECT media_id, path, status FROM medium ORDER BY id").fetchall()[0] == (
            "m1",
            "TEST.1_1.jpg",
            "ok",
        )
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / "manifest.sqlite")) as base, base:
        base.execute("PRAGMA application_id = 7")
        base.execute("CREATE TABLE t (x)")
    with pytest.raises(ValueError, match="no manifest"):
        nat.fetch(table(server), tmp_path / "other", **FAST)


def test_a_server_that_stays_broken_is_named_by_its_status(tmp_path):
    with nat.testing.media(1, faults=[faults.Status(502)]) as server:
        job = fetch(server, tmp_path, retries=1)
    assert job.failed["reason"] == ["http-502"]
    assert job.failed["detail"][0].endswith("(tried once more)")


def test_hosts_that_say_nothing_are_left_alone_and_every_file_is_still_listed(tmp_path):
    with nat.testing.media(20) as server:
        media = table(server)
    job = nat.fetch(media, tmp_path, **{**FAST, "retries": 0})
    assert job.counts["failed"] == 20
    assert {reason for _, reason in job.reasons} == {"network", "host-silent"}


def test_it_shows_itself_in_words_and_in_a_notebook(tmp_path):
    with nat.testing.media(3, wrong={"2.jpg": "html"}) as server:
        rows = server.rows
        rows[1]["media_id"] = "<script>alert(1)</script>"
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        job = nat.fetch(nat.read(text, format="media"), tmp_path, **FAST)
    assert "1 failed (html 1)" in str(job)
    assert "job.failed" in str(job)
    assert "<script>" not in job._repr_html_()
    assert "Terms of use" in job._repr_html_()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"license": "opne"}, "did you mean 'open'"),
        ({"allow": "all"}, "conditional"),
        ({"update": "chek"}, "did you mean 'check'"),
        ({"name": "../{unit_id}"}, "stay in the folder"),
        ({"name": "/{unit_id}"}, "stay in the folder"),
        ({"name": "{unitid}_{n}"}, "did you mean 'unit_id'"),
        ({"name": "{unit_id"}, "can't be read"),
        ({"max_bytes": "many"}, "200 MB"),
        ({"limit": -1}, "number of files"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice(tmp_path, wrong, words):
    with nat.testing.media(1) as server, pytest.raises(ValueError, match=words):
        fetch(server, tmp_path, **wrong)


def test_a_query_and_its_harvest_are_fetched_as_they_are_where_the_source_is_on_this_machine(tmp_path):
    with nat.testing.media(3) as files:
        documents = [
            {
                "id": f"R.{n}@CRS",
                "sourceSystemId": f"R.{n}",
                "sourceSystem": {"code": "CRS"},
                "unitID": f"R.{n}",
                "license": "CC0 1.0" if n < 3 else "CC BY-NC 4.0",
                "multiMediaPublic": n != 2,
                "serviceAccessPoints": [{"accessUri": f"{files.url}{n}.jpg", "format": "image/jpeg"}],
            }
            for n in (1, 2, 3)
        ]
        with nat.testing.nba(documents) as server:
            query = nat.Nba(server.url, contact="t@museum.example", rate=1000).multimedia()
            harvest = nat.harvest(query, tmp_path / "nba.sqlite", progress=False)
        for number, source in enumerate((harvest, harvest.current(), tmp_path / "nba.sqlite")):
            job = nat.fetch(source, tmp_path / str(number), **FAST)
            assert (job.counts["ok"], job.counts["refused"], job.counts["private"]) == (1, 1, 1)
            assert job.manifest["path"][0] == "R.1_1.jpg"


def test_where_the_source_is_decides_whether_files_may_be_inside():
    plan = FetchPlan.__new__(FetchPlan)
    plan.origins = {"https://museum.example/records", "http://127.0.0.1:8000/oai"}
    assert plan.private_hosts([]) == {"inside": [], "origins": sorted(plan.origins)}, "nothing by majority"
    plan.origins = {"http://127.0.0.1:8000/oai", "http://[::1]/x"}
    assert sorted(plan.private_hosts(["media.lan:80"])["inside"]) == [
        "127.0.0.1:8000",
        "[::1]:80",
        "media.lan:80",
    ]
    assert plan.private_hosts([])["origins"] == []


def test_a_dry_run_does_not_even_give_a_file_its_name(tmp_path):
    with nat.testing.media(2) as server:
        fetch(server, tmp_path)
        (tmp_path / "TEST.1_1.jpg").rename(tmp_path / "TEST.1_1.part")
        before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        fetch(server, tmp_path, dry_run=True)
        assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
