"""The published originals as a bureau's Word files would be: paragraphs, and tables with merges.

Of three texts every row of a table is a run of lines that begin with a tab, a cell each; of the
web page each cell is a line of its own, and only its small tables are known by their lines.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.shared import Pt

from real_report import ROOT

FOLDER = ROOT.parent / "shared" / "seeds"
NUMBERS = ("000", "001", "002", "003", "004")
_LEAST_FORM = 6
"""A table so wide is a form, whose labels span rows."""


class SmallTable(NamedTuple):
    """A table of the web page: the line of its first row, how wide and high it is, its heads."""

    line: int
    end: int
    width: int
    heads: tuple[tuple[str, ...], ...]


_TABLES = (
    SmallTable(
        148,
        222,
        7,
        (
            ("机构名称", "收入合计", "其中:", "<", "<", "<", "<"),
            ("^", "^", "上年结转", "公共财政拨款", "政府基金拨款", "专户非税", "其他收入"),
        ),
    ),
    SmallTable(
        226,
        310,
        8,
        (
            ("机构名称", "支出合计", "其中:", "<", "<", "<", "结余", "<"),
            ("^", "^", "基本支出", "其中:", "<", "项目支出", "当年结余", "累计结余"),
            ("^", "^", "^", "人员支出", "公用支出", "^", "^", "^"),
        ),
    ),
    SmallTable(
        312,
        374,
        6,
        (
            ("机构名称", "三公经费合计", "其中:", "<", "<", "<"),
            ("^", "^", "公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
        ),
    ),
    SmallTable(
        376,
        428,
        5,
        (
            ("机构名称", "固定资产合计", "其中:", "<", "其他"),
            ("^", "^", "在用固定资产", "出租固定资产", "^"),
        ),
    ),
)
"""The tables of 003; `<` belongs to the cell before it, `^` to the one above."""
_FIRST_ROWS = (168, 248, 328, 390)

_SHEETS = {
    763: (
        1122,
        ("一级指标", "二级指标", "三级指标", "分值", "自评得分", "扣分原因和其他说明"),
        """投入(15分) 预算配置(15分) 财政供养人员控制率 5 5
^ ^ “三公经费”变动率 5 5
^ ^ 重点支出安排率 5 5
过程(40分) 预算执行(15分) 预算调整率 3 3
^ ^ 支付进度 3 2
^ ^ 资金结余 3 2
^ ^ “三公经费”控制率 6 6
^ 预算管理(15分) 管理制度健全性 3 3
^ ^ 资金使用合规性 3 3
^ ^ 预决算信息公开性和完善性 3 3
^ ^ 政府采购执行率 3 3
^ ^ 公务卡刷卡率 3 3
^ 资产管理(10分) 资产管理制度健全性 3 3
^ ^ 资产管理安全性 4 4
^ ^ 固定资产利用率 3 3
产出(25分) 职责履行(25分) 推进全面小康建设指标任务完成情况 5 5
^ ^ 建设湖南新增长极目标任务完成情况 7 7
^ ^ 《政府工作报告》目标任务完成情况 5 5
^ ^ 省市重点民生实事完成情况 2 2
^ ^ 省市重点工程和重大项目建设完成情况 2 2
^ ^ 其他工作实绩指标完成情况 4 4
效果(20分) 履职效益(20分) 经济效益 15 5
^ ^ 社会效益 ^ 5
^ ^ 生态效益 ^ 5
^ ^ 社会公众或服务对象满意度 5 5
合计 . . 100 98""",
    ),
    1592: (
        1973,
        ("一级指标", "二级指标", "三级指标", "分值", "自评得分"),
        """项目决策(20分) 项目目标(4分) 目标内容 4 4
