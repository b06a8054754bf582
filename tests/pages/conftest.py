"""What the pages need to be looked at; without it the tests are skipped and say why.

Where REPORTGEN_BROWSER is `required`, as in CI, nothing is skipped: what is missing fails.
"""

from __future__ import annotations

import os

import pytest
from pagecheck import making


def needed(*, office):
    """Skip for want of a browser, or of LibreOffice too, or fail where they are required."""
    missing = ", ".join(making.lacking(office=office))
    if missing and os.environ.get("REPORTGEN_BROWSER") == "required":
        pytest.fail(f"{missing} is missing, and REPORTGEN_BROWSER=required")
    if missing:
        pytest.skip(f"missing: {missing}; see `make browser`")


@pytest.fixture(scope="session")
def browser_page():
    """Return a page of a headless browser."""
    needed(office=False)
    with making.browser() as chromium:
        yield chromium.new_page(locale="zh-CN")


@pytest.fixture(scope="session")
def programs():
    """Hold that a browser and LibreOffice are there."""
    needed(office=True)
