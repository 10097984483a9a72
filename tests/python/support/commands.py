"""The command, as a script calls it."""

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def run(*args, stdin=None, env=None, text=True):
    """The command in a pipe, as a script would call it."""
    return subprocess.run(
        [str(BIN / "naturalia"), *args],
        input=stdin,
        capture_output=True,
        text=text,
        encoding="utf-8" if text else None,
        env={**os.environ, **(env or {})},
        check=False,
    )
