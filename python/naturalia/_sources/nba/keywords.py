"""Keywords of a question to the NBA as conditions: every path that holds what is meant, lists in pieces."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.dates import span
from naturalia._arguments.rows import plain_list
from naturalia._arguments.spelling import closest
from naturalia._output.text import plural
from naturalia._query.conditions import And, Condition, Or, Where, absent
from naturalia._sources.nba import fields as nba
from naturalia._sources.nba.values import LONGEST, literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["NAMES", "any_of", "conditions_for", "keyed", "ordered", "split_values", "values_of"]

# Names in one question: each of them is several conditions.
NAMES = 200
# Names in a list that are told from what is below them by how an authorship begins: many conditions each.
FEW = 50
# How an authorship begins behind a name; what is below a species begins with a small letter.
AUTHORS = tuple("([ABCDEFGHIJKLMNOPQRSTUVWXYZÖØČ")
# Where a document type keeps the names of taxa.
NAMED = {
    "multimedia": ("identifications.scientificName",),
    "specimen": ("identifications.scientificName",),
    "taxon": ("acceptedName", "synonyms"),
}
# Keywords that bound a date, and the dates they bound.
BEGUN = {"multimedia": "gatheringEvents.dateTimeBegin", "specimen": "gatheringEvent.dateTimeBegin"}
CHANGED = dict.fromkeys(BEGUN, "modified")
SPANS = {
    "since": (">=", CHANGED),
    "until": ("<=", CHANGED),
    "collected_since": (">=", BEGUN),
    "collected_until": ("<=", BEGUN),
}
# How the sign of a hybrid is written before a part of its name.
HYBRID = ("×", "× ", "x ")
# How many of the gaps in a list an error names.
SHOWN = 3


def conditions_for(document: str, keyword: str, value: Any) -> list[Where]:
    """The conditions of a keyword: one, or several where its list is longer than a question takes.

    Raises:
        TypeError: the document type has no such keyword.
        ValueError: a value the keyword can't have.
    """
    if keyword in SPANS:
        return [bounded(document, keyword, value)]
    if "." in keyword:
        return split_condition(values_of(keyword, value), LONGEST, lambda part: at(keyword, part))
    paths = nba.keyword_paths(document)
    if keyword not in paths:
        raise TypeError(unknown(document, keyword, list(paths)))
    path = paths[keyword][0]
    if keyword in WHOLE:
        return [WHOLE[keyword](path, value)]
    values = values_of(keyword, value)
    build = many_names if keyword == "scientific_name" and len(values) > FEW else NAMED_BY.get(keyword)
    if build is not None:
        return split_condition(texts_of(keyword, values), NAMES, lambda part: build(document, part))
    return split_condition(values, LONGEST, lambda part: or_of([at(path, part) for path in paths[keyword]]))


def unknown(document: str, keyword: str, paths: list[str]) -> str:
    """What to say of a keyword there is not."""
    if keyword == "id":
        return "id is no keyword: nba.record(id) and nba.records([ids]) find documents by their ids"
    offered = [*paths, *(name for name in SPANS if document in SPANS[name][1])]
    meant = closest(keyword, offered)
    if not meant.endswith("?"):
        meant = "; nat.field takes any field, nba.fields() lists them, and docs/nba.md has the keywords"
    return f"{document} has no keyword {keyword!r}{meant}"


def public(path: str, value: Any) -> Where:
    """Public is what does not say otherwise: most sources say nothing."""
    if not any(value is each for each in (True, False)):
        message = f"public= is True or False, not {value!r}"
        raise ValueError(message)
    withheld = Condition(path, "==", False)
    return ~withheld if value else withheld


def within(path: str, value: Any) -> Where:
    """Found in an area, or in one of several."""
    areas = value if isinstance(value, (list, tuple)) else [value]
    return or_of([Condition(path, "in", each) for each in areas])


def licensed(path: str, value: Any) -> Where:
    """Under one of these licences, in the words of the NBA."""
    return at(
        path, list(dict.fromkeys(text for each in values_of("license", value) for text in literals(each)))
    )


def ordered(words: Mapping[str, Any]) -> None:
    """Refuses a time that ends before it begins."""
    for first, last in (("since", "until"), ("collected_since", "collected_until")):
        begin, end = span(words.get(first), first), span(words.get(last), last)
        if begin and end and begin.first > end.last:
            message = f"{first}={words[first]!r} is after {last}={words[last]!r}"
            raise ValueError(message)


def bounded(document: str, keyword: str, value: Any) -> Where:
    """From or to a moment; a day, a month and a year as `until` include all of themselves."""
    op, paths = SPANS[keyword]
    if document not in paths:
        message = f"{document} has no date for {keyword!r}"
        raise TypeError(message)
    found = span(value, keyword)
    if found is None:
        message = f"{keyword}= is a date, not {value!r}"
        raise ValueError(message)
    return Condition(paths[document], op, found.first if op == ">=" else found.last)


def genera(document: str, values: list[str]) -> Where:
    """Of these genera: by the name, by its parts, by the classification."""
    full = f"{NAMED[document][0]}.fullScientificName"
    paths = nba.keyword_paths(document)["genus"]
    begins = [Condition(full, "startswith", f"{value} ") for value in values]
    return or_of([*(at(path, values) for path in paths), at(full, values), *begins])


def species(document: str, values: list[str]) -> Where:
    """Of these species, subspecies and varieties included."""
    for value in values:
        if len(parts_of(value)) != len(("genus", "epithet")):
            message = f"species= is a genus and an epithet, as in 'Larus fuscus', not {value!r}"
            raise ValueError(message)
    found = [parts for value in values for parts in forms(value)]
    names = [" ".join(parts) for parts in found]
    base = NAMED[document][0]
    below = [Condition(f"{base}.fullScientificName", "startswith", f"{name} ") for name in names]
    below += [Condition(f"{base}.scientificNameGroup", "startswith", f"{name.lower()} ") for name in names]
    exact = [at(f"{base}.fullScientificName", names), at(f"{base}.scientificNameGroup", lowered(names))]
    return or_of([*exact, *below, *ungrouped(base, found, exact=False)])


def scientific(document: str, values: list[str]) -> Where:
    """Named so, with or without authorship: the name as it stands, its group, its parts where it has none."""
    return named(document, values, few=True)


def many_names(document: str, values: list[str]) -> Where:
    """The same for long lists, in fewer conditions: where a document has no group, subspecies come along."""
    return named(document, values, few=False)


def named(document: str, values: list[str], *, few: bool) -> Where:
    """Labels of these names."""
    pairs = [(value, parts) for value in values for parts in forms(value)]
    found = [parts for _, parts in pairs]
    names = list(dict.fromkeys([*values, *(" ".join(parts) for parts in found if parts)]))
    groups = lowered(" ".join(parts) or value for value, parts in pairs)
    groups += [f"{parts[0].lower()} ?" for parts in found if len(parts) == 1]
    whole = dict.fromkeys(" ".join(parts) for parts in found if len(parts) > 1)
    alternatives: list[Where] = []
    for base in NAMED[document]:
        full, group = f"{base}.fullScientificName", f"{base}.scientificNameGroup"
        alternatives += [at(full, names), at(group, groups)]
        alternatives += [*ungrouped(base, found, exact=few), *subgeneric(base, found)]
        if few:
            # Whether a document has no group or no subspecies is said of all its labels at once; how one of
            # them goes on behind a name is said of that one. Each name stays a group.
            alternatives += [
                Or([Condition(full, "startswith", f"{name} {sign}") for sign in AUTHORS]) for name in whole
            ]
        elif whole:  # names the service could not take apart
            begins = [Condition(full, "startswith", f"{name} ") for name in whole]
            alternatives.append(And([Condition(group, "==", "? ?"), or_of(begins)]))
    return any_of(alternatives)


def ungrouped(base: str, found: list[tuple[str, ...]], *, exact: bool) -> list[Where]:
    """Names by their parts, for documents whose names have no group; of one genus together."""
    alternatives: list[Where] = []
    lower = f"{base}.infraspecificEpithet"
    several = sorted((name for name in found if len(name) > 1), key=parent_name)
    for (genus, *over), names in groupby(several, key=parent_name):
        inner = [Condition(f"{base}.scientificNameGroup", "isnull", None)]
        inner.append(Condition(f"{base}.genusOrMonomial", "==", genus))
        last = [name[-1] for name in names]
        if over:
            inner += [Condition(f"{base}.specificEpithet", "==", over[0])]
            alternatives.append(And([*inner, at(lower, last)]))
        else:
            none = [Condition(lower, "isnull", None)] if exact else []
            alternatives.append(And([*inner, at(f"{base}.specificEpithet", last), *none]))
    return alternatives


def subgeneric(base: str, found: list[tuple[str, ...]]) -> list[Where]:
    """Species by their parts, where a subgenus stands with the genus, as in `Uca (Leptuca)`."""
    epithets: dict[str, list[str]] = {}
    for genus, epithet in (name for name in found if len(name) == len(("genus", "epithet"))):
        epithets.setdefault(genus, []).append(epithet)
    genus = f"{base}.genusOrMonomial"
    return [
        And([Condition(genus, "startswith", f"{name} ("), at(f"{base}.specificEpithet", several)])
        for name, several in epithets.items()
    ]


def parent_name(name: tuple[str, ...]) -> tuple[str, ...]:
    """All of a name but its last word."""
    return name[:-1]


def parts_of(name: str) -> tuple[str, ...]:
    """Genus, species and what is below it, as far as the name has them; nothing where it is none."""
    return forms(name)[-1]


def forms(name: str) -> list[tuple[str, ...]]:
    """The parts of a name in each way it is written: a hybrid with × or x, close by or apart, or without."""
    name = name.capitalize() if name.isupper() else name[:1].upper() + name[1:]
    parts = _core.value("taxon.parts", name)[0]
    if not isinstance(parts, dict):
        return [(name.capitalize(),) if name.isalpha() else ()]
    plain = tuple(parts[part] for part in ("genus", "species", "infraspecific") if parts.get(part))
    if "hybrid" not in parts:
        return [plain]
    at = 0 if name[0] in "×xX" and not name.startswith(plain[0]) else min(1, len(plain) - 1)
    marked = [(*plain[:at], f"{mark}{plain[at]}", *plain[at + 1 :]) for mark in HYBRID]
    return [*marked, plain]


def texts_of(keyword: str, values: list[Any]) -> list[str]:
    """The values of a keyword of names, which are texts."""
    odd = next((each for each in values if not isinstance(each, str)), None)
    if odd is not None:
        message = f"{keyword}= is a name, not {odd!r}"
        raise ValueError(message)
    return values


def keyed(name: str) -> tuple[str, ...]:
    """What two spellings of a name have in common."""
    return tuple(part.lower() for part in parts_of(name)) or (name.lower(),)


# Keywords whose values are put in other words, and those that name taxa.
WHOLE: dict[str, Callable[[str, Any], Where]] = {"area": within, "license": licensed, "public": public}
NAMED_BY: dict[str, Callable[[str, list[str]], Where]] = {
    "genus": genera,
    "species": species,
    "scientific_name": scientific,
}


def at(path: str, values: list[Any]) -> Where:
    """A field has one of these values."""
    return Condition(path, "==", values[0]) if len(values) == 1 else Condition(path, "in", values)


def or_of(alternatives: Sequence[Where]) -> Where:
    """One of these conditions holds."""
    flat = [each for part in alternatives for each in (part.parts if isinstance(part, Or) else [part])]
    return flat[0] if len(flat) == 1 else Or(flat)


def lowered(names: Iterable[str]) -> list[str]:
    """Names as the service writes their groups."""
    return list(dict.fromkeys(name.lower() for name in names))


def any_of(found: list[Where]) -> Where:
    """One of the pieces of a list holds; each stays a group, as a group takes only so many conditions."""
    return found[0] if len(found) == 1 else Or(found)


def split_condition(values: list[Any], most: int, build: Callable[[list[Any]], Where]) -> list[Where]:
    """A condition for each piece of a list."""
    return [build(piece) for piece in split_values(values, most)]


def split_values(values: list[Any], most: int) -> list[list[Any]]:
    """A list in pieces of so many."""
    return [values[start : start + most] for start in range(0, len(values), most)]


def values_of(keyword: str, given: Any) -> list[Any]:
    """The values of a keyword: different ones, in their order, texts without outer blanks."""
    single = isinstance(given, (str, bytes, dict)) or not hasattr(given, "__iter__")
    found = [given] if single else plain_list(given)
    gaps = [at for at, each in enumerate(found) if absent(each)]
    if gaps:
        where = ", ".join(map(str, gaps[:SHOWN])) + (" …" if len(gaps) > SHOWN else "")
        message = (
            f"{keyword}= is None: leave it out, or ask nat.field(…).isnull()"
            if single
            else f"{keyword}= has {plural(len(gaps), 'missing value')} (at {where}): drop them first"
        )
        raise ValueError(message)
    odd = next((each for each in found if isinstance(each, (list, tuple, set, dict, bytes))), None)
    if odd is not None:
        message = f"{keyword}= is a text, or several in one list, not {odd!r}"
        raise ValueError(message)
    found = [each.item() if hasattr(each, "item") else each for each in found]  # numbers of numpy
    texts = [each.strip() if isinstance(each, str) else each for each in found]
    if not texts or "" in texts:
        message = f"{keyword}= is empty" if not texts else f"{keyword}= has an empty text"
        raise ValueError(f"{message}: nothing would be found")
    return list(dict.fromkeys(texts))
