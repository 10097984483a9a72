"""Frames of other libraries whose Arrow stream does not pass on everything."""

from __future__ import annotations

from typing import Any

__all__ = ["lendable"]


def lendable(data: Any) -> Any:
    """The frame in a form that the Arrow C interfaces pass on without loss.

    Of a reader of pyarrow the batches are read here: if the generator or file behind it fails, pyarrow raises
    that exception, while the stream interface passes on only a message.
    """
    if type(data).__module__.startswith("pyarrow.") and hasattr(data, "read_all"):
        return data.read_all()
    return data
