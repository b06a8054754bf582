"""What a file carries beside its text: who made it, traces of editing, what runs; each is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image

from odd_word_files import BROUGHT_ALONG, PARAGRAPH, Made, related, word
from reportgen.features.audit.files import AuditRequest, audit_file
from reportgen.findings import Finding

EXTERNAL = b' TargetMode="External"'
RUN = "<w:p><w:r>{}<w:t>全年支出</w:t></w:r></w:p>"
TEXT = "湖南某局全年支出2851万元。"


def made_by(**properties: str) -> Made:
    """Return what makes a Word file with some properties."""

    def made() -> bytes:
        document = docx.Document()
        document.add_paragraph(TEXT)
        core = document.core_properties
        core.author = core.comments = ""
        for name, value in properties.items():
            setattr(core, name, value)
        output = io.BytesIO()
        document.save(output)
        return output.getvalue()

    return made


def picture() -> bytes:
    """Return a picture that says where, when, by whom and with what it was taken."""
    exif = Image.Exif()
    exif[0x0110], exif[0x013B] = "Camera 1", "甲"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8769)[0x9003] = "2023:01:02 03:04:05"
    output = io.BytesIO()
    Image.new("RGB", (8, 8)).save(output, "JPEG", exif=exif)
    return output.getvalue()


def with_picture(data: bytes) -> Made:
    return related(b"image", b"media/a.jpg", **{"word__media__a.jpg": data})


def inside(body: str) -> Made:
    return lambda: word(body)


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Made:
    """Return what makes a PDF of one page, changed."""

    def made() -> bytes:
        document, output = pikepdf.new(), io.BytesIO()
        page = document.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
        font.BaseFont = pikepdf.Name.Helvetica
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        content = pikepdf.Stream(document, b"BT /F1 12 Tf 72 700 Td (Total 1) Tj ET")
        page.Contents = document.make_indirect(content)
        change(document)
        document.save(output)
        return output.getvalue()

    return made


def annotated(subtype: str, **more: object) -> Callable[[pikepdf.Pdf], None]:
    """Return what adds an annotation to the page of a PDF."""

    def change(document: pikepdf.Pdf) -> None:
        made = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name(f"/{subtype}"),
            Rect=[9, 9, 99, 99],
            **more,
        )
        annotation = document.make_indirect(made)
        if subtype == "Widget":
            document.Root.AcroForm = pikepdf.Dictionary(Fields=[annotation])
        document.pages[0].Annots = pikepdf.Array([annotation])

    return change


def attached(document: pikepdf.Pdf) -> None:
    document.attachments["底稿.xlsx"] = b"x"


def written_by(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = "Zhang San"


def running(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = action


LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe")
INSERTED = '<w:p><w:ins w:id="1" w:author="甲"><w:r><w:t>新增</w:t></w:r></w:ins></w:p>'
DELETED = '<w:p><w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>'
LOADS = RUN.format('<w:instrText>INCLUDETEXT "a.docx"</w:instrText>').replace(
    "<w:instrText>",
    '<w:fldChar w:fldCharType="begin"/><w:instrText>',
)

CASES: list[tuple[str, Made, set[tuple[str, str]]]] = [
    ("author.docx", made_by(author="张三"), {("A404", "@b_creator")}),
    ("unit.docx", made_by(author="湖南某局"), set()),
    ("saved.docx", made_by(last_modified_by="李四"), {("A404", "@b_lastModifiedBy")}),
    ("remark.docx", made_by(comments="初稿"), {("A404", "@b_description")}),
    ("keywords.docx", made_by(keywords="内部"), {("A404", "@b_keywords")}),
    ("inserted.docx", inside(INSERTED), {("A405", "@b_revisions")}),
    ("deleted.docx", inside(DELETED), {("A405", "@b_revisions")}),
    ("hidden.docx", inside(RUN.format("<w:rPr><w:vanish/></w:rPr>")), {("A405", "@b_hidden")}),
    (
        "comment.docx",
        inside(RUN.format('<w:commentReference w:id="1"/>')),
        {("A405", "@b_comments")},
    ),
    ("object.docx", inside(RUN.format("<w:object/>")), {("A406", "@b_objects")}),
    ("field.docx", inside(LOADS), {("A406", "@b_fields")}),
    (
        "picture-elsewhere.docx",
        related(b"image", b"http://a.cn/x", EXTERNAL),
        {("A406", "@b_external")},
    ),
    (
        "template.docx",
        related(b"attachedTemplate", b"file:///C:/x", EXTERNAL),
        {("A406", "@b_template")},
    ),
    ("macro.docx", related(b"vbaProject", b"vbaProject.bin"), {("A406", "@b_macros")}),
    ("link.docx", related(b"hyperlink", b"https://a.cn", EXTERNAL), set()),
    (
        "picture.docx",
        with_picture(picture()),
        {("A404", kind) for kind in ("@x_place", "@x_artist", "@x_camera", "@x_time")},
    ),
    ("half-a-picture.docx", with_picture(picture()[:40]), set()),
    ("author.pdf", pdf(written_by), {("A404", "@b_creator")}),
    ("attached.pdf", pdf(attached), {("A406", "@p_attachment")}),
    ("running.pdf", pdf(running), {("A406", "@p_script")}),
    ("launch.pdf", pdf(annotated("Link", A=LAUNCH)), {("A406", "@p_script")}),
    ("comment.pdf", pdf(annotated("Text", Contents="redo")), {("A405", "@b_comments")}),
    ("field.pdf", pdf(annotated("Widget", FT=pikepdf.Name.Tx)), {("A406", "@p_field")}),
]


def audited(name: str, made: Made, folder: Path) -> list[Finding]:
    path = folder / name
    path.write_bytes(made())
    found = audit_file(AuditRequest(path, name, "zh")).findings
    of_file = [each for each in found if each.code.startswith("A40")]
    return [each for each in of_file if each.params["kind"] not in BROUGHT_ALONG]


@pytest.mark.parametrize(("name", "made", "expected"), CASES, ids=[case[0] for case in CASES])
def test_each_property_is_told(
    name: str, made: Made, expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    found = audited(name, made, tmp_path)
    told = {(each.code, str(each.params["kind"])) for each in found}
    assert told == expected


def test_what_stands_often_is_told_once_with_its_places(tmp_path: Path) -> None:
    body = PARAGRAPH.format("甲") + INSERTED * 7
    (found,) = [each for each in audited("a.docx", inside(body), tmp_path) if each.code == "A405"]
    assert found.params["count"] == "7"
    assert found.span.place == "p2"
    assert len(found.places) == 5
