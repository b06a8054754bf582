"""Our PDF, with the search for its fonts, which is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.write.fonts import find_fonts
from reportgen.write.pdf.writer import write_pdf

if TYPE_CHECKING:
    from bench.samples import Sample


def prepare(sample: Sample) -> Sample:
    """Return the sample."""
    return sample


def make(given: Sample) -> bytes:
    """Return the file."""
    return write_pdf(given.document, given.edition, find_fonts(given.edition.font_paths))
