"""What a person wants to know of a harvest file, in a few lines."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from naturalia._harvest.resume import describe_question
from naturalia._harvest.tally import Deletions, Tally, moment
from naturalia._output.text import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["card", "html"]


def card(path: str, facts: Mapping[str, Any], runs: list[Tally]) -> list[tuple[str, str]]:
    """Name and text of each line."""
    question = json.loads(facts["question"])
    rest = ", ".join(f"{name} {question[name]}" for name in ("set", "since", "until") if name in question)
    listed = f"{facts['prefix']}{', ' + rest if rest else ''}"
    lines = [
        ("source", question.get("url", "")),
        ("question", listed if facts["kind"] == "oai-pmh" else describe_question(question)),
    ]
    if version := json.loads(facts["manner"]).get("version"):
        lines.append(("version", f"{version}, of {moment(version * 1000)}"))
    if runs:
        lines.append(("last run", f"{runs[-1].kind}, {moment(runs[-1].finished_at or runs[-1].started_at)}"))
        lines += runs[-1]._lines()
    lines.append(("deletions", str(Deletions.of(facts))))
    lines.append(("file", f"{os.path.getsize(path) / 1e6:,.1f} MB, {plural(len(runs), 'run')}"))
    return lines


def html(title: str, lines: list[tuple[str, str]]) -> str:
    """The lines as a table under a title."""
    from html import escape

    cell = 'style="text-align:left;padding:2px 12px 2px 0;vertical-align:top"'
    rows = "".join(
        f"<tr><th {cell}>{escape(name)}</th><td {cell}>{escape(text)}</td></tr>" for name, text in lines
    )
    table = f'<table style="border-collapse:collapse">{rows}</table>'
    return f"<div><b>{escape(title)}</b>{table}</div>"
