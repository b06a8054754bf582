"""What the world outside refuses a command: a read-only folder, a full disk, a closed pipe."""

from __future__ import annotations

import os
import sys

from reportgen.cli.usage_errors import typed_language
from reportgen.findings import finding
from reportgen.findings.renderers import full
from reportgen.model.source import SourceSpan


def print_refusal(error: OSError) -> int:
    """Print W201 beside the output, and return the exit code of a command that found an error."""
    if error.filename is None:
        # The output itself cannot be written: what is left of it must not be tried again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    path = error.filename if error.filename is not None else "stdout"
    detail = error.strerror or str(error)
    refused = finding("W201", SourceSpan("-", 0, 0), path=os.fsdecode(path), detail=detail)
    text = full([refused], typed_language(sys.argv[1:]).value, lambda _: None)
    print(text, file=sys.stderr)
    return 1
