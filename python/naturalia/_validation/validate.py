"""`validate`: what the standards would refuse of saved pages and of tables, in words, with its place."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._files.read import sources
from naturalia._output.escaping import displayed
from naturalia._output.text import plural
from naturalia._table.table import Table, core_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas
    import pyarrow

    from naturalia._table.reports import WriteReport

__all__ = ["Validation", "validate"]

# What a rule that was broken is about: `severity` is error or warning, `kind` xml, schema or protocol.
Broken = namedtuple("Broken", "rule severity kind count title advice reference")  # noqa: PYI024 - typing costs 5 ms
# The targets something can be valid for; `oai` is the envelope with the formats in it.
TARGETS = ("oai", "nba")
MOST = 1000


@public
@keywords
def validate(
    source: Any,
    target: str | None = None,
    /,
    *,
    format: str | None = None,
    limit: int | None = MOST,
    threads: int | None = None,
) -> Validation:
    """Says what the standards would refuse, in words, with file, line and column.

        >>> import naturalia as nat
        >>> v = nat.validate(nat.samples.path("odd.xml"))
        >>> v.ok
        False
        >>> v.counts["xml.ampersand"]
        1
        >>> [row.message for row in v if row.rule == "xml.ampersand"]
        ['a bare `&` in "& snails: a "']

    A page is checked as it lies there: what `read` repairs is a fault here. Each rule says where it comes
    from: `xml` (it is no well-formed XML), `schema` (the schema of the OAI-PMH envelope, of `oai_dc` or of
    `oai_oi` refuses it), `protocol` (the text of OAI-PMH asks for it beyond the schemas). A table is checked
    row by row, as it would be written. Memory does not grow with the source.

    Args:
        source: what `read` takes (a file, a glob, a folder, bytes, an open file, a list of those), or a table
            or frame.
        target: what it has to be valid for: `"oai"`, OAI-PMH 2.0 with `oai_dc` and `oai_oi`; `"nba"`, what
            the Netherlands Biodiversity API would refuse of multimedia documents.
        format: the format of a frame, where its columns do not tell.
        limit: keep at most this many findings of a rule, None for all; `counts` counts all of them anyway.
        threads: how many; by default one a core.

    Raises:
        FileNotFoundError: nothing is there.
        ValueError: a table that no standard says anything about.

    Source: OAI-PMH 2.0 (schema of 2004-10-12), XML 1.0, Namespaces in XML 1.0, the schemas of oai_dc and of
    simple Dublin Core; `naturalia validate --rules` lists every rule with its section.
    """
    if target is not None and target not in TARGETS:
        message = f"target {target!r}{closest(target, TARGETS)}"
        raise ValueError(message)
    if target == "nba":
        return Validation(documents(source, limit, format))
    most = (1 << 62) if limit is None else limit
    if most < 0:
        message = f"limit={limit} is less than 0"
        raise ValueError(message)
    if (
        isinstance(source, Table)
        or hasattr(source, "__arrow_c_stream__")
        or hasattr(source, "__arrow_c_array__")
    ):
        return Validation(_core.validate_rows(core_of(source, format), limit=most))
    return Validation(_core.validate(sources(source), limit=most, threads=threads))


def documents(source: Any, limit: int | None, format: str | None) -> dict[str, Any]:
    """What the NBA would refuse of a table of its documents, or of files of them."""
    from naturalia._validation.nba_documents import facts

    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        table = wrap(core_of(source, format))
    else:
        from naturalia._files.read import read

        table = read(source, format=format)
    if table.format != "nba":
        message = f"documents of multimedia are needed, not a table of {table.format!r}"
        raise ValueError(message)
    return facts(table, (1 << 62) if limit is None else limit)


@public
@displayed
class Validation:
    """What was found. True if nothing is an error.

        >>> import naturalia as nat
        >>> v = nat.validate(nat.samples.path("naturalis_oai_dc.xml"))
        >>> v
        <Validation: ok, 1 page, 5 records>
        >>> v.assert_ok()

    pandas, polars, DuckDB and pyarrow read it as a table of its findings.
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings may be there."""
        return self.errors == 0

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return self._sum("error")

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self._sum("warning")

    def _sum(self, severity: str) -> int:
        return sum(rule.count for rule in self.rules if rule.severity == severity)

    @property
    def schema_valid(self) -> bool:
        """Whether a schema validator would accept it: no rule of the kinds `xml` and `schema` is broken."""
        return not any(rule.kind in ("xml", "schema") for rule in self.rules)

    @property
    def rules(self) -> list[Broken]:
        """The rules that were broken: name, severity, kind, count, what is right, what to do, reference."""
        return [Broken(**row) for row in self._facts["counts"]]

    @property
    def counts(self) -> dict[str, int]:
        """How often each rule was broken, all findings counted."""
        return {rule.rule: rule.count for rule in self.rules}

    @property
    def findings(self) -> Table:
        """One row a fault: `source line column offset row record element severity rule kind value message`.

        Lines and columns count from 1, bytes and rows from 0.
        """
        return wrap(self._facts["findings"])

    @property
    def left_out(self) -> int:
        """Faults that were counted and are not among the `findings`: see `limit=`."""
        return sum(self.counts.values()) - len(self.findings)

    @property
    def pages(self) -> int:
        """Pages that were checked, single records included; 0 for a table."""
        return int(self._facts.get("pages", 0))

    @property
    def records(self) -> int:
        """Records that were checked; rows of a table."""
        return int(self._facts.get("records", self._facts.get("rows", 0)))

    def __bool__(self) -> bool:
        return self.ok

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.findings)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._facts["findings"].__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> pandas.DataFrame:
        """The findings as a pandas DataFrame."""
        return self.findings.to_pandas()

    def to_arrow(self) -> pyarrow.Table:
        """The findings as a pyarrow Table."""
        return self.findings.to_arrow()

    @keywords
    def assert_ok(self, *, warnings: bool = False) -> None:
        """Raises if there is an error, with `warnings=True` also if there is a warning.

        Raises:
            naturalia.errors.CheckFailed: with the rules that were broken, the commonest first.
        """
        if self.ok and not (warnings and self.warnings):
            return
        from naturalia.errors import CheckFailed

        raise CheckFailed(self.line(), hint="\n  ".join(self.lines(5)))

    def write(self, dest: Any, /, **options: Any) -> WriteReport:
        """Writes the findings as `Table.write` does: `.csv`, `.xlsx`, `.jsonl`, `.parquet`."""
        return self.findings.write(dest, **options)

    def __repr__(self) -> str:
        return f"<Validation: {self.line()}>"

    def line(self) -> str:
        """The outcome in one line."""
        counts = [
            "ok" if self.ok else plural(self.errors, "error"),
            self.warnings and plural(self.warnings, "warning"),
            self.pages and plural(self.pages, "page"),
            plural(self.records, "record" if "pages" in self._facts else "row"),
        ]
        return ", ".join(count for count in counts if count)

    def lines(self, most: int | None = None) -> list[str]:
        """A line for each broken rule, errors first, the commonest first."""
        rules = sorted(self.rules, key=lambda rule: (rule.severity != "error", -rule.count))
        lines = [f"{rule.count:,} × {rule.rule} ({rule.severity}): {rule.title}" for rule in rules[:most]]
        return lines + (
            [f"and {len(rules) - most} more rules"] if most is not None and len(rules) > most else []
        )

    def __str__(self) -> str:
        return "\n".join([self.line(), *(f"  {line}" for line in self.lines())])

    def _repr_html_(self) -> str:
        """For a notebook: the outcome, the broken rules, the first findings; inline styles only."""
        from html import escape

        line = (
            "text-align:left;vertical-align:top;padding:2px 8px;border-bottom:1px solid rgba(127,127,127,.3)"
        )
        style = f'style="{line}"'

        def table(names: list[str], rows: list[list[object]]) -> str:
            head = "".join(f"<th {style}>{escape(name)}</th>" for name in names)
            cells = (
                "".join(f"<td {style}>{escape(str('' if cell is None else cell)[:300])}</td>" for cell in row)
                for row in rows
            )
            body = "".join(f"<tr>{row}</tr>" for row in cells)
            start = f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
            return f"{start}<tbody>{body}</tbody></table>"

        rules = [[rule.severity, rule.count, rule.title, rule.rule] for rule in self.rules][:40]
        first, _ = self.findings.head(10)._public_rows()
        names = ["source", "line", "column", "record", "message", "advice"]
        parts = [f"<div><b>Validation: {escape(self.line())}</b></div>"]
        if rules:
            parts.append(table(["severity", "count", "what is right", "rule"], rules))
            shown = [list(row) for row in zip(*(first[name] for name in names), strict=True)]
            parts += [f"<div>The first {plural(len(shown), 'finding')}:</div>", table(names, shown)]
        return "<div>" + "".join(parts) + "</div>"
