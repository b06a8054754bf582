"""What a Word file carries beside its pages: what loads or runs, traces of editing, who made it.

It comes from whoever wrote the file. Some of it can be left out of what is published without
anything being lost; some of it is a part of the page, or of what it does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, NamedTuple, cast

from lxml import etree

from reportgen.findings import Finding, finding
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import WordParagraph, paragraphs
from reportgen.wordfile.tables import local

_PART = re.compile(r"(?:.*/)?_rels/[^/]*\.rels|word/(?!glossary/).*\.xml")
"""The parts of a Word file in which something may be carried; building blocks are left out."""
_ADDED = frozenset(
    (
        "stylesWithEffects webSettings customXml customXmlProps printerSettings people"
        " glossaryDocument extended-properties custom-properties thumbnail"
    ).split()
)
"""Kinds of what Word adds by itself; no file gets it."""
_OWN_RELATION = re.compile(
    "(?:officeDocument|core-properties|styles|settings|fontTable|font|theme|numbering|footnotes"
    f"|endnotes|header|footer|image|hyperlink|{'|'.join(sorted(_ADDED))}) Internal [^:]*\\Z"
    "|hyperlink External (?:https?://|mailto:).*",
    re.IGNORECASE,
)
"""What a file may be related to: pages and their looks, and the web by a link one follows."""
_ELEMENTS = {
    "@b_comments": "commentRangeStart commentReference",
    "@b_revisions": (
        "ins del moveFrom moveTo moveFromRangeStart moveToRangeStart cellIns cellDel cellMerge"
        " numberingChange rPrChange pPrChange sectPrChange tblPrChange tblGridChange"
        " tblPrExChange trPrChange tcPrChange"
    ),
    "@b_hidden": "vanish specVanish",
    "@b_permissions": "permStart",
    "@b_template": "attachedTemplate",
    "@b_objects": "altChunk object OLEObject subDoc movie",
    "@b_controls": "control",
    "@b_macros": "entryMacro exitMacro",
    "@b_merge": "mailMerge",
}
"""Elements that load, hold or run something, or that a reader of the page does not see, by what
they are."""
_KIND_OF: dict[str, str] = {}
for _each, _names in _ELEMENTS.items():
    _KIND_OF |= dict.fromkeys(_names.split(), _each)
_RELATED = {
    "attachedTemplate": "@b_template",
    "comments": "@b_comments",
    "commentsExtended": "@b_comments",
    "commentsIds": "@b_comments",
    "commentsExtensible": "@b_comments",
    "vbaProject": "@b_macros",
    "wordVbaData": "@b_macros",
    "control": "@b_controls",
    "oleObject": "@b_objects",
    "package": "@b_objects",
    "aFChunk": "@b_objects",
    "subDocument": "@b_objects",
    "chart": "@b_charts",
    "chartEx": "@b_charts",
    "diagramData": "@b_charts",
}
LEFT_OUT = frozenset(["@b_comments", "@b_revisions", "@b_hidden", "@b_permissions", "@b_template"])
"""What can be left out, so that the pages say what their author sees who accepts all changes."""
_ON_PAGE = frozenset(["@b_charts", "@b_objects"])
"""What its author sees on the pages and no file can get: without it they say something else."""
_FIELD = re.compile(r"\{\s*([^\s{}]*)[^{}]{0,60}")
_FIELDS = frozenset(
    "PAGE NUMPAGES SECTIONPAGES SECTION STYLEREF REF PAGEREF SEQ TOC TITLE SUBJECT EQ SYMBOL QUOTE"
    " ADVANCE FORMTEXT FORMCHECKBOX FORMDROPDOWN".split()
)
"""Fields that print what stands in the document; others load files, run, or ask for something
(ISO/IEC 29500-1, 17.16.5)."""
_SESSION = re.compile(rb"\brsid\w*=|<w:rsids?[ />]")
"""What Word notes of the sessions in which a file was edited."""
_OFF = frozenset(["0", "false", "off"])
_MAKERS = (
    *("creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase", "Template"),
    *("description", "keywords", "category"),
)


class Carried(NamedTuple):
    """What a Word file carries: the part that holds it, its name there, its kind, its paragraph."""

    part: str
    what: str
    kind: str
    paragraph: WordParagraph | None = None

    def told(self, code: str, path: str) -> Finding:
        """Return the finding `code` on it in the file at `path`, at the paragraph it stands in."""
        span = SourceSpan(path)
        if self.paragraph is not None:
            span = SourceSpan(path, self.paragraph.line, place=self.paragraph.place)
        params = {"part": self.part, "what": self.what, "kind": self.kind}
        return finding(code, span, subject=self.part, **params)  # type: ignore[arg-type]


def carried(file: WordFile) -> tuple[Carried, ...]:
    """Return what a Word file carries that no report may, each once for a paragraph."""
    found: dict[tuple[str, str, int], Carried] = {}
    places = _Places(file)
    for name in filter(_PART.fullmatch, file.members):
        for what, kind, element in _in_part(file, name):
            paragraph = places.of(element)
            line = paragraph.line if paragraph else 0
            found.setdefault((name, what, line), Carried(name, what, kind, paragraph))
    return tuple(found.values())


def lost(file: WordFile) -> tuple[Carried, ...]:
    """Return what the pages of a Word file show and no report can, the first of each kind."""
    first: dict[str, Carried] = {}
    for each in carried(file):
        if each.kind in _ON_PAGE:
            first.setdefault(each.kind, each)
    return tuple(first.values())


def left_out(file: WordFile) -> tuple[str, ...]:
    """Return what Word keeps beside the pages and no finished file gets: kinds, and who made it."""
    found: set[str] = set()
    for name in filter(_PART.fullmatch, file.members):
        found |= _ADDED.intersection(map(_kind, _root(file, name).iter("{*}Relationship")))
    if any(map(_SESSION.search, file.members.values())):
        found.add("rsids")
    makers: list[str] = []
    for name in ("docProps/core.xml", "docProps/app.xml"):
        makers += _made_by(file, name)
    return (*sorted(found), *makers)


def _made_by(file: WordFile, name: str) -> Iterator[str]:
    """Yield who made a file and what they said of it, as its properties have it."""
    for element in _root(file, name).iter(etree.Element):
        text = (element.text or "").strip()
        if local(element) in _MAKERS and text:
            yield f"{local(element)} {text}"


def _root(file: WordFile, name: str) -> etree._Element:
    """Return the tree of a part, an empty one for what is there not or cannot be read."""
    try:
        return file.part(name).root
    except (ForeignFileError, KeyError):
        return etree.Element("unreadable")


def _in_part(file: WordFile, name: str) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield what a part carries: what it is called there, its kind, its element."""
    root = _root(file, name)
    if root.tag == "unreadable":
        yield name, "@b_unreadable", root
    yield from _relations(root)
    yield from _elements(root)
    yield from _addresses(root)
    yield from _fields(root)


