from __future__ import annotations

import io

import pikepdf
import pylopdf_fonts_zh_cn
import pytest
import typst

from reportgen.verify.pdf import PdfFile, read_pdf
from reportgen.verify.readback import GridCell

FONTS = typst.Fonts(
    include_system_fonts=False, font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)]
)
HEAD = """#set document(title: "题", author: "某局", date: datetime(year: 2024, month: 1, day: 1))
#set text(lang: "zh", region: "cn", font: "Noto Serif SC", fallback: false)
"""


def pdf(body, standards=("a-2a", "ua-1"), head=HEAD):
    return typst.compile(
        (head + body).encode(),
        font_paths=FONTS,
        ignore_system_fonts=True,
        pdf_standards=list(standards),
        timestamp=0,
    )


def nonconformities(data):
    return tuple(PdfFile(data).nonconformities())


def changed(data, change):
    """Return the file after `change` of its objects."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        change(opened)
        made = io.BytesIO()
        opened.save(made)
    return made.getvalue()


class TestReading:
    def test_paragraphs_and_headings_are_texts_in_logical_order(self):
        made = pdf("= 一、概况\n第一段 #strong[重点]。\n\n#place(top, [后])\n第二段")
        assert read_pdf(made).texts[:2] == ("一、概况", "第一段重点。")
        assert read_pdf(made).stream.startswith("一、概况第一段重点。")

    def test_paragraph_over_two_pages_is_one_text(self):
        text = "国" * 3000
        made = pdf(f'#set page(numbering: "— 1 —")\n{text}')
        assert len(PdfFile(made).pages.texts) > 1
        assert read_pdf(made).texts == (text,)

    def test_page_numbers_headers_and_artifacts_are_left_out(self):
        made = pdf('#set page(numbering: "1", header: [眉])\n正文 #pdf.artifact[饰]')
        assert read_pdf(made).stream == "正文"

    def test_cells_have_their_places_and_spans(self):
        made = pdf(
            "#table(columns: 3, table.cell(rowspan: 2)[甲], table.cell(colspan: 2)[乙],"
            " [1 000], [], table.cell(colspan: 3)[丙])"
        )
        assert read_pdf(made).tables == (
            (
                GridCell(0, 0, 2, 1, "甲"),
                GridCell(0, 1, 1, 2, "乙"),
                GridCell(1, 1, 1, 1, "1000"),
                GridCell(1, 2, 1, 1, ""),
                GridCell(2, 0, 1, 3, "丙"),
            ),
        )

    def test_repeated_heads_are_read_once(self):
        rows = ", ".join(f"[{n}]" for n in range(100))
        made = pdf(f"#table(columns: 1, table.header[头], {rows})")
        assert len(PdfFile(made).pages.texts) > 1
        assert read_pdf(made).stream == "头" + "".join(map(str, range(100)))

    def test_header_cells_say_what_they_head(self):
        made = pdf("#table(columns: 2, table.header[头][甲], [身], [乙])")
        assert [each.heads for each in read_pdf(made).tables[0]] == ["col", "col", "", ""]

    def test_entries_of_lists_and_what_is_said_of_pictures_are_read(self):
        svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
        said = read_pdf(pdf(f'- 甲\n- 乙\n#image(bytes("{svg}"), alt: "图")'))
        assert [each.removeprefix("•") for each in said.items] == ["甲", "乙"]
        assert said.pictures == ("图",)

    def test_captions_are_texts_before_their_tables(self):
        made = pdf(
            "#figure(caption: figure.caption(position: top)[表题], kind: table, supplement: none,"
            " numbering: none, table(columns: 1, [甲]))"
        )
        assert read_pdf(made).texts == ("表题",)
        assert read_pdf(made).stream == "表题甲"

    def test_characters_with_one_glyph_are_told_apart(self):
        assert read_pdf(pdf("⼀一⼀ 豈豈")).stream == "⼀一⼀豈豈"

    @pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n"])
    def test_file_that_is_no_pdf_is_an_error(self, data):
        with pytest.raises(ValueError, match=r"\S"):
            read_pdf(data)
        with pytest.raises(ValueError, match=r"\S"):
            PdfFile(data).facts  # noqa: B018
        with pytest.raises(ValueError, match=r"\S"):
            nonconformities(data)
        with pytest.raises(ValueError, match=r"\S"):
            PdfFile(data).pages  # noqa: B018

    def test_untagged_file_has_no_text(self):
        made = changed(pdf("甲"), lambda opened: opened.Root.__delitem__("/StructTreeRoot"))
        assert read_pdf(made).stream == ""


class TestFacts:
    def test_are_what_the_file_says(self):
        opened = PdfFile(pdf("= 甲\n== 乙\n丙\n= 丁"))
        facts = opened.facts
        assert facts.title == "题"
        assert facts.language == "zh-CN"
        assert (facts.archival, facts.accessible) == ("2A", "1")
        assert opened.fonts == {"NotoSerifSC-Regular": True}


class TestConformity:
    def test_has_nothing_against_a_file_that_conforms(self):
        assert nonconformities(pdf("甲")) == ()

    def test_names_what_is_not_claimed(self):
        found = nonconformities(
            pdf("甲", standards=("1.7",), head='#set text(font: "Noto Serif SC")\n')
        )
        assert found == ("PDF/A —, not 2A", "PDF/UA —, not 1", "/Title", "/DisplayDocTitle")

    def test_names_another_level(self):
        assert nonconformities(pdf("甲", standards=("a-2b",)))[0] == "PDF/A 2B, not 2A"

    def test_names_what_is_not_tagged_or_hides_its_title(self):
        def untag(opened):
            opened.Root.MarkInfo.Marked = False
            del opened.Root.ViewerPreferences

        found = nonconformities(changed(pdf("甲"), untag))
        assert found == ("/MarkInfo /Marked", "/DisplayDocTitle")

    def test_names_a_level_of_headings_that_is_left_out(self):
        def deepen(opened):
            for each in opened.objects:
                if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/H2":
                    each.S = pikepdf.Name.H4

        assert nonconformities(changed(pdf("= 甲\n== 乙\n= 丙"), deepen)) == ("H1 → H4",)

    def test_names_cells_whose_header_cannot_be_found(self):
        made = pdf("#table(columns: 1, table.header[头], [身])")
        assert nonconformities(made) == ()

        def unname(opened):
            for each in opened.objects:
                if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH":
                    del each.ID

        assert nonconformities(changed(made, unname)) == ("r2c1 “身”: Headers",)

    def test_names_a_missing_language(self):
        made = changed(pdf("甲"), lambda opened: opened.Root.__delitem__("/Lang"))
        assert nonconformities(made) == ("/Lang",)

    def test_names_fonts_that_are_not_embedded(self):
        def strip(opened):
            for each in opened.objects:
                if isinstance(each, pikepdf.Dictionary) and "/FontFile3" in each:
                    del each.FontFile3

        assert nonconformities(changed(pdf("甲"), strip)) == ("NotoSerifSC-Regular: not embedded",)

    def test_names_attachments(self):
        def attach(opened):
            opened.attachments["秘密.txt"] = b"x"

        assert nonconformities(changed(pdf("甲"), attach)) == ("秘密.txt: attached",)

    def test_names_text_over_the_edge_of_the_page(self):
        made = pdf("甲 #place(dx: 600pt, [外])")
        assert nonconformities(made) == ("page 1: “外” outside",)

    def test_names_text_below_the_edge_of_a_page(self):
        made = pdf('#table(columns: 1, table.cell(breakable: false, [#("行\\n" * 80)末]))')
        assert any("末" in each for each in nonconformities(made))


class TestTexts:
    def test_of_pages_hold_what_is_no_content(self):
        made = pdf("#set page(header: [页眉])\n= 标题\n#pagebreak()\n乙")
        assert [text.split() for text in PdfFile(made).pages.texts] == [
            ["页眉", "标题"],
            ["页眉", "乙"],
        ]

    def test_in_logical_order_are_paragraphs_and_cells(self):
        made = pdf("= 标题\n正文\n#table(columns: 2, [甲], [乙])")
        assert list(PdfFile(made).logical_texts()) == ["标题", "正文", "甲", "乙"]
