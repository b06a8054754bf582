"""Compares the composed document with what its pack prescribes (D7)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportgen.findings import Finding, finding
from reportgen.model.document import Block, Document, Heading, Table, plain
from reportgen.model.grid import GridError, place
from reportgen.model.pack import FormRule, Pack, Section
from reportgen.model.places import spots
from reportgen.model.source import Mark

_PLACEHOLDER = re.compile(
    r"[X\uff38×]{2,}|待填写?|待补充|此处填写|\u3014\s*\u3015|（\s*）|\{\{|\}\}|TBD|TODO"
)
_DOUBLED = re.compile(r"([。，、；：！？])\1+|。，|，。|、，|，、|,(?=\d{4}年)")


def check_document(document: Document, pack: Pack) -> tuple[Finding, ...]:
    """Return findings P2xx where `document` is not what `pack` prescribes."""
    grids = tuple(_grids(document, pack))
    if grids:
        return grids
    return (
        *_sections(document, pack),
        *_forms_placed(document, pack),
        *_texts(document, pack),
    )


def _grids(document: Document, pack: Pack) -> Iterable[Finding]:
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for table in _tables(blocks):
            try:
                place(table)
            except GridError as error:
                yield finding(
                    "P203",
                    Mark(f"templates/{pack.folder}/forms/{table.name}.html"),
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
    """Yield P201 for each section that is not where the outline has it, P202 for empty ones."""
    blocks = list(document.blocks)
    at = 0
    for section, level in _flat(pack.outline, 1):
        title = section.title
        found = next(
            (
                i
                for i, block in enumerate(blocks[at:], at)
                if isinstance(block, Heading)
                and block.level == level
                and ("{{" in title or plain(block.inlines) == title)
            ),
            None,
        )
        if found is None:
            yield finding("P201", section.mark, subject=section.id, title=title)
            continue
        at = found + 1
        empty = at >= len(blocks) or (
            isinstance(blocks[at], Heading) and getattr(blocks[at], "level", 0) <= level
        )
        if empty:
            yield finding("P202", section.mark, subject=section.id, title=title)


def _flat(sections: Iterable[Section], level: int) -> Iterable[tuple[Section, int]]:
    for section in sections:
        yield section, level
        yield from _flat(section.sections, level + 1)


def _forms_placed(document: Document, pack: Pack) -> Iterable[Finding]:
    placed = [(pack.forms, document.blocks)]
    placed += [(r.forms, a.blocks) for r, a in zip(pack.annexes, document.annexes, strict=True)]
    for forms, blocks in placed:
        tables = _tables(blocks)
        for form in forms:
            named = [t for t in tables if t.name == form.name or t.name.startswith(f"{form.name}-")]
            if not named:
                yield finding("P206", form.mark, subject=form.name, form=form.name)
                continue
            yield from _form(form, named)


def _form(form: FormRule, tables: list[Table]) -> Iterable[Finding]:
    columns = max(len(table.widths) for table in tables)
    if columns != form.columns:
        yield finding(
            "P204",
            form.mark,
            subject=form.name,
            form=form.name,
            wanted=form.columns,
            found=columns,
        )
    texts = ["".join(plain(line) for line in at.cell.lines) for t in tables for at in place(t)]
    start = 0
    for label in form.labels:
        where = next((i for i, text in enumerate(texts[start:], start) if label in text), None)
        if where is None:
            yield finding("P205", form.mark, subject=form.name, form=form.name, label=label)
        else:
            start = where


def _texts(document: Document, pack: Pack) -> Iterable[Finding]:
    every = [(spot.where, spot.text) for spot in spots(document)]
    whole = document.name + "".join(text for _, text in every)
    for text in pack.required_texts:
        if text not in whole:
            yield finding("P207", pack.mark, subject=text, text=text)
    for where, text in every:
        for match in _PLACEHOLDER.finditer(text):
            yield finding("P208", pack.mark, subject=where, section=where, text=match[0])
        for match in _DOUBLED.finditer(text):
            yield finding("P209", pack.mark, subject=where, section=where, text=match[0])
