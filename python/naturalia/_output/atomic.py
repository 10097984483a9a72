"""Files that are whole or not there."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from io import RawIOBase, TextIOWrapper
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Counted", "atomic", "atomic_text", "regular"]


class Counted(RawIOBase):
    """A file that counts what goes in, and takes all of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.bytes = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Writes all of it."""
        view = memoryview(data).cast("B")
        size = len(view)
        self.bytes += size
        while view:
            # A raw file may take less than it was given.
            view = view[self.file.write(view) or len(view) :]
        return size


def regular(path: str) -> bool:
    """Whether the path is, or will be, a file of its own: no pipe, no device."""
    return os.path.isfile(path) or not os.path.exists(path)


@contextmanager
def at(path: str) -> Iterator[None]:
    """Names the file in the error of a full disk, which names none."""
    from errno import EDQUOT, EFBIG, ENOSPC

    try:
        yield
    except OSError as error:
        if error.errno in (EDQUOT, EFBIG, ENOSPC) and error.filename is None:
            error.filename = path
        raise


@contextmanager
def atomic(path: str, *, follow: bool = True) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` when all went well; otherwise nothing has changed.

    Args:
        path: the file. What is written until then is a new file beside it, under a random name.
        follow: a link is the user's own way to say where the file is, and stays: what it leads to is
            replaced. Names that the user did not choose, such as those of files beside another, pass False:
            a link there is replaced itself.
    """
    if follow and not regular(path):
        # As it was named: what `/dev/stdout` leads to, if it is a pipe, has no path.
        with at(path), open(path, "wb") as file:
            yield file
        return
    path = os.path.realpath(path) if follow else os.path.abspath(path)
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        from errno import ENOENT

        message = "there is no such folder"
        raise FileNotFoundError(ENOENT, message, folder)
    part = os.path.join(folder, f".{name[:100]}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        with at(path), open(part, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        mode = os.lstat(path).st_mode if os.path.lexists(path) else 0
        if stat.S_ISREG(mode):
            os.chmod(part, stat.S_IMODE(mode))
        os.replace(part, path)
    except BaseException:
        if os.path.lexists(part):
            os.unlink(part)
        raise


@contextmanager
def atomic_text(path: str, *, encoding: str = "utf-8", follow: bool = True) -> Iterator[IO[str]]:
    """The same for a text, whose line ends stay as they are written."""
    with atomic(path, follow=follow) as file:
        text = TextIOWrapper(file, encoding=encoding, newline="")
        yield text
        text.detach()
