"""What is asked of the NHM data portal: keywords to the parameters of one of its two searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia import _core
from naturalia._arguments.rows import plain_list
from naturalia._arguments.spelling import closest
from naturalia._sources.nhm.conditions import term_of
from naturalia._sources.nhm.grammar import VERSION, checked, terms
from naturalia._sources.nhm.places import around, within
from naturalia._table.table import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["LIMIT", "RESOURCES", "Search", "field_names_of", "question", "records_search", "resource_id"]

# The resources of the collections, by the names of the portal and our own.
RESOURCES = {
    "specimens": "05ff2255-c38a-40c9-b657-4ccb55ab2feb",
    "index_lots": "bb909597-dedf-427d-8c04-4c02b3a24db3",
    "artefacts": "ec61d82a-748d-4b53-8e99-3e708e76bc4d",
}
NAMES = {
    "specimen": "specimens",
    "collection-specimens": "specimens",
    "indexlots": "index_lots",
    "indexlot": "index_lots",
    "index_lot": "index_lots",
    "collection-indexlots": "index_lots",
    "artefact": "artefacts",
    "artifacts": "artefacts",
}
# Where the flags of the simple search exist; elsewhere the question is put as a multi query.
FLAGS = {"_has_image": ("specimens", "index_lots"), "_has_lat_long": ("specimens",)}
# What the flags are in the grammar.
THERE = {"_has_image": {"fields": ["associatedMedia"]}, "_has_lat_long": {"geo_field": True}}
LIMIT = 1000  # records a page, and conditions in a question
# Keywords that are no fields of which there can be lists of values.
OTHER = {"filters", "area", "near", "where", "fields", "sort"}


class Search(NamedTuple):
    """An action of the portal with its parameters, and how the question was understood."""

    action: str
    params: dict[str, Any]
    description: tuple[str, ...] = ()

    @property
    def resources(self) -> list[str]:
        """The resources that are asked; none means all of them."""
        one = self.params.get("resource_id")
        return [one] if one else list(self.params.get("resource_ids", []))


def resource_id(resource: str) -> str:
    """The id of a resource, of its name or id."""
    text = resource.strip()
    name = NAMES.get(text.lower(), text.lower())
    if name in RESOURCES:
        return RESOURCES[name]
    plain = text.lower().replace("-", "")
    if len(plain) == 32 and not plain.strip("0123456789abcdef"):  # noqa: PLR2004 — digits of a UUID
        return text.lower()
    message = f"resource {resource!r} is no id of a resource of the data portal{closest(text, RESOURCES)}"
    raise ValueError(message)


def name_of(resource: str) -> str:
    """The name of a resource, or its id."""
    return next(
        (f"{name} ({identifier})" for name, identifier in RESOURCES.items() if identifier == resource),
        resource,
    )


def field_names_of() -> list[str]:
    """The fields of the collection records, as the portal spells them."""
    return [name for name in _core.FORMATS["nhm"] if name not in ("extra", "notes")]


def records_search(
    resource: str,
    /,
    *,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    has_image: bool | None = None,
    has_place: bool | None = None,
    species: Any = None,
    area: Any = None,
    near: Any = None,
    where: Any = None,
    fields: str | Sequence[str] | None = None,
    sort: str | Sequence[str] | None = None,
    page_size: int = LIMIT,
    **keywords: Any,
) -> Search:
    """The search of one resource that keywords ask for: the simple one where that can, else a multi query."""
    field_names = names_of(resource)
    wanted = {field_named(name, field_names): values_of(name, value) for name, value in keywords.items()}
    wanted |= {name: values_of(name, value) for name, value in (filters or {}).items()}
    flags = {
        name: value for name, value in zip(FLAGS, (has_image, has_place), strict=True) if value is not None
    }
    lists = any(len(values) > 1 for values in wanted.values())
    plain = not lists and all(each is None for each in (species, area, near, where))
    if plain and all(value and resource in map(RESOURCES.get, FLAGS[flag]) for flag, value in flags.items()):
        shown = [field_named(name, field_names) for name in names(fields) or []]
        order = [sorted_by(each, field_names) for each in names(sort) or []]
        return simple(resource, wanted, list(flags), q, shown, order, page_size)
    for name, value in (("fields", fields), ("sort", sort)):
        if value is not None:
            message = (
                f"{name}= is for the portal's simple search, which takes one value a field and no area=, "
            )
            raise ValueError(message + "near=, where= or species=; leave one of them out")
    terms_in_use = Terms(q)
    terms_in_use.equal(wanted)
    if lists:
        terms_in_use.description.append(
            "as a multi query with or: the simple search would want all values of a list at once"
        )
    terms_in_use.narrow(species=species, area=area, near=near, where=where, flags=flags)
    return terms_in_use.build_search([resource], page_size)


def split_keywords(keywords: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keywords, in pieces where the longest list has more values than one question takes."""
    lists = {
        name: list(dict.fromkeys(plain_list(value)))
        for name, value in keywords.items()
        if name not in OTHER and not isinstance(value, str) and hasattr(value, "__iter__")
    }
    # A species is two conditions: its genus and its epithet.
    cost = {name: len(values) * (2 if name == "species" else 1) for name, values in lists.items()}
    room = LIMIT - len(keywords)
    if sum(cost.values()) <= room:
        return [{**keywords, **lists}]
    longest = max(cost, key=lambda name: cost[name])
    room -= sum(cost.values()) - cost[longest]
    step = max(room * len(lists[longest]) // cost[longest], 1)
    starts = range(0, len(lists[longest]), step)
    return [{**keywords, **lists, longest: lists[longest][start : start + step]} for start in starts]


def question(
    where: Any = None,
    *,
    search: str | None = None,
    area: Any = None,
    near: Any = None,
    has_image: bool | None = None,
    resources: Sequence[str] = (),
    page_size: int = LIMIT,
) -> Search:
    """The multi query for conditions, or for a whole query of the grammar."""
    terms_in_use = Terms(search)
    if isinstance(where, dict):
        if any(each is not None for each in (search, area, near, has_image)):
            message = "a whole query is given: put search=, area=, near= and has_image= into it"
            raise TypeError(message)
        terms_in_use.whole = where
    else:
        flags = {} if has_image is None else {"_has_image": has_image}
        terms_in_use.narrow(area=area, near=near, where=where, flags=flags)
    return terms_in_use.build_search(list(resources), page_size)


def simple(  # noqa: PLR0917
    resource: str,
    wanted: dict[str, list[str]],
    flags: list[str],
    q: str | None,
    fields: list[str],
    sort: list[str],
    page_size: int,
) -> Search:
    """A search of one resource, each field with one value."""
    filters: dict[str, Any] = {name: values[0] for name, values in wanted.items()}
    filters |= dict.fromkeys(flags, "true")
    params: dict[str, Any] = {"resource_id": resource, "limit": sized(page_size)}
    description = [f"records of {name_of(resource)}", *describe(wanted)]
    description += [f"with {'images' if flag == '_has_image' else 'coordinates'}" for flag in flags]
    if q:
        params["q"] = q
        description.append(f"with the words {q!r} in any field")
    if filters:
        params["filters"] = filters
    if fields:
        params["fields"] = list(dict.fromkeys(["_id", *fields]))
        description.append(f"of which only {', '.join(params['fields'])} is fetched")
    if sort:
        params["sort"] = sort
        description.append(f"sorted by {', '.join(sort)}, as text: '10' comes before '9'")
    return Search("vds_basic_query", params, tuple(description))


class Terms:
    """A multi query in the making: its terms, and how each was understood."""

    def __init__(self, words: str | None) -> None:
        self.words = words
        self.terms: list[dict[str, Any]] = []
        self.description: list[str] = [f"with the words {words!r} in any field"] if words else []
        self.whole: dict[str, Any] | None = None

    def equal(self, wanted: Mapping[str, list[str]]) -> None:
        """Any of the values of each field."""
        self.terms += [any_of([equals(name, value) for value in values]) for name, values in wanted.items()]
        self.description += describe(wanted)

    def narrow(
        self,
        *,
        species: Any = None,
        area: Any = None,
        near: Any = None,
        where: Any = None,
        flags: Mapping[str, bool],
    ) -> None:
        """The other conditions, where they are given."""
        if species is not None:
            values = values_of("species", species)
            self.terms.append(any_of([of_species(name) for name in values]))
            self.description.append(f"of the species {join_values(values)}, by genus and epithet")
        for value, make in ((area, within), (near, around), (where, term_of)):
            if value is not None:
                term, lines = make(value)
                self.terms.append(term)
                self.description += lines
        for flag, on in flags.items():
            term = {"exists": THERE[flag]}
            self.terms.append(term if on else {"not": [term]})
            self.description.append(
                f"{'with' if on else 'without'} {'images' if flag == '_has_image' else 'coordinates'}"
            )

    def build_search(self, resources: list[str], page_size: int) -> Search:
        """The question."""
        query: dict[str, Any] = {"search": self.words} if self.words else {}
        if self.terms:
            query["filters"] = {"and": self.terms}
        query = checked(query if self.whole is None else self.whole)
        term_count = sum(1 for _ in terms(query.get("filters"), "filters"))
        if term_count > LIMIT and self.whole is None:
            message = (
                f"the question has {term_count:,} conditions, and the data portal takes {LIMIT:,} at most: "
            )
            raise ValueError(message + "ask in parts, and nat.concat the tables")
        params: dict[str, Any] = {"query": query, "query_version": VERSION, "size": sized(page_size)}
        if resources:
            params["resource_ids"] = resources
        of = f"records of {', '.join(map(name_of, resources)) or 'every data set'}"
        return Search("vds_multi_query", params, (of, *self.description))


def sized(page_size: int) -> int:
    """Records a page, if the portal gives as many."""
    if not 0 < page_size <= LIMIT:
        message = (
            f"page_size={page_size}: the portal gives 1 to {LIMIT:,} records a page, and cuts the rest off"
        )
        raise ValueError(message)
    return page_size


def names_of(resource: str) -> dict[str, str]:
    """The fields that keywords can mean, by their plain names; {} where the fields are not known."""
    is_standard = resource in RESOURCES.values()
    return {name.lower(): name for name in field_names_of()} if is_standard else {}


def field_named(name: str, fields: Mapping[str, str]) -> str:
    """The field a keyword means: `scientific_name` and `scientificName` are one, `class_` is `class`."""
    root, dot, rest = name.partition(".")
    found = fields.get(root.lower()) or fields.get(root.rstrip("_").replace("_", "").lower())
    if found is not None:
        return found + dot + rest
    if not fields:
        return name
    near = closest(name, fields.values())
    hint = near if near.startswith(": did you mean") else "; NhmPortal.fields() lists them"
    message = f"the collections have no field {name!r}{hint}"
    raise ValueError(f"{message} (filters={{{name!r}: …}} asks for any field by its exact name)")


def sorted_by(order: str, fields: Mapping[str, str]) -> str:
    """A field and a direction, `year desc`, as the portal names the field."""
    name, _, direction = order.strip().rpartition(" ")
    if direction.lower() not in ("asc", "desc"):
        return field_named(order.strip(), fields)
    return f"{field_named(name.strip(), fields)} {direction.lower()}"


def values_of(name: str, value: Any) -> list[str]:
    """The different values asked for, as text."""
    several = not isinstance(value, (str, int, float)) and value is not None and hasattr(value, "__iter__")
    texts = list(dict.fromkeys(text_of(name, each) for each in (plain_list(value) if several else [value])))
    if not texts:
        message = f"{name}=[] asks for nothing; leave it out to ask for all"
        raise ValueError(message)
    if len(texts) > LIMIT:
        message = f"{name}= has {len(texts):,} values, and a question to the data portal at most {LIMIT:,}"
        raise ValueError(f"{message}: ask in parts, and nat.concat the tables")
    return texts


def text_of(name: str, value: Any) -> str:
    """A value as the portal has it: text, also where it looks like a number."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:  # noqa: PLR0124 — NaN
        return f"{value:g}" if isinstance(value, float) else str(value)
    message = f"{name}={value!r}: values at the data portal are text; write what it says there"
    raise ValueError(message)


def equals(name: str, value: str) -> dict[str, Any]:
    """The term for one value of a field."""
    return {"string_equals": {"fields": [name], "value": value}}


def any_of(terms: list[dict[str, Any]]) -> dict[str, Any]:
    """At least one of these."""
    return terms[0] if len(terms) == 1 else {"or": terms}


def of_species(name: str) -> dict[str, Any]:
    """The group for a species by its name, in the fields of its genus and its epithet."""
    words = name.split()
    if len(words) != len(("genus", "epithet")):
        message = f"species={name!r}: a species is a genus and an epithet, such as 'Helix pomatia'"
        raise ValueError(message)
    return {"and": [equals("genus", words[0]), equals("specificEpithet", words[1])]}


def describe(wanted: Mapping[str, list[str]]) -> list[str]:
    """What is asked of each field, in words."""
    lines = [
        f"whose {name} is {join_values(values)}, whatever the capitals" for name, values in wanted.items()
    ]
    if any(len(name.split()) <= len(("genus", "epithet")) for name in wanted.get("scientificName", [])):
        lines.append("scientificName has the author too: species= and genus= find names whoever gave them")
    return lines


def join_values(values: Iterable[str]) -> str:
    """The first values, and how many there are besides."""
    shown = [repr(value) for value in values]
    few = 4
    more = f" or one of {len(shown) - few:,} others" if len(shown) > few else ""
    return " or ".join(shown[:few]) + more
