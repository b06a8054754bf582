"""What a document of others carries beside its text: who made it, traces of editing, what runs.

A Word file is asked what `wordfile.carried` finds in forms, too. Programs that made a PDF are told
by no name: they say nothing of a person.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from reportgen.model.reading import FileProperty
from reportgen.model.source import SourceSpan
from reportgen.wordfile.carried import Carried, carried, left_out
from reportgen.wordfile.package import WordFile

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

_KEPT = frozenset(["customXml", "custom-properties", "people", "thumbnail"])
"""What Word keeps beside the pages that may say more than these."""
_MAKERS = frozenset(["creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase"])
_REMARKS = frozenset(["description", "keywords", "category"])
_PATH = re.compile(r"[\\/]")
_LOADING = re.compile(r"\b(?:INCLUDE\w*|LINK|DDE\w*|DATABASE|IMPORT|ASK|FILLIN|MACROBUTTON)\b")
"""Fields that load or run something, or ask for it; dates and names of the file are read."""
_SHOWN = 40
_UNTOLD = frozenset(["@b_charts", "@b_unreadable"])
_PICTURE = re.compile(r"word/media/[^/]+\.(?:jpe?g|png|tiff?|webp)", re.IGNORECASE)
_EXIF: Mapping[int, str] = {
    0x8825: "@x_place",
    0x013B: "@x_artist",
    0xA430: "@x_artist",
    0x0110: "@x_camera",
    0xA431: "@x_camera",
    0x9003: "@x_time",
}
"""Tags of pictures that tell where, when, by whom and with what they were taken (Exif 2.32)."""
_EXIF_BLOCK = 0x8769
_MOST_PICTURES = 200
_PDF_MAKERS: Mapping[str, str] = {
    "Author": "@b_creator",
    "Company": "@b_Company",
    "Manager": "@b_Manager",
    "Keywords": "@b_keywords",
    "Comments": "@b_description",
}
_MARKS = "Text FreeText Highlight Underline StrikeOut Squiggly Stamp Ink"
_ANNOTATIONS: Mapping[str, str] = {
    **dict.fromkeys(_MARKS.split(), "@b_comments"),
    "FileAttachment": "@p_attachment",
    "Widget": "@p_field",
    "Movie": "@b_objects",
    "RichMedia": "@b_objects",
    "3D": "@b_objects",
    "Sound": "@b_objects",
}
"""What annotations of a page are (ISO 32000-1, 12.5.6)."""
_NAMED: Mapping[str, str] = {"EmbeddedFiles": "@p_attachment", "JavaScript": "@p_script"}
_RUNNING = frozenset(["JavaScript", "Launch", "SubmitForm", "ImportData"])
"""Actions of a PDF that run or send something (ISO 32000-1, 12.6.4)."""


def word_properties(name: str, file: WordFile) -> Iterator[FileProperty]:
    """Yield what a Word file carries beside its text."""
    whole = SourceSpan(name, 0, 0)
    for kept in left_out(file):
        kind, _, text = kept.partition(" ")
        if _is_told(kind, text):
            yield FileProperty(f"@b_{kind}", text, whole)
    for each in filter(_is_carried, carried(file)):
        yield _carried_property(each, whole)
    yield from _pictures(file, whole)


def _carried_property(each: Carried, whole: SourceSpan) -> FileProperty:
    """Return what a file carries as a property, at its paragraph where it has one."""
    paragraph = each.paragraph
    if paragraph is None:
        return FileProperty(each.kind, each.what, whole)
    text = paragraph.text[:_SHOWN] if each.what[0] == "<" else each.what
    return FileProperty(
        each.kind, text, SourceSpan(whole.path, paragraph.line, place=paragraph.place)
    )


def _pictures(file: WordFile, whole: SourceSpan) -> Iterator[FileProperty]:
    """Yield what the pictures of a Word file say of how they were taken."""
    for part in islice(filter(_PICTURE.fullmatch, file.members), _MOST_PICTURES):
        for kind, text in picture_properties(file.members[part]):
            yield FileProperty(kind, f"{part.rpartition('/')[2]} {text}".strip(), whole)


def _is_carried(each: Carried) -> bool:
    """Return whether a part of a Word file is more than its pages: no list of its own parts."""
    if each.kind == "@b_fields":
        return _LOADING.search(each.what) is not None
    is_list = each.kind == "@b_comments" and each.paragraph is None
    return each.kind not in _UNTOLD and not is_list


def _is_told(kind: str, text: str) -> bool:
    """Return whether what Word keeps says something of people, machines or older texts."""
    if kind == "Template":
        return _PATH.search(text) is not None
    return kind in _KEPT or kind in _MAKERS or kind in _REMARKS


def picture_properties(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what a picture says of where, when and with what it was taken: a kind, and a text."""
    from PIL import Image  # noqa: PLC0415 - slow to load

    try:
        with Image.open(io.BytesIO(data)) as picture:
            exif = picture.getexif()
            tags = {**exif, **exif.get_ifd(_EXIF_BLOCK)}
    except Exception:  # noqa: BLE001 - of a damaged picture Pillow raises anything
        return
    for tag, kind in _EXIF.items():
        if tag in tags:
            yield kind, str(tags[tag])[:40] if kind != "@x_place" else ""


def pdf_properties(name: str, pdf: PDF) -> Iterator[FileProperty]:
    """Yield what a PDF carries beside its text: who made it, attachments, scripts, form fields."""
    whole = SourceSpan(name, 0, 0)
    for kind, text in _pdf_makers(pdf):
        yield FileProperty(kind, text, whole)
    catalog: Any = pdf.doc.catalog
    names = _resolved(catalog.get("Names"))
    for key, kind in _NAMED.items():
        if key in names:
            yield FileProperty(kind, "", whole)
    yield from _script(catalog.get("OpenAction"), whole)


def _pdf_makers(pdf: PDF) -> Iterator[tuple[str, str]]:
    """Yield by kind who or what made a PDF, as it says itself."""
    for key, kind in _PDF_MAKERS.items():
        text = str(pdf.metadata.get(key) or "").strip()
        if text:
            yield kind, text


def _script(action: object, span: SourceSpan) -> Iterator[FileProperty]:
    """Yield an action of a PDF that runs something."""
    kind = _name(_resolved(action).get("S"))
    if kind in _RUNNING:
        yield FileProperty("@p_script", kind, span)


def page_properties(annotations: list[dict[str, Any]], span: SourceSpan) -> Iterator[FileProperty]:
    """Yield what the annotations of a page of a PDF are: comments, attachments, form fields."""
    for annotation in annotations:
        data = annotation.get("data") or {}
        subtype = _name(data.get("Subtype"))
        if subtype in _ANNOTATIONS:
            text = annotation.get("contents") or annotation.get("title") or ""
            yield FileProperty(_ANNOTATIONS[subtype], str(text), span)
        yield from _script(data.get("A"), span)


def _resolved(value: object) -> dict[str, Any]:
    """Return a dictionary of a PDF, an empty one for anything else."""
    from pdfminer.pdftypes import resolve1  # noqa: PLC0415 - an extra

    found = resolve1(value)
    return found if isinstance(found, dict) else {}


def _name(value: object) -> str:
    """Return the text of a name of a PDF, "" for anything else."""
    name = getattr(value, "name", "")
    return name if isinstance(name, str) else ""
