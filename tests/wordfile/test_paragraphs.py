from __future__ import annotations

from reportgen.model.source import SourceSpan
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import lines_of, paragraphs
from word_files import cell, paragraph, row, table, text_box, word_file


def places(body: str, **parts: str) -> dict[str, str]:
    """Return the places of the paragraphs of a file by their texts."""
    found = paragraphs(WordFile.read(word_file(body, parts)))
    return {each.text: each.place for each in found if each.text and not each.copy}


def test_runs_are_joined_whatever_cuts_them() -> None:
    assert "{{ unit.name }}" in places(paragraph("{", "{ unit", ".name }", "}"))


def test_places_are_those_that_a_person_counts() -> None:
    down = '<w:vMerge w:val="restart"/>'
    body = (
        paragraph("标题")
        + "<w:p/>"
        + paragraph("单位")
        + table(
            row(cell("甲", properties=down), "乙", "丙"),
            row(
                cell("", properties="<w:vMerge/>"), cell("丁", properties='<w:gridSpan w:val="2"/>')
            ),
        )
        + table(row("戊", cell(table(row("己", "庚")), "<w:p/>")))
        + paragraph("签字")
    )
    assert places(body) == {
        "标题": "p1",
        "单位": "p2",
        "甲": "t1r1c1",
        "乙": "t1r1c2",
        "丙": "t1r1c3",
        "丁": "t1r2c2",
        "戊": "t2r1c1",
        "己": "t2r1c2 t1r1c1",
        "庚": "t2r1c2 t1r1c2",
        "签字": "p3",
    }


def test_headers_footers_notes_and_text_boxes_have_places_of_their_own() -> None:
    found = places(
        paragraph("正文") + text_box(paragraph("框一")) + text_box(paragraph("框二")),
        header=paragraph("页眉"),
        footer=table(row("页脚")),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="1">{paragraph("注")}</w:footnote>',
    )
    assert found == {
        "正文": "p1",
        "框一": "b1 p1",
        "框二": "b2 p1",
        "页眉": "h1 p1",
        "页脚": "f1 t1r1c1",
        "注": "n1 p1",
    }


def test_a_text_box_for_older_programs_is_a_copy_at_the_same_place() -> None:
    found = list(paragraphs(WordFile.read(word_file(text_box(paragraph("框"))))))
    assert [(each.text, each.place, each.copy) for each in found[1:]] == [
        ("框", "b1 p1", False),
        ("框", "b1 p1", True),
    ]


def test_what_nobody_sees_is_no_text() -> None:
    deleted = "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
    code = "<w:r><w:instrText> PAGE </w:instrText></w:r>"
    shown = '<w:r><w:t>留</w:t><w:tab/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert places(f"<w:p>{deleted}{code}{shown}</w:p>") == {"留\t☑": "p1"}


def test_lines_of_a_file_are_its_paragraphs() -> None:
    data = word_file(paragraph("一") + table(row("二", "三")), {"header": paragraph("四")})
    assert lines_of(data) == "一\n二\n三\n四"


def test_a_span_moved_in_its_line_keeps_its_place() -> None:
    assert SourceSpan("a.docx", 3, place="t1r5c3").shifted(2).place == "t1r5c3"
