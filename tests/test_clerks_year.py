"""A clerk's year in a new repository, from a page of blanks to the correction of what is public.

The year that is filled in has the figures of the one before it, which a city published: what is to
come out is known. Offices send three Excel files; whatever the clerk reads is asserted.
"""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from real_report import ROOT
from repository import ALONE, git
from small_project import Run, reportgen

DATA = "data/huaihua/2024"
BUILD = "build/2024/huaihua"
YEAR = ("--unit", "huaihua", "--year", "2024")
BLANK = "〔待填〕"
OFFICES = "offices:\n  财务科: [budget.yaml, funds, economic.yaml]\n  人事科: [staffing.yaml]\n"
TYPED = {
    ("/operating.total", "outturn"): 160.71,
    ("/operating.utilities_travel", "outturn"): 3.77,
    ("/operating.meetings_training", "outturn"): 1.98,
    ("department/ratings.execution", "deviation"): "年中追加的预算多，今后编细年初预算。",
    ("/income.general", "outturn"): 3323.51,
}
"""What is typed for what last year's accounts have otherwise or lack, the last of it mistyped."""
MARKS = re.compile(r"\{# 待确认 #\}|^# 待确认\n| +# 待确认$| 待确认$", re.MULTILINE)
MASK = """  mask:
    - key: 箱包产业总投资
      shown: 若干
      reason: 投资协议约定金额不公开
      basis: 《中华人民共和国政府信息公开条例》第十五条
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a new repository with the data and packs of the city, where the clerk works."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**ALONE, "LANG": "zh_CN.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    for part in ("data/huaihua", "templates/huaihua", "templates/shared"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / ".gitignore").write_text("build/\n", "utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.name", "经办人甲")
    git(tmp_path, "config", "user.email", "clerk@example.org")
    committed(tmp_path, "上年的数据")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def committed(desk: Path, subject: str) -> None:
    git(desk, "add", "-A")
    git(desk, "commit", "-q", "-m", subject)


def done(command: str, *arguments: str, code: int = 0) -> str:
    """Run a command on the year, and return what it says."""
    run: Run = reportgen(command, *arguments, *YEAR)
    assert run.code == code, (command, run.out, run.err)
    return run.out + run.err


def left(kind: str = "fill") -> int:
    """Return how many things `todo` lists, to be filled in or to be confirmed."""
    listed = json.loads(done("todo", "--output-format", "json"))
    return sum(each["count"] for each in listed if each["kind"] == kind)


def page(audience: str = "internal") -> str:
    return Path(BUILD, audience, "department.html").read_text("utf-8")


def words(audience: str) -> str:
    """Return the page without its tags."""
    return re.sub(r"<[^>]+>", "", page(audience))


def drafted() -> int:
    """Build the page of a draft, and return how many blanks it shows."""
    done("build", "--format", "html")
    return page().count(BLANK)


def replaced(path: str, old: str, new: str) -> None:
    """Edit a file of the year as in an editor."""
    file = Path(DATA, path)
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    file.write_text(text.replace(old, new), "utf-8")


# Excel files


def sheet_of_funds(path: Path) -> int:
    """Write a sheet as an office makes it, in 元, with a total; return how many numbers it has."""
    book, given = Workbook(), load_workbook(f"{BUILD}/填报.xlsx")["资金与项目"]
    sheet = book.worksheets[0]
    for row in (["2024年项目资金"], ["单位：元"], ["项目名称", "年初预算数", "决算数"]):
        sheet.append(row)
    amounts: list[Decimal] = []
    totals = [Decimal(0), Decimal(0)]
    for row in given.iter_rows(min_row=5):
        if str(row[0].value).startswith("/funds."):
            last = {given.cell(3, cell.column).value: cell.value for cell in row}
            pair = [last["^initial"], last["^outturn"]]
            row_of = [None if each is None else Decimal(str(each)) * 10_000 for each in pair]
            sheet.append([last["name"], *row_of])
            totals = [total + (each or 0) for total, each in zip(totals, row_of, strict=True)]
            amounts += [each for each in row_of if each is not None]
    sheet.append(["合计", *totals])
    book.save(path)
    return len(amounts)


def filled(path: Path) -> int:
    """Fill in a workbook with last year's values, but for those typed; return how many."""
    book, count = load_workbook(path), 0
    for sheet in book.worksheets:
        if sheet["A3"].value == "reportgen" and sheet.sheet_state == "visible":
            for cell, value in blanks(sheet):
                cell.value = value
                count += 1
    book.save(path)
    return count


