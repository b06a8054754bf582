"""Our three files, made and verified as the pipeline does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.findings import Diagnostics
from reportgen.model.edition import FORMATS
from reportgen.verify.outputs import verify
from reportgen.write.writers import write

if TYPE_CHECKING:
    from bench.samples import Sample


def prepare(sample: Sample) -> Sample:
    """Return the sample."""
    return sample


def make(given: Sample) -> bytes:
    """Return the files, one after the other; raise ValueError where verification finds fault."""
    files = write(given.document, given.edition, FORMATS, Diagnostics())
    if found := verify(given.document, files, None):
        raise ValueError(found)
    return b"".join(files.values())
