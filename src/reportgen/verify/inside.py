"""What a public file may not carry besides what it says: remarks, revisions, ids, its makers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pikepdf
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

_HIDDEN_PARTS = re.compile(
    r"(?:^|/)(?:comments\w*|people|vbaProject|vbaData)\.\w+$|^customXml/|^docProps/(?:custom|thumbnail)"
)
_REVISIONS = re.compile(
    r"<(?:\w+:)?(ins|del|moveFrom|moveTo|delText|rPrChange|pPrChange|sectPrChange|tblPrChange"
    r"|tcPrChange|trPrChange|numberingChange|cellIns|cellDel|commentRangeStart|commentReference"
    r"|rsids|rsid|docVars|attachedTemplate|vanish)(?=[\s/>])"
)
_RSID = re.compile(r"\s(?:\w+:)?(rsid\w*)=")
_MAKERS = re.compile(
    r"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|Template|HyperlinkBase)(?:\s[^>]*)?>([^<]*)<"
)


def inside(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    """Yield, in the words of its format, what a finished file carries and a public one may not.

    `makers` are those who may be named as author.
    """
    kind = "pdf" if data.startswith(b"%PDF") else "docx" if data.startswith(b"PK") else "html"
    yield from dict.fromkeys(_LOOKS[kind](data, makers))


def _word(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if _HIDDEN_PARTS.search(name):
                yield name
            if not name.endswith(".xml"):
                continue
            text = package.read(name).decode("utf-8", "replace")
            yield from (f"{name} <{match[1]}>" for match in _REVISIONS.finditer(text))
            yield from (f"{name} {match[1]}" for match in _RSID.finditer(text))
            if "<!--" in text:
                yield f"{name} <!-- -->"
            if name.startswith("docProps/"):
                for match in _MAKERS.finditer(text):
                    if match[2].strip() not in makers:
                        yield f"{name} <{match[1]}>"


def _page(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    if not data.strip():
        return
    root = document_fromstring(data, HTMLParser(encoding="utf-8", huge_tree=True))
    for node in root.getroottree().iter():
        if isinstance(node, etree._Comment | etree._ProcessingInstruction):  # noqa: SLF001
            yield "<!-- -->"
            continue
        if node.tag in ("script", "template", "iframe", "object"):
            yield f"<{node.tag}>"
        named = (node.get("name") or "").lower() if node.tag == "meta" else ""
        if named in ("author", "generator") and node.get("content", "") not in makers:
            yield f"<meta {named}>"
        yield from (n for n in map(str, node.attrib) if n.startswith(("data-", "on")))


def _pdf(data: bytes, makers: frozenset[str]) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from (f"/EmbeddedFiles {name}" for name in pdf.attachments)
        author = str(pdf.docinfo.get("/Author", ""))
        if author and author not in makers:
            yield "/Info /Author"
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary):
                continue
            if each.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm"):
                yield f"{each['/S']}"
            if "/PieceInfo" in each:
                yield "/PieceInfo"
        for page in pdf.pages:
            for note in page.get("/Annots", ()):
                if note.get("/Subtype") != "/Link":
                    yield f"/Annots {note.get('/Subtype')}"


_LOOKS: Mapping[str, Callable[[bytes, frozenset[str]], Iterator[str]]] = {
    "docx": _word,
    "html": _page,
    "pdf": _pdf,
}
