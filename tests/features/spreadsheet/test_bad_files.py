"""What clerks send by mistake: each told by kind, code and place, in the language asked for."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass, field

import docx
import pytest
from workbooks import FUNDS, book, data, sheet

from reportgen.features.spreadsheet.importing import plan
from reportgen.features.spreadsheet.matching import Request
from reportgen.findings.renderers import message
from reportgen.model import limits
from small_project import SmallProject, reportgen

HEAD = ("项目名称", "年初预算数（万元）", "决算数（万元）")
ROW = ("业务培训经费", 20, 18.4)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Sent:
    """A file as it was sent, how it is imported, and what is told of it first of all."""

    name: str
    raw: bytes
    code: str
    place: str = ""
    exit: int = 1
    options: dict[str, object] = field(default_factory=dict)

    @property
    def where(self):
        """Return the place as it is printed behind the name of the file."""
        if "!" in self.place:
            return f"[{self.place}]"
        return self.place if self.place[:1] in {"", ":"} else f" {self.place}"


def rows(*lines, code, place, exit_code=1, change=None, **options):
    """Return a workbook of a header and some lines, changed by `change`."""
    made = book(HEAD, *lines)
    if change is not None:
        change(sheet(made))
    return Sent("表.xlsx", data(made), code, place, exit_code, options)


def table(*lines, code, place="", exit_code=1, **options):
    return Sent("表.xlsx", data(book(*lines)), code, place, exit_code, options)


def archive(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in members.items():
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content, packing)
    return packed.getvalue()


def word(*lines):
    made = docx.Document()
    made.add_paragraph("单位：万元")
    for _ in range(len(lines) and 1):
        grid = made.add_table(len(lines), len(lines[0]))
        for row, line in zip(grid.rows, lines, strict=True):
            for cell, text in zip(row.cells, line, strict=True):
                cell.text = str(text)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def page(*tables):
    parts = ["<html><meta charset=utf-8><body><p>单位：万元</p>"]
    for lines in tables:
        cells = ["".join(f"<td>{text}</td>" for text in line) for line in lines]
        parts.append(
            "<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table><p>又</p>"
        )
    return "".join(parts).encode()


def text(*lines, sep=",", encoding="utf-8"):
    return "\r\n".join(sep.join(map(str, line)) for line in lines).encode(encoding)


def hidden_row(made):
    made.row_dimensions[3].hidden = True


def merged(made):
    made.merge_cells("C2:C3")


def two_decimals(made):
    made["C2"].number_format = "0.00"


CSV = ((*HEAD,), ROW)
FILES = {
    "lock file": Sent("~$表.xlsx", b"\x06clerk" + b" " * 150, "X130"),
    "empty workbook": Sent("表.xlsx", b"", "X131"),
    "zeros": Sent("表.csv", b"\0" * 90, "X131"),
    "blank lines": Sent("表.csv", b"\r\n\r\n", "X131"),
    "words called a workbook": Sent("表.xlsx", "见附件".encode(), "X101"),
    "cut off": Sent("表.xlsx", data(book(HEAD, ROW))[:-300], "X101"),
    "archive called a workbook": Sent("表.xlsx", archive(a="b"), "X101"),
    "archive": Sent("表.zip", archive(a="b"), "A502"),
    "picture": Sent("表.xlsx", b"\xff\xd8\xff\xe0" + b"\1" * 99, "A502"),
    "old workbook": Sent("表.xls", _OLE + "Workbook\0".encode("utf-16-le"), "X102"),
    "older workbook": Sent("表.xls", _OLE + "Book\0".encode("utf-16-le"), "X102"),
    "old workbook of WPS": Sent("表.et", _OLE + "Workbook\0".encode("utf-16-le"), "X102"),
    "binary workbook": Sent("表.xlsx", archive(xl__workbook_DOT_bin="x"), "X102"),
    "OpenDocument": Sent(
        "表.ods", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "X102"
    ),
    "XML spreadsheet": Sent(
        "表.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "X102",
    ),
    "locked": Sent("表.xlsx", _OLE + "EncryptedPackage\0".encode("utf-16-le"), "X103"),
    "bomb": Sent(
        "表.xlsx",
        archive(xl__workbook_DOT_xml=b"<a/>", xl__worksheets__sheet1_DOT_xml=b" " * 9**8),
        "X104",
    ),
    "too many columns": Sent("表.csv", b"," * (limits.SHEET_COLUMNS + 1), "X104"),
    "damaged Word file": Sent("表.docx", word(CSV[0], ROW)[:-400], "A501"),
    "Word file without tables": Sent("表.docx", word(), "X132"),
    "damaged PDF": Sent("表.pdf", b"%PDF-1.7\n%%EOF", "A501"),
    "page without tables": Sent("表.html", page(), "X132"),
    "merge conflict": Sent(
        "表.csv", b"a,b\n<<<<<<< HEAD\n1,2\n=======\n3,4\n>>>>>>> x\n", "L132", ":2:1"
    ),
    "no text": Sent("表.csv", b"a,b\n\xff\xff\x80,\x81", "X101"),
    "one column": Sent("表.csv", "名称\n甲".encode(), "X101"),
    "quote without end": Sent("表.csv", b'a,b\n"c,d', "X101"),
    "no header": table(["甲", 1], code="X106"),
    "empty sheet": table([], code="X105"),
    "no such sheet": table(HEAD, ROW, code="X107", sheet="表九"),
    "no such table": table(HEAD, ROW, code="X108", into="没有"),
    "two tables alike": Sent("表.html", page(CSV, CSV), "X107"),
    "column twice": table([*HEAD, "决算"], [*ROW, 1], code="X109", place="Sheet1!D1"),
    "unit nobody knows": table(
        ["单位：万圆元"],
        ["项目名称", "决算数"],
        ["业务培训经费", 1],
        code="X110",
        place="Sheet1!A1",
    ),
    "amounts merged": rows(
        ROW, ("行业普查经费", 1, 1), code="X111", place="Sheet1!C2", change=merged
    ),
    "error of a formula": rows(("业务培训经费", 20, "#DIV/0!"), code="X112", place="Sheet1!C2"),
    "column too narrow": Sent("表.csv", text(HEAD, ("业务培训经费", 20, "####")), "X112", "CSV!C2"),
    "formula without value": rows(
        ("业务培训经费", 20, "=1+1"), code="X113", place="Sheet1!C2", exit_code=0
    ),
    "words for a number": rows(("业务培训经费", 20, "待定"), code="X114", place="Sheet1!C2"),
    "date for a number": rows(
        ("业务培训经费", 20, dt.date(2023, 5, 1)), code="X114", place="Sheet1!C2"
    ),
    "truth for a number": rows(("业务培训经费", 20, True), code="X114", place="Sheet1!C2"),
    "two points": rows(("业务培训经费", 20, "18.4.1"), code="X114", place="Sheet1!C2"),
    "digits without end": rows(("业务培训经费", 20, "9" * 60), code="X114", place="Sheet1!C2"),
    "digits hidden": rows(
        ("业务培训经费", 20, 18.4567),
        code="X115",
        place="Sheet1!C2",
        exit_code=0,
        change=two_decimals,
    ),
    "wrong total": rows(ROW, ("合计", 20, 18.5), code="X116", place="Sheet1!C3"),
    "row twice": rows(ROW, ROW, code="X117", place="Sheet1!A3"),
    "new row that lacks": rows(("甲", 1, 1), code="X119", place="Sheet1!2:2", into="funds"),
    "hidden row": rows(
        ROW, ("行业普查经费", 1, 1), code="X120", place="Sheet1!3:3", exit_code=0, change=hidden_row
    ),
    "unknown words": table(
        [*HEAD, "备注"], [*ROW, "略"], code="X121", place="Sheet1!D1", exit_code=0
    ),
    "note": rows(ROW, ("注：略", None, None), code="X122", place="Sheet1!3:3", exit_code=0),
    "unknown line": table(
        HEAD, ("公务招待费", 1, 1), code="X125", place="Sheet1!A2", exit_code=0, into="budget"
    ),
    "nobody's values": rows((None, 1, 1), code="X126", place="Sheet1!2:2", into="funds"),
    "last year": table(
        [*HEAD, "上年决算数"], [*ROW, 1], code="X127", place="Sheet1!D1", exit_code=0
    ),
    "no unit": table(
        ["项目名称", "决算数"], ["业务培训经费", 184000], code="X133", place="Sheet1!B1"
    ),
    "words for a number in Word": Sent(
        "表.docx",
        word(("项目名称", "决算数"), ("业务培训经费", "待定")),
        "X114",
        "表1 第2行第2列",
    ),
    "yuan": rows(("业务培训经费", 20, 184000), code="X134", place="Sheet1!C2"),
    "yuan as ten thousands": table(
        ["项目名称", "决算数（元）"], ["业务培训经费", 18.4], code="X134", place="Sheet1!B2"
    ),
    "no such field": table(HEAD, ROW, code="X137", named={"决算数": "没有"}),
    "amounts nobody knows": table(
        [*HEAD, "预算数"], [*ROW, 20], code="X138", place="Sheet1!D1", exit_code=0
    ),
    "two units": table(
        ["单位：元", "单位：万元"],
        ["项目名称", "决算数"],
        ["业务培训经费", 1],
        code="X139",
        place="Sheet1!B1",
    ),
    "no such heading": table(HEAD, ROW, code="X140", named={"预算": "年初预算数"}),
    "no id": table(
        ["标识", *HEAD], ["园区 1", "甲", 1, 1], code="S215", place="Sheet1!A2", into="funds"
    ),
    "below zero": rows(("业务培训经费", 20, "(18.4)"), code="S212", place="Sheet1!C2"),
    "page called a workbook": Sent("表.xls", page(CSV), "A507", exit=0),
    "text called a workbook": Sent("表.xls", text(*CSV, sep="\t"), "A507", exit=0),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return SmallProject.copied(tmp_path_factory.mktemp("bad") / "project")


def request(sent):
    return Request(sent.name, sent.raw, "bureau", 2023, **sent.options)


def flags(options):
    for name, value in options.items():
        if name == "named":
            for label, wanted in value.items():
                yield from ("--column", f"{label}={wanted}")
        else:
            yield from (f"--{name}", value)


@pytest.mark.parametrize("sent", FILES.values(), ids=FILES)
def test_what_was_sent_is_told_at_its_place_in_both_languages(project, sent):
    found = {each.code: each for each in plan(project.files, request(sent)).findings}
    told = found[sent.code]
    zh, en = message(told, "zh"), message(told, "en")
    assert _HAN.search(zh)
    quoted = "".join(told.params.values())
    assert not set(_HAN.findall(en)) - set(quoted) - set("元万")
    assert "{" not in zh + en


@pytest.mark.parametrize("sent", FILES.values(), ids=FILES)
def test_command_tells_it_and_exits_as_it_should(project, tmp_path, sent):
    path = tmp_path / sent.name
    path.write_bytes(sent.raw)
    before = project.text(FUNDS)
    options = ("--root", project.root, "--unit", "bureau", "--year", 2023, "--lang", "zh")
    style = ("--output-format", "concise", "--dry-run", *flags(sent.options))
    done = reportgen("import", path, *options, *style)
    assert re.search(rf"{re.escape(sent.name + sent.where)}: \w+\[{sent.code}\] ", done.out)
    assert done.code == sent.exit
    assert "程序内部错误" not in done.out + done.err
    assert project.text(FUNDS) == before


ENCODED = {
    "UTF-8": ("utf-8", ","),
    "UTF-8 with a mark": ("utf-8-sig", ","),
    "GB18030": ("gb18030", ","),
    "UTF-16": ("utf-16", "\t"),
    "semicolons": ("utf-8", ";"),
}


@pytest.mark.parametrize(("encoding", "sep"), ENCODED.values(), ids=ENCODED)
def test_separated_values_are_read_in_any_encoding(project, encoding, sep):
    raw = text(HEAD, ("业务培训经费", "20", "19"), sep=sep, encoding=encoding)
    result = plan(project.files, Request("表.csv", raw, "bureau", 2023))
    assert [cell.new for cell in result.cells if cell.result == "changed"] == ["19万元"[:2]]
    assert not result.findings


@pytest.mark.parametrize(
    "options", [("--amount-unit", "个"), ("--amount-unit", "万圆"), ("--column", "预算数")]
)
def test_option_that_says_nothing_is_a_usage_error(project, tmp_path, options):
    path = tmp_path / "表.csv"
    path.write_bytes(text(*CSV))
    where = ("--root", project.root, "--unit", "bureau", "--year", 2023)
    assert reportgen("import", path, *where, *options).code == 2
