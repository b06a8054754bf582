"""The package: properties, comments and relations, zipped so that equal content is equal bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Any

from docx.opc.spec import default_content_types
from lxml import etree

from reportgen.model.document import Document
from reportgen.project.packages import CONTENT_TYPES, zipped
from reportgen.write.docx.frame import MAIN, Frame
from reportgen.write.docx.picture import media
from reportgen.write.docx.text import DocxBuilder, Style, attribute, escape, run

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats"
_PROPERTIES = "docProps/"
_CORE = "docProps/core.xml"
_NO_RELATIONS = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"/>'.encode()
_KEPT = frozenset(
    "styles settings fontTable font theme numbering footnotes endnotes header footer"
    " image hyperlink".split()
)
"""Kinds of relations by which a part of a frame comes into a file: pages and their looks, nothing
that Word keeps beside them for itself."""
_TRACES = (b"rsid", b"docVars", b"docId", b"printerSettings", b"dataBinding")
"""What tells of the sessions in which a file was edited, and of the machine."""
_NOTED = [f"{{*}}{name}" for name in "rsids rsid docVars docId printerSettings dataBinding".split()]
_SESSIONS = [
    f"{{{_WORD}}}rsid{name}" for name in ("R", "RDefault", "RPr", "P", "Sect", "Tr", "Del")
]
_REFERRED = frozenset(["header", "footer", "image", "hyperlink", "font"])
"""Kinds of relations that hold only where something refers to them by their id."""
_DRAWING = re.compile(rb'(<\w+:docPr\b[^>]*?\sid=")(\d+)')

_PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}

AUTHOR = "reportgen"


def assemble(frame: Frame, main: str, document: Document, builder: DocxBuilder) -> bytes:
    """Return the file of `frame` around its filled part `main`.

    It gets the properties of `document`, and the comments and pictures of `builder`.
    """
    parts = {**frame.parts, MAIN: main.encode()}
    parts |= dict(_settings(frame))
    pictures = tuple(media(builder.media))
    paragraphs: list[list[str]] = []
    for note in builder.comments:
        lines = note.splitlines() or [""]
        paragraphs.append([builder.paragraph(Style.COMMENT, run(line)) for line in lines])
    return packed(parts, frame.types, document, comments=paragraphs, pictures=pictures)


def packed(
    parts: Mapping[str, bytes],
    types: Mapping[str, str],
    document: Document,
    *,
    main: str = MAIN,
    comments: Sequence[Sequence[str]] = (),
    pictures: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """Return the file of those `parts` that its `main` part needs, with what is added to them.

    Each of the `comments` is given by its paragraphs, each of the `pictures` by the id of its
    relation, its place beside the main part and its bytes. `types` are the content types of parts.
    """
    folder = dirname(main)
    used = _numbered_drawings(_used_parts(parts, main), main)
    used[_CORE] = _core(document).encode()
    used["_rels/.rels"] = _package_relations(main).encode()
    added = {_CORE: f"{_TYPES}-package.core-properties+xml"}
    related: list[tuple[str, str, str]] = []
    if comments:
        name = f"{folder}/comments.xml"
        added[name] = f"{_TYPES}-officedocument.wordprocessingml.comments+xml"
        used[name] = _comments(document, comments).encode()
        related.append(("rIdComments", "comments", "comments.xml"))
    for identity, target, picture in pictures:
        added[f"{folder}/{target}"] = _PICTURES[PurePosixPath(target).suffix]
        used[f"{folder}/{target}"] = picture
        related.append((identity, "image", target))
    if related:
        relations = _relations_of(main)
        used[relations] = _related(used.get(relations, _NO_RELATIONS), related)
    kept = {name: kind for name, kind in types.items() if name in used and name not in added}
    used[CONTENT_TYPES] = _content_types(kept, added)
    return zipped(used)


_NO_LINE_BEGINS = (
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"  # noqa: RUF001
    "元万亿千百个家项件户人名次台吨米亩点年月日分条公里平方顷块位种支场份套辆处号余"
)
"""What begins no line: the marks of Word's own rules (kinsoku), and units with their prefixes.

