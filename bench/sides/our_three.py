"""Our three files as the pipeline makes them: in parallel, with the search for lost glyphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.findings import Diagnostics
from reportgen.model.edition import FORMATS
from reportgen.write.writers import write

if TYPE_CHECKING:
    from bench.samples import Sample


def prepare(sample: Sample) -> Sample:
    """Return the sample."""
    return sample


def make(given: Sample) -> bytes:
    """Return the files, one after the other."""
    files = write(given.document, given.edition, FORMATS, Diagnostics())
    return b"".join(files.values())
