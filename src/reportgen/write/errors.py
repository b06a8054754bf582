"""What an author can put right: faults of templates and texts that a writer comes upon.

Any other exception of a writer is a fault of the program, and is never taken for one of these.
"""

from __future__ import annotations

from typing import Any

EVALUATION_ERRORS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What an expression in a template can raise beside the errors of the template engine."""


class WriteError(ValueError):
    """A template or a text cannot be written: `detail` says why, or a label that takes `params`."""

    def __init__(self, detail: str, **params: Any) -> None:  # noqa: ANN401 - of a finding
        super().__init__(detail)
        self.detail = detail
        self.params = params


class FrameError(WriteError):
    """A Word frame lacks something, or its tags are wrong."""


class PageTemplateError(WriteError):
    """The template of the web page is faulty; the detail begins with its name and line."""


class TypesettingError(WriteError):
    """Typst refused its sources: the detail is what it says."""


class UnwritableCharacterError(WriteError):
    """A text holds a character that the format cannot hold."""
