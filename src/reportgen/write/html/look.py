"""The look of pages that are no report: a comparison, an overview, a site."""

from __future__ import annotations

from importlib import resources


def page_style(own: str, *, dark: bool) -> str:
    """Return the style sheet of a page: what all share, dark where the reader's screen is, its own.

    Where it may not be `dark`, it is light on every screen.
    """
    return _read("look.css") + (_read("look_dark.css") if dark else "") + "\n" + own


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
