"""Word forms that stand in the text or in an annex of a report keep their own look in Word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from form_projects import names, part
from outcome import build
from small_project import NARRATIVE, PACK, SmallProject, spots
from test_word_form_reports import LANDSCAPE, LOOP, PHOTO, PNG, pages
from word_files import SECTION, R, paragraph, row, table, word_file

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:asciiTheme="minorHAnsi"'
    ' w:eastAsiaTheme="minorEastAsia"/><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
    '<w:pPr><w:jc w:val="both"/></w:pPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblCellMar><w:left w:w="10" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="heading 1"/>'
    '<w:basedOn w:val="a"/><w:next w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr>'
    '<w:rPr><w:color w:val="FF0000" w:themeColor="accent1"/><w:sz w:val="44"/></w:rPr></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:nsid w:val="11111111"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
)
THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements>'
    '<a:fontScheme name="x"><a:minorFont><a:latin typeface="Calibri"/><a:ea typeface=""/>'
    '<a:font script="Hans" typeface="宋体"/></a:minorFont></a:fontScheme></a:themeElements>'
    "</a:theme>"
)
BODY = (
    '<w:p><w:pPr><w:pStyle w:val="a3"/></w:pPr><w:r><w:t>表名</w:t></w:r></w:p>'
    + paragraph("填表：{{ unit.name }}")
    + table(*LOOP, widths=(1111, 2222, 3333))
    + '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    "<w:r><w:t>说明</w:t></w:r></w:p>"
)


def form(body: str = BODY, section: str = SECTION) -> bytes:
    """Return a form with styles, lists, a theme and a seal of its own."""
    parts = {"styles": STYLES, "numbering": NUMBERING}
    related = part(word_file(body, parts), "word/_rels/document.xml.rels")
    added = (
        f'<Relationship Id="rIdtheme" Type="{R}/theme" Target="theme1.xml"/>'
        f'<Relationship Id="rIdseal" Type="{R}/image" Target="media/seal.png"/>'
    )
    members = {
        "word/_rels/document.xml.rels": related.replace("</Rel", f"{added}</Rel").encode(),
        "word/theme1.xml": THEME.encode(),
        "word/media/seal.png": PNG,
    }
    return word_file(body, parts, members=members, section=section)


@pytest.fixture
def placed(small: SmallProject):
    """Return what builds the report with a form in the text, or in the annex."""

    def make(data: bytes, *, annex: str = "", text: str = "", **options):
        (small.root / PACK / "forms" / "sheet.docx").write_bytes(data)
        if text:
            path = f"{NARRATIVE}/results.md"
            small.write(path, small.text(path) + f"\n\n{text}\n")
        if annex:
            small.write(f"{PACK}/annex.md", small.text(f"{PACK}/annex.md") + f"\n\n{annex}\n")
        outcome = small.build(**{"formats": ("docx",), **options})
        assert spots(outcome.findings) == [], outcome.findings
        return outcome

    return make


PLACE = '{{ form("sheet") }}'


def body(data: bytes) -> etree._Element:
    return etree.fromstring(part(data).encode())


def style_of(data: bytes, paragraph_: etree._Element) -> etree._Element:
    identity = paragraph_.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
    return style(data, identity)


def style(data: bytes, identity: str) -> etree._Element:
    styles = etree.fromstring(part(data, "word/styles.xml").encode())
    (found,) = [each for each in styles if each.get(f"{W}styleId") == identity]
    return found


def with_text(data: bytes, text: str) -> etree._Element:
    (found,) = [p for p in body(data).iter(f"{W}p") if "".join(p.itertext(f"{W}t")) == text]
    return found


def test_a_form_in_a_text_keeps_its_grid_and_its_styles(placed):
    data = placed(form(), text=PLACE).files["department.docx"]
    heading = style_of(data, with_text(data, "表名"))
    assert heading.find(f"{W}rPr/{W}sz").get(f"{W}val") == "44"
    assert heading.find(f"{W}rPr/{W}color").attrib == {f"{W}val": "FF0000"}
    normal = style(data, heading.find(f"{W}basedOn").get(f"{W}val"))
    assert normal.find(f"{W}pPr/{W}jc").get(f"{W}val") == "both"
    defaults = style(data, normal.find(f"{W}basedOn").get(f"{W}val"))
    assert defaults.find(f"{W}rPr/{W}sz").get(f"{W}val") == "21"
    fonts = defaults.find(f"{W}rPr/{W}rFonts")
    assert fonts.get(f"{W}eastAsia") == "宋体" and fonts.get(f"{W}ascii") == "Calibri"
    grid = [[c.get(f"{W}w") for c in t.iter(f"{W}gridCol")] for t in body(data).iter(f"{W}tbl")]
    assert ["1111", "2222", "3333"] in grid


def test_what_has_no_style_has_that_of_its_own_file(placed):
    data = placed(form(), text=PLACE).files["department.docx"]
    normal = style_of(data, with_text(data, "填表：示例市示例局"))
    assert normal.find(f"{W}name").get(f"{W}val").startswith("Normal ")
    (own,) = [
        t
        for t in body(data).iter(f"{W}tbl")
        if t.find(f"{W}tblGrid/{W}gridCol").get(f"{W}w") == "1111"
    ]
    of_table = style(data, own.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val"))
    assert of_table.find(f".//{W}left").get(f"{W}w") == "10"


def styles_of(data: bytes) -> dict[str, etree._Element]:
    styles = etree.fromstring(part(data, "word/styles.xml").encode())
    return {each.get(f"{W}styleId"): each for each in styles if each.get(f"{W}styleId")}


def test_styles_of_the_frame_stay_as_they_are(small, placed):
    before = styles_of(small.build(formats=("docx",)).files["department.docx"])
    after = styles_of(placed(form(), text=PLACE).files["department.docx"])
    for identity, each in before.items():
        assert etree.tostring(after[identity]) == etree.tostring(each)
    called = [each.find(f"{W}name").get(f"{W}val") for each in after.values()]
    assert len(set(called)) == len(called) > len(before)


def test_each_form_has_lists_of_its_own(placed):
    data = placed(form(), text=f"{PLACE}\n\n中间。\n\n{PLACE}").files["department.docx"]
    numbering = etree.fromstring(part(data, "word/numbering.xml").encode())
    sessions = [each.get(f"{W}val") for each in numbering.iter(f"{W}nsid")]
    assert len(sessions) == len(set(sessions)) == 3  # of the style, of each form
    known = {each.get(f"{W}numId") for each in numbering.iter(f"{W}num")}
    said = [p for p in body(data).iter(f"{W}p") if "".join(p.itertext(f"{W}t")) == "说明"]
    used = [each.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val") for each in said]
    assert len(set(used)) == 2 and set(used) <= known


def test_a_seal_comes_along_under_a_name_of_its_own(placed):
    data = placed(form(BODY + PHOTO), text=PLACE).files["department.docx"]
    (seal,) = [name for name in names(data) if "media/" in name and "seal" in name]
    assert "f1" in seal
    assert 'r:embed="f1rIdseal"' in part(data)


def test_pages_of_a_landscape_form_have_its_margins(placed):
    data = placed(form(section=LANDSCAPE), text=PLACE, formats=("docx", "pdf"))
    sections = list(body(data.files["department.docx"]).iter(f"{W}sectPr"))
    lying = [s for s in sections if s.find(f"{W}pgSz").get(f"{W}orient") == "landscape"]
    assert lying[0].find(f"{W}pgMar").get(f"{W}left") == "1134"
    assert "landscape" in {
        lies for lies, words in pages(data.files["department.pdf"]) if "表名" in words
    }


def test_the_same_report_gives_the_same_bytes(small, placed):
    first = placed(form(BODY + PHOTO), text=PLACE).files["department.docx"]
    job = replace(small.job(formats=("docx",)), out=small.root / "again")
    assert build(job).files["department.docx"] == first


def test_notes_follow_the_form_in_all_formats(placed):
    note = '<w:p><w:r><w:t>有注</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    said = "<w:r><w:footnoteRef/></w:r><w:r><w:t>{{ unit.name }}填。</w:t></w:r>"
    notes = f'<w:footnote w:id="2"><w:p>{said}</w:p></w:footnote>'
    outcome = placed(word_file(note, {"footnotes": notes}), text=PLACE, formats=("docx", "html"))
    data = outcome.files["department.docx"]
    assert "footnoteReference" not in part(data)
    assert with_text(data, "示例市示例局填。") is not None
    assert "示例市示例局填。" in outcome.files["department.html"].decode()


WITHHELD = "disclosure:\n  withhold:\n"


@pytest.mark.parametrize(
    "wish",
    ["{form: sheet, reason: 不公开}", "{form: sheet, column: 经办, reason: 不公开}"],
    ids=["a table", "a column"],
)
def test_what_is_withheld_is_in_no_public_file(small, placed, wish):
    body_ = (
        paragraph("表名")
        + table(row("事项", "经办"), row("{{ unit.name }}", "王五"))
        + paragraph("表后")
    )
    forms = "forms:\n  - {name: sheet, columns: 2}\n"
    small.replace(f"{PACK}/pack.yaml", WITHHELD, f"{forms}{WITHHELD}    - {wish}\n")
    data = placed(word_file(body_), text=PLACE, audience="public").files["department.docx"]
    assert "王五" not in part(data)
    assert "表后" in part(data)


def test_figures_of_a_placed_form_carry_their_comments(placed):
    data = placed(form(), text=PLACE, comments="all").files["department.docx"]
    assert part(data).count("<w:commentReference ") == part(data, "word/comments.xml").count(
        "<w:comment "
    )


def test_a_strict_file_is_placed_in_a_transitional_one(placed):
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    made = form()
    main = part(made).replace(W[1:-1], strict).encode()
    styles = part(made, "word/styles.xml").replace(W[1:-1], strict).encode()
    data = placed(
        word_file(
            BODY, {"styles": STYLES}, members={"word/document.xml": main, "word/styles.xml": styles}
        ),
        text=PLACE,
    )
    assert "purl.oclc.org" not in part(data.files["department.docx"])
    assert "purl.oclc.org" not in part(data.files["department.docx"], "word/styles.xml")


SPACED = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault>'
    '<w:pPr><w:spacing w:after="200" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name'
    ' w:val="Normal"/></w:style><w:style w:type="table" w:styleId="grid"><w:name w:val="Grid"/>'
    '<w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    '<w:rPr><w:sz w:val="18"/></w:rPr></w:style>'
)


def test_what_a_style_of_tables_says_of_text_stands_above_the_defaults_of_the_file(placed):
    look = '<w:tblPr><w:tblStyle w:val="grid"/></w:tblPr>'
    body_ = paragraph("表名") + table(row("格里", "b", "c")).replace("<w:tblPr/>", look)
    data = placed(word_file(body_, {"styles": SPACED}), text=PLACE).files["department.docx"]
    outside, inside = (
        style(data, style_of(data, with_text(data, text)).find(f"{W}basedOn").get(f"{W}val"))
        for text in ("表名", "格里")
    )
    assert outside.find(f"{W}pPr/{W}spacing").get(f"{W}after") == "200"
    assert outside.find(f"{W}rPr/{W}sz").get(f"{W}val") == "22"
    assert inside.find(f"{W}pPr/{W}spacing").get(f"{W}after") == "0"
    assert inside.find(f"{W}rPr/{W}sz").get(f"{W}val") == "18"
