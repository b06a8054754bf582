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
from reportgen.write.html.blocks import put_blocks
from reportgen.write.html.text import Weaver

_CENTER, _BODY, _FLUSH = "text-align:center", "text-indent:2em", "text-indent:0"
_STYLES = {
    "h1": _CENTER,
    "p": _BODY,
    "li": _BODY,
    "table": "width:100%;border-collapse:collapse",
    "tr": "height:2em",
    "caption": f"{_CENTER};padding:.5em 0;font-weight:bold",
    "th": "border:1px solid;padding:.3em .5em",
    "td": "border:1px solid;padding:.3em .5em",
}
"""How elements stand; headings and the like are left to the site."""
_CLASSES = {
    "plain": _FLUSH,
    "note": f"{_FLUSH};font-size:smaller",
    "center": f"{_FLUSH};{_CENTER}",
    "right": f"{_FLUSH};text-align:right",
    "annex-label": f"{_FLUSH};margin-top:2em;font-weight:bold",
    "annex-title": _CENTER,
    "form": "overflow-x:auto;margin:1em 0",
    "form wide": "overflow-x:auto;margin:1em 0",
    "vertical": "writing-mode:vertical-rl;margin:0 auto",
}
_INSIDE = {
    "signoff": f"{_FLUSH};text-align:right;padding-right:2em",
    "cover": f"{_FLUSH};padding-left:3em",
    "title": f"{_FLUSH};{_CENTER};font-size:1.5em;font-weight:bold",
}
"""How the paragraphs of a block stand that is one only by its class."""
_KEPT = ("colspan", "rowspan", "scope", "style", "aria-label", "src", "alt")
_UNWRAPPED = ("data", "span", "ol")
_NUMBER = re.compile(r"--(?:indent|columns): (\d+)")


def write_fragment(document: Document) -> bytes:
    """Return the report in UTF-8 as one <div>; raises ValueError for what HTML cannot hold."""
    weaver = Weaver({})
    weaver.put("<div><h1>")
    for number, line in enumerate(document.title):
        weaver.put("<br>%s" if number else "%s", line)
    weaver.put("</h1>\n")
    put_blocks(weaver, document.blocks, top=2)
    for annex in document.annexes:
        weaver.put('<p class="annex-label">%s</p>\n<h2 class="annex-title">', annex.label)
        weaver.put_inlines(annex.title)
        weaver.put("</h2>\n")
        put_blocks(weaver, annex.blocks, top=3)
    weaver.put("</div>\n")
    root: HtmlElement = fragment_fromstring(weaver.weave(), parser=HTMLParser(huge_tree=True))
    for element, style in [(each, _style(each)) for each in root.iter()]:
        _plain(element, style)
    data: bytes = etree.tostring(root, encoding="utf-8", method="html", with_tail=False)
    return data + b"\n"


def _style(element: HtmlElement) -> str:
    """Return how an element stands, told by its tag, its classes and what it lies in."""
    kind, above = element.get("class", ""), element.getparent()
    block = above.get("class", "") if above is not None else ""
    own = str(element.get("style", ""))
    number = _NUMBER.search(own)
    match element.tag:
        case "col":
            return own
        case "p" if above.tag in ("td", "th"):
            return "margin:0"
        case "p" if block in _INSIDE and not kind:
            return _INSIDE[block]
        case "li" if block == "attachments" and element.getprevious() is not None:
            return "text-indent:5em"
        case "th" | "td":
            return _cell(element, int(number[1]) if number else 0)
        case "table" if columns := _NUMBER.search(above.get("style", "")):
            return f"{_STYLES['table']};min-width:{4 * int(columns[1])}em"
        case _:
            return _CLASSES.get(kind, _STYLES.get(element.tag, ""))


def _cell(cell: HtmlElement, indent: int) -> str:
    style = f"{_STYLES['td']};text-align:{cell.get('class') or 'left'}"
    if cell.get("scope", "").startswith("row"):
        style += ";font-weight:normal"
    return f"{style};padding-left:{indent + 0.5}em" if indent else style


def _plain(element: HtmlElement, style: str) -> None:
    """Make an element one that an editor keeps."""
    kind = element.get("class", "")
    if element.tag == "caption" and element.find("span[@class='unseen']") is not None:
        element.getparent().set("aria-label", element.text_content())
        element.drop_tree()
        return
    if element.tag in _UNWRAPPED or kind in _INSIDE:
        element.drop_tag()
        return
    if kind == "page-break":
        element.drop_tree()
        return
    if element.tag == "li":
        element.tag = "p"
    element.attrib.pop("style", None)
    for name in set(element.attrib) - set(_KEPT):
        del element.attrib[name]
    if style:
        element.set("style", style)
