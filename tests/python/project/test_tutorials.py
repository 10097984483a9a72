"""The tutorials run from their first cell to their last, offline, in an empty folder."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

TUTORIALS = sorted((Path(__file__).parents[3] / "docs" / "tutorials").glob("*.ipynb"))


def texts(notebook):
    """What the cells of a notebook put out, as one text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return json.dumps(outputs)


def test_each_of_the_four_has_a_tutorial():
    assert [path.stem for path in TUTORIALS] == ["curator", "data-scientist", "developer", "researcher"]


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_a_tutorial_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    shown = texts(notebook)
    assert "Traceback" not in shown
    assert "text/html" in shown
    assert all(len(json.dumps(cell.get("outputs", []))) <= 120_000 for cell in notebook.cells)


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
