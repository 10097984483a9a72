"""Names of fetched files: whatever metadata holds, names that every file system takes, in the folder."""

import json
import unicodedata
from pathlib import Path

import naturalia as nat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naturalia import _core

HOSTILE = [
    "../../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "C:\\Windows\\system32",
    "\\\\server\\share",
    "CON",
    "nul.txt",
    "LPT1",
    "com9.tar.gz",
    "AUX.",
    "a" * 300,
    "é" * 300,
    "鳥" * 300,
    "name:with:colons",
    'what? <is> "this" | that*',
    "trailing. . .",
    "   ",
    "\u202egpj.exe",
    "\u200f\u200e",
    "e\u0301",
    "line\nbreak\ttab\0nul\x1b[31m",
    "-rf",
    "~root",
    "$HOME `id` $(id) ;rm",
    "%2e%2e%2f",
    "manifest.sqlite",
    "ATTRIBUTION.csv",
    "manifest",
    "",
    None,
]
CC0 = {
    "license_uri": "https://creativecommons.org/publicdomain/zero/1.0/",
    "license_status": "exact",
    "license_code": "cc0-1.0",
}


def fetched(units, folder, **how):
    """Files fetched for media of these units; `url` is the same picture for each."""
    with nat.testing.media(1) as server:
        place = server.url + "1.jpg"
        rows = [
            {"media_id": f"m{n}", "unit_id": unit, "media_url": place, **CC0} for n, unit in enumerate(units)
        ]
        table = nat.read("".join(json.dumps(row) + "\n" for row in rows).encode(), format="media")
        return nat.fetch(table, folder, rate=None, progress=False, **how)


def is_portable(name):
    stem = name.split(".")[0].rstrip().upper()
    devices = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}
    return (
        0 < len(name.encode()) <= 250
        and not set(name) & set('<>:"/\\|?*')
        and not any(unicodedata.category(sign) in ("Cc", "Cf") for sign in name)
        and not name.endswith((".", " "))
        and not name.startswith((" ", "."))
        and stem not in devices
        and unicodedata.normalize("NFC", name) == name
    )


def test_hostile_names_stay_in_the_folder_and_apart(tmp_path):
    folder = tmp_path / "deep" / "img"
    job = fetched(HOSTILE, folder, name="{unit_id}")
    assert job.counts["ok"] == len(HOSTILE), list(job.failed)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and folder not in path.parents]
    assert outside == []
    names = list(job.manifest["path"])
    assert all(is_portable(name) for name in names), names
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(HOSTILE)
    assert {path.parent for path in folder.rglob("*") if path.is_file()} == {folder}


def test_names_that_differ_in_case_or_composition_only_get_numbers(tmp_path):
    job = fetched(["abc", "ABC", "Abc", "é", "e\u0301"], tmp_path, name="{unit_id}")
    assert job.manifest["path"] == ["abc.jpg", "ABC_2.jpg", "Abc_3.jpg", "é.jpg", "é_2.jpg"]


def test_numbers_and_names_never_meet(tmp_path):
    job = fetched(["a", "a_2", "a", "a_2_1"], tmp_path, name="{unit_id}")
    assert len(set(job.manifest["path"])) == 4
    job = fetched(["a", "a", "a_1"], tmp_path / "n", name="{unit_id}_{n}")
    assert len(set(job.manifest["path"])) == 3


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("{unit_id}_{n}", "RMNH.1_1.jpg"),
        ("{unit_id}/{n:03}", "RMNH.1/001.jpg"),
        ("{genus}/{unit_id}", "unknown/RMNH.1.jpg"),
        ("{media_id}", "m0.jpg"),
        ("x {unit_id:.4} y", "x RMNH y.jpg"),
        ("{genus}_{n}", "m0_1.jpg"),
    ],
)
def test_templates_make_names_and_folders_of_columns(tmp_path, template, path):
    assert fetched(["RMNH.1"], tmp_path, name=template).manifest["path"] == [path]
    assert (tmp_path / path).is_file()


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_becomes_a_portable_name(text):
    for part in _core.portable(text).split("/"):
        assert is_portable(part) or unicodedata.category(part[-1]) == "Cn", (text, part)
    assert _core.portable(_core.portable(text)) == _core.portable(text)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(HOSTILE),
        min_size=1,
        max_size=8,
    )
)
def test_no_metadata_writes_outside_the_folder(tmp_path_factory, units):
    top = tmp_path_factory.mktemp("top")
    job = fetched(units, top / "img", name="{unit_id}/{unit_id}_{n}")
    assert job.counts["ok"] == len(units), list(job.failed)
    assert [path.name for path in top.iterdir()] == ["img"]
    for path in job.manifest["path"]:
        assert Path(top / "img" / path).resolve().is_relative_to(top / "img")
        assert (top / "img" / path).is_file()
