"""A run says what it published; one that publishes thousands does not fill the screen with them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from reportgen.features.site.changes import SiteChange, told_change


def change(count):
    added = [
        SimpleNamespace(address=f"u{number}/2023/r/", version=SimpleNamespace(number=1))
        for number in range(count)
    ]
    return SiteChange(tuple(added), (), count, 0, count, count)


@pytest.mark.parametrize(("count", "verbose"), [(20, False), (21, True)])
def test_few_versions_are_listed_each_and_many_where_asked_for(count, verbose):
    lines = [*told_change(change(count), Path("site"), "en", verbose=verbose)]
    assert len(lines) == count + 1
    assert lines[-2] == f"  site/u{count - 1}/2023/r  version 1"


def test_of_many_versions_the_rest_is_counted():
    lines = [*told_change(change(3_000), Path("site"), "zh")]
    assert lines[-2:] == [
        "  另有 2980 份，加 -v 逐份列出",
        "新公开 3000 份，共 3000 份；3000 个网页和索引，写了 3000 个，去掉 0",
    ]
