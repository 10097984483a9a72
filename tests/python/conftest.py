"""The fixtures of every test, and the rules for tests that read the corpus.

The corpus is a folder of recorded replies outside this repository, named by `NATURALIA_CORPUS`. Only
tests marked `corpus` may read it: they are skipped without it, and all others pass without it.
"""

import os
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures" / "oai"

_without_corpus: list[str] = []
_running: list[pytest.Item] = []


def corpus_root() -> Path | None:
    """The folder of recorded replies, or None on a machine that has none."""
    if _running and not _running[-1].get_closest_marker("corpus"):
        pytest.fail(f"{_running[-1].nodeid} reads the corpus and is not marked `corpus`", pytrace=False)
    folder = os.environ.get("NATURALIA_CORPUS")
    return Path(folder) if folder else None


def corpus_files(*patterns: str) -> list[Path]:
    """The corpus files of these patterns, sorted; an empty list without a corpus."""
    root = corpus_root()
    if root is None:
        return []
    return sorted(p for pattern in patterns for p in (root / "oai").glob(pattern) if p.is_file())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="also run the tests that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: takes minutes, runs with --soak")
    config.addinivalue_line("markers", "corpus: needs the folder named by NATURALIA_CORPUS")
    folder = os.environ.get("NATURALIA_CORPUS")
    if folder and not (Path(folder) / "oai" / "responses").is_dir():
        message = f"NATURALIA_CORPUS={folder!r} is not a folder that contains oai/responses"
        raise pytest.UsageError(message)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unmarked = [
        item.nodeid
        for item in items
        if "corpus" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("corpus")
    ]
    if unmarked:
        message = f"tests that use the fixture `corpus` need the mark `corpus`: {', '.join(unmarked)}"
        raise pytest.UsageError(message)
    for item in items:
        if item.get_closest_marker("corpus") and corpus_root() is None:
            item.add_marker(pytest.mark.skip(reason="NATURALIA_CORPUS is not set"))
            _without_corpus.append(item.nodeid)
        if item.get_closest_marker("soak") and not config.getoption("--soak"):
            item.add_marker(pytest.mark.skip(reason="runs with --soak"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> object:
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.pop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _without_corpus:
        terminalreporter.write_line(
            f"{len(_without_corpus)} corpus tests did not run: set NATURALIA_CORPUS to the folder "
            "that contains oai/responses"
        )


@pytest.fixture
def fixtures() -> Path:
    """The folder of pages written for these tests."""
    return FIXTURES


@pytest.fixture
def corpus() -> Path:
    """The folder of recorded replies; only for tests marked `corpus`."""
    root = corpus_root()
    assert root is not None
    return root
