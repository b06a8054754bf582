"""Each fault of a printed page is found where it is planted, and nothing on a page without it."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn
import pytest
import typst
from pagecheck.examined import Examined
from pagecheck.faults import examine
from pagecheck.paper import read

INSETS = (20.0, 20.0, 20.0, 20.0)
"""The margins of the planted pages, in points; the area for text is 200 by 300."""
PAGE = """#set page(width: 240pt, height: 340pt, margin: 20pt)
#set text(size: 10pt, lang: "zh", top-edge: "ascender", bottom-edge: "descender")
#set table(inset: 4pt, stroke: 0.5pt)
#set par(leading: 0pt, spacing: 0pt)
#set block(spacing: 0pt)
#show heading: set block(sticky: false)
#let filled(height) = rect(width: 100%, height: height, fill: gray)
#let text-row(..cells) = table(columns: (20pt, 1fr), ..cells)
#let whole(body) = table.cell(breakable: false, body)
"""


def typeset(source):
    """Return the PDF of the pages that `source` makes, in fonts that stand everywhere."""
    return typst.compile(
        {"main.typ": (PAGE + source).encode()},
        font_paths=[str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)],
        ignore_system_fonts=True,
    )


def faults(source, bound=None):
    """Return the kinds of fault on the pages that `source` makes."""
    seen = Examined(read(typeset(source)), INSETS, INSETS, bound)
    return [each.kind for each in examine(seen)]


def lines(count):
    """Return so many lines of text, each 10 points high."""
    return " \\ ".join(["文"] * count)


FOOT = "#filled(270pt)\n"
"""A page with 30 points left."""
PICTURE = (
    """#image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"""
    """<rect width='40' height='40'/></svg>"), alt: "图")"""
)
PLANTED = [
    (
        "figure-cut",
        "#table(columns: (40pt, 40pt), [7138.1\\ 2], [万])",
        "#table(columns: (60pt, 40pt), [7138.12], [万])",
    ),
    (
        "figure-cut",
        "#table(columns: (36pt, 40pt), [99.14\\ %], [万])",
        "#table(columns: (90pt, 40pt), [2021 \\ 2022], [万])",
    ),
    (
        "figure-cut",
        "#set align(center)\n#table(columns: (44pt, 40pt), [37138.1\\ 2], [万])",
        "#set align(center)\n#table(columns: (54pt, 40pt), [2021\\ 2022], [万])",
    ),
    (
        "unit-parted",
        "#table(columns: (38pt, 40pt), [100万\\ 元], [万])",
        "#table(columns: (38pt, 40pt), [100 \\ 万元], [万])",
    ),
    (
        "row-broken",
        f"{FOOT}#text-row([文], [{lines(6)}])",
        f"{FOOT}#text-row([文], [{lines(11)}])",
    ),
    (
        "row-moved",
        f"文。\n#filled(140pt)#text-row(whole[文], whole[{lines(16)}])",
        f"文。\n#filled(250pt)#text-row(whole[文], whole[{lines(16)}])",
    ),
    (
        "row-moved",
        f"#filled(120pt)#text-row([文], [字])#text-row(whole[文], whole[{lines(18)}])",
        f"#filled(220pt)#text-row([文], [字])#text-row(whole[文], whole[{lines(8)}])",
    ),
    (
        "label-torn",
        f"{FOOT}#text-row([{lines(8)}], [{lines(12)}])",
        f"{FOOT}#text-row([文], [{lines(12)}])",
    ),
    (
        "heading-alone",
        f"#filled(250pt)\n= 一、概况\n{lines(4)}。",
        f"#filled(200pt)\n= 一、概况\n{lines(2)}。",
    ),
    (
        "caption-alone",
        f"{FOOT}表1 支出\n#table(columns: 2, [1], [2])",
        "表1 支出\n#table(columns: 2, [1], [2])",
    ),
    ("caption-alone", f"{FOOT}图1 支出\n\n{PICTURE}", f"图1 支出\n\n{PICTURE}"),
    ("caption-alone", f"#filled(266pt){PICTURE}\n\n图1 支出", f"{PICTURE}\n\n图1 支出"),
    (
        "caption-alone",
        f"{FOOT}图1 支出\n\n#table(columns: 2, [1], [2])",
        f"#filled(230pt)\n{PICTURE}\n\n图1 支出\n\n{PICTURE}\n\n图2 收入",
    ),
    (
        "page-empty",
        "几行。#pagebreak()#filled(200pt)#pagebreak()末页。",
        "#filled(200pt)#pagebreak()#filled(200pt)#pagebreak()末页。",
    ),
    (
        "page-empty",
        "#filled(200pt)#pagebreak()几行。#pagebreak()末页。",
        "#filled(200pt)#pagebreak()几行。#pagebreak()附件1",
    ),
    (
        "cell-narrow",
        f"#table(columns: (32pt, 80pt), [{'很长的文字' * 4}], [])",
        f"#table(columns: (32pt, 80pt), [{'很长的文字' * 4}], [有])",
    ),
    (
        "cell-narrow",
        f"#table(columns: (32pt, 80pt), [], [{'很长的文字' * 10}])",
        f"#table(columns: (18pt, 80pt), [{lines(8)}], [])",
    ),
    (
        "double-rule",
        "#text-row([1], [2])#v(1.5pt)#text-row([1], [2])",
        "#text-row([1], [2])#text-row([1], [2])",
    ),
    (
        "double-rule",
        "#text-row([1], [2])#v(0.8pt)#text-row([1], [2])",
        "#text-row([1], [2])#v(0.5pt)#text-row([1], [2])",
    ),
    (
        "double-rule",
        "#stack(dir: ltr, spacing: 2pt, table([1]), table([2]))",
        "#stack(dir: ltr, spacing: 9pt, table([1]), table([2]))",
    ),
    (
        "text-on-rule",
        f"#table(columns: 2, rows: (30pt, 30pt), [{lines(4)}], [1], [], [2])",
        f"#table(columns: 2, rows: (70pt, 30pt), [{lines(4)}], [1], [], [2])",
    ),
    (
        "text-on-rule",
        "#table(columns: (28pt, 90pt), [#box(width: 90pt)[文文文文]], [])",
        "#table(columns: (28pt, 90pt), [文文], [])",
    ),
    (
        "text-on-rule",
        "#table([文])#place(top, dy: 13pt, pdf.artifact[项目])",
        "#table([文])#place(top, dy: 30pt, pdf.artifact[项目])",
    ),
    (
        "text-on-text",
        "#place(top)[支出]#place(top, dx: 3pt)[收入]",
        "#place(top)[支出]#place(top, dx: 30pt)[收入]",
    ),
    (
        "beyond-margin",
        f"#box(width: 300pt)[{'文' * 25}]",
        f"#box(width: 200pt)[{'文' * 20}]",
    ),
    (
        "picture-beyond-margin",
        "#rect(width: 230pt, height: 60pt, fill: gray)",
        "#rect(width: 200pt, height: 60pt, fill: gray)",
    ),
    (
        "table-beyond-margin",
        "#table(columns: (120pt, 120pt), [1], [2])",
        "#table(columns: (100pt, 100pt), [1], [2])",
    ),
]


