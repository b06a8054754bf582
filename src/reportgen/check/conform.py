"""Compares the composed document with what its pack prescribes (D7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest

from reportgen.findings import Finding, finding
from reportgen.model.document import (
    AttachmentList,
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    Table,
    Text,
    plain,
)
from reportgen.model.figures import Fact
from reportgen.model.grid import GridError, place_cells
from reportgen.model.pack import FormRule, Pack, Section
from reportgen.model.places import LocatedText, located_texts
from reportgen.model.source import NOWHERE, SourceSpan

_PLACEHOLDER = re.compile(
    r"[X\uff38×]{2,}|(?<!等)待填写?|待补充|此处填写|TBD|TODO"
    r"|\u3014\s*\u3015|（\s*）|\{\{|\}\}|\{[\u4e00-\u9fff]+\}"
)
_DOUBLED = re.compile(
    r"([。，、；：！？])\1+|。，|，。|、，|，、|,(?=\d{4}年)|[%\uff05]{2,}|(万元|亿元|个百分点)\2+"
)


def check_document(
    document: Document, pack: Pack, texts: Iterable[Fact] = ()
) -> tuple[Finding, ...]:
    """Return findings P2xx where `document` is not what `pack` prescribes.

    A slip of writing is told at the one of the `texts` of facts that brought it in, else at the
    template.
    """
    grids = tuple(_grids(document, pack))
    if grids:
        return grids
    return (
        *_sections(document, pack),
        *_attached(document, pack),
        *_forms_placed(document, pack),
        *_texts(document, pack, tuple(texts)),
    )


def _grids(document: Document, pack: Pack) -> Iterable[Finding]:
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for table in _tables(blocks):
            try:
                place_cells(table)
            except GridError as error:
                yield finding(
                    "P203",
                    SourceSpan(f"templates/{pack.folder}/forms/{table.name}.html"),
                    subject=table.name,
                    form=table.name,
                    row=error.row + 1,
                    column=error.column + 1,
                    columns=len(table.widths),
                    reason=error.reason,
                )


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _sections(document: Document, pack: Pack) -> Iterable[Finding]:
    """Yield P201 for a section that is missing, P210 out of order, P202 without content."""
    blocks = document.blocks
    at = 0
    for section, level in _flat(pack.outline, 1):
        title = section.title
        found = [i for i, block in enumerate(blocks) if _heads(block, section, level)]
        after = next((i for i in found if i >= at), None)
        if not found:
            yield finding("P201", section.span, subject=section.id, title=title)
        elif after is None:
            yield finding("P210", section.span, subject=section.id, title=title)
        else:
            at = after + 1
            if not _has_content(blocks[at:], level):
                yield finding("P202", section.span, subject=section.id, title=title)


def _heads(block: Block, section: Section, level: int) -> bool:
    """Return whether `block` is the heading of `section`, whose title may be a template."""
    if not isinstance(block, Heading) or block.level != level:
        return False
    return "{{" in section.title or plain(block.inlines) == section.title


def _has_content(blocks: Iterable[Block], level: int) -> bool:
    """Return whether anything is said before the next heading of `level` or above."""
    for block in blocks:
        match block:
            case Heading():
                return block.level > level
            case Paragraph(inlines):
                if plain(inlines).strip():
                    return True
            case Items() | Table():
                return True
            case _:
                pass
    return False


def _flat(sections: Iterable[Section], level: int) -> Iterable[tuple[Section, int]]:
    for section in sections:
        yield section, level
        yield from _flat(section.sections, level + 1)


def _attached(document: Document, pack: Pack) -> Iterable[Finding]:
    """Yield P211 where the list of attachments is not what is attached."""
    lists = (block.titles for block in document.blocks if isinstance(block, AttachmentList))
    listed = [plain(title) for titles in lists for title in titles]
    present = [plain(annex.title) for annex in document.annexes]
    if listed != present or len(present) != len(pack.annexes):
        yield finding(
            "P211",
            pack.span,
            subject="annexes",
            listed="、".join(listed) or "—",
            found="、".join(present) or "—",
        )


def _forms_placed(document: Document, pack: Pack) -> Iterable[Finding]:
    """Yield P206 for a prescribed form that is not placed, P204 and P205 for what it lacks."""
    annexes = document.annexes[: len(pack.annexes)]
    placed = [(pack.forms, document.blocks)]
    placed += [(r.forms, a.blocks if a else ()) for r, a in zip_longest(pack.annexes, annexes)]
    for forms, blocks in placed:
        tables = _tables(blocks)
        for form in forms:
            named = [t for t in tables if t.name == form.name or t.name.startswith(f"{form.name}-")]
            if not named:
                yield finding("P206", form.span, subject=form.name, form=form.name)
                continue
            yield from _form(form, named)


def _form(form: FormRule, tables: list[Table]) -> Iterable[Finding]:
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
    texts = [
        "".join(plain(line) for line in at.cell.lines) for t in tables for at in place_cells(t)
    ]
    start = 0
    for label in form.labels:
        where = next((i for i, text in enumerate(texts[start:], start) if label in text), None)
        if where is None:
            yield finding("P205", form.span, subject=form.name, form=form.name, label=label)
        else:
            start = where


def _texts(document: Document, pack: Pack, facts: tuple[Fact, ...]) -> Iterable[Finding]:
    """Yield P207 for a prescribed text that is not printed, P208 and P209 for slips of writing."""
    every = [LocatedText(document.name, (Text(document.name),)), *located_texts(document)]
    whole = "".join(spot.text for spot in every)
    for text in pack.required_texts:
        if text not in whole:
            yield finding("P207", pack.span, subject=text, text=text)
    for spot in every:
        for code, slips in (("P208", _PLACEHOLDER), ("P209", _DOUBLED)):
            for match in slips.finditer(spot.text):
                span = _brought(match[0], spot, facts) or spot.span
                if span == NOWHERE:
                    span = pack.span  # titles, cover and signature are lines of pack.yaml
                yield finding(code, span, subject=spot.where, section=spot.where, text=match[0])


def _brought(slip: str, spot: LocatedText, facts: Iterable[Fact]) -> SourceSpan | None:
    """Return the place of the fact that is printed in `spot` and holds `slip`."""
    for fact in facts:
        words = str(fact.value or "")
        if slip in words and words.replace("\n", "") in spot.text:
            return fact.span
    return None
