from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import lxml.html
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logged import load_edition, write
from reportgen.model.document import Cell, Chart, Document, Heading, Paragraph, Row, Table, Text
from reportgen.project.source_files import SourceFiles
from reportgen.verify.docx import read_docx
from reportgen.verify.html import read_html
from reportgen.verify.pdf import read_pdf
from reportgen.write.charts import draw, layout, nice_step
from reportgen.write.fonts import find_fonts

ROOT = Path(__file__).resolve().parents[2]
EDITION, _ = load_edition(SourceFiles(ROOT), "none")
BOOK = find_fonts(system=False)


def chart(values, kind="bars"):
    rows = tuple(tuple(None if v is None else Fraction(v) for v in row) for row in values)
    texts = tuple(tuple("" if v is None else str(v) for v in row) for row in values)
    names = tuple(f"项目{n}<&" for n in range(len(rows)))
    series = ("甲", "乙")[: len(rows[0])]
    return Chart("chart_a", kind, names, series, rows, texts, "万元", "说明", 1, "图题")


def document(*charts):
    blocks = (Heading(1, "一、", (Text("题"),), "s1"), Paragraph((Text("文。"),)), *charts)
    return Document(("报告",), "zh-CN", "", "某局", "2024-01-02", "internal", blocks)


AMOUNTS = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(-(10**12), 10**12))] * 2), min_size=1, max_size=8
)


@given(AMOUNTS)
def test_every_bar_stands_inside_the_chart_and_begins_or_ends_at_zero(values):
    data = layout(chart(values))
    for row in data["rows"]:
        for bar in filter(None, row["values"]):
            assert -1e-9 <= bar["from"] <= bar["from"] + bar["size"] <= 0.88 + 1e-9
            ends = (bar["from"], bar["from"] + bar["size"])
            assert min(abs(end - data["zero"]) for end in ends) < 1e-9
    assert 1 <= len(data["ticks"]) <= 8
    assert [tick["at"] for tick in data["ticks"]] == sorted(tick["at"] for tick in data["ticks"])


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_shares_fill_the_bar_in_order(amounts):
    rows = layout(chart([(amount,) for amount in amounts], "share"))["rows"]
    ends = [row["values"][0]["end"] for row in rows]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(1 if any(amounts) else 0)


@given(st.fractions(min_value=Fraction(1, 1000), max_value=10**12))
def test_ticks_are_round_and_few(span):
    step = nice_step(span)
    assert span / step + 1e-9 > 1
    assert span / step <= 5
    assert str(step.numerator).rstrip("0") in {"1", "2", "5"}


def test_a_drawing_is_vectors_and_pixels_and_always_the_same():
    one = draw(document(chart([(1, 2), (3, None)])), EDITION, BOOK)["chart_a"]
    two = draw(document(chart([(1, 2), (3, None)])), EDITION, BOOK)["chart_a"]
    assert one == two
    assert one.svg.startswith(b"<svg")
    assert one.png.startswith(b"\x89PNG")
    assert one.width > one.height > 0


@pytest.mark.parametrize("kind", ["bars", "share"])
def test_every_format_shows_the_chart_with_its_alternative_text(kind):
    values = [(1, 2), (3, 4)] if kind == "bars" else [(1,), (3,)]
    files, findings = write(document(chart(values, kind)), EDITION, ("docx", "html", "pdf"))
    assert not [f for f in findings if f.severity == "error"]
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as package:
        assert {"word/media/chart_a.png", "word/media/chart_a.svg"} <= set(package.namelist())
        assert 'descr="说明"' in package.read("word/document.xml").decode()
    assert b'<img src="data:image/svg+xml;base64,' in files["html"]
    assert 'alt="说明"'.encode() in files["html"]
    assert read_docx(files["docx"]).texts[-2:] == ("文。", "图1图题")
    assert read_html(files["html"]).texts[-2:] == ("文。", "图1图题")
    assert read_pdf(files["pdf"]).stream.endswith("文。图1图题")


def test_captions_are_known_to_the_navigation_of_every_format():
    files, _ = write(document(chart([(1, 2), (3, 4)])), EDITION, ("docx", "html", "pdf"))
    page = lxml.html.document_fromstring(files["html"].decode())
    (link,) = page.xpath("//nav//a[@href='#chart_a']")
    assert link.text == page.get_element_by_id("chart_a").findtext("figcaption") == "图1　图题"
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf, pdf.open_outline() as outline:
        (heading,) = outline.root
        assert [item.title for item in heading.children] == ["图1　图题"]
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as package:
        main = package.read("word/document.xml").decode()
    caption = main[main.index("SEQ 图") - 600 : main.index("SEQ 图")]
    assert "<w:outlineLvl" in caption and 'fldCharType="begin"' in caption


def test_a_caption_stands_in_the_middle_of_its_page():
    files, _ = write(document(chart([(1, 2), (3, 4)])), EDITION, ("pdf",))
    page = pypdfium2.PdfDocument(files["pdf"])[0]
    words = page.get_textpage()
    middles = []
    for text in ("报告", "图1　图题"):
        first, count = words.search(text).get_next()
        left, right = words.get_charbox(first)[0], words.get_charbox(first + count - 1)[2]
        middles.append((left + right) / 2)
    title, caption = middles
    assert caption == pytest.approx(title, abs=3), "an indent of headings moves it by 16 points"


def test_a_phone_gets_a_drawing_of_its_own_and_paper_none():
    drawn = draw(document(chart([(1, 2), (3, None)])), EDITION, BOOK)["chart_a"]
    assert drawn.narrow != drawn.svg
    width = float(re.search(rb'width="([0-9.]+)pt"', drawn.narrow)[1])
    assert width < 0.7 * drawn.width
    assert not draw(document(chart([(1, 2)])), EDITION, BOOK, narrow=False)["chart_a"].narrow
    page, _ = write(document(chart([(1, 2)])), EDITION, ("html",))
    assert page["html"].count(b"data:image/svg+xml") == 2


def test_paper_leaves_out_the_data_that_a_page_folds():
    cell = Cell(((Text("数据"),),))
    data = Table("chart_a", "图1的数据", (1,), (Row((cell,)),), aside=True)
    files, _ = write(document(chart([(1, 2)]), data), EDITION, ("docx", "html", "pdf"))
    page = lxml.html.document_fromstring(files["html"].decode())
    assert [each.findtext("summary") for each in page.iter("details")] == ["图1的数据"]
    assert page.xpath("//details//td/text()") == ["数据"]
    assert read_docx(files["docx"]).tables == ()
    assert "数据" not in read_pdf(files["pdf"]).stream


def test_a_faulty_template_is_told_and_nothing_is_written():
    broken = dataclasses.replace(EDITION, chart="#panic()")
    files, findings = write(document(chart([(1, 2)])), broken, ("html",))
    assert not files
    assert "W107" in {f.code for f in findings}


def test_pixels_are_drawn_only_where_they_are_asked_for():
    drawn = draw(document(chart([(1, 2)])), EDITION, BOOK)["chart_a"]
    vectors = draw(document(chart([(1, 2)])), EDITION, BOOK, pixels=False)["chart_a"]
    assert vectors == dataclasses.replace(drawn, png=b"")
