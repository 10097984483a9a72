"""What a harvest did, in numbers and in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from naturalia._arguments.public import public
from naturalia._output.escaping import displayed
from naturalia._output.text import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Deletions", "Tally", "moment"]


@public
@displayed
class Tally(NamedTuple):
    """The counts of a run of a harvest; `print(tally)` says them in words.

    >>> import naturalia as nat
    >>> with nat.testing.serve(250) as server:
    ...     h = nat.harvest(server.url, "museum.sqlite", rate=1000)
    >>> print(h.tally)
    250 unique of 250 received, 250 declared
    3 pages, 5 requests, 0 retries
    verified: the list has as many records as it says
    """

    kind: str
    """`full` or `update`."""
    started_at: int
    """Our clock at its start, in microseconds since 1970 UTC."""
    finished_at: int | None
    """Our clock at its end; None while there is more to come."""
    state: str
    """How it is known that nothing is missing, or why it is not."""
    requests: int
    """Questions answered."""
    retries: int
    """Questions asked again after a passing fault."""
    pages: int
    """Pages of records."""
    bytes: int
    """Bytes that came over the line."""
    declared: int | None
    """How many records there are, as the provider says; None if it does not say."""
    received: int
    """Records in the pages."""
    unique: int
    """Different records among them that were asked for."""
    duplicates: int
    """Records that came again."""
    deleted: int
    """Unique records that are deleted."""
    new: int
    """Unique records that were not here before."""
    changed: int
    """Unique records that were here and have changed."""
    repaired: int
    """Repairs it took to read the pages."""
    out_of_range: int
    """Records outside the dates that were asked for."""
    without_metadata: int
    """Records that are not deleted and have no metadata."""
    restarts: int
    """Times that a part of the list was begun again."""
    splits: int
    """Times that a part of the list was split by datestamp."""
    fetched_after: int
    """Records that only the second look at the list has found."""
    gone: int
    """Records here that the provider no longer lists."""
    notices: list[str]
    """What was odd, in words."""
    renamed: int = 0
    """Records that only changed from http to https, or have another name for the same media."""
    withdrawn: int = 0
    """Records that came and were left out because they had been purged."""
    other_format: int = 0
    """Records in another format than the one that was asked for; their XML is in `extra`."""
    other_sets: int = 0
    """Records of the set that was asked for whose headers name other sets; they are kept."""
    unconfirmed: int = 0
    """Records that the provider no longer lists and whose removal is not certain; they are kept."""
    missing: Sequence[Sequence[str]] = ()
    """Records that the provider lists and does not return: the identifier and the reason of each."""

    @property
    def verified(self) -> bool:
        """Whether it is known that nothing is missing."""
        return self.state.startswith("verified")

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> Tally:
        """The tally of a run as the core hands it over."""
        state = run["verified"] or "not complete"
        facts = {name: run[name] for name in ("kind", "started_at", "finished_at")}
        return cls(**facts, state=state, **json.loads(run["tally"]))

    def __str__(self) -> str:
        return "\n".join(text for _, text in self._lines())

    def _lines(self) -> list[tuple[str, str]]:
        """What it did in a few lines; what is zero and should be is not mentioned."""
        declared = "size not declared" if self.declared is None else f"{self.declared:,} declared"
        more = [
            (self.new if self.kind == "update" else 0, "new"),
            (self.changed, "changed"),
            (self.deleted, "deleted"),
            (self.gone, "gone"),
            (self.duplicates, "came again"),
            (self.out_of_range, "out of range"),
            (self.without_metadata, "without metadata"),
            (self.fetched_after, "found by the second look"),
            (self.renamed, "renamed"),
            (self.withdrawn, "purged, left out"),
            (len(self.missing), "missing"),
            (self.unconfirmed, "unconfirmed removals"),
            (self.other_format, "in another format"),
            (self.other_sets, "with other sets in their headers"),
        ]
        retries = f"{self.retries:,} {'retry' if self.retries == 1 else 'retries'}"
        trouble = [(self.repaired, "repaired"), (self.restarts, "begun again"), (self.splits, "split")]
        lines = [
            ("records", f"{self.unique:,} unique of {self.received:,} received, {declared}"),
            ("", ", ".join(f"{count:,} {what}" for count, what in more if count)),
            (
                "traffic",
                ", ".join((plural(self.pages, "page"), plural(self.requests, "request"), retries)),
            ),
            ("", ", ".join(f"{count:,} {what}" for count, what in trouble if count)),
            ("state", self.state),
            *(("odd", notice) for notice in self.notices),
        ]
        return [(name, text) for name, text in lines if text]


@public
@displayed
class Deletions(NamedTuple):
    """Records of a harvest that are gone. What is not known is None, never 0."""

    policy: str
    """What the provider says of itself: it announces deletions for good (`persistent`), for a while
    (`transient`), never (`no`), or does not say (`unknown`)."""
    announced: int
    """Records that the provider says are deleted."""
    found: int | None
    """Records that were found to be listed no more; None if nobody has looked."""
    reconciled_at: int | None
    """When everything here was last compared with its list, in microseconds since 1970 UTC."""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Deletions:
        """The deletions of a file as the core hands them over."""
        runs = facts["runs"]
        support = json.loads(runs[-1]["facts"])["deleted"] if runs else None
        looked = max((run["reconciled_at"] for run in runs if run["reconciled_at"]), default=None)
        return cls(support or "unknown", facts["announced"], facts["found_gone"] if looked else None, looked)

    def __str__(self) -> str:
        policies = {
            "persistent": "the provider announces all of them",
            "transient": "the provider announces them for a while",
            "no": "the provider announces none",
        }
        looked = (
            "others unknown, its list was never compared"
            if self.found is None
            else f"{self.found:,} found gone, last compared {moment(self.reconciled_at)}"
        )
        parts = [f"{self.announced:,} announced"]
        if self.policy != "persistent" or self.found:
            parts.append(looked)
        policy = policies.get(self.policy, "the provider does not say whether it announces them")
        return f"{', '.join(parts)} ({policy})"


def moment(micros: int | None) -> str:
    """A moment as people read it."""
    from datetime import UTC, datetime

    if micros is None:
        return "never"
    return f"{datetime.fromtimestamp(micros / 1e6, UTC):%Y-%m-%d %H:%M} UTC"
