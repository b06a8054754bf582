"""Cuts a part of a Word form at its tags: what stands between them stays byte for byte.

A tag may be spread over any number of runs. `{%tr … %}` takes the place of its row, `{%tc … %}` of
its cell, `{%p … %}` of its paragraph; any other tag that of its characters. `{% vm %}` and
`{% hm %}` merge a cell with its copies in a loop, `{% colspan n %}` and `{% cellbg colour %}` set
its width and its colour, as in docxtpl.

What a Word file brings along that no report may publish is cut out too: deleted text, remarks,
hidden text, sessions of editing, permissions, bindings to data, embedded objects; what was inserted
stays as if nobody had tracked it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from lxml import etree

from reportgen.model.frozen import frozen
from reportgen.wordfile.paragraphs import WordParagraph, source_range
from reportgen.wordfile.part import WordPart, declaration
from reportgen.wordfile.tables import local

_TAG = re.compile(
    r"\{(?P<sign>[{%#])(?P<inside>(?:\"[^\"]*\"|'[^']*'|“[^“”]*”|[^\"'])*?)(?:\}\}|%\}|#\})",
    re.DOTALL,
)
_LITERAL = re.compile(r"(?<=\{)_(?=[{%])|(?<=[}%])_(?=\})")
"""What docxtpl takes out of `{_{` and `%_}`: so braces are written that are no tag."""
_SCOPE = re.compile(r"(tr|tc|p|r)\s+")
_TYPED = str.maketrans("“”‘’\u00a0\n\t", "\"\"''   ")
"""Word makes quotation marks of typed ones, and people break lines: docxtpl reads them so too."""
_OF_CELL = re.compile(r"(vm|hm|colspan|cellbg)\b\s*(.*)$", re.DOTALL)
_BEHIND_SPAN = frozenset(
    "hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark".split()
)
_BEHIND_MERGE = _BEHIND_SPAN - {"hMerge", "vMerge"}
_BEHIND_SHADE = _BEHIND_MERGE - {"tcBorders", "shd"}
"""What stands behind a property of a cell (ISO/IEC 29500-1, 17.4.70, an ordered sequence)."""


class FormStatement(NamedTuple):
    """A tag as Jinja reads it, with the paragraph and the character it stands at, from 0."""

    text: str
    paragraph: WordParagraph
    start: int


Segment = str | FormStatement
"""XML as it stands, or a tag."""


class _Edit(NamedTuple):
    """A range of a source and what takes its place."""

    start: int
    end: int
    segments: tuple[Segment, ...] = ()


@frozen
class _FormTag:
    """A tag in a paragraph: from which character to which, its sign, its scope, the rest of it.

    `joins` says whether it joins its paragraph to the one before, and to the one behind.
    """

    start: int
    end: int
    sign: str
    scope: str
    inside: str
    joins: tuple[bool, bool]


def cut(part: WordPart, paragraphs: Iterable[WordParagraph]) -> list[Segment]:
    """Return a part cut at the tags in its `paragraphs`, without what no report may publish."""
    edits: list[_Edit] = [_Edit(each.start, each.end) for each in cuts(part)]
    for paragraph in paragraphs:
        edits.extend(_edits_in(paragraph))
    return list(filter(None, _edited(part.source, sorted(edits, key=_order))))


def _edits_in(paragraph: WordParagraph) -> Iterator[_Edit]:
    """Yield the changes that the tags of a paragraph ask for, and its braces that are none."""
    for tag in _tags(paragraph.text):
        yield from _edits(paragraph, tag)
    for brace in _LITERAL.finditer(paragraph.text):
        yield from _in_place(paragraph, brace.start(), brace.end(), ())


def _edited(source: str, edits: Iterable[_Edit]) -> Iterator[Segment]:
    """Yield what is left of a source, and what takes the place of the rest.

    What a cut holds goes with it; tags of one row or paragraph take its place together.
    """
    at = 0
    last = _Edit(-1, -1)
    for edit in edits:
        together = last.segments and edit[:2] == last[:2]
        if edit.start >= at or together:
            yield source[at : edit.start]
            yield from edit.segments
            at, last = edit.end, edit
    yield source[at:]


def _order(edit: _Edit) -> tuple[int, bool, int]:
    """Return how edits are sorted: what is put before a range comes before what replaces it."""
    return edit.start, edit.end > edit.start, -edit.end


def _tags(text: str) -> Iterator[_FormTag]:
    for match in _TAG.finditer(text):
        scope = _SCOPE.match(match["inside"])
        inside = match["inside"][scope.end() :] if scope else match["inside"]
        typed = inside.translate(_TYPED).strip(" -")
        sign, letters = match["sign"], scope[1] if scope else ""
        joins = (inside.startswith("-"), inside.endswith("-"))
        yield _FormTag(match.start(), match.end(), sign, letters, typed, joins)


def _edits(paragraph: WordParagraph, tag: _FormTag) -> Iterator[_Edit]:
    """Yield the changes of the source that a tag asks for."""
    of_cell = _OF_CELL.match(tag.inside) if tag.sign == "%" else None
    cell = _around(paragraph.element, "tc")
    if of_cell and cell is not None:
        yield from _in_place(paragraph, tag.start, tag.end, ())
        yield from _CELLS[of_cell[1]](paragraph, cell, of_cell[2], tag.start)
        return
    statement = () if tag.sign == "#" else (_statement(paragraph, tag),)
    holder = _around(paragraph.element, tag.scope) if tag.scope in {"tr", "tc", "p"} else None
    if holder is None:
        yield from _joins(paragraph, tag)
        yield from _in_place(paragraph, tag.start, tag.end, statement)
    else:
        span = paragraph.part.span(holder)
        yield _Edit(span.start, span.end, statement)


def _statement(paragraph: WordParagraph, tag: _FormTag) -> FormStatement:
    close = {"{": "}}", "%": "%}"}[tag.sign]
    return FormStatement(f"{{{tag.sign} {tag.inside} {close}", paragraph, tag.start)


def _around(element: etree._Element, name: str) -> etree._Element | None:
    """Return the element of that name that `element` is or stands in."""
    for each in chain([element], element.iterancestors()):
        if local(each) == name:
            return each
    return None


def _in_place(
    paragraph: WordParagraph, start: int, end: int, segments: tuple[Segment, ...]
) -> Iterator[_Edit]:
    """Yield the cuts of characters of a paragraph; `segments` take the place of the first."""
    for piece in paragraph.pieces:
        first = max(start - piece.start, 0)
        last = min(end - piece.start, len(piece.text))
        if first < last:
            low, high = source_range(paragraph.part, piece, first, last)
            yield _Edit(low, high, segments)
            segments = ()


def _joins(paragraph: WordParagraph, tag: _FormTag) -> Iterator[_Edit]:
    """Yield the cuts between paragraphs that a tag joins: `{%-` to the one before, `-%}` behind."""
    edges = list(_in_place(paragraph, tag.start, tag.end, ()))
    before, after = _text_beside(paragraph, tag)
    if tag.joins[0] and before is not None:
        yield _Edit(paragraph.part.span(before).content_end, edges[0].start)
    if tag.joins[1] and after is not None:
        yield _Edit(edges[-1].end, paragraph.part.span(after).content)


def _text_beside(
    paragraph: WordParagraph, tag: _FormTag
) -> tuple[etree._Element | None, etree._Element | None]:
    """Return the last text of the paragraph before, and the first of that behind.

    None where something else of this paragraph, or no paragraph, lies between.
    """
    last = first = None
    before, behind = paragraph.element.getprevious(), paragraph.element.getnext()
    if not paragraph.text[: tag.start] and before is not None and local(before) == "p":
        last = next(iter([*before.iter(f"{paragraph.part.namespace}t")][-1:]), None)
    if not paragraph.text[tag.end :] and behind is not None and local(behind) == "p":
        first = next(behind.iter(f"{paragraph.part.namespace}t"), None)
    return last, first


# Statements about a cell


def _merged_down(
    paragraph: WordParagraph, cell: etree._Element, _inside: str, start: int
) -> Iterator[_Edit]:
    """Yield what merges the copies of a cell in a loop: the first keeps its content."""
    part = paragraph.part
    first = FormStatement("{% if loop.first %}", paragraph, start)
    other = FormStatement("{% else %}", paragraph, start)
    end = FormStatement("{% endif %}", paragraph, start)
    restart, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    yield from _with_property(
        part, cell, "vMerge", _BEHIND_MERGE, (first, restart, other, goes_on, end)
    )
    content = _content_start(part, cell)
    last = part.span(cell).content_end
    yield _Edit(content, content, (first,))
    yield _Edit(last, last, (other, "<w:p/>", end))


def _merged_across(
    paragraph: WordParagraph, cell: etree._Element, _inside: str, start: int
) -> Iterator[_Edit]:
    """Yield what makes one cell of the copies of a cell in a loop, as wide as all of them."""
    part = paragraph.part
    own = cell.find("{*}tcPr/{*}gridSpan")
    columns = "1" if own is None else next(iter(own.attrib.values()), "1")
    count = FormStatement("{{ loop.length }}", paragraph, start)
    span: tuple[Segment, ...] = ('<w:gridSpan w:val="', count, f'*{columns}"/>')
    yield from _with_property(part, cell, "gridSpan", _BEHIND_SPAN, span)
    outer = part.span(cell)
    yield _Edit(outer.start, outer.start, (FormStatement("{% if loop.first %}", paragraph, start),))
    yield _Edit(outer.end, outer.end, (FormStatement("{% endif %}", paragraph, start),))


def _widened(
    paragraph: WordParagraph, cell: etree._Element, inside: str, start: int
) -> Iterator[_Edit]:
    value = FormStatement(f"{{{{ {inside} }}}}", paragraph, start)
    span: tuple[Segment, ...] = ('<w:gridSpan w:val="', value, '*1"/>')
    yield from _with_property(paragraph.part, cell, "gridSpan", _BEHIND_SPAN, span)


def _coloured(
    paragraph: WordParagraph, cell: etree._Element, inside: str, start: int
) -> Iterator[_Edit]:
    value = FormStatement(f"{{{{ {inside} }}}}", paragraph, start)
    shade: tuple[Segment, ...] = ('<w:shd w:val="clear" w:color="auto" w:fill="', value, '"/>')
    yield from _with_property(paragraph.part, cell, "shd", _BEHIND_SHADE, shade)


_CELLS = {"vm": _merged_down, "hm": _merged_across, "colspan": _widened, "cellbg": _coloured}


def _with_property(
    part: WordPart,
    cell: etree._Element,
    name: str,
    behind: frozenset[str],
    segments: tuple[Segment, ...],
) -> Iterator[_Edit]:
    """Yield what gives a cell a property in the place of the one it has, before those `behind`."""
    properties = cell.find("{*}tcPr")
    if properties is None:
        at = part.span(cell).content
        yield _Edit(at, at, ("<w:tcPr>", *segments, "</w:tcPr>"))
        return
    span = part.span(properties)
    if span.content == span.end:  # <w:tcPr/>
        yield _Edit(span.start, span.end, ("<w:tcPr>", *segments, "</w:tcPr>"))
        return
    at = span.content_end
    for child in reversed(properties):
        if local(child) == name:
            own = part.span(child)
            yield _Edit(own.start, own.end)
        if local(child) in behind:
            at = part.span(child).start
    yield _Edit(at, at, segments)


def _content_start(part: WordPart, cell: etree._Element) -> int:
    """Return where the content of a cell begins behind its properties."""
    properties = cell.find("{*}tcPr")
    return part.span(cell).content if properties is None else part.span(properties).end


# What no report may publish

_CUT = frozenset(
    (
        "del moveFrom delText cellIns cellDel cellMerge numberingChange rPrChange pPrChange"
        " sectPrChange tblPrChange tblPrExChange tblGridChange trPrChange tcPrChange"
        " moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd"
        " customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd"
        " customXmlMoveFromRangeStart customXmlMoveFromRangeEnd"
        " customXmlMoveToRangeStart customXmlMoveToRangeEnd"
        " commentRangeStart commentRangeEnd commentReference annotationRef"
        " vanish specVanish webHidden permStart permEnd dataBinding showingPlcHdr"
        " smartTagPr customXmlPr object control altChunk subDoc docVars docId rsids rsid mailMerge"
        " attachedTemplate saveThroughXslt attachedSchema embedRegular embedBold embedItalic"
        " embedBoldItalic"
    ).split()
)
"""Elements that are cut with all that they hold."""
_UNWRAPPED = frozenset(["ins", "moveTo", "smartTag", "customXml"])
"""Elements that are cut without what they hold."""
_TRACES = re.compile(r"\s(?:\w+:rsid\w*|r:link|r:href|o:href|o:gfxdata)=(?:\"[^\"]*\"|'[^']*')")
"""Attributes that tell of sessions of editing, lead to a picture outside of the file, or hold a
shape once more, packed, with what it said before."""
_IN_TAGS = re.compile(r"<[\w:]+\s[^<>]*(?:rsid|r:link|:href|o:gfxdata)[^<>]*>")
_REMARK = re.compile(r"<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)
_OFF = frozenset(["0", "false", "off"])


class Cut(NamedTuple):
    """A range of a source that is left out."""

    start: int
    end: int


def cuts(part: WordPart) -> list[Cut]:
    """Return what is left out of a part, in the order it stands; a cut may hold others."""
    found = [*_traces(part.source), *_elements(part)]
    return sorted(found, key=lambda each: (each.start, -each.end))


def cleaned(part: WordPart) -> str:
    """Return the source of a part without what no report may publish."""
    kept: list[str] = []
    at = 0
    for cut in cuts(part):
        if cut.start >= at:
            kept.append(part.source[at : cut.start])
        at = max(at, cut.end)
    return "".join((*kept, part.source[at:]))


def _traces(source: str) -> Iterator[Cut]:
    for tag in _IN_TAGS.finditer(source):
        for trace in _TRACES.finditer(source, tag.start(), tag.end()):
            yield Cut(trace.start(), trace.end())
    for remark in _REMARK.finditer(source, len(declaration(source))):
        yield Cut(remark.start(), remark.end())


def _elements(part: WordPart) -> Iterator[Cut]:
    for element in part.root.iter(etree.Element):
        name = local(element)
        span = part.span(element)
        if name in _CUT or _is_hidden(element, name):
            yield Cut(span.start, span.end)
        elif name in _UNWRAPPED:
            yield Cut(span.start, span.content)
            yield Cut(span.content_end, span.end)


def _is_hidden(element: etree._Element, name: str) -> bool:
    """Return whether an element is a run of hidden text, or a row that was deleted."""
    if name == "r":
        hidden = element.find("{*}rPr/{*}vanish")
        return hidden is not None and not set(hidden.attrib.values()) & _OFF
    return name == "tr" and element.find("{*}trPr/{*}del") is not None
