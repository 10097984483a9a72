"""The licence filter of fetch: nothing passes that is not open for certain, whatever the columns state."""

import csv
import itertools
import json
import re
from pathlib import Path

import naturalia as nat
import pytest
from naturalia._licenses.filter import LicenseFilter

ROOT = Path(__file__).parents[3]
STATUSES = [
    "exact",
    "unversioned",
    "invalid",
    "statement",
    "choice",
    "conflict",
    "none",
    None,
    "",
    "EXACT",
    "open",
]
SENTENCES = [
    "public domain",
    "Public Domain",
    "CC BY or CC BY-NC",
    "CC BY 4.0 and CC BY-NC 4.0",
    "CC BY",
    "CC BY-SA",
    "CC BY-NC",
    "CC0 4.0",
    "CC BY 9.0",
    "Creative Commons",
    "All rights reserved",
    "© Museum",
    "free to use",
    "no known restrictions",
    "http://rightsstatements.org/vocab/NoC-US/1.0/",
    "http://rightsstatements.org/vocab/InC/1.0/",
    "https://opendatacommons.org/licenses/by/1-0/",
    "MIT",
    "open",
    "",
    None,
]


def addresses():
    """The address of every tool of Creative Commons, written from its unit, version and port."""
    lines = (ROOT / "src" / "license" / "data" / "tools.tsv").read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
        for port in row["jurisdictions"].split():
            end = "" if port == "-" else f"{port}/"
            folder = {"zero": "publicdomain", "mark": "publicdomain"}.get(row["unit"], "licenses")
            yield f"https://creativecommons.org/{folder}/{row['unit']}/{row['version']}/{end}"


ADDRESSES = list(addresses())
OPEN = re.compile(
    r"https://creativecommons\.org/(licenses/(by|by-sa)/|publicdomain/(zero|mark)/)[0-9.]+/([a-z-]+/)?$"
)


def columns(uri=None, status=None, raw=None, **more):
    found = nat.license(uri or raw)
    return {
        "license_uri": uri,
        "license_code": more.get("code", found.id if uri else None),
        "license_version": found.version if uri else None,
        "license_jurisdiction": found.jurisdiction if uri else None,
        "license_status": status,
        "license_raw": raw,
        "license_basis": more.get("basis", "stated"),
    }


def passes(cells, **how):
    license_filter = LicenseFilter("open", **{"allow": None, **how})
    return license_filter(
        *(
            cells[f"license_{name}"]
            for name in ("uri", "code", "version", "jurisdiction", "status", "raw", "basis")
        )
    )


def test_of_all_tools_and_statuses_only_the_four_open_units_stated_exactly_pass():
    assert len(ADDRESSES) == 639
    let_through = {
        uri
        for uri, status in itertools.product(ADDRESSES, STATUSES)
        if passes(columns(uri, status, uri)).status is None and status
    }
    assert let_through == {uri for uri in ADDRESSES if OPEN.match(uri)}
    for uri, status in itertools.product(ADDRESSES, STATUSES):
        if status not in ("exact", None, ""):
            assert passes(columns(uri, status, uri)).status is not None, (uri, status)


def test_a_frame_without_a_status_is_judged_by_what_is_written():
    for uri in ADDRESSES:
        assert (passes(columns(uri, None, uri)).status is None) == bool(OPEN.match(uri)), uri


@pytest.mark.parametrize("allow", [None, "conditional"])
def test_no_sentence_that_is_not_exact_passes_as_open(allow):
    for text, status in itertools.product(SENTENCES, STATUSES):
        passage = passes(columns(None, status, text), allow=allow)
        conditional = nat.license(text).check("open").verdict == "conditional"
        assert passage.status is not None or (allow and conditional), (text, status)


def test_columns_that_contradict_each_other_never_pass():
    open_uri = "https://creativecommons.org/publicdomain/zero/1.0/"
    for wrong in (
        {"code": "cc-by-nc-4.0"},
        {"raw": "CC BY-NC 4.0"},
        {"raw": "All rights reserved"},
        {"raw": "https://creativecommons.org/licenses/by-nd/4.0/"},
    ):
        cells = {
            **columns(open_uri, "exact", "CC0 1.0"),
            **{f"license_{name}": text for name, text in wrong.items()},
        }
        assert passes(cells).status == "refused", wrong
    cells = {**columns(open_uri, "exact", "CC0 1.0"), "license_version": "4.0"}
    assert passes(cells).reason == "columns-disagree"


def test_an_assumed_version_is_a_condition_and_a_decision_is_none():
    by = "https://creativecommons.org/licenses/by/4.0/"
    assert passes(columns(by, "exact", "CC BY", basis="assumed")).status == "conditional"
    assert passes(columns(by, "exact", "CC BY", basis="assumed"), allow="conditional").status is None
    assert passes(columns(by, "exact", "all rights reserved", basis="decided")).status is None


def rows():
    """A medium for every tool and sentence in every status; the licence of its record is open."""
    open_record = {"record_license_uri": "https://creativecommons.org/publicdomain/zero/1.0/"}
    open_record |= {"record_license_status": "exact", "record_license_code": "cc0-1.0"}
    cells = [columns(uri, status, uri) for uri, status in itertools.product(ADDRESSES[::7], STATUSES)]
    cells += [columns(None, status, text) for text, status in itertools.product(SENTENCES, STATUSES)]
    for number, licence in enumerate(cells):
        place = {"media_id": f"m{number}", "media_url": f"http://h.example/{number}.jpg", "public": True}
        yield {**place, **licence, **open_record}


