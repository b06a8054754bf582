"""Word files with what no author of ours would write: parts cut off, added or changed by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx

BROUGHT_ALONG = {"@b_customXml", "@b_thumbnail"}
"""What the template of python-docx carries."""
Made = Callable[[], bytes]
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
RELATION = (
    b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/%s" Target="%s"%s/></Relationships>'
)


def zipped(**members: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return output.getvalue()


def word(body: str = "", *, text: str = "全年支出2851万元。") -> bytes:
    """Return a Word file with some XML at the beginning of its body."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    if text:
        document.add_paragraph(text)
    output = io.BytesIO()
    document.save(output)
    return changed(output.getvalue(), "word/document.xml", b"<w:body>", b"<w:body>" + body.encode())


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a Word file in which a text of a part is another."""
    return rewritten(data, {part: lambda content: content.replace(old, new)})


def rewritten(
    data: bytes, parts: dict[str, Callable[[bytes], bytes]], *, without: str = "", **added: bytes
) -> bytes:
    source, output = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name != without:
                archive.writestr(name, parts[name](content) if name in parts else content)
        for name, content in added.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return output.getvalue()


def cut(part: str) -> Made:
    """Return what makes a Word file of which a part ends halfway."""
    return lambda: rewritten(word(), {part: lambda content: content[: len(content) // 2]})


def without(part: str) -> Made:
    return lambda: rewritten(word(), {}, without=part)


def related(kind: bytes, target: bytes, mode: bytes = b"", **added: bytes) -> Made:
    """Return what makes a Word file with one relation more."""
    relation = RELATION % (kind, target, mode)

    def made() -> bytes:
        part = "word/_rels/document.xml.rels"
        data = changed(word(), part, b"</Relationships>", relation)
        return rewritten(data, {}, **added)

    return made


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{PARAGRAPH.format(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def macros() -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    enabled = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    return changed(word(), "[Content_Types].xml", kind, enabled)
