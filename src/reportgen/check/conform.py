"""Compares the composed document with what its pack prescribes: outline, forms and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.document import (
    AttachmentList,
    Block,
    Cell,
    Document,
    Heading,
    Items,
    Paragraph,
    Table,
    Text,
    Value,
    plain,
    values,
)
from reportgen.model.figures import UNFILLED, Fact
from reportgen.model.grid import GridError, PlacedCell, place_cells
from reportgen.model.locations import LocatedText, located_text, located_texts
from reportgen.model.pack import FormRule, Pack, Section
from reportgen.model.source import NOWHERE, SourceSpan

_PLACEHOLDER = re.compile(
    r"[X\uff38×]{2,}|(?<!等)待填写?|待补充|此处填写|TBD|TODO"
    r"|\u3014\s*\u3015|（\s*）|\{ ?[{%]|[}%] ?\}|\{[^{}、，。；：]{,60}\}"
)
_DOUBLED = re.compile(
    r"([。，、；：！？])\1+|。，|，。|、，|，、|,(?=\d{4}年)|[%\uff05]{2,}|(万元|亿元|个百分点)\2+"
)
_COUNTED = r"(?:%|\uff05|个百分点|[万亿]?[元家个项人名户次条件吨台套亩处份场年天]{0,2})"
_ABOUT_TWICE = re.compile(
    r"(?:(?<![节集签预违条契制履特合公邀缔])约|(?<![最附临邻靠新就远])近)"
    rf"[\d,.一二三四五六七八九十百千两]+(?:[万亿]?[余多](?!年)|{_COUNTED}左右)"
    rf"|(?:超过|不低于|不少于|至少)\d[\d,.]*{_COUNTED}以上"
)
_NO_CHANGE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|提升|降低|上涨|回落|下滑|下跌|扩大|缩小|压减|节约|超支|净增|净减"
    r"|(?<![新至最缺])[增减多少](?:支出?|收入?)?)了?约? ?0(?:\.0+)?(?![\d.])"
)
_TO_FILL_IN = re.compile(rf"{UNFILLED}|待填写")
_NOT_OF_NUMBERS = re.compile(r"[^\d.,]")
_WRITING = (
    ("P208", _PLACEHOLDER),
    ("P209", _DOUBLED),
    ("P209", _ABOUT_TWICE),
    ("P212", _NO_CHANGE),
)
"""The code of each kind of careless writing, and what it looks like."""


def check_document(
    document: Document, pack: Pack, texts: Iterable[Fact] = ()
) -> tuple[Finding, ...]:
    """Return findings P2xx where `document` is not what `pack` prescribes.

    Careless writing is reported at the one of the `texts` of facts that brought it in, else at
    the template. While something is still to be filled in, all of it is tentative.
    """
    broken = tuple(_broken_tables(document, pack))
    if broken:
        return broken
    findings = (
        *_check_sections(document, pack),
        *_check_attachments(document, pack),
        *_check_forms(document, pack),
        *_check_headers(document, pack),
        *_check_required_texts(document, pack),
        *_check_writing(document, pack, tuple(texts)),
        *_check_styles(document),
    )
    if not _is_unfinished(document):
        return findings
    return tuple(replace(each, tentative=True) for each in findings)


def _is_unfinished(document: Document) -> bool:
    """Return whether something of a document is still to be filled in, by its own words."""
    return any(_TO_FILL_IN.search(located.text) for located in _all_texts(document))


def _broken_tables(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P203 for each table whose cells do not fit together."""
    for table in _all_tables(document):
        try:
            place_cells(table)
        except GridError as error:
            yield finding(
                "P203",
                _form_span(table, pack),
                subject=table.name,
                form=table.name,
                row=error.row + 1,
                column=error.column + 1,
                columns=len(table.widths),
                reason=f"@{error.reason}",
            )


def _lacks_headers(table: Table) -> bool:
    """Return whether a table has several cells, and none of them is a header."""
    cells = list(chain.from_iterable(row.cells for row in table.rows))
    return len(cells) > 1 and not any(cell.header for cell in cells)


