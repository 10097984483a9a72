"""Which module imports which: packages in one direction, no circle of files, wherever an import stands."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import naturalia
import pytest

ROOT = Path(naturalia.__file__).parent

# A package imports from itself and from those before it; "" is `naturalia/__init__.py`.
PACKAGES = [
    "_core",
    "errors",
    "testing",
    "_arguments",
    "_output",
    "_table",
    "_licenses",
    "_crosswalk",
    "_query",
    "_files",
    "_validation",
    "_sources",
    "_harvest",
    "_media",
    "samples",
    "_handover",
    "",
    "_cli",
]

# The shortcuts `Table.write`, `Table.licenses` and `Query.write`: one line each, imported when it is called.
DEFERRED = {
    ("_table.table", "_files.write"),
    ("_table.table", "_files.update"),
    ("_table.table", "_licenses.tables"),
    ("_query.query", "_files.write"),
}


def module_of(path: Path) -> str:
    """The name of a module inside `naturalia`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


FILES = {module_of(path): path for path in sorted(ROOT.rglob("*.py"))}
MODULES = {*FILES, "_core"}


def imported(statement: ast.AST) -> list[str]:
    """The modules that an import statement names, by their full names."""
    if isinstance(statement, ast.Import):
        return [name.name for name in statement.names]
    if not isinstance(statement, ast.ImportFrom):
        return []
    assert not statement.level, "imports name the package"
    names = [f"{statement.module}.{name.name}" for name in statement.names]
    modules = [name for name in names if name.removeprefix("naturalia.") in MODULES]
    # `from package import name` loads the package for every name that is not a module itself.
    return modules if len(modules) == len(names) else [*modules, str(statement.module)]


def inner(names: list[str]) -> set[str]:
    """Those of the names that are modules of this package, as `module_of` spells them."""
    ours = [name for name in names if name.partition(".")[0] == "naturalia"]
    return {name.partition(".")[2] for name in ours}


IMPORTS = {
    module: inner([name for node in ast.walk(ast.parse(path.read_bytes())) for name in imported(node)])
    for module, path in FILES.items()
}


def test_the_top_of_the_package_holds_packages_alone():
    files = {path.name for path in ROOT.glob("*.py")}
    assert files == {"__init__.py", "errors.py"}
    assert {module.partition(".")[0] for module in MODULES} == set(PACKAGES)


def test_every_import_names_a_module_of_the_package():
    assert {name for names in IMPORTS.values() for name in names} <= MODULES


def test_packages_import_in_one_direction():
    place = {package: number for number, package in enumerate(PACKAGES)}
    upward = {
        (module, name)
        for module, names in IMPORTS.items()
        for name in names
        if place[name.partition(".")[0]] > place[module.partition(".")[0]]
    }
    assert upward == DEFERRED


def test_no_files_import_each_other_in_a_circle():
    graph = {
        module: {name for name in names if (module, name) not in DEFERRED}
        for module, names in IMPORTS.items()
    }
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError with the files of a circle


def test_the_servers_for_tests_stand_apart():
    used = {
        name.partition(".")[0] for module in FILES if module.startswith("testing") for name in IMPORTS[module]
    }
    assert used == {"testing", "errors"}
    users = {
        module
        for module, names in IMPORTS.items()
        if not module.startswith("testing") and any(name.startswith("testing") for name in names)
    }
    assert users == {"", "_cli.demo"}


@pytest.mark.parametrize("module", FILES)
def test_the_top_of_a_file_imports_the_standard_library_and_this_package(module):
    top = [name for node in ast.parse(FILES[module].read_bytes()).body for name in imported(node)]
    others = {name.partition(".")[0] for name in top} - sys.stdlib_module_names - {"naturalia"}
    assert others <= ({"click"} if module.startswith("_cli") else set())


def test_importing_loads_no_library_and_touches_no_logging():
    script = "import sys, naturalia; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {
        "pandas",
        "polars",
        "pyarrow",
        "numpy",
        "duckdb",
        "click",
        "rich",
        "tqdm",
        "logging",
        "pathlib",
        "openpyxl",
        "xlsxwriter",
    }
    assert not heavy & set(loaded.stdout.split())
