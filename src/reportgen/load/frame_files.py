"""The frame files of a pack: its Word frame, web page, style sheet and Typst templates.

They come from whoever wrote the pack. What a file of them would load from elsewhere is P308 at its
place, what a Word frame carries beside its pages P309; a pack with either gives no `Edition`. What
a page template makes only while it is filled is seen in the finished page (`verify`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from jinja2 import meta

from reportgen.findings import Diagnostics, finding
from reportgen.model import limits
from reportgen.model.edition import TYPST_LOADS, Edition
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import FrameEnvironment
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, open_archive
from reportgen.project.jinja_messages import faults
from reportgen.project.source_files import SourceFiles
from reportgen.wordfile.diagnosis import diagnose
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import paragraphs

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SHARED = "templates/shared"
_FRAME = "frame.docx"
_MOST = 20
"""How many of one file are told."""
_QUOTED = 60
"""How many characters of a style are quoted."""


class Reference(NamedTuple):
    """What would load something: its offset in a text, and how it is written there."""

    offset: int
    written: str


def load_edition(files: SourceFiles, folder: str, log: Diagnostics) -> Edition | None:
    """Return the frame files of the pack in `folder`: its own, or else the shared ones.

    None where one is missing, or loads or carries what it may not; the log says which.
    """
    problems = Diagnostics()
    path = _frame_path(files, folder, _FRAME)
    frame = files.data(path, problems)
    for part, what in carried(frame or b""):
        problems.add(finding("P309", SourceSpan(path), subject=part, part=part, what=what))
    if frame is not None and not path.startswith(_SHARED):
        check_tags(path, frame, problems)
    texts = [_text(files, _frame_path(files, folder, name), problems) for name in _REFERENCES]
    log.extend(problems)
    if frame is None or problems.blocked:
        return None
    page, css, typst, chart = texts
    return Edition(frame, page, css, typst, chart, common=_common_frame(files, path))


def _common_frame(files: SourceFiles, path: str) -> bytes:
    """Return the frame that all packs share, for a pack whose own at `path` may lack styles."""
    common = f"{_SHARED}/{_FRAME}"
    if path == common or not files.exists(common):
        return b""
    return files.data(common, Diagnostics()) or b""


def check_tags(path: str, frame: bytes, log: Diagnostics) -> None:
    """Log what is wrong with the tags of a Word frame, each at its place.

    A frame that is no Word file is told where it is filled (W104).
    """
    try:
        texts = [each for each in paragraphs(WordFile.read(frame)) if not each.copy]
    except ForeignFileError:
        return
    diagnose(path, texts, _judge, log, _OF_PARAGRAPHS)


def _judge(source: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is wrong with a template of one tag of a frame: it may name the document."""
    environment = FrameEnvironment()
    found = list(faults(environment, source))
    yield from found
    if not found:
        names = meta.find_undeclared_variables(environment.parse(source)) - {*_OF_FRAMES, "year"}
        yield from (
            ("T102", {"key": name, "near": "、".join(_OF_FRAMES)}) for name in sorted(names)
        )


def check_edition(files: SourceFiles, folder: str, log: Diagnostics) -> None:
    """Log what is wrong with the frame files of a pack, and what they hold in vain (P310)."""
    edition = load_edition(files, folder, log)
    kinds = left_out(edition.frame) if edition else ()
    if kinds:
        span = SourceSpan(_frame_path(files, folder, _FRAME))
        log.add(finding("P310", span, what="、".join(kinds)))


def _frame_path(files: SourceFiles, folder: str, name: str) -> str:
    own = f"templates/{folder}/{name}"
    return own if files.exists(own) else f"{_SHARED}/{name}"


def _text(files: SourceFiles, path: str, log: Diagnostics) -> str:
    """Return a frame file that is a text, nothing where there is none; what it loads is P308."""
    text = files.text(path, log) or ""
    references = _REFERENCES[path.rpartition("/")[2]](text)
    for offset, written in islice(references, _MOST):
        above = text[:offset]
        line, column = above.count("\n") + 1, offset - above.rfind("\n")
        span = SourceSpan(path, line, column, line, column + len(written))
        log.add(finding("P308", span, subject=written, what=written))
    return text


