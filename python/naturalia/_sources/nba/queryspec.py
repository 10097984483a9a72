"""QuerySpecs of the NBA: conditions put into its words, and what of them it would refuse.

Source: documentation of the NBA 2.2x, "Advanced queries" and "Query operators"; its QuerySpec and
QueryCondition. A group reads `(condition AND and…) OR or…`, and `not` turns all of it around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._arguments.spelling import closest
from naturalia._query.conditions import And, Condition, Not, Or, Where
from naturalia._sources.nba import fields as nba
from naturalia._sources.nba.operators import COMPARISONS, OPPOSITES, operator
from naturalia._sources.nba.values import LONGEST, in_days, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from naturalia._sources.nba.fields import IndexedField

    Json = dict[str, Any]

__all__ = ["checked", "conditions", "spec_of", "where_of"]

SPEC = ("conditions", "logicalOperator", "sortFields", "fields", "from", "size", "constantScore")
CONDITION = ("not", "field", "operator", "value", "and", "or", "constantScore", "boost")
GROUPING = ("groupSort", "groupFilter", "specimensFrom", "specimensSize", "specimensSortFields", "noTaxa")
JOINS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}


def spec_of(document: str, where: Where | None, fields: Mapping[str, IndexedField]) -> Json:
    """The QuerySpec of a condition; of none, that of every document."""
    if where is None:
        return {}
    found = conditions(document, where, fields)
    return {"conditions": found, "logicalOperator": "AND"} if len(found) > 1 else {"conditions": found}


def conditions(document: str, where: Where, fields: Mapping[str, IndexedField]) -> list[Json]:
    """Conditions that all have to hold."""
    parts = where.parts if isinstance(where, And) else [where]
    return [condition(document, part, fields) for part in parts]


def condition(document: str, where: Where, fields: Mapping[str, IndexedField]) -> Json:
    """One condition, with those it is grouped with inside it.

    Raises:
        ValueError: a field the document type has not, an operator the field does not take, or a value the
            operator does not.
    """
    if isinstance(where, Condition):
        whole = days_of(document, where, fields)
        return (
            leaf(document, where, fields, opposite=False)
            if whole is where
            else condition(document, whole, fields)
        )
    if isinstance(where, Not):
        part = where.part
        if isinstance(part, Condition):
            part = days_of(document, part, fields)
        if isinstance(part, Condition) and COMPARISONS[part.op] in OPPOSITES:
            return leaf(document, part, fields, opposite=True)
        return {"not": "NOT", **condition(document, part, fields)}
    if isinstance(where, And | Or):
        inner = [condition(document, part, fields) for part in where.parts]
        return grouped(inner, "and" if isinstance(where, And) else "or")
    message = f"where= takes conditions such as nat.field('license') == 'CC0', not {type(where).__name__}"
    raise TypeError(message)


def days_of(document: str, where: Condition, fields: Mapping[str, IndexedField]) -> Where:
    """One of several whole days, months or years, each by itself; any other condition as it is."""
    if where.op != "in" or not in_days(nba.find_field(document, where.path, dict(fields)), where.value):
        return where
    days: list[Where] = [Condition(where.path, "==", each) for each in where.value]
    return days[0] if len(days) == 1 else Or(days)


def grouped(parts: list[Json], join: str) -> Json:
    """Conditions as one: the first that stands for itself takes the others in."""
    head = next((each for each in parts if not each.keys() & {"and", "or", "not"}), None)
    if head is None:  # a condition without a field is its value: nothing for `and` to add to, or for `or`
        return {"value": join == "and", join: parts}
    return {**head, join: [each for each in parts if each is not head]}


def leaf(document: str, where: Condition, fields: Mapping[str, IndexedField], *, opposite: bool) -> Json:
    """A condition on one field."""
    field = nba.find_field(document, where.path, dict(fields))
    name = COMPARISONS[where.op] + ("_IC" if where.ignore_case else "")
    if where.op == "isnull":
        value = None
    else:
        name, value = value_of(field, name, where.value)
    name = OPPOSITES.get(name, name) if opposite else name
    fits(document, field, name)
    lists = [value]
    if name in {"IN", "NOT_IN"} and isinstance(value, list) and len(value) > LONGEST:
        lists = [value[start : start + LONGEST] for start in range(0, len(value), LONGEST)]
    parts: list[Json] = [{"field": field.query_name, "operator": name, "value": each} for each in lists]
    return parts[0] if len(parts) == 1 else grouped(parts, "and" if opposite else "or")


def fits(document: str, field: IndexedField, name: str) -> None:
    """Refuses an operator that a field does not take."""
    if name in field.operators:
        return
    if not field.operators:
        where = "the service does not search it"
        problem = f"{field.query_name!r} of {document} can't be asked for: {where}; it may stand in fields="
        if field.query_name == "id":
            problem = "'id' is no field of the index: nba.record(id) and nba.records([ids]) find by id"
        raise ValueError(problem)
    message = f"{field.query_name!r} of {document} does not take {name}{closest(name, field.operators)}"
    if not message.endswith("?"):
        message = (
            f"{field.query_name!r} of {document} does not take {name}: it takes {', '.join(field.operators)}"
        )
    raise ValueError(message)


def checked(document: str, spec: Mapping[str, Any], fields: Mapping[str, IndexedField]) -> Json:
    """A QuerySpec as somebody wrote it: names in the service's spelling, and nothing it would refuse.

    Raises:
        ValueError: what is wrong, where in the spec, and what was probably meant.
    """
    for name in spec:
        if name in GROUPING:
            message = f"{name} belongs to groupByScientificName, which is no list of documents"
            raise ValueError(message)
    checked_spec = dict(spec)
    names(checked_spec, SPEC, "QuerySpec")
    if "logicalOperator" in checked_spec:
        checked_spec["logicalOperator"] = joined(checked_spec["logicalOperator"])
    checked_spec["conditions"] = checked_list(document, checked_spec.get("conditions"), fields, "conditions")
    if not checked_spec["conditions"]:
        del checked_spec["conditions"]
    if checked_spec.get("fields"):
        checked_spec["fields"] = kept_fields(document, checked_spec["fields"], fields)
    for name in ("from", "size"):
        number = checked_spec.get(name)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 0):
            message = f"{name} is a number from 0, not {number!r}"
            raise ValueError(message)
    if checked_spec.get("size") == 0:
        message = "size 0 asks for no documents: count() tells how many there are"
        raise ValueError(message)
    if checked_spec.get("sortFields"):
        checked_spec["sortFields"] = [sorting(document, each, fields) for each in checked_spec["sortFields"]]
    return checked_spec


def joined(word: object) -> str:
    """AND or OR."""
    if str(word).upper() not in JOINS:
        message = f"logicalOperator is AND or OR, not {word!r}"
        raise ValueError(message)
    return JOINS[str(word).upper()]


def checked_list(document: str, given: Any, fields: Mapping[str, IndexedField], place: str) -> list[Json]:
    """A list of conditions, each checked."""
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        message = f"{place} is a list of conditions, not {type(given).__name__}"
        raise TypeError(message)
    return [checked_condition(document, each, fields, f"{place}[{at}]") for at, each in enumerate(given)]


def checked_condition(document: str, given: Any, fields: Mapping[str, IndexedField], place: str) -> Json:
    """A condition of a spec, with those inside it, checked."""
    if not hasattr(given, "keys"):
        message = f"{place} is a condition with field, operator and value, not {given!r}"
        raise TypeError(message)
    node = dict(given)
    names(node, CONDITION, place)
    for join in ("and", "or"):
        if join in node:
            node[join] = checked_list(document, node[join], fields, f"{place}.{join}")
    if node.get("not") not in {None, "NOT", "not"}:
        message = f"{place}.not is 'NOT' where it is there, not {node['not']!r}"
        raise ValueError(message)
    if "field" not in node:
        if not isinstance(node.get("value"), bool):
            message = f"{place} names no field"
            raise ValueError(message)
        return node
    if "operator" not in node:
        message = f"{place} has no operator: 'EQUALS' is the plainest"
        raise ValueError(message)
    try:
        field = nba.find_field(document, str(node["field"]), dict(fields))
        node |= {"field": field.query_name, "operator": operator(str(node["operator"]))}
        fits(document, field, node["operator"])
        if node.get("value") is not None or not node["operator"].removeprefix("NOT_").startswith("EQUALS"):
            value_of(field, node["operator"].removeprefix("NOT_"), node.get("value"), verbatim=True)
    except (ValueError, TypeError) as error:
        raise type(error)(f"{error} (in {place})") from None
    return node


def names(given: Mapping[str, Any], allowed: tuple[str, ...], place: str) -> None:
    """Refuses a name that is not one of those known."""
    for name in given:
        if name not in allowed:
            message = f"{place} has no {name!r}{closest(name, allowed)}"
            raise ValueError(message)


def kept_fields(document: str, given: Any, fields: Mapping[str, IndexedField]) -> list[str]:
    """The paths of an answer, groups among them; id always, as it tells documents apart."""
    if isinstance(given, str):
        given = given.split(",")
    found = ["id"]
    for path in given:
        name = nba.bare(str(path).strip())
        if not any(each.startswith(f"{name}.") for each in fields):
            name = nba.find_field(document, name, dict(fields)).query_name
        found.append(name)
    return list(dict.fromkeys(found))


def sorting(document: str, given: Any, fields: Mapping[str, IndexedField]) -> Json:
    """A field to sort by."""
    if not hasattr(given, "keys") or "path" not in given:
        message = f"sortFields holds objects with path and sortOrder, not {given!r}"
        raise ValueError(message)
    names(given, ("path", "sortOrder"), "sortFields")
    order = str(given.get("sortOrder", "ASC")).upper()
    if order not in {"ASC", "DESC"}:
        message = f"sortOrder is ASC or DESC, not {given['sortOrder']!r}"
        raise ValueError(message)
    return {"path": nba.find_field(document, str(given["path"]), dict(fields)).query_name, "sortOrder": order}


def where_of(parts: list[Where]) -> Where | None:
    """Conditions that all have to hold, as one; None where there is none."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, And) else [part])]
    return None if not flat else flat[0] if len(flat) == 1 else And(flat)
