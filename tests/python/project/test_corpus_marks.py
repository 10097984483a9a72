"""A test that reads the corpus without the mark `corpus` fails, wherever it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
WITH_FIXTURE = "def test_reads(corpus):\n    assert corpus\n"
BY_FUNCTION = "from conftest import corpus_files\ndef test_reads():\n    assert corpus_files('*') == []\n"


def run(folder: Path, test: str, **environment: str) -> tuple[int, str]:
    """The exit code and the output of pytest over one test beside our conftest."""
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_one.py").write_text(test, encoding="utf-8")
    variables = {
        name: value for name, value in os.environ.items() if name != "NATURALIA_CORPUS"
    } | environment
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(folder),
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=variables,
    )
    return result.returncode, result.stdout + result.stderr


def marked(test: str) -> str:
    return f"import pytest\npytestmark = pytest.mark.corpus\n{test}"


@pytest.fixture
def recorded(tmp_path):
    folder = tmp_path / "recorded"
    (folder / "oai" / "responses").mkdir(parents=True)
    return folder


def test_the_fixture_without_the_mark_fails_at_collection(tmp_path):
    code, output = run(tmp_path, WITH_FIXTURE)
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "need the mark `corpus`: test_one.py::test_reads" in output


def test_reading_the_corpus_by_function_without_the_mark_fails_with_and_without_a_corpus(tmp_path, recorded):
    for environment in ({}, {"NATURALIA_CORPUS": str(recorded)}):
        code, output = run(tmp_path, BY_FUNCTION, **environment)
        assert code == pytest.ExitCode.TESTS_FAILED
        assert "test_reads reads the corpus and is not marked" in output


def test_a_marked_test_is_skipped_without_a_corpus_and_runs_with_one(tmp_path, recorded):
    code, output = run(tmp_path, marked(WITH_FIXTURE))
    assert (code, "1 corpus tests did not run" in output) == (pytest.ExitCode.OK, True)
    code, output = run(tmp_path, marked(WITH_FIXTURE), NATURALIA_CORPUS=str(recorded))
    assert (code, "1 passed" in output) == (pytest.ExitCode.OK, True)


def test_a_variable_that_names_something_else_is_refused(tmp_path):
    code, output = run(tmp_path, marked(WITH_FIXTURE), NATURALIA_CORPUS=str(tmp_path / "missing"))
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "is not a folder that contains oai/responses" in output
