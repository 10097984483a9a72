"""The operators of the NBA, in one table: opposites, the comparisons of `nat.field`, other spellings.

Source: documentation of the NBA 2.2x, "Query operators".
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COMPARISONS", "OPERATORS", "OPPOSITES", "ORDERED", "operator", "with_opposites"]


class Operator(NamedTuple):
    """An operator.

    Attributes:
        name: its name.
        opposite: the operator that finds all other documents; None if the service has none.
        comparisons: the comparisons of `nat.field` that it carries out.
        spellings: what the service takes for its name: signs, and the name CONTAINS once had.
    """

    name: str
    opposite: str | None = None
    comparisons: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()


TABLE = (
    Operator("EQUALS", "NOT_EQUALS", ("==", "isnull"), ("=", "==")),
    Operator("NOT_EQUALS", spellings=("!=",)),
    Operator("EQUALS_IC", "NOT_EQUALS_IC"),
    Operator("NOT_EQUALS_IC"),
    Operator("CONTAINS", "NOT_CONTAINS", ("contains",), ("LIKE",)),
    Operator("NOT_CONTAINS", spellings=("NOT_LIKE",)),
    Operator("MATCHES", "NOT_MATCHES", ("matches",)),
    Operator("NOT_MATCHES"),
    Operator("STARTS_WITH", "NOT_STARTS_WITH", ("startswith",)),
    Operator("NOT_STARTS_WITH"),
    Operator("STARTS_WITH_IC", "NOT_STARTS_WITH_IC"),
    Operator("NOT_STARTS_WITH_IC"),
    Operator("IN", "NOT_IN", ("in",)),
    Operator("NOT_IN"),
    Operator("BETWEEN", "NOT_BETWEEN", ("between",)),
    Operator("NOT_BETWEEN"),
    Operator("LT", None, ("<",), ("<",)),
    Operator("LTE", None, ("<=",), ("<=",)),
    Operator("GT", None, (">",), (">",)),
    Operator("GTE", None, (">=",), (">=",)),
)
OPERATORS = tuple(each.name for each in TABLE)
OPPOSITES = {each.name: each.opposite for each in TABLE if each.opposite}
ORDERED = ("LT", "LTE", "GT", "GTE")
COMPARISONS = {comparison: each.name for each in TABLE for comparison in each.comparisons}
SPELLINGS = {spelling: each.name for each in TABLE for spelling in each.spellings}


def with_opposites(*names: str) -> tuple[str, ...]:
    """Operators and their opposites."""
    return tuple(side for name in names for side in (name, OPPOSITES[name]))


def operator(word: str) -> str:
    """The operator that a word means, in any case of letters.

    Raises:
        ValueError: there is none, with what was probably meant.
    """
    name = word.strip().upper()
    name = SPELLINGS.get(name, name.replace(" ", "_"))
    if name not in OPERATORS:
        from naturalia._arguments.spelling import closest

        message = f"no operator {word!r}{closest(name, OPERATORS)}"
        raise ValueError(message)
    return name
