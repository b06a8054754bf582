from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redacting import MARK, document, paragraph, redacted, table, withhold

from builders import codes, is_complete
from reportgen.disclose.document import FORM_WITHHELD, SECTION_WITHHELD
from reportgen.disclose.table_lines import LineError, without_column, without_row
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Cell,
    Cover,
    Heading,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Title,
    plain,
)
from reportgen.model.grid import place_cells
from strategies import tables

SIGNED = SignOff(((Text("某局"),),))
LISTED = AttachmentList(((Text("表"),),))
GONE = Paragraph((Text(SECTION_WITHHELD),))


def heading(level: int, number: str, section: str = "") -> Heading:
    return Heading(level, number, (Text("标题"),), f"a{number}", section=section)


def test_a_section_keeps_its_heading_and_says_that_the_rest_is_withheld():
    first, inner, last = heading(1, "一、", "one"), heading(2, "（一）"), heading(1, "二、", "two")
    of = document(first, paragraph("密"), inner, table("密"), last, paragraph("文"))
    result, (entry,), findings = redacted(of, withhold(section="one"))
    assert result.blocks == (first, GONE, last, paragraph("文"))
    assert (entry.action, entry.subject, entry.title) == ("withheld", "one", "一、标题")
    assert (entry.after, entry.places, entry.span) == (SECTION_WITHHELD, ("一、标题",), MARK)
    assert findings == ()


def test_the_last_section_leaves_the_foot_of_the_report():
    of = document(heading(1, "一、", "one"), paragraph("密"), LISTED, SIGNED)
    result, _, _ = redacted(of, withhold(section="one"))
    assert result.blocks == (heading(1, "一、", "one"), GONE, LISTED, SIGNED)


def test_a_section_within_one_that_is_withheld_is_had():
    of = document(heading(1, "一、", "one"), heading(2, "（一）", "inner"), paragraph("密"))
    result, entries, findings = redacted(of, withhold(section="one"), withhold(section="inner"))
    assert result.blocks == (heading(1, "一、", "one"), GONE)
    assert ([e.subject for e in entries], findings) == (["one", "inner"], ())


def test_a_form_goes_with_its_caption_wherever_it_stands():
    annex = Annex("附件1", (Text("表"),), (table("密", caption="基础数据表"),), "annex-1")
    result, (entry,), _ = redacted(document(annexes=(annex,)), withhold(form="form"))
    assert result.annexes[0].blocks == (Paragraph((Text(FORM_WITHHELD),), "plain"),)
    assert (entry.title, entry.places) == ("基础数据表", ("附件1 表《基础数据表》",))


def test_tables_of_a_form_give_way_to_one_sentence_and_free_the_table_below():
    other = Table("other", "", (1,), table("文").rows, joined=True)
    second = replace(table("密", joined=True), name="form-2")
    of = document(table("密"), second, other)
    result, _, _ = redacted(of, withhold(form="form"))
    sentence, below = result.blocks
    assert plain(sentence.inlines) == FORM_WITHHELD
    assert (below.name, below.joined) == ("other", False)


@pytest.mark.parametrize(("block", "kind"), [("sign-off", SignOff), ("cover", Cover)])
def test_a_block_goes(block, kind):
    of = document(Cover((("单位：", (Text("某局"),)),)), paragraph("文"), SIGNED)
    result, (entry,), _ = redacted(of, withhold(block=block))
    assert not any(isinstance(each, kind) for each in result.blocks)
    assert len(result.blocks) == 2
    assert entry.subject == block


@pytest.mark.parametrize(
    ("part", "severity"),
    [({"form": "form", "column": "no"}, "error"), ({"block": "cover"}, "warning")],
)
def test_d138_says_that_there_is_no_such_part(part, severity):
    of = document(heading(1, "一、", "one"), table("栏|栏"))
    result, entries, (finding,) = redacted(of, withhold(**part))
    assert (result, entries, finding.code, finding.span) == (of, (), "D138", MARK)
    assert is_complete(finding)
    assert finding.severity == severity


