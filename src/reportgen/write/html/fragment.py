"""The fragment: the report without a frame, to be pasted into the editor of a site.

Such editors drop scripts, style sheets, classes and ids, so each element says itself how it
stands, and is right without that too: lists are paragraphs that begin with their labels, a
caption that is not printed names its table for those who cannot see it.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, fragment_fromstring

from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.write.html.blocks import add_blocks
from reportgen.write.html.text import HtmlBuilder, picture_addresses

_CENTER, _BODY, _FLUSH = "text-align:center", "text-indent:2em", "text-indent:0"
_TABLE = "width:100%;border-collapse:collapse"
_CELL = "border:1px solid;padding:.3em .5em"
_STYLES = {
    "h1": _CENTER,
    "li": _BODY,
    "tr": "height:2em",
    "caption": f"{_CENTER};padding:.5em 0;font-weight:bold",
    "img": "max-width:100%",
    "figcaption": _CENTER,
    "summary": _CENTER,
}
"""How elements stand; headings and the like are left to the site."""
_CLASSES = {
    "plain": _FLUSH,
    "note": f"{_FLUSH};font-size:smaller",
    "center": f"{_FLUSH};{_CENTER}",
    "right": f"{_FLUSH};text-align:right",
    "chart": f"{_FLUSH};{_CENTER}",
    "annex-label": f"{_FLUSH};margin-top:2em;font-weight:bold",
    "annex-title": _CENTER,
    **dict.fromkeys(
        ("form", "form wide", "form kept", "form wide kept"), "overflow-x:auto;margin:1em 0"
    ),
    "vertical": "writing-mode:vertical-rl;margin:0 auto",
}
_PLACES = {
    "center": ";text-align:center",
    "right": ";text-align:right",
    "top": ";vertical-align:top",
    "bottom": ";vertical-align:bottom",
    "underline": ";text-decoration:underline",
    "small": ";font-size:smaller",
}
"""How the text of a cell stands, by the words of its class."""
_INSIDE = {
    "signoff": f"{_FLUSH};text-align:right;padding-right:2em",
    "cover": f"{_FLUSH};padding-left:3em",
    "title": f"{_FLUSH};{_CENTER};font-size:1.5em;font-weight:bold",
}
"""How the paragraphs of a block stand that is one only by its class."""
_KEPT = ("colspan", "rowspan", "scope", "style", "aria-label", "src", "alt")
_UNWRAPPED = ("data", "span", "ol", "details")
_RENAMED = {"li": "p", "figcaption": "p", "summary": "p", "figure": "div"}
"""What takes the place of elements that an editor does not know."""
_NUMBER = re.compile(r"--(?:indent|columns): (\d+)")


def write_fragment(document: Document, edition: Edition) -> bytes:
    """Return the report in UTF-8 as one <div>, with the charts of `edition`.

    Raises `UnwritableCharacterError` for a character that HTML cannot hold.
    """
    builder = HtmlBuilder({}, pictures=picture_addresses(edition, phone=False))
    builder.add("<div><h1>")
    for number, line in enumerate(document.title):
        builder.add("<br>%s" if number else "%s", line)
    builder.add("</h1>\n")
    add_blocks(builder, document.blocks, top=2)
    for annex in document.annexes:
        builder.add('<p class="annex-label">%s</p>\n<h2 class="annex-title">', annex.label)
        builder.add_inlines(annex.title)
        builder.add("</h2>\n")
        add_blocks(builder, annex.blocks, top=3)
    builder.add("</div>\n")
    root: HtmlElement = fragment_fromstring(builder.build(), parser=HTMLParser(huge_tree=True))
    # All styles first: they depend on classes and parents, which the next step removes.
    styled = [(element, _style(element)) for element in root.iter()]
    for element, style in styled:
        _make_plain(element, style)
    data: bytes = etree.tostring(root, encoding="utf-8", method="html", with_tail=False)
    return data + b"\n"


def _style(element: HtmlElement) -> str:
    """Return the style of an element by its tag, its classes and what it lies in."""
    match element.tag:
        case "col":
            return str(element.get("style", ""))
        case "th" | "td":
            return _cell_style(element)
        case "p":
            return _paragraph_style(element)
        case "tr" if element.get("style"):
            return str(element.get("style"))
        case "img" if element.get("style"):
            return f"{element.get('style')};{_STYLES['img']}"
        case "table":
            return _table_style(element)
        case "li" if _class(element.getparent()) == "attachments":
            return _BODY if element.getprevious() is None else "text-indent:5em"
        case _:
            return _CLASSES.get(_class(element), _STYLES.get(element.tag, ""))


def _class(element: HtmlElement) -> str:
    return str(element.get("class", ""))


def _paragraph_style(paragraph: HtmlElement) -> str:
    parent = paragraph.getparent()
    kind = _class(paragraph)
    if parent.tag in ("td", "th"):
        return "margin:0"
    if not kind and _class(parent) in _INSIDE:
        return _INSIDE[_class(parent)]
    return _CLASSES.get(kind.removesuffix(" spread"), _BODY)


def _table_style(table: HtmlElement) -> str:
    """Return the style of a table: one of many columns does not shrink but scrolls."""
    columns = _number(table.getparent())
    return f"{_TABLE};min-width:{4 * columns}em" if columns else _TABLE


def _cell_style(cell: HtmlElement) -> str:
    words = [word for word in _class(cell).split() if word not in {"stays", "text"}]
    style = _CELL if {"center", "right"} & set(words) else f"{_CELL};text-align:left"
    for word in words:
        style += _PLACES[word]
    if cell.get("scope", "").startswith("row"):
        style += ";font-weight:normal"
    indent = _number(cell)
    return f"{style};padding-left:{indent + 0.5}em" if indent else style


def _number(element: HtmlElement) -> int:
    """Return the indentation or the columns that the style of an element states, else 0."""
    stated = _NUMBER.search(element.get("style", ""))
    return int(stated[1]) if stated else 0


def _make_plain(element: HtmlElement, style: str) -> None:
    """Make an element one that an editor keeps."""
    kind = _class(element)
    if element.tag == "caption" and element.find("span[@class='unseen']") is not None:
        element.getparent().set("aria-label", element.text_content())
        element.drop_tree()
    elif element.tag in _UNWRAPPED or kind in _INSIDE:
        element.drop_tag()
    elif kind == "page-break":
        element.drop_tree()
    else:
        _set_attributes(element, style)


def _set_attributes(element: HtmlElement, style: str) -> None:
    """Make a list item a paragraph and the like, and leave no attributes but those kept."""
    element.tag = _RENAMED.get(element.tag, element.tag)
    element.attrib.pop("style", None)
    for name in set(element.attrib) - set(_KEPT):
        del element.attrib[name]
    if style:
        element.set("style", style)
