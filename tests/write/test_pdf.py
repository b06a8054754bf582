from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from pictures import jpeg, png
from reportgen.compose.pictures import read_picture
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Value,
)
from reportgen.model.edition import Edition
from reportgen.model.grid import GridError
from reportgen.verify.comparison import differences
from reportgen.verify.expected import ExpectedContent
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Part
from reportgen.verify.pdf import PdfFile, read_pdf
from reportgen.verify.pdf_parts import read_pdf_parts
from reportgen.verify.readback import GridCell
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import find_fonts
from reportgen.write.pdf.writer import write_pdf
from strategies import tables

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "templates" / "shared" / "report.typ").read_text("utf-8")
EDITION = Edition(frame=b"", page="", css="", typst=TEMPLATE)
BOOK = find_fonts(system=False)
MILLIMETRE = 72 / 25.4


def document(*blocks, **properties):
    given = {
        "title": ("2023年度某局", "自评报告"),
        "language": "zh-CN",
        "subject": "部门整体支出绩效自评",
        "organization": "某市工业和信息化局",
        "date": "2024-06-28",
        "audience": "internal",
    }
    return Document(**(given | properties), blocks=blocks)


def line(text, role="body"):
    return Paragraph((Text(text),), role)


def cell(*lines, **properties):
    return Cell(tuple((Text(text),) for text in lines), **properties)


def form(*rows, widths=None, **properties):
    widths = widths or (1,) * sum(each.colspan for each in rows[0].cells)
    return Table("form", properties.pop("caption", "基础数据表"), widths, rows, **properties)


def annex(*blocks, label="附件1", title="基础数据表", **properties):
    return Annex(label, (Text(title),), blocks, "annex", **properties)


def written(*blocks, **properties):
    return write_pdf(document(*blocks, **properties), EDITION, BOOK)


def pages(data):
    """Return the lines of every page, from top to bottom, as PDFium sees them."""
    return [
        page.get_textpage().get_text_range().splitlines() for page in pypdfium2.PdfDocument(data)
    ]


def boxes(data, number, word):
    """Return left, bottom, right, top in points of every `word` on page `number`, from 1."""
    page = pypdfium2.PdfDocument(data)[number - 1]
    words = page.get_textpage()
    found = []
    search = words.search(word)
    while hit := search.get_next():
        first, count = hit
        edges = [words.get_charbox(first + i) for i in range(count)]
        sides = list(zip(*edges, strict=True))
        found.append((min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])))
    return found


def bookmarks(data):
    """Return each bookmark as its depth, from 1, and its title."""
    listed = []

    def add(items, depth):
        for item in items:
            listed.append((depth, item.title))
            add(item.children, depth + 1)

    with pikepdf.open(io.BytesIO(data)) as opened, opened.open_outline() as outline:
        add(outline.root, 1)
    return tuple(listed)


def assert_says(data, wanted):
    """Assert that the PDF says what `wanted` says, no more and no less, in its order."""
    found = differences(read_pdf(data).stream, ExpectedContent(wanted).sequence)
    assert found.missing == ()
    assert found.unexpected == ()


LONG = "全市规模工业增加值增长4.8%，连续7个月实现环比正增长；" * 6


def everything():
    """Return a document with a block of every kind."""
    head = Row((cell("项目", header="col"), cell("预算", header="col")), head=True)
    return document(
        line("开头"),
        Heading(1, "一、", (Text("概况"),), "a"),
        Heading(2, "（一）", (Text("机构"),), "b"),
        Paragraph((Text("预算"), Value("12.5万元", "12.5", "k"), Break(), Strong((Text("重点"),)))),
        Items((ListItem("1.", (Text("甲"),)), ListItem("2.", (Text("乙"),)))),
        form(
            head,
            Row((cell("三公经费", header="row"), cell("27", align="right"))),
            show_caption=True,
        ),
        *(line(f"第{role}段", role) for role in ("plain", "center", "right", "note")),
        PageBreak(),
        AttachmentList(((Text("基础数据表"),), (Text("自评表"),))),
        SignOff(((Text("某市工业和信息化局"),), (Text("2024年6月28日"),))),
        annexes=(
            annex(form(head, Row((cell("a"), cell("b")))), line("完")),
            annex(line("横排"), label="附件2", title="自评表", landscape=True),
        ),
    )


@cache
def sample():
    return write_pdf(everything(), EDITION, BOOK)


