"""`nat.field`: conditions on the fields of a service, said in Python and put into words by each source."""

from __future__ import annotations

from typing import Any

from naturalia._arguments.public import public
from naturalia._arguments.rows import plain_list

__all__ = ["And", "Condition", "Field", "Not", "Or", "Where", "field"]


class Where:
    """Something records have to meet; `&`, `|` and `~` join and turn around."""

    __slots__ = ()

    def __and__(self, other: Where) -> Where:
        return And([*parts_of(self, And), *parts_of(expression(other), And)])

    def __or__(self, other: Where) -> Where:
        return Or([*parts_of(self, Or), *parts_of(expression(other), Or)])

    def __invert__(self) -> Where:
        return self.part if isinstance(self, Not) else Not(self)

    def __bool__(self) -> bool:
        message = (
            f"whether {self!r} holds is for the service to say: write & | ~ instead of and, or, not and of "
            "chains such as 1 < field < 5, and put comparisons in brackets"
        )
        raise TypeError(message)


class Condition(Where):
    """One comparison.

    Attributes:
        path: the field.
        op: `== < <= > >= in between contains matches startswith isnull`.
        value: what the field is compared with; a list for `in` and `between`; None for `isnull`.
        ignore_case: whether capitals count as small letters.
    """

    __slots__ = ("ignore_case", "op", "path", "value")

    def __init__(self, path: str, op: str, value: Any, *, ignore_case: bool = False) -> None:
        self.path = path
        self.op = op
        self.value = value
        self.ignore_case = ignore_case

    def __repr__(self) -> str:
        name = f"nat.field({self.path!r})"
        if self.op in COMPARED:
            return f"{name} {self.op} {self.value!r}"
        values = self.value if self.op == "between" else [self.value]
        inner = "" if self.op == "isnull" else ", ".join(map(repr, values))
        return f"{name}.{'isin' if self.op == 'in' else self.op}({inner})"


class Not(Where):
    """The opposite of `part`."""

    __slots__ = ("part",)

    def __init__(self, part: Where) -> None:
        self.part = part

    def __repr__(self) -> str:
        return f"~({self.part!r})"


class And(Where):
    """All of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Where]) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return " & ".join(f"({part!r})" for part in self.parts)


class Or(Where):
    """At least one of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Where]) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return " | ".join(f"({part!r})" for part in self.parts)


@public
class Field:
    """A field of a service by its path; compare it, or call one of its methods."""

    __slots__ = ("path",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, path: str) -> None:
        self.path = path

    def __eq__(self, value: object) -> Where:  # type: ignore[override]
        return self.isnull() if value is None else self._compared("==", value)

    def __ne__(self, value: object) -> Where:  # type: ignore[override]
        return ~(self == value)

    def __lt__(self, value: object) -> Where:
        return self._compared("<", value)

    def __le__(self, value: object) -> Where:
        return self._compared("<=", value)

    def __gt__(self, value: object) -> Where:
        return self._compared(">", value)

    def __ge__(self, value: object) -> Where:
        return self._compared(">=", value)

    def equals(self, value: Any, *, ignore_case: bool = False) -> Where:
        """It is this value, in any case of letters if `ignore_case`."""
        return Condition(self.path, "==", one(value, "=="), ignore_case=ignore_case)

    def isin(self, values: Any) -> Where:
        """It is one of these: a list, a column of pandas or polars, an array."""
        return Condition(self.path, "in", many(values))

    def notin(self, values: Any) -> Where:
        """It is none of these."""
        return ~self.isin(values)

    def between(self, low: Any, high: Any) -> Where:
        """It is within these bounds, both included."""
        return Condition(self.path, "between", [one(low, "between"), one(high, "between")])

    def contains(self, text: str) -> Where:
        """This text stands in it, in any case of letters."""
        return Condition(self.path, "contains", one(text, "contains"))

    def matches(self, text: str) -> Where:
        """Words of it match these, as in a search."""
        return Condition(self.path, "matches", one(text, "matches"))

    def startswith(self, text: str, *, ignore_case: bool = False) -> Where:
        """It begins with this text."""
        return Condition(self.path, "startswith", one(text, "startswith"), ignore_case=ignore_case)

    def exists(self) -> Where:
        """It has a value."""
        return ~self.isnull()

    def isnull(self) -> Where:
        """It has no value."""
        return Condition(self.path, "isnull", None)

    def __repr__(self) -> str:
        return f"nat.field({self.path!r})"

    def _compared(self, op: str, value: object) -> Where:
        return Condition(self.path, op, one(value, op))


COMPARED = ("==", "<", "<=", ">", ">=")


@public
def field(path: str) -> Field:
    """A field of a service, to say what records have to be like.

        >>> import naturalia as nat
        >>> nat.field("gatheringEvents.country") == "Netherlands"
        nat.field('gatheringEvents.country') == 'Netherlands'
        >>> (nat.field("year") < 1900) & ~nat.field("family").isin(["Laridae", "Alcidae"])
        (nat.field('year') < 1900) & (~(nat.field('family').isin(['Laridae', 'Alcidae'])))

    Besides `== != < <= > >=` there are `isin notin between contains matches startswith equals exists isnull`;
    conditions are joined by `&` and `|` and turned around by `~`. What they become in the words of a service,
    and which fields it has, the source knows: pass them as `where=`, and look at `explain()`.

    Args:
        path: the field as the source names it, such as `identifications.scientificName.genusOrMonomial` of
            the NBA, or `scientificName` of NHM. List brackets may stand in it and mean nothing.
    """
    if not path.strip():
        message = "a field has a name"
        raise TypeError(message)
    return Field(path.strip())


def expression(given: Any) -> Where:
    """The condition; anything else is refused with what was probably forgotten."""
    if isinstance(given, Where):
        return given
    message = (
        f"{given!r} is no condition: write nat.field(…) == …, with comparisons in brackets where & or | join "
        "them"
    )
    raise TypeError(message)


def parts_of(where: Where, kind: type[And | Or]) -> list[Where]:
    """The parts of a condition of this kind; of another kind it is its own only part."""
    return where.parts if isinstance(where, kind) else [where]


def one(value: Any, op: str) -> Any:
    """The value, as a plain one; a list is refused."""
    if hasattr(value, "item") and getattr(value, "shape", None) == ():  # a number of numpy
        value = value.item()
    if value is None or isinstance(value, (list, tuple, set, Field, Where)) or hasattr(value, "tolist"):
        reason = "it has none" if value is None else f"not {type(value).__name__}"
        message = f"{op} takes one value, {reason}: isin() takes several, isnull() asks for none"
        raise TypeError(message)
    return value


def absent(value: Any) -> bool:
    """Whether a value is missing: None, NaN, or what pandas has for it."""
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or bool(value != value)  # noqa: PLR0124


def many(values: Any) -> list[Any]:
    """Different values in their order, from a list, a column, an array, a set; one text is refused."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        message = f"isin() takes a list or a column, not {type(values).__name__}: one value is =="
        raise TypeError(message)
    found = plain_list(values)
    if all(hasattr(value, "__hash__") and value.__hash__ for value in found):  # outlines of areas are dicts
        found = list(dict.fromkeys(found))
    if any(map(absent, found)):
        message = "isin() takes values, and one of these is missing: drop it, or ask for isnull()"
        raise ValueError(message)
    return found
