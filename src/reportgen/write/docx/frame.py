"""The frame: docxtpl fills its tags, and marks show where title, body and last section come.

Its tags are `{{p title }}`, `{{p body }}` and `{{p turned }}`, each a paragraph of its own, and
`{{ name }}`, `{{ subject }}`, `{{ organization }}` and `{{ date }}` in text, also in footers.

The body does not pass through docxtpl: that rewrites `{_{` in what it has rendered and runs
regular expressions over every run, which takes longer than writing the file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from reportgen.model.document import Document
from reportgen.write.docx.section import Page, W
from reportgen.write.docx.text import Style, escape

MAIN: Final = "word/document.xml"
TITLE: Final = "<?reportgen title?>"
BODY: Final = "<?reportgen body?>"
SECTION: Final = "<?reportgen section?>"


class FrameError(ValueError):
    """A frame cannot be used; `reason` says what it lacks or where its tags are wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Frame:
    """A filled frame: its parts by name, its main part with marks, its pages, its styles."""

    members: Mapping[str, bytes]
    main: str
    upright: Page
    turned: Page
    styles: Mapping[Style, str]


def fill(frame: bytes, document: Document) -> Frame:
    """Return `frame` filled with the names of `document`; raise `FrameError` if it is unfit."""
    try:
        template = DocxTemplate(io.BytesIO(frame))
        template.render(_context(document), _environment(), autoescape=True)
    except TemplateError as error:
        raise FrameError(f"a tag of the frame is wrong: {error}") from error
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise FrameError(f"the frame is no Word file: {error}") from error
    data = io.BytesIO()
    template.save(data)
    with zipfile.ZipFile(data) as package:
        members = {name: package.read(name) for name in package.namelist()}
    if "word/comments.xml" in members:
        raise FrameError("the frame holds comments; delete them, they would be published")
    main, upright, turned = _main(members)
    return Frame(members, main, upright, turned, _styles(members))


def _environment() -> SandboxedEnvironment:
    """Return a new environment: docxtpl changes the one that it is given."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _context(document: Document) -> dict[str, Markup]:
    """Return what the tags of a frame may name."""
    return {
        "title": Markup(TITLE),  # noqa: S704 - a constant
        "body": Markup(BODY),  # noqa: S704
        "turned": Markup("<?reportgen turned?>"),
        "name": _literal(document.name),
        "subject": _literal(document.subject),
        "organization": _literal(document.organization),
        "date": _literal(document.date),
    }


def _literal(text: str) -> Markup:
    """Return `text` so that docxtpl leaves it alone: it takes `{_{` for a tag, as XML or not."""
    return Markup(escape(text).replace("_", "&#95;"))  # noqa: S704 - escaped


def _main(members: Mapping[str, bytes]) -> tuple[str, Page, Page]:
    """Return the main part with a mark for its last section, the upright page and the turned one.

    A section after the body that holds the tag `turned` is the page of annexes on their side;
    a frame without one has the page of its body turned.
    """
    root = etree.fromstring(members[MAIN])
    body, last = root.find(f"{W}body"), root.find(f"{W}body/{W}sectPr")
    if body is None or last is None:
        raise FrameError("the frame sets no page")
    upright, turned = last, None
    for mark in list(body.iterchildren(etree.ProcessingInstruction)):
        if mark.text == "turned":
            turned, upright = last, _section_above(body, mark)
            body.remove(mark)
    body.replace(last, etree.ProcessingInstruction("reportgen", "section"))
    main = etree.tostring(root, encoding="unicode")
    if main.count(BODY) != 1:
        raise FrameError("the frame must hold the paragraph {{p body }} once")
    try:
        page = Page.read(upright)
        return main, page, page.turned() if turned is None else Page.read(turned)
    except ValueError as error:
        raise FrameError(str(error)) from error


def _section_above(body: etree._Element, mark: etree._Element) -> etree._Element:
    """Remove the paragraph that ends the section above `mark`, and return its properties."""
    for paragraph in mark.itersiblings(f"{W}p", preceding=True):
        section = paragraph.find(f"{W}pPr/{W}sectPr")
        if section is not None:
            body.remove(paragraph)
            return section
    raise FrameError(
        "no paragraph with a section break stands between {{p body }} and {{p turned }}"
    )


def _styles(members: Mapping[str, bytes]) -> dict[Style, str]:
    """Return the ids of the styles by name."""
    ids: dict[str, str] = {}
    for style in etree.fromstring(members["word/styles.xml"]).iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            ids[name.get(f"{W}val", "")] = style.get(f"{W}styleId", "")
    missing = [style.value for style in Style if style not in ids]
    if missing:
        raise FrameError(f"the frame lacks styles: {'、'.join(missing)}")
    return {style: ids[style] for style in Style}
