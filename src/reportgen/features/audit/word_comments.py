"""A Word file with a comment at each finding, to send back to those who wrote it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from reportgen.findings import Finding
from reportgen.findings.codes import Language
from reportgen.findings.renderers import help_text, message, place_text
from reportgen.model.reading import ReadBlock, Reading, ReadTable
from reportgen.project.packages import parts_of, zipped

AUTHOR = "reportgen"
_MARK = "CommentReference"
"""The style that python-docx gives the marks of comments, and does not define."""
_OLD_STYLES = "/stylesWithEffects"
"""Styles for Word 2007 in the file that python-docx begins with; they are not as the others."""


def commented(
    reading: Reading, data: bytes, findings: Iterable[Finding], language: Language
) -> bytes:
    """Return a Word file with `findings` as comments: the file itself, or the text of another.

    `data` are the bytes of the file that was read; what is no .docx is written anew as one.
    """
    document, places = _with_places(reading, data)
    by_line: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_line[finding.span.line].append(finding)
    if by_line:
        _define_mark(document)
    for line, told in by_line.items():
        _comment(document, places.get(line) or _first(document, places), told, language)
    _undated(document)
    output = io.BytesIO()
    document.save(output)
    return zipped(parts_of(output.getvalue()))  # python-docx reads a clock where it zips


def _with_places(reading: Reading, data: bytes) -> tuple[WordDocument, dict[int, Paragraph]]:
    """Return a Word file to write comments into, with its paragraphs by their line."""
    document = _opened(data) if reading.format == "docx" else None
    if document is not None:
        return document, _places(document)
    document = docx.Document()
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith(_OLD_STYLES):
            document.part.drop_rel(name)
    return document, _written(document, reading.blocks)


def _opened(data: bytes) -> WordDocument | None:
    """Return a Word file to write comments into, None for one that python-docx does not take.

    It takes no macros, nothing that was converted, and no file that Word would have to repair.
    """
    try:
        return docx.Document(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - of a damaged file python-docx raises anything
        return None


def _places(document: WordDocument) -> dict[int, Paragraph]:
    """Return the paragraphs of a Word file by their line, those in tables too."""
    paragraphs = document.element.iter(qn("w:p"))
    return {line: Paragraph(element, document) for line, element in enumerate(paragraphs, 1)}


def _first(document: WordDocument, places: Mapping[int, Paragraph]) -> Paragraph:
    """Return the first paragraph, where what is said of the whole file stands."""
    return next(iter(places.values()), None) or document.add_paragraph()


def _written(document: WordDocument, blocks: Sequence[ReadBlock]) -> dict[int, Paragraph]:
    """Write paragraphs and tables into a new document; return the paragraphs by their line."""
    places: dict[int, Paragraph] = {}
    for block in blocks:
        if isinstance(block, ReadTable):
            places.setdefault(block.span.line, _write_table(document, block))
        else:
            places.setdefault(block.span.line, document.add_paragraph(block.text))
    return places


def _write_table(document: WordDocument, block: ReadTable) -> Paragraph:
    table = document.add_table(block.height, block.width, style="Table Grid")
    grid = [row.cells for row in table.rows]
    for cell in block.cells:
        last_row = min(cell.row + cell.rowspan, block.height) - 1
        last_column = min(cell.column + cell.colspan, block.width) - 1
        place = grid[cell.row][cell.column]
        if cell.rowspan > 1 or cell.colspan > 1:
            place = place.merge(grid[last_row][last_column])
        place.text = cell.text
    first: Paragraph = grid[0][0].paragraphs[0]
    return first


def _comment(
    document: WordDocument, paragraph: Paragraph, told: Sequence[Finding], language: Language
) -> None:
    """Add one comment to a paragraph that says all that is told of it."""
    runs = paragraph.runs or [paragraph.add_run("")]
    comment = document.add_comment(runs=(runs[0], runs[-1]), author=AUTHOR, initials="RG")
    for number, finding in enumerate(told):
        place = place_text(finding.span, language)
        text = f"{finding.code} {place} {message(finding, language)}"
        advice = help_text(finding, language)
        target = comment.paragraphs[0] if number == 0 else comment.add_paragraph()
        target.add_run(f"{text}。{advice}" if advice else text)


def _define_mark(document: WordDocument) -> None:
    """Define the style of the marks of comments where the file has none."""
    if not any(style.style_id == _MARK for style in document.styles):
        style = document.styles.add_style("annotation reference", WD_STYLE_TYPE.CHARACTER)
        style.element.styleId = _MARK
        style.font.size = Pt(8)


def _undated(document: WordDocument) -> None:
    """Take the clock out of the comments, so that the same audit gives the same file."""
    for comment in document.comments:
        attributes = comment._comment_elm.attrib  # noqa: SLF001 - it has no door
        if qn("w:date") in attributes:
            del attributes[qn("w:date")]
