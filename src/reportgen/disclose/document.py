"""Takes out of a composed document what a policy keeps from its audience, beside the figures.

The document is complete and known to conform: what the authority prescribes was there before
anything was withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeGuard

from reportgen.disclose.replace import replace_terms
from reportgen.disclose.rulings import lines_for
from reportgen.disclose.table_lines import LineError, without_column, without_row
from reportgen.findings import Diagnostics, finding
from reportgen.model.disclosed import Disclosed, DisclosureEntry
from reportgen.model.document import (
    AttachmentList,
    Block,
    Cover,
    Document,
    Heading,
    Inline,
    Inlines,
    Paragraph,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
    plain,
)
from reportgen.model.locations import DocumentLocation
from reportgen.model.policy import Withhold
from reportgen.model.rewrite import Lines, rewrite_document
from reportgen.model.rules import Severity


def redact_document(
    document: Document, disclosed: Disclosed, log: Diagnostics
) -> tuple[Document, tuple[DisclosureEntry, ...]]:
    """Return `document` as the audience of `disclosed` may see it, and the disclosure log of it.

    Sections, forms, columns and blocks go first, then terms are replaced in what is left.
    A policy states file properties for public files only. Findings are D130–D149.
    """
    policy, audience = disclosed.policy, disclosed.audience
    parts = lines_for(audience, policy.withhold)
    document, withheld = withhold_parts(document, parts, log)
    if audience == "public":
        document = replace(document, stated=policy.properties)
    terms = lines_for(audience, policy.replacements)
    document, replaced = replace_terms(document, terms, disclosed.secrets, log)
    return document, (*withheld, *replaced)


def without_keys(document: Document) -> Document:
    """Return `document` with figures that say nothing but their text."""
    return rewrite_document(document, _lines_without_keys)


def _lines_without_keys(_location: DocumentLocation, lines: Lines) -> Lines:
    return tuple(map(_inlines_without_keys, lines))


def _inlines_without_keys(inlines: Inlines) -> Inlines:
    return tuple(map(_inline_without_key, inlines))


def _inline_without_key(inline: Inline) -> Inline:
    if isinstance(inline, Value):
        return replace(inline, key="")
    if isinstance(inline, Strong):
        return Strong(_inlines_without_keys(inline.inlines))
    return inline


# Parts of the prescribed structure: sections, forms, lines, blocks

SECTION_WITHHELD = "本部分依法不予公开。"
"""What stands in the place of a section's content."""
FORM_WITHHELD = "本表依法不予公开。"
"""What stands in the place of a form."""


def _is_sign_off(block: Block) -> bool:
    return isinstance(block, SignOff)


def _is_for_signatures(block: Block) -> bool:
    return isinstance(block, Table) and block.signatures


def _is_of_cover(block: Block) -> bool:
    """Return whether `block` is a cover or the title behind one.

    They go together: the report's own title is printed then.
    """
    return isinstance(block, Cover | Title)


_BLOCKS: Mapping[str, tuple[Callable[[Block], bool], str]] = {
    "sign-off": (_is_sign_off, "落款"),
    "signatures": (_is_for_signatures, "签字栏"),
    "cover": (_is_of_cover, "封面"),
}
"""What each block of a policy is in a document, and its title."""


def withhold_parts(
    document: Document, wishes: Iterable[Withhold], log: Diagnostics
) -> tuple[Document, tuple[DisclosureEntry, ...]]:
    """Return `document` without the parts that `wishes` name, and the disclosure log of it.

    Wishes that name a key are passed over: those were granted when the ledger was redacted.
    A wish for a line or block that the document does not have is D138, one for a line
    that cannot be taken out cleanly D139. A part of what is withheld already is no error;
    sections, forms and blocks that the pack does not know are D112.
    """
    withholding = _Withholding(document, log)
    for wish in wishes:
        withholding.apply(wish)
    return withholding.document(), tuple(withholding.entries)


