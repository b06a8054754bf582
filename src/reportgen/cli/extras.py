"""What a command does first where it needs packages that may not be installed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import stop_for
from reportgen.project.extras import missing_extra


def require(extra: str, values: Mapping[str, object]) -> None:
    """Exit with 1 and J107 where a package of `extra` is missing; `values` holds its options."""
    missing = missing_extra(extra)
    if missing is None:
        return
    lang, output_format = values["lang"], values.get("output_format", OutputFormat.full)
    assert isinstance(lang, Lang)
    assert isinstance(output_format, OutputFormat)
    stop_for((missing,), lang, output_format, Path())
