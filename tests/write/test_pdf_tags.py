from __future__ import annotations

import io
from dataclasses import replace
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.document import (
    Annex,
    Cell,
    Document,
    Items,
    ListItem,
    Paragraph,
    Row,
    Strong,
    Table,
    Text,
)
from reportgen.model.edition import Edition
from reportgen.model.grid import headed_cells, place_cells
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import find_fonts
from reportgen.write.pdf.tags import complete_tags
from reportgen.write.pdf.writer import write_pdf
from strategies import tables

SHARED = Path(__file__).resolve().parents[2] / "templates" / "shared"
EDITION = Edition(frame=b"", page="", css="", typst=(SHARED / "report.typ").read_text("utf-8"))
BOOK = find_fonts()


def cell(text, header="", **more):
    return Cell(((Text(text),),), header=header, **more)


def col(text, **more):
    return cell(text, "col", **more)


def row(text, **more):
    return cell(text, "row", **more)


def head(*cells):
    return Row(cells, head=True)


def form(*rows, **more):
    width = sum(each.colspan for each in rows[0].cells)
    return Table("f", "表名", (1,) * width, rows, **more)


def document(*blocks, annexes=()):
    return Document(("题",), "zh-CN", "主题", "某局", "2024-06-28", "internal", blocks, annexes)


def written(*blocks, annexes=()):
    return write_pdf(document(*blocks, annexes=annexes), EDITION, BOOK)


def elements(pdf, kind):
    return [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind
    ]


def of_table(element):
    (own,) = (each for each in element.A if each.O == "/Table" and "/Headers" in each)
    return own


def headers(table):
    """Return the headers of each cell of `table`, cells known by their texts."""
    texts = {each.address: each.cell.lines[0][0].text for each in place_cells(table)}
    cells = {each.name: each for each in headed_cells(table).values()}
    return {texts[name]: [texts[one] for one in each.headers] for name, each in cells.items()}


class TestHeaders:
    def test_a_label_heads_what_is_beside_it_and_not_the_next_pair(self):
        pairs = form(Row((row("联系人"), cell("甲"), row("电话"), cell("乙"))))
        assert headers(pairs) == {
            "联系人": [],
            "甲": ["联系人"],
            "电话": [],
            "乙": ["电话"],
        }

    def test_heads_of_several_levels_are_named_from_the_top(self):
        levels = form(
            head(col("机构", rowspan=3), col("其中", colspan=3)),
            head(col("基本", colspan=2), col("项目", rowspan=2)),
            head(col("人员"), col("公用")),
            Row((row("局机关"), cell("1"), cell("2"), cell("3"))),
        )
        found = headers(levels)
        assert found["人员"] == ["其中", "基本"]
        assert found["1"] == ["局机关", "其中", "基本", "人员"]
        assert found["3"] == ["局机关", "其中", "项目"]
        assert found["局机关"] == ["机构"]

    def test_labels_of_groups_head_their_rows(self):
        groups = form(
            head(col("一级"), col("二级"), col("分值")),
            Row((row("产出", rowspan=2), row("数量"), cell("5"))),
            Row((row("质量"), cell("6"))),
            Row((row("效益"), row("满意度"), cell("7"))),
        )
        found = headers(groups)
        assert found["数量"] == ["产出", "二级"]
        assert found["6"] == ["产出", "质量", "分值"]
        assert found["7"] == ["效益", "满意度", "分值"]

    def test_heads_among_tied_rows_head_those_rows_alone(self):
        parts = form(
            Row((row("预算", rowspan=2), col("年初"), col("全年"))),
            Row((cell("1"), cell("2"))),
            Row((row("目标", rowspan=2), col("预期"), col("实际"))),
            Row((cell("3"), cell("4"))),
            Row((row("其他"), cell("5"), cell("6"))),
        )
        found = headers(parts)
        assert found["1"] == ["预算", "年初"]
        assert found["实际"] == ["目标"]
        assert found["4"] == ["目标", "实际"]
        assert found["5"] == ["其他"]

    def test_a_heading_row_outside_a_head_heads_what_is_below(self):
        plain = form(Row((col("甲"), col("乙"))), Row((cell("1"), cell("2"))))
        assert headers(plain)["2"] == ["乙"]

    def test_a_blank_label_heads_nothing(self):
        corner = form(head(cell("　", "col"), col("预期")), Row((row("甲"), cell("1"))))
        assert headers(corner)["甲"] == []

    @settings(deadline=None, max_examples=200)
    @given(tables())
    def test_of_any_table_are_those_that_a_search_finds(self, table):
        found = {each.name: list(each.headers) for each in headed_cells(table).values()}
        assert {name: sorted(names) for name, names in found.items()} == searched(table)


