"""What may be fetched: the licence of the medium, as the columns of a table have it."""

from __future__ import annotations

from typing import Any, NamedTuple

from naturalia import _core
from naturalia._arguments.spelling import closest
from naturalia._licenses.license import License, known_use, license
from naturalia._output.text import cell_text

__all__ = ["COLUMNS", "FilterResult", "LicenseFilter"]

COLUMNS = ("uri", "code", "version", "jurisdiction", "status", "raw", "basis")
"""The columns the verdict stands on, after `license_`."""
ANY = "any"


class FilterResult(NamedTuple):
    """Whether a medium may pass, and under which licence.

    Attributes:
        status: None if it may; else `refused` or `conditional`.
        reason: why, as a code.
        license: the licence as it was understood; None where the columns contradict each other.
        label: the licence in words.
    """

    status: str | None
    reason: str | None
    license: License | None
    label: str | None


class LicenseFilter:
    """Lets media pass whose licence permits a use for certain.

    Args:
        use: `"open"` (CC0, Public Domain Mark, BY, BY-SA; any version; status exact), another use that
            `nat.licenses(check=…)` knows, or `"any"` for no gate at all.
        allow: `"conditional"` lets pass what only a condition keeps back, such as a version not stated.
    """

    def __init__(self, use: str, allow: str | None) -> None:
        if str(use) != ANY and str(use).replace("-", "_") not in _core.USES:
            message = f"license={use!r}{closest(str(use), [*_core.USES, ANY])}"
            raise ValueError(message)
        if allow not in (None, "conditional"):
            message = f"allow={allow!r}: it is 'conditional' or None"
            raise ValueError(message)
        self.use = use if use == ANY else known_use(use)
        self.allow = allow
        self._results: dict[tuple[Any, ...], FilterResult] = {}

    def __call__(self, *cells: Any) -> FilterResult:
        """The verdict on the cells of `COLUMNS`."""
        passage = self._results.get(cells)
        if passage is None:
            passage = self._results[cells] = self._evaluate(
                dict(zip(COLUMNS, map(cell_text, cells), strict=True))
            )
        return passage

    def _evaluate(self, said: dict[str, str | None]) -> FilterResult:
        status, raw, uri = said["status"], said["raw"], said["uri"]
        # A frame without a status has only what somebody wrote.
        found = license(uri or raw) if status in (None, "exact") else license(raw)
        label = found.label or raw or None
        if self.use == ANY:
            return FilterResult(None, None, found, label)
        if columns_disagree(said, found):
            return FilterResult("refused", "columns-disagree", None, label)
        answer = found.check(self.use)
        verdict, reason = answer.verdict, answer.reason
        if raw and said["basis"] != "decided" and license(raw).check(self.use).verdict == "no":
            return FilterResult("refused", license(raw).check(self.use).reason, found, label)
        if verdict == "yes" and status not in (None, "exact"):
            verdict, reason = "unknown", f"status-{status}"
        if verdict == "yes" and found.status != "exact":
            verdict, reason = "conditional", f"status-{found.status}"
        if verdict == "yes" and (said["basis"] == "assumed" or found.basis == "assumed"):
            verdict, reason = "conditional", "version-assumed"
        if verdict == "yes" or (verdict == "conditional" and self.allow):
            return FilterResult(None, None, found, label)
        return FilterResult("conditional" if verdict == "conditional" else "refused", reason, found, label)


def columns_disagree(said: dict[str, str | None], found: License) -> bool:
    """Whether the columns of one licence name different ones."""
    if said["status"] != "exact":
        return False
    code, version, port = said["code"], said["version"], said["jurisdiction"]
    return (
        found.status != "exact"
        or (code is not None and found.id is not None and code != found.id)
        or (version is not None and version != found.version)
        or (port is not None and port != (found.jurisdiction or ""))
    )
