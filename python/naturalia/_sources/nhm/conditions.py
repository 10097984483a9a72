"""`nat.field` conditions in the query grammar of the NHM data portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia._query.conditions import And, Condition, Not, Or, expression

if TYPE_CHECKING:
    from naturalia._query.conditions import Where

__all__ = ["term_of"]

BOUNDS = {
    "<": {"less_than_inclusive": False},
    "<=": {},
    ">": {"greater_than_inclusive": False},
    ">=": {},
}
MOST = 1000
WORDS = "contains() matches whole words here, without stemming, and no parts of words"


def term_of(where: Any) -> tuple[dict[str, Any], list[str]]:
    """A condition as a group or term of the grammar, and what is worth saying about it.

    Raises:
        TypeError: it is no condition.
        ValueError: the portal can't be asked this, with what it can be asked.
    """
    condition = expression(where)
    return build_term(condition), [f"where {condition!r}", *notes(condition)]


def build_term(where: Where) -> dict[str, Any]:
    """The group or term."""
    if isinstance(where, (And, Or)):
        members = [build_term(part) for part in where.parts]
        return {"and" if isinstance(where, And) else "or": members}
    if isinstance(where, Not):
        if isinstance(where.part, Condition) and where.part.op == "isnull":
            return {"exists": {"fields": [path_of(where.part)]}}
        return {"not": [build_term(where.part)]}
    assert isinstance(where, Condition)
    return compared(where)


def compared(condition: Condition) -> dict[str, Any]:
    """The term of one comparison."""
    path, op, value = path_of(condition), condition.op, condition.value
    if op == "isnull":
        term: dict[str, Any] = {"not": [{"exists": {"fields": [path]}}]}
    elif op in ("==", "in"):
        term = one_of(path, value) if op == "in" else equal(path, value)
    elif op in BOUNDS:
        end = "less_than" if "<" in op else "greater_than"
        term = {"number_range": {"fields": [path], end: number(path, op, value), **BOUNDS[op]}}
    elif op == "between":
        low, high = (number(path, op, each) for each in value)
        term = {"number_range": {"fields": [path], "greater_than": low, "less_than": high}}
    elif op in ("contains", "matches"):
        term = {"string_contains": {"fields": [path], "value": str(value)}}
    else:
        message = f"the data portal can't be asked {condition!r}"
        raise ValueError(
            f"{message}: it knows ==, isin, < <= > >=, between, contains, matches, exists, isnull"
        )
    return term


def path_of(condition: Condition) -> str:
    """The field as the portal names it: brackets of lists mean nothing."""
    return condition.path.replace("[]", "")


def equal(path: str, value: Any) -> dict[str, Any]:
    """One value: numbers are compared as numbers, text in any case of letters."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"number_equals": {"fields": [path], "value": value}}
    if isinstance(value, str):
        return {"string_equals": {"fields": [path], "value": value}}
    message = f"{path} == {value!r}: values at the data portal are text and numbers; write what it says there"
    raise ValueError(message)


def one_of(path: str, values: list[Any]) -> dict[str, Any]:
    """Any of several values."""
    if not values:
        message = f"{path} is in []: an empty list asks for nothing"
        raise ValueError(message)
    if len(values) > MOST:
        message = (
            f"{path} is in {len(values):,} values: the data portal is asked for {MOST:,} at most at a time"
        )
        raise ValueError(f"{message}; ask in parts, and nat.concat the tables")
    terms = [equal(path, value) for value in values]
    return terms[0] if len(terms) == 1 else {"or": terms}


def number(path: str, op: str, value: Any) -> float:
    """A bound, which is a number: the grammar has no dates."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    message = f"{path} {op} {value!r}: the data portal compares numbers only, such as {path} {op} 1900"
    raise ValueError(f"{message}; dates it can't compare: ask for year, month and day")


def notes(where: Where) -> list[str]:
    """What a condition means at the portal and not elsewhere."""
    if isinstance(where, Condition):
        return [WORDS] if where.op == "contains" else []
    parts = [where.part] if isinstance(where, Not) else where.parts if isinstance(where, (And, Or)) else []
    return list(dict.fromkeys(note for part in parts for note in notes(part)))