class TestFile:
    def test_is_archival_and_accessible(self):
        facts = PdfFile(sample()).facts
        assert (facts.archival, facts.accessible) == ("2A", "1")
        assert list(PdfFile(sample()).nonconformities()) == []

    def test_says_everything_in_order(self):
        assert_says(sample(), everything())

    def test_has_the_properties_of_the_document(self):
        with pikepdf.open(io.BytesIO(sample())) as pdf:
            properties = {key: str(value) for key, value in pdf.docinfo.items()}
            assert pdf.Root.Lang == "zh-CN"
        assert properties["/Title"] == "2023年度某局自评报告"
        assert properties["/Author"] == "某市工业和信息化局"
        assert properties["/Subject"] == "部门整体支出绩效自评"
        assert properties["/CreationDate"].startswith("D:20240628")

    def test_has_the_same_bytes_again(self):
        assert write_pdf(everything(), EDITION, BOOK) == sample()

    def test_has_the_same_bytes_in_another_process(self):
        code = "import sys, test_pdf; sys.stdout.buffer.write(test_pdf.sample())"
        path = os.pathsep.join([str(Path(__file__).parent), str(ROOT / "tests"), *sys.path])
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7"},
            capture_output=True,
            check=True,
        )
        assert done.stdout == sample()

    def test_embeds_the_fonts_of_the_book(self):
        assert set(PdfFile(sample()).fonts) == {
            "LibertinusSerif-Regular",
            "NotoSansSC-Regular",
            "NotoSerifSC-Regular",
        }

    def test_carries_no_keys_and_no_notes(self):
        value = Value("12.5万元", "12.5", "three_public.total")
        made = written(Paragraph((value,)), notes={"three_public.total": "预算加决算"})
        parts = read_pdf_parts("", OpenedFile(made))
        text = "".join(p for part in parts if isinstance(part, Part) for p in part.pieces)
        assert "12.5万元" in text
        assert "three_public" not in text
        assert "预算加决算" not in text

    def test_bookmarks_are_headings_and_annexes(self):
        assert bookmarks(sample()) == (
            (1, "一、概况"),
            (2, "（一）机构"),
            (1, "附件1 基础数据表"),
            (1, "附件2 自评表"),
        )

    def test_bookmarks_leave_out_no_depth(self):
        made = written(
            Heading(2, "（一）", (Text("早"),), "a"),
            Heading(1, "一、", (Text("概况"),), "b"),
            Heading(3, "1.", (Text("跳级"),), "c"),
            Heading(4, "（1）", (Text("深"),), "d"),
            Heading(2, "（一）", (Text("补"),), "e"),
            annexes=(annex(Heading(1, "一、", (Text("内"),), "f")),),
        )
        depths = [depth for depth, _ in bookmarks(made)]
        assert depths == [1, 1, 2, 3, 2, 1, 2]


