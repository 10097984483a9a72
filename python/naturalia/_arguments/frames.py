"""Frames of other libraries, where what they hand over is not what Arrow's standard asks for."""

from __future__ import annotations

from typing import Any

__all__ = ["lendable"]


def lendable(data: Any) -> Any:
    """The frame in a form that the Arrow C interfaces pass on without loss.

    Of a reader of pyarrow the batches are read here: if the generator or file behind it fails, pyarrow raises
    that exception, while the stream interface passes on only a message.

    A frame of polars gets columns of text without values for its columns of nothing:
    polars hands such a column (an empty list, a column that is all null) over with a buffer. The Arrow C data
    interface gives the type null none, and so arrow refuses it.
    """
    if type(data).__module__.startswith("pyarrow.") and hasattr(data, "read_all"):
        return data.read_all()
    if not type(data).__module__.startswith("polars.") or not hasattr(data, "schema"):
        return data
    import polars

    def named(kind: Any) -> Any:
        if isinstance(kind, polars.List):
            return polars.List(named(kind.inner))
        if isinstance(kind, polars.Array):
            return polars.Array(named(kind.inner), kind.size)
        if isinstance(kind, polars.Struct):
            return polars.Struct({field.name: named(field.dtype) for field in kind.fields})
        return polars.String() if isinstance(kind, polars.Null) else kind

    changed = {name: named(kind) for name, kind in data.schema.items() if named(kind) != kind}
    return data.cast(changed) if changed else data
