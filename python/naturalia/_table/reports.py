"""What reading and writing did besides: counts, repairs and problems, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._arguments.public import public
from naturalia._output.escaping import displayed
from naturalia._output.text import plural, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Page", "PageError", "Problem", "Repair", "Report", "Token", "WriteReport"]


class Repair(NamedTuple):
    """One change that made a page readable."""

    kind: str
    source: str | None
    identifier: str | None
    offset: int | None
    line: int | None
    detail: str


class Problem(NamedTuple):
    """One page that could not be read (only where reading was told to keep going)."""

    source: str | None
    kind: str
    message: str
    line: int | None
    column: int | None
    offset: int | None
    hint: str | None = None


class PageError(NamedTuple):
    """One `error` element of an OAI-PMH reply."""

    source: str | None
    code: str
    message: str


class Token(NamedTuple):
    """A resumptionToken with its attributes; an empty value ends the list."""

    value: str
    completeListSize: int | None = None
    cursor: int | None = None
    expirationDate: str | None = None
    attributes: dict[str, str] = {}  # noqa: RUF012 - any others; never written to

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Token:
        """The token of the facts the core hands over."""
        others = {name: text for name, text in facts.items() if name not in cls._fields}
        known = {name: fact for name, fact in facts.items() if name in cls._fields}
        return cls(**known, attributes=others)


@public
class Page(NamedTuple):
    """One reply: what was asked, what it holds, how the list goes on."""

    source: str | None
    verb: str | None
    format: str | None
    records: int
    deleted: int
    responseDate: str | None
    request: dict[str, str]
    token: Token | None
    errors: list[PageError]
    bytes: int
    encoding: str | None
    repairs: int
    problem: Problem | None
    total: int | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Page:
        """The page of the facts the core hands over."""
        token, source = facts["token"], facts["source"]
        known: dict[str, Any] = {name: facts.get(name) for name in cls._fields}
        known["token"] = token and Token.of(token)
        known["problem"] = facts.get("problem") and Problem(**facts["problem"])
        known["errors"] = [PageError(source, **error) for error in facts["errors"]]
        return cls(**known)


@public
@displayed
class Report:
    """Counts as attributes, what was repaired and what failed as lists.

    `print(report)` says it in words. The report of a query grows while it is read.

        >>> import naturalia as nat
        >>> nat.read(nat.samples.path("odd.xml")).report.pages
        1
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def _count(self, name: str) -> int:
        return int(self._facts.get(name, 0))

    @property
    def pages(self) -> int:
        """Pages read whole."""
        return self._count("pages")

    @property
    def records(self) -> int:
        """Records, deleted ones included."""
        return self._count("records")

    @property
    def deleted(self) -> int:
        """Records whose header says deleted."""
        return self._count("deleted")

    @property
    def without_metadata(self) -> int:
        """Records that are neither deleted nor have metadata."""
        return self._count("without_metadata")

    @property
    def trimmed(self) -> int:
        """Values that lost outer whitespace in the wide columns; records and `long()` have it."""
        return self._count("trimmed")

    @property
    def empty(self) -> int:
        """Empty values, left out of the wide columns; records and `long()` have them."""
        return self._count("empty")

    @property
    def left_out(self) -> int:
        """Values a view left out: other languages, all but the first."""
        return self._count("left_out")

    @property
    def requests(self) -> int:
        """Questions a service answered; 0 where files were read."""
        return self._count("requests")

    @property
    def retries(self) -> int:
        """Questions asked again after a fault that passed."""
        return self._count("retries")

    @property
    def waited(self) -> float:
        """Seconds waited between those."""
        return float(self._facts.get("waited", 0.0))

    @property
    def declared(self) -> int | None:
        """How many records the service said there are (completeListSize); often wrong."""
        size = self._facts.get("declared")
        return None if size is None else int(size)

    @property
    def duplicates(self) -> int:
        """Records that came again, as they were; left out."""
        return self._count("duplicates")

    @property
    def changed(self) -> int:
        """Records that came again in another version; `collect()` keeps the newest."""
        return self._count("changed")

    @property
    def out_of_range(self) -> int:
        """Records of other dates than asked for; left out."""
        return self._count("out_of_range")

    @property
    def restarts(self) -> int:
        """Times the list was started again because the service had forgotten its token."""
        return self._count("restarts")

    @property
    def splits(self) -> int:
        """Times a list was longer than the service pages through, and was asked for in parts."""
        return self._count("splits")

    @property
    def fetched_singly(self) -> int:
        """Records that the list had left out, and that were asked for one by one."""
        return self._count("fetched_singly")

    @property
    def oddities(self) -> dict[str, str]:
        """What a service did not do as it should, and what was done about it."""
        facts = self._facts
        late, size, got = self._count("found_late"), self.declared, self._count("received")
        named = {
            "duplicates": (self.duplicates, "came twice; left out"),
            "changed": (self.changed, "came again in another version"),
            "out of range": (self.out_of_range, "of other dates than asked for; left out"),
            "other format": (
                self._count("other_format"),
                "in another format than asked for; their XML is in `extra`",
            ),
            "other sets": (
                self._count("other_sets"),
                "of the set whose headers name other sets; they are kept",
            ),
            "fetched singly": (self.fetched_singly, "had been left out of the list; asked for one by one"),
            "vanished": (self._count("vanished"), "listed by identifier, and not to be had when asked for"),
            "found late": (late, "of the last day, which until= should include; asked for again"),
        }
        odd = {kind: f"{plural(count, 'record')} {what}" for kind, (count, what) in named.items() if count}
        notices: list[str] = facts.get("notices", [])
        odd |= {f"notice {number}": said for number, said in enumerate(notices, 1)}
        if self.restarts and not notices:
            odd["restarts"] = f"the list was started again {self.restarts} × because its token had expired"
        if size is not None and size > got and facts.get("checked"):
            odd["wrong size"] = f"it said {size:,} records, sent {got:,}, and a second pass found no other"
        if facts.get("doubt"):
            odd["unverified"] = f"whether these are all records could not be made sure: {facts['doubt']}"
        if facts.get("set_unnamed"):
            odd["set"] = "no record names the set that was asked for; whether they are in it can't be told"
        if facts.get("set_empty"):
            odd["empty set"] = "nothing came for the set that was asked for; sets() lists those there are"
        if facts.get("moved"):
            odd["moved"] = f"it sends us on to {facts['moved']}; ask there"
        return odd

    @property
    def repairs(self) -> list[Repair]:
        """Every repair, in page order."""
        return [Repair(**repair) for repair in self._facts.get("repairs", ())]

    @property
    def problems(self) -> list[Problem]:
        """Pages that could not be read; empty unless `keep_going` or `salvage` was asked for."""
        return [Problem(**problem) for problem in self._facts.get("problems", ())]

    @property
    def errors(self) -> list[PageError]:
        """Protocol errors that did not stop the reading, `noRecordsMatch` among them."""
        return [PageError(**error) for error in self._facts.get("errors", ())]

    def __repr__(self) -> str:
        return f"<Report: {self.line()}>"

    def line(self) -> str:
        """The report in one line: what is zero is not mentioned."""
        counts = [
            plural(self.pages, "page"),
            plural(self.records, "record"),
            self.deleted and f"{self.deleted:,} deleted",
            self.without_metadata and f"{self.without_metadata:,} without metadata",
            self.repairs and plural(len(self.repairs), "repair"),
            self.problems and plural(len(self.problems), "problem"),
            self.requests and plural(self.requests, "request"),
            self.retries and f"{self.retries:,} retried",
        ]
        return ", ".join(count for count in counts if count)

    def __str__(self) -> str:
        lines = [self.line()]
        notes = [
            (self.trimmed, "trimmed of outer whitespace in columns (exact in records and long())"),
            (self.empty, "empty, left out of columns (kept in records and long())"),
            (self.left_out, "left out by this view"),
        ]
        lines += [f"  {plural(count, 'value')} {what}" for count, what in notes if count]
        lines += [f"  {odd}" for odd in self.oddities.values()]
        lines += [f"  repaired: {line}" for line in repaired(self.repairs)]
        lines += [f"  {error.code}: {error.message} ({error.source})" for error in self.errors]
        lines += [f"  not read: {place(problem)}: {problem.message}" for problem in self.problems]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from naturalia._output.html import cut, grid, lines, more, within

        def build(rows: int, characters: int) -> str:
            def some(found: Sequence[Any]) -> str:
                if not found:
                    return ""
                names = found[0]._fields
                body = [
                    ["" if cell is None else text_of(cell) for cell in each] for each in found[: rows * 4]
                ]
                return grid(names, body, characters)

            return lines(
                f"<b>{cut(self.line(), 300)}</b>",
                *(cut(f"{kind}: {text}", 300) for kind, text in self.oddities.items()),
                more(plural(len(self.problems), "problem"), some(self.problems)),
                more(plural(len(self.repairs), "repair"), some(self.repairs)),
                more(plural(len(self.errors), "error reply"), some(self.errors)),
            )

        return within(build)


