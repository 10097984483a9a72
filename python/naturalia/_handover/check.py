"""`check`: which media of a table a target takes, and why not the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._handover.targets import ORDER, TARGETS, judged
from naturalia._media.media import Media, license_of
from naturalia._output.escaping import displayed
from naturalia._output.text import left_out, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas

    from naturalia._table.table import Table

__all__ = ["Check", "check"]

COLUMNS = ("media_id", "verdict", "reasons", "advice", "license", "title", "media_url")
EXAMPLES = 3


@public
@keywords
def check(data: Any, target: str, /, *, include_private: bool = False) -> Check:
    """Says of every medium whether a target takes it: yes, no, conditional or unknown, and why.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
        >>> found = nat.check(t, "commons")
        >>> found
        <Check commons: 6 media: 4 yes, 1 conditional, 0 unknown, 1 no>

    Information, not legal advice.

    Args:
        data: media, as `Media` takes them: a table of any format that has a crosswalk to `media`, a query, a
            harvest, a file, a frame.
        target: `"commons"`, `"europeana"` or `"gbif"`.
        include_private: check records marked as not public too.

    Source: Commons:Licensing and Commons:File types; the mandatory properties of the Europeana Data Model;
    the licences of GBIF and the Simple Multimedia extension; docs/handing-over.md has the whole list.
    """
    if target not in TARGETS:
        message = f"no target {target!r}{closest(target, TARGETS)}"
        raise ValueError(message)
    media = Media(data, include_private=include_private)
    rows = [Row(medium, *judged(medium, target)) for medium in media.rows()]
    return Check(target, rows, media.private)


class Row:
    """A medium, the verdict on it and the reasons."""

    __slots__ = ("medium", "reasons", "verdict")

    def __init__(self, medium: Any, verdict: str, reasons: list[Any]) -> None:
        self.medium = medium
        self.verdict = verdict
        self.reasons = reasons

    @property
    def against(self) -> list[Any]:
        """What stands in the way."""
        return [reason for reason in self.reasons if reason.verdict != "yes"]

    def cells(self) -> dict[str, str | None]:
        """The row of the table."""
        told = self.against or self.reasons
        rights = license_of(self.medium)
        return {
            "media_id": self.medium.media_id,
            "verdict": self.verdict,
            "reasons": "; ".join(reason.code for reason in told),
            "advice": "; ".join(reason.advice for reason in told if reason.advice) or None,
            "license": rights.label or rights.raw or None,
            "title": self.medium.title or self.medium.scientific_name,
            "media_url": self.medium.media_url,
        }


@public
@displayed
class Check:
    """What a target takes of some media. True if it takes all of them.

        >>> import naturalia as nat
        >>> found = nat.check(nat.read(nat.samples.path("openimages_oai_oi.xml")), "europeana")
        >>> found.counts
        {'yes': 6, 'conditional': 0, 'unknown': 0, 'no': 0}

    pandas, polars, DuckDB and pyarrow read it as a table with the columns `media_id verdict reasons advice
    license title media_url`.
    """

    def __init__(self, target: str, rows: list[Row], private: int) -> None:
        self.target = target
        self.rows = rows
        self.private = private

    @property
    def counts(self) -> dict[str, int]:
        """How many media have which verdict, `yes` first."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in ORDER}

    @property
    def reasons(self) -> list[tuple[str, str, int, str]]:
        """Verdict, reason, how many media it holds for, what to do: what stands in the way first."""
        found: Counter[tuple[str, str]] = Counter()
        advice: dict[tuple[str, str], str] = {}
        for row in self.rows:
            for reason in row.against or row.reasons:
                found[reason[:2]] += 1
                advice.setdefault(reason[:2], reason.advice)
        order = sorted(found.items(), key=lambda item: (-ORDER.index(item[0][0]), -item[1], item[0][1]))
        return [(*key, count, advice[key]) for key, count in order]

    @property
    def table(self) -> Table:
        """One row a medium."""
        from naturalia._table.table import text_table

        return text_table([row.cells() for row in self.rows], list(COLUMNS))

    def assert_ok(self) -> None:
        """Raises `CheckFailed` unless the target takes every medium."""
        if self:
            return
        from naturalia.errors import CheckFailed

        raise CheckFailed(str(self), hint="check(…).table says why, medium by medium")

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas DataFrame."""
        return self.table.to_pandas()

    def line(self) -> str:
        """The counts in a line."""
        counts = ", ".join(f"{count:,} {verdict}" for verdict, count in self.counts.items())
        left = f"; {left_out(self.private)}" if self.private else ""
        return f"{self.target}: {plural(len(self.rows), 'medium', 'media')}: {counts}{left}"

    def __bool__(self) -> bool:
        return all(row.verdict == "yes" for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.table)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Check {self.line()}>"

    def __str__(self) -> str:
        lines = [self.line()]
        lines += [f"{count:>8,}  {verdict:<11}  {code}" for verdict, code, count, _ in self.reasons]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from naturalia._output.html import grid, lines, within

        def build(rows: int, characters: int) -> str:
            reasons = [[verdict, code, f"{count:,}", advice] for verdict, code, count, advice in self.reasons]
            some = [row for row in self.rows if row.verdict != "yes"][: rows * 2]
            body = [[cell or "" for cell in row.cells().values()] for row in some]
            return lines(
                f"<b>{self.line()}</b>",
                grid(("verdict", "reason", "media", "what to do"), reasons[: rows * 8], characters),
                grid(COLUMNS, body, characters) if body else "",
            )

        return within(build)
