"""A draft of the 更正说明: what was published, what is right, why; nothing that is not public.

Of a figure only its printed texts are told, of the facts behind it only those printed too. What
is no longer published is not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.features.diff.changes import Cause, Change, Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.states import state_of
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.flow.staged import Outcome
from reportgen.language.text_differences import ChangedSentence
from reportgen.load.edition import load_edition
from reportgen.model.document import (
    Block,
    Cell,
    Document,
    Heading,
    Inlines,
    Items,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    plain,
)
from reportgen.model.document import ListItem as Entry
from reportgen.project.selection import ReportId
from reportgen.project.source_files import SourceFiles
from reportgen.verify.outputs import verify
from reportgen.verify.proof import proof
from reportgen.write.writers import write

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
"""Why a figure is corrected, as a reader is told; whoever signs completes it."""
_HEADS = ("序号", "位置", "项目", "原公布", "更正为", "更正原因")
_WIDTHS = (5, 16, 22, 14, 14, 25)
_PLACE = re.compile(r" (?:¶\d+.*|\S+ r\d+c\d+)$")
"""What a place says beside its section: paragraph, or form and cell by their inner names."""


def correction(comparison: Comparison, report: Document) -> Document:
    """Return the draft of a correction of the public `report`, of which it takes the properties."""
    changes = [change for change in comparison.changes if _public(change)]
    lines = [line for line in comparison.lines if _worded(line)]
    return replace(
        report,
        title=(f"关于《{report.name}》的", "更正说明"),
        subject="更正说明",
        blocks=tuple(_blocks(report, changes, lines)),
        annexes=(),
        notes={},
        publication=None,
        stated={},
    )


def _public(change: Change) -> bool:
    """Return whether a change concerns what is, or was, printed in words of its own."""
    return change.reprinted and bool(change.item.title)


def _worded(line: ChangedSentence) -> bool:
    """Return whether a sentence differs in words too: its figures stand in the table."""
    return any(
        piece.kind != "same" and not re.search(r"\d", piece.text) and re.search(r"\w", piece.text)
        for piece in line.pieces
    )


def _blocks(
    report: Document, changes: Sequence[Change], lines: Sequence[ChangedSentence]
) -> Iterator[Block]:
    counts = [f"{len(changes)}项数据" if changes else "", f"{len(lines)}处文字" if lines else ""]
    what = "、".join(filter(None, counts))
    yield _paragraph(
        f"{report.organization}公布的《{report.name}》中，{what}需要更正，现说明如下："
    )
    number = iter("一二三四五")
    if changes:
        yield _heading(next(number), "数据更正")
        yield _table(changes)
    if lines:
        yield _heading(next(number), "文字更正")
        yield Items(tuple(_entry(n, _sentence(line)) for n, line in enumerate(lines, 1)))
    if changes:
        yield _heading(next(number), "更正原因")
        yield Items(tuple(_entry(n, text) for n, text in enumerate(_reasons(changes), 1)))
    yield _heading(next(number), "对评价结果的影响")
    yield _paragraph(_effect(changes))
    yield _paragraph("除以上各处外，报告其他内容不变。更正后的报告同时公布，替换原文件。")
    yield SignOff((_text(report.organization), _text("　　　　年　　月　　日")))
    yield Paragraph(_text("经办人：　　　　　　　审核人：　　　　　　　签发人："), role="note")


def _table(changes: Sequence[Change]) -> Table:
    head = Row(tuple(Cell((_text(h),), header="col", align="center") for h in _HEADS), head=True)
    rows = [_row(n, change) for n, change in enumerate(changes, 1)]
    return Table("correction", "数据更正表", _WIDTHS, (head, *rows))


def _row(number: int, change: Change) -> Row:
    # What is not published any more must not be published once again.
    was = _printed(change.old) or ABSENT if change.new and change.new.printed else WITHHELD
    now = _printed(change.new) or WITHHELD
    reason = CAUSES["gone"] if now == WITHHELD else "；".join(CAUSES[c] for c in _causes(change))
    texts = (str(number), _where(change), change.item.title, was, now, reason)
    return Row(
        tuple(
            Cell((_text(text),), align="center" if n in {0, 3, 4} else "left")
            for n, text in enumerate(texts)
        )
    )


def _causes(change: Change) -> tuple[Cause, ...]:
    """Return why a change is told: one that is printed for the first time was left out."""
    if change.new and change.new.printed and not (change.old and change.old.printed):
        return ("added",)
    return change.causes


def _printed(item: StateEntry | None) -> str:
    return "、".join(item.as_printed) if item else ""


def _where(change: Change) -> str:
    item = change.new if change.new and change.new.printed else change.old
    places = (where for _, where in (item.printed if item else ()))
    return "、".join(dict.fromkeys(_PLACE.sub("", where) for where in places))


def _reasons(changes: Sequence[Change]) -> Iterator[str]:
    """Yield for each cause what it concerns; of facts and what follows from them, which."""
    told = {c.key: c for c in changes}
    followed = [c for c in changes if "inputs" in _causes(c)]
    for cause, reason in CAUSES.items():
        titles = [c.item.title for c in changes if cause in _causes(c)]
        if titles:
            more = f"（{_based(followed, told)}）" if cause == "inputs" else ""
            yield f"{_some(titles)}：{reason}{more if more != '（）' else ''}。"


def _based(followed: Iterable[Change], told: dict[str, Change]) -> str:
    """Return the corrected facts that figures follow from, as far as those are printed."""
    facts = dict.fromkeys(key for change in followed for key in change.facts if key in told)
    return f"依据：{_some([told[key].item.title for key in facts])}" if facts else ""


def _some(titles: Sequence[str]) -> str:
    shown = "、".join(titles[:3])
    return shown if len(titles) <= 3 else f"{shown}等{len(titles)}项"


def _effect(changes: Iterable[Change]) -> str:
    """Return what the corrections do to scores and grade, those that are printed."""
    scored = [
        f"{change.item.title}由{_printed(change.old)}更正为{_printed(change.new)}"
        for change in changes
        if (change.item.kind == "score" or change.item.graded or change.item.unit.symbol == "分")
        and _printed(change.old)
        and _printed(change.new)
    ]
    return "，".join(scored) + "。" if scored else "以上更正不影响自评得分和评价等级。"


def _sentence(line: ChangedSentence) -> str:
    if not line.old:
        return f"增加：“{line.new}”"
    return f"“{line.old}”更正为：“{line.new}”" if line.new else "删去一处不应公布或重复的文字"


def _text(text: str) -> Inlines:
    return (Text(text),)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(_text(text))


def _heading(number: str, text: str) -> Heading:
    return Heading(1, f"{number}、", _text(text), f"section-{number}")


def _entry(number: int, text: str) -> Entry:
    return Entry(f"{number}.", _text(text))


_ESCAPED = str.maketrans({char: f"\\{char}" for char in r"\`*_[]<>#|~"})


def as_markdown(document: Document) -> str:
    """Return the draft as Markdown: what a correction is made of, and nothing else."""
    lines = [f"# {_md(document.name)}"]
    for block in document.blocks:
        lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(number=number, inlines=inlines):
            yield f"## {number}{_md(plain(inlines))}"
        case Paragraph(inlines):
            yield _md(plain(inlines))
        case Items(items):
            yield from (f"{item.label} {_md(plain(item.inlines))}" for item in items)
        case Table(rows=rows):
            yield from _md_rows(rows)
        case SignOff(lines):
            yield "  \n".join(_md(plain(line)) for line in lines)


def _md_rows(rows: Sequence[Row]) -> Iterator[str]:
    for n, row in enumerate(rows):
        yield "| " + " | ".join(_md(plain(cell.lines[0])) for cell in row.cells) + " |"
        if n == 0:
            yield "|" + "---|" * len(row.cells)


def _md(text: str) -> str:
    return text.translate(_ESCAPED)


_OF_BUILD = re.compile(r"(?:.*/)?(\d{4})/([^/]+)/disclosure/(.+)")
FORMATS = ("docx",)


def corrected(
    root: Path, comparison: Comparison, outcome: Outcome | None
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return the draft by suffix (docx, md), or findings that forbid to write it.

    A build is no project: its report is looked up in the one at `root`.
    """
    if outcome is None:
        match = _OF_BUILD.fullmatch(comparison.name)
        each = ReportId(match[2], int(match[1]), match[3]) if match else None
        found: tuple[Finding, ...] = ()
        if each is not None:
            _, outcome, found = state_of(root, each, "", "public")
        if outcome is None:
            return {}, found or (finding("G119", report=comparison.name),)
    assert outcome.document is not None and outcome.disclosed is not None
    document = correction(comparison, outcome.document)
    files = SourceFiles(root)
    edition, found = load_edition(files, outcome.pack, "", FORMATS, comments=False)
    if edition is None:
        return {}, found
    made, bad = write(document, edition, FORMATS)
    log = Diagnostics(found + bad)
    to_prove = proof(document, outcome.disclosed, log)
    found = tuple(log)
    if not blocks(found):
        found += verify(document, made, to_prove)
    if blocks(found):
        return {}, found
    return {**made, "md": as_markdown(document).encode()}, found
