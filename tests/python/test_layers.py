"""Who may import whom: the standard library and `_core` at the top, everything else where it is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import naturalia
import pytest

PACKAGE = Path(naturalia.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py"))

# A module imports, at its top, only from modules before it.
ORDER = [
    "naturalia._core",
    "naturalia.errors",
    "naturalia._names",
    "naturalia._progress",
    "naturalia._doctor",
    "naturalia._extras",
    "naturalia._frame",
    "naturalia.samples",
    "naturalia._report",
    "naturalia._record",
    "naturalia._when",
    "naturalia._service",
    "naturalia._notices",
    "naturalia._about",
    "naturalia._index",
    "naturalia._where",
    "naturalia._nba",
    "naturalia._nba_fields",
    "naturalia._nba_value",
    "naturalia._nba_spec",
    "naturalia._nba_words",
    "naturalia._table",
    "naturalia._license",
    "naturalia._decide",
    "naturalia._loss",
    "naturalia._loss_write",
    "naturalia._sheet",
    "naturalia._crosswalk",
    "naturalia._explain",
    "naturalia._load",
    "naturalia._query",
    "naturalia._read",
    "naturalia._oai",
    "naturalia._asked",
    "naturalia._atom",
    "naturalia._nba_asked",
    "naturalia._nba_ids",
    "naturalia._nba_query",
    "naturalia._nba_url",
    "naturalia._nba_source",
    "naturalia._nhm_areas",
    "naturalia._nhm_query",
    "naturalia._nhm_place",
    "naturalia._nhm_where",
    "naturalia._nhm_search",
    "naturalia._nhm_media",
    "naturalia._nhm_dataset",
    "naturalia._nhm_records",
    "naturalia._nhm_pin",
    "naturalia._nhm_portal",
    "naturalia._nhm_publish",
    "naturalia._nhm_url",
    "naturalia._nhm_counts",
    "naturalia._nhm_source",
    "naturalia._open",
    "naturalia._whole",
    "naturalia._job",
    "naturalia._terms",
    "naturalia._xlsx",
    "naturalia._write",
    "naturalia._view",
    "naturalia._tally",
    "naturalia._watching",
    "naturalia._asking",
    "naturalia._card",
    "naturalia._harvest",
    "naturalia._gate",
    "naturalia._access",
    "naturalia._naming",
    "naturalia._fetched",
    "naturalia._wish",
    "naturalia._fetch",
    "naturalia.testing._items",
    "naturalia.testing._pages",
    "naturalia.testing._repository",
    "naturalia.testing._exchange",
    "naturalia.testing._write",
    "naturalia.testing._provider",
    "naturalia.testing._nba",
    "naturalia.testing._nba._refusal",
    "naturalia.testing._nba._fields",
    "naturalia.testing._nba._areas",
    "naturalia.testing._nba._operators",
    "naturalia.testing._nba._spec",
    "naturalia.testing._nba._store",
    "naturalia.testing._nba._pieces",
    "naturalia.testing._nba._documents",
    "naturalia.testing._nba._metadata",
    "naturalia.testing._nba._asked",
    "naturalia.testing.faults._fault",
    "naturalia.testing.faults._nba",
    "naturalia.testing.faults._transport",
    "naturalia.testing.faults._body",
    "naturalia.testing.faults._markup",
    "naturalia.testing.faults._list",
    "naturalia.testing.faults._protocol",
    "naturalia.testing.faults._portal",
    "naturalia.testing.faults",
    "naturalia.testing._replay",
    "naturalia.testing._tls",
    "naturalia.testing._loopback",
    "naturalia.testing._server",
    "naturalia.testing._feed",
    "naturalia.testing._nhm._taxa",
    "naturalia.testing._nhm._archive",
    "naturalia.testing._nhm._documents",
    "naturalia.testing._nhm._areas",
    "naturalia.testing._nhm._catalogue",
    "naturalia.testing._nhm._search",
    "naturalia.testing._nhm._parameters",
    "naturalia.testing._nhm._images",
    "naturalia.testing._nhm._grammar",
    "naturalia.testing._nhm._basic",
    "naturalia.testing._nhm._multi",
    "naturalia.testing._nhm._writes",
    "naturalia.testing._nhm._actions",
    "naturalia.testing._nhm._pages",
    "naturalia.testing._nhm",
    "naturalia.testing._nba._services",
    "naturalia.testing._nba._server",
    "naturalia.testing._pictures",
    "naturalia.testing._media",
    "naturalia.testing",
    "naturalia.testing.__main__",
    "naturalia._validate",
    "naturalia._media",
    "naturalia._target",
    "naturalia._suits",
    "naturalia._cite",
    "naturalia._commons",
    "naturalia",
    "naturalia._display",
    "naturalia._html",
    "naturalia._thumbs",
    "naturalia._gallery",
    "naturalia._page",
    "naturalia._cli.exits",
    "naturalia._cli.cat",
    "naturalia._cli.doctor",
    "naturalia._cli.completion",
    "naturalia._cli.convert",
    "naturalia._cli.crosswalk",
    "naturalia._cli.demo",
    "naturalia._cli.service",
    "naturalia._cli.named",
    "naturalia._cli.harvest",
    "naturalia._cli.fetch",
    "naturalia._cli.info",
    "naturalia._cli.license",
    "naturalia._cli.check",
    "naturalia._cli.cite",
    "naturalia._cli.validate",
    "naturalia._cli",
]


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> list[str]:
    """The modules imported at the top of a file; what only a type checker sees does not count."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{name.name}" for name in node.names]
            modules = [name for name in inner if name in ORDER]
            found += modules or [node.module]
    return found


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_top_level_imports_climb_down(path):
    module = module_of(path)
    assert module in ORDER, f"give {module} its place in ORDER"
    for name in imports(path):
        if name in ORDER:
            assert ORDER.index(name) < ORDER.index(module), f"{module} imports {name}, which is above it"
        elif name.split(".")[0] not in sys.stdlib_module_names:
            assert name == "click", f"{module} imports {name} at its top"
            assert module.startswith("naturalia._cli"), f"{module} names click"


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


def test_files_stay_small():
    long = [path.name for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert not long
