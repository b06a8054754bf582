"""The frame: docxtpl fills its tags, and markers show where title, body and last section come.

Its tags are `{{p title }}`, `{{p body }}` and `{{p turned }}`, each a paragraph of its own, and
`{{ title }}`, `{{ name }}`, `{{ subject }}`, `{{ organization }}` and `{{ date }}` in text, also in
headers and footers. Whatever else stands in it is the author's, and stays: a cover, tables, fixed
texts. Styles that it lacks are those of the common frame.

The body does not pass through docxtpl: that rewrites `{_{` in what it has rendered and runs
regular expressions over every run, which takes longer than writing the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Final

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree
from markupsafe import Markup

from reportgen.model import limits
from reportgen.model.document import Document
from reportgen.model.frozen import frozen
from reportgen.project.bounded_templates import FrameEnvironment, TemplateLimitError
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, open_archive
from reportgen.project.jinja_messages import misread
from reportgen.write.docx.section import Page, W
from reportgen.write.docx.text import Style, escape
from reportgen.write.errors import EVALUATION_ERRORS, FrameError

MAIN: Final = "word/document.xml"
TITLE: Final = "<?reportgen title?>"
BODY: Final = "<?reportgen body?>"
SECTION: Final = "<?reportgen section?>"

_STYLES = "word/styles.xml"
_MARK = "<?reportgen"
_IN_TEXT = re.compile(r"<w:t(?: [^>]*)?>[^<]*<\?reportgen title\?>")
_NEXT_LINE = '</w:t><w:br/><w:t xml:space="preserve">'
_ADDED = "added"

_UNREADABLE = (*EVALUATION_ERRORS, *DAMAGED_ARCHIVE, etree.LxmlError)
"""What python-docx raises for a file that is no Word file, or a damaged one."""


@frozen
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


def fill(frame: bytes, document: Document, common: bytes = b"") -> Frame:
    """Return `frame` filled with the names of `document`; raise `FrameError` if it is unfit.

    Styles that it lacks are taken from the `common` frame.
    """
    template = _rendered(frame, _context(document))
    parts: dict[str, bytes] = {}
    types: dict[str, str] = {}
    for part in template.docx.part.package.iter_parts():
        name = part.partname.membername
        types[name] = part.content_type
        if name != MAIN:
            parts[name] = _with_title(part.blob, document)
        if part.rels:
            parts[part.partname.rels_uri.membername] = part.rels.xml
    if MAIN not in types or _STYLES not in parts:
        raise FrameError("@f_parts", names=f"{MAIN}、{_STYLES}")
    main, portrait, landscape = _main(template.docx.element, document)
    parts[_STYLES], styles = with_styles(parts[_STYLES], common)
    return Frame(main, portrait, landscape, styles, parts, types)


def _rendered(frame: bytes, context: Mapping[str, Markup]) -> DocxTemplate:
    """Return the template `frame`, rendered."""
    template = DocxTemplate(io.BytesIO(frame))
    try:
        open_archive(frame, limits.FRAME_UNPACKED).close()
        template.init_docx()
    except ForeignFileError as error:
        raise FrameError(**error.params) from error
    except _UNREADABLE as error:
        raise FrameError("@f_no_word", english=str(error)) from error
    try:
        # docxtpl changes the environment that it is given.
        template.render(context, FrameEnvironment(), autoescape=True)
    except (TemplateLimitError, RecursionError) as error:
        limit = getattr(error, "limit", limits.TEMPLATE_TAGS)
        raise FrameError("@runs_on", where="", limit=limit) from error
    except TemplateSyntaxError as error:
        raise FrameError(**misread(error.message or "")) from error
    except (TemplateError, etree.LxmlError, *EVALUATION_ERRORS) as error:
        raise FrameError("@f_tag", told=str(error)) from error
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


def _with_title(part: bytes, document: Document) -> bytes:
    """Return a part with the title in the texts that name it: a header, a footer."""
    if _MARK.encode() not in part:
        return part
    return _titled(part.decode(), document).encode()


def _titled(xml: str, document: Document) -> str:
    """Return a part with the title, line by line, where a marker stands within a text."""
    lines = _NEXT_LINE.join(map(_literal, document.title))
    return _IN_TEXT.sub(lambda before: before[0].removesuffix(TITLE) + lines, xml)


def _main(root: etree._Element, document: Document) -> tuple[str, Page, Page]:
    """Return the main part with a marker for its last section, and its two pages.

    A section after the body that holds the tag `turned` is the landscape page; a frame without
    one has the portrait page of its body turned.
    """
    body, last = root.find(f"{W}body"), root.find(f"{W}body/{W}sectPr")
    if body is None or last is None:
        raise FrameError("@f_no_page")
    _lift_markers(body)
    portrait, landscape = last, None
    for marker in list(body.iterchildren(etree.ProcessingInstruction)):
        if marker.text == "turned":
            landscape, portrait = last, _section_above(body, marker)
            body.remove(marker)
    body.replace(last, etree.ProcessingInstruction("reportgen", "section"))
    if BODY not in map(str, body.iterchildren(etree.ProcessingInstruction)):
        raise FrameError("@f_no_body")
    main = etree.tostring(root, encoding="unicode")
    if main.count(BODY) != 1:
        raise FrameError("@f_no_body")
    if TITLE not in main:
        raise FrameError("@f_no_title")
    page = Page.read(portrait)
    turned = page.turned() if landscape is None else Page.read(landscape)
    return _titled(main, document), page, turned


def _lift_markers(body: etree._Element) -> None:
    """Let a marker that stands alone in a paragraph take its place: `{{ body }}` is `{{p body }}`.

    A title in a text is what it says there.
    """
    for marker in list(body.iter(etree.ProcessingInstruction)):
        paragraph = next(marker.iterancestors(f"{W}p"), None)
        if paragraph is None or paragraph.getparent() is not body or marker.text == "title":
            continue
        if not "".join(map(str, paragraph.itertext(f"{W}t"))).strip():
            lifted = etree.ProcessingInstruction("reportgen", marker.text or "")
            body.replace(paragraph, lifted)


def _section_above(body: etree._Element, marker: etree._Element) -> etree._Element:
    """Remove the paragraph that ends the section above `marker`, and return its properties."""
    for paragraph in marker.itersiblings(f"{W}p", preceding=True):
        section = paragraph.find(f"{W}pPr/{W}sectPr")
        if section is not None:
            body.remove(paragraph)
            return section
    raise FrameError("@f_no_section")


def with_styles(part: bytes, common: bytes) -> tuple[bytes, dict[Style, str]]:
    """Return the styles of a frame with those that it lacks, and the ids of all by their names.

    What is lacking comes from the `common` frame, with what it is based on.
    """
    root = etree.fromstring(part)
    ids = _ids(root)
    missing = [style for style in Style if style not in ids]
    if missing and common:
        _add_styles(root, missing, common)
        ids = _ids(root)
        part = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    missing = [style for style in Style if style not in ids]
    if missing:
        raise FrameError("@f_styles", names="、".join(missing))
    return part, {style: ids[style] for style in Style}


def _ids(styles: etree._Element) -> dict[str, str]:
    """Return the ids of styles by their names."""
    ids: dict[str, str] = {}
    for style in styles.iter(f"{W}style"):
        ids[_style_name(style)] = style.get(f"{W}styleId", "")
    return ids


def _style_name(style: etree._Element) -> str:
    name = style.find(f"{W}name")
    return "" if name is None else name.get(f"{W}val", "")


def _add_styles(root: etree._Element, names: Iterable[str], common: bytes) -> None:
    """Add the styles of the common frame with these names, and those that they refer to."""
    with open_archive(common, limits.FRAME_UNPACKED) as package:
        theirs = etree.fromstring(package.read(_STYLES))
    by_id = {style.get(f"{W}styleId", ""): style for style in theirs.iter(f"{W}style")}
    by_name = {_style_name(style): style for style in by_id.values()}
    wanted = [by_name[name] for name in names if name in by_name]
    for style in wanted:  # grows by what each refers to
        if _style_name(style) in _ids(root):
            continue
        root.append(_own_copy(style, root))
        wanted += [by_id[name] for name in _referred(style) if name in by_id]
    _refer(root, by_id)


def _own_copy(style: etree._Element, root: etree._Element) -> etree._Element:
    """Return a copy of a style with an id that no style of `root` has; it is none by default."""
    copy = deepcopy(style)
    taken = set(_ids(root).values())
    identity = copy.get(f"{W}styleId", "")
    while identity in taken:
        identity += "r"
    copy.set(f"{W}styleId", identity)
    copy.set(_ADDED, "1")
    copy.attrib.pop(f"{W}default", "")
    return copy


def _references(style: etree._Element) -> Iterator[etree._Element]:
    return style.iterchildren(f"{W}basedOn", f"{W}next", f"{W}link")


def _referred(style: etree._Element) -> Iterator[str]:
    """Yield the ids of the styles that a style refers to."""
    for reference in _references(style):
        yield reference.get(f"{W}val", "")


def _refer(root: etree._Element, by_id: Mapping[str, etree._Element]) -> None:
    """Let the styles that were added refer to those of the same names here."""
    ids = _ids(root)
    for style in root.iter(f"{W}style"):
        if not style.attrib.pop(_ADDED, ""):
            continue
        for reference in _references(style):
            theirs = by_id.get(reference.get(f"{W}val", ""))
            if theirs is not None:
                reference.set(f"{W}val", ids[_style_name(theirs)])
