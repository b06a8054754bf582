"""What an audit is written as: a page a file, a page and a workbook of all files."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from types import SimpleNamespace

import docx
import openpyxl
import pytest
from lxml import html

from reportgen.features.audit.files import AuditedFile, AuditRequest, audit_file
from reportgen.features.audit.page import as_summary
from reportgen.features.audit.workbook import as_workbook

HEADS = ("文件", "得分", "等级", "错误", "警告", "说明", "核对过的数", "没有可核对的")
WRONG = "支出100万元，比上年80万元增加20万元，增长30%。自评得分95分，等级为优。\n"
TABLE = "名称\t预算\t决算\n甲\t10\t8\n乙\t7\t6\n"


class _Later(dt.datetime):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
        return dt.datetime(2099, 1, 1, tzinfo=tz)


LATER = {"datetime": _Later, "timezone": dt.timezone}


def audited(folder: Path, name: str, text: str) -> AuditedFile:
    path = folder / name
    path.write_text(text, "utf-8")
    return audit_file(AuditRequest(path, name, "zh", page=True, word=True))


def test_the_computation_of_a_number_is_reached_by_keyboard(tmp_path: Path) -> None:
    page = html.document_fromstring(audited(tmp_path, "a.txt", WRONG).page)
    (number,) = page.iterfind(".//main//span[@class='n differs']")
    assert number.get("tabindex") == "0"
    assert number.get("data-how") == "30% = 100万元 ÷ 80万元 − 1"
    assert "对不上" in number.get("aria-label")


def test_numbers_of_tables_have_a_state_too(tmp_path: Path) -> None:
    page = html.document_fromstring(audited(tmp_path, "a.txt", TABLE).page)
    states = [each.get("class") for each in page.iterfind(".//td/span")]
    assert states == ["n unchecked"] * 4


def test_a_folder_has_a_page_of_its_files_the_worst_first(tmp_path: Path) -> None:
    files = [
        audited(tmp_path, "好.txt", "支出100万元。"),
        audited(tmp_path, "坏 1.txt", WRONG),
        audited(tmp_path, "空.txt", ""),
    ]
    page = html.document_fromstring(as_summary(files, HEADS, "zh"))
    rows = [[cell.text_content() for cell in row] for row in page.iterfind(".//tbody/tr")]
    assert {row[0] for row in rows[:2]} == {"坏 1.txt", "空.txt"}
    links = {link.text: link.get("href") for link in page.iterfind(".//tbody//a")}
    assert links == {"坏 1.txt": "%E5%9D%8F%201.txt.html", "好.txt": "%E5%A5%BD.txt.html"}
    assert [head.get("scope") for head in page.iterfind(".//thead//th")] == ["col"] * len(HEADS)


def test_scores_of_the_workbook_are_numbers_to_sort_by(tmp_path: Path) -> None:
    data = as_workbook([audited(tmp_path, "a.txt", WRONG)], "zh")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["a.txt", 95, "优"]
    assert sheet.auto_filter.ref


def test_the_same_files_give_the_same_bytes_a_day_later_and_others_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(text: str) -> tuple[bytes, bytes, str]:
        file = audited(tmp_path, "a.txt", text)
        return as_workbook([file], "zh"), file.word, file.page

    first = written(WRONG)
    assert all(first)
    monkeypatch.setattr("openpyxl.writer.excel.datetime", SimpleNamespace(**LATER))
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert written(WRONG) == first
    changed = written(WRONG.replace("30%", "31%"))
    assert not any(map(bytes.__eq__, changed[:2], first[:2]))


def test_a_text_that_begins_like_a_formula_stays_one_when_it_is_edited(tmp_path: Path) -> None:
    data = as_workbook([audited(tmp_path, "=1+1.txt", WRONG)], "zh")
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1.txt", "s", True)


def test_the_style_of_a_page_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = audited(tmp_path, "a.txt", WRONG)
    for page in (file.page, as_summary([file], HEADS, "zh")):
        style = page.partition("<style>")[2].partition("</style>")[0]
        assert '"Noto Sans CJK SC"' in style
        assert "&" not in style


def test_rows_and_columns_in_which_no_cell_begins_are_none_of_the_page(tmp_path: Path) -> None:
    table = """<table>
      <tr><td colspan="3" rowspan="2">甲</td><td>10</td></tr><tr></tr>
      <tr><td colspan="3">乙</td><td>20</td></tr></table>"""
    page = html.document_fromstring(audited(tmp_path, "a.html", table).page)
    rows = [
        [(cell.text_content(), cell.get("rowspan"), cell.get("colspan")) for cell in row]
        for row in page.iterfind(".//main//tr")
    ]
    assert rows == [
        [("甲", None, None), ("10", None, None)],
        [("乙", None, None), ("20", None, None)],
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_the_style_of_marks_of_comments_is_defined_and_no_old_styles_are_left(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    if name.endswith(".txt"):
        path.write_text(WRONG, "utf-8")
    else:
        document = docx.Document()
        document.add_paragraph(WRONG)
        document.save(str(path))
    data = audit_file(AuditRequest(path, name, "zh", word=True)).word
    written = docx.Document(io.BytesIO(data))
    assert 'rStyle w:val="CommentReference"' in written.element.xml
    assert [each.name for each in written.styles].count("annotation reference") == 1
    assert "CommentReference" in {each.style_id for each in written.styles}
    if name.endswith(".txt"):  # what came as Word is sent back as it came
        assert not any("Effects" in each.reltype for each in written.part.rels.values())
