"""A draft of the 更正说明: what was published, what is right, why; nothing that is not public.

Of a figure only its printed texts are named, of the facts behind it only those printed too. What
is no longer published is not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.features.diff.changes import Cause, Change
from reportgen.features.diff.comparison import Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.states import ReportDraft, state_of
from reportgen.findings import Diagnostics, finding
from reportgen.language.text_differences import ChangedSentence, Piece
from reportgen.load.frame_files import load_edition
from reportgen.model.document import (
    Align,
    Block,
    Cell,
    Document,
    Heading,
    Inlines,
    Items,
    ListItem,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    plain,
)
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles
from reportgen.verify.outputs import verify
from reportgen.verify.proof import proof
from reportgen.write.writers import write

FORMATS = ("docx",)
WITHHELD = "（不再公布）"
ABSENT = "（未公布）"
CAUSES: dict[Cause, str] = {
    "fact": "原录入的数据有误，按核实后的数据更正",
    "rule": "计算口径有误，按正确的口径重新计算",
    "inputs": "所依据的数据更正，重新计算",
    "format": "数值不变，更正单位、位数或写法",
    "template": "数值不变，更正刊印的位置",
    "added": "原报告遗漏，补充公布",
    "gone": "不属于应公布的内容，不再公布",
}
"""Why a figure is corrected, in words for the public; whoever signs completes it."""
MOST_TITLES = 3
"""How many figures a sentence names."""
_HEADS = ("序号", "位置", "项目", "原公布", "更正为", "更正原因")
_WIDTHS = (5, 16, 22, 14, 14, 25)
_ALIGNS: tuple[Align, ...] = ("center", "left", "left", "center", "center", "left")
_INNER_PLACE = re.compile(r" (?:¶\d+.*|\S+ r\d+c\d+)$")
"""What a place says beside its section: paragraph, or form and cell by their inner names."""


def correction(comparison: Comparison, report: Document) -> Document:
    """Return the draft of a correction of the public `report`, of which it takes the properties."""
    return replace(
        report,
        title=(f"关于《{report.name}》的", "更正说明"),
        subject="更正说明",
        blocks=tuple(_blocks(comparison, report)),
        annexes=(),
        notes={},
        publication=None,
        stated={},
    )


def _is_public(change: Change) -> bool:
    """Return whether a change concerns what is, or was, printed and has a title to name."""
    return change.reprinted and bool(change.entry.title)


def _differs_in_words(line: ChangedSentence) -> bool:
    """Return whether a sentence differs in words too: its figures stand in the table."""
    return any(piece.kind != "same" and _is_words(piece) for piece in line.pieces)


def _is_words(piece: Piece) -> bool:
    return bool(re.search(r"\w", piece.text)) and not re.search(r"\d", piece.text)


def _blocks(comparison: Comparison, report: Document) -> Iterator[Block]:
    """Yield the draft: what is corrected, why, what it does to the result, who signs."""
    changes = list(filter(_is_public, comparison.changes))
    texts = [_sentence(line) for line in comparison.lines if _differs_in_words(line)]
    yield _paragraph(
        f"{report.organization}公布的《{report.name}》中，"
        f"{_counted(changes, texts)}需要更正，现说明如下："
    )
    numbers = iter("一二三四五")
    if changes:
        yield _heading(next(numbers), "数据更正")
        yield _table(changes)
    if texts:
        yield _heading(next(numbers), "文字更正")
        yield _list(texts)
    if changes:
        yield _heading(next(numbers), "更正原因")
        yield _list(_reasons(changes))
    yield _heading(next(numbers), "对评价结果的影响")
    yield _paragraph(_effect(changes))
    yield _paragraph("除以上各处外，报告其他内容不变。更正后的报告同时公布，替换原文件。")
    yield SignOff((_text(report.organization), _text("　　　　年　　月　　日")))
    yield Paragraph(_text("经办人：　　　　　　　审核人：　　　　　　　签发人："), role="note")


def _counted(changes: Sequence[Change], texts: Sequence[str]) -> str:
    if changes and texts:
        return f"{len(changes)}项数据、{len(texts)}处文字"
    if changes:
        return f"{len(changes)}项数据"
    return f"{len(texts)}处文字" if texts else ""


def _text(text: str) -> Inlines:
    return (Text(text),)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(_text(text))


def _heading(number: str, text: str) -> Heading:
    return Heading(1, f"{number}、", _text(text), f"section-{number}")


def _list(texts: Iterable[str]) -> Items:
    return Items(tuple(ListItem(f"{n}.", _text(text)) for n, text in enumerate(texts, 1)))


# The table of figures


def _table(changes: Sequence[Change]) -> Table:
    head = tuple(Cell((_text(name),), header="col", align="center") for name in _HEADS)
    rows = [_row(number, change) for number, change in enumerate(changes, 1)]
    return Table("correction", "数据更正表", _WIDTHS, (Row(head, head=True), *rows))


def _row(number: int, change: Change) -> Row:
    old, new = _old_printed(change), _printed(change.new) or WITHHELD
    texts = (str(number), _where(change), change.entry.title, old, new, _reason(change))
    cells = []
    for text, align in zip(texts, _ALIGNS, strict=True):
        cells.append(Cell((_text(text),), align=align))
    return Row(tuple(cells))


def _printed(entry: StateEntry | None) -> str:
    """Return a side of a change as it is printed, empty where it is not."""
    return "、".join(entry.as_printed) if entry else ""


def _old_printed(change: Change) -> str:
    """Return what was published; what is not any more must not be published once again."""
    if not change.is_printed:
        return WITHHELD
    return _printed(change.old) or ABSENT


def _where(change: Change) -> str:
    """Return the sections in which a figure is printed, or was."""
    entry = change.new if change.is_printed else change.old
    places = entry.places if entry else ()
    return "、".join(dict.fromkeys(_INNER_PLACE.sub("", place) for place in places))


# Reasons and effect


def _causes(change: Change) -> tuple[Cause, ...]:
    """Return why a figure is corrected: one printed for the first time had been left out."""
    return ("added",) if change.is_printed and not change.was_printed else change.causes


def _reason(change: Change) -> str:
    if not _printed(change.new):
        return CAUSES["gone"]
    return "；".join(CAUSES[cause] for cause in _causes(change))


def _reasons(changes: Sequence[Change]) -> Iterator[str]:
    """Yield for each cause what it concerns, and the facts that figures follow from."""
    for cause, reason in CAUSES.items():
        titles = [change.entry.title for change in changes if cause in _causes(change)]
        facts = _facts_behind(changes) if cause == "inputs" else []
        basis = f"（依据：{_first(facts)}）" if facts else ""
        if titles:
            yield f"{_first(titles)}：{reason}{basis}。"


def _facts_behind(changes: Iterable[Change]) -> list[str]:
    """Return the titles of the corrected facts that figures follow from, those in the table."""
    titles: dict[str, str] = {}
    keys: dict[str, None] = {}
    for change in changes:
        titles[change.key] = change.entry.title
        if "inputs" in _causes(change):
            keys |= dict.fromkeys(change.facts)
    return [titles[key] for key in keys if key in titles]


def _first(titles: Sequence[str]) -> str:
    """Return all of a few titles, or the first of many and how many there are."""
    first = "、".join(titles[:MOST_TITLES])
    return first if len(titles) <= MOST_TITLES else f"{first}等{len(titles)}项"


def _effect(changes: Iterable[Change]) -> str:
    """Return what the corrections do to scores and grade, those that are printed."""
    effects = []
    for change in changes:
        old, new = _printed(change.old), _printed(change.new)
        if change.entry.scored and old and new:
            effects.append(f"{change.entry.title}由{old}更正为{new}")
    return "，".join(effects) + "。" if effects else "以上更正不影响自评得分和评价等级。"


def _sentence(line: ChangedSentence) -> str:
    if not line.old:
        return f"增加：“{line.new}”"
    return f"“{line.old}”更正为：“{line.new}”" if line.new else "删去一处不应公布或重复的文字"


# As files


_MARKUP = re.compile(r"[\\`*_\[\]<>#|~]")
"""What Markdown would take for markup in a text."""


def as_markdown(document: Document) -> str:
    """Return the draft as Markdown: what a correction is made of, and nothing else."""
    lines = [f"# {_md(document.name)}"]
    for block in document.blocks:
        lines += ["", *_markdown_lines(block)]
    return "\n".join(lines) + "\n"


def _markdown_lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(number=number, inlines=inlines):
            yield f"## {number}{_md(plain(inlines))}"
        case Paragraph(inlines):
            yield _md(plain(inlines))
        case Items(items):
            for item in items:
                yield f"{item.label} {_md(plain(item.inlines))}"
        case Table(rows=rows):
            yield from _markdown_rows(rows)
        case SignOff(lines):
            yield "  \n".join(_md(plain(line)) for line in lines)


def _markdown_rows(rows: Sequence[Row]) -> Iterator[str]:
    yield _markdown_row(rows[0])
    yield "|" + "---|" * len(rows[0].cells)
    for row in rows[1:]:
        yield _markdown_row(row)


def _markdown_row(row: Row) -> str:
    return "| " + " | ".join(_md(plain(cell.lines[0])) for cell in row.cells) + " |"


def _md(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


_PUBLIC_BUILD = re.compile(r"(?:.*/)?(\d{4})/([^/]+)/disclosure/(.+)")


def corrected(
    root: Path, comparison: Comparison, draft: ReportDraft | None, log: Diagnostics
) -> Mapping[str, bytes]:
    """Return the draft of a correction by suffix (docx, md), nothing if the log has an error.

    A build is no project: its report is looked up in the one at `root`.
    """
    if draft is None:
        draft = _looked_up(root, comparison.name, log)
    if draft is None:
        return {}
    document = correction(comparison, draft.document)
    edition = load_edition(SourceFiles(root), draft.pack, log)
    if edition is None:
        return {}
    made = write(document, edition, FORMATS, log)
    to_prove = proof(document, draft.disclosed, {}, log)
    if not log.blocked:
        log.extend(verify(document, made, to_prove, frame=edition.frame))
    if log.blocked:
        return {}
    return {**made, "md": as_markdown(document).encode()}


def _looked_up(root: Path, name: str, log: Diagnostics) -> ReportDraft | None:
    """Return the report of a public build as the project has it, None with G119 if it has not."""
    draft, own_log = None, Diagnostics()
    match = _PUBLIC_BUILD.fullmatch(name)
    if match:
        report = ReportId(match[2], int(match[1]), match[3])
        draft = state_of(root, report, "", "public", own_log)
    log.extend(own_log)
    if draft is None and not own_log.blocked:
        log.add(finding("G119", report=name))
    return draft