def typst_references(text: str) -> Iterator[Reference]:
    """Yield the words of a Typst source that load another source or a package."""
    for word in TYPST_LOADS.finditer(text):
        yield Reference(word.start(), word[0])


# Style sheets

_MAY_LOAD = re.compile(r"\\|url|src\s*\(|image|@import|cross-fade", re.IGNORECASE)
"""What stands in a style sheet that loads something: without `\\` names are written plainly."""
_LOADING_NODE = re.compile(
    r"url (?!\s*(?:#|data:image/))|at-keyword import |error bad-url"
    r"|function (?:src|(?:-webkit-)?(?:image|image-set|cross-fade)) "
    r"|function url (?!\s*[\"']\s*(?:#|data:image/)[^\"']*[\"']\s*\Z)",
    re.IGNORECASE,
)
"""A node of a style sheet that loads something (CSS Values 4, 4.5), as `_label` writes it: all but
what leads into the page itself, or to a picture that is written in it."""


def style_references(text: str, start: int = 0) -> Iterator[Reference]:
    """Yield the rules and functions of a style sheet that load something.

    `start` is the offset of the style sheet in its file.
    """
    if not _MAY_LOAD.search(text):
        return
    import tinycss2  # noqa: PLC0415 - hardly any style sheet needs it

    lines = [0, *(end.end() for end in re.finditer(r"\r\n|[\n\r\f]", text))]
    for node in _nodes(tinycss2.parse_component_value_list(text, skip_comments=True)):
        if _LOADING_NODE.match(_label(node)):
            offset = lines[node.source_line - 1] + node.source_column - 1
            written, *_ = re.split(r"[;{}\n]", text[offset : offset + _QUOTED])
            yield Reference(start + offset, written.rstrip())


