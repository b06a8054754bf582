"""Our web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.write.html import write_html

if TYPE_CHECKING:
    from bench.samples import Sample


def prepare(sample: Sample) -> Sample:
    """Return the sample."""
    return sample


def make(given: Sample) -> bytes:
    """Return the file."""
    return write_html(given.document, given.edition)
