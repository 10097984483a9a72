"""The version that all pages of a harvest of the NHM data portal are asked for."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from naturalia import _core, errors

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["latest", "version_for"]


def version_for(core: _core.Service, params: Mapping[str, Any], path: str) -> int | None:
    """The version for this run: of a run that was stopped the one it had, else the latest; rounded once.

    None where the question names a version itself, and where the portal is too old to have them.
    """
    if "version" in params:
        return None
    if os.path.exists(path):
        facts = _core.harvest_facts(path)
        runs, manner = facts["runs"], json.loads(facts["manner"])
        if facts["kind"] == "nhm" and runs and runs[-1]["finished_at"] is None:
            version: int | None = manner.get("version")
            return version
    one = params.get("resource_id")
    try:
        return latest(core, [one] if one else params.get("resource_ids") or [])
    except errors.NhmError as error:
        if "Action name not known" in error.message:
            return None
        raise


def latest(core: _core.Service, resources: list[str]) -> int:
    """The latest version of resources, which shows each as it is now; of all there are, this moment."""

    def ask(action: str, **parameters: Any) -> tuple[Any, dict[str, Any]]:
        text, facts = core.ask("POST", f"api/3/action/{action}", [], json.dumps(parameters))
        return json.loads(text)["result"], facts

    if resources:
        return max(int(ask("vds_version_round", resource_id=each)[0]) for each in resources)
    facts = ask("vds_schema_latest")[1]
    # By the clock of the portal, where it tells the time.
    return int((facts["date"] or facts["fetched_at"]).timestamp() * 1000)
