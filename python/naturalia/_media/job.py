"""`FetchJob`: what came of fetching, as a person reads it and as tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._output.escaping import displayed
from naturalia._output.sheets import write_csv
from naturalia._output.text import plural
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ATTRIBUTION", "MANIFEST", "FetchJob", "attribute"]

MANIFEST = "manifest.sqlite"
ATTRIBUTION = "ATTRIBUTION.csv"
COLUMNS = (
    "media_id",
    "source",
    "name",
    "path",
    "status",
    "reason",
    "detail",
    "size",
    "sha256",
    "type",
    "license",
    "license_uri",
    "license_status",
    "url",
    "title",
    "creator",
    "landing_page",
    "attribution",
    "n",
    "fetched_at",
)
CREDITS = ("path", "title", "creator", "license", "license_uri", "landing_page", "attribution")

# The order in which a person reads them, and what they mean.
STATUSES = {
    "ok": "in the folder",
    "pending": "still to be fetched",
    "failed": "failed",
    "changed": "changed at the source, the first version kept",
    "gone": "taken down at the source, still in the folder",
    "withdrawn": "in the folder, and would not be fetched today",
    "altered": "changed in the folder, left as they are",
    "unchecked": "in the folder, the source could not be asked again",
    "conditional": "open on a condition, not fetched",
    "refused": "not open, not fetched",
    "skipped": "no file to fetch",
}
AMISS = ("failed", "changed", "gone", "withdrawn", "altered", "unchecked")
"""What a person should look at."""
MOST = 5
THOUSAND = 1000


@public
@displayed
class FetchJob:
    """What came of `nat.fetch`.

    Attributes:
        folder: where the files are.
        counts: how many media of the table have each status; `private` counts the records that were left out
            as not public.
        reasons: the same by status and reason.
        bytes: of the files in the folder that the table has.
        received: bytes that came over the line in this run.
        elsewhere: media of the folder that this table has not.
        notes: what else was noticed, a line each.
        dry_run: whether nothing was fetched and written.
    """

    def __init__(
        self, folder: str, run: _core.FetchRun, *, private: int, notes: list[str], dry_run: bool
    ) -> None:
        self.folder = folder
        self.notes = notes
        self.dry_run = dry_run
        self.counts: dict[str, int] = dict.fromkeys(STATUSES, 0)
        self.reasons: dict[tuple[str, str | None], int] = {}
        self.bytes = self.elsewhere = 0
        for status, reason, here, count, size in run.counts():
            if not here:
                self.elsewhere += count
                continue
            self.counts[status] = self.counts.get(status, 0) + count
            self.reasons[status, reason] = self.reasons.get((status, reason), 0) + count
            self.bytes += size
        self.counts["private"] = private
        self.received = int(run.progress["bytes"])
        self._run = run.number
        # A dry run is in memory only; else the manifest is opened when somebody looks.
        self._core = run if dry_run else None

    @property
    def manifest(self) -> Table:
        """One row a medium of the table: path, status, reason, size, sha256, type, licence, attribution …."""
        return self._table(None)

    @property
    def failed(self) -> Table:
        """The rows that could not be fetched, with the reason."""
        return self._table(("failed",))

    @property
    def conditional(self) -> Table:
        """The rows that `allow="conditional"` would let pass, with the reason."""
        return self._table(("conditional",))

    @property
    def changed(self) -> Table:
        """The rows whose file is not what it was: changed, gone, no longer open, or changed in the folder."""
        return self._table(("changed", "gone", "withdrawn", "altered"))

    @property
    def complete(self) -> bool:
        """Whether nothing failed and nothing is left to fetch."""
        return not any(self.counts[status] for status in ("failed", "pending", "unchecked"))

    def __len__(self) -> int:
        return self.counts["ok"]

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        done = plural(self.counts["pending"], "file") if self.dry_run else plural(len(self), "file")
        rest = [f"{self.counts[name]:,} {name}" for name in AMISS if self.counts[name]]
        if self.counts["pending"] and not self.dry_run:
            rest.append(f"{self.counts['pending']:,} pending")
        if self.dry_run:
            return f"<FetchJob {self.folder}: {', '.join([f'{done} would be fetched', *rest])}>"
        return f"<FetchJob {self.folder}: {', '.join([done, *rest])}>"

    def __str__(self) -> str:
        return "\n".join([repr(self), *(f"  {name:<12} {text}" for name, text in self._card())])

    def _repr_html_(self) -> str:
        from html import escape

        from naturalia._output.html import grid, lines

        shown = grid(("", ""), self._card())
        amiss = list(self._rows(AMISS, most=MOST))
        cells = [[row["media_id"], row["status"], row["reason"] or "", row["detail"] or ""] for row in amiss]
        return lines(
            f"<b>{escape(repr(self)[1:-1])}</b>",
            shown,
            grid(("media_id", "status", "reason", "detail"), cells) if cells else "",
        )

    def _card(self) -> list[tuple[str, str]]:
        """What a person wants to know, a line each."""
        rows = []
        for status, meaning in STATUSES.items():
            count = self.counts[status]
            if not count:
                continue
            whys = sorted(
                ((why, n) for (state, why), n in self.reasons.items() if state == status and why),
                key=lambda each: -each[1],
            )
            why = ", ".join(f"{why} {n:,}" for why, n in whys[:MOST])
            dry = "would be fetched" if self.dry_run and status == "pending" else meaning
            rows.append((status, f"{count:,} {dry}{f' ({why})' if why else ''}"))
        if self.counts["private"]:
            rows.append(
                (
                    "private",
                    f"{self.counts['private']:,} not public, left out: include_private=True includes them",
                )
            )
        if self.counts["conditional"]:
            rows.append(
                ("", 'allow="conditional" fetches what is open on a condition; job.conditional lists it')
            )
        if self.elsewhere:
            rows.append(("others", f"{plural(self.elsewhere, 'medium')} of the folder not in this table"))
        rows += [("note", note) for note in self.notes]
        if not self.dry_run:
            rows.append(("size", f"{size(self.bytes)} in the folder, {size(self.received)} came now"))
            rows.append(("manifest", os.path.join(self.folder, MANIFEST)))
            if not self.complete:
                rows.append(("next", "the same call goes on; job.failed says what failed and why"))
        return rows

    def _rows(self, statuses: tuple[str, ...] | None, most: int | None = None) -> Iterator[dict[str, Any]]:
        """The rows of the table's media, in the order in which the folder met them."""
        core = self._core or _core.FetchRun(self.folder, question="", rehearse=True)
        after, given = 0, 0
        while rows := core.rows(after, 2000):
            for after, row in rows:  # noqa: B007 - the last number is where to go on
                if row["run"] == self._run and (statuses is None or row["status"] in statuses):
                    yield row
                    given += 1
                    if given == most:
                        return

    def _table(self, statuses: tuple[str, ...] | None) -> Table:
        return wrap(_core.Table.from_rows(list(self._rows(statuses)), list(COLUMNS)))


def attribute(folder: str, run: _core.FetchRun) -> None:
    """Writes the credit line of every file in the folder to `ATTRIBUTION.csv`."""
    write_csv(os.path.join(folder, ATTRIBUTION), credit_rows(run), follow=False)


def credit_rows(run: _core.FetchRun) -> Iterator[Sequence[Any]]:
    """The header, and a row for each file in the folder."""
    yield CREDITS
    after = 0
    while rows := run.rows(after, 2000):
        for after, row in rows:  # noqa: B007 - the last number is where to go on
            if row["path"] and row["status"] != "pending":
                yield [row[name] for name in CREDITS]


def size(count: int) -> str:
    """Bytes as people say them."""
    number, unit = float(count), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):  # noqa: B007 - the one it stops at
        if number < THOUSAND:
            break
        number /= THOUSAND
    return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
