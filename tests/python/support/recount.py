"""A second account of a crosswalk, from the tables alone.

It knows the rules as tables, not how they are run: for each value of the source it looks where the rules
say it should be in the target, and what the way back without residue gives, and says what became of it.
"""

import re
from collections import Counter, defaultdict

LENS = ("license.nba", "date.span")


def leaves(value, path=""):
    """The values of a nested thing: path with `[]`, place, value."""
    if value is None:
        return
    if isinstance(value, dict):
        if set(value) == {"value", "lang"}:
            if value["value"] is not None:
                yield path, (), value["value"], value["lang"]
            return
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            for found, place, text, lang in leaves(inner, f"{path}[]"):
                yield found, (number, *place), text, lang
    else:
        yield path, (), spelled(value), None


def spelled(value):
    """A value as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def bare(path):
    """A path of a rule as a leaf path without what picks items."""
    return re.sub(r"\[[^\]]*\]", "", path.replace("@", "_")).replace("_lang", "@lang")


def rows(table, skip):
    """The records of a table: path to values, places and languages left to right."""
    names = [name for name in table.columns if name not in skip]
    for cells in zip(*(table[name] for name in names), strict=True):
        found = defaultdict(list)
        for path, place, text, lang in leaves(dict(zip(names, cells, strict=True))):
            found[path.replace("[]", "")].append((place, text, lang))
        yield found


def languages(table):
    """Row, column, number of the value: its language, from the notes of a table of elements."""
    tags = {}
    for row, notes in enumerate(table["notes"]):
        for note in notes or []:
            if note.get("lang") is not None and note.get("index") is not None:
                tags[row, note["path"], note["index"]] = note["lang"]
    return tags


def recount(rules, source, target, back, skip):
    """How many values of each field had each outcome."""
    ways = defaultdict(list)
    for rule in rules:
        if rule["way"] == "forward" and rule["nx_dir"] != "back" and rule["nx_fn"] != "each":
            for end in rule["nx_src"].split("|"):
                ways[bare(end)].append(rule)
    beside = {bare(rule["nx_src"]).split("@")[0] for rule in rules if "@lang" in rule["nx_src"]}
    tags = languages(source) if source.format.startswith("oai") else {}
    counts = Counter()
    records = zip(rows(source, skip), rows(target, {"residue"}), rows(back, skip), strict=True)
    for row, (own, made, returned) in enumerate(records):
        given = {path: Counter(text for _, text, _ in values) for path, values in returned.items()}
        for path, values in own.items():
            if path == "extra.element":
                continue
            for number, (_, text, _) in enumerate(values):
                if text == "" and path.endswith("_format"):
                    continue
                lang = None if path in beside else tags.get((row, path, number))
                back_here = given.get(path, {})
                value = (text, lang, values)
                told = (outcome(rule, value, made, back_here) for rule in ways[path])
                best = min(told, default=NONE)
                counts[path, NAMES[best]] += 1
    return counts


NONE = 9
NAMES = {0: "mapped", 1: "transformed", 2: "split", 3: "merged", 4: "canonicalised", 5: "narrowed"}
REFUSED = 8
NAMES |= {6: "passthrough", 7: "dropped", REFUSED: "rejected", NONE: "passthrough"}


def outcome(rule, value, made, given):
    """What one rule did with a value, as far as the tables tell."""
    text, lang, values = value
    if not holds(rule["nx_when"], text):
        return NONE
    if rule["nx_fn"] == "drop":
        return 7 if rule["nx_when"] == f"value == {text}" else NONE
    ends = [bare(end) for end in rule["nx_dst"].split("|")]
    there = [found for end in ends for found in at(made, end)]
    same = [tag for _, wanted, tag in there if wanted == text]
    if same:
        declared = rule["nx_loss"] and rule["nx_dir"] != "both"
        kept = lang is None or lang in same or "@lang" in rule["nx_dst"]
        return 0 if kept and not declared else 5
    if not there or not rule["nx_fn"]:
        return NONE
    return changed(rule, text, given, there, values)


TYPES = [
    "collection", "dataset", "event", "image", "interactiveresource", "movingimage", "physicalobject",
    "service", "software", "sound", "stillimage", "text",
]  # fmt: skip


def holds(when, text):
    """Whether a rule is for a value, as far as it asks for types of DCMI."""
    known = text.strip().lower().replace(" ", "").split("/")[-1] in TYPES
    return {"type.is(value)": known, "not type.is(value)": not known}.get(when, True)


def at(made, end):
    """Path, text and language of what stands at or below a place; for a language, of that."""
    whole, _, tagged = end.partition("@")
    for path, values in made.items():
        if path == whole or path.startswith(whole + "."):
            for _, text, lang in values:
                yield path, lang if tagged else text, lang


def changed(rule, text, given, there, values):
    """What became of a value that is in the target in another form, if it is."""
    if given.get(text):
        paths = {path for path, _, _ in there}
        return 2 if len([path for path in paths if not path.endswith(BESIDES)]) > 1 else 1
    own = given if rule["nx_dir"] == "both" else {}
    if rule["nx_fn"].startswith("name.several") and all(named(name, own, there) for name in names_in(text)):
        return 2
    texts = {found for _, found, _ in there}
    explained = sum(1 for _, own, _ in values if own in texts or given.get(own))
    places = Counter(path for path, _, _ in there)
    if explained >= max(places.values()):
        return REFUSED
    return 5 if rule["nx_fn"].startswith(LENS) else 4


def names_in(text):
    """The names in a statement, each with its role."""
    return [name.strip() for name in re.split(r" / |;", text) if name.strip()]


def named(text, given, there):
    """Whether a name with its role comes back, or is in the target in its two parts."""
    texts = {found for _, found, _ in there}
    parts = re.fullmatch(r"(.*\S) \((.*)\)", text)
    return bool(given.get(text)) or (parts is not None and set(parts.groups()) <= texts)


BESIDES = (".earliest", ".latest", ".kind")
