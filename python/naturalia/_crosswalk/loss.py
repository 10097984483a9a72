"""The loss report: what became of every value of the source."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest
from naturalia._crosswalk.outcomes import MEANING, NOT_KEPT, Line
from naturalia._output.escaping import displayed, escaped

if TYPE_CHECKING:
    import pandas

__all__ = ["Line", "Loss", "difference"]


COUNTS = ("records", "made", "private", "deleted", "values", "bytes", "residue", "edited", "unread")


@public
@displayed
class Loss:
    """What became of the values of the source: one outcome each.

    >>> import naturalia as nat
    >>> t = nat.read(nat.samples.path("openimages_oai_oi.xml"))
    >>> loss = nat.crosswalk("oai_oi", "media").apply(t).loss
    >>> loss.count("rejected")
    0
    >>> sum(loss.counts.values()) == loss.values
    True
    """

    __slots__ = ("_account", "lines", "source", "target")

    def __init__(self, account: dict[str, Any], source: str, target: str) -> None:
        self._account = account
        self.source = source
        self.target = target
        self.lines = [Line(*line) for line in account["lines"]]

    @classmethod
    def joined(cls, parts: list[Loss]) -> Loss:
        """The accounts of several tables as one."""
        first = parts[0]
        account = {name: sum(part._account[name] for part in parts) for name in COUNTS}
        lines: dict[tuple[str, str, str, str], list[Any]] = {}
        besides: dict[tuple[str, str, str], int] = {}
        for part in parts:
            for line in part.lines:
                own = lines.setdefault(line[:4], [0, 0, []])
                own[0] += line.values
                own[1] += line.records
                own[2] = list(dict.fromkeys([*own[2], *line.examples]))[:3]
            for field, outcome, rule, count in part._account["besides"]:
                besides[field, outcome, rule] = besides.get((field, outcome, rule), 0) + count
        decisions: dict[tuple[bool, str], int] = {}
        for part in parts:
            for record, statement, count in part._account["decisions"]:
                decisions[record, statement] = decisions.get((record, statement), 0) + count
        account["decisions"] = [(*key, count) for key, count in decisions.items()]
        account["lines"] = [(*key, *own) for key, own in sorted(lines.items())]
        account["besides"] = [(*key, count) for key, count in sorted(besides.items())]
        dialects: dict[str, int] = {}
        for part in parts:
            for name, count in part.dialects.items():
                dialects[name] = dialects.get(name, 0) + count
        account["dialects"] = dialects
        return cls(account, first.source, first.target)

    @property
    def records(self) -> int:
        """Records that were mapped."""
        return int(self._account["records"])

    @property
    def values(self) -> int:
        """Values of the mapped records."""
        return int(self._account["values"])

    @property
    def private(self) -> int:
        """Records that are not public and so were left out."""
        return int(self._account["private"])

    @property
    def deleted(self) -> int:
        """Deleted records, which become nothing."""
        return int(self._account["deleted"])

    @property
    def dialects(self) -> dict[str, int]:
        """Records by the dialect that they were recognised as; empty if `dialect=` was given."""
        return dict(self._account["dialects"])

    @property
    def edited(self) -> int:
        """Values kept beside the record that an edit of the record has overtaken: the edit won."""
        return int(self._account["edited"])

    @property
    def decisions(self) -> dict[str, int]:
        """The statements to which decisions were applied, and in how many records each."""
        counts: dict[str, int] = {}
        for _, statement, count in self._account["decisions"]:
            counts[statement] = counts.get(statement, 0) + count
        return counts

    @property
    def decision_keys(self) -> list[tuple[bool, str]]:
        """The statements to which decisions were applied: whether of the metadata, and the text."""
        return [(record, statement) for record, statement, _ in self._account["decisions"]]

    @property
    def residue_share(self) -> float:
        """Bytes kept beside the records, as a share of the bytes of the values."""
        return float(self._account["residue"] / max(self._account["bytes"], 1))

    @property
    def counts(self) -> dict[str, int]:
        """How many values had each outcome, from best to worst."""
        counts = dict.fromkeys(_core.OUTCOMES, 0)
        for line in self.lines:
            counts[line.outcome] += line.values
        return counts

    @property
    def besides(self) -> dict[str, int]:
        """Values of the target that no value of the source became: field and `derived` or `defaulted`."""
        counts: dict[str, int] = {}
        for field, outcome, _, count in self._account["besides"]:
            counts[f"{field} ({outcome})"] = counts.get(f"{field} ({outcome})", 0) + count
        return counts

    @property
    def derived(self) -> dict[str, dict[str, int]]:
        """Values of the target that a rule worked out from others: field, rule, how many.

        >>> import naturalia as nat
        >>> t = nat.read(nat.samples.path("naturalis_oai_dc.xml"))
        >>> nat.crosswalk("oai_dc", "media").apply(t).loss.derived["landing_page"]
        {'nx:oai_dc.068b': 5}
        """
        rules: dict[str, dict[str, int]] = {}
        for field, outcome, rule, count in self._account["besides"]:
            if outcome == "derived":
                rules.setdefault(field, {})[rule] = count
        return rules

    def count(self, outcome: str) -> int:
        """How many values had this outcome."""
        if outcome not in self.counts:
            message = f"no outcome {outcome!r}{closest(outcome, self.counts)}"
            raise ValueError(message)
        return self.counts[outcome]

    def share(self, *outcomes: str) -> float:
        """The share of values with one of these outcomes."""
        return sum(map(self.count, outcomes)) / max(self.values, 1)

    def assert_max(self, **limits: float) -> None:
        """Raises `CheckFailed` where more values than allowed had an outcome.

        `assert_max(dropped=0, rejected=0.01)`: a number below 1 is a share.
        """
        from naturalia.errors import CheckFailed

        for outcome, limit in limits.items():
            count = self.count(outcome)
            allowed = limit * self.values if 0 < limit < 1 else limit
            if count > allowed:
                worst = max(
                    (line for line in self.lines if line.outcome == outcome), key=lambda line: line.values
                )
                message = (
                    f"{count:,} of {self.values:,} values were {outcome}, more than the {limit} allowed; "
                    f"most of them in {worst.field}: {worst.reason or worst.rule}"
                )
                raise CheckFailed(message, hint="loss.write('loss.html') shows all of them")

    def summary(self) -> str:
        """What happened, in a few lines."""
        kept = self.values - sum(self.counts[outcome] for outcome in NOT_KEPT)
        share = 100 * kept / max(self.values, 1)
        direction = f"{self.records:,} records of {self.source} to {self.target}"
        lines = [f"{direction}: {share:.1f} % of {self.values:,} values are in the target"]
        lines += [
            f"{count:>10,}  {outcome:<13}  {MEANING[outcome]}"
            for outcome, count in self.counts.items()
            if count
        ]
        for name, count in self.dialects.items():
            what = f"records were recognised as {name} and mapped so; dialect plain maps them without"
            lines.append(f"{count:>10,}  {what}")
        if self.private:
            lines.append(f"{self.private:>10,}  records are not public and were left out")
        if self.deleted:
            lines.append(f"{self.deleted:>10,}  records are deleted and became nothing")
        if self.edited:
            lines.append(f"{self.edited:>10,}  values were edited since: the edit won")
        worst = [line for line in self.lines if line.outcome in NOT_KEPT]
        for line in sorted(worst, key=lambda line: -line.values)[:5]:
            example = f", such as {line.examples[0][:50]!r}" if line.examples else ""
            lines.append(
                f"{line.values:>10,}  {line.field} {line.outcome}: {line.reason or line.rule}{example}"
            )
        return "\n".join(lines)

    def to_pandas(self) -> pandas.DataFrame:
        """One row a field, outcome and rule, with counts and examples."""
        from naturalia._arguments.optional import need

        return need("pandas", "pandas").DataFrame(self.lines, columns=list(Line._fields))  # type: ignore[no-any-return]

    def rows(self) -> list[dict[str, Any]]:
        """The lines as dicts, examples joined."""
        return [{**line._asdict(), "examples": " | ".join(line.examples)} for line in self.lines]

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the report: `.html`, `.csv` or `.xlsx`."""
        from naturalia._crosswalk.loss_files import WRITERS

        end = os.path.splitext(os.fspath(path))[1].lower()
        if end not in WRITERS:
            message = f"a loss report is {', '.join(WRITERS)}, not {escaped(end or 'without an ending')}"
            raise ValueError(message)
        WRITERS[end](self, os.fspath(path))

    def __len__(self) -> int:
        return len(self.lines)

    def __repr__(self) -> str:
        lost = sum(self.counts[outcome] for outcome in NOT_KEPT)
        return f"<Loss {self.source} to {self.target}: {self.values:,} values, {lost:,} not in the target>"

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from naturalia._crosswalk.loss_files import fragment

        return fragment(self)


def difference(one: Loss, other: Loss) -> list[dict[str, Any]]:
    """Where two accounts of the same sample differ: field, outcome, count in each."""
    counts: dict[tuple[str, str], list[int]] = {}
    for at, loss in enumerate((one, other)):
        for line in loss.lines:
            counts.setdefault((line.field, line.outcome), [0, 0])[at] += line.values
    return [
        {"field": field, "outcome": outcome, "here": before, "there": after, "change": after - before}
        for (field, outcome), (before, after) in sorted(counts.items())
        if before != after
    ]
