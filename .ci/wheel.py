"""Checks a wheel before it is published: size, platform tag and licence texts.

    python .ci/wheel.py dist/naturalia-….whl

Exits with 1 and names every check that failed.
"""

import sys
import zipfile
from pathlib import Path

LIMIT = 6_000_000
"""Bytes at most. docs/installing.md states the same limit."""
TAG = "cp311-abi3-manylinux_2_28_"
"""One file for CPython 3.11 and later on every Linux with glibc 2.28 or later."""
LICENSES = ("LICENSE-APACHE", "LICENSE-MIT", "LICENSES-THIRD-PARTY.txt", "NOTICE")


def problems(path: Path) -> list[str]:
    """The checks that the wheel fails, one sentence each."""
    found = []
    size = path.stat().st_size
    if size > LIMIT:
        found.append(f"{path.name} has {size:,} bytes; the limit is {LIMIT:,}")
    if TAG not in path.name:
        found.append(f"{path.name} does not have the tag {TAG}*: older systems can't install it")
    with zipfile.ZipFile(path) as wheel:
        contents = {Path(name).name for name in wheel.namelist() if "/licenses/" in name}
    found += [
        f"{name} is missing from the licences in {path.name}" for name in LICENSES if name not in contents
    ]
    return found


def main(arguments: list[str]) -> int:
    """Prints what is wrong with each wheel, or its size."""
    failed = False
    for argument in arguments:
        path = Path(argument)
        found = problems(path)
        failed = failed or bool(found)
        sys.stdout.write(
            "".join(f"{line}\n" for line in found) or f"{path.name}: {path.stat().st_size:,} bytes\n"
        )
    return int(failed or not arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
