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

    from naturalia._sources.nba.fields import Kept

    Json = dict[str, Any]

__all__ = ["checked", "conditions", "spec_of", "where_of"]

SPEC = ("conditions", "logicalOperator", "sortFields", "fields", "from", "size", "constantScore")
CONDITION = ("not", "field", "operator", "value", "and", "or", "constantScore", "boost")
GROUPING = ("groupSort", "groupFilter", "specimensFrom", "specimensSize", "specimensSortFields", "noTaxa")
JOINS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR"}


def spec_of(document: str, where: Where | None, known: Mapping[str, Kept]) -> Json:
    """The QuerySpec of a condition; of none, that of every document."""
    if where is None:
        return {}
    found = conditions(document, where, known)
    return {"conditions": found, "logicalOperator": "AND"} if len(found) > 1 else {"conditions": found}


def conditions(document: str, where: Where, known: Mapping[str, Kept]) -> list[Json]:
    """Conditions that all have to hold."""
    parts = where.parts if isinstance(where, And) else [where]
    return [condition(document, part, known) for part in parts]


def condition(document: str, where: Where, known: Mapping[str, Kept]) -> Json:
    """One condition, with those it is grouped with inside it.

    Raises:
        ValueError: a field the document type has not, an operator the field does not take, or a value the
            operator does not.
    """
    if isinstance(where, Condition):
        whole = days_of(document, where, known)
        return (
            leaf(document, where, known, opposite=False)
            if whole is where
            else condition(document, whole, known)
        )
    if isinstance(where, Not):
        part = where.part
        if isinstance(part, Condition):
            part = days_of(document, part, known)
        if isinstance(part, Condition) and COMPARISONS[part.op] in OPPOSITES:
            return leaf(document, part, known, opposite=True)
        return {"not": "NOT", **condition(document, part, known)}
    if isinstance(where, And | Or):
        made = [condition(document, part, known) for part in where.parts]
        return grouped(made, "and" if isinstance(where, And) else "or")
    message = f"where= takes conditions such as nat.field('license') == 'CC0', not {type(where).__name__}"
    raise TypeError(message)


def days_of(document: str, where: Condition, known: Mapping[str, Kept]) -> Where:
    """One of several whole days, months or years, each by itself; any other condition as it is."""
    if where.op != "in" or not in_days(nba.find(document, where.path, dict(known)), where.value):
        return where
    days: list[Where] = [Condition(where.path, "==", each) for each in where.value]
    return days[0] if len(days) == 1 else Or(days)


def grouped(made: list[Json], join: str) -> Json:
    """Conditions as one: the first that stands for itself takes the others in."""
    head = next((each for each in made if not each.keys() & {"and", "or", "not"}), None)
    if head is None:  # a condition without a field is its value: nothing for `and` to add to, or for `or`
        return {"value": join == "and", join: made}
    return {**head, join: [each for each in made if each is not head]}


def leaf(document: str, where: Condition, known: Mapping[str, Kept], *, opposite: bool) -> Json:
    """A condition on one field."""
    field = nba.find(document, where.path, dict(known))
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
    made: list[Json] = [{"field": field.asked, "operator": name, "value": each} for each in lists]
    return made[0] if len(made) == 1 else grouped(made, "and" if opposite else "or")


def fits(document: str, field: Kept, name: str) -> None:
    """Refuses an operator that a field does not take."""
    if name in field.operators:
        return
    if not field.operators:
        where = "the service does not search it"
        said = f"{field.asked!r} of {document} can't be asked for: {where}; it may stand in fields="
        if field.asked == "id":
            said = "'id' is no field of the index: nba.record(id) and nba.records([ids]) find by id"
        raise ValueError(said)
    message = f"{field.asked!r} of {document} does not take {name}{closest(name, field.operators)}"
    if not message.endswith("?"):
        message = f"{field.asked!r} of {document} does not take {name}: it takes {', '.join(field.operators)}"
    raise ValueError(message)


