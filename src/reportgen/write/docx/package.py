"""The package: properties, comments and relations, zipped so that equal content is equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from lxml import etree

from reportgen.model.document import Document
from reportgen.write.docx.picture import media
from reportgen.write.docx.text import Pen, Style, attribute, escape, run

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CONTENT_TYPES = "[Content_Types].xml"
_COMMENTS = "word/comments.xml"
_RELATIONS = "word/_rels/document.xml.rels"

AUTHOR = "reportgen"


def assemble(members: Mapping[str, bytes], document: Document, pen: Pen) -> bytes:
    """Return the file of `members`, with the properties of `document` and the pen's comments."""
    parts = {name: data for name, data in members.items() if not name.startswith("docProps/")}
    types = {"/docProps/core.xml": f"{_TYPES}-package.core-properties+xml"}
    parts["docProps/core.xml"] = _core(document).encode()
    parts["_rels/.rels"] = _package_relations().encode()
    related: list[tuple[str, str, str]] = []
    if pen.commented:
        types[f"/{_COMMENTS}"] = f"{_TYPES}-officedocument.wordprocessingml.comments+xml"
        parts[_COMMENTS] = _comments(document, pen).encode()
        related.append(("rIdComments", "comments", "comments.xml"))
    for identity, target, picture in media(pen.pictured, pen.drawings):
        types[f"/word/{target}"] = "image/png" if target.endswith("png") else "image/svg+xml"
        parts[f"word/{target}"] = picture
        related.append((identity, "image", target))
    if related:
        parts[_RELATIONS] = _related(parts[_RELATIONS], related)
    parts[_CONTENT_TYPES] = _content_types(parts[_CONTENT_TYPES], types)
    return _zip(parts)


def _zip(parts: Mapping[str, bytes]) -> bytes:
    """Return `parts` zipped: the content types first, as readers expect, the others by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != _CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells the machine
            package.writestr(entry, parts[name])
    return data.getvalue()


def _core(document: Document) -> str:
    """Return the properties of the document; its own date stands where a clock would."""
    moment = f"{escape(document.date)}T00:00:00Z"
    given = document.properties
    keywords = f"<cp:keywords>{escape(given.keywords)}</cp:keywords>" if given.keywords else ""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f"{keywords}<dc:creator>{escape(given.creator)}</dc:creator>"
        f"<dc:language>{escape(document.language)}</dc:language>"
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:subject>{escape(given.subject)}</dc:subject>"
        f"<dc:title>{escape(given.title)}</dc:title></cp:coreProperties>"
    )


def _package_relations() -> str:
    """Return the relations of the package: the main part and the properties.

    The properties of the program are left out: they would tell the tool, and readers need none.
    """
    targets = (
        (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    )
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


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


def _content_types(listed: bytes, types: Mapping[str, str]) -> bytes:
    """Return the content types `listed` with those of our own parts in place of the frame's."""
    root = etree.fromstring(listed)
    for override in list(root):
        if override.get("PartName", "").startswith("/docProps/"):
            root.remove(override)
    for name, kind in sorted(types.items()):
        etree.SubElement(
            root,
            f"{{{_PACKAGE}/content-types}}Override",
            {"PartName": name, "ContentType": kind},
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _comments(document: Document, pen: Pen) -> str:
    """Return the comments: what each figure printed with one is made of."""
    rows = "".join(
        f'<w:comment w:id="{number}" w:author="{AUTHOR}" w:initials="rg"'
        f" w:date={attribute(document.date + 'T00:00:00Z')}>"
        + "".join(pen.paragraph(Style.COMMENT, run(line)) for line in note.splitlines() or ("",))
        + "</w:comment>"
        for number, note in enumerate(pen.commented)
    )
    return f'{_HEAD}<w:comments xmlns:w="{_WORD}">{rows}</w:comments>'