def blanks(sheet: Worksheet) -> list[tuple[Cell, object]]:
    """Return the blank cells of a sheet that are to be filled in, with what is typed there."""
    columns = {cell.value: cell.column for cell in sheet[3] if cell.value}
    found: list[tuple[Cell, object]] = []
    for row in range(5, sheet.max_row + 1):
        key = str(sheet.cell(row, 1).value)
        for name, column in columns.items():
            cell = sheet.cell(row, column)
            before = sheet.cell(row, columns.get(f"^{name}", sheet.max_column + 1)).value
            value = TYPED.get((key, name), before)
            if cell.value is None and value is not None and not cell.protection.locked:
                found.append((cell, value))
    return found


# The year


def test_a_year_goes_from_a_page_of_blanks_to_a_correction(desk):
    starts_with_a_page()
    fills_in_from_three_excel_files(desk)
    mends_a_broken_sum()
    confirms(desk)
    finishes(desk)
    publishes_with_a_mask(desk)
    corrects(desk)


def starts_with_a_page() -> None:
    opened = reportgen("new-year", "2024", "--unit", "huaihua")
    assert opened.code == 0
    assert "核对“待确认”，填“待填”" in opened.out + opened.err
    Path(DATA, "offices.yaml").write_text(OFFICES, "utf-8")
    said = done("build", "--format", "html")
    assert "草稿：空着的印作〔待填〕" in said
    assert "P102" in said
    assert page().count(BLANK) > 100
    assert left() > 150
    assert "人事科  待填 1，" in done("todo")
    assert "（上年 92人）" in done("todo", "--office", "人事科")
    final = done("build", "--format", "html", "--final", code=1)
    assert "没有生成，上次的成品没有改动" in final


def fills_in_from_three_excel_files(desk: Path) -> None:
    blank, shown = left(), page().count(BLANK)
    done("export", "--fill")
    typed = sheet_of_funds(desk / "专项.xlsx")
    done("import", "专项.xlsx")
    assert left() == blank - typed
    assert 0 < drafted() < shown

    done("export", "--office", "人事科")
    assert filled(Path(BUILD, "填报-人事科.xlsx")) == 1
    done("export", "--fill")
    typed += filled(Path(BUILD, "填报.xlsx"))
    files = [f"{BUILD}/填报-人事科.xlsx", f"{BUILD}/填报.xlsx"]
    assert "staffing.actual" in done("import", *files)
    assert left() == blank - typed == 0
    assert "没有生成，上次的成品没有改动" in done("build", "--format", "html", code=1)


def mends_a_broken_sum() -> None:
    said = done("check", code=1)
    assert "应 3331.81万元 ＝ 3241.81万元，相差 90万元" in said
    hint = said.split("提示: ")[1]
    assert hint.startswith(
        f"{DATA}/budget.yaml:6（收入·一般公共预算·决算数 3323.51万元 → 3233.51万元？）"
    )
    replaced("budget.yaml", "3323.51", "3233.51")
    assert "每条绩效目标都有完成情况：应 5 ＝ 4" in done("check", code=1)
    with Path(DATA, "goals.yaml").open("a", encoding="utf-8") as goals:
        goals.write("  - 办好“政企面对面”电视访谈专栏。\n")
    assert "个错误" not in done("check")
    assert drafted() == 0
    assert "在职人员控制率96.84%" in words("internal")


def confirms(desk: Path) -> None:
    assert left("confirm") > 200
    for path in Path(DATA).rglob("*.*"):
        path.write_text(MARKS.sub("", path.read_text("utf-8")), "utf-8")
    assert "没有了" in done("todo")
    done("confirm", "income", "economic", "--by", "财务科", "--evidence", "2024年部门决算报表")
    assert "财务科" in done("explain", "income.general.outturn")
    committed(desk, "2024年度数据")


def finishes(desk: Path) -> None:
    said = done("build", "--final")
    for kind in ("docx", "html", "pdf"):
        assert f"{BUILD}/internal/department.{kind}\n" in said
    assert "135.47%" in words("internal")
    done("build", "--audience", "submit", "--format", "html")
    assert "填表人甲" in page("submit")


def publishes_with_a_mask(desk: Path) -> None:
    with Path(DATA, "disclosure.yaml").open("a", encoding="utf-8") as policy:
        policy.write(MASK)
    committed(desk, "遮去一项投资额")
    assert "总投资突破30亿元" in words("internal")
    done("build", "--audience", "public", "--format", "html")
    assert "总投资突破若干" in words("public")
    assert "30亿" not in page("public")
    assert "填表人甲" not in page("public")
    git(desk, "tag", "公开")


def corrects(desk: Path) -> None:
    replaced("outcomes.yaml", "新增箱包企业: 34家", "新增箱包企业: 43家")
    committed(desk, "更正新增箱包企业数")
    said = done("diff", "--published", "公开", "--correction", "更正.docx")
    assert re.search(r"新增箱包企业  34家 → 43家  \+9家", said)
    assert Path("更正.docx").is_file()
    assert "| 新增箱包企业 | 34家 | 43家 |" in Path("更正.md").read_text("utf-8")