def checked(document: str, spec: Mapping[str, Any], known: Mapping[str, Kept]) -> Json:
    """A QuerySpec as somebody wrote it: names in the service's spelling, and nothing it would refuse.

    Raises:
        ValueError: what is wrong, where in the spec, and what was probably meant.
    """
    for name in spec:
        if name in GROUPING:
            message = f"{name} belongs to groupByScientificName, which is no list of documents"
            raise ValueError(message)
    made = dict(spec)
    names(made, SPEC, "QuerySpec")
    if "logicalOperator" in made:
        made["logicalOperator"] = joined(made["logicalOperator"])
    made["conditions"] = listed(document, made.get("conditions"), known, "conditions")
    if not made["conditions"]:
        del made["conditions"]
    if made.get("fields"):
        made["fields"] = kept_fields(document, made["fields"], known)
    for name in ("from", "size"):
        number = made.get(name)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 0):
            message = f"{name} is a number from 0, not {number!r}"
            raise ValueError(message)
    if made.get("size") == 0:
        message = "size 0 asks for no documents: count() tells how many there are"
        raise ValueError(message)
    if made.get("sortFields"):
        made["sortFields"] = [sorting(document, each, known) for each in made["sortFields"]]
    return made


def joined(word: object) -> str:
    """AND or OR."""
    if str(word).upper() not in JOINS:
        message = f"logicalOperator is AND or OR, not {word!r}"
        raise ValueError(message)
    return JOINS[str(word).upper()]


def listed(document: str, given: Any, known: Mapping[str, Kept], place: str) -> list[Json]:
    """A list of conditions, each checked."""
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        message = f"{place} is a list of conditions, not {type(given).__name__}"
        raise TypeError(message)
    return [written(document, each, known, f"{place}[{at}]") for at, each in enumerate(given)]


def written(document: str, given: Any, known: Mapping[str, Kept], place: str) -> Json:
    """A condition of a spec, with those inside it, checked."""
    if not hasattr(given, "keys"):
        message = f"{place} is a condition with field, operator and value, not {given!r}"
        raise TypeError(message)
    made = dict(given)
    names(made, CONDITION, place)
    for join in ("and", "or"):
        if join in made:
            made[join] = listed(document, made[join], known, f"{place}.{join}")
    if made.get("not") not in {None, "NOT", "not"}:
        message = f"{place}.not is 'NOT' where it is there, not {made['not']!r}"
        raise ValueError(message)
    if "field" not in made:
        if not isinstance(made.get("value"), bool):
            message = f"{place} names no field"
            raise ValueError(message)
        return made
    if "operator" not in made:
        message = f"{place} has no operator: 'EQUALS' is the plainest"
        raise ValueError(message)
    try:
        field = nba.find(document, str(made["field"]), dict(known))
        made |= {"field": field.asked, "operator": operator(str(made["operator"]))}
        fits(document, field, made["operator"])
        if made.get("value") is not None or not made["operator"].removeprefix("NOT_").startswith("EQUALS"):
            value_of(field, made["operator"].removeprefix("NOT_"), made.get("value"), verbatim=True)
    except (ValueError, TypeError) as error:
        raise type(error)(f"{error} (in {place})") from None
    return made


def names(given: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    """Refuses a name that is not one of those known."""
    for name in given:
        if name not in known:
            message = f"{place} has no {name!r}{closest(name, known)}"
            raise ValueError(message)


def kept_fields(document: str, given: Any, known: Mapping[str, Kept]) -> list[str]:
    """The paths of an answer, groups among them; id always, as it tells documents apart."""
    if isinstance(given, str):
        given = given.split(",")
    found = ["id"]
    for path in given:
        asked = nba.bare(str(path).strip())
        if not any(each.startswith(f"{asked}.") for each in known):
            asked = nba.find(document, asked, dict(known)).asked
        found.append(asked)
    return list(dict.fromkeys(found))


def sorting(document: str, given: Any, known: Mapping[str, Kept]) -> Json:
    """A field to sort by."""
    if not hasattr(given, "keys") or "path" not in given:
        message = f"sortFields holds objects with path and sortOrder, not {given!r}"
        raise ValueError(message)
    names(given, ("path", "sortOrder"), "sortFields")
    order = str(given.get("sortOrder", "ASC")).upper()
    if order not in {"ASC", "DESC"}:
        message = f"sortOrder is ASC or DESC, not {given['sortOrder']!r}"
        raise ValueError(message)
    return {"path": nba.find(document, str(given["path"]), dict(known)).asked, "sortOrder": order}


def where_of(parts: list[Where]) -> Where | None:
    """Conditions that all have to hold, as one; None where there is none."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, And) else [part])]
    return None if not flat else flat[0] if len(flat) == 1 else And(flat)