def test_boxes_for_signatures_go_and_the_rest_of_the_form_stays():
    boxes = replace(table("组长（签字）："), name="form-2", joined=True, signatures=True)
    below = replace(table("文"), name="form-3", joined=True)
    of = document(table("单位|职务"), boxes, below)
    result, (entry,), findings = redacted(of, withhold(block="signatures"))
    assert result.blocks == (table("单位|职务"), replace(below, joined=False))
    assert (entry.subject, entry.title, findings) == ("signatures", "签字栏", ())


def test_internal_documents_stay_whole():
    of = document(paragraph("文"), SIGNED, audience="internal")
    assert redacted(of, withhold(block="sign-off")) == (of, (), ())


class TestColumns:
    def test_a_column_goes_with_its_width(self):
        of = document(table("甲|密|丙", "1|2|3"))
        result, (entry,), _ = redacted(of, withhold(form="form", column="密"))
        assert result.blocks == (Table("form", "表", (1, 3), table("甲|丙", "1|3").rows),)
        assert (entry.subject, entry.title, entry.places) == ("form·密", "密", ("报告 表《表》",))

    def test_a_spanning_head_shrinks_and_goes_with_its_last_column(self):
        head = Row((cell("组", 2), cell("丁", 1, 2)), head=True)
        below = Row((cell("乙"), cell("丙")), head=True)
        of = Table("form", "", (1, 2, 3), (head, below, Row((cell("1"), cell("2"), cell("3")))))
        less = without_column(of, "乙")
        assert less is not None
        assert words(less) == [["组", "丁"], ["丙"], ["2", "3"]]
        assert [c.colspan for c in less.rows[0].cells] == [1, 1]
        assert words(without_column(less, "丙")) == [["丁"], [], ["3"]]
        assert words(without_column(of, "组")) == [["丁"], [], ["3"]]

    def test_every_column_under_the_label_goes(self):
        less = without_column(table("甲|密|乙|密", "1|2|3|4"), "密")
        assert words(less) == [["甲", "乙"], ["1", "3"]]

    def test_the_label_may_be_broken_over_lines(self):
        row = Row((Cell(((Text("会计"),), (Text("凭证 号"),))), cell("乙")), head=True)
        of = Table("form", "", (1, 1), (row, Row((cell("1"), cell("2")))))
        assert words(without_column(of, "会计凭证号")) == [["乙"], ["2"]]

    def test_another_head_further_down_keeps_the_column(self):
        of = table("甲|密", "1|2", "丙|丁", "3|4")
        heads = Row(tuple(Cell(c.lines, header="col") for c in of.rows[2].cells))
        of = Table("form", "表", of.widths, (*of.rows[:2], heads, of.rows[3]))
        with pytest.raises(LineError, match="丁"):
            without_column(of, "密")
        result, entries, (finding,) = redacted(document(of), withhold(form="form", column="密"))
        assert (result.blocks, entries, finding.code) == ((of,), (), "D139")
        assert is_complete(finding)

    def test_what_stands_under_a_wider_head_further_down_keeps_the_column(self):
        wide = Row((Cell(((Text("按性质分："),),), 2, header="col"),))
        of = table("甲|密", "1|2", head=1)
        of = replace(of, rows=(*of.rows, wide, table("丙|3", head=0).rows[0]))
        with pytest.raises(LineError, match="3"):
            without_column(of, "密")

    def test_the_column_of_any_table_of_the_form_goes(self):
        second = replace(table("乙|密", "3|4", joined=True), name="form-2")
        result, (entry,), _ = redacted(
            document(table("甲", "1"), second), withhold(form="form", column="密")
        )
        assert words(result.blocks[1]) == [["乙"], ["3"]]
        assert len(entry.places) == 1

    def test_what_stands_above_the_head_keeps_the_column(self):
        of = table("项目|甲厂", "甲|密", "1|2", head=0)
        head = Row(of.rows[1].cells, head=True)
        with pytest.raises(LineError, match="甲厂"):
            without_column(Table("form", "", of.widths, (of.rows[0], head, of.rows[2])), "密")

    def test_the_only_column_stays(self):
        with pytest.raises(LineError):
            without_column(table("密", "1"), "密")

    def test_a_column_may_be_asked_for_twice(self):
        wish = withhold(form="form", column="密")
        _, entries, findings = redacted(document(table("甲|密", "1|2")), wish, wish)
        assert (len(entries), codes(findings)) == (1, [])

    @given(tables(max_rows=3, max_columns=3), st.data())
    def test_what_is_left_fills_its_grid(self, of, data):
        heads = [at for at in place_cells(of) if of.rows[at.row].head and text(at.cell)]
        if not heads:
            return
        label = text(data.draw(st.sampled_from(heads)).cell)
        try:
            less = without_column(of, label)
        except LineError:
            return
        if less is None:
            assert not label.strip()
            return
        assert len(less.widths) < len(of.widths)
        kept = [text(at.cell) for at in place_cells(less)]
        assert len(kept) < len(place_cells(of))
        assert label not in [text(at.cell) for at in place_cells(less) if less.rows[at.row].head]


