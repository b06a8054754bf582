"""Word files as programs write them, put together from their XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800"'
    ' w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
)


def paragraph(*runs: str) -> str:
    """Return a paragraph whose text is cut into `runs`, with spelling marks between them."""
    parts = (f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in runs)
    return "<w:p>" + '<w:proofErr w:type="spellStart"/>'.join(parts) + "</w:p>"


def cell(*content: str, properties: str = "") -> str:
    """Return a cell of paragraphs; what is no markup becomes one."""
    parts = (each if each.startswith("<") else paragraph(each) for each in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(parts)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """Return a row; texts become cells."""
    parts = (each if each.startswith("<w:tc>") else cell(each) for each in cells)
    return f"<w:tr>{properties}{''.join(parts)}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = (2000, 2000, 2000)) -> str:
    """Return a table."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def text_box(content: str, *, fallback: bool = True) -> str:
    """Return a paragraph that holds a text box, and what older programs read of it."""
    box = f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
    old = f"<v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox>"
    old = f"<mc:Fallback><w:pict>{old}</w:pict></mc:Fallback>" if fallback else ""
    choice = f'<mc:Choice Requires="wps">{box}</mc:Choice>'
    return f"<w:p><w:r><mc:AlternateContent>{choice}{old}</mc:AlternateContent></w:r></w:p>"


def word_file(
    body: str,
    parts: Mapping[str, str] | None = None,
    *,
    section: str = SECTION,
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a Word file of that body; `parts` are contents by kind: header, footer, footnotes.

    Further `members` are put beside them as they are.
    """
    kinds = dict(parts or {})
    types = [
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}.document.main+xml"/>'
    ]
    relations: list[str] = []
    files: dict[str, bytes] = {}
    references = ""
    for kind, content in kinds.items():
        root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
        files[f"word/{kind}.xml"] = f"{HEAD}<w:{root} {NAMESPACES}>{content}</w:{root}>".encode()
        types.append(
            f'<Override PartName="/word/{kind}.xml" ContentType="{_WORD_TYPE}.{kind}+xml"/>'
        )
        relations.append(f'<Relationship Id="rId{kind}" Type="{R}/{kind}" Target="{kind}.xml"/>')
        if kind in {"header", "footer"}:
            references += f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>'
    section = section.replace("<w:sectPr>", f"<w:sectPr>{references}")
    main = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>"
    files["word/document.xml"] = main.encode()
    files["word/_rels/document.xml.rels"] = part_relations(*relations)
    files["_rels/.rels"] = part_relations(
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    )
    files["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f"{''.join(types)}</Types>"
    ).encode()
    files.update(members or {})
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content_bytes in files.items():
            package.writestr(name, content_bytes)
    return data.getvalue()


def part_relations(*relations: str) -> bytes:
    root = f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(relations)}</Relationships>'
    return f"{HEAD}{root}".encode()


def main_part(data: bytes) -> str:
    """Return the XML of the body of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()
