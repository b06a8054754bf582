"""Reads a PDF in a process of its own, which ends when it takes too long or too much memory.

What a file of some kilobytes unpacks to, and how many lines a page of it draws, nobody knows before
it is tried.
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from reportgen.model import limits
from reportgen.model.reading import Reading
from reportgen.project.foreign_files import ForeignFileError, inflated, reason
from reportgen.reading.pdf import read_pdf

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext

_STREAM = re.compile(rb"(?<!end)stream\r?\n(?=\x78|\x58|\x48|\x68)")
"""Where a deflated stream of a PDF begins: behind the word, with a header of zlib."""


def read_pdf_apart(name: str, data: bytes) -> Reading:
    """Return the text and tables of a PDF; raises `ForeignFileError` with what is wrong with it."""
    _refuse_dense_streams(data)
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, name, data), daemon=False)
    process.start()
    sender.close()
    try:
        return _received(receiver)
    finally:
        process.kill()
        process.join()
        receiver.close()


def _context() -> SpawnContext:
    """Return how the process starts: where it may be forked, modules are loaded only once."""
    method: Any = "fork" if sys.platform == "linux" else "spawn"
    context: SpawnContext = multiprocessing.get_context(method)
    return context


def _received(receiver: Connection) -> Reading:
    """Return what a process read; raises `ForeignFileError` for why it did not."""
    if not receiver.poll(limits.PDF_SECONDS):
        raise ForeignFileError("@too_slow", limit=limits.PDF_SECONDS)
    try:
        found = receiver.recv()
    except EOFError:
        raise ForeignFileError("@no_memory") from None
    if isinstance(found, Reading):
        return found
    raise ForeignFileError(**found)


def _run(sender: Connection, name: str, data: bytes) -> None:
    """Read a PDF within bounds, and send what it says or why it cannot be read."""
    _bound_memory()
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns on the terminal
    sender.send(_read(name, data))


def _bound_memory() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    resource.setrlimit(resource.RLIMIT_DATA, (int(limits.PDF_MEMORY),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(name: str, data: bytes) -> Reading | dict[str, Any]:
    """Return what a PDF says, or the parameters of the finding that tells why it cannot be read."""
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 - an extra

    try:
        return read_pdf(name, data, limits.PDF_PAGES)
    except (ForeignFileError, MemoryError, RecursionError) as error:
        return reason(error)
    except Exception as error:  # noqa: BLE001 - of a damaged file pdfminer raises anything
        is_locked = any(isinstance(part, PDFPasswordIncorrect) for part in error.args)
        return {"detail": "@password" if is_locked else "@no_pdf"}


def _refuse_dense_streams(data: bytes) -> None:
    """Raise `ForeignFileError` for a PDF whose deflated streams unpack to more than any has."""
    left = int(limits.PDF_UNPACKED)
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        left -= len(inflated(data[match.end() : end if end > 0 else None], left))
