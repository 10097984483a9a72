"""Records of the NHM data portal as media: one row a file, with what only the portal knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia import _core
from naturalia._crosswalk.crosswalk import LANG, Crosswalk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Function = Callable[[list[str]], list[str | None]]

__all__ = ["HOME", "Origin", "media_rules", "runs", "to_media"]

HOME = "https://data.nhm.ac.uk"
HEADER = "record_id\tnx_src\tnx_dst\tnx_fn\tnx_dir\tnx_when\tnx_loss"


class Origin(NamedTuple):
    """Where records come from, as far as the records themselves do not say it."""

    base: str = HOME
    resource: str | None = None
    specimens: bool = True
    license: str | None = None
    doi: str | None = None
    version: int | None = None
    retrieved_at: str | None = None


def to_media(table: _core.Table, origin: Origin) -> tuple[_core.Table, dict[str, Any]]:
    """The media of a table of records, and the account of it."""
    return media_rules(origin)._core.apply(table)


def media_rules(origin: Origin) -> Crosswalk:
    """The rules from `nhm` to `media`, with what the portal adds to a record by its address.

    The record's page, the IIIF manifest, the licence and the DOI of the data set, the version and the time of
    retrieval come from `origin`.
    """
    rules: list[tuple[str, str, str, Function]] = []

    def add(source: str, target: str, forward: Function, when: str = "") -> None:
        rules.append((source, target, when, forward))

    pages = f"{origin.base}/record/{origin.resource}/"
    version = "" if origin.version is None else f"/{origin.version}"
    lines, functions = [HEADER], []
    if origin.specimens:
        add("occurrenceID", "landing_page", each(lambda guid: f"{origin.base}/object/{guid}{version}"))
    else:
        # Elsewhere it is the GUID of another record: of the specimen that a preparation is of.
        lines += [f"\toccurrenceID\t{target}\tdrop\tfwd\t\t" for target in ("landing_page", "dataset_doi")]
    if origin.resource is not None:
        manifest = f"{origin.base}/iiif/resource/{origin.resource}/record/"
        add("_id", "landing_page", each(lambda record: f"{pages}{record}{version}"), when="otherwise")
        add("_id", "relations[type=isReferencedBy].target", each(lambda record: manifest + record))
    for target, value in (
        ("record_licenses[0]", origin.license),
        ("dataset_doi", origin.doi),
        ("source_version", origin.version),
        ("retrieved_at", origin.retrieved_at),
    ):
        if value is not None:
            add("_id", target, always(str(value)))
    for number, (source, target, when, forward) in enumerate(rules):
        lines.append("\t".join(["", source, target, f"portal.{number}", "fwd", when, ""]))
        functions.append((f"portal.{number}", forward, None))
    core = _core.Crosswalk(
        "nhm",
        "media",
        dialects=[],
        recognise=False,
        sheets=[("portal", "#subject_source: nx:nhm\n" + "\n".join(lines) + "\n")],
        functions=functions,
        lang=list(LANG),
        private=False,
        defaults=[],
    )
    return Crosswalk(core, ())


def each(one: Callable[[str], str | None]) -> Function:
    """A function of a list of texts, from one of a text."""
    return lambda texts: [one(text) for text in texts]


def always(text: str) -> Function:
    """The same text for every value."""
    return lambda texts: [text] * len(texts)


def runs(resources: Iterable[str | None]) -> list[tuple[str | None, int, int]]:
    """The resource, start and length of each run of records of one resource."""
    from itertools import groupby

    found, at = [], 0
    for resource, run in groupby(resources):
        length = sum(1 for _ in run)
        found.append((resource, at, length))
        at += length
    return found
