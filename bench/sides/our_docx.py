"""Our Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.write.docx import write_docx

if TYPE_CHECKING:
    from bench.samples import Sample


def prepare(sample: Sample) -> Sample:
    """Return the sample."""
    return sample


def make(given: Sample) -> bytes:
    """Return the file."""
    return write_docx(given.document, given.edition)