class TestPage:
    def test_holds_22_lines_of_28_characters(self):
        made = written(PageBreak(), line("国" * 28 * 50, "plain"))
        second = pages(made)[1]
        assert Counter(second) == {"国" * 28: 22, "— 2 —": 1}

    def test_has_the_margins_of_the_standard(self):
        made = written(PageBreak(), line("国" * 28 * 50, "plain"))
        sides = list(zip(*boxes(made, 2, "国"), strict=True))
        left, bottom, right, top = (
            n / MILLIMETRE for n in (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
        )
        assert left == pytest.approx(28, abs=1)
        assert right == pytest.approx(210 - 26, abs=1)
        assert 297 - top == pytest.approx(37, abs=4)
        assert bottom == pytest.approx(35, abs=4)

    def test_number_is_right_on_odd_pages_and_left_on_even_ones(self):
        made = written(PageBreak(), PageBreak(), line("三"), PageBreak(), line("四"))
        one = boxes(written(line("一")), 1, "— 1 —")[0]
        assert one[2] / MILLIMETRE == pytest.approx(210 - 26 - 14 / MILLIMETRE, abs=1)
        two = boxes(made, 2, "— 2 —")[0]
        assert two[0] / MILLIMETRE == pytest.approx(28 + 14 / MILLIMETRE, abs=1)
        dash = boxes(made, 2, "—")[0]
        assert dash[3] / MILLIMETRE == pytest.approx(35 - 7, abs=1)

    def test_turned_page_keeps_its_number_where_others_have_it(self):
        made = written(annexes=(annex(line("横"), landscape=True), annex(line("竖"))))
        document = pypdfium2.PdfDocument(made)
        sizes = [tuple(round(n / MILLIMETRE) for n in page.get_size()) for page in document]
        assert sizes == [(210, 297), (297, 210), (210, 297)]
        _, bottom, right, top = boxes(made, 2, "2")[0]
        assert right / MILLIMETRE < 35
        assert bottom / MILLIMETRE > 150
        assert top / MILLIMETRE < 210 - 28
        assert pages(made)[2][-1] == "— 3 —"

    def test_annex_begins_a_page_with_its_label_and_title(self):
        made = written(line("正文"), annexes=(annex(line("甲")),))
        assert pages(made)[1] == ["附件1", "基础数据表", "甲", "— 2 —"]
        label, title = boxes(made, 2, "附件1")[0], boxes(made, 2, "基础数据表")[0]
        assert label[0] / MILLIMETRE == pytest.approx(28, abs=1)
        assert sum(title[::2]) / 2 / MILLIMETRE == pytest.approx(28 + 78, abs=1)

    def test_body_is_indented_by_two_characters(self):
        made = written(line("甲" + "国" * 27))
        assert boxes(made, 1, "甲")[0][0] / MILLIMETRE == pytest.approx(28 + 2 * 156 / 28, abs=1)
        assert "甲" + "国" * 25 in pages(made)[0]


class TestEmphasis:
    @staticmethod
    def stroked(made):
        """Return the texts that are drawn with strokes."""
        page = pypdfium2.PdfDocument(made)[0]
        words = page.get_textpage()
        found = []
        for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
            mode = pypdfium2.raw.FPDFTextObj_GetTextRenderMode(each.raw)
            if mode == pypdfium2.raw.FPDF_TEXTRENDERMODE_FILL_STROKE:
                found.append(words.get_text_bounded(*each.get_bounds()).strip())
        return "".join(found)

    def test_is_seen_of_digits_and_letters_too(self):
        made = written(Paragraph((Text("年3"), Strong((Text("下降12.5%以上"),)))))
        assert self.stroked(made) == "12.5%"
        assert_says(made, document(Paragraph((Text("年3"), Strong((Text("下降12.5%以上"),))))))

    def test_is_seen_in_a_head_that_is_set_in_its_face(self):
        head = Row(
            (Cell(((Strong((Text("名称"),)),),), header="col"), cell("栏", header="col")), True
        )
        assert self.stroked(written(form(head, Row((cell("a"), cell("b")))))) == "名称"


class TestPictures:
    SEAL = read_picture("a", "局的公章", 30, {"a": png()})
    LOGO = read_picture("b", "市标志", 200, {"b": jpeg()})

    def made(self):
        cells = (cell("盖章", picture=self.SEAL), Cell(((),), picture=self.LOGO))
        head = Row((cell("表头", header="col", picture=self.LOGO), cell("b")), head=True)
        rows = (Row(cells), Row((Cell(((),), picture=self.SEAL, vertical=True), cell("a"))))
        return document(form(*rows), form(head, Row((cell("c"), cell("d")))))

    def test_are_shown_as_wide_as_they_should_be_and_no_wider_than_their_cells(self):
        page = pypdfium2.PdfDocument(write_pdf(self.made(), EDITION, BOOK))[0]
        shown = []
        for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
            left, bottom, right, top = each.get_bounds()
            shown.append(((right - left) / MILLIMETRE, (top - bottom) / MILLIMETRE))
        cell_width = 156 / 2 - 6 / MILLIMETRE
        wanted = [(30, 30), (cell_width, cell_width / 4), (30, 30), (cell_width, cell_width / 4)]
        assert shown == [pytest.approx(size, abs=0.5) for size in wanted]

    def test_are_told_to_those_who_cannot_see_them(self):
        read = read_pdf(write_pdf(self.made(), EDITION, BOOK))
        assert read.pictures == ("局的公章", "市标志", "局的公章", "市标志")
        assert read.pictures == ExpectedContent(self.made()).pictures
        assert [each.text for each in read.tables[0]] == ["盖章", "", "", "a"]

    def test_leave_the_file_archival_and_accessible(self):
        made = write_pdf(self.made(), EDITION, BOOK)
        assert list(PdfFile(made).nonconformities()) == []
        assert_says(made, self.made())
        assert write_pdf(self.made(), EDITION, BOOK) == made


class TestBoxes:
    TEXT = "□是 ☑否 ☒无 ☐未 √"

    def test_are_printed_and_read_back_wherever_they_stand(self):
        made = document(
            line(self.TEXT),
            form(Row((cell(self.TEXT), Cell(((Strong((Text("☑"),)),),), vertical=True)))),
            form(Row((cell("☐"),)), caption=self.TEXT, show_caption=True),
            annexes=(annex(line(self.TEXT), title=f"表{self.TEXT}"),),
        )
        assert_says(write_pdf(made, EDITION, BOOK), made)

    def test_stand_alone_as_high_as_other_texts(self):
        made = written(form(Row((cell("国"), cell("☒"), cell("□")), height=20)))
        middles = [sum(boxes(made, 1, each)[0][1::2]) / 2 for each in "国☒□"]
        assert max(middles) - min(middles) < 2

    def test_are_as_wide_as_the_characters_beside_them(self):
        made = written(line("国☑国☑国☒国☐国"))
        lefts = [box[0] for box in boxes(made, 1, "国")]
        steps = [right - left for left, right in pairwise(lefts)]
        assert steps == pytest.approx([2 * 156 / 28 * MILLIMETRE] * 4, abs=1)


class TestBelowTheText:
    def test_one_attachment_has_no_number(self):
        assert "附件：自评表" in read_pdf(written(AttachmentList(((Text("自评表"),),)))).texts

    def test_names_of_attachments_lead_to_their_annexes(self):
        titles = ((Text("自评表"),), (Text("基础数据表"),), (Text("另附"),))
        annexes = (
            replace(annex(line("x"), title="自评表"), anchor="annex-1"),
            replace(annex(line("y"), label="附件2", title="基础数据表"), anchor="annex-2"),
        )
        made = written(AttachmentList(titles), annexes=annexes)
        with pikepdf.open(io.BytesIO(made)) as pdf:
            links = [each for each in pdf.pages[0].Annots if each.Subtype == "/Link"]
            assert len(links) == 2, "the third has no annex"
            pages = [page.obj.objgen for page in pdf.pages]
            places = pikepdf.NameTree(pdf.Root.Names.Dests)
            targets = [places[str(each.A.D if "/A" in each else each.Dest)] for each in links]
            found = [each.D if isinstance(each, pikepdf.Dictionary) else each for each in targets]
            assert [pages.index(each[0].objgen) for each in found] == [1, 2]
        assert PdfFile(made).readback().texts[1:4] == (
            "附件：1.自评表",
            "2.基础数据表",
            "3.另附",
        )

    def test_names_of_attachments_stand_below_each_other(self):
        titles = tuple((Text(f"表{n}、" * (4 if n > 1 else 10)),) for n in range(1, 11))
        made = written(AttachmentList(titles))
        lefts = [boxes(made, 1, f"表{n}、")[0][0] for n in range(1, 11)]
        assert max(lefts) - min(lefts) < 0.5
        assert f"附件：1.{'表1、' * 10}" in read_pdf(made).texts

    def test_date_begins_two_characters_after_the_name(self):
        made = written(SignOff(((Text("某某市工业和信息化局"),), (Text("2024年6月28日"),))))
        name, date = boxes(made, 1, "某某市")[0], boxes(made, 1, "2024年6月28日")[0]
        assert date[0] - name[0] == pytest.approx(32, abs=2)
        end = boxes(made, 1, "信息化局")[0][2]
        assert end / MILLIMETRE == pytest.approx(210 - 26 - 2 * 156 / 28, abs=1)

    def test_long_date_moves_the_name(self):
        made = written(SignOff(((Text("政府"),), (Text("二〇二四年六月二十八日"),))))
        name, date = boxes(made, 1, "政府")[0], boxes(made, 1, "二〇二四年六月二十八日")[0]
        assert date[0] - name[0] == pytest.approx(32, abs=2)
        assert date[2] / MILLIMETRE == pytest.approx(210 - 26 - 2 * 156 / 28, abs=1)

    @pytest.mark.parametrize("lines", range(12, 22))
    def test_sign_off_is_never_alone_on_a_page(self, lines):
        made = written(
            line("国" * 28 * lines, "plain"),
            Heading(1, "九、", (Text("其他"),), "a"),
            line("无。"),
            AttachmentList(((Text("自评表"),),)),
            SignOff(((Text("某局"),), (Text("2024年6月28日"),))),
        )
        last = next(page for page in pages(made) if any("某局" in each for each in page[2:]))
        assert any("无。" in each for each in last)


class TestTable:
    def test_row_is_held_open_and_its_texts_stand_where_they_should(self):
        cells = tuple(cell("国", place=place) for place in ("top", "middle", "bottom"))
        made = written(form(Row(cells, height=40), Row((cell("国"), cell(""), cell("")))))
        top, middle, bottom, below = [sum(box[1::2]) / 2 for box in boxes(made, 1, "国")]
        line_height = 18
        assert top - bottom == pytest.approx(40 * MILLIMETRE - 5 - line_height, abs=2)
        assert middle - bottom == pytest.approx((top - bottom) / 2, abs=2)
        assert bottom - below == pytest.approx(line_height + 5, abs=2)

    def test_rows_that_all_cells_span_are_held_open_together(self):
        cells = (cell("国", rowspan=2, place="top"), cell("国", rowspan=2, place="bottom"))
        made = written(form(Row(cells, height=30), Row((), height=10)))
        top, bottom = [sum(box[1::2]) / 2 for box in boxes(made, 1, "国")]
        assert top - bottom == pytest.approx(40 * MILLIMETRE - 5 - 18, abs=2)

    def test_row_grows_beyond_its_least_height(self):
        made = written(form(Row((cell(*["行"] * 10), cell("a", place="bottom")), height=10)))
        (*_, last) = boxes(made, 1, "行")
        assert boxes(made, 1, "a")[0][1] == pytest.approx(last[1], abs=3)

    def test_small_text_is_of_9_points(self):
        made = written(form(Row((cell("国" * 4, small=True), cell("国" * 4)))))
        small, usual = boxes(made, 1, "国国国国")
        assert (small[2] - small[0]) / (usual[2] - usual[0]) == pytest.approx(9 / 12, abs=0.01)

    def heads(self, *names):
        return Row(tuple(cell(name, header="col", align="center") for name in names), head=True)

    def test_head_is_repeated_on_the_next_page_but_read_once(self):
        rows = [Row((cell(f"项目{n}"), cell(str(n), align="right"))) for n in range(60)]
        made = written(form(self.heads("名称", "金额"), *rows))
        assert len(pages(made)) > 2
        assert all(page[0] == "名称 金额" for page in pages(made)[1:])
        assert read_pdf(made).stream.count("名称") == 1

    def test_later_head_takes_the_place_of_the_first(self):
        rows = [Row((cell(f"项目{n}"), cell(str(n)))) for n in range(60)]
        made = written(form(self.heads("甲", "乙"), *rows[:3], self.heads("丙", "丁"), *rows))
        assert pages(made)[1][:2] == ["丙", "丁"]
        assert pages(made)[-1][:2] == ["丙", "丁"]

    def test_label_that_leaves_its_head_is_repeated_with_it(self):
        label = cell("绩效指标", vertical=True, rowspan=61, header="row")
        head = Row((label, cell("名称", header="col")), head=True)
        rows = [Row((cell(f"项目{n}"),)) for n in range(60)]
        made = written(form(head, *rows, widths=(1, 9)))
        assert pages(made)[1][:5] == ["绩", "效", "指", "标", "名称"]
        assert read_pdf(made).tables[0][:3] == (
            GridCell(0, 0, 1, 1, "绩效指标", "row"),
            GridCell(0, 1, 1, 1, "名称", "col"),
            GridCell(1, 0, 60, 1, ""),
        )
        assert_says(made, document(form(head, *rows, widths=(1, 9))))

    @settings(deadline=None, max_examples=25)
    @given(st.lists(tables(), min_size=1, max_size=4))
    def test_cells_of_any_spans_are_read_back_where_they_stand(self, forms):
        wanted = document(*(numbered(each) for each in forms))
        made = write_pdf(wanted, EDITION, BOOK)
        assert read_pdf(made).tables == ExpectedContent(wanted).grids
        assert list(PdfFile(made).nonconformities()) == []

    def test_row_is_on_one_page(self):
        rows = [Row((cell(f"甲{n}。", "二", f"末{n}。"), cell("x"))) for n in range(40)]
        for page in pages(written(form(*rows))):
            words = "".join(page)
            assert re.findall(r"甲(\d+)。", words) == re.findall(r"末(\d+)。", words) != []

    def test_row_taller_than_a_page_breaks(self):
        made = written(form(Row((cell(LONG * 12), cell("x")))))
        assert len(pages(made)) > 1
        assert list(PdfFile(made).nonconformities()) == []

    @pytest.mark.parametrize("lines", range(14, 22))
    def test_text_of_a_label_is_on_one_page(self, lines):
        rows = [Row((cell(f"第{n}行"),)) for n in range(40)]
        rows[0] = Row((cell("年度", "总体", "目标", rowspan=40), cell("第0行")))
        made = written(line("国" * 28 * lines, "plain"), form(*rows, widths=(1, 9)))
        with_label = [page for page in pages(made) if "年度" in page]
        assert len(with_label) == 1
        assert {"总体", "目标"} <= set(with_label[0])

    def test_what_follows_a_tab_stands_at_the_right_end_of_its_cell(self):
        made = written(form(Row((cell("签字：\t年月日"),)), widths=(1,)))
        assert boxes(made, 1, "年月日")[0][2] == pytest.approx((28 + 156) * MILLIMETRE - 4, abs=2)
        assert read_pdf(made).tables[0][0].text == "签字：年月日"

    def test_label_is_set_again_on_every_page_that_its_rows_go_on_to_but_read_once(self):
        label = cell("产出", rowspan=60, header="row")
        rows = [Row((label, cell("1"))), *[Row((cell(str(n)),)) for n in range(2, 61)]]
        made = written(form(self.heads("级", "数"), *rows, Row((cell("计"), cell("x")))))
        assert [page.count("产出") for page in pages(made)] == [1, 1, 1]
        assert [each.text for each in read_pdf(made).tables[0]].count("产出") == 1
        (first,), (second,) = boxes(made, 1, "产出"), boxes(made, 2, "产出")
        assert second[0] == pytest.approx(first[0], abs=0.1)
        number = next(each for each in pages(made)[1] if each.isdecimal())
        assert second[1] == pytest.approx(boxes(made, 2, number)[0][1], abs=6)

    def test_label_set_again_stands_below_the_head_where_a_blank_cell_spans_all_rows(self):
        head = Row(tuple(cell(text, header="col") for text in ("绩\n效", "级", "数")), head=True)
        blank, label = cell("", rowspan=33), cell("产出", rowspan=30, header="row")
        rows = [Row((blank, label, cell("1"))), *[Row((cell(str(n)),)) for n in range(2, 31)]]
        other = Row((cell("效益", rowspan=3, header="row"), cell("x")))
        made = written(form(head, *rows, other, *[Row((cell("y"),))] * 2))
        assert 0 < boxes(made, 2, "级")[0][1] - boxes(made, 2, "产出")[0][3] < 25

    def test_label_whose_rows_end_with_the_page_is_not_set_again(self):
        label = cell("产出", rowspan=20, header="row")
        rows = [Row((label, cell("1"))), *[Row((cell(str(n)),)) for n in range(2, 21)]]
        other = [Row((cell(f"行{n}"), cell("y"))) for n in range(40)]
        made = written(form(*rows, *other))
        assert sum(page.count("产出") for page in pages(made)) == 1

    @pytest.mark.parametrize("lead", range(0, 22, 3))
    def test_label_is_beside_each_part_of_a_row_that_breaks(self, lead):
        label = cell("年度", "总体", "目标", "情况", header="row")
        text = cell("一" * 40, "二" * 330, "三" * 700, "四" * 33)
        made = written(line("前" * 28 * lead, "plain"), form(Row((label, text)), widths=(1, 9)))
        parts = [[each for each in page if set(each) <= set("一二三四")] for page in pages(made)]
        assert {len(part) for part in parts}.isdisjoint({1, 2, 3}), "as high as the label at least"
        labels = [page.count("年度") + page.count("情况") for page in pages(made)]
        assert labels == [2 * bool(part) for part in parts]
        (ends,) = ["".join(part) for part in parts if "四" in "".join(part)]
        assert "三三四" in ends

    @pytest.mark.parametrize("rows", range(24, 36))
    def test_last_row_leaves_room_for_a_label_that_is_set_again(self, rows):
        label = cell(*"甲乙丙丁戊己", rowspan=rows, header="row")
        below = [Row((cell(str(number)),)) for number in range(2, rows + 1)]
        made = written(form(Row((label, cell("1"))), *below, Row((cell("计"), cell("x")))))
        assert all(boxes(made, number, "己") for number in range(1, 3))
        assert boxes(made, 2, "己")[0][1] > boxes(made, 2, "计")[0][3]

    def test_label_is_set_again_as_itself_where_its_row_is_held_open(self):
        label = cell("产出", rowspan=3, header="row")
        tall = [cell("国" * 25 * 14), cell("国" * 25 * 20), cell("国" * 25 * 20)]
        rows = [Row((label, tall[0])), Row((tall[1],)), Row((tall[2],), height=100)]
        made = written(form(*rows, widths=(1, 9)))
        assert len(pages(made)) > 1
        assert all("产出" in page for page in pages(made))

    def test_long_word_stays_in_its_cell(self):
        word = "http://www.example.gov.cn/12345678901234567890"
        made = written(form(Row((cell(word), cell("右"))), widths=(1, 6)), title=("题",))
        left = boxes(made, 1, "右")[0][0]
        assert all(box[2] < left for letter in "htp:/w.230" for box in boxes(made, 1, letter))
        assert read_pdf(made).stream.endswith(word + "右")

    def test_long_word_in_the_text_stays_on_the_page(self):
        word = "https://www.example.gov.cn/" + "abcdefghij" * 20
        made = written(line(f"见{word}。"), Heading(1, "一、", (Text(word),), "a"))
        assert all(box[2] / MILLIMETRE < 185 for box in boxes(made, 1, "abc"))
        assert f"见{word}。" in read_pdf(made).texts

    def test_digits_of_a_short_number_stay_together(self):
        made = written(form(Row((cell("国国国国2392.94国国"), cell("1"))), widths=(1, 4)))
        assert any("2392.94" in each for each in pages(made)[0])

    def test_vertical_label_has_a_character_a_line_and_numbers_whole(self):
        made = written(form(Row((cell("绩效2023", vertical=True), cell("x"))), widths=(1, 9)))
        assert pages(made)[0][2:5] == ["绩", "效", "2023"]

    def test_joined_table_begins_where_the_one_before_ends(self):
        first = form(self.heads("甲", "乙"), Row((cell("1"), cell("2"))))
        second = form(Row((cell("1"), cell("2"), cell("3"))), joined=True)
        upper, lower = table_boxes(written(first, second))
        assert lower[3] - upper[1] == pytest.approx(0.5, abs=0.01), "the border is shared"
        assert (upper[0], upper[2]) == (pytest.approx(lower[0]), pytest.approx(lower[2]))
        upper, lower = table_boxes(written(first, replace(second, joined=False)))
        assert upper[1] - lower[3] > 5

    def test_caption_is_printed_where_it_is_wanted(self):
        row = Row((cell("x"),))
        assert "基础数据表" in read_pdf(written(form(row, show_caption=True))).texts
        assert "基础数据表" not in read_pdf(written(form(row))).texts

    def test_caption_stays_with_its_table(self):
        for lines in range(15, 22):
            table = form(self.heads("甲"), Row((cell("一"),)), show_caption=True)
            made = written(line("国" * 28 * lines, "plain"), table)
            at = next(n for n, page in enumerate(pages(made)) if "基础数据表" in page)
            assert {"甲", "一"} <= set(pages(made)[at])

    def test_heads_are_tagged_as_heads_of_columns(self):
        made = written(form(self.heads("甲", "乙"), Row((cell("1"), cell("2")))))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            kinds = Counter(str(each.S) for each in elements(pdf))
        assert (kinds["/TH"], kinds["/TD"]) == (2, 2)

    def test_cells_without_lines_are_empty(self):
        made = written(form(Row((Cell(()), cell("x"))), Row((Cell(((),)), cell("y", "")))))
        assert [each.text for each in read_pdf(made).tables[0]] == ["", "x", "", "y"]

    def test_spans_that_do_not_fill_the_grid_are_refused(self):
        with pytest.raises(GridError):
            written(form(Row((cell("x"),)), Row((cell("y", colspan=2),))))


def numbered(table):
    """Return `table` with texts that every font has."""
    count = iter(range(1000))
    rows = [
        replace(
            row, cells=tuple(replace(c, lines=((Text(f"第{next(count)}格"),),)) for c in row.cells)
        )
        for row in table.rows
    ]
    return replace(table, caption="表", rows=tuple(rows))


def elements(pdf):
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]


