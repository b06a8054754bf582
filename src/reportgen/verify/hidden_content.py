"""What a public file may not carry beside its text: comments, revisions, scripts, its makers."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING

import pikepdf

from reportgen.verify.opened import OpenedFile, attributes, is_element
from reportgen.verify.pdf_parts import saved_before
from reportgen.verify.pdf_tree import PdfNode

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HIDDEN_PARTS = re.compile(
    r"(?:^|/)(?:comments\w*|people|vbaProject|vbaData)\.\w+$|^customXml/|^docProps/(?:custom|thumbnail)"
)
_REVISIONS = re.compile(
    r"<(?:\w+:)?(ins|del|moveFrom|moveTo|delText|rPrChange|pPrChange|sectPrChange|tblPrChange"
    r"|tcPrChange|trPrChange|numberingChange|cellIns|cellDel|commentRangeStart|commentReference"
    r"|rsids|rsid|docVars|attachedTemplate|vanish(?!\s+\w+:val=[\"'](?:0|false|off)[\"']))(?=[\s/>])"
)
_RSID = re.compile(r"\s(?:\w+:)?(rsid\w*)=")
_MAKERS = re.compile(
    r"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|Template|HyperlinkBase)(?:\s[^>]*)?>([^<]*)<"
)
_ACTIVE_ELEMENTS = frozenset(["script", "template", "iframe", "object"])
_NAMED_MAKERS = frozenset(["author", "generator"])
SEAL = "/Annots /Widget /Sig"
"""What an electronic seal or signature is called where it stands on a page of a PDF."""
_ACTIONS = frozenset(["/JavaScript", "/Launch", "/SubmitForm"])
_SUSPECTS = re.compile(rb"/(?:JavaScript|Launch|SubmitForm|PieceInfo)")
"""What an object that is written holds if it may be one to name."""


def hidden_content(file: OpenedFile, makers: frozenset[str]) -> Iterable[str]:
    """Return, in the words of its format, what a finished file carries and a public one may not.

    `makers` are those who may be named as author.
    """
    if file.data.startswith(b"%PDF"):
        content = _in_pdf(file, makers)
    elif file.data.startswith(b"PK"):
        content = _in_package(file, makers)
    else:
        content = _in_page(file, makers)
    return dict.fromkeys(content)


def _in_package(file: OpenedFile, makers: frozenset[str]) -> Iterator[str]:
    for entry in file.package.infolist():
        if _HIDDEN_PARTS.search(entry.filename):
            yield entry.filename
        if entry.filename.endswith(".xml"):
            yield from _in_part(entry, file.member(entry), makers)


def _in_part(entry: zipfile.ZipInfo, part: OpenedFile, makers: frozenset[str]) -> Iterator[str]:
    name, text = entry.filename, part.data.decode("utf-8", "replace")
    for element in _REVISIONS.findall(text):
        yield f"{name} <{element}>"
    for attribute in _RSID.findall(text):
        yield f"{name} {attribute}"
    if "<!--" in text:
        yield f"{name} <!-- -->"
    if name.startswith("docProps/"):
        yield from _in_properties(name, text, makers)


def _in_properties(name: str, text: str, makers: frozenset[str]) -> Iterator[str]:
    for element, maker in _MAKERS.findall(text):
        if not _is_named(unescape(maker), makers):
            yield f"{name} <{element}>"


def _is_named(maker: str, makers: frozenset[str]) -> bool:
    """Return whether a maker is among those who may be named; blanks count for nothing."""
    return "".join(maker.split()) in {"".join(name.split()) for name in makers}


def _in_page(file: OpenedFile, makers: frozenset[str]) -> Iterator[str]:
    if not file.data.strip():
        return
    for node in file.page.getroottree().iter():
        if is_element(node):
            yield from _in_element(node, makers)
        else:
            yield "<!-- -->"


def _maker(meta: Element) -> Iterator[str]:
    """Yield a statement of who or what made a page."""
    name = meta.get("name", "").lower()
    if name in _NAMED_MAKERS:
        yield f"<meta {name}>"


def _in_element(element: Element, makers: frozenset[str]) -> Iterator[str]:
    if element.tag in _ACTIVE_ELEMENTS:
        yield f"<{element.tag}>"
    if element.tag == "meta" and not _is_named(element.get("content", ""), makers):
        yield from _maker(element)
    for attribute, _ in attributes(element):
        if attribute.startswith(("data-", "on")):
            yield attribute


def _in_pdf(file: OpenedFile, makers: frozenset[str]) -> Iterator[str]:
    yield from _in_state(file, makers)
    for state in saved_before(file):
        yield "%%EOF"
        yield from _in_state(state, makers)


def _in_state(file: OpenedFile, makers: frozenset[str]) -> Iterator[str]:
    pdf = file.pdf.document
    for name in pdf.attachments:
        yield f"/EmbeddedFiles {name}"
    author = str(pdf.docinfo.get("/Author", ""))
    if not _is_named(author, makers | {""}):
        yield "/Info /Author"
    for node, written in file.pdf.objects:
        if _SUSPECTS.search(written):
            yield from _in_object(node)
    for page in pdf.pages:
        yield from _in_page_notes(page)


def _in_page_notes(page: pikepdf.Page) -> Iterator[str]:
    for note in page.get("/Annots", ()):
        kind = note.get("/Subtype")
        if kind == "/Widget" and note.get("/FT") == "/Sig":
            yield SEAL
        elif kind != "/Link":
            yield f"/Annots {kind}"


def _in_object(node: PdfNode) -> Iterator[str]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    action = str(node.get("/S"))
    if action in _ACTIONS:
        yield action
    if "/PieceInfo" in node:
        yield "/PieceInfo"