^ 决策过程(8分) 决策依据 4 4
^ ^ 决策程序 4 4
^ 资金分配(8分) 分配办法 3 3
^ ^ 分配结果 5 5
项目管理(25分) 资金到位(5分) 到位率 3 3
^ ^ 到位时效 2 2
^ 资金管理(10分) 资金使用 7 7
^ ^ 财务管理 3 3
^ 组织实施(10分) 组织机构 1 1
^ ^ 支撑条件 1 1
^ ^ 项目实施 3 2
^ ^ 管理制度 5 5
项目绩效(55分) 项目产出(15分) 产出数量 5 5
^ ^ 产出质量 4 4
^ ^ 产出时效 3 3
^ ^ 产出成本 3 3
^ 项目效果(40分) 经济效益 8 8
^ ^ 社会效益 8 8
^ ^ 环境效益 8 8
^ ^ 可持续影响 8 8
^ ^ 服务对象满意度 8 8
总分 . . 100 100""",
    ),
}
"""The score sheets of 003 by their first line: the last one, the heads, and the rows; `.` is ∅."""


def path_of(number: str) -> Path:
    """Return the file of a published original."""
    (path,) = FOLDER.glob(f"{number}_*.txt")
    return path


def word_of(number: str) -> bytes:
    """Return a published original as a Word file."""
    lines = path_of(number).read_text("utf-8").split("\n")
    document = docx.Document()
    blocks = _blocks_of_page(lines) if number == "003" else _blocks(lines)
    for block in blocks:
        if isinstance(block, str):
            _add_paragraph(document, block)
        else:
            _add_table(document, block)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _blocks(lines: Sequence[str]) -> Iterator[str | list[list[str]]]:
    """Yield paragraphs, and tables as rows of texts."""
    rows: list[list[str]] = []
    row: list[str] = []
    for line in [*lines, "."]:
        if line.startswith(" \t"):  # the labels before it are lost
            rows.append(row)
            row = ["", "", line.strip()]
        elif line.startswith("\t"):
            row.append(line.strip())
        elif row and line.strip():
            row[-1] = f"{row[-1]}\n{line.strip()}"
        else:
            if row:
                rows.append(row)
                row = []
            if line.strip() and rows:
                yield rows
                rows = []
            if line.strip(" ."):
                yield line.strip()


def _blocks_of_page(lines: Sequence[str]) -> Iterator[str | list[list[str]]]:
    """Yield the paragraphs and the small tables of the web page."""
    tables = dict(zip((table.line for table in _TABLES), _TABLES, strict=True))
    end = 0
    for number, line in enumerate(lines, 1):
        if number in tables:
            table = tables[number]
            end = table.end
            yield [*map(list, table.heads), *_rows_of_page(lines, table)]
        elif number in _SHEETS:
            end, heads, rows = _SHEETS[number]
            yield [list(heads), *(_row_of_sheet(row, len(heads)) for row in rows.split("\n"))]
        elif number > end and line.strip(" \xa0"):
            yield line.strip(" \xa0")


def _rows_of_page(lines: Sequence[str], table: SmallTable) -> Iterator[list[str]]:
    first = _FIRST_ROWS[_TABLES.index(table)]
    texts = [lines[number - 1].strip(" \xa0") for number in range(first, table.end + 1, 2)]
    for start in range(0, len(texts), table.width):
        row = texts[start : start + table.width]
        if len(row) == table.width and any(row):
            yield row


def _row_of_sheet(line: str, width: int) -> list[str]:
    """Return a row of a score sheet, whose last cell is blank where it has one more."""
    row = ["" if text == "." else text for text in line.split(" ")]
    return [*row, ""][:width]


def _add_paragraph(document: WordDocument, text: str) -> None:
    """Add a paragraph, by two characters to the right unless it is a title or a signature."""
    paragraph = document.add_paragraph(text)
    if text[-1:] in "。；：:;." or text[:1] in "一二三四五六七八九十（(123456789":
        paragraph.paragraph_format.first_line_indent = Pt(22)


def _add_table(document: WordDocument, rows: list[list[str]]) -> None:
    """Add a table; a short row ends with a wide cell, empty labels of forms are merged upwards."""
    width = max(map(len, rows))
    table = document.add_table(len(rows), width, style="Table Grid")
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            cell = table.cell(place, column)
            if text == "<":
                table.cell(place, column - 1).merge(cell)
            elif place and (text == "^" or _is_label_above(rows, place, column, width)):
                table.cell(place - 1, column).merge(cell)
            elif text:
                cell.text = text
        if len(row) < width:
            table.cell(place, len(row) - 1).merge(table.cell(place, width - 1))


def _is_label_above(rows: list[list[str]], place: int, column: int, width: int) -> bool:
    """Return whether an empty cell continues the label of a form that stands above it."""
    return width >= _LEAST_FORM and column == 0 and not rows[place][column]