class _Withholding:
    """A document whose parts are taken out one after the other.

    `original` stays as it was; `body` and `annexes` are the blocks that are left.
    """

    def __init__(self, document: Document, log: Diagnostics) -> None:
        self.original = document
        self.body = list(document.blocks)
        self.annexes = [list(annex.blocks) for annex in document.annexes]
        self.entries: list[DisclosureEntry] = []
        self.log = log

    def document(self) -> Document:
        """Return what is left."""
        annexes = []
        for annex, blocks in zip(self.original.annexes, self.annexes, strict=True):
            annexes.append(replace(annex, blocks=tuple(blocks)))
        return replace(self.original, blocks=tuple(self.body), annexes=tuple(annexes))

    def apply(self, wish: Withhold) -> None:
        """Take out what `wish` names."""
        if wish.section:
            self._withhold_section(wish)
        elif wish.column or wish.row:
            self._withhold_line(wish)
        elif wish.form:
            self._withhold_form(wish)
        elif wish.block in _BLOCKS:
            self._withhold_block(wish)

    def _withhold_section(self, wish: Withhold) -> None:
        """Put one sentence in the place of all that stands below the heading."""
        for block in self._original_blocks():
            if isinstance(block, Heading) and block.section == wish.section:
                title = block.number + plain(block.inlines)
                self._add_entry(wish, wish.section, title, SECTION_WITHHELD, (title,))
                self._empty_section(block)

    def _empty_section(self, heading: Heading) -> None:
        if heading in self.body:
            start = self.body.index(heading) + 1
            end = _end_of_section(self.body, start, heading.level)
            self.body[start:end] = [Paragraph((Text(SECTION_WITHHELD),))]

    def _withhold_form(self, wish: Withhold) -> None:
        """Put one sentence in the place of the form."""
        tables = self._original_tables(wish.form)
        if not tables:
            return
        places = self._places({table.name for table in tables})
        self._add_entry(wish, wish.form, tables[0].caption, FORM_WITHHELD, places)
        self._remove(
            partial(_is_table_of, form=wish.form), Paragraph((Text(FORM_WITHHELD),), "plain")
        )

    def _withhold_line(self, wish: Withhold) -> None:
        """Take the columns, or rows, that the label heads out of every table of the form."""
        label = wish.column or wish.row
        subject = f"{wish.form}·{label}"
        try:
            names = self._cut_lines(wish)
        except LineError as error:
            span, text = wish.ground.span, error.text
            self.log.add(
                finding("D139", span, subject=subject, form=wish.form, column=label, text=text)
            )
            return
        if names:
            self._add_entry(wish, subject, label, "", self._places(names))
        elif not self._had_line(wish):
            # The line is there under another label: what should be hidden would be printed.
            self._add_missing(wish, subject, "error")

    def _cut_lines(self, wish: Withhold) -> set[str]:
        """Take the line out of the tables of the form; return the names of those that had it."""
        names: set[str] = set()
        for blocks in (self.body, *self.annexes):
            for at, block in enumerate(blocks):
                rest = _cut(block, wish) if _is_table_of(block, wish.form) else None
                if rest is not None:
                    blocks[at] = rest
                    names.add(rest.name)
        return names

    def _had_line(self, wish: Withhold) -> bool:
        """Return whether the form had the column or row before another wish took it."""
        try:
            return any(_cut(table, wish) for table in self._original_tables(wish.form))
        except LineError:
            return True

    def _withhold_block(self, wish: Withhold) -> None:
        """Take the sign-off, the boxes for signatures or the cover out."""
        is_meant, title = _BLOCKS[wish.block]
        if not any(map(is_meant, self._original_blocks())):
            self._add_missing(wish, title)
            return
        self._add_entry(wish, wish.block, title, "", (title,))
        self._remove(is_meant)

    def _remove(self, is_meant: Callable[[Block], bool], *instead: Block) -> None:
        for blocks in (self.body, *self.annexes):
            blocks[:] = _without(blocks, is_meant, instead)

    def _original_blocks(self) -> Iterator[Block]:
        """Yield every block as it stood before anything was withheld."""
        for _, blocks in self._original_parts():
            yield from blocks

    def _original_parts(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        """Yield the blocks of the body and of each annex, with its name."""
        yield self.original.name, self.original.blocks
        for annex in self.original.annexes:
            yield annex.label, annex.blocks

    def _original_tables(self, form: str) -> list[Table]:
        return [block for block in self._original_blocks() if _is_table_of(block, form)]

    def _places(self, names: set[str]) -> tuple[str, ...]:
        """Return where tables stand: the annex or section that holds each, and its caption."""
        places: dict[str, None] = {}
        for part, blocks in self._original_parts():
            for section, table in _tables_by_section(part, blocks):
                if table.name in names:
                    places[f"{section} 表《{table.caption or table.name}》"] = None
        return tuple(places)

    def _add_entry(
        self, wish: Withhold, subject: str, title: str, after: str, places: tuple[str, ...]
    ) -> None:
        ground = wish.ground
        self.entries.append(
            DisclosureEntry(
                action="withheld",
                subject=subject,
                title=title,
                reason=ground.reason,
                basis=ground.basis,
                after=after,
                span=ground.span,
                places=places,
            )
        )

    def _add_missing(self, wish: Withhold, part: str, severity: Severity | None = None) -> None:
        span = wish.ground.span
        self.log.add(finding("D138", span, severity=severity, subject=part, part=part))


def _end_of_section(blocks: list[Block], start: int, level: int) -> int:
    """Return where what stands below a heading of `level` ends: the foot is no part of it."""
    for at in range(start, len(blocks)):
        block = blocks[at]
        if isinstance(block, AttachmentList | SignOff):
            return at
        if isinstance(block, Heading) and block.level <= level:
            return at
    return len(blocks)


def _is_table_of(block: Block, form: str) -> TypeGuard[Table]:
    """Return whether `block` is a table of `form`: the second one is named `form`-2."""
    if not isinstance(block, Table):
        return False
    return block.name == form or block.name.removeprefix(f"{form}-").isdigit()


def _without(
    blocks: list[Block], is_meant: Callable[[Block], bool], instead: tuple[Block, ...]
) -> Iterator[Block]:
    """Yield `blocks` with `instead` for each run of those that are meant.

    A table that was joined to one of them is so no more.
    """
    removed = False
    for block in blocks:
        if is_meant(block):
            if not removed:
                yield from instead
            removed = True
        else:
            yield _detached(block) if removed else block
            removed = False


def _detached(block: Block) -> Block:
    return replace(block, joined=False) if isinstance(block, Table) else block


def _cut(table: Table, wish: Withhold) -> Table | None:
    """Return `table` without the column or row that `wish` names; None if it has none."""
    if wish.column:
        return without_column(table, wish.column)
    return without_row(table, wish.row)


def _tables_by_section(part: str, blocks: Iterable[Block]) -> Iterator[tuple[str, Table]]:
    """Yield the tables of a part, each with the heading above it, or the name of the part."""
    section = part
    for block in blocks:
        if isinstance(block, Heading):
            section = block.number + plain(block.inlines)
        elif isinstance(block, Table):
            yield section, block
