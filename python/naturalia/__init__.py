"""Reads the metadata of museum and archive media into tables, and says what it found on the way.

>>> import naturalia as nat
>>> t = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
>>> t
<Table oai_dc: 5 records, 22 columns>
>>> t[0].title
['Helix pomatia Linnaeus, 1758']
"""

from naturalia._core import __version__, debug_build

TYPE_CHECKING = (
    False  # type checkers read it as true; importing typing for it would cost a third of the import
)
if TYPE_CHECKING:
    from naturalia import errors, samples, testing
    from naturalia._atom import AtomFeed
    from naturalia._cite import Citations, cite
    from naturalia._crosswalk import Crosswalk, Mapped, crosswalk
    from naturalia._decide import LicenseReport, license_report
    from naturalia._fetch import fetch
    from naturalia._fetched import FetchJob
    from naturalia._gallery import Gallery, gallery
    from naturalia._harvest import Harvest, harvest
    from naturalia._license import License, combine, license, licenses, licenses_in
    from naturalia._loss import Loss
    from naturalia._nba_query import NbaQuery
    from naturalia._nba_source import Nba
    from naturalia._nhm_counts import NhmQuery
    from naturalia._nhm_source import NhmPortal
    from naturalia._oai import OaiPmh
    from naturalia._open import open, sources
    from naturalia._page import report
    from naturalia._query import Query
    from naturalia._read import read, scan
    from naturalia._record import Record, Value
    from naturalia._report import Page, Report, WriteReport
    from naturalia._suits import Check, check
    from naturalia._table import Table, concat
    from naturalia._tally import Deletions, Tally
    from naturalia._validate import Validation, validate
    from naturalia._view import View
    from naturalia._where import Field, field
    from naturalia._write import write

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
    "AtomFeed": "_atom",
    "Check": "_suits",
    "Citations": "_cite",
    "Crosswalk": "_crosswalk",
    "Deletions": "_tally",
    "Field": "_where",
    "Gallery": "_gallery",
    "FetchJob": "_fetched",
    "Harvest": "_harvest",
    "License": "_license",
    "LicenseReport": "_decide",
    "Loss": "_loss",
    "Mapped": "_crosswalk",
    "Nba": "_nba_source",
    "NbaQuery": "_nba_query",
    "NhmPortal": "_nhm_source",
    "NhmQuery": "_nhm_counts",
    "OaiPmh": "_oai",
    "Page": "_report",
    "Query": "_query",
    "Record": "_record",
    "Report": "_report",
    "Table": "_table",
    "Tally": "_tally",
    "Validation": "_validate",
    "Value": "_record",
    "View": "_view",
    "WriteReport": "_report",
    "check": "_suits",
    "cite": "_cite",
    "combine": "_license",
    "concat": "_table",
    "crosswalk": "_crosswalk",
    "errors": "",
    "fetch": "_fetch",
    "field": "_where",
    "gallery": "_gallery",
    "harvest": "_harvest",
    "license": "_license",
    "license_report": "_decide",
    "licenses": "_license",
    "licenses_in": "_license",
    "open": "_open",
    "read": "_read",
    "report": "_page",
    "samples": "",
    "scan": "_read",
    "sources": "_open",
    "testing": "",
    "validate": "_validate",
    "write": "_write",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        from naturalia._names import closest

        message = f"naturalia has no {name!r}{closest(name, _HOMES)}"
        raise AttributeError(message)
    home = _HOMES[name]
    found = getattr(import_module(f"naturalia.{home}"), name) if home else import_module(f"naturalia.{name}")
    globals()[name] = found
    return found


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