@pytest.mark.parametrize(("kind", "planted", "sound"), PLANTED)
def test_a_planted_fault_is_found_and_a_sound_page_has_none(kind, planted, sound):
    assert kind in faults(planted)
    assert faults(sound) == []


@pytest.mark.parametrize(("start", "found"), [(FOOT, ["head-alone"]), ("", [])])
def test_a_head_whose_rows_begin_overleaf_is_found(start, found):
    pdf = typeset(f"{start}#table(columns: 2, [甲], [乙], whole[{lines(3)}], [2])")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        elements = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary))
        row = next(each for each in elements if each.get("/S") == "/TR")
        for cell in row.K:
            cell.S = pikepdf.Name.TH
        made = io.BytesIO()
        opened.save(made)
    seen = Examined(read(made.getvalue()), INSETS, INSETS)
    assert [each.kind for each in examine(seen)] == found


def test_a_row_that_word_may_not_break_is_found_where_it_is_too_high():
    high = f"#text-row([文], [{lines(13)}])"
    assert faults(high) == []
    assert faults(high, frozenset({1})) == []
    assert faults(high, frozenset({0})) == ["row-bound"]
    assert faults(f"#text-row([文], [{lines(6)}])", frozenset({0})) == []


def test_a_cover_is_a_first_page_without_a_number_before_pages_with_one():
    numbered = "#set page(footer: context if counter(page).get() != (1,) [第 1 页])\n"
    pages = "部门整体支出绩效自评报告#pagebreak()#filled(200pt)#pagebreak()末页。"
    assert faults(numbered + pages) == []
    assert faults(pages) == ["page-empty"]