def searched(table):
    """Return the headers of each cell, sorted: each way searched anew (HTML 4.01, 11.4.3)."""
    at = {}
    for placed in place_cells(table):
        down = range(placed.row, placed.row + placed.cell.rowspan)
        across = range(placed.column, placed.column + placed.cell.colspan)
        at |= dict.fromkeys(product(down, across), placed)
    tied = parts_of(table)

    def headers_on(way, placed, kind):
        started = placed.cell.heads == kind
        for place in way:
            other = at[place]
            heads = other.cell.heads
            part = tied[place[0]]
            apart = part != tied[placed.row] and len(part) > 1 and not table.rows[part[0]].head
            if kind == "col" and apart:
                heads = ""
            if heads == kind:
                started = True
                yield other.address
            elif started and not heads:
                return

    found = {}
    for placed in at.values():
        names = set()
        for r in range(placed.row, placed.row + placed.cell.rowspan):
            way = [(r, c) for c in range(placed.column - 1, -1, -1)]
            names |= set(headers_on(way, placed, "row"))
        for c in range(placed.column, placed.column + placed.cell.colspan):
            way = [(r, c) for r in range(placed.row - 1, -1, -1)]
            names |= set(headers_on(way, placed, "col"))
        found[placed.address] = sorted(names)
    return found


def parts_of(table):
    """Return for each row the rows that spans tie it to, itself among them."""
    parts = []
    for number in range(len(table.rows)):
        crossed = any(
            placed.row < number < placed.row + placed.cell.rowspan for placed in place_cells(table)
        )
        if crossed:
            parts[-1].append(number)
        else:
            parts.append([number])
    return [next(part for part in parts if number in part) for number in range(len(table.rows))]


