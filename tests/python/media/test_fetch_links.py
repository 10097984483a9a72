"""Nothing is read, written or deleted outside the folder: not by names in a manifest, not through links."""

import errno
import os
import sqlite3
import struct
import sys
from pathlib import Path

import naturalia as nat
import pytest
from support.building import dc, page, record, title

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links as POSIX has them")

TEXT = b"what others own\n"


@pytest.fixture
def outside(tmp_path):
    """A folder beside those that are written to; afterwards every byte of it has to be as it was."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("victim", "TEST.1_1.jpg", "TEST.1_1.jpg.json"):
        (folder / name).write_bytes(TEXT)
    before = state(folder)
    yield folder
    assert state(folder) == before


def state(folder):
    """Everything about the files of a folder that writing could change, but for the count of their names."""
    return {
        path.name: (path.read_bytes(), path.lstat().st_mtime_ns, path.lstat().st_ino, path.lstat().st_mode)
        for path in sorted(folder.iterdir())
    }


def fetch(folder, count=1, **how):
    with nat.testing.media(count) as server:
        table = nat.read(server.jsonl(), format="media")
        return nat.fetch(table, folder, rate=None, progress=False, **how)


def change(folder, **cells):
    """Writes cells of the only row of a manifest, as another program could have."""
    with sqlite3.connect(folder / "manifest.sqlite") as opened:
        for column, value in cells.items():
            opened.execute(f"UPDATE medium SET {column} = ?", (value,))
    opened.close()


# --- names in a manifest ---

LEADING_OUT = [
    "../outside/victim",
    "a/../../outside/victim",
    "./victim",
    "ABSOLUTE",
    "//server/share",
    "\\\\server\\share",
    "..\\outside\\victim",
    "C:victim",
    "C:/victim",
    "victim\0.jpg",
    "a//victim",
    "victim/",
    "..",
    ".",
    "",
    "NUL",
    "a/com1.txt",
    "victim.",
    "victim ",
    "line\nbreak",
    "\u202egpj.exe",
    "x" * 300,
]


@pytest.mark.parametrize("column", ["name", "path"])
@pytest.mark.parametrize("wrong", LEADING_OUT)
def test_a_manifest_with_a_name_that_leads_elsewhere_is_refused(tmp_path, outside, wrong, column):
    folder = tmp_path / "img"
    fetch(folder)
    wrong = str(outside / "victim") if wrong == "ABSOLUTE" else wrong
    change(folder, **{column: wrong})
    before = state(folder)
    for how in ({}, {"update": "check"}, {"update": "replace"}, {"dry_run": True}):
        with pytest.raises(nat.errors.HarvestError) as caught:
            fetch(folder, **how)
        assert "name of a file in its folder" in caught.value.message
        assert caught.value.source == str(folder / "manifest.sqlite")
        assert "fetch into another folder" in caught.value.hint
    after = state(folder)
    assert {name: before[name] for name in before if name != "manifest.sqlite"} == {
        name: after[name] for name in after if name != "manifest.sqlite"
    }


@pytest.mark.parametrize(
    "path", ["manifest.sqlite", "ATTRIBUTION.csv", "Attribution.CSV", "manifest.sqlite-journal"]
)
def test_a_manifest_with_the_name_of_our_own_files_is_refused(tmp_path, path):
    fetch(tmp_path / "img")
    change(tmp_path / "img", path=path)
    with pytest.raises(nat.errors.HarvestError, match="name of a file in its folder"):
        fetch(tmp_path / "img", update="replace")


@pytest.mark.usefixtures("outside")
def test_the_rows_of_a_changed_manifest_are_refused_too(tmp_path):
    job = fetch(tmp_path / "img")
    change(tmp_path / "img", path="../outside/victim")
    with pytest.raises(nat.errors.HarvestError):
        len(job.manifest)


def test_displays_show_no_picture_from_outside_the_folder(tmp_path):
    pytest.importorskip("PIL")
    from naturalia._media.thumbnails import Pictures

    folder, secret = tmp_path / "img", tmp_path / "secret.jpg"
    job = fetch(folder)
    file = folder / job.manifest["path"][0]
    media_id = job.manifest["media_id"][0]
    secret.write_bytes(file.read_bytes())
    assert Pictures(folder).path(media_id) == str(file)
    for path in ("../secret.jpg", str(secret), "a/../../secret.jpg"):
        change(folder, path=path)
        assert Pictures(folder).path(media_id) is None
        assert Pictures(job).path(media_id) is None
    change(folder, path="linked.jpg")
    (folder / "linked.jpg").symlink_to(secret)
    assert Pictures(folder).path(media_id) is None
    change(folder, path="sub/secret.jpg")
    (folder / "sub").symlink_to(tmp_path, target_is_directory=True)
    assert Pictures(folder).path(media_id) is None
    # Paths that the user gives are the user's.
    assert Pictures({media_id: folder / "linked.jpg"}).path(media_id) == str(folder / "linked.jpg")


# --- links in the folder ---

WRITTEN = [
    "TEST.1_1.part",
    "TEST.1_1.jpg.json",
    "TEST.1_1.jpg.json.part",
    "ATTRIBUTION.csv",
    "ATTRIBUTION.csv.part",
]


@pytest.mark.parametrize("kind", ["symlink", "dangling", "hardlink", "folder"])
@pytest.mark.parametrize("name", WRITTEN)
def test_no_file_that_is_written_follows_a_link(tmp_path, outside, name, kind):
    folder = tmp_path / "img"
    folder.mkdir()
    plant(folder / name, outside, kind)
    if kind == "folder" and not name.endswith("csv.part"):
        # A link to a folder is a link like any other.
        assert (folder / name).is_symlink()
    job = fetch(folder)
    assert job.counts["ok"] == 1, list(job.failed)
    # What was fetched is a file of its own: not a link, and without other names.
    for path in ("TEST.1_1.jpg", "TEST.1_1.jpg.json", "ATTRIBUTION.csv"):
        found = (folder / path).lstat()
        assert found.st_nlink == 1
        assert not (folder / path).is_symlink()
    assert any("part file" in note for note in job.notes) == (name == "TEST.1_1.part")


def plant(path, outside, kind):
    """A link of some kind to the victim outside."""
    if kind == "symlink":
        path.symlink_to(outside / "victim")
    elif kind == "dangling":
        path.symlink_to(outside / "not there")
    elif kind == "hardlink":
        os.link(outside / "victim", path)
    else:
        path.symlink_to(outside, target_is_directory=True)


@pytest.mark.parametrize("kind", ["symlink", "dangling", "hardlink"])
@pytest.mark.parametrize(
    "name", ["manifest.sqlite", "manifest.sqlite-journal", "manifest.sqlite-wal", "manifest.sqlite-shm"]
)
def test_a_manifest_or_journal_that_is_a_link_is_refused(tmp_path, outside, name, kind):
    folder = tmp_path / "img"
    if name != "manifest.sqlite":
        fetch(folder)
    else:
        folder.mkdir()
    plant(folder / name, outside, kind)
    with pytest.raises(nat.errors.HarvestError) as caught:
        fetch(folder)
    assert name in str(caught.value)
    assert "link" in caught.value.message
    assert "move it away" in caught.value.hint


def test_the_place_of_a_file_that_has_become_a_link_is_left_alone(tmp_path, outside):
    folder = tmp_path / "img"
    fetch(folder)
    path = folder / "TEST.1_1.jpg"
    path.unlink()
    path.symlink_to(outside / "victim")
    for how in ({}, {"update": "check"}, {"update": "replace"}):
        job = fetch(folder, **how)
        assert job.counts["altered"] == 1
        assert "regular file" in job.changed["detail"][0]
        assert "left as it is" not in job.changed["reason"][0]
        assert path.is_symlink()


@pytest.mark.parametrize("update", [None, "check", "replace"])
def test_a_sub_folder_replaced_by_a_link_between_two_runs_is_not_followed(tmp_path, outside, update):
    folder = tmp_path / "img"
    fetch(folder, name="sub/{unit_id}_{n}")
    (folder / "sub").rename(tmp_path / "away")
    (folder / "sub").symlink_to(outside, target_is_directory=True)
    job = fetch(folder, name="sub/{unit_id}_{n}", update=update)
    assert job.counts["altered"] == 1
    assert "symbolic link" in job.changed["detail"][0]
    assert "move it away" in job.changed["detail"][0]


def test_a_sub_folder_that_is_a_link_gets_no_files(tmp_path, outside):
    folder = tmp_path / "img"
    folder.mkdir()
    (folder / "sub").symlink_to(outside, target_is_directory=True)
    job = fetch(folder, name="sub/{unit_id}_{n}")
    assert job.failed["reason"] == ["file"]
    assert "symbolic link" in job.failed["detail"][0]
    assert "move it away" in job.failed["detail"][0]


def test_the_folder_itself_is_the_callers_and_may_be_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "img").symlink_to(tmp_path / "disk", target_is_directory=True)
    assert len(fetch(tmp_path / "img")) == 1
    assert (tmp_path / "disk" / "TEST.1_1.jpg").is_file()


@pytest.mark.parametrize("kind", ["symlink", "hardlink"])
def test_a_part_that_was_begun_is_gone_on_with_only_if_it_has_one_name(tmp_path, outside, kind):
    folder = tmp_path / "img"
    with nat.testing.media(1, wrong={"1.jpg": "reset"}) as server:
        table = nat.read(server.jsonl(), format="media")
        nat.fetch(table, folder, rate=None, progress=False, retries=0)
        part = folder / "TEST.1_1.part"
        if part.exists():
            part.unlink()
        plant(part, outside, kind)
        job = nat.fetch(table, folder, rate=None, progress=False, retries=4)
    assert not part.is_symlink()
    assert job.counts["altered"] == 0
    if job.counts["ok"]:
        assert (folder / "TEST.1_1.jpg").lstat().st_nlink == 1


# --- a journal that names another file ---


def journal(database, victim):
    """A rollback journal of no pages that names a super-journal, which SQLite deletes after rolling back.

    https://sqlite.org/fileformat.html#the_rollback_journal
    """
    magic, name = bytes.fromhex("d9d505f920a163d7"), os.fsencode(victim)
    page_size = int.from_bytes(database.read_bytes()[16:18], "big")
    pages = database.stat().st_size // page_size
    header = magic + struct.pack(">IIIII", 0, 0, pages, 512, page_size)
    checksum = sum(struct.unpack(f"{len(name)}b", name)) & 0xFFFFFFFF
    end = struct.pack(">I", 2**30 // page_size + 1) + name + struct.pack(">II", len(name), checksum) + magic
    return header.ljust(512, b"\0") + end


def test_sqlite_itself_would_delete_what_a_journal_names(tmp_path):
    """Otherwise the tests below would test nothing."""
    with sqlite3.connect(tmp_path / "any.sqlite") as opened:
        opened.execute("CREATE TABLE medium (id)")
    opened.close()
    (tmp_path / "victim").write_bytes(TEXT)
    (tmp_path / "any.sqlite-journal").write_bytes(journal(tmp_path / "any.sqlite", tmp_path / "victim"))
    opened = sqlite3.connect(tmp_path / "any.sqlite")
    assert opened.execute("SELECT * FROM medium").fetchall() == []
    opened.close()
    assert not (tmp_path / "victim").exists()


def test_a_journal_from_elsewhere_deletes_nothing(tmp_path, outside):
    folder = tmp_path / "img"
    fetch(folder)
    (folder / "manifest.sqlite-journal").write_bytes(journal(folder / "manifest.sqlite", outside / "victim"))
    for how in ({}, {"dry_run": True}):
        with pytest.raises(nat.errors.HarvestError, match="names another file"):
            fetch(folder, **how)


def test_the_journal_of_a_harvest_file_deletes_nothing(tmp_path, outside):
    with nat.testing.serve(3) as server:
        nat.harvest(nat.OaiPmh(server.url, contact="a@b.example"), tmp_path / "h.sqlite", progress=False)
    (tmp_path / "h.sqlite-journal").write_bytes(journal(tmp_path / "h.sqlite", outside / "victim"))
    with pytest.raises(nat.errors.HarvestError, match="names another file"):
        nat.read(tmp_path / "h.sqlite")


# --- files the user names ---


WRITERS = {
    "out.csv": lambda path: nat.read(page(record(dc(title("x")), 1))).write(path),
    "out.jsonl": lambda path: nat.read(page(record(dc(title("x")), 1))).write(path),
    "out.xml": lambda path: nat.read(page(record(dc(title("x")), 1))).write(path),
    "decide.csv": lambda path: nat.license_report(["CC0", "whatever"]).write(path),
    "decide.xlsx": lambda path: nat.license_report(["CC0", "whatever"]).write(path),
    "rules.tsv": lambda path: nat.crosswalk("oai_dc", "media").write(path),
    "loss.html": lambda path: sample().write(path),
    "loss.csv": lambda path: sample().write(path),
    "loss.xlsx": lambda path: sample().write(path),
    "cite.bib": lambda path: nat.cite(nat.read(nat.samples.path("openimages_oai_oi.xml"))).write(path),
    "page.html": lambda path: nat.report(nat.read(nat.samples.path("openimages_oai_oi.xml")), path),
}


def sample():
    table = nat.read(nat.samples.path("openimages_oai_oi.xml"))
    return nat.crosswalk(table.format, "media").apply(table).loss


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_the_user_names_is_replaced_whole_and_a_link_to_it_stays(tmp_path, name):
    """The link is the user's way to say where the file is; other names of the old file keep the old bytes."""
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / name, tmp_path / name
    target.write_bytes(TEXT)
    os.link(target, tmp_path / "other name")
    link.symlink_to(target)
    WRITERS[name](link)
    assert link.is_symlink()
    assert target.read_bytes() != TEXT
    assert len(target.read_bytes())
    assert (tmp_path / "other name").read_bytes() == TEXT
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_beside_the_one_the_user_names_is_never_a_link(tmp_path, outside):
    from naturalia._table.provenance import BESIDE

    (tmp_path / f"out.csv{BESIDE}").symlink_to(outside / "victim")
    WRITERS["out.csv"](tmp_path / "out.csv")
    assert not (tmp_path / f"out.csv{BESIDE}").is_symlink()


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(tmp_path, name, monkeypatch):
    (tmp_path / name).write_bytes(TEXT)

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        WRITERS[name](tmp_path / name)
    assert Path(tmp_path / name).read_bytes() == TEXT
    assert len(list(tmp_path.iterdir())) == 1