So a figure keeps its unit, and no character is put between them that one would copy. There is
room for 100 ([MS-DOC] 2.7.13, cchFollowingPunct): units of the reports come first. LibreOffice
does not read the rule from a file; it has one of its own (options, Asian layout).
"""
_NO_LINE_ENDS = "$([{£¥·‘“〈《「『【〔〕〖〝﹙﹛﹝＄（．［｛￡￥"  # noqa: RUF001
_BEFORE_LINE_ENDS = frozenset(
    "writeProtection view zoom removePersonalInformation removeDateAndTime"
    " doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText"
    " printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts"
    " saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader"
    " bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors"
    " activeWritingStyle proofState formsDesign attachedTemplate linkStyles"
    " stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView"
    " trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride"
    " styleLockTheme styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit"
    " hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle"
    " defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting"
    " bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing"
    " displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery"
    " doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin"
    " doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne"
    " strictFirstAndLastChars".split()
)
"""The settings that stand before the rules of line ends (ISO/IEC 29500-1, A.1, CT_Settings)."""


def _settings(frame: Frame) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of the settings of a frame, with rules of line ends."""
    for name, kind in frame.types.items():
        if kind.endswith(".settings+xml") and name in frame.parts:
            yield name, _with_line_ends(frame.parts[name])


def _with_line_ends(settings: bytes) -> bytes:
    """Return the settings of a frame with rules by which no line ends between figure and unit.

    A frame that has rules of its own keeps them.
    """
    root = etree.fromstring(settings)
    if root.find(f"{{{_WORD}}}noLineBreaksBefore") is not None:
        return settings
    at = sum(1 for setting in root if etree.QName(setting).localname in _BEFORE_LINE_ENDS)
    for name, characters in (("Before", _NO_LINE_BEGINS), ("After", _NO_LINE_ENDS)):
        rule = etree.Element(f"{{{_WORD}}}noLineBreaks{name}")
        rule.set(f"{{{_WORD}}}lang", "zh-CN")
        rule.set(f"{{{_WORD}}}val", characters)
        root.insert(at, rule)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relations_of(name: str) -> str:
    return str(PurePosixPath(name).parent / "_rels" / f"{PurePosixPath(name).name}.rels")


def _used_parts(parts: Mapping[str, bytes], main: str) -> dict[str, bytes]:
    """Return the main part and those that it needs, by the relations that anything refers to.

    So a frame's footers for landscape pages stand in no file that has none.
    """
    used: dict[str, bytes] = {}
    pending = [main]
    while pending:
        name = pending.pop()
        if name in used or name not in parts or name.startswith(_PROPERTIES):
            continue
        used[name] = _without_traces(parts[name]) if name.endswith(".xml") else parts[name]
        relations = _relations_of(name)
        if relations in parts:
            root = etree.fromstring(parts[relations])
            pending += _targets(root, name, parts[name])
            if len(root):
                used[relations] = etree.tostring(
                    root, xml_declaration=True, encoding="UTF-8", standalone=True
                )
    return used


def _targets(relations: etree._Element, name: str, part: bytes) -> Iterator[str]:
    """Take out the `relations` that the `part` named does not use; yield what the others lead to.

    Styles, settings and the like are used by being there (ISO/IEC 29500-1, 8.2).
    """
    for relation in list(relations):
        kind = relation.get("Type", "").rpartition("/")[2]
        used = kind not in _REFERRED or _refers(part, relation.get("Id", "").encode())
        external = relation.get("TargetMode") == "External"
        if kind not in _KEPT or not used or (external and kind != "hyperlink"):
            relations.remove(relation)
        elif not external:
            yield normpath(join("/", dirname(name), relation.get("Target", ""))).lstrip("/")


def _refers(part: bytes, identity: bytes) -> bool:
    """Return whether an attribute in `part` is the id of a relation."""
    return b'"%b"' % identity in part or b"'%b'" % identity in part