class TestTags:
    def test_row_headers_are_headers_with_their_scope_and_their_cells(self):
        made = written(form(Row((row("项目名称"), cell("乙"))), Row((row("主管部门"), cell("丙")))))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            labels, figures = elements(pdf, "/TH"), elements(pdf, "/TD")
            assert [str(of_table(each).Scope) for each in labels] == ["/Row", "/Row"]
            assert [str(each.ID) for each in labels] == ["t1r1c1", "t1r2c1"]
            assert [list(map(str, of_table(each).Headers)) for each in figures] == [
                ["t1r1c1"],
                ["t1r2c1"],
            ]
            assert not any("/Scope" in of_table(each) or "/ID" in each for each in figures)

    def test_a_cell_of_a_head_that_heads_nothing_is_none(self):
        made = written(form(head(cell("单位：万元"), col("甲")), Row((row("乙"), cell("1")))))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert len(elements(pdf, "/TH")) == 2
            assert len(elements(pdf, "/TD")) == 2

    def test_headers_are_found_by_their_names_in_order(self):
        made = written(*(form(head(col("甲"), col("乙")), Row((row("丙"), cell("1")))),) * 11)
        with pikepdf.open(io.BytesIO(made)) as pdf:
            names = pdf.Root.StructTreeRoot.IDTree.Names
            keys = [bytes(each) for each in list(names)[::2]]
            assert keys == sorted(keys)
            assert len(keys) == len(elements(pdf, "/TH")) == 33
            for key, element in zip(keys, list(names)[1::2], strict=True):
                assert bytes(element.ID) == key

    def test_tables_of_annexes_and_captions_are_found(self):
        inner = form(Row((row("甲"), cell("1"))), show_caption=True)
        annex = Annex("附件", (Text("名"),), (inner,), "a", landscape=True)
        made = written(replace(inner, show_caption=False), annexes=(annex,))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            first, second = elements(pdf, "/Table")
            said = [str(each.Summary) for each in first.A if "/Summary" in each]
            assert said == ["表名"], "a caption that is not printed tells what the table is"
            assert not any("/Summary" in each for each in second.A)
            assert len(elements(pdf, "/TH")) == 2

    def test_the_file_is_whole_and_the_same_each_time(self):
        blocks = (Paragraph((Text("段落。"),)), form(Row((row("甲"), cell("1")))))
        made = written(*blocks)
        assert made == written(*blocks)
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert pdf.check_pdf_syntax() == []
            first, second = pdf.trailer.ID
            assert bytes(first) != bytes(second)

    def test_states_of_a_file_are_told_apart(self):
        one = written(form(Row((row("甲"), cell("1")))))
        other = written(form(Row((cell("甲"), row("1")))))
        with pikepdf.open(io.BytesIO(one)) as a, pikepdf.open(io.BytesIO(other)) as b:
            assert bytes(a.trailer.ID[1]) != bytes(b.trailer.ID[1])

    def test_a_file_without_headers_names_none(self):
        made = written(Paragraph((Text("段落。"),)), form(Row((cell("甲"), cell("1")))))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert "/IDTree" not in pdf.Root.StructTreeRoot
            assert not elements(pdf, "/TH")

    def test_lists_are_lists_of_what_they_say(self):
        first = Items((ListItem("1.", (Text("甲"),)), ListItem("2.", (Text("乙"),))))
        second = Items((ListItem("（1）", (Strong((Text("丙"),)), Text("国" * 3000))),))
        made = written(first, second, Paragraph((Text("段落。"),)))
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert pdf.check_pdf_syntax() == []
            lists = elements(pdf, "/L")
            assert [len(each.K) for each in lists] == [2, 1]
            for each in lists:
                assert each.P.S == "/Document"
                for entry in each.K:
                    (body,) = entry.K
                    assert (entry.S, body.S) == ("/LI", "/LBody")
                    assert entry.P.objgen == each.objgen
                    assert body.P.objgen == entry.objgen
            assert len(elements(pdf, "/P")) == 1, "what is no list stays a paragraph"
            assert not elements(pdf, "/BlockQuote")

    @settings(deadline=None, max_examples=20)
    @given(st.lists(tables(), min_size=1, max_size=3))
    def test_every_header_of_any_table_can_be_found(self, forms):
        named = [replace(each, caption="表", rows=labelled(each)) for each in forms]
        with pikepdf.open(io.BytesIO(written(*named))) as pdf:
            assert pdf.check_pdf_syntax() == []
            ids = {str(each.ID) for each in elements(pdf, "/TH")}
            assert all("/Scope" in of_table(each) for each in elements(pdf, "/TH"))
            for each in elements(pdf, "/TH") + elements(pdf, "/TD"):
                assert {str(name) for name in of_table(each).Headers} <= ids


def labelled(table):
    """Return the rows of `table` with texts that every font has."""
    return tuple(
        replace(each, cells=tuple(replace(c, lines=((Text("格"),),)) for c in each.cells))
        for each in table.rows
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/StructTreeRoot/RoleMap", b"/StructTreeRoos/RoleMap"),
        (b"/S/Table", b"/S/Tabel"),
        (b"/Headers[", b"/Haeders["),
        (b"\nxref\n", b"\nxreg\n"),
        (b"trailer", b"trialer"),
        (b"0000000016 00000 n", b"0000000916 00000 n"),
    ],
)
def test_what_typst_writes_in_another_way_is_refused(monkeypatch, old, new):
    typeset = "reportgen.write.pdf.writer.complete_tags"
    monkeypatch.setattr(typeset, lambda data, _document: data)
    table = form(head(col("甲"), col("乙")), Row((row("丙"), cell("1"))))
    made = written(table)
    assert old in made
    with pytest.raises(TypesettingError, match="Typst writes PDF in another way"):
        complete_tags(made.replace(old, new), document(table))