def _check_headers(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P214 for each table of which no cell is a header; those only to sign may lack them."""
    for table in _all_tables(document):
        if not table.signatures and _lacks_headers(table):
            yield finding("P214", _form_span(table, pack), subject=table.name, form=table.name)


def _form_span(table: Table, pack: Pack) -> SourceSpan:
    """Return where the form of `table` stands."""
    if table.span != NOWHERE:
        return table.span
    return SourceSpan(f"templates/{pack.folder}/forms/{table.name}.html")


def _all_tables(document: Document) -> list[Table]:
    """Return the tables of the body and of the annexes."""
    tables = _tables(document.blocks)
    for annex in document.annexes:
        tables += _tables(annex.blocks)
    return tables


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _check_sections(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P201 for a section that is missing, P210 out of order, P202 without content."""
    blocks = document.blocks
    start = 0
    for section, level in outline_sections(pack.outline):
        heading = _find_heading(blocks, section, level, start)
        if heading is not None:
            start = heading + 1
            if not _has_content(blocks[start:], level):
                yield _section_finding("P202", section)
        elif _find_heading(blocks, section, level, 0) is not None:
            yield _section_finding("P210", section)
        else:
            yield _section_finding("P201", section)


def outline_sections(sections: Iterable[Section], level: int = 1) -> Iterator[tuple[Section, int]]:
    """Yield every section of an outline in order, each with its level."""
    for section in sections:
        yield section, level
        yield from outline_sections(section.sections, level + 1)


def _section_finding(code: str, section: Section) -> Finding:
    return finding(code, section.span, subject=section.id, title=section.title)


def _find_heading(blocks: Sequence[Block], section: Section, level: int, start: int) -> int | None:
    """Return the index of the heading of `section` in `blocks`, from `start` on."""
    for index in range(start, len(blocks)):
        if _is_heading(blocks[index], section, level):
            return index
    return None


def _is_heading(block: Block, section: Section, level: int) -> bool:
    """Return whether `block` is the heading of `section`, whose title may be a template."""
    if not isinstance(block, Heading) or block.level != level:
        return False
    return "{{" in section.title or plain(block.inlines) == section.title


def _has_content(blocks: Iterable[Block], level: int) -> bool:
    """Return whether anything stands before the next heading; one below `level` is content."""
    for block in blocks:
        if isinstance(block, Heading):
            return block.level > level
        if _is_content(block):
            return True
    return False


def _is_content(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return plain(block.inlines).strip() != ""
    return isinstance(block, Items | Table)


def _check_attachments(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P211 where the list of attachments is not what is attached."""
    listed = _listed_attachments(document)
    attached = [plain(annex.title) for annex in document.annexes]
    if listed != attached or len(attached) != len(pack.annexes):
        yield finding(
            "P211",
            pack.span,
            subject="annexes",
            listed=_enumerated(listed),
            found=_enumerated(attached),
        )


def _listed_attachments(document: Document) -> list[str]:
    titles: list[str] = []
    for block in document.blocks:
        if isinstance(block, AttachmentList):
            titles += map(plain, block.titles)
    return titles


def _enumerated(titles: Iterable[str]) -> str:
    return "、".join(titles) or "—"


def _check_forms(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield what is wrong with the prescribed forms of the body and of each annex."""
    yield from _check_placed(pack.forms, document.blocks)
    for index, rule in enumerate(pack.annexes):
        is_attached = index < len(document.annexes)
        blocks = document.annexes[index].blocks if is_attached else ()
        yield from _check_placed(rule.forms, blocks)


def _check_placed(forms: Iterable[FormRule], blocks: Iterable[Block]) -> Iterator[Finding]:
    """Yield P206 for a form that is not placed in `blocks`, P204 and P205 for what it lacks."""
    tables = _tables(blocks)
    for form in forms:
        parts = [table for table in tables if _is_part_of(table, form)]
        if not parts:
            yield finding("P206", form.span, subject=form.name, form=form.name)
        else:
            yield from _check_columns(form, parts)
            yield from _check_labels(form, parts)


def _is_part_of(table: Table, form: FormRule) -> bool:
    """Return whether `table` is the form or one of the parts it was split into."""
    return table.name == form.name or table.name.startswith(f"{form.name}-")


def _check_columns(form: FormRule, tables: Iterable[Table]) -> Iterator[Finding]:
    columns = max(len(table.widths) for table in tables)
    if columns != form.columns:
        yield finding(
            "P204",
            form.span,
            subject=form.name,
            form=form.name,
            wanted=form.columns,
            found=columns,
        )


def _check_labels(form: FormRule, tables: Iterable[Table]) -> Iterator[Finding]:
    """Yield P205 for each label that stands in no cell from that of the label before it on.

    Nothing is missing while a label is still to be filled in.
    """
    texts: list[str] = []
    for table in tables:
        texts += [_cell_text(placed.cell) for placed in place_cells(table)]
        if any(map(_is_unfilled_label, place_cells(table))):
            return
    start = 0
    for label in form.labels:
        index = _find_text(texts, label, start)
        if index is None:
            yield finding("P205", form.span, subject=form.name, form=form.name, label=label)
        else:
            start = index


def _is_unfilled_label(placed: PlacedCell) -> bool:
    return placed.cell.header == "row" and UNFILLED in _cell_text(placed.cell)


def _cell_text(cell: Cell) -> str:
    return "".join(map(plain, cell.lines))


def _find_text(texts: Sequence[str], label: str, start: int) -> int | None:
    """Return the index of the first text from `start` on that holds `label`."""
    for index in range(start, len(texts)):
        if label in texts[index]:
            return index
    return None


def _all_texts(document: Document) -> list[LocatedText]:
    """Return the title of the document and every text in it."""
    return [located_text(document.name, (Text(document.name),)), *located_texts(document)]


def _check_required_texts(document: Document, pack: Pack) -> Iterator[Finding]:
    """Yield P207 for each prescribed text that is not printed."""
    printed = "".join(located.text for located in _all_texts(document))
    for text in pack.required_texts:
        if text not in printed:
            yield finding("P207", pack.span, subject=text, text=text)


def _check_writing(document: Document, pack: Pack, facts: Sequence[Fact]) -> Iterator[Finding]:
    """Yield P208 for each placeholder left in a text, P209 for each doubled mark, unit or 约.

    P212 is a word of direction before 0 (增加0万元). What a draft prints for a blank is told where
    that stands (P102, T120).
    """
    for located in _all_texts(document):
        text = located.text.replace(UNFILLED, "\u3014…\u3015")
        for code, pattern in _WRITING:
            for match in pattern.finditer(text):
                span = source_of(match[0], located, facts)
                if span == NOWHERE:
                    span = pack.span  # titles, cover and signature are lines of pack.yaml
                where = located.where
                yield finding(code, span, subject=where, section=where, text=match[0])


def _check_styles(document: Document) -> Iterator[Finding]:
    """Yield P213 for each figure that is printed in two styles: 2851万元 and 2,851万元.

    A document keeps to one way of writing a figure (GB/T 15835-2011).
    """
    first: dict[tuple[str, Fraction], tuple[str, LocatedText]] = {}
    told: set[str] = set()
    for located, value in _figures_of(document):
        style = _NOT_OF_NUMBERS.sub("", value.text)
        seen = first.setdefault((value.key, Fraction(value.number)), (style, located))
        if style != seen[0] and value.key not in told:
            told.add(value.key)
            yield _two_styles(value.key, style, located, *seen)


def _figures_of(document: Document) -> Iterator[tuple[LocatedText, Value]]:
    """Yield the numbers that a document prints, each with the text that it stands in."""
    for located in _all_texts(document):
        for value in values(located.inlines):
            if value.key and value.number:
                yield located, value


def _two_styles(
    key: str, style: str, located: LocatedText, other: str, before: LocatedText
) -> Finding:
    place = RelatedLocation(before.span, before.where)
    where = located.where
    return finding(
        "P213", located.span, place, subject=key, key=key, text=style, other=other, section=where
    )


def source_of(writing: str, located: LocatedText, facts: Iterable[Fact]) -> SourceSpan:
    """Return where the printed fact that holds `writing` stands, else the template."""
    for fact in facts:
        words = str(fact.value or "")
        if writing in words and words.replace("\n", "") in located.text:
            return fact.span
    return located.span
