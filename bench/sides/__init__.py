"""Who makes a document: our writers, and engines alone with the same text.

Each module has `prepare(sample)`, outside the time, and `make(given)`, the bytes of a file. It
imports what it needs to make a file and nothing else, so that the import can be timed too.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from bench.samples import Sample


class Side(Protocol):
    """A module of this package."""

    def prepare(self, sample: Sample) -> Any:  # noqa: ANN401
        """Return what `make` takes."""

    def make(self, given: Any) -> bytes:  # noqa: ANN401
        """Return a file."""


class Contest(NamedTuple):
    """A writer of ours and the engines below it; targets hold it against the first."""

    ours: str
    engines: tuple[str, ...]


CONTESTS: Mapping[str, Contest] = {
    "docx": Contest("our_docx", ("docxtpl_subdoc", "docxtpl_rows")),
    "html": Contest("our_html", ("jinja",)),
    "pdf": Contest("our_pdf", ("typst_source",)),
}
"""The contests by format."""

ENGINES: Mapping[str, str] = {
    "docxtpl_subdoc": "docxtpl, subdocument of python-docx",
    "docxtpl_rows": "docxtpl, loop in a Word table",
    "jinja": "Jinja template alone",
    "typst_source": "Typst source by hand",
}
"""The engines for a reader."""

ONLY_TABLES = frozenset(["docxtpl_rows"])
"""Engines that set the table of the sample and no other document."""


def side(name: str) -> Side:
    """Import and return a side."""
    return cast("Side", import_module(f"bench.sides.{name}"))
