"""Where the tests find the corpus, and what they say when it isn't there."""

import os
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures" / "oai"

_without_corpus: list[str] = []


def corpus_root() -> Path | None:
    """The folder of recorded replies, or None on a machine that has none."""
    named = os.environ.get("NATURALIA_CORPUS")
    return Path(named) if named and Path(named).is_dir() else None


def corpus_files(*patterns: str) -> list[Path]:
    """The corpus files of these patterns, sorted; empty where there is no corpus."""
    root = corpus_root()
    if root is None:
        return []
    return sorted(p for pattern in patterns for p in (root / "oai").glob(pattern) if p.is_file())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="also run the tests that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: takes minutes, runs with --soak")
    config.addinivalue_line("markers", "corpus: needs the folder named by NATURALIA_CORPUS")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("corpus") and corpus_root() is None:
            item.add_marker(pytest.mark.skip(reason="no corpus: NATURALIA_CORPUS is not set"))
            _without_corpus.append(item.nodeid)
        if item.get_closest_marker("soak") and not config.getoption("--soak"):
            item.add_marker(pytest.mark.skip(reason="runs with --soak"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _without_corpus:
        terminalreporter.write_line(
            f"{len(_without_corpus)} corpus tests did not run: set NATURALIA_CORPUS to the folder "
            "that holds oai/responses"
        )


@pytest.fixture
def fixtures() -> Path:
    """The folder of pages written for these tests."""
    return FIXTURES


@pytest.fixture
def corpus() -> Path:
    """The folder of recorded replies; only where a test is marked `corpus`."""
    root = corpus_root()
    assert root is not None
    return root
