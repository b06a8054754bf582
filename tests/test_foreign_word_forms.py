"""Word forms as other programs and other habits write them: filled, placed, byte for byte else."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from form_projects import FormProject, part
from small_project import NARRATIVE, PACK, spots
from test_word_form_reports import DOWN, ON
from word_files import NAMESPACES, R, cell, paragraph, row, table, text_box, word_file

TAG, VALUE = "{{ unit.name }}", "示例市示例局"
BY = 'w:id="1" w:author="甲" w:date="2024-01-01T00:00:00Z"'
BOUND = (
    '<w:dataBinding w:prefixMappings="" w:xpath="/a[1]" w:storeItemID="{1}"/><w:showingPlcHdr/>'
    "<w:text/>"
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}<w:t>{text}</w:t></w:r>"


def control(content: str, kind: str = "") -> str:
    properties = (
        f'<w:sdtPr><w:alias w:val="名"/><w:tag w:val="x"/><w:id w:val="7"/>{kind}</w:sdtPr>'
    )
    return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


INNER = table(
    row(cell("内", properties=DOWN), TAG), row(cell("", properties=ON), "乙"), widths=(500, 500)
)
BODIES = {
    "controls around a block, a row and a cell": control(paragraph(TAG), BOUND)
    + table(
        control(row("甲", "乙", "丙")),
        row("丁", "戊", "己").replace(cell("戊"), control(cell(TAG), BOUND)),
    ),
    "a repeating section": table(
        control(
            control(row("甲", TAG, "丙")),
            '<w15:repeatingSection xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>',
        )
    ),
    "revisions within a tag": f"<w:p><w:ins {BY}>{run('{{ unit')}</w:ins>"
    f"<w:del {BY}><w:r><w:delText>.old</w:delText></w:r></w:del>{run('.name }}')}</w:p>",
    "rows inserted and deleted": table(
        row("新", TAG, "", properties=f"<w:trPr><w:ins {BY}/></w:trPr>"),
        row("旧", "{{ nothing }}", "", properties=f"<w:trPr><w:del {BY}/></w:trPr>"),
    ),
    "a text that was moved": f"<w:p><w:moveFrom {BY}>{run('移走')}</w:moveFrom></w:p>"
    f"<w:p><w:moveTo {BY}>{run(TAG)}</w:moveTo></w:p>",
    "a simple field": f'<w:p><w:fldSimple w:instr=" TITLE ">{run(TAG)}</w:fldSimple></w:p>',
    "a smart tag": '<w:p><w:smartTag w:uri="u" w:element="e"><w:smartTagPr>'
    f'<w:attr w:name="a" w:val="b"/></w:smartTagPr>{run(TAG)}</w:smartTag></w:p>',
    "custom XML": '<w:customXml w:element="e"><w:customXmlPr><w:placeholder w:val="p"/>'
    f"</w:customXmlPr>{paragraph(TAG)}</w:customXml>",
    "from right to left": f'<w:p><w:pPr><w:bidi/></w:pPr><w:bdo w:val="rtl">{run(TAG, "<w:rtl/>")}'
    f'</w:bdo><w:dir w:val="ltr">{run("乙")}</w:dir></w:p>'
    + table(row("甲", "乙", "丙")).replace("<w:tblPr/>", "<w:tblPr><w:bidiVisual/></w:tblPr>"),
    "merged cells in a nested table": table(
        row(cell("甲", properties=DOWN), cell(paragraph("上"), INNER, paragraph("下")), "丙"),
        row(cell("", properties=ON), "x", TAG),
    ),
    "a text box in a cell": table(row(cell(text_box(paragraph("{{ unit", ".name }}"))), "", "")),
    "a text box of old": "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
    f"{paragraph(TAG)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
    "permission and spelling marks": f'<w:p><w:permStart w:id="1" w:edGrp="everyone"/>{run("{{")}'
    f'<w:proofErr w:type="gramStart"/>{run(" unit.name ")}<w:permEnd w:id="1"/>{run("}}")}</w:p>',
    "traces of Google Docs": '<w:p w:rsidR="00000000" w:rsidDel="00000000"><w:pPr><w:rPr/></w:pPr>'
    + run(TAG, '<w:rtl w:val="0"/>')
    + "</w:p>",
    "a list to choose from": "<w:p>"
    + control(
        run(TAG),
        '<w:dropDownList><w:listItem w:displayText="甲" w:value="1"/></w:dropDownList>',
    )
    + "</w:p>",
    "rows beside the grid": table(
        row(TAG, "乙", properties='<w:trPr><w:gridBefore w:val="1"/></w:trPr>'),
        row("甲", "乙", "丙"),
    ),
}
FIRST = paragraph("说明") + table(row("事项", "金额", "备注"))


def strict(data: bytes) -> bytes:
    """Return a Word file of the strict conformance class."""
    names = {
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main":
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }  # fmt: skip
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for usual, other in names.items():
                content = content.replace(usual, other)
            new.writestr(name, content)
    return changed.getvalue()


FORMS = {name: word_file(FIRST + body) for name, body in BODIES.items()}
FORMS["strict"] = strict(word_file(FIRST + paragraph(TAG)))
FORMS["building blocks"] = word_file(
    FIRST + paragraph(TAG),
    members={
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rG" Type="{R}/glossaryDocument" Target="glossary/document.xml"/>'
            "</Relationships>"
        ).encode(),
        "word/glossary/document.xml": f"<w:glossaryDocument {NAMESPACES}/>".encode(),
    },
)


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_any_program_are_filled(small, name):
    outcome = FormProject.of(small, FORMS[name]).build("docx", "html")
    assert spots(outcome.findings) == []
    main = part(outcome.files["sheet.docx"])
    assert VALUE in re.sub("<[^>]*>", "", main)
    assert not re.search("[{}]|smartTag|customXml|dataBinding|w:author|w:perm|rsid", main)
    assert VALUE in outcome.files["sheet.html"].decode()


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_any_program_are_placed(small, name):
    small.write(f"{PACK}/forms/sheet.docx", FORMS[name])
    path = f"{NARRATIVE}/results.md"
    small.write(path, small.text(path) + '\n\n{{ form("sheet") }}\n')
    outcome = small.build(formats=("docx",))
    assert spots(outcome.findings) == []
    text = re.sub("<[^>]*>", "", part(outcome.files["department.docx"]))
    assert "事项金额备注" in text
    assert "{" not in text


UNTOUCHED = [
    "a repeating section",
    "a simple field",
    "from right to left",
    "merged cells in a nested table",
    "a list to choose from",
    "rows beside the grid",
]


@pytest.mark.parametrize("name", UNTOUCHED)
def test_all_but_the_tags_stays_byte_for_byte(small, name):
    data = FormProject.of(small, FORMS[name]).filled()
    assert part(data) == part(FORMS[name]).replace(TAG, VALUE)
