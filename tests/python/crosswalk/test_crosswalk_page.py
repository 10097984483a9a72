"""`docs/crosswalk.md` tells what happens to each field, and its tables are those of the rules.

Run this file as a program to write the tables anew.
"""

from pathlib import Path

import naturalia as nat
from naturalia import _core

PAGE = Path(__file__).parents[3] / "docs" / "crosswalk.md"
MARK = "<!-- from here on generated from the rules -->\n"
WAYS = {"both": "both ways", "fwd": "to media", "back": "from media"}


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def tables() -> str:
    """The rules of every format as tables."""
    parts = []
    for name in _core.CROSSWALKS:
        parts += [
            f"\n## {name}\n",
            "| field | in media | how | direction | remarks |",
            "| --- | --- | --- | --- | --- |",
        ]
        for rule in nat.crosswalk(name, "media").rules:
            remarks = [rule["nx_when"] and f"when {rule['nx_when']}", rule.get("comment", "")]
            remarks += [rule["nx_loss"] and f"may lose: {rule['nx_loss']}"]
            how = rule["nx_fn"] or "as it is"
            cells = [
                rule["nx_src"],
                rule["nx_dst"],
                how,
                WAYS[rule["nx_dir"]],
                "; ".join(filter(None, remarks)),
            ]
            parts.append("| " + " | ".join(cell(text) for text in cells) + " |")
    return "\n".join(parts) + "\n"


def test_the_page_has_the_rules_as_they_are():
    written = PAGE.read_text(encoding="utf-8").split(MARK)[1]
    assert written == tables(), f"write the tables anew: python {__file__}"


if __name__ == "__main__":
    told = PAGE.read_text(encoding="utf-8").split(MARK)[0]
    PAGE.write_text(told + MARK + tables(), encoding="utf-8")
