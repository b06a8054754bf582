"""The frame: docxtpl fills its tags, and markers show where title, body and last section come.

Its tags are `{{p title }}`, `{{p body }}` and `{{p turned }}`, each a paragraph of its own, and
`{{ name }}`, `{{ subject }}`, `{{ organization }}` and `{{ date }}` in text, also in footers.

The body does not pass through docxtpl: that rewrites `{_{` in what it has rendered and runs
regular expressions over every run, which takes longer than writing the file.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree
from markupsafe import Markup

from reportgen.model import limits
from reportgen.model.document import Document
from reportgen.project.bounded_templates import FrameEnvironment, TemplateLimitError
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, open_archive
from reportgen.write.docx.section import Page, W
from reportgen.write.docx.text import Style, escape
from reportgen.write.errors import EVALUATION_ERRORS, FrameError

MAIN: Final = "word/document.xml"
TITLE: Final = "<?reportgen title?>"
BODY: Final = "<?reportgen body?>"
SECTION: Final = "<?reportgen section?>"

_STYLES = "word/styles.xml"

_UNREADABLE = (*EVALUATION_ERRORS, *DAMAGED_ARCHIVE, etree.LxmlError)
"""What python-docx raises for a file that is no Word file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A filled frame: its main part with markers, its pages, its styles and its other parts.

    `types` are the content types of all parts. Names of parts have no slash before them.
    """

    main: str
    portrait: Page
    landscape: Page
    styles: Mapping[Style, str]
    parts: Mapping[str, bytes]
    types: Mapping[str, str]


def fill(frame: bytes, document: Document) -> Frame:
    """Return `frame` filled with the names of `document`; raise `FrameError` if it is unfit."""
    template = _rendered(frame, _context(document))
    parts: dict[str, bytes] = {}
    types: dict[str, str] = {}
    for part in template.docx.part.package.iter_parts():
        name = part.partname.membername
        types[name] = part.content_type
        if name != MAIN:
            parts[name] = part.blob
        if part.rels:
            parts[part.partname.rels_uri.membername] = part.rels.xml
    if MAIN not in types or _STYLES not in parts:
        raise FrameError(f"the frame is no Word file: it lacks {MAIN} or {_STYLES}")
    main, portrait, landscape = _main(template.docx.element)
    return Frame(main, portrait, landscape, _styles(parts[_STYLES]), parts, types)


def _rendered(frame: bytes, context: Mapping[str, Markup]) -> DocxTemplate:
    """Return the template `frame`, rendered."""
    template = DocxTemplate(io.BytesIO(frame))
    try:
        open_archive(frame, limits.FRAME_UNPACKED).close()
        template.init_docx()
    except ForeignFileError as error:
        raise FrameError(**error.params) from error
    except _UNREADABLE as error:
        raise FrameError(f"the frame is no Word file: {error}") from error
    try:
        # docxtpl changes the environment that it is given.
        template.render(context, FrameEnvironment(), autoescape=True)
    except (TemplateLimitError, RecursionError) as error:
        limit = getattr(error, "limit", limits.TEMPLATE_TAGS)
        raise FrameError("@runs_on", where="", limit=limit) from error
    except (TemplateError, etree.LxmlError, *EVALUATION_ERRORS) as error:
        raise FrameError(f"a tag of the frame is wrong: {error}") from error
    return template


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


def _main(root: etree._Element) -> tuple[str, Page, Page]:
    """Return the main part with a marker for its last section, and its two pages.

    A section after the body that holds the tag `turned` is the landscape page; a frame without
    one has the portrait page of its body turned.
    """
    body, last = root.find(f"{W}body"), root.find(f"{W}body/{W}sectPr")
    if body is None or last is None:
        raise FrameError("the frame sets no page")
    portrait, landscape = last, None
    for marker in list(body.iterchildren(etree.ProcessingInstruction)):
        if marker.text == "turned":
            landscape, portrait = last, _section_above(body, marker)
            body.remove(marker)
    body.replace(last, etree.ProcessingInstruction("reportgen", "section"))
    main = etree.tostring(root, encoding="unicode")
    if main.count(BODY) != 1:
        raise FrameError("the frame must hold the paragraph {{p body }} once")
    page = Page.read(portrait)
    return main, page, page.turned() if landscape is None else Page.read(landscape)


def _section_above(body: etree._Element, marker: etree._Element) -> etree._Element:
    """Remove the paragraph that ends the section above `marker`, and return its properties."""
    for paragraph in marker.itersiblings(f"{W}p", preceding=True):
        section = paragraph.find(f"{W}pPr/{W}sectPr")
        if section is not None:
            body.remove(paragraph)
            return section
    raise FrameError(
        "no paragraph with a section break stands between {{p body }} and {{p turned }}"
    )


def _styles(part: bytes) -> dict[Style, str]:
    """Return the ids of the styles by name."""
    ids: dict[str, str] = {}
    for style in etree.fromstring(part).iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            ids[name.get(f"{W}val", "")] = style.get(f"{W}styleId", "")
    missing = [style.value for style in Style if style not in ids]
    if missing:
        raise FrameError(f"the frame lacks styles: {'、'.join(missing)}")
    return {style: ids[style] for style in Style}
