"""Reads the metadata of museum and archive media into tables, and says what it found on the way.

>>> import naturalia as nat
>>> t = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
>>> t
<Table oai_dc: 5 records, 22 columns>
>>> t[0].title
['Helix pomatia Linnaeus, 1758']
"""

from __future__ import annotations

from naturalia._core import __version__, debug_build
from naturalia._files.layouts import LAYOUT_WRITERS

TYPE_CHECKING = (
    False  # type checkers read it as true; importing typing for it would cost a third of the import
)
if TYPE_CHECKING:
    from typing import Any

    from naturalia import errors, samples, testing
    from naturalia._crosswalk.concat import concat
    from naturalia._crosswalk.crosswalk import Crosswalk, Mapped, crosswalk, dialects
    from naturalia._crosswalk.loss import Loss
    from naturalia._files.read import read, scan
    from naturalia._files.write import write
    from naturalia._handover.check import Check, check
    from naturalia._handover.citations import Citations, cite
    from naturalia._handover.gallery import Gallery, gallery
    from naturalia._handover.report_page import report
    from naturalia._harvest.harvest import Harvest, harvest
    from naturalia._harvest.tally import Deletions, Tally
    from naturalia._harvest.view import View
    from naturalia._licenses.license import License, combine, license, licenses_in
    from naturalia._licenses.statements import LicenseReport, license_report
    from naturalia._licenses.tables import licenses
    from naturalia._media.fetch import fetch
    from naturalia._media.job import FetchJob
    from naturalia._query.conditions import Field, field
    from naturalia._query.query import Query
    from naturalia._sources.atom import AtomFeed
    from naturalia._sources.nba.client import Nba
    from naturalia._sources.nba.query import NbaQuery
    from naturalia._sources.nhm.client import NhmPortal
    from naturalia._sources.nhm.query import NhmQuery
    from naturalia._sources.oai import OaiPmh
    from naturalia._sources.open import open, sources
    from naturalia._table.record import Record, Value
    from naturalia._table.reports import Page, Report, WriteReport
    from naturalia._table.table import Table
    from naturalia._validation.validate import Validation, validate

__all__ = [
    "AtomFeed",
    "Check",
    "Citations",
    "Crosswalk",
    "Deletions",
    "FetchJob",
    "Field",
    "Gallery",
    "Harvest",
    "License",
    "LicenseReport",
    "Loss",
    "Mapped",
    "Nba",
    "NbaQuery",
    "NhmPortal",
    "NhmQuery",
    "OaiPmh",
    "Page",
    "Query",
    "Record",
    "Report",
    "Table",
    "Tally",
    "Validation",
    "Value",
    "View",
    "WriteReport",
    "__version__",
    "check",
    "cite",
    "combine",
    "concat",
    "crosswalk",
    "dialects",
    "errors",
    "fetch",
    "field",
    "gallery",
    "harvest",
    "license",
    "license_report",
    "licenses",
    "licenses_in",
    "open",
    "read",
    "report",
    "samples",
    "scan",
    "sources",
    "testing",
    "validate",
    "write",
]

# What is loaded when it is first used, and where it lives.
_HOMES = {
    "AtomFeed": "_sources.atom",
    "Check": "_handover.check",
    "Citations": "_handover.citations",
    "Crosswalk": "_crosswalk.crosswalk",
    "Deletions": "_harvest.tally",
    "Field": "_query.conditions",
    "Gallery": "_handover.gallery",
    "FetchJob": "_media.job",
    "Harvest": "_harvest.harvest",
    "License": "_licenses.license",
    "LicenseReport": "_licenses.statements",
    "Loss": "_crosswalk.loss",
    "Mapped": "_crosswalk.crosswalk",
    "Nba": "_sources.nba.client",
    "NbaQuery": "_sources.nba.query",
    "NhmPortal": "_sources.nhm.client",
    "NhmQuery": "_sources.nhm.query",
    "OaiPmh": "_sources.oai",
    "Page": "_table.reports",
    "Query": "_query.query",
    "Record": "_table.record",
    "Report": "_table.reports",
    "Table": "_table.table",
    "Tally": "_harvest.tally",
    "Validation": "_validation.validate",
    "Value": "_table.record",
    "View": "_harvest.view",
    "WriteReport": "_table.reports",
    "check": "_handover.check",
    "cite": "_handover.citations",
    "combine": "_licenses.license",
    "concat": "_crosswalk.concat",
    "crosswalk": "_crosswalk.crosswalk",
    "dialects": "_crosswalk.crosswalk",
    "errors": "",
    "fetch": "_media.fetch",
    "field": "_query.conditions",
    "gallery": "_handover.gallery",
    "harvest": "_harvest.harvest",
    "license": "_licenses.license",
    "license_report": "_licenses.statements",
    "licenses": "_licenses.tables",
    "licenses_in": "_licenses.license",
    "open": "_sources.open",
    "read": "_files.read",
    "report": "_handover.report_page",
    "samples": "",
    "scan": "_files.read",
    "sources": "_sources.open",
    "testing": "",
    "validate": "_validation.validate",
    "write": "_files.write",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        from naturalia._arguments.spelling import closest

        message = f"naturalia has no {name!r}{closest(name, _HOMES)}"
        raise AttributeError(message)
    home = _HOMES[name]
    found = getattr(import_module(f"naturalia.{home}"), name) if home else import_module(f"naturalia.{name}")
    globals()[name] = found
    return found


def _write_commons(*data: Any, **options: Any) -> WriteReport:
    """Writes the sheet for Wikimedia Commons: `write` finds this by the name of the layout."""
    from naturalia._handover.commons import write_sheet

    return write_sheet(*data, **options)


LAYOUT_WRITERS["commons"] = _write_commons


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if debug_build:
    from warnings import warn

    from naturalia.errors import NaturaliaWarning

    warn(
        "naturalia was built without optimisation and is about ten times slower: make demo builds it right",
        NaturaliaWarning,
        stacklevel=2,
    )