def test_the_licence_gate_lets_nothing_through_that_is_not_open(tmp_path):
    table = nat.read("".join(json.dumps(row) + "\n" for row in rows()).encode(), format="media")
    job = nat.fetch(table, tmp_path, dry_run=True)
    let_through = {row.media_id for row in job.manifest if row.status == "pending"}
    for row in rows():
        raw = row["license_raw"]
        may = OPEN.match(row["license_uri"] or "") and row["license_status"] in ("exact", None, "")
        by_text = row["license_status"] in (None, "") and nat.license(raw).check("open").verdict == "yes"
        assert (row["media_id"] in let_through) == bool(may or (not row["license_uri"] and by_text)), row
    assert len(job.manifest) == len(list(rows())), "what does not pass is listed, with its reason"
    assert all(row.reason for row in job.manifest if row.status in ("refused", "conditional"))


def test_conditional_ones_are_listed_with_count_and_reason_and_come_when_asked_for(tmp_path):
    with nat.testing.media(4) as server:
        rows = server.rows
        for row in rows[:2]:
            row |= {"license_uri": None, "license_code": "cc-by", "license_version": None}
            row |= {"license_status": "unversioned", "license_raw": "CC BY"}
        rows[2] |= {
            "license_uri": None,
            "license_code": None,
            "license_status": "invalid",
            "license_raw": "CC0 4.0",
        }
        table = nat.read("".join(json.dumps(row) + "\n" for row in rows).encode(), format="media")
        job = nat.fetch(table, tmp_path, rate=None, progress=False)
        assert job.counts["ok"] == 1
        assert job.counts["conditional"] == 2
        assert job.counts["refused"] == 1
        assert job.conditional["reason"] == ["version-unstated"] * 2
        assert "2 open on a condition, not fetched (version-unstated 2)" in str(job)
        job = nat.fetch(table, tmp_path, allow="conditional", rate=None, progress=False)
        assert job.counts["ok"] == 3
        assert job.counts["refused"] == 1


def test_private_media_leave_no_trace_and_are_counted(tmp_path):
    with nat.testing.media(4) as server:
        rows = server.rows
        rows[1]["public"] = rows[2]["public"] = False
        rows[1]["title"] = "hidden away"
        table = nat.read("".join(json.dumps(row) + "\n" for row in rows).encode(), format="media")
        job = nat.fetch(table, tmp_path, rate=None, progress=False)
        assert job.counts["private"] == 2
        assert job.counts["ok"] == 2
        assert len(job.manifest) == 2
        for path in tmp_path.rglob("*"):
            assert b"hidden away" not in path.read_bytes(), path
        assert not any("2.jpg" in request.path for request in server.requests)
        job = nat.fetch(table, tmp_path, include_private=True, rate=None, progress=False)
        assert job.counts["ok"] == 4
        assert job.counts["private"] == 0


def test_a_file_whose_licence_is_no_longer_open_is_reported(tmp_path):
    with nat.testing.media(2) as server:
        rows = server.rows
        read = lambda: nat.read("".join(json.dumps(row) + "\n" for row in rows).encode(), format="media")  # noqa: E731
        nat.fetch(read(), tmp_path, rate=None, progress=False)
        rows[0] |= columns("https://creativecommons.org/licenses/by-nc/4.0/", "exact", "CC BY-NC 4.0")
        job = nat.fetch(read(), tmp_path, rate=None, progress=False)
    assert job.changed["status"] == ["withdrawn"]
    assert job.changed["reason"] == ["not-open-unit"]
    assert (tmp_path / "TEST.1_1.jpg").exists()


def test_the_choice_never_falls_on_a_thumbnail_a_playlist_or_a_segment(tmp_path):
    points = [
        {"uri": "http://h.example/a/thumb.png", "format": "image/png", "variant": "thumbnail"},
        {"uri": "http://h.example/a/live.m3u8", "format": "application/x-mpegURL", "variant": "playlist_hls"},
        {"uri": "http://h.example/a/1.ts", "format": "video/mp2t", "variant": "hd"},
        {"uri": "http://h.example/a/film_sd.mp4", "format": "video/mp4", "variant": "sd"},
        {"uri": "http://h.example/a/film_hd.mp4", "format": "video/mp4", "variant": "hd"},
        {"uri": "http://h.example/a/film.ogv", "format": "video/ogg", "variant": "source"},
    ]
    licence = columns("https://creativecommons.org/publicdomain/zero/1.0/", "exact", "CC0 1.0")

    def chosen(access, **how):
        row = {"media_id": "m", "access": access, **licence}
        job = nat.fetch(
            nat.read(json.dumps(row).encode(), format="media"), tmp_path, name="m", dry_run=True, **how
        )
        (found,) = job.manifest
        return found.url if found.status == "pending" else found.reason

    assert chosen(points).endswith("film.ogv")
    assert chosen(points, format="mp4").endswith("film_hd.mp4")
    assert chosen(points, format="video/mp4", variant="sd").endswith("film_sd.mp4")
    assert chosen(points, variant="thumbnail").endswith("thumb.png")
    assert chosen(points, format="png") == "only-thumbnail"
    assert chosen(points[:3]) == "only-thumbnail"
    assert chosen(points[1:3]) == "only-playlist"
    assert chosen(points, format="jpeg") == "no-format"
    assert chosen(points, variant="original") == "no-variant"
    assert chosen([]) == "no-address"