def _nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield the nodes of a style sheet, and those within them however deep."""
    left = list(nodes)[::-1]
    while left:
        node = left.pop()
        yield node
        within = getattr(node, "arguments", getattr(node, "content", None))
        left.extend(reversed(within or ()))


def _label(node: Any) -> str:  # noqa: ANN401 - tinycss2 has no types
    """Return the type of a node, its name, and what it holds of texts and of other things."""
    arguments = [each for each in getattr(node, "arguments", ()) if each.type != "whitespace"]
    held = "".join(f'"{each.value}"' if each.type == "string" else "…" for each in arguments)
    name = getattr(node, "lower_value", getattr(node, "lower_name", ""))
    value = node.value if node.type == "url" else getattr(node, "kind", held)
    return " ".join(filter(None, (node.type, name, value))) + " "


# Web pages

_JINJA = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z)", re.DOTALL)
_REFUSED = (
    "script|iframe|frame|frameset|object|embed|applet|base|portal|audio|video|source|track|link"
    "|form|input|button|template|animate|set|fencedframe"
)
"""Elements that load or run something, lead all links elsewhere, or make one that does."""
_ADDRESSES = (
    "srcset|imagesrcset|poster|background|data|action|formaction|manifest|ping|codebase"
    "|classid|archive|lowsrc|dynsrc|srcdoc|attributionsrc"
)
_INSIDE = r"\s*(?:#|data:image/)"
_FOLLOWED = r"\s*(?:https?:|mailto:|tel:|[^:]*(?:[/?#]|\Z))"
"""What a link may be that a reader follows: nothing that runs, such as `javascript:`."""
_DECLARED = r"\s*(?:content-security-policy|content-type|x-ua-compatible)\s*\Z"
_LOADING_TAG = re.compile(
    rf"(?:{_REFUSED}) \Z|\S+ (?:on\S*|{_ADDRESSES})=|\S+ src=(?!{_INSIDE})"
    rf"|(?:a|area) (?:xlink:)?href=(?!{_FOLLOWED})|(?!a |area )\S+ (?:xlink:)?href=(?!{_INSIDE})"
    rf"|\S+ http-equiv=(?!{_DECLARED})",
    re.IGNORECASE,
)
"""An element, or one with an attribute, that loads or runs something."""
_TAG = re.compile(
    r"<(?:(style)(?=[\s/>])|([a-z][^\s/>]*))"
    r"((?>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*))(?(1)>?(.*?)(?=</style|\Z))",
    re.IGNORECASE | re.DOTALL,
)
"""A tag, its attributes, and what a style holds. It takes time as its text is long (`html.parser`
takes the square of that)."""
_ATTRIBUTE = re.compile(
    r"""(?<=[\s"'/])([^\s"'/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?"""
)
_TEXT_ATTRIBUTES = frozenset(["alt", "title", "content", "aria-label", "class", "id"])


def page_references(text: str) -> Iterator[Reference]:
    """Yield the elements and attributes of a page template that load or run something.

    A comment of HTML is read like the rest: it would be in the page.
    """
    for tag in _TAG.finditer(_JINJA.sub(_blank, text)):
        name = (tag[1] or tag[2]).lower()
        within = style_references(tag[4], tag.start(4)) if tag[1] else ()
        for offset, written in chain(_in_tag(name, tag), within):
            yield Reference(offset, text[offset : offset + len(written)])


def _blank(tag: re.Match[str]) -> str:
    """Return as much of nothing as a tag of Jinja is long; a value is some text."""
    return re.sub(r"[^\n]", "x" if tag[0].startswith("{{") else " ", tag[0])


def _in_tag(name: str, tag: re.Match[str]) -> Iterator[Reference]:
    """Yield what a tag loads or runs: itself, or its attributes."""
    if _LOADING_TAG.match(f"{name} "):
        yield Reference(tag.start(), f"<{name}")
    for attribute in _ATTRIBUTE.finditer(tag[3]):
        key, *values = attribute.groups()
        label = f"{name} {key.lower()}={unescape(next(filter(None, values), ''))}"
        if _LOADING_TAG.match(label) or _is_style(label):
            yield Reference(tag.start(3) + attribute.start(), attribute[0])


def _is_style(label: str) -> bool:
    """Return whether an attribute loads something as a style does: `fill="url(…)"` too."""
    name, _, value = label.partition(" ")[2].partition("=")
    return name not in _TEXT_ATTRIBUTES and any(style_references(value))


_REFERENCES: Mapping[str, Callable[[str], Iterator[Reference]]] = {
    "page.html.j2": page_references,
    "report.css": style_references,
    "report.typ": typst_references,
    "chart.typ": typst_references,
}
"""The frame files that are texts: web page, style sheet, PDF template, that of charts."""


# Word frames

_OF_PARAGRAPHS = ("title", "body", "turned")
_OF_FRAMES = (*_OF_PARAGRAPHS, "name", "subject", "organization", "date")
"""What the tags of a frame may name; the first of them take the place of paragraphs."""
_PART = re.compile(r"(?:.*/)?_rels/[^/]*\.rels|word/(?!glossary/).*\.xml")
"""The parts of a Word file in which something may be carried; building blocks are left out."""
_LEFT_OUT = (
    "stylesWithEffects|webSettings|customXml|customXmlProps|printerSettings|people|glossaryDocument"
    "|extended-properties|custom-properties|thumbnail"
)
"""Kinds of what Word adds by itself; no file gets it."""
_OWN_RELATION = re.compile(
    "(?:officeDocument|core-properties|styles|settings|fontTable|font|theme|numbering|footnotes"
    f"|endnotes|header|footer|image|hyperlink|{_LEFT_OUT}) Internal [^:]*\\Z"
    "|hyperlink External (?:https?://|mailto:).*",
    re.IGNORECASE,
)
"""What a frame may be related to: pages and their looks, and the web by a link one follows."""
_EMBEDDED = tuple(
    f"{{*}}{name}"
    for name in (
        "altChunk object OLEObject control subDoc attachedTemplate mailMerge movie entryMacro"
        " exitMacro permStart vanish specVanish commentRangeStart commentReference ins del moveFrom"
        " moveTo moveFromRangeStart moveToRangeStart cellIns cellDel cellMerge numberingChange"
        " rPrChange pPrChange sectPrChange tblPrChange tblGridChange tblPrExChange trPrChange"
        " tcPrChange"
    ).split()
)
"""Elements that load, hold or run something, or that a reader of the page does not see."""
_FIELD = re.compile(r"\{\s*([^\s{}]*)[^{}]{0,60}")
_FIELDS = frozenset(
    "PAGE NUMPAGES SECTIONPAGES SECTION STYLEREF REF PAGEREF SEQ TOC TITLE SUBJECT EQ SYMBOL QUOTE"
    " ADVANCE".split()
)
"""Fields that print what stands in the document; others load files, run, or ask for something
(ISO/IEC 29500-1, 17.16.5)."""
_OFF = frozenset(["0", "false", "off"])


class Carried(NamedTuple):
    """What a Word frame carries: the part that holds it, and its name there."""

    part: str
    what: str


def carried(frame: bytes) -> Iterator[Carried]:
    """Yield what a Word frame carries and no report may; nothing of one that cannot be read.

    That is told where it is filled (W104).
    """
    for name, root in _parts(frame):
        found = (_relations(root), _elements(root), _addresses(root), _fields(root))
        yield from (Carried(name, what) for what in dict.fromkeys(chain.from_iterable(found)))


def left_out(frame: bytes) -> tuple[str, ...]:
    """Return what a Word frame carries that no finished file gets, by its kinds of relations."""
    kinds: set[str] = set()
    for _, root in _parts(frame):
        kinds.update(_kind(relation) for relation in root.iter("{*}Relationship"))
    return tuple(sorted(kinds.intersection(_LEFT_OUT.split("|"))))


def _parts(frame: bytes) -> Iterator[tuple[str, Element]]:
    """Yield the name and the root of each XML part of a Word file that can be read."""
    from lxml import etree  # noqa: PLC0415 - a report without a Word frame needs none

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        package = open_archive(frame, limits.FRAME_UNPACKED)
        for name in filter(_PART.fullmatch, package.namelist()):
            yield name, etree.fromstring(package.read(name), parser)
    except (*DAMAGED_ARCHIVE, ForeignFileError, etree.XMLSyntaxError):
        return


def _kind(relation: Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _relations(root: Element) -> Iterator[str]:
    """Yield the relations that lead out of the file, or to what is no page of it."""
    for relation in root.iter("{*}Relationship"):
        kind, target = _kind(relation), relation.get("Target", "")
        if not _OWN_RELATION.match(f"{kind} {relation.get('TargetMode', 'Internal')} {target}"):
            yield f"{kind} → {target}"


def _elements(root: Element) -> Iterator[str]:
    for element in root.iter(*_EMBEDDED):
        if _attributes(element).get("val") not in _OFF:
            yield f"<{element.tag.rpartition('}')[2]}>"


def _addresses(root: Element) -> Iterator[str]:
    """Yield the addresses that drawings of old hold in themselves, not by a relation."""
    for address in cast("list[str]", root.xpath("//@*[local-name()='src' or local-name()='href']")):
        yield f'src="{address}"'


def _attributes(element: Element) -> dict[str, str]:
    """Return the attributes of an element by their names without namespaces."""
    items = cast("list[tuple[str, str]]", element.items())
    return {key.rpartition("}")[2]: value for key, value in items}


def _fields(root: Element) -> Iterator[str]:
    """Yield the fields that do more than print what stands in the document."""
    codes = "".join(map(_code, root.iter("{*}fldSimple", "{*}fldChar", "{*}instrText")))
    for field in _FIELD.finditer(codes):
        if field[1].upper() not in _FIELDS:
            yield field[0].strip()


def _code(element: Element) -> str:
    """Return a piece of a field as Word shows its code, `{ PAGE }`, whatever its runs."""
    values = _attributes(element)
    marks = {"begin": "{", "end": "}"}
    simple = f"{{{values['instr']}}}" if "instr" in values else ""
    return simple or marks.get(values.get("fldCharType", ""), element.text or "")
