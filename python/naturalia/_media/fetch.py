"""`fetch`: from a table of media to a folder of files one may use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from naturalia import _core
from naturalia._arguments.public import public
from naturalia._arguments.spelling import closest, keywords
from naturalia._harvest.progress import fetch_progress
from naturalia._licenses.filter import LicenseFilter
from naturalia._media.job import FetchJob, attribute
from naturalia._media.names import FileNameTemplate
from naturalia._media.plan import FetchPlan, plan_tables
from naturalia._output.text import plural
from naturalia._sources.settings import (
    BACKOFF,
    FETCH_CONNECTIONS,
    FETCH_MAX_BYTES,
    FETCH_RATE,
    FETCH_RETRIES,
    MAX_WAIT,
    TIMEOUT,
    settings,
)
from naturalia._table.table import names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Progress = Callable[[dict[str, Any]], None]

__all__ = ["fetch"]

CHUNK = 500
"""Rows that are looked at together."""
TICK = 0.05
"""Ctrl-C is answered within 0.2 s."""
AGAIN = (None, "check", "replace")
UNITS = {
    "": 1,
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
}


@public
@keywords
def fetch(
    media: Any,
    folder: str | os.PathLike[str],
    /,
    *,
    name: str = "{unit_id}_{n}",
    license: str = "open",
    allow: str | None = None,
    variant: str = "best",
    format: str | Sequence[str] | None = None,
    rate: float | str | None = FETCH_RATE,
    connections: int = FETCH_CONNECTIONS,
    limit: int | None = None,
    include_private: bool = False,
    update: str | None = None,
    dry_run: bool = False,
    sidecars: bool = True,
    max_bytes: int | str = FETCH_MAX_BYTES,
    inside: str | Sequence[str] | None = None,
    contact: str | None = None,
    timeout: float = TIMEOUT,
    retries: int = FETCH_RETRIES,
    verify: bool = True,
    proxy: str | None = None,
    progress: bool | Progress | None = None,
) -> FetchJob:
    """Fetches the files of media into a folder: named, checked, with their licences; or goes on with it.

        >>> import naturalia as nat
        >>> with nat.testing.media(4) as server:
        ...     media = nat.read(server.jsonl(), format="media")
        ...     job = nat.fetch(media, "gulls", rate=None)
        >>> job
        <FetchJob gulls: 4 files>
        >>> job.manifest["path"][0], job.manifest["license"][0], job.manifest["size"][0]
        ('TEST.1_1.jpg', 'CC0 1.0', 2000)

    It may be interrupted or killed at any moment; the same call goes on. Beside the files lie
    `manifest.sqlite` (what came of every medium), a JSON for each file, and `ATTRIBUTION.csv`. What can't be
    fetched raises nothing: `job.failed` lists it.

    Args:
        media: a table of the format `media`, or of one that has a crosswalk to it; a query, a harvest, a
            frame with the columns `media_id`, `media_url`, `license_uri` …; or the path of a file of these.
        folder: is made. It may hold other files; none of them is overwritten.
        name: what files are called, without ending: columns in braces, `/` between folders. `{n}` counts the
            media of one name; a medium keeps its name for good. `{media_id}` is always there.
        license: `"open"`: CC0, Public Domain Mark, BY and BY-SA, any version, stated exactly, for the medium
            itself; or another use that `nat.licenses(check=…)` knows, such as `"commons"`; or `"any"`.
        allow: `"conditional"` fetches what is open on a condition, such as a version that is not stated.
        variant: `"best"`, never a thumbnail, playlist or segment; or a word for the quality, as the table
            has it: `"original"`, `"thumbnail"`, `"hd"`.
        format: MIME types or their second halves, `"jpeg"`; any by default.
        rate: requests a second to one host: `2`, `"4/s"`, `"30/min"`; None is no limit.
        connections: to one host at a time.
        limit: fetch at most so many files, and leave the others for another time.
        include_private: fetch media of records marked as not public too.
        update: what becomes of files that are there already: None leaves them be; `"check"` asks whether
            they have changed or are gone; `"replace"` takes those that have changed.
        dry_run: say what would be fetched; ask nobody, write nothing.
        sidecars: a JSON beside each file.
        max_bytes: the largest file, as a number or as in `"200 MB"`.
        inside: hosts of a private network that may be asked, as `"media.lan:8080"`. Otherwise no address or
            redirect may lead there, unless the source of the table is there itself.
        contact: whom the services may write to.
        timeout: seconds until a connection, or the next bytes, have to come.
        retries: how often a file is asked for again after a passing fault.
        verify: whether certificates are verified.
        proxy: the address of a proxy; "" for none at all.
        progress: show how far it is, by default on a terminal and in a notebook; or a function that is
            called with the counts once a second.

    Raises:
        ValueError: a keyword that can't be right, or a table without media.
        OSError: the folder can't be written.
        naturalia.errors.HarvestError: the manifest in the folder is a link, or has a name that leads out of
            the folder: it was changed, or comes from elsewhere. Nothing is written.
        naturalia.errors.HarvestLocked: another process is fetching into the folder.
    """
    license_filter, naming = LicenseFilter(license, allow), FileNameTemplate(name)
    if update not in AGAIN:
        message = f"update={update!r}{closest(str(update), ['check', 'replace'])}"
        raise ValueError(message)
    if limit is not None and limit < 0:
        message = f"limit={limit}: it is a number of files"
        raise ValueError(message)
    place = os.fspath(folder)
    how = {
        "connections": connections,
        "max_bytes": parse_size(max_bytes),
        "sidecars": sidecars,
        "replace": update == "replace",
    }
    plan = FetchPlan(
        license_filter,
        naming,
        variant.lower(),
        names(format) or [],
        private=include_private,
        sidecars=sidecars,
    )
    parts = plan_tables(media, plan)  # what can't be read is said before anything is made
    if not dry_run:
        os.makedirs(place, exist_ok=True)
    run = _core.FetchRun(place, question=plan.question_json(), rehearse=dry_run)
    try:
        for table in parts:
            for start in range(0, len(table), CHUNK):
                rows = list(plan.rows(table[start : start + CHUNK]))
                run.plan(rows, width=naming.width, again=update is not None)
        # In a dry run not even a file that only lacks its name gets it.
        notes = [] if dry_run else reconcile_folder(run, sidecars=sidecars)
        if limit is not None:
            run.limit(limit)
        hosts = run.hosts()
        if not dry_run:
            if hosts:
                options = settings(
                    f"https://{hosts[0][0]}",
                    contact=contact,
                    timeout=timeout,
                    retries=retries,
                    backoff=BACKOFF,
                    max_wait=MAX_WAIT,
                    rate=rate,
                    headers=None,
                    auth=None,
                    verify=verify,
                    proxy=proxy,
                    max_bytes=1 << 20,
                )
                run.start(options, {**how, **plan.private_hosts(names(inside) or [])})
                watch(run, place, shown=progress)
            attribute(place, run)
        notes += [*plan_notices(run), *link_notices(run)]
        return FetchJob(place, run, private=plan.withheld, notes=notes, dry_run=dry_run)
    finally:
        if not dry_run:
            run.close()


def parse_size(size: int | str) -> int:
    """Bytes, of a number or of a text as "200 MB"."""
    if not isinstance(size, str):
        return int(size)
    plain = size.replace(",", "").strip().lower()
    digits = plain.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = plain[len(digits) :].strip()
    try:
        return int(float(digits) * UNITS[unit])
    except (ValueError, KeyError):
        message = f'max_bytes={size!r}: write a number of bytes, or as in "200 MB"'
        raise ValueError(message) from None


def reconcile_folder(run: _core.FetchRun, *, sidecars: bool) -> list[str]:
    """Compares the folder with its manifest; says what was found."""
    placed, missing, altered = run.settle(sidecars=sidecars)
    notices = []
    if placed:
        notices.append(f"{plural(placed, 'file')} had come and lacked the name: it has it now")
    if missing:
        notices.append(f"{plural(missing, 'file')} gone from the folder: fetched again")
    if altered:
        notices.append(f"{plural(altered, 'file')} changed in the folder: left as they are")
    return notices


def plan_notices(run: _core.FetchRun) -> list[str]:
    """What planning noticed, in words."""
    repeated, elsewhere, moved = run.noticed
    lines = []
    if repeated:
        lines.append(f"{plural(repeated, 'row')} of a medium that came before: fetched once")
    if elsewhere:
        lines.append(
            f"{plural(elsewhere, 'row')} of a medium that came before with another address: the first counts"
        )
    if moved:
        lines.append(
            f"{plural(moved, 'medium')} with another address than their file: update='check' asks there"
        )
    return lines


def link_notices(run: _core.FetchRun) -> list[str]:
    """What was done with part files that were links, in words."""
    count = run.progress["unlinked"]
    text = f"{plural(count, 'part file')} replaced: links and files with other names are not written through"
    return [text] if count else []


def watch(run: _core.FetchRun, name: str, *, shown: bool | Progress | None) -> None:
    """Waits for the end and shows how far it is; Ctrl-C stops it and keeps what has come."""
    try:
        with fetch_progress(os.path.basename(os.path.abspath(name)), shown=shown) as show:
            while not run.wait(TICK):
                show(run)
            show(run)
    except BaseException:
        run.stop()
        raise
