"""What the pages share that are no report."""

from __future__ import annotations

from reportgen.write.html.look import page_style

DARK = "prefers-color-scheme: dark"


def test_own_rules_come_last_so_that_they_win():
    style = page_style("a { color: red; }", dark=False)
    assert style.endswith("a { color: red; }")
    assert style.index("a { color: var(--link)") < style.index("a { color: red; }")


def test_a_page_is_dark_only_where_it_may_be():
    assert DARK in page_style("", dark=True)
    assert DARK not in page_style("", dark=False)