def _kind(relation: etree._Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _relations(root: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the relations that lead out of the file, or to what is no page of it."""
    for relation in root.iter("{*}Relationship"):
        kind, target = _kind(relation), relation.get("Target", "")
        if not _OWN_RELATION.match(f"{kind} {relation.get('TargetMode', 'Internal')} {target}"):
            yield f"{kind} → {target}", _RELATED.get(kind, "@b_external"), relation


def _elements(root: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    for element in root.iter(*(f"{{*}}{name}" for name in _KIND_OF)):
        if _attributes(element).get("val") not in _OFF:
            yield f"<{local(element)}>", _KIND_OF[local(element)], element


def _addresses(root: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the addresses that drawings of old hold in themselves, not by a relation."""
    held = cast("list[Any]", root.xpath("//*[@*[local-name()='src' or local-name()='href']]"))
    for element in held:
        values = _attributes(element)
        address = values.get("src", values.get("href", ""))
        yield f'src="{address}"', "@b_external", element


def _attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element by their names without namespaces."""
    items = cast("list[tuple[str, str]]", element.items())
    return {key.rpartition("}")[2]: value for key, value in items}


def _fields(root: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield the fields that do more than print what stands in the document."""
    pieces = list(root.iter("{*}fldSimple", "{*}fldChar", "{*}instrText"))
    codes = list(map(_code, pieces))
    starts = list(accumulate(map(len, codes), initial=0))
    for field in _FIELD.finditer("".join(codes)):
        if field[1].upper() not in _FIELDS:
            number = bisect_right(starts, field.start()) - 1
            yield field[0].strip(), "@b_fields", pieces[number]


def _code(element: etree._Element) -> str:
    """Return a piece of a field as Word shows its code, `{ PAGE }`, whatever its runs."""
    values = _attributes(element)
    marks = {"begin": "{", "end": "}"}
    simple = f"{{{values['instr']}}}" if "instr" in values else ""
    return simple or marks.get(values.get("fldCharType", ""), element.text or "")


class _Places:
    """Knows the paragraph in which an element stands, or the first that it holds."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._known: dict[etree._Element, WordParagraph] | None = None

    def of(self, element: etree._Element) -> WordParagraph | None:
        """Return the paragraph of an element, None for what stands in none."""
        if self._known is None:
            self._known = {each.element: each for each in paragraphs(self._file)}
        for around in (element, *element.iterancestors("{*}p", "{*}tr", "{*}tc")):
            for paragraph in _first(around.iter("{*}p")):
                return self._known.get(paragraph)
        return None


def _first(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield the first element, if there is any."""
    for element in elements:
        yield element
        return
