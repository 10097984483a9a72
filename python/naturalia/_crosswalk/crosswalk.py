"""Rules from one format to another, both ways, with an account of every value."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import warn

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._crosswalk.loss import Loss, difference
from naturalia._crosswalk.rule_files import rule_text
from naturalia._licenses.decisions import core_decisions
from naturalia._output.escaping import displayed, logger
from naturalia._output.text import plural
from naturalia._table.table import Table, core_of, names, text_table, wrap
from naturalia.errors import NaturaliaWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Function = Callable[[list[str]], list[str | None]]

__all__ = ["Crosswalk", "Mapped", "crosswalk", "dialects"]

HUB = "media"
PLAIN = "plain"
"""The choice of no dialect."""
LANG = ("nl", "en")
HEADER = "record_id\tnx_src\tnx_dst\tnx_fn\tnx_dir\tnx_when\tnx_loss"


@public
class Mapped(NamedTuple):
    """What a crosswalk made: the table, and what became of every value."""

    table: Table
    loss: Loss


@public
@displayed
class Crosswalk:
    """Rules from `source` to `target`; `nat.crosswalk` makes one.

    >>> import naturalia as nat
    >>> x = nat.crosswalk("oai_oi", "media")
    >>> x
    <Crosswalk oai_oi to media: 36 rules>
    >>> media, loss = x.apply(nat.read(nat.samples.path("openimages_oai_oi.xml")))
    >>> len(media)
    6
    """

    __slots__ = ("_core", "dialect")

    dialect: tuple[str, ...] | None
    """The dialects that all records are read with; `None` if each is read with that of its provider."""

    def __init__(self, core: _core.Crosswalk, dialect: tuple[str, ...] | None) -> None:
        self._core = core
        self.dialect = dialect

    @property
    def source(self) -> str:
        """The format that is read."""
        return self._core.source

    @property
    def target(self) -> str:
        """The format that is made."""
        return self._core.target

    @property
    def rules(self) -> list[dict[str, str]]:
        """The rules in order, as they stand in the files: one dict a row, its columns by name."""
        return [{"format": own, "way": way, **dict(cells)} for own, way, cells in self._core.rows()]

    def apply(self, data: Any) -> Mapped:
        """Maps a table, or any frame of the source's columns.

        Deleted records and records marked as not public are left out and counted; `include_private=True` of
        `nat.crosswalk` includes the latter. What the target has no place for is kept in the column
        `residue`, so that `invert()` brings every value back.
        """
        table = (
            Table(data, format=None) if isinstance(data, Table) else Table(data, format=self._format(data))
        )
        if table.format != self.source:
            message = f"a table of {self.source} is needed, not of {table.format!r}"
            raise ValueError(message)
        made, account = self._core.apply(table._core)
        loss = Loss(account, self.source, self.target)
        if self.dialect is None:
            notify_dialects(loss, stacklevel=3)
        return Mapped(wrap(made), loss)

    def _format(self, data: Any) -> str | None:
        """The format of a frame: the source, if all its columns are the source's."""
        known = core_of(data)
        return self.source if known.format == "frame" else known.format

    def invert(self) -> Crosswalk:
        """The same rules read the other way."""
        return Crosswalk(self._core.invert(), self.dialect)

    def table(self) -> Table:
        """The rules as a table: rule, from, to, functions, direction, on which values, loss, comment."""
        rows = [shown(rule) for rule in self.rules]
        return text_table(rows, list(SHOWN))

    def explain(self, field: str) -> str:
        """What happens to a field of the source, or how one of the target comes about, in words."""
        from naturalia._crosswalk.explain import explanation

        text = explanation(self.rules, f"{self.source} to {self.target}", field)
        if self.dialect is not None:
            return text
        return text + self._explain_dialects(field)

    def _explain_dialects(self, field: str) -> str:
        """The rules of a field that the dialects add, of records that are recognised as theirs."""
        from naturalia._crosswalk.explain import added

        lines = []
        name = next((name for name in (self.source, self.target) if _core.CROSSWALKS.get(name)), HUB)
        for row in dialect_rows(name):
            rules = crosswalk(name, HUB, dialect=row["dialect"]).rules
            rules = rules if name == self.source else [{**rule, "way": "backward"} for rule in rules]
            lines += added(self.rules, rules, field, row["dialect"]) if row["recognised by"] else []
        return "".join(f"\n{line}" for line in lines)

    def diff(self, other: Crosswalk, *, on: Any) -> Table:
        """What another rule set does differently with the same sample: one row a field and outcome."""
        return text_table(difference(self.apply(on).loss, other.apply(on).loss), None)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the rules, to be edited and given back as `rules=`: `.xlsx`, or `.sssom.tsv` and `.tsv`.

        A workbook has one sheet a format; a TSV holds the rules of one format, so a crosswalk of two
        steps is written as two files, with the format before the ending.
        """
        from naturalia._crosswalk.rule_files import write

        write(os.fspath(path), self._core.sheets())

    def __repr__(self) -> str:
        count = len(self._core.rows())
        dialect = f", dialect {'+'.join(self.dialect)}" if self.dialect else ""
        return f"<Crosswalk {self.source} to {self.target}{dialect}: {count} rules>"

    def __reduce__(self) -> Any:
        message = "a Crosswalk does not pickle: make it again in the other process"
        raise TypeError(message)


SHOWN = ("rule", "from", "to", "functions", "direction", "when", "loss", "comment")


def shown(rule: dict[str, str]) -> dict[str, str]:
    """A rule as a person reads it, in the way it is read."""
    ends = (f"{rule['format']}:{rule['nx_src']}", f"{HUB}:{rule['nx_dst']}" if rule["nx_dst"] else "")
    there, here = ends if rule["way"] == "forward" else ends[::-1]
    return {
        "rule": rule["record_id"],
        "from": there,
        "to": here,
        "functions": rule["nx_fn"],
        "direction": rule["nx_dir"],
        "when": rule["nx_when"],
        "loss": rule["nx_loss"],
        "comment": rule.get("comment", ""),
    }


@public
@keywords
def crosswalk(
    source: str,
    target: str,
    /,
    *,
    rules: Any = None,
    dialect: str | Sequence[str] | None = None,
    functions: Mapping[str, Any] | None = None,
    lang: str | Sequence[str] = LANG,
    taxa_from: str | None = None,
    source_code: str | None = None,
    constants: Mapping[str, str] | None = None,
    sets: Mapping[str, tuple[str, str]] | None = None,
    unit_from: str | None = None,
    institution_from: str | None = None,
    places: str | None = None,
    decisions: Any = None,
    record_decisions: Any = None,
    include_private: bool = False,
) -> Crosswalk:
    """Rules from one format to another: `nat.crosswalk("oai_dc", "nba").apply(table)`.

    >>> import naturalia as nat
    >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
    >>> media, loss = nat.crosswalk("oai_oi", "media").apply(t)
    >>> media["titles"][0][0]["value"]
    'Vlucht van een buizerd'
    >>> back = nat.crosswalk("media", "oai_oi").apply(media).table
    >>> back.to_dicts() == t.to_dicts()
    True

    Args:
        source: the format that is read.
        target: the format that is made. Two formats meet in `media`.
        rules: rules laid over ours: a `.tsv` or `.xlsx` that `write` wrote and somebody edited, a dict of
            path in the source to a function, or a list of these.
        dialect: the variety of a format that the records are in, or several: see `nat.dialects()`. By
            default each record is read with the dialect that it is recognised as, which a warning and
            `loss.dialects` report; `"plain"` reads all records without one.
        functions: functions that rules can name: a function of a list of distinct texts that gives a list
            of texts or None (rejected), or a pair of it and its inverse; without one a rule is one-way.
        lang: languages in order of preference, where only one text fits.
        taxa_from: a field of the source whose values become identifications if they certainly are the name
            of a species or of a taxon below it: with its authors, or with Latin words alone.
        source_code: the code of the source system in the NBA, for records that have none.
        constants: texts for fields of the target that would be empty, by path:
            `{"sourceInstitutionID": "Museum"}`; the report counts them as `defaulted`.
        sets: what a set of OAI-PMH means, by setSpec: `{"col_birds": ("theme", "Birds")}`, or
            `("collection", "Aves")`.
        unit_from: a field of the source whose identifiers are those of units of a collection (`unitID`);
            addresses and identifiers of a global scheme are not taken.
        institution_from: a field of the source that names the institution that holds the item, such as
            `"publisher"`; only what is certainly an organisation is taken.
        places: `"gathering"` if the places and periods of the source are those of its gathering.
        decisions: what rights statements mean, as for `nat.licenses`: a decision sheet, or a dict from
            statement to licence. The report counts the values as `decided`, and its `decisions` counts the
            records of each statement.
        record_decisions: the same for the licences of the metadata.
        include_private: map records marked as not public too. The table keeps track of them: writing it
            leaves them out unless `include_private=True` is passed there too. The loss report covers them.

    Raises:
        CrosswalkError: a rule that can't be right, with file, row and column.
        ValueError: an unknown format or dialect, or an option that does not fit the formats.
    """
    for name in (source, target):
        if name != HUB and name not in _core.CROSSWALKS:
            message = f"no rules for {name!r}{closest(name, [*_core.CROSSWALKS, HUB])}"
            raise ValueError(message)
    known = dict(functions or {})
    sheets: list[tuple[str, str]] = []
    for own in rules if isinstance(rules, (list, tuple)) else [rules] if rules is not None else []:
        sheets += rule_text(own, source, known)
    if taxa_from is not None:
        sheets.append(taxa_sheet(source, taxa_from))
    if sets is not None:
        sheets += rule_text(set_rules(sets), source, known)
    if unit_from is not None:
        sheets.append(unit_sheet(source, unit_from))
    if institution_from is not None:
        sheets.append(institution_sheet(source, institution_from))
    if places is not None:
        sheets.append(places_sheet(target, places))
    chosen = chosen_dialects(dialect)
    defaults = code_defaults(target, source_code) + list((constants or {}).items())
    if source_code is not None:
        sheets.append(code_sheet(source_code))
    pairs = [(name, *pair(given)) for name, given in known.items()]
    core = _core.Crosswalk(
        source,
        target,
        dialects=chosen or [],
        recognise=chosen is None,
        sheets=sheets,
        functions=pairs,
        lang=names(lang) or [],
        private=include_private,
        defaults=defaults,
        decisions=core_decisions(decisions, record_decisions),
    )
    return Crosswalk(core, None if chosen is None else tuple(chosen))


def chosen_dialects(dialect: str | Sequence[str] | None) -> list[str] | None:
    """The dialects that are chosen; `None` if each record is read with its own."""
    chosen = names(dialect)
    if chosen is None or PLAIN not in chosen:
        return chosen
    if len(chosen) > 1:
        message = f"dialect={dialect!r}: {PLAIN!r} means no dialect, so it can't be combined with others"
        raise ValueError(message)
    return []


@public
def dialects() -> Table:
    """The dialects: which providers write them, and the signs by which a record is recognised.

    Columns: `format`, `dialect`, `title`, `recognised by`. A sign is a column of the record and a pattern of
    its texts, in which `*` is any text and `#` a number; `base_url` is the address of the provider. A dialect
    without signs has to be chosen.

    >>> import naturalia as nat
    >>> "bepress" in nat.dialects()["dialect"]
    True
    """
    return text_table(
        [row for name in _core.CROSSWALKS for row in dialect_rows(name)],
        ["format", "dialect", "title", "recognised by"],
    )


def dialect_rows(name: str) -> list[dict[str, str]]:
    """The dialects of a format."""
    columns = ("format", "dialect", "title", "recognised by")
    return [dict(zip(columns, row, strict=True)) for row in _core.DIALECTS if row[0] == name]


notified: set[str] = set()
"""The dialects that a warning has named."""


def notify_dialects(loss: Loss, *, stacklevel: int) -> None:
    """Warns of the dialects that records were recognised as, once each, and logs them every time."""
    for name, count in loss.dialects.items():
        what = f"{plural(count, 'record')} of {loss.records:,} mapped with the dialect {name}"
        logger().info("%s to %s: %s", loss.source, loss.target, what)
        if name not in notified:
            notified.add(name)
            warn(
                f"{what}, which they are recognised as; dialect='{PLAIN}' maps them without",
                NaturaliaWarning,
                stacklevel=stacklevel + 1,
            )


def pair(given: Any) -> tuple[Function, Function | None]:
    """A function and its inverse, if it has one."""
    forward, inverse = given if isinstance(given, tuple) else (given, None)
    for function in (forward, inverse):
        if function is not None and not callable(function):
            message = f"a function of a list of texts is needed, not {type(function).__name__}"
            raise TypeError(message)
    return forward, inverse


def taxa_sheet(source: str, field: str) -> tuple[str, str]:
    """The rule that reads certain names of taxa out of a field."""
    rule = f"nx:{source}.taxa\t{field}\ttaxa[].scientific_name\t\tfwd\ttaxon.is_certain(value)\t"
    return "taxa_from", f"#subject_source: nx:{source}\n{HEADER}\n{rule}\n"


def set_rules(sets: Mapping[str, tuple[str, str]]) -> dict[tuple[str, str], Function]:
    """The functions that read sets as themes or collections."""
    ends = {"theme": "keywords", "collection": "collection"}
    meant: dict[str, dict[str, str]] = {}
    for spec, (kind, text) in sets.items():
        if kind not in ends:
            message = f"sets[{spec!r}]: a set is a theme or a collection, not {kind!r}"
            raise ValueError(message)
        meant.setdefault(ends[kind], {})[spec] = text

    def reader(texts: dict[str, str]) -> Function:
        return lambda values: [texts.get(value) for value in values]

    return {("sets[]", end): reader(texts) for end, texts in meant.items()}


def unit_sheet(source: str, field: str) -> tuple[str, str]:
    """The rule that reads the identifiers of units out of a field."""
    when = "not url.is(value) and not id.is_global(value) and not id.is_citation(value)"
    end = "identifiers[scheme=nba:unitID].value"
    rule = f"nx:{source}.unit\t{field}\t{end}\ttext.copied\tfwd\t{when}\t"
    return "unit_from", f"#subject_source: nx:{source}\n{HEADER}\n{rule}\n"


def institution_sheet(source: str, field: str) -> tuple[str, str]:
    """The rule that reads the institution that holds an item out of a field."""
    when = "name.is_organization(value)"
    rule = f"nx:{source}.institution\t{field}\tsource_institution\ttext.copied\tfwd\t{when}\tkind"
    return "institution_from", f"#subject_source: nx:{source}\n{HEADER}\n{rule}\n"


def places_sheet(target: str, kind: str) -> tuple[str, str]:
    """The rules that take places and periods for those of a gathering."""
    if kind != "gathering" or target != "nba":
        message = (
            f"places={kind!r}: places can be those of the gathering of an NBA document (places='gathering')"
        )
        raise ValueError(message)
    event = "gatheringEvents[0]"
    rules = [
        f"nx:nba.places.1\t{event}.localityText\tplaces[preferred]\ttext.joined(;)\tback\totherwise\tkind",
        f"nx:nba.places.2\t{event}.dateText\ttemporal_coverage[0].verbatim\t\tback\totherwise\tkind",
    ]
    rules = [f"{rule}\tlast" for rule in rules]
    return "places", "\n".join(["#subject_source: nx:nba", f"{HEADER}\tnx_order", *rules, ""])


def code_sheet(code: str) -> tuple[str, str]:
    """The rules that make ids of the NBA: `{identifier}@{code}`."""
    rules = [
        f"\t{src}\t{dst}\tid.at(@{code})\tback\t\t"
        for src, dst in (("id", "identifier"), ("associatedSpecimenReference", "specimen_ref[0]"))
    ]
    return "source_code", "\n".join(["#subject_source: nx:nba", HEADER, *rules, ""])


def code_defaults(target: str, code: str | None) -> list[tuple[str, str]]:
    """What `source_code` fills in."""
    if code is None:
        return []
    if target != "nba":
        message = f"source_code is a code of the NBA; {target!r} has none"
        raise ValueError(message)
    if not code.isalnum():
        message = f"source_code={code!r}: a code is letters and digits"
        raise ValueError(message)
    return [("sourceSystem.code", code)]
