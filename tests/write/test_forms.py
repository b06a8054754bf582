from __future__ import annotations

import pytest

from reportgen.model.document import Break, Cell, Document, Picture, Row, Strong, Table, Text, Value
from reportgen.write.form_layout import LANDSCAPE, PORTRAIT
from reportgen.write.pdf.data import as_data, merge_texts, plain_text
from reportgen.write.pdf.forms import prepare_pieces
from reportgen.write.turned_pages import lay_out_blocks


def cell(*lines, **properties):
    return Cell(tuple((Text(line),) for line in lines), **properties)


def form(*rows, widths, **properties):
    lanes = tuple(row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
    return Table("form", "表", widths, lanes, **properties)


def prepared(*tables, room=PORTRAIT):
    document = Document(("题",), "zh-CN", "自评", "某局", "2024-06-28", "internal", tables)
    pieces = lay_out_blocks(tables, room)
    forms = prepare_pieces(pieces, as_data(document)["blocks"])
    return [{**table, "form": form} for form in forms for table in form["tables"]]


def head(*cells):
    return Row(tuple(cells), head=True)


class TestBands:
    def test_are_runs_of_head_rows_and_others(self):
        rows = [head(cell("甲")), head(cell("乙")), [cell("1")], head(cell("丙")), [cell("2")]]
        [table] = prepared(form(*rows, widths=(1,)))
        assert table["bands"] == [
            {"head": True, "cells": ["甲", "乙"]},
            {"head": False, "cells": ["1"]},
            {"head": True, "cells": ["丙"]},
            {"head": False, "cells": ["2"]},
        ]

    def test_cut_a_label_that_crosses_them(self):
        label = cell("指标", rowspan=4, align="center")
        rows = [[label, cell("0")], head(cell("甲")), [cell("1")], [cell("2")]]
        [table] = prepared(form(*rows, widths=(1, 9)))
        pieces = [band["cells"][0] for band in table["bands"]]
        assert [piece["rowspan"] for piece in pieces] == [1, 1, 2]
        assert [piece["lines"] for piece in pieces] == [[["指标"]], [], []]
        assert ["open_above" in piece for piece in pieces] == [False, True, True]
        assert ["open_below" in piece for piece in pieces] == [True, True, False]
        assert table["bands"][1]["cells"][1:] == ["甲"]

    def test_show_the_picture_of_a_cell_that_crosses_them_once(self):
        label = cell("指标", rowspan=2, picture=Picture(b"", "章", 30, 30))
        [table] = prepared(form(head(label, cell("甲")), [cell("1")], widths=(1, 9)))
        pieces = [band["cells"][0] for band in table["bands"]]
        assert ["picture" in piece for piece in pieces] == [True, False]

    def test_keep_cells_in_order(self):
        rows = [[cell("a"), cell("b", rowspan=2), cell("c")], [cell("d"), cell("e")]]
        [table] = prepared(form(*rows, widths=(1, 1, 1)))
        said = [
            each if isinstance(each, str) else plain_text(each["lines"][0])
            for each in table["bands"][0]["cells"]
        ]
        assert said == ["a", "b", "c", "d", "e"]


class TestCells:
    def test_are_bare_where_they_stand_like_most_of_their_column(self):
        rows = [[cell("a"), cell("1", align="right")] for _ in range(3)] + [
            [cell("b", align="center"), cell("2")]
        ]
        [table] = prepared(form(*rows, widths=(1, 1)))
        assert table["sides"] == ["left", "right"]
        assert table["bands"][0]["cells"][-4:] == [
            "a",
            "1",
            {"align": "center", "text": "b"},
            {"align": "left", "text": "2"},
        ]

    def test_are_small_in_a_crowded_form_and_those_joined_to_it(self):
        crowded = form([cell("x")] * 6, widths=(1,) * 6, joined=True)
        roomy = form([cell("x")], widths=(1,))
        tables = prepared(roomy, crowded, roomy)
        assert [table["form"]["small"] for table in tables] == [True, True, False]

    def test_of_a_vertical_label_have_a_character_a_line(self):
        [table] = prepared(
            form([cell("绩效 2023", "（50分）", vertical=True), cell("x")], widths=(1, 9))
        )
        lines = table["bands"][0]["cells"][0]["lines"]
        assert lines == [["绩"], ["效"], ["2023"], ["（"], ["50"], ["分"], ["）"]]


class TestBreaks:
    def breaks(self, table, room=PORTRAIT):
        [table] = prepared(table, room=room)
        cells = [each for band in table["bands"] for each in band["cells"]]
        return [None if isinstance(each, str) else each.get("breaks") for each in cells]

    def test_are_not_in_a_row_of_ordinary_height(self):
        assert self.breaks(form([cell("国" * 17 * 10), cell("x")], widths=(1, 1))) == [None, None]

    def test_are_in_a_row_of_more_than_a_third_of_a_page_whose_label_stays_whole(self):
        table = form([cell("国" * 19 * 21), cell("x")], widths=(1, 1))
        assert self.breaks(table) == ["text", "rows"]

    def test_come_sooner_on_a_page_turned_to_the_side(self):
        # 17 characters a line upright and 25 on its side: 11 lines and 8, where 7 are whole.
        table = form([cell("国" * 17 * 11), cell("甲" * 40)], widths=(1, 1))
        assert self.breaks(table) == [None, None]
        assert self.breaks(table, LANDSCAPE) == ["text", "rows"]

    @pytest.mark.parametrize(("rows", "wanted"), [(9, None), (10, "rows")])
    def test_are_between_rows_that_a_label_ties_only_if_they_are_many(self, rows, wanted):
        table = form(
            [cell("甲", rowspan=rows), cell("1")], *[[cell("1")]] * (rows - 1), widths=(1, 1)
        )
        assert self.breaks(table)[0] == wanted
        assert set(self.breaks(table)[1:]) == {None}

    def test_row_that_a_page_may_part_from_a_label_is_as_high_as_this(self):
        label = cell("年度", "总体", "目标", rowspan=12, header="row")
        [made] = prepared(form([label, cell("1")], *[[cell("1")]] * 11, widths=(1, 9)))
        assert made["bands"][0]["cells"][1]["height"] == 3 * 18 + 5.5

    def test_lines_beside_a_label_and_the_last_two_stay_together(self):
        label = cell("年度", "总体", "目标", header="row")
        text = cell("一" * 30, "二" * 30, "三" * 800, "四", "五")
        [made] = prepared(form([label, text], widths=(1, 9)))
        assert made["bands"][0]["cells"][1]["whole"] == (2, 2)

    def test_height_of_a_label_is_spread_over_its_rows(self):
        table = form([cell("国" * 19 * 4, rowspan=2), cell("1")], [cell("2")], widths=(1, 1))
        [made] = prepared(table)
        cells = made["bands"][0]["cells"]
        assert cells[1]["height"] == cells[2]["height"] > 30
        assert "height" not in cells[0]


class TestWords:
    def test_figures_and_texts_that_follow_each_other_are_one_text(self):
        inlines = as_data_of(
            (Text("预算"), Value("12.5", "12.5"), Text("、"), Text("乙"), Break(), Text("甲"))
        )
        assert merge_texts(inlines, 28) == ["预算12.5、乙", {"kind": "break"}, "甲"]

    def test_emphasis_keeps_its_place(self):
        inlines = as_data_of((Text("a"), Strong((Text("b"), Value("1", "1"))), Text("c")))
        assert merge_texts(inlines, 28) == ["a", {"kind": "strong", "inlines": ["b1"]}, "c"]

    @pytest.mark.parametrize("mark", "；：")
    def test_no_line_begins_with_a_mark_after_a_figure(self, mark):
        figure = {"kind": "figure", "text": f"5分{mark}"}
        assert merge_texts([f"计{figure['text']}80%"], 3) == ["计", figure, "80%"]

    @pytest.mark.parametrize("months", ["1—12月", "15—20个", "1.5\uff5e2万元"])
    def test_no_line_ends_in_a_range(self, months):
        figure = {"kind": "figure", "text": months}
        assert merge_texts([f"全年{months}完成的"], 6) == ["全年", figure, "完成的"]

    @pytest.mark.parametrize(
        ("text", "room", "whole"),
        [
            ("2021年12月15日", 9, ["2021年12月15日"]),
            ("2021年12月15日", 5, ["2021年", "12月", "15日"]),
            ("《湘财绩〔2020〕7号》", 12, ["湘财绩〔2020〕7号"]),
            ("《湘财绩〔2020〕7号》", 6, ["〔2020〕7号"]),
            ("湘发〔2012〕33号", 9, ["〔2012〕33号"]),
            ("10余场1200余万个", 6, ["10余场", "1200余万个"]),
        ],
    )
    def test_date_and_number_of_a_document_are_whole_where_a_line_has_room(self, text, room, whole):
        pieces = merge_texts([f"截至{text}，按文件执行。"], room)
        assert [each["text"] for each in pieces if not isinstance(each, str)] == whole

    def test_a_figure_at_the_end_of_an_emphasis_that_would_fit_a_line_is_set_apart(self):
        title = "重大产品创新项目有力推进，年度计划投资"
        strong = {"kind": "strong", "inlines": [f"{title}21.93亿元"]}
        figure = {"kind": "figure", "text": "21.93亿元"}
        [made, _] = merge_texts([strong, "。全年投资。"], 26)
        assert made["inlines"] == [title, figure]

    def test_words_too_long_for_a_line_are_set_apart(self):
        assert merge_texts(["见http://www.gov.cn/。另见a.b"], 5) == [
            "见",
            {"kind": "long_word", "text": "http://www.gov.cn/"},
            "。另见a.b",
        ]

    def test_word_may_be_made_of_a_text_and_a_figure(self):
        inlines = as_data_of((Text("12345"), Value("67890", "67890")))
        assert merge_texts(inlines, 4.9) == [{"kind": "long_word", "text": "1234567890"}]

    def test_chinese_is_never_a_long_word(self):
        assert merge_texts(["国" * 100], 5) == ["国" * 100]

    def test_figure_that_a_line_may_part_is_kept_with_its_unit(self):
        text = "全年共安排各类专项资金合计7138.12万元，其中中央资金"
        assert merge_texts([text], 14) == [
            "全年共安排各类专项资金合计",
            {"kind": "figure", "text": "7138.12万元"},
            "，其中中央资金",
        ]
        assert merge_texts(["决算数（万元）"], 5) == [
            "决算数",
            {"kind": "figure", "text": "（万元）"},
        ]

    def test_figure_is_a_text_where_it_fits_or_cannot(self):
        assert merge_texts(["7138.12万元"], 9) == ["7138.12万元"]
        assert merge_texts(["约7138.12万元整"], 5) == ["约7138.12万元整"]


def as_data_of(inlines):
    [table] = as_data(
        Document(
            ("题",),
            "zh-CN",
            "自评",
            "某局",
            "2024-06-28",
            "internal",
            (form([Cell((inlines,))], widths=(1,)),),
        )
    )["blocks"]
    return table["rows"][0]["cells"][0]["lines"][0]
