"""The samples: tables to start with, whose addresses lead nowhere, and pictures of them."""

import json
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import naturalia as nat
import pytest

TABLES = {
    "openimages": (nat.samples.openimages, "oai_oi", 6),
    "nba": (nat.samples.nba, "nba", 8),
    "nhm": (nat.samples.nhm, "media", 6),
    "naturalis": (nat.samples.naturalis, "oai_dc", 5),
}
# Addresses that are names, not places to fetch from: XML namespaces, schemas, licences.
NAMES = ("www.openarchives.org", "www.w3.org", "purl.org", "creativecommons.org")
BARE = """
import sys
for name in ("pandas", "pyarrow", "polars", "duckdb", "PIL", "numpy"):
    sys.modules[name] = None
"""


def media():
    return nat.concat([load() for load, _, _ in TABLES.values()])


@pytest.mark.parametrize("name", TABLES)
def test_a_sample_is_a_table_read_without_repairs(name):
    load, language, count = TABLES[name]
    table = load()
    assert (table.format, len(table)) == (language, count)
    assert not table.report.repairs


@pytest.mark.parametrize("name", nat.samples.NAMES)
def test_addresses_of_samples_are_reserved(name):
    text = Path(nat.samples.path(name)).read_bytes().decode("utf-8", "replace")
    text = re.sub(r'(xmlns(:\w+)?|xsi:schemaLocation)="[^"]*"', "", text)
    hosts = set(re.findall(r"https?://([^/\s\"<]+)", text)) - set(NAMES)
    assert all(host.endswith(".example") for host in hosts), hosts


def test_samples_have_the_licences_that_need_care():
    found = set(zip(media()["license_code"], media()["license_status"], strict=True))
    assert {
        ("cc0-1.0", "exact"),
        ("cc-by-4.0", "exact"),
        ("cc-by-sa-3.0-nl", "exact"),
        ("cc-by-nc-4.0", "exact"),
        ("cc-pdm-1.0", "exact"),
        ("cc-by", "unversioned"),
        (None, "invalid"),
        (None, "none"),
    } <= found


def test_samples_have_titles_names_places_and_dates():
    table = media()
    assert all(title and not re.fullmatch(r"[\w.]+", title) for title in table["title"])
    assert all(
        sum(value is not None for value in table[name]) >= 8 for name in ("lat", "event_date", "genus")
    )


def test_every_sample_with_a_picture_gets_one_of_its_own(tmp_path):
    drawn = nat.samples.pictures(media(), tmp_path / "img", side=64)
    assert len(drawn) == len(set(drawn.values())) == 23
    assert set(drawn) <= set(media()["media_id"])
    for path in drawn.values():
        assert size(Path(path).read_bytes()) == (64, 64)


def test_other_media_get_no_picture(tmp_path):
    row = json.dumps({"media_id": "m1", "title": "A gull"}).encode()
    assert nat.samples.pictures(nat.read(row, format="media"), tmp_path) == {}


@pytest.mark.parametrize("side", [0, 15, 4097])
def test_a_picture_has_a_sensible_size(side, tmp_path):
    with pytest.raises(ValueError, match=f"side={side}: "):
        nat.samples.pictures(media(), tmp_path, side=side)


def size(data):
    """Width and height of a PNG whose checksums and pixels are complete."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    start, pixels, shape = 8, b"", (0, 0)
    while start < len(data):
        length, kind = struct.unpack(">I4s", data[start : start + 8])
        body = data[start + 8 : start + 8 + length]
        assert zlib.crc32(kind + body) == int.from_bytes(
            data[start + 8 + length : start + 12 + length], "big"
        )
        if kind == b"IHDR":
            shape = struct.unpack(">II", body[:8])
        pixels += body if kind == b"IDAT" else b""
        start += length + 12
    assert len(zlib.decompress(pixels)) == shape[1] * (3 * shape[0] + 1)
    return shape


def test_every_motif_is_the_same_picture_each_time_and_more_than_its_background():
    from naturalia.samples._drawings import MOTIFS, draw

    for motif in MOTIFS:
        data = draw(motif, 1, 48)
        assert data == draw(motif, 1, 48)
        assert size(data) == (48, 48)
        pixels = image(data)
        rows = [pixels[start : start + 144] for start in range(0, len(pixels), 144)]
        assert sum(len(set(zip(*[iter(row)] * 3, strict=True))) > 3 for row in rows) > 12, motif


def image(data):
    """The pixels of one of our PNG files, which have one IDAT and no filters."""
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start], "big")
    raw = zlib.decompress(data[start + 4 : start + 4 + length])
    return b"".join(raw[row + 1 : row + 145] for row in range(0, len(raw), 145))


def test_an_area_is_filled_as_exactly_as_its_geometry():
    from naturalia.samples._canvas import Canvas

    canvas = Canvas(32, (0, 0, 0), (0, 0, 0))
    canvas.fill([(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)], (255, 255, 255))
    canvas.fill([(-1.0, 0.9), (2.0, 0.9), (2.0, 2.0), (-1.0, 2.0)], (255, 255, 255))
    raw = zlib.decompress(canvas.png().split(b"IDAT")[1])
    light = [sum(raw[row * 97 + 1 : row * 97 + 97]) / 3 / 255 for row in range(32)]
    assert light[8:24] == [16.0] * 16
    assert light[:8] == [0.0] * 8
    assert light[-3:] == [32.0] * 3


def test_a_missing_path_names_the_samples():
    for path in ("pages/*.xml", "nowhere.xml"):
        with pytest.raises(FileNotFoundError, match=r"nat\.samples\.openimages\(\)"):
            nat.read(path)


def test_a_sheet_and_a_report_need_no_optional_library(tmp_path):
    code = f"""{BARE}
import naturalia as nat
table = nat.samples.nba()
images = nat.samples.pictures(table, "img", side=64)
nat.gallery(table, images=images).write("sheet.html")
nat.report(table, "report.html", images=images)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=tmp_path)
    for name in ("sheet.html", "report.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert page.count('src="data:image/png;base64,') == 8
        assert "CC0 4.0 (no such licence)" in page
        assert "Content-Security-Policy" in page


def test_a_png_is_embedded_without_its_metadata():
    from naturalia._media.thumbnails import plain_png
    from naturalia.samples._canvas import Canvas, chunk

    plain = Canvas(16, (9, 9, 9), (9, 9, 9)).png()
    end = plain.index(b"IEND") - 4
    annotated = (
        plain[:end] + chunk(b"tEXt", b"GPS\0secret") + chunk(b"eXIf", b"secret") + plain[end:] + b"secret"
    )
    assert plain_png(annotated) == plain
    for broken in (plain[:-13], plain[:40], b"", b"\xff\xd8\xff", plain[:8] + b"\xff" * 40):
        assert plain_png(broken) is None
    assert plain_png(plain[:end] + chunk(b"IDAT", bytes(300_000)) + plain[end:]) is None
