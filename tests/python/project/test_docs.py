"""What the documentation shows is true: its Python blocks, its commands and the docstrings' examples run."""

import ast
import doctest
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import naturalia
import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MODULES = [module.name for module in pkgutil.walk_packages(naturalia.__path__, "naturalia.")]
MODULES = ["naturalia", *(name for name in MODULES if name != "naturalia._core")]


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language with the line they start at."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text[: match.start(1)].count("\n"), match.group(1)) for match in found]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as the documentation has it: `pages/` of oai_dc, single pages and a workbook beside it."""
    (tmp_path / "pages").mkdir()
    for name in naturalia.samples.NAMES:
        shutil.copy(naturalia.samples.path(name), tmp_path)
        if name.endswith("oai_dc.xml"):
            shutil.copy(naturalia.samples.path(name), tmp_path / "pages")
    shutil.copy(naturalia.samples.path("openimages_oai_oi.xml"), tmp_path / "page.xml")
    naturalia.concat([naturalia.samples.nba(), naturalia.samples.nhm()]).write(tmp_path / "media.xlsx")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
@pytest.mark.usefixtures("folder")
def test_python_blocks_run(page):
    shared = {"__name__": "__main__"}
    for line, block in blocks(page, "python"):
        code = compile("\n" * line + block, str(page), "exec")
        exec(code, shared)  # in one namespace a page, as a reader would type it


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.usefixtures("folder")
def test_commands_run(page):
    for _, block in blocks(page, "console"):
        for command in re.findall(r"^\$ (naturalia .*)$", block, re.MULTILINE):
            done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_readme_runs_as_pasted_in_an_empty_folder_without_optional_libraries(tmp_path):
    """In the order of the page, one Python for its Python blocks, as in a new environment."""
    absent = ("pandas", "pyarrow", "polars", "duckdb", "PIL", "numpy")
    code = f"import sys\nsys.modules.update(dict.fromkeys({absent!r}))\n"
    code += "".join(block for _, block in blocks(ROOT / "README.md", "python"))
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "sheet.html").read_text(encoding="utf-8").count("data:image/png") == 18
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "COLUMNS": "100"}
    for _, block in blocks(ROOT / "README.md", "console"):
        first, _, shown = block.partition("\n")
        done = subprocess.run(
            ["bash", "-c", first.removeprefix("$ ")],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert [line.rstrip() for line in done.stdout.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def examples(module):
    """The examples of a module: of its own docstring, and of the functions and classes that its file defines.

    A decorated function or a public class names another module as its own, so the finder of doctest, which
    asks the objects themselves, does not find it.
    """
    finder = doctest.DocTestFinder()
    defined = [
        node.name
        for node in ast.parse(Path(module.__file__).read_bytes()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    found = finder.find(module.__doc__ or "", module.__name__, module=False, globs=vars(module))
    for name in defined:
        found += finder.find(
            vars(module)[name], f"{module.__name__}.{name}", module=False, globs=vars(module)
        )
    return found


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore::naturalia.errors.NaturaliaWarning")
@pytest.mark.usefixtures("folder")
def test_docstrings_run(name):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for example in examples(importlib.import_module(name)):
        runner.run(example)
    assert not runner.failures
