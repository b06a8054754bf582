"""Contradictions planted in the six reports as built, in Word, PDF and web page: how many are told.

Each kind is written into the document itself, a PDF's into what was read of it; and numbers that
others of a document give are mistyped, by one digit or two.
"""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.oxml.table import CT_Tbl

from bench.plan import QUICK, Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.features.audit.auditing import audit
from reportgen.features.audit.comparisons import Recomputation
from reportgen.findings import Finding
from reportgen.flow import pipeline
from reportgen.flow.job import Job
from reportgen.model.reading import (
    ReadBlock,
    ReadCell,
    Reading,
    ReadingFormat,
    ReadParagraph,
    ReadTable,
)
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId, every_report
from reportgen.project.source_files import SourceFiles
from reportgen.reading.docx import read_docx
from reportgen.reading.html import read_html
from reportgen.reading.pdf import read_pdf

FORMATS: tuple[ReadingFormat, ...] = ("docx", "pdf", "html")
WANTED = 0.97
AGAIN = {"A111", "A112"}
"""Codes of numbers that only say again what stands elsewhere: either may be mistyped."""
_MOST_PAGES = 200
_FUNDS = (
    ("项目名称", "预算数（万元）", "决算数（万元）", "使用率"),
    ("合计", "91", "76.58", "84.15%"),
    ("协调经费", "20", "20", "100%"),
    ("帮扶经费", "21", "20.82", "99.14%"),
    ("竞赛经费", "35", "25.76", "73.60%"),
    ("规划经费", "15", "10", "66.67%"),
)
_UNITS = (
    ("机构", "合计", "人员支出", "公用支出"),
    ("本级", "30", "20", "10"),
    ("监测站", "12", "8", "4"),
    ("服务中心", "9", "6", "3"),
)
_SHEET = (
    ("一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "扣分原因"),
    ("产出", "企业数", "≥10家", "12家", "10", "10", ""),
    ("产出", "达标率", "100%", "95%", "20", "18", "两家未达标"),
    ("效益", "满意度", "≥90%", "93%", "20", "20", ""),
    ("总分", "", "", "", "50", "48", ""),
)
_COPIED = (
    _SHEET[0],
    *((f"指标{n}", f"指标{n}", f"{n * 17}家", f"{n * 17}家", "5", "5", "") for n in range(2, 7)),
)

Rows = Sequence[Sequence[str]]


class PlantedKind(NamedTuple):
    """A kind of contradiction: the code that tells it, and what is written to have it."""

    name: str
    code: str
    lines: Sequence[str] = ()
    table: Rows = ()


def _with(rows: Rows, row: int, column: int, text: str) -> Rows:
    """Return a table with one text changed."""
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return changed


KINDS = (
    PlantedKind(
        "share", "A101", ["改造总投资1384.6万元，其中设备购置217.4万元，占改造总投资的17.5%。"]
    ),
    PlantedKind("growth", "A102", ["受训人数1386人，比上年1240人增长17.11%。"]),
    PlantedKind("rate", "A103", ["受理来信2384件，办结2216件，办结率95.29%。"]),
    PlantedKind(
        "beyond a plan", "A103", ["年度计划培训2000人次，实际培训2315人次，超计划17.55%。"]
    ),
    PlantedKind("change", "A104", ["租赁收入386.4万元，比上年342.9万元增加45.3万元。"]),
    PlantedKind(
        "sum of a sentence",
        "A105",
        ["培训经费82.8万元，其中：教材费21.3万元，场地费38.5万元，师资费28.4万元。"],
    ),
    PlantedKind("rest", "A106", ["改造资金批复642.8万元，实际支出598.3万元，结余54.5万元。"]),
    PlantedKind("sum down", "A107", table=_with(_FUNDS, 1, 1, "81")),
    PlantedKind("sum across", "A108", table=_with(_UNITS, 2, 1, "21")),
    PlantedKind("rate of a table", "A109", table=_with(_FUNDS, 4, 3, "37.60%")),
    PlantedKind("score above points", "A110", table=_with(_SHEET, 1, 5, "11")),
    PlantedKind(
        "said twice",
        "A111",
        [
            "截止十二月，园区有8077家企业上平台，完成目标任务的201.93%，涉及从业人员4000人。",
            "截止十二月，园区有8077家企业上平台，完成目标任务的201.93%，涉及从业人员4100人。",
        ],
    ),
    PlantedKind(
        "text and table",
        "A112",
        ["展会场馆租赁补助安排1386.52万元。"],
        (
            ("项目名称", "合计（万元）", "县级（万元）"),
            ("展会场馆租赁补助", "1368.52", "20"),
            ("展位搭建", "20", "8"),
        ),
    ),
    PlantedKind("direction", "A113", ["租赁收入1000万元，比上年1200万元增加200万元。"]),
    PlantedKind("over 100 %", "A114", ["参训人员满意率达102.5%。"]),
    PlantedKind("grade", "A115", ["自评得分为94分，自评等级为良。"]),
    PlantedKind("loss without reason", "A116", table=_with(_SHEET, 2, 6, "")),
    PlantedKind("points without result", "A117", table=_with(_SHEET, 3, 3, "")),
    PlantedKind("part above whole", "A119", ["租赁支出100万元，其中：场地80万元，设备131.5万元。"]),
    PlantedKind("results copied", "A120", table=_COPIED),
    PlantedKind("per head", "A121", ["补助对象320户，户均1600元，共发放48万元。"]),
    PlantedKind("count of a list", "A201", ["专班下设4个小组，分别是综合组、保障组、宣传组。"]),
    PlantedKind("numbering", "A202", ["（一）培训情况", "（二）租赁情况", "（四）展会情况"]),
    PlantedKind("attachment absent", "A203", ["详见附件8。"]),
    PlantedKind("attachment list", "A204", ["附件：1.培训表", "附件1", "附件9"]),
    PlantedKind("%%", "A301", ["展位使用率99.14%%。"]),
    PlantedKind("quotes", "A302", ["我局组织编制《展会发展规划和实施方案，按时完成各项工作任务。"]),
    PlantedKind("no unit", "A303", ["展会签约资金131.75亿，创历史新高。"]),
    PlantedKind("two styles", "A304", ["展会支出7,351万元。", "展会支出7351万元，基本持平。"]),
    PlantedKind("rough twice", "A308", ["采购展台约130余吨。"]),
    PlantedKind("stops", "A309", ["展会资金到位。。全部使用。"]),
    PlantedKind("mixed units", "A310", ["新增展厅128.93万平方米，全年建成展厅150万平方千米。"]),
    PlantedKind(
        "two names",
        "A313",
        ["拨付会展产业引导专项资金743.18万元。"],
        (("项目名称", "决算数（万元）"), ("会展产业引导资金", "743.18"), ("展位搭建", "8")),
    ),
    PlantedKind("unit", "A314", ["填报单位：示例市会展事务中心", "填报单位：示例市会展务中心"]),
    PlantedKind("telephone", "A401", ["展会联系电话13812345678。"]),
    PlantedKind("name", "A402", ["展会联系人：王小明"]),
    PlantedKind("half masked", "A403", ["展会由张××局长负责。"]),
)
"""Every kind that a document alone can tell; A118 and A306 need last year's, A305 a signed one."""


# The built files

Known = frozenset[tuple[str, str]]
"""Findings by code and what they say."""


def known(findings: Sequence[Finding]) -> Known:
    """Return what was told, whatever its place: that moves when something is written before it."""
    return frozenset((each.code, str(sorted(each.params.items()))) for each in findings)


@dataclass
class BuiltFile:
    """A file of a built report: its format, its bytes, and what it says."""

    form: ReadingFormat
    data: bytes

    @cached_property
    def reading(self) -> Reading:
        """Return what it says."""
        return read(self.form, self.data)

    @cached_property
    def told(self) -> Known:
        """Return what an audit tells of it as it is."""
        return known(audit(self.reading).findings)


def built(out: Path, report: ReportId) -> Mapping[ReadingFormat, BuiltFile]:
    """Build a report to be submitted, in all formats."""
    job = Job(ROOT, out, report.unit, report.year, report.report, "submit", formats=FORMATS)
    pipeline.build(job)
    files: dict[ReadingFormat, BuiltFile] = {}
    for form in FORMATS:
        data = (job.folder / f"{report.report}.{form}").read_bytes()
        files[form] = BuiltFile(form, data)
    return files


def read(form: ReadingFormat, data: bytes) -> Reading:
    """Return what a file of a format says."""
    if form == "docx":
        return read_docx("built.docx", data)
    return read_pdf("built.pdf", data, _MOST_PAGES) if form == "pdf" else read_html("b.html", data)


# Planting


def planted(file: BuiltFile, kinds: Sequence[PlantedKind]) -> Reading:
    """Return what a file says with contradictions written into it, a PDF's into what was read."""
    if file.form == "docx":
        return read(file.form, in_word(file.data, kinds))
    if file.form == "html":
        return read(file.form, in_page(file.data, kinds))
    return in_reading(file.reading, kinds)


def in_word(data: bytes, kinds: Sequence[PlantedKind]) -> bytes:
    """Return a Word file with paragraphs and tables before the paragraph in its middle."""
    document = docx.Document(io.BytesIO(data))
    paragraphs = document.paragraphs
    place = paragraphs[len(paragraphs) // 2]
    for kind in kinds:
        for line in kind.lines:
            place.insert_paragraph_before(line)
        if kind.table:
            place.insert_paragraph_before("")
            place._p.addprevious(_word_table(document, kind.table))  # noqa: SLF001 - no other door
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _word_table(document: WordDocument, rows: Rows) -> CT_Tbl:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table._tbl  # noqa: SLF001 - it has no other door


def in_page(data: bytes, kinds: Sequence[PlantedKind]) -> bytes:
    """Return a page with paragraphs and tables behind the paragraph in its middle."""
    page = data.decode()
    place = _between_paragraphs(page)
    added: list[str] = []
    for kind in kinds:
        added += [f"<p>{html.escape(line)}</p>" for line in kind.lines]
        if kind.table:
            added += ["<table>", *map(_page_row, kind.table), "</table>"]
    return f"{page[:place]}{''.join(added)}{page[place:]}".encode()


def _page_row(texts: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in texts) + "</tr>"


def _between_paragraphs(page: str) -> int:
    """Return the end of a paragraph in the middle of a page, of one that stands in no table."""
    ends: list[int] = []
    depth = 0
    for match in re.finditer("<table|</table>|</p>(?=[ \\n]*<p>)", page):
        depth += {"<table": 1, "</table>": -1}.get(match[0], 0)
        if not depth and match[0] == "</p>":
            ends.append(match.end())
    return ends[len(ends) // 2]


def in_reading(reading: Reading, kinds: Sequence[PlantedKind]) -> Reading:
    """Return a reading with paragraphs and tables in its middle."""
    line = max(block.span.line for block in reading.blocks) + 1
    added: list[ReadBlock] = []
    for kind in kinds:
        for text in kind.lines:
            number = line + len(added)
            span = SourceSpan(reading.name, number, place=f"g1 p{number}")
            added.append(ReadParagraph(text, span, 2 if text.startswith("（") else 0))
        if kind.table:
            added.append(_table(reading.name, line + len(added), kind.table))
    middle = _middle(reading)
    return replace(reading, blocks=(*reading.blocks[:middle], *added, *reading.blocks[middle:]))


def _middle(reading: Reading) -> int:
    """Return the place of a paragraph in the middle, so that no table is torn from its caption."""
    places = [at for at, each in enumerate(reading.blocks) if isinstance(each, ReadParagraph)]
    return places[len(places) // 2]


def _table(name: str, line: int, rows: Rows) -> ReadTable:
    cells: list[ReadCell] = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            span = SourceSpan(name, line, place=f"g1 t{line}r{row + 1}c{column + 1}")
            cells.append(ReadCell(text, row, column, span))
    span = SourceSpan(name, line, place=f"g1 t{line}r1c1")
    return ReadTable(tuple(cells), len(rows), len(rows[0]), span)


def told_of(file: BuiltFile, kinds: Sequence[PlantedKind]) -> Counter[str]:
    """Return how often each code is told of contradictions planted together."""
    after = known(audit(planted(file, kinds)).findings) - file.told
    return Counter(code for code, _ in after)


# Slips in what stands there


def mistyped(text: str) -> str | None:
    """Return a number with its last two digits swapped, else its last one changed."""
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if not places:
        return None
    if len(places) > 1:
        first, last = places[-2:]
        if text[first] != text[last] != "0" and last - first == 1:
            return text[:first] + text[last] + text[first] + text[last + 1 :]
    at = places[-1]
    return text[:at] + str((int(text[at]) + 3) % 10) + text[at + 1 :]


def with_slip(reading: Reading, comparison: Recomputation) -> Reading | None:
    """Return a document in which the number of a comparison is mistyped."""
    wrong = mistyped(comparison.stated.text)
    if wrong is None:
        return None
    blocks = tuple(_changed(block, comparison, wrong) for block in reading.blocks)
    return replace(reading, blocks=blocks) if blocks != reading.blocks else None


def _changed(block: ReadBlock, comparison: Recomputation, wrong: str) -> ReadBlock:
    span, right = comparison.stated.span, comparison.stated.text
    if isinstance(block, ReadParagraph):
        if block.span.place != span.place:
            return block
        return replace(block, text=_at_column(block.text, span.column, right, wrong))
    cells: list[ReadCell] = []
    for cell in block.cells:
        if cell.span.place == span.place:
            cell = replace(cell, text=_at_column(cell.text, span.column, right, wrong))  # noqa: PLW2901
        cells.append(cell)
    return replace(block, cells=tuple(cells))


def _at_column(text: str, column: int, right: str, wrong: str) -> str:
    start = column - 1
    return text[:start] + text[start:].replace(right, wrong, 1)


def slips(file: BuiltFile, every: int = 1) -> Iterator[tuple[Recomputation, bool]]:
    """Yield each number that may be mistyped, or one of `every`, and whether that is told."""
    comparisons = [each for each in audit(file.reading).comparisons if each.fits]
    for comparison in comparisons[::every]:
        document = with_slip(file.reading, comparison)
        if document is not None and comparison.code not in AGAIN:
            yield comparison, bool(known(audit(document).findings) - file.told)


# The part of the bench


@dataclass(slots=True)
class Measured:
    """Reports by name: kinds told of each format; slips told by format and code; what was not."""

    kinds: dict[str, dict[str, Counter[bool]]] = field(default_factory=dict)
    slips: dict[str, dict[str, Counter[bool]]] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Return what is told of the contradictions in each report."""
    found = Measured()
    reports = list(every_report(SourceFiles(ROOT)))
    with TemporaryDirectory() as folder:
        for report in reports[:1] if plan.report <= QUICK.report else reports:
            say(f"contradictions planted in {report}")
            made = built(Path(folder), report)
            for file in made.values():
                _measure(str(report), file, found)
    return found


def _measure(report: str, file: BuiltFile, found: Measured) -> None:
    form = file.form
    for kind in KINDS:
        told = bool(told_of(file, [kind])[kind.code])
        found.kinds.setdefault(kind.name, {}).setdefault(form, Counter())[told] += 1
        if not told:
            found.untold.append(f"{report} {form}: {kind.name} ({kind.code})")
    for comparison, told in slips(file):
        found.slips.setdefault(comparison.code, {}).setdefault(form, Counter())[told] += 1
        if not told:
            number, place = comparison.stated.text, comparison.stated.span.place
            formula = f"{comparison.code} {number} = {comparison.formula}"
            found.untold.append(f"{report} {form} {place}: {formula}")


def sections(found: Measured) -> tuple[Section, ...]:
    """Return how many contradictions of each kind were told, by format."""
    head = ("told of planted", *FORMATS)
    kinds = [(kind, *_row(counts)) for kind, counts in found.kinds.items()]
    codes = [(code, *_row(counts)) for code, counts in sorted(found.slips.items())]
    return (
        Section("Kinds of contradictions planted in built reports", head, kinds),
        Section("Numbers of built reports mistyped", head, codes, found.untold),
    )


def _row(counts: Mapping[str, Counter[bool]]) -> list[str]:
    every = [counts.get(form, Counter()) for form in FORMATS]
    return [f"{each[True]}/{each.total()}" if each.total() else "" for each in every]


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted: every kind told, nearly every slip."""
    return (
        _target("kinds planted told", found.kinds, 1.0),
        _target("numbers mistyped told", found.slips, WANTED),
    )


def _target(name: str, counted: Mapping[str, Mapping[str, Counter[bool]]], least: float) -> Target:
    every: Counter[bool] = Counter()
    for counts in counted.values():
        for each in counts.values():
            every.update(each)
    share = every[True] / (every.total() or 1)
    return Target(f"{name} ≥ {least:.0%}", f"{every[True]} of {every.total()}", share >= least)
