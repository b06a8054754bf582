"""The pages of `--help`: made to wrap Chinese, and to cost little.

Rich wraps a cell at spaces and cuts off what is longer than a line. Chinese has no spaces, so at
80 columns readers would lose the ends of sentences: explanations fold instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""What typer's layout imports and no page of ours has: it would cost more than all the rest."""


class _Unused:
    """Stands where typer's layout names a class of an unused module."""


def load_page_layout() -> None:
    """Import typer's layout of help pages and have it fold; typer has settings for neither."""
    missing = [name for name in UNUSED if name not in sys.modules]
    for name in missing:
        stand_in = ModuleType(name)
        setattr(stand_in, UNUSED[name], _Unused)
        sys.modules[name] = stand_in
    layout = import_module("typer.rich_utils")
    for name in missing:
        del sys.modules[name]
    vars(layout)["Columns"] = _folding_columns()


def _folding_columns() -> Callable[[Sequence[Any]], Any]:
    """Return what stands for rich's columns where an option is explained."""
    columns = import_module("rich.columns").Columns

    def folding(items: Sequence[Any]) -> Any:  # noqa: ANN401 - imported late
        for item in items:
            item.overflow = "fold"
        return columns(items)

    return folding
