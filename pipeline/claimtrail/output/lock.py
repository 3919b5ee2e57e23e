"""One process at a time writes to an output folder: a lock that goes with the process, however it ends."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".lock"
"""The name of the lock in the output folder; it is there while a process writes, and may stay behind one that died."""


_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class LockedError(ValueError):
    """Another process writes to the folder; the message says which one."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder, which is made if need be.

    The operating system holds the lock, so none is left behind by a process that was killed. A folder that was made
    for it, and in which nothing else came to be, goes again. On a file system without locks there is none.

    Raises:
        LockedError: another process writes to it.
        OSError: the folder cannot be written to.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    number = _acquired(path)
    try:
        os.truncate(number, 0)
        os.write(number, f"{os.getpid()} {socket.gethostname()}".encode())
        yield
    finally:
        # While it is held: nobody else can have got hold of this very file.
        with suppress(OSError):
            path.unlink()
        os.close(number)
        if made:
            with suppress(OSError):
                folder.rmdir()


def _acquired(path: Path) -> int:
    """Return the number of the open and locked file."""
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _lock(number)
        except BlockingIOError:
            holder = os.read(number, 300).decode("utf-8", "replace").partition(" ")
            os.close(number)
            who = f" (process {holder[0]} on {holder[2]})" if holder[2] else ""
            raise LockedError(f"another claimtrail is writing to {path.parent}{who}; wait until it has ended") from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(number)
                raise
        # Whoever held it may have deleted the file between these two lines: then this is a lock on nothing.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(number), path.stat()):
                return number
        os.close(number)


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        try:
            # Far behind what the file holds, which others may read.
            os.lseek(number, 1 << 20, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
            os.lseek(number, 0, os.SEEK_SET)
        except OSError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
