"""What is wanted of each row of a table of media, before anything is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from naturalia._licenses.filter import COLUMNS
from naturalia._media.media import MediaMapping
from naturalia._media.media import tables as parts_of
from naturalia._media.renditions import choose
from naturalia._output.text import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from naturalia._licenses.filter import LicenseFilter
    from naturalia._media.names import FileNameTemplate
    from naturalia._table.table import Table

__all__ = ["FetchPlan", "plan_tables"]

NEEDED = (
    "media_id",
    "identifier",
    "source",
    "media_url",
    "format",
    "variant",
    "access",
    "type",
    "title",
    "creator",
    "rights_holder",
    "credit_line",
    "landing_page",
)
"""The columns that are looked at, besides the licence and what names are made of."""
BACK = ("residue", "notes")
"""Columns that stay out of sidecars: they are for the way back."""


class FetchPlan:
    """What is wanted of each row of a table."""

    def __init__(
        self,
        license_filter: LicenseFilter,
        naming: FileNameTemplate,
        variant: str,
        formats: list[str],
        *,
        private: bool,
        sidecars: bool,
    ) -> None:
        self.license_filter = license_filter
        self.naming = naming
        self.variant = variant
        self.formats = [kind.strip().lower() for kind in formats]
        self.private = private
        self.mapping = MediaMapping(include_private=private)
        self.sidecars = sidecars
        self.withheld = 0
        self.origins: set[str] = set()

    def question_json(self) -> str:
        """The question, for the manifest."""
        import json

        return json.dumps(
            {
                "name": self.naming.template,
                "license": self.license_filter.use,
                "allow": self.license_filter.allow,
                "variant": self.variant,
                "format": self.formats,
                "include_private": self.private,
            }
        )

    def private_hosts(self, inside: list[str]) -> dict[str, list[str]]:
        """Where addresses of a private network may be asked, besides those that are given.

        Where all services the table came from are inside, the host most of its files are at may be, too: as
        where none is known.
        """
        private = [origin for origin in self.origins if is_inside(origin)]
        if len(private) == len(self.origins):
            return {"inside": [*inside, *map(host_of, private)], "origins": []}
        return {"inside": inside, "origins": sorted(self.origins)}

    def to_media(self, table: Table) -> Table:
        """The table as one of media; media that are not public are counted."""
        sources = [page.source or "" for page in table.pages]
        self.origins |= {source for source in sources if source.startswith(("http:", "https:"))}
        media, left_out = self.mapping.map(table)
        self.withheld += left_out
        return media

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """What is to be done with each row."""
        present = set(table.columns)
        self.naming.check_columns(table.columns)

        def column(name: str) -> list[Any]:
            return table[name] if name in present else [None] * len(table)

        cells = {name: column(name) for name in (*NEEDED, *self.naming.columns)}
        licences = zip(*(column(f"license_{name}") for name in COLUMNS), strict=True)
        facts = lines_of(table) if self.sidecars else iter([None] * len(table))
        for at, (licence, line) in enumerate(zip(licences, facts, strict=True)):
            row = {name: values[at] for name, values in cells.items()}
            yield self.row(row, licence, line)

    def row(self, row: dict[str, Any], licence: tuple[Any, ...], line: str | None) -> dict[str, Any]:
        """What is to be done with one medium."""
        access, reason, detail = choose(row, self.variant, self.formats)
        passage = self.license_filter(*licence)
        status = "skipped" if access is None else None
        if passage.status:
            status, reason, detail = (
                passage.status,
                passage.reason,
                f"the licence is {passage.label or 'not stated'}",
            )
        found = passage.license
        media_id = (
            cell_text(row["media_id"]) or cell_text(row["identifier"]) or (access.uri if access else "")
        )
        creator = (
            cell_text(row["creator"]) or cell_text(row["credit_line"]) or cell_text(row["rights_holder"])
        )
        url = access.uri if access else cell_text(row["media_url"])
        credit = None
        if status is None and found is not None:
            source = cell_text(row["landing_page"]) or url
            credit = found.attribution(title=cell_text(row["title"]), author=creator, source=source).text
        return {
            "source": cell_text(row["source"]) or "",
            "media_id": media_id,
            "url": url,
            "name": self.naming(row, media_id),
            "status": status,
            "reason": reason,
            "detail": detail,
            "claim": access.format if access else None,
            "kind": cell_text(row["type"]),
            "license": passage.label,
            "license_uri": found.uri if found is not None else None,
            "license_status": found.status if found is not None else None,
            "title": cell_text(row["title"]),
            "creator": creator,
            "landing_page": cell_text(row["landing_page"]),
            "attribution": credit,
            "facts": line if status is None else None,
        }


def plan_tables(media: Any, plan: FetchPlan) -> Iterator[Table]:
    """The tables of media of what a user holds, one after the other; the first of them is read at once."""
    from itertools import chain

    if isinstance(getattr(media, "question", None), dict):  # a harvest
        plan.origins.add(str(media.question.get("url") or ""))
    question = getattr(media, "_question", None)
    if question is not None:  # a query
        plan.origins.add(question.service or "")
    plan.origins.discard("")
    mapped = map(plan.to_media, parts_of(media))
    first = list(next_of(mapped))
    for table in first:
        plan.naming.check_columns(table.columns)
    return chain(first, mapped)


def next_of(batches: Iterator[Table]) -> Iterator[Table]:
    """The next table, if there is one."""
    for table in batches:
        yield table
        return


def is_inside(address: str) -> bool:
    """Whether the address of a service names this machine or one of a private network, by its number."""
    from ipaddress import ip_address

    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or not ip_address(host).is_global
    except ValueError:
        return False


def host_of(address: str) -> str:
    """Host and port of an address."""
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"


def lines_of(table: Table) -> Iterator[str]:
    """Each row as JSON, without what is for the way back."""
    core = table._core
    for name in BACK:
        if name in table.columns:
            core = core.without(name)
    return iter(core.jsonl().decode().split("\n")[: len(table)])