def cell(word: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(((Text(word),),), colspan, rowspan)


def text(of: Cell) -> str:
    return "".join(plain(line) for line in of.lines)


def words(of: Table | None) -> list[list[str]]:
    assert of is not None
    return [[text(each) for each in row.cells] for row in of.rows]


def labelled(*rows: str) -> Table:
    """Return a table of rows like `甲|1` whose first cells head them."""
    made = table(*rows, head=0)
    lines = (Row((replace(r.cells[0], header="row"), *r.cells[1:])) for r in made.rows)
    return replace(made, rows=tuple(lines))


class TestRows:
    def test_a_row_goes_by_its_label(self):
        of = document(labelled("联系人|密", "人数|5"))
        result, (entry,), _ = redacted(of, withhold(form="form", row="联系人"))
        assert result.blocks == (labelled("人数|5"),)
        assert (entry.subject, entry.places) == ("form·联系人", ("报告 表《表》",))

    def test_what_is_no_label_is_no_row(self):
        _, _, (found,) = redacted(document(labelled("甲|密")), withhold(form="form", row="密"))
        assert (found.code, found.severity) == ("D138", "error")

    def test_a_cell_from_above_shrinks(self):
        first, second, third = labelled("甲|1", "联系人|2", "丙|3").rows
        tall = Row((replace(first.cells[0], rowspan=3), *labelled("乙|1").rows[0].cells))
        of = Table("form", "表", (1, 1, 1), (tall, second, third))
        rest = without_row(of, "联系人")
        assert next((at.row, at.cell.rowspan) for at in place_cells(rest)) == (0, 2)

    @pytest.mark.parametrize("rows", [("联系人|密",), ("联系人|密", "丙|3")])
    def test_what_goes_on_below_or_is_all_there_is_cannot_go(self, rows):
        of = labelled(*rows)
        if len(rows) == 2:
            first, second = of.rows
            tall = Row((first.cells[0], replace(first.cells[1], rowspan=2)))
            of = replace(of, rows=(tall, Row(second.cells[:1])))
        result, _, (found,) = redacted(document(of), withhold(form="form", row="联系人"))
        assert (result.blocks, found.code) == ((of,), "D139")


def test_title_behind_a_cover_goes_with_it():
    of = document(Cover((("单位：", (Text("某局"),)),)), Title(("报告",)), paragraph("文"))
    result, _, _ = redacted(of, withhold(block="cover"))
    assert result.blocks == (paragraph("文"),)


def test_block_that_there_is_not_changes_nothing():
    of = document(paragraph("文"), SIGNED)
    assert redacted(of, withhold(block="nope")) == (of, (), ())
