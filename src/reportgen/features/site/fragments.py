"""The text of a report as a part of a page that has a title and headings of its own."""

from __future__ import annotations

import re
from html import unescape

from reportgen.model.frozen import frozen

_TITLE = re.compile(r"<h1\b[^>]*>.*?</h1>\n?", re.DOTALL)
_HEADING = re.compile(r"<h([2-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_WIDE = re.compile(r'<div style="overflow-x:auto')
_TAG = re.compile(r"<[^>]*>")
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
TOP, LOWEST = 2, 6


@frozen
class PageText:
    """A text as HTML, and its chapters: the names of their places on the page, and their titles."""

    html: str
    chapters: tuple[tuple[str, str], ...]


def page_text(fragment: str) -> PageText:
    """Return the text of a finished fragment, without its title, its headings a level lower.

    What scrolls sideways can be reached by the keyboard, as GB/T 37668-2019 and WCAG 2.1.1 ask.
    """
    chapters: list[tuple[str, str]] = []

    def lowered(found: re.Match[str]) -> str:
        level, attributes, content = int(found[1]), found[2], found[3]
        if level == TOP:
            place = f"text-{len(chapters) + 1}"
            chapters.append((place, _plain(content)))
            attributes += f' id="{place}"'
        lower = min(level + 1, LOWEST)
        return f"<h{lower}{attributes}>{content}</h{lower}>"

    text = _HEADING.sub(lowered, _TITLE.sub("", fragment, count=1))
    wide = '<div role="group" tabindex="0" aria-label="宽表，可以左右滚动" style="overflow-x:auto'
    return PageText(_WIDE.sub(wide, text), tuple(chapters))


def sheet_title(fragment: str) -> str:
    """Return what a sheet is called in its fragment: by its first table, empty where none says."""
    found = _CAPTION.search(fragment)
    return _plain(found[1]) if found else ""


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html)).strip()
