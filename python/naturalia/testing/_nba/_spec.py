"""QuerySpec: a question in JSON or in parameters, checked and made ready to be tried on documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from naturalia.testing._nba._fields import OPERATORS, fields
from naturalia.testing._nba._operators import SIGNS, test_of
from naturalia.testing._nba._refusal import bad_request, condition, invalid, operator, unknown_field

if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[dict[str, Any]], bool]

__all__ = ["Spec", "spec_of"]

SPEC = ("conditions", "logicalOperator", "sortFields", "fields", "from", "size", "constantScore")
GROUPS = ("groupSort", "groupFilter", "specimensFrom", "specimensSize", "specimensSortFields", "noTaxa")
CONDITION = ("not", "field", "operator", "value", "and", "or", "constantScore", "boost")
LOGICAL = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}
TRUE = ("true", "1", "on", "yes")


@dataclass(slots=True)
class Spec:
    """A question about one document type.

    Attributes:
        key: its conditions as canonical text: two questions of one key have the same hits.
        test: whether a document is a hit.
        sort: paths, and whether each is descending.
        fields: the paths to give, None for all of them.
        start: `from`.
        size: how many to give; None where nothing was said.
        groups: what only groupByScientificName knows.
    """

    key: str
    test: Test
    sort: list[tuple[str, bool]] = field(default_factory=list)
    fields: list[str] | None = None
    start: int = 0
    size: int | None = None
    groups: dict[str, Any] = field(default_factory=dict)


def spec_of(document: str, pairs: list[tuple[str, str]], body: bytes = b"") -> Spec:
    """The question of a request: a JSON body, `_querySpec`, or parameters.

    Raises:
        Refusal: it is malformed, or names a field or an operator that does not exist there.
    """
    if body:
        return read(document, loaded(body.decode("utf-8", "replace"), "request body"))
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise bad_request(f"Duplicate query parameter not allowed: {name}")
    if "querySpec" in names:
        raise bad_request('Unknown query parameter: "querySpec" (did you mean "_querySpec"?)')
    if "_querySpec" in names:
        if len(names) > 1:
            raise bad_request("No other query parameters allowed beside _querySpec")
        return read(document, loaded(pairs[0][1], "_querySpec"))
    return read(document, from_parameters(dict(pairs)))


def loaded(text: str, place: str) -> dict[str, Any]:
    """A QuerySpec as JSON."""
    try:
        spec = json.loads(text)
    except ValueError as error:
        raise bad_request(f"Invalid JSON in {place}: {error}") from None
    if not isinstance(spec, dict):
        raise bad_request(f"Invalid JSON in {place}: not an object")
    return spec


def from_parameters(given: dict[str, str]) -> dict[str, Any]:
    """The QuerySpec of the human-readable parameters."""
    spec: dict[str, Any] = {}
    ignore = given.pop("_ignoreCase", "").lower() in TRUE
    conditions = []
    for name, text in given.items():
        if name in ("_from", "_size"):
            if not text.isascii() or not text.isdigit():
                raise bad_request(f'Parameter {name} must be an integer (was "{text}")')
            spec[name[1:]] = int(text)
        elif name == "_fields":
            spec["fields"] = [path for path in text.split(",") if path]
        elif name == "_sortFields":
            parts = [part.partition(":") for part in text.split(",") if part]
            spec["sortFields"] = [{"path": path, "sortOrder": order or "ASC"} for path, _, order in parts]
        elif name == "_logicalOperator":
            spec["logicalOperator"] = text
        elif name[:1] == "_" and name[1:] in GROUPS:
            spec[name[1:]] = text
        elif name[:1] == "_":
            raise bad_request(f'Unknown query parameter: "{name}"')
        elif text in ("@NULL@", "@NOT_NULL@"):
            asked = "EQUALS" if text == "@NULL@" else "NOT_EQUALS"
            conditions.append({"field": name, "operator": asked, "value": None})
        else:
            asked = "EQUALS_IC" if ignore else "EQUALS"
            conditions.append({"field": name, "operator": asked, "value": text})
    return {**spec, "conditions": conditions}


def read(document: str, spec: dict[str, Any]) -> Spec:
    """A QuerySpec, checked."""
    for name in spec:
        if name not in SPEC and name not in GROUPS:
            raise bad_request(f'Unrecognized field "{name}" (class nl.naturalis.nba.api.QuerySpec)')
    logical = LOGICAL.get(str(spec.get("logicalOperator") or "AND").upper())
    if logical is None:
        raise bad_request(f"Invalid logical operator: {spec['logicalOperator']}")
    conditions = listed(spec, "conditions")
    tests = [test_for(document, one) for one in conditions]
    for name in ("from", "size"):
        if spec.get(name) is not None and (type(spec[name]) is not int or spec[name] < 0):
            raise bad_request(f"Invalid value for {name}: {spec[name]}")
    return Spec(
        key=json.dumps([logical, conditions], sort_keys=True),
        test=joined(tests, logical),
        sort=sort_of(document, listed(spec, "sortFields")),
        fields=None if spec.get("fields") is None else chosen_of(document, listed(spec, "fields")),
        start=spec.get("from") or 0,
        size=spec.get("size"),
        groups={name: spec[name] for name in GROUPS if name in spec},
    )


def listed(given: dict[str, Any], name: str) -> list[Any]:
    """The list at a name; none is an empty one."""
    found = given.get(name)
    if found is not None and not isinstance(found, list):
        raise bad_request(f"Cannot deserialize {name}: it is no array")
    return found or []


def sort_of(document: str, given: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """The sort fields: paths, and whether each is descending."""
    known = fields(document)
    sort = []
    for one in given:
        if not isinstance(one, dict):
            raise bad_request("Cannot deserialize sortFields: an element is no object")
        path = str(one.get("path", ""))
        if path != "_score" and path not in known:
            raise unknown_field(path)
        if path in known and known[path].index == "none":
            raise invalid(f"Cannot sort on field {path}: it is not indexed")
        order = str(one.get("sortOrder") or "ASC").upper()
        if order not in ("ASC", "DESC"):
            raise bad_request(f"Invalid sort order: {order}")
        sort.append((path, order == "DESC"))
    return sort


def chosen_of(document: str, given: list[Any]) -> list[str]:
    """The fields to give: of the table, or objects of it."""
    known = fields(document)
    for path in map(str, given):
        if path not in known and not any(name.startswith(path + ".") for name in known):
            raise unknown_field(path)
    return [str(path) for path in given]


def test_for(document: str, given: dict[str, Any]) -> Test:
    """The test of a condition with those inside it: `(C AND and…) OR or…`; `not` turns it all round."""
    if not isinstance(given, dict):
        raise bad_request("A condition is an object")
    for name in given:
        if name not in CONDITION:
            raise bad_request(f'Unrecognized field "{name}" (class nl.naturalis.nba.api.QueryCondition)')
    group = [own_test(document, given), *(test_for(document, one) for one in listed(given, "and"))]
    whole = joined([joined(group, "AND"), *(test_for(document, one) for one in listed(given, "or"))], "OR")
    negated = given.get("not")
    if negated is not None and str(negated) not in ("", "NOT", "not", "!"):
        raise bad_request(f"Invalid value for not: {negated}")
    return (lambda found: not whole(found)) if negated else whole


def own_test(document: str, given: dict[str, Any]) -> Test:
    """The test of one condition by itself; without a field its value says whether everything is a hit."""
    path, wanted = given.get("field"), given.get("value")
    if path is None:
        if not isinstance(wanted, bool) and str(wanted).lower() not in ("true", "false"):
            raise condition("A condition without a field must have a boolean value")
        always = str(wanted).lower() == "true"
        return lambda _: always
    if not given.get("operator"):
        raise condition(f"Missing operator for field {path}")
    name = str(given["operator"]).upper()
    name = SIGNS.get(name, name)
    if name not in OPERATORS:
        raise bad_request(f'No such operator: "{given["operator"]}"')
    known = fields(document).get(str(path))
    if known is None:
        raise unknown_field(str(path))
    if name not in known.operators:
        raise operator(name, known.path)
    return test_of(name, known, wanted)


def joined(tests: list[Test], logical: str) -> Test:
    """Several tests as one."""
    if len(tests) == 1:
        return tests[0]
    if logical == "OR":
        return (lambda found: any(test(found) for test in tests)) if tests else (lambda _: True)
    return lambda found: all(test(found) for test in tests)
