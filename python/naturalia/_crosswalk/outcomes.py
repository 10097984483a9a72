"""The outcomes of values in a mapping, and the protocol of an account of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MEANING", "NOT_KEPT", "Account", "Line"]

NOT_KEPT = ("passthrough", "dropped", "rejected")
"""The outcomes of values that the target does not hold."""

MEANING = {
    "mapped": "identical in the target",
    "transformed": "changed, and the rule changes it back",
    "split": "one value became several",
    "merged": "several values became one",
    "canonicalised": "another spelling, the same meaning",
    "decided": "replaced by the licence that a person decided on",
    "narrowed": "the target says less",
    "passthrough": "no place in the target; kept beside the record",
    "dropped": "left out because a rule says so",
    "rejected": "not understood; kept verbatim beside the record, never guessed",
    "derived": "said besides by a rule",
    "defaulted": "filled in because nothing was there",
}


class Line(NamedTuple):
    """The values of one field that one rule treated alike."""

    field: str
    outcome: str
    rule: str
    reason: str
    values: int
    records: int
    examples: list[str]


class Account(Protocol):
    """The counts and lines that a report shows."""

    source: str
    target: str
    lines: list[Line]

    @property
    def records(self) -> int:
        """Records that were mapped."""

    @property
    def values(self) -> int:
        """Values of the mapped records."""

    @property
    def private(self) -> int:
        """Records that are not public."""

    @property
    def deleted(self) -> int:
        """Deleted records."""

    @property
    def dialects(self) -> Mapping[str, int]:
        """Records by the dialect that they were recognised as."""

    @property
    def edited(self) -> int:
        """Values that an edit has overtaken."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Values by outcome."""

    def rows(self) -> list[dict[str, Any]]:
        """The lines as dicts."""
