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
    "naturalia._arguments",
    "naturalia._output",
    "naturalia._table",
    "naturalia._licenses",
    "naturalia._crosswalk",
    "naturalia._query",
    "naturalia._files",
    "naturalia._validation",
    "naturalia._sources",
    "naturalia._sources.nba",
    "naturalia._sources.nhm",
    "naturalia._harvest",
    "naturalia._media",
    "naturalia._handover",
    "naturalia.errors",
    "naturalia._arguments.spelling",
    "naturalia._output.progress",
    "naturalia._cli.diagnosis",
    "naturalia._arguments.optional",
    "naturalia._arguments.frames",
    "naturalia.samples",
    "naturalia._table.reports",
    "naturalia._table.record",
    "naturalia._arguments.dates",
    "naturalia._sources.settings",
    "naturalia._table.notices",
    "naturalia._table.provenance",
    "naturalia._arguments.rows",
    "naturalia._query.conditions",
    "naturalia._validation.nba_documents",
    "naturalia._sources.nba.fields",
    "naturalia._sources.nba.values",
    "naturalia._sources.nba.queryspec",
    "naturalia._sources.nba.keywords",
    "naturalia._table.table",
    "naturalia._licenses.license",
    "naturalia._licenses.decisions",
    "naturalia._crosswalk.loss",
    "naturalia._crosswalk.loss_files",
    "naturalia._crosswalk.rule_files",
    "naturalia._crosswalk.crosswalk",
    "naturalia._crosswalk.explain",
    "naturalia._files.tabular",
    "naturalia._query.query",
    "naturalia._files.read",
    "naturalia._sources.oai",
    "naturalia._sources.document_query",
    "naturalia._sources.atom",
    "naturalia._sources.nba.question",
    "naturalia._sources.nba.references",
    "naturalia._sources.nba.query",
    "naturalia._sources.nba.urls",
    "naturalia._sources.nba.client",
    "naturalia._sources.nhm.areas",
    "naturalia._sources.nhm.grammar",
    "naturalia._sources.nhm.places",
    "naturalia._sources.nhm.conditions",
    "naturalia._sources.nhm.keywords",
    "naturalia._sources.nhm.media",
    "naturalia._sources.nhm.datasets",
    "naturalia._sources.nhm.question",
    "naturalia._sources.nhm.version",
    "naturalia._sources.nhm.portal",
    "naturalia._sources.nhm.publish",
    "naturalia._sources.nhm.urls",
    "naturalia._sources.nhm.query",
    "naturalia._sources.nhm.client",
    "naturalia._sources.open",
    "naturalia._output.atomic",
    "naturalia._files.stream",
    "naturalia._files.term_rows",
    "naturalia._files.workbook",
    "naturalia._files.write",
    "naturalia._harvest.view",
    "naturalia._harvest.tally",
    "naturalia._harvest.progress",
    "naturalia._harvest.resume",
    "naturalia._harvest.card",
    "naturalia._harvest.harvest",
    "naturalia._licenses.filter",
    "naturalia._media.renditions",
    "naturalia._media.names",
    "naturalia._media.job",
    "naturalia._media.plan",
    "naturalia._media.fetch",
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
    "naturalia._validation.validate",
    "naturalia._media.media",
    "naturalia._handover.targets",
    "naturalia._handover.check",
    "naturalia._handover.citations",
    "naturalia._handover.commons",
    "naturalia",
    "naturalia._output.terminal",
    "naturalia._output.html",
    "naturalia._media.thumbnails",
    "naturalia._handover.gallery",
    "naturalia._handover.report_page",
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
