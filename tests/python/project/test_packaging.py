"""What pyproject.toml declares about the package is kept in one place and is tested."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("pandas", "polars", "duckdb", "parquet", "images")


def requirements():
    extras = PROJECT["optional-dependencies"]
    return {*PROJECT["dependencies"], *(each for name in EXTRAS for each in extras[name])}


def version(text):
    """The parts of a version, without zeros at its end."""
    return re.sub(r"(\.0)+$", "", text).split(".")


def test_the_minimum_of_every_dependency_is_the_one_that_is_tested():
    pinned = dict(re.findall(r"^([\w-]+)==([\d.]+)$", (ROOT / "tests/minimum.txt").read_text(), re.MULTILINE))
    declared = dict(re.findall(r"^([\w-]+)>=([\d.]+)", "\n".join(requirements()), re.MULTILINE))
    assert {name: version(text) for name, text in pinned.items()} == {
        name: version(text) for name, text in declared.items()
    }


def test_the_page_on_installing_lists_every_extra():
    page = (ROOT / "docs/installing.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE) == list(EXTRAS)
    for requirement in requirements():
        name, _, minimum = requirement.partition(">=")
        assert name in page
        if name in {"pandas", "pyarrow", "polars", "duckdb", "Pillow"}:
            assert f"{name} ≥ {minimum}" in page


def test_only_addresses_that_exist_are_declared():
    assert "urls" not in PROJECT
    assert PROJECT["authors"]


def test_the_licence_texts_of_every_linked_crate_are_shipped():
    command = (
        "cargo tree --locked --offline --features python --edges normal,no-proc-macro --prefix none -f {p}"
    )
    tree = subprocess.run(
        command.split(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    linked = {
        f"{name} {version}" for name, version in re.findall(r"^(\S+) v(\S+)", tree.stdout, re.MULTILINE)
    }
    listed = set((ROOT / "LICENSES-THIRD-PARTY.txt").read_text(encoding="utf-8").splitlines())
    missing = {crate for crate in linked if not crate.startswith("naturalia ")} - listed
    assert not missing, "run `make licenses`"
    assert "LICENSES-THIRD-PARTY.txt" in PROJECT["license-files"]
