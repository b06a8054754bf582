"""The pages of `--help`, made to wrap Chinese.

Rich wraps a cell at spaces and cuts off what is longer than a line. Chinese has no spaces, so at
80 columns readers would lose the ends of sentences: explanations fold instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.columns import Columns
from rich.text import Text
from typer import rich_utils


class Folding(Columns):
    """What explains an option: nothing is lost, what is too long goes on in the next line."""

    def __init__(self, items: Sequence[Text]) -> None:
        for item in items:
            item.overflow = "fold"
        super().__init__(items)


def fold() -> None:
    """Have typer lay the help of options out so that it folds; typer has no setting for it."""
    vars(rich_utils)["Columns"] = Folding
