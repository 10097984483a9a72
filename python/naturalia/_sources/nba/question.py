"""Questions to the NBA by conditions, and what the service can tell of the documents before they are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors
from naturalia._sources.document_query import MOST, DocumentQuery
from naturalia._sources.nba import fields as nba
from naturalia._sources.nba.queryspec import grouped
from naturalia._table.table import Table, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Json = dict[str, Any]

__all__ = [
    "WINDOW",
    "NbaList",
    "counts",
    "distinct",
    "grouped_counts",
    "path_of_name",
    "read",
    "replied",
    "text_rows",
    "whole_number",
]

FORMATS = {"multimedia": "nba", "specimen": "nba_specimen", "taxon": "nba_taxon"}
# Documents a page, and distinct values a reply, as the service gives them.
PAGE, GROUPS = 1000, 10_000
# How far it pages, by its documentation; its settings may say more.
WINDOW = 10_000
# What services say: the kind of the reply, and of what lies in it.
SAID: dict[str, tuple[type, ...]] = {
    "count": (int,),
    "countDistinctValues": (int,),
    "getDistinctValues": (dict, int),
    "getDistinctValuesPerGroup": (list, dict),
}
# How many of many values are named in words.
SHOWN = 3


class NbaDocumentQuery(DocumentQuery):
    """Documents of the NBA, by QuerySpecs."""

    def count(self) -> int | None:
        """How many the service counts; None for several QuerySpecs, which may find the same documents."""
        if len(self.question["specs"]) != 1:
            return None
        spec = dict(self.question["specs"][0])
        first, size = int(spec.pop("from", 0)), spec.pop("size", None)
        left = max(int(self.ask("count", spec)) - first, 0)
        return left if size is None else min(left, int(size))

    def ask(self, path: str, spec: Json) -> Any:
        """What a service of this document type says to a QuerySpec."""
        plain = {name: part for name, part in spec.items() if name not in {"fields", "sortFields"}}
        kinds = SAID[path.partition("/")[0]]
        return replied(
            *self.core.ask("POST", f"{self.question['type']}/{path}", [], json.dumps(plain)), *kinds
        )

    def _subject(self) -> str:
        return str(self.question["type"])

    def _short(self, n: int) -> dict[str, Any]:
        question = self.question
        if n <= MOST and len(question["specs"]) == 1:
            spec = question["specs"][0]
            if "from" not in spec and "size" not in spec:
                return {**question, "service": "query", "specs": [{**spec, "size": max(n, 1)}]}
        return question

    def _paging(self) -> list[str]:
        question, lines = self.question, []
        if len(question["specs"]) > 1:
            lines.append(f"in {len(question['specs']):,} queries; a document that several find comes once")
        if question.get("service") == "download":
            lines.append("as downloads, each counted; what one leaves out is asked for again")
        size, window = question.get("size", MOST), question.get("window", WINDOW)
        return [*lines, f"in the order of id, {size:,} at a time; more than {window:,} in parts"]


class NbaList(NbaDocumentQuery):
    """Documents by conditions: one QuerySpec, or several where lists are long.

    Attributes:
        document: `multimedia`, `specimen` or `taxon`.
        joined: all of it in one QuerySpec, for counts and addresses.
    """

    def __init__(
        self,
        core: _core.Service,
        document: str,
        specs: list[Json],
        joined: Json,
        *,
        service: str,
        settings: Mapping[str, Any],
        window: Callable[[str], int],
    ) -> None:
        question = {"type": document, "specs": specs, "service": service, "size": PAGE}
        super().__init__(core, question, settings=settings)
        self.document = document
        self.joined = joined
        self._window = window

    @property
    def text(self) -> str:
        """The question as JSON, as a harvest keeps it: the same however far the service pages later on."""
        self.question["window"] = min(self._window(self.document), WINDOW)
        return super().text

    def parts(self, *, ahead: bool) -> _core.Pages:
        """Page by page, as far as the service pages: it is asked for that once."""
        window = self._window(self.document)
        return self.core.pages(json.dumps({**self.question, "window": window}), ahead=ahead)

    def few(self, n: int) -> _core.Pages:
        """The first of them, in one request of just so many."""
        if n > PAGE or self.joined.keys() & {"from", "size"}:
            return self.parts(ahead=False)
        short = {**self.joined, "size": max(n, 1)}
        few = NbaList(
            self.core,
            self.document,
            [short],
            short,
            service="query",
            settings=self.settings,
            window=self._window,
        )
        return few.parts(ahead=False)

    def count(self) -> int:
        """How many the service counts."""
        spec = dict(self.joined)
        start, size = spec.pop("from", 0), spec.pop("size", None)
        left = max(int(self.ask("count", spec)) - int(start), 0)
        return left if size is None else min(left, int(size))

    def besides(self, condition: Json) -> Json:
        """All of it and a condition more."""
        conditions = self.joined.get("conditions", [])
        if self.joined.get("logicalOperator") == "OR" and len(conditions) > 1:
            conditions = [grouped(conditions, "or")]
        return {"conditions": [*conditions, condition], "logicalOperator": "AND"}

    @property
    def url(self) -> str:
        """The address of all of it: it may be pasted anywhere, and `Nba.from_url` reads it."""
        from urllib.parse import quote, urlencode

        base = f"{self.service}/{self.document}/query"
        sentence = plainly(self.joined)
        if sentence is not None:
            return f"{base}?{urlencode(sentence, quote_via=quote)}" if sentence else base
        spec = json.dumps(self.joined, ensure_ascii=False, separators=(",", ":"))
        return f"{base}?{urlencode({'_querySpec': spec}, quote_via=quote)}"

    def explain(self) -> list[str]:
        """What is asked, in words, and how."""
        lines = [f"asks {self.service}/{self.document}/query"]
        word = self.joined.get("logicalOperator", "AND").lower()
        conditions = self.joined.get("conditions", [])
        for at, each in enumerate(conditions):
            lines += broken(f"{word if at else 'where'} ", each)
        if "fields" in self.joined:
            lines.append(f"for {', '.join(self.joined['fields'])} only")
        return lines + super().explain()[1:]


def replied(text: str, facts: dict[str, Any], kind: type, inner: type | None = None) -> Any:
    """A reply in JSON that is what it has to be: a number, a list or an object, and what lies in it.

    Raises:
        naturalia.errors.ParseError: it is something else.
    """
    try:
        found = json.loads(text)
    except ValueError:
        raise unlike(text, facts) from None
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    if type(found) is not kind or (inner and any(type(each) is not inner for each in parts)):
        raise unlike(text, facts)
    return found


def whole_number(text: str, facts: dict[str, Any]) -> int:
    """A number, as one or as its text."""
    reply = text.strip().strip('"')
    if not reply.isdecimal() or int(reply) == 0:
        raise unlike(text, facts)
    return int(reply)


def unlike(text: str, facts: dict[str, Any]) -> errors.ParseError:
    """The error of a reply that is not what was asked for."""
    message = f"the reply is not what the NBA says there: {text[:40]!r}{'…' if text[40:] else ''}"
    hint = "check the address; a proxy may stand before it"
    return errors.ParseError(message, source=facts["url"], hint=hint)


def text_rows(rows: Iterable[dict[str, Any]], columns: list[str]) -> Table:
    """Rows of text as a table."""
    texts = [{name: each.get(name) for name in columns} for each in rows]
    return wrap(_core.Table.from_rows(texts, columns))


def distinct(question: NbaList, path: str, spec: Json | None = None) -> dict[str, int]:
    """The values of a field and how many documents have each, all of them."""
    spec_in_use = question.joined if spec is None else spec
    found: dict[str, int] = question.ask(f"getDistinctValues/{path}", {**spec_in_use, "size": GROUPS})
    check_complete(question, path, len(found))
    return found


def check_complete(question: NbaList, path: str, got: int) -> None:
    """Refuses a list of values that may have been cut short."""
    if got >= GROUPS:
        expected = int(question.ask(f"countDistinctValues/{path}", question.joined))
        message = f"{path} has {expected:,} different values, and the service lists {GROUPS:,} at most"
        hint = "narrow the question, or collect() the documents and count their column"
        where = question.service
        raise errors.HarvestIncomplete(message, got=got, expected=expected, source=where, hint=hint)


def counts(question: NbaList, path: str) -> list[dict[str, Any]]:
    """The values of a field, and the documents without one."""
    rows = [{path: str(value), "count": number} for value, number in distinct(question, path).items()]
    nothing = question.besides({"field": path, "operator": "EQUALS", "value": None})
    without = int(question.ask("count", nothing))
    return [*rows, {path: None, "count": without}] if without else rows


def grouped_counts(question: NbaList, paths: list[str]) -> list[dict[str, Any]]:
    """The values of the second field for each of the first; last what lacks one or the other."""
    group, path = paths
    spec = {**question.joined, "size": GROUPS}
    found = question.ask(f"getDistinctValuesPerGroup/{group}/{path}", spec)
    check_complete(question, group, len(found))
    rows: list[dict[str, Any]] = []
    for each in found:
        inner = each.get("values") or []
        check_complete(question, path, len(inner))
        group_value = str(each[group])
        rows += [{group: group_value, path: str(value[path]), "count": value["count"]} for value in inner]
    bare = question.besides({"field": path, "operator": "EQUALS", "value": None})
    lacking = distinct(question, group, bare)
    rows += [{group: str(value), path: None, "count": number} for value, number in lacking.items()]
    nothing = question.besides({"field": group, "operator": "EQUALS", "value": None})
    without = int(question.ask("count", nothing))
    return [*rows, {group: None, path: None, "count": without}] if without else rows


def path_of_name(document: str, name: str) -> str:
    """The path of a keyword, or the path itself; it has to be one that is searched."""
    paths = nba.keyword_paths(document).get(name)
    field = nba.find_field(document, paths[0] if paths else name)
    if "EQUALS" not in field.operators:
        message = f"{field.query_name!r} of {document} has no values to count: the service does not search it"
        raise ValueError(message)
    return field.query_name


def read(text: str, facts: dict[str, Any], document: str, kind: type) -> _core.Table:
    """The documents of a reply that is one document, or a list of them."""
    found = replied(text, facts, kind)
    if not all(isinstance(each, dict) and "id" in each for each in ([found] if kind is dict else found)):
        raise unlike(text, facts)
    return _core.read(
        [(facts["url"], text.encode())],
        strict=False,
        format=FORMATS[document],
        keep_going=False,
        salvage=False,
        threads=1,
    )


def plainly(spec: Json) -> dict[str, str] | None:
    """A QuerySpec as the parameters people read, where it is as plain as that."""
    if spec.keys() - {"conditions", "logicalOperator", "fields", "from", "size"}:
        return None
    problems: dict[str, str] = {}
    for each in spec.get("conditions", []):
        value = each.get("value")
        plain = each.keys() == {"field", "operator", "value"} and isinstance(value, (str, type(None)))
        word = {"EQUALS": "@NULL@", "NOT_EQUALS": "@NOT_NULL@"}.get(each.get("operator", ""))
        if not plain or word is None or each["field"] in problems or (value is not None and word != "@NULL@"):
            return None
        problems[each["field"]] = word if value is None else value
    if spec.get("logicalOperator") == "OR":
        problems["_logicalOperator"] = "OR"
    for name in ("from", "size"):
        if name in spec:
            problems[f"_{name}"] = str(spec[name])
    if "fields" in spec:
        problems["_fields"] = ",".join(spec["fields"])
    return problems


def broken(start: str, condition: Json) -> list[str]:
    """A condition in words, its alternatives on lines of their own."""
    others = condition.get("or", [])
    if not others or condition.get("not") or "field" not in condition:
        return [start + in_words(condition)]
    head = {name: part for name, part in condition.items() if name != "or"}
    lines = [start + in_words(head), *(f"  or {in_words(each)}" for each in others[: 2 * SHOWN])]
    return lines + [f"  or … {len(others) + 1:,} in all"] * (len(others) > 2 * SHOWN)


def in_words(condition: Json) -> str:
    """A condition on one line; long lists by their start."""
    if "field" in condition:
        value = condition.get("value")
        if isinstance(value, list) and len(value) > SHOWN:
            shown = f"[{', '.join(map(repr, value[:SHOWN]))}, … {len(value):,} values]"
        else:
            shown = "nothing" if value is None else repr(value)
        sentence = f"{condition['field']} {condition['operator']} {shown}"
    else:
        sentence = ""
    for join in ("and", "or"):
        inner = [in_words(each) for each in condition.get(join, [])]
        more = f" … {len(inner):,} in all" if len(inner) > 2 * SHOWN else ""
        sentence = f" {join} ".join([each for each in (sentence,) if each] + inner[: 2 * SHOWN]) + more
    sentence = f"({sentence})" if condition.keys() & {"and", "or"} else sentence
    return f"not {sentence}" if condition.get("not") else sentence
