"""The public names: each one imports, names `naturalia` as its module, and pickles by that name."""

import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path

import naturalia as nat
import pytest
from naturalia import errors, testing

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
OBJECTS = sorted(name for name in nat.__all__ if callable(getattr(nat, name)))
ERRORS = sorted(errors.__all__)


def documented(prefix):
    """The names that the documentation writes after `prefix.`."""
    return sorted(set(re.findall(rf"(?<![\w./]){re.escape(prefix)}\.(?!md\b|py\b)([A-Za-z]\w*)", TEXT)))


def test_names_are_found_in_the_documentation():
    assert {"read", "harvest", "OaiPmh"} <= set(documented("nat"))


@pytest.mark.parametrize("name", documented("nat"))
def test_documented_names_import(name):
    assert getattr(nat, name) is not None


@pytest.mark.parametrize("name", documented("nat.testing"))
def test_documented_names_of_testing_import(name):
    assert getattr(testing, name) is not None


@pytest.mark.parametrize("name", sorted({*documented("nat.errors"), *documented("errors")}))
def test_documented_names_of_errors_import(name):
    assert getattr(errors, name) is not None


@pytest.mark.parametrize("name", OBJECTS)
def test_public_names_name_naturalia(name):
    found = getattr(nat, name)
    assert found.__module__ == "naturalia"
    assert found.__qualname__ == name
    assert pickle.loads(pickle.dumps(found)) is found


def test_objects_name_naturalia_before_anybody_imports_their_class():
    script = (
        "import naturalia as nat\n"
        "table = nat.read(nat.samples.path('naturalis_oai_dc.xml'))\n"
        "for each in table, table.report, table.pages[0], table[0], table[0].values[0]:\n"
        "    print(type(each))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines() == [
        f"<class 'naturalia.{name}'>" for name in ("Table", "Report", "Page", "Record", "Value")
    ]


def plausible(parameter):
    """A value for a keyword of an error."""
    return {"errors": [("badVerb", "no")], "request": {"verb": "X"}}.get(parameter.name, parameter.name)


@pytest.mark.parametrize("name", ERRORS)
def test_every_exception_pickles_with_all_it_holds(name):
    kind = getattr(errors, name)
    assert kind.__module__ == "naturalia.errors"
    parameters = inspect.signature(kind).parameters.values() if kind is not errors.NaturaliaWarning else []
    keywords = [each for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]
    error = kind("what happened", **{each.name: plausible(each) for each in keywords})
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), vars(again)) == (str(error), vars(error))
