"""What a rule set does with a field, in words."""

from __future__ import annotations

from naturalia._arguments.spelling import closest

__all__ = ["explanation"]

DIRECTIONS = {"both": "both ways", "fwd": "to media only", "back": "from media only"}


def bare(path: str) -> str:
    """A path without what picks items of lists."""
    import re

    return re.sub(r"\[[^\]]*\]", "", path)


def explanation(rules: list[dict[str, str]], ends: str, field: str) -> str:
    """The rules of a field of the source, step by step; or those that make a field of the target."""
    wanted = bare(field)
    steps = [rule for rule in rules if rule["way"] == "forward" and near(rule["nx_src"], wanted)]
    if steps:
        hubs = {bare(end) for rule in steps for end in rule["nx_dst"].split("|") if end}
        later = [
            rule
            for rule in rules
            if rule["way"] == "backward"
            and any(near(end, hub) for hub in hubs for end in rule["nx_dst"].split("|"))
        ]
    else:
        later = [rule for rule in rules if rule["way"] == "backward" and near(rule["nx_src"], wanted)]
        if not later:
            later = [
                rule
                for rule in rules
                if any(near(end, wanted) for end in rule["nx_dst"].split("|")) and rule["nx_dir"] != "none"
            ]
    if not steps and not later:
        known = [bare(rule["nx_src"]) for rule in rules]
        message = f"no rule speaks of {field!r}{closest(field, known)}; its values are kept beside the record"
        raise ValueError(message)
    lines = [f"{field}: {ends}"]
    lines += [described(rule) for rule in [*steps, *later]]
    return "\n".join(lines)


def added(rules: list[dict[str, str]], others: list[dict[str, str]], field: str, dialect: str) -> list[str]:
    """What a dialect does otherwise with a field: its rules that are not among these."""
    wanted = bare(field)
    standard = [{**rule, "nx_order": ""} for rule in rules]
    different = [
        rule
        for rule in others
        if {**rule, "nx_order": ""} not in standard
        and any(near(path, wanted) for path in [rule["nx_src"], *rule["nx_dst"].split("|")])
    ]
    return [f"  with the dialect {dialect}:", *map(described, different)] if different else []


def near(path: str, wanted: str) -> bool:
    """Whether a path is the one wanted, or stands below it."""
    own = bare(path)
    return own == wanted or own.startswith((wanted + ".", wanted + "@"))


def described(rule: dict[str, str]) -> str:
    """A rule in a line or two."""
    there, here = f"{rule['format']}:{rule['nx_src']}", f"media:{rule['nx_dst']}"
    if not rule["nx_dst"]:
        when = rule["nx_when"] or "there"
        return f"  {rule['record_id']}  {there} is left out ({rule['nx_loss']}), when {when}"
    first, second = (there, here) if rule["way"] == "forward" else (here, there)
    parts = [f"  {rule['record_id']}  {first} -> {second}, {DIRECTIONS.get(rule['nx_dir'], rule['nx_dir'])}"]
    if rule["nx_fn"]:
        parts.append(f"      by {rule['nx_fn']}")
    if rule["nx_when"]:
        parts.append(f"      when {rule['nx_when']}")
    if rule["nx_loss"]:
        parts.append(f"      may lose: {rule['nx_loss']}")
    if rule.get("comment"):
        parts.append(f"      {rule['comment']}")
    return "\n".join(parts)
