"""Where the rows of a written file come from, and how it was written: what travels with the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from naturalia import _core

if TYPE_CHECKING:
    from naturalia._table.table import Table

__all__ = ["ABOUT", "BESIDE", "CONTRACT", "Provenance", "beside"]

CONTRACT = 1
"""The version of the columns, as docs/tables.md has it."""
ABOUT = "naturalia"
"""The name the provenance has inside a file."""
BESIDE = ".about.json"
"""What the name of the file that holds it beside CSV and JSON ends in."""
MOST = 20
"""Sources and requests named one by one; the others are counted."""
LEFT_OUT = ("resumptionToken", "url")


class Provenance:
    """What the parts of a table say about their origin, gathered in little memory."""

    def __init__(self) -> None:
        self.rows = 0
        self.pages = 0
        self.sources: dict[str, None] = {}
        self.requests: dict[tuple[tuple[str, str], ...], None] = {}
        self.retrieved: list[str] = []

    def add(self, table: Table) -> None:
        """The pages of a part; its rows are counted where they are written."""
        for page in table._core.pages:
            self.pages += 1
            if len(self.sources) <= MOST and page["source"]:
                self.sources[page["source"]] = None
            asked = page["request"]
            said = {name: text for name, text in asked.items() if name not in LEFT_OUT}
            if len(self.requests) <= MOST and (asked.get("url") or said):
                self.requests[(("url", asked.get("url") or ""), *sorted(said.items()))] = None
            date = page["responseDate"]
            if date:
                self.retrieved = [min([date, *self.retrieved]), max([date, *self.retrieved])]

    @property
    def request(self) -> dict[str, str]:
        """The first request."""
        return dict(next(iter(self.requests), ()))

    def facts(self, **written: Any) -> dict[str, Any]:
        """All there is to say, with how it was `written`."""
        from datetime import UTC, datetime

        facts: dict[str, Any] = {
            "tool": f"naturalia {_core.__version__}",
            "written_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "contract": CONTRACT,
            "rows": self.rows,
            **written,
        }
        if self.pages:
            facts["pages"] = self.pages
        if self.sources:
            facts["sources"] = [*self.sources][:MOST]
        if self.requests:
            facts["requests"] = [dict(request) for request in [*self.requests][:MOST]]
        if self.retrieved:
            facts["retrieved_at"] = self.retrieved
        return facts


def beside(path: str) -> dict[str, Any]:
    """The provenance in the file beside this one; nothing if there is none of ours."""
    import json

    try:
        with open(path + BESIDE, encoding="utf-8") as file:
            facts = json.load(file)
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) and str(facts.get("tool", "")).startswith("naturalia ") else {}


def written(facts: dict[str, Any]) -> str:
    """The provenance as one line of JSON."""
    import json

    return json.dumps(facts, ensure_ascii=False, separators=(", ", ": "))