# What a count means, in the words of the report.
SAID = {
    "left_out": ("value", "left out by this view"),
    "notes": ("value", "without their language, attributes, exact blanks, markup or place among the others"),
    "commons": ("file", "that Commons does not take, or not as it is: the second sheet says why"),
    "private": ("record", "not public, left out: include_private=True writes them"),
    "residue": ("value", "of the residue of a crosswalk, left out"),
    "around": ("value", "of the replies around the documents, such as scores, left out"),
    "flat": ("document", "with lists and groups made flat: .json, .jsonl and .parquet keep them"),
    "changed": ("record", "that changed while they were listed: each version is written"),
    "blank": ("value", "that are empty text and read back as none"),
    "guarded": ("cell", "with ' before what a spreadsheet would take for a formula"),
    "long": ("cell", "longer than a cell of Excel holds: Excel will cut them, write .xlsx"),
    "outside": ("value", "that the schema doesn't allow"),
    "dated": ("record", "given a datestamp"),
    "replaced": ("character", "that the file can't hold, replaced"),
    "mended": ("value", "whose markup was mended"),
    "headers": ("header", "left out: a bare payload has none"),
    "payloadless": ("record", "without a payload left out"),
    "continued": ("cell", "continued in numbered columns"),
    "texts": ("link", "written as text"),
    "numbers": ("number", "written as text: Excel would round them"),
    "line_ends": ("cell", "with carriage returns written as line ends"),
}