def table_boxes(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            [float(n) for n in attribute.BBox]
            for each in elements(pdf)
            if each.S == "/Table"
            for attribute in each.A
            if "/BBox" in attribute
        ]


@cache
def alphabet():
    """Return what Noto Serif SC can show, but for white space and marks on other characters."""
    with TTFont(pylopdf_fonts_zh_cn.serif_path(), lazy=True) as font:
        cmap = font.getBestCmap()
    letters = (chr(code) for code in cmap if 0x20 < code < 0x10000)
    return [each for each in letters if not each.isspace() and unicodedata.category(each)[0] != "M"]


MARKUP = (
    "#eval(1) * _a_ **b** `c` $x$ [d] <e> @f \\ / // /* */ {{ g }} {% h %} & &amp; ~ -- --- ... "
    "= == + - 1. \" ' #[i] \\u{41} “” ‘’ —— …… 《》 ㎡ ％ １２ × ≥ é e\u0301 ⼀ 一 ﬁ \u200f\u202e"
).split(" ")


class TestText:
    @pytest.mark.parametrize("role", ["body", "note"])
    def test_markup_is_literal(self, role):
        blocks = [Paragraph((Text("甲"), Value(text, "1"), Text("乙")), role) for text in MARKUP]
        blocks += [Heading(1, text, (Text(text),), text) for text in MARKUP]
        blocks += [
            form(Row((cell(text, vertical=v), cell(text)))) for text in MARKUP for v in (0, 1)
        ]
        wanted = document(*blocks, title=tuple(MARKUP[:20]), annexes=(annex(title="#x *y*"),))
        made = write_pdf(wanted, EDITION, BOOK)
        assert_says(made, wanted)
        assert PdfFile(made).facts.title == wanted.name

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.text(st.sampled_from(alphabet()), min_size=1), min_size=1, max_size=30))
    def test_any_text_is_literal(self, texts):
        blocks = [Paragraph((Text("甲"), Value(text, "1"), Text("乙"))) for text in texts]
        rows = [Row((cell(text), cell(text, align="right"))) for text in texts]
        wanted = document(*blocks, form(*rows), subject=texts[0])
        assert_says(write_pdf(wanted, EDITION, BOOK), wanted)

    def test_every_character_of_the_default_font_comes_back(self):
        letters = alphabet()
        texts = ["".join(letters[n : n + 500]) for n in range(0, len(letters), 500)]
        wanted = document(*(line(text) for text in texts))
        assert_says(write_pdf(wanted, EDITION, BOOK), wanted)

    def test_hyphens_come_back_wherever_a_line_ends(self):
        texts = [
            "\ufeff" + "国" * n + "abc-def-ghi well\u00adknown 2023-06-28 第19-20项"
            for n in range(28)
        ]
        wanted = document(*(line(text) for text in texts))
        assert_says(write_pdf(wanted, EDITION, BOOK), wanted)

    def test_line_feeds_break_lines_and_tabs_part_words(self):
        made = written(line("甲\n乙\tx y"), form(Row((cell("丙\n丁"),))))
        assert pages(made)[0][2:6] == ["甲", "乙 x y", "丙", "丁"]

    def test_headings_of_the_second_level_differ_where_there_is_no_kai(self):
        heading = Heading(2, "（一）", (Text("标题"),), "a")
        book = find_fonts((), system=False)
        assert book.family("kai") == book.family("body")
        with pypdfium2.PdfDocument(
            write_pdf(document(heading, line("正文")), EDITION, book)
        ) as pdf:
            texts = pdf[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
            modes = {pypdfium2.raw.FPDFTextObj_GetTextRenderMode(each.raw) for each in texts}
        assert modes == {0, 2}, "filled, and with strokes"

    def test_emphasis_is_set_in_the_font_of_headings(self):
        plain = written(line("甲"), title=("乙",))
        strong = written(Paragraph((Strong((Text("甲"),)),)), title=("乙",))
        assert "NotoSansSC-Regular" not in PdfFile(plain).fonts
        assert "NotoSansSC-Regular" in PdfFile(strong).fonts


class TestTemplate:
    def test_error_in_the_template_says_what_typst_says(self):
        broken = replace(EDITION, typst="#unknown")
        with pytest.raises(TypesettingError, match="unknown variable: unknown"):
            write_pdf(document(), broken, BOOK)

    def test_reads_the_document_as_data(self):
        own = '#set document(title: "t", date: datetime(year: 2024, month: 1, day: 1))\n'
        own += '#repr(json("document.json").subject)'
        made = write_pdf(document(subject="#1"), replace(EDITION, typst=own), find_fonts())
        assert pages(made) == [['"#1"']]

    def test_gets_a_stack_of_families_for_every_role(self):
        stacks = json.loads(json.dumps(BOOK.stacks))
        assert {"title", "heading", "kai", "body", "number", "latin"} <= set(stacks)
