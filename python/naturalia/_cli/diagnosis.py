"""What an installation has and lacks, and what to do about it."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from naturalia import _core

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

__all__ = ["Finding", "examine", "reach"]

LIBRARIES = {
    "pandas": "pandas",
    "pyarrow": "pandas",
    "polars": "polars",
    "duckdb": "duckdb",
    "openpyxl": "",
    "xlsxwriter": "",
}
"""Libraries that tables are handed to, and the extra that brings each; those without come by themselves."""

STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
LITTLE = 1 << 30


class Finding(NamedTuple):
    """One thing that was looked at: `state` is ok, look or wrong, `do` what to do about it."""

    subject: str
    state: str
    found: str
    do: str = ""


def examine(folder: str) -> Iterator[Finding]:
    """All that can be seen without a network. `folder` is where files will be written."""
    yield Finding(
        "naturalia", "ok", f"{_core.__version__}, Python {platform.python_version()}, {platform.platform()}"
    )
    yield build()
    yield from libraries()
    yield trust()
    yield proxy()
    yield writable(folder)
    yield sqlite(folder)
    yield contact()
    yield encoding()


def build() -> Finding:
    """Whether the core was built for speed."""
    if _core.debug_build:
        return Finding(
            "build", "wrong", "without optimisation, ten times slower", "build it with: pip install ."
        )
    return Finding("build", "ok", "optimised")


def libraries() -> Iterator[Finding]:
    """Which of the libraries that take tables are there."""
    from importlib.metadata import PackageNotFoundError, version

    for name, extra in LIBRARIES.items():
        try:
            yield Finding(name, "ok", version(name))
        except PackageNotFoundError:
            wanted = f"naturalia[{extra}]" if extra else "--force-reinstall naturalia"
            state = "look" if extra else "wrong"
            yield Finding(name, state, "not installed", f"if you want it: pip install '{wanted}'")


def trust() -> Finding:
    """Which certificates connections are verified with."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if given := os.environ.get(name):
            return given_trust(name, given)
    store = next((store for store in STORES if Path(store).is_file()), None)
    if store or sys.platform in {"win32", "darwin"}:
        return Finding("trust store", "ok", f"the system's, {store}" if store else "the system's")
    do = "install ca-certificates, or set SSL_CERT_FILE to a file of PEM certificates"
    return Finding("trust store", "wrong", "the system has no certificates", do)


def given_trust(name: str, given: str) -> Finding:
    """Whether the file or folder that a variable names holds certificates."""
    there = Path(given)
    if name == "SSL_CERT_DIR" and there.is_dir():
        return Finding("trust store", "ok", f"{name}={given}")
    try:
        held = there.read_bytes().count(b"-----BEGIN CERTIFICATE-----")
    except OSError as error:
        do = "point it at a file of PEM certificates, or unset it to use the system's"
        return Finding("trust store", "wrong", f"{name}={given}: {error.strerror}", do)
    if held:
        return Finding("trust store", "ok", f"{name}={given}, {held} certificates")
    do = "export the certificate of your institution as PEM (Base64) text"
    return Finding("trust store", "wrong", f"{name}={given} holds no PEM certificate", do)


def proxy() -> Finding:
    """What the proxy variables say, without passwords."""
    said = []
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        given = os.environ.get(name) or os.environ.get(name.lower())
        if not given:
            continue
        if name == "NO_PROXY":
            said.append(f"{name}={given}")
            continue
        try:
            parts = urlsplit(given if "//" in given else f"//{given}")
            place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        except ValueError:
            place = None
        if not place:
            do = "it should read like http://proxy.example:3128"
            return Finding("proxy", "wrong", f"{name} names no host", do)
        said.append(f"{name} → {place}")
    return Finding("proxy", "ok", ", ".join(said) or "none: connections go out directly")


def writable(folder: str) -> Finding:
    """Whether files can be written here, and how much room there is."""
    from shutil import disk_usage
    from tempfile import NamedTemporaryFile

    place = os.path.realpath(folder)
    try:
        with NamedTemporaryFile(dir=folder, prefix=".naturalia-"):
            free = disk_usage(folder).free
    except OSError as error:
        do = "go to a folder that you may write to, or name one: naturalia doctor FOLDER"
        return Finding("folder", "wrong", f"{place}: {error.strerror}", do)
    room = f"{place}, {free / 2**30:,.1f} GiB free"
    return Finding("folder", "look" if free < LITTLE else "ok", room, "make room" if free < LITTLE else "")


def sqlite(folder: str) -> Finding:
    """Whether a harvest file can be made and locked here; network drives often can't."""
    import sqlite3
    from contextlib import closing
    from tempfile import TemporaryDirectory

    try:
        with TemporaryDirectory(dir=folder, prefix=".naturalia-") as inside:
            path = os.path.join(inside, "probe.sqlite")
            with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as other:
                one.execute("begin exclusive")
                locked = refused(other)
    except (OSError, sqlite3.Error) as error:
        return Finding("SQLite", "wrong", f"no harvest file can be made here: {error}", "take a local folder")
    if locked:
        return Finding("SQLite", "ok", f"{sqlite3.sqlite_version}, files are locked as they should be")
    do = "keep harvest files on a local disk: two programs could write to one here"
    return Finding("SQLite", "wrong", "this folder does not lock files", do)


def refused(other: sqlite3.Connection) -> bool:
    """Whether a second writer is kept out."""
    import sqlite3

    try:
        other.execute("begin exclusive")
    except sqlite3.OperationalError:
        return True
    return False


def contact() -> Finding:
    """Whether services are told whom to write to."""
    given = os.environ.get("NATURALIA_CONTACT")
    if given:
        return Finding("contact", "ok", given)
    do = "set NATURALIA_CONTACT to your address, or give contact=; services write before they block"
    return Finding("contact", "look", "services are not told who asks", do)


def encoding() -> Finding:
    """Whether names in all scripts can be written to files and the terminal."""
    used = {"files": sys.getfilesystemencoding(), "output": getattr(sys.stdout, "encoding", None) or "none"}
    odd = [f"{what} {name}" for what, name in used.items() if name.lower().replace("-", "") != "utf8"]
    if odd:
        return Finding("encoding", "look", ", ".join(odd), "set PYTHONUTF8=1 to have UTF-8 everywhere")
    return Finding("encoding", "ok", "UTF-8")


def reach(url: str) -> Finding:
    """Whether a provider answers, how long that takes, and whether its clock agrees with ours."""
    from time import perf_counter

    from naturalia._sources.oai import OaiPmh
    from naturalia.errors import NaturaliaError

    start = perf_counter()
    try:
        found = OaiPmh(url, retries=0, timeout=20).identify()
    except NaturaliaError as error:
        return Finding(url, "wrong", str(error), getattr(error, "hint", None) or "")
    seconds = perf_counter() - start
    return Finding(url, "ok", f"{found.repositoryName} answered in {seconds:.1f} s")