@public
@displayed
class WriteReport:
    """What was written, and what the file can't show.

    >>> import naturalia as nat
    >>> report = nat.read(nat.samples.path("openimages_oai_oi.xml")).write("out.csv")
    >>> report.rows, report.counts["notes"]
    (6, 114)
    """

    __slots__ = ("bytes", "counts", "format", "path", "rows", "sheets")

    def __init__(self, path: str | None, format: str) -> None:
        self.path = path
        """The file; None for an open one."""
        self.format = format
        """What was written: `"csv"`, `"xlsx"` …"""
        self.rows = 0
        """Rows written."""
        self.sheets = 0
        """Sheets of a workbook that hold rows."""
        self.bytes = 0
        """The size of the file."""
        self.counts: dict[str, int] = {}
        """How often something could not be written as it is; what is 0 is not in it."""

    @property
    def exact(self) -> bool:
        """Whether reading the file gives everything back."""
        return not set(self.counts) - {"changed", "continued", "texts", "guarded", "outside", "numbers"}

    def count(self, **counts: int) -> None:
        """Adds to the counts."""
        for name, count in counts.items():
            if count:
                self.counts[name] = self.counts.get(name, 0) + count

    def __repr__(self) -> str:
        where = self.path or "an open file"
        sheets = f" on {plural(self.sheets, 'sheet')}" if self.sheets > 1 else ""
        return f"<WriteReport: {plural(self.rows, 'row')}{sheets} to {where}>"

    def __str__(self) -> str:
        lines = [f"{repr(self)[14:-1]}, {self.bytes:,} bytes"]
        lines += [f"  {plural(count, SAID[name][0])} {SAID[name][1]}" for name, count in self.counts.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        from naturalia._output.html import lines

        return lines(*map(escape, str(self).split("\n")))


def tally(kinds: Iterable[str]) -> dict[str, int]:
    """How often each kind occurs, the commonest first."""
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def repaired(repairs: list[Repair]) -> list[str]:
    """A line for each kind of repair: how many, and where the first is."""
    firsts = {repair.kind: repair for repair in reversed(repairs)}
    counts = tally(repair.kind for repair in repairs)
    return [f"{count:,} × {kind}, first in {place(firsts[kind])}" for kind, count in counts.items()]


def place(found: Repair | Problem) -> str:
    """`source:line (byte offset)`, with the record where it is known."""
    where = ":".join(str(part) for part in (found.source, found.line) if part is not None)
    if found.offset is not None:
        where += f" (byte {found.offset:,})"
    identifier = getattr(found, "identifier", None)
    return f"{where} of {identifier}" if identifier else where