def _without_traces(part: bytes) -> bytes:
    """Return a part of a frame without what Word notes in it about its editing."""
    if not any(map(part.__contains__, _TRACES)):
        return part
    root = etree.fromstring(part)
    etree.strip_elements(root, *_NOTED, with_tail=False)
    etree.strip_attributes(root, *_SESSIONS)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _numbered_drawings(parts: Mapping[str, bytes], main: str) -> dict[str, bytes]:
    """Return `parts` with each drawing's id its own in the file; those of the main part stay."""
    taken: set[int] = set()

    def numbered(drawing: re.Match[bytes]) -> bytes:
        number = int(drawing[2])
        if number in taken:
            number = max(taken) + 1
        taken.add(number)
        return drawing[1] + str(number).encode()

    changed = dict(parts)
    for name in (main, *sorted(parts.keys() - {main})):
        if _has_drawings(name, parts[name]):
            changed[name] = _DRAWING.sub(numbered, parts[name])
    return changed


def _has_drawings(name: str, part: bytes) -> bool:
    """Return whether a part may show drawings; to number them in one that shows none takes long."""
    return name.endswith(".xml") and b":docPr" in part


def _core(document: Document) -> str:
    """Return the properties of the document; its own date stands where a clock would."""
    moment = f"{escape(document.date)}T00:00:00Z"
    properties = document.properties
    keywords = ""
    if properties.keywords:
        keywords = f"<cp:keywords>{escape(properties.keywords)}</cp:keywords>"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f"{keywords}<dc:creator>{escape(properties.creator)}</dc:creator>"
        f"<dc:language>{escape(document.language)}</dc:language>"
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:subject>{escape(properties.subject)}</dc:subject>"
        f"<dc:title>{escape(properties.title)}</dc:title></cp:coreProperties>"
    )


def _package_relations(main: str) -> str:
    """Return the relations of the package: the main part and the properties.

    The properties of the program are left out: they would tell the tool, and readers need none.
    """
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="{main}"/>'
        '<Relationship Id="rId2"'
        f' Type="{_PACKAGE}/relationships/metadata/core-properties" Target="{_CORE}"/>'
        "</Relationships>"
    )


def _related(relations: bytes, more: Iterable[tuple[str, str, str]]) -> bytes:
    """Return the `relations` of the main part with `more`: an id, a kind and a target each."""
    root = etree.fromstring(relations)
    for identity, kind, target in more:
        etree.SubElement(
            root,
            f"{{{_PACKAGE}/relationships}}Relationship",
            {"Id": identity, "Type": f"{_OFFICE}/relationships/{kind}", "Target": target},
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _content_types(of_frame: Mapping[str, str], added: Mapping[str, str]) -> bytes:
    """Return the list of content types: by suffix where it tells the type, else by part.

    Of the frame's own parts the properties are not listed: they are replaced.
    """
    by_suffix = {"rels": f"{_TYPES}-package.relationships+xml", "xml": "application/xml"}
    by_part: dict[str, str] = {}
    for name, kind in of_frame.items():
        suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
        if (suffix, kind) in default_content_types:
            by_suffix[suffix] = kind
        elif not name.startswith(_PROPERTIES):
            by_part[name] = kind
    namespace = f"{_PACKAGE}/content-types"
    default: Any = {None: namespace}  # the stubs of lxml know named prefixes only
    root = etree.Element(f"{{{namespace}}}Types", nsmap=default)
    for suffix, kind in sorted(by_suffix.items()):
        attributes = {"Extension": suffix, "ContentType": kind}
        etree.SubElement(root, f"{{{namespace}}}Default", attributes)
    for name, kind in (*sorted(by_part.items()), *sorted(added.items())):
        attributes = {"PartName": f"/{name}", "ContentType": kind}
        etree.SubElement(root, f"{{{namespace}}}Override", attributes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _comments(document: Document, comments: Iterable[Iterable[str]]) -> str:
    """Return the comments: what each figure printed with one is made of, in paragraphs."""
    date = attribute(f"{document.date}T00:00:00Z")
    written: list[str] = []
    for number, paragraphs in enumerate(comments):
        written.append(
            f'<w:comment w:id="{number}" w:author="{AUTHOR}" w:initials="rg" w:date={date}>'
            f"{''.join(paragraphs)}</w:comment>"
        )
    return f'{_HEAD}<w:comments xmlns:w="{_WORD}">{"".join(written)}</w:comments>'
