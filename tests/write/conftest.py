"""Fonts made for a test, with the characters that it wants."""

from __future__ import annotations

import pytest

from small_fonts import save_font


@pytest.fixture
def install(tmp_path):
    """Return a function that makes a small font of a family, with glyphs of some characters."""

    def make(*wanted, **options):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.ttf"
        save_font(path, *wanted, **options)
        return str(path)

    return make
