"""Small pages to try things on, written by us in the layout of the sources: the values are invented.

>>> import naturalia as nat
>>> nat.samples.NAMES[0]
'identify.xml'
>>> nat.read(nat.samples.path("identify.xml"))["repositoryName"]
['Open Images Platform (sample)']
"""

from __future__ import annotations

import os

__all__ = ["NAMES", "path"]

FOLDER = os.path.dirname(__file__)
NAMES = sorted(name for name in os.listdir(FOLDER) if name.endswith(".xml"))


def path(name: str) -> str:
    """The path of a sample; of the folder they are in for ""."""
    if name and name not in NAMES:
        from naturalia._arguments.spelling import closest

        message = f"no sample {name!r}{closest(name, NAMES)}"
        raise ValueError(message)
    return os.path.join(FOLDER, name)
