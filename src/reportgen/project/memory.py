"""Tells a want of memory from a fault: libraries say of it whatever they come upon.

Under a limit of the address space (`ulimit -v`) a library that cannot be mapped is an ImportError,
a parser of XML that gets none says "unknown error"; only Python itself raises MemoryError.
"""

from __future__ import annotations

import mmap
from contextlib import suppress

ROOM = 64 << 20
"""Bytes that there is room for where memory was not what lacked: more than any library takes."""


def ran_out_of_memory(error: BaseException) -> bool:
    """Return whether an exception, or what brought it about, is for want of memory."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return True
        handled = None if cause.__suppress_context__ else cause.__context__
        cause = cause.__cause__ or handled
    return not _is_room()


def _is_room() -> bool:
    """Return whether that much more could be had; nothing is filled."""
    with suppress(OSError, MemoryError):
        mmap.mmap(-1, ROOM).close()
        return True
    return False
