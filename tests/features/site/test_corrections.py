"""A signed notice explains the version that took the place of the one before, and no other."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace

import docx
import pikepdf
import pytest

from reportgen.features.site.making import make_site
from reportgen.features.site.record import read_record
from reportgen.features.site.settings import SiteCorrection
from reportgen.findings import Diagnostics
from reportgen.model.disclosed import Secret
from reportgen.model.source import SourceSpan
from sealed_pdf import for_the_web, page, rewritten, sealed
from site_builds import MadeUpSite, tree

TITLE = "某局2023年度部门整体支出绩效自评报告"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le")
"""What Word makes of a document with a password begins so."""
PAGE = "bureau/2023/department/index.html"
BEFORE = "bureau/2023/department/v1/index.html"


def notice(path, *texts, title=TITLE, signed="某局　2024年9月12日", author="某局"):
    """Write a notice, of which some texts stand in a table."""
    document = docx.Document()
    document.core_properties.author = author
    document.core_properties.comments = ""  # python-docx names itself there
    document.add_paragraph(f"关于《{title}》的更正说明")
    for text in texts:
        document.add_paragraph(text)
    table = document.add_table(2, 3)
    for at, text in enumerate(("项目", "原公布", "更正为", "执行率", "90%", "95%")):
        table.cell(at // 3, at % 3).text = text
    document.add_paragraph(signed)
    document.save(path)
    return path


class Corrected(MadeUpSite):
    """A site with a report that was published and is corrected by the next run."""

    def __init__(self, root):
        super().__init__(root)
        self.file = root / "说明.docx"

    def prepare(self):
        self.build(text="执行率90%")
        self.make()
        self.build(text="执行率95%", date="2024-09-12")
        notice(self.file, "原报告执行率误为90%。")

    def entry(self, **changes):
        usual = {
            "unit": "bureau",
            "year": 2023,
            "report": "department",
            "date": "2024-09-12",
            "notice": self.file,
            "span": SourceSpan("site.toml", 9, 1),
        }
        return SiteCorrection(**{**usual, **changes})

    def run(self, *entries):
        """Make the site with some corrections; return whether it was made, and the codes."""
        before, log = tree(self.out), Diagnostics()
        change = make_site(replace(self.order(), corrections=entries), log)
        assert change is not None or tree(self.out) == before
        return change is not None, [each.code for each in log]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    made = Corrected(tmp_path_factory.mktemp("prepared"))
    made.prepare()
    return made


@pytest.fixture
def site(prepared, tmp_path):
    """Return a copy of the site, which a test may change."""
    return prepared.copied(tmp_path)


def test_notice_is_published_as_it_was_signed_with_the_version_that_is_right(site):
    assert site.run(site.entry()) == (True, [])
    published = (site.out / "bureau/2023/department/v2/notice.docx").read_bytes()
    assert published == site.file.read_bytes()
    page = site.page(PAGE)
    for text in ("原报告执行率误为90%。", "原公布", "2024-09-12", "v2/notice.docx"):
        assert text in page
    assert hashlib.sha256(published).hexdigest() in page


def test_version_before_says_that_it_holds_no_more_and_what_does(site):
    site.run(site.entry())
    page = site.page(BEFORE)
    assert "已不再有效" in page and 'href="../index.html"' in page
    assert 'href="../v2/notice.docx"' in page
    assert 'content="noindex"' in page
    assert BEFORE not in (site.out / "index.html").read_text("utf-8")
    assert "有更正" in site.page("years/2023/index.html")


def test_same_notice_is_no_news_in_the_next_run(site):
    site.run(site.entry())
    before = tree(site.out)
    assert site.run(site.entry()) == (True, [])
    site.file.unlink()
    assert site.run(site.entry()) == (True, [])
    assert tree(site.out) == before


def test_changed_version_without_a_notice_is_told_and_may_get_it_later(site):
    assert site.run() == (True, ["U118"])
    files = tree(site.out / "bureau/2023/department/v2")
    assert site.run(site.entry()) == (True, [])
    assert tree(site.out / "bureau/2023/department/v2").items() > files.items()
    version = read_record(site.out, Diagnostics()).reports[0].current
    assert version.notice.file in version.files


def test_each_of_two_corrections_explains_its_version(site):
    site.run(site.entry())
    site.build(text="执行率96%", date="2024-10-08")
    second = notice(site.root / "二.docx", "又误。", signed="某局 2024年10月8日")
    entries = site.entry(), site.entry(date="2024-10-08", notice=second)
    assert site.run(*entries) == (True, [])
    report = read_record(site.out, Diagnostics()).reports[0]
    assert [each.notice and each.notice.date for each in report.versions] == [
        None,
        "2024-09-12",
        "2024-10-08",
    ]


def test_notice_explains_a_version_though_the_one_before_was_taken_down(site):
    site.run()
    gone = "bureau/2023/department/v1"
    for entries in ((), (site.entry(),), (site.entry(),)):
        log = Diagnostics()
        make_site(replace(site.order(withdrawn=(gone,)), corrections=entries), log)
        assert {each.code for each in log} <= {"U118"}
    assert "v2/notice.docx" in site.page(PAGE)
    assert [path.name for path in (site.out / gone).iterdir()] == ["index.html"]


def test_correction_of_a_withdrawn_report_is_past(site):
    gone = "bureau/2023/department"
    for entries in ((site.entry(),), (site.entry(),), (), (site.entry(),)):
        assert withdrawn(site, gone, *entries) == (True, [])
    assert [path.name for path in (site.out / gone).rglob("*.docx")] == []


def withdrawn(site, address, *entries):
    """Make the site without what is at an address; return whether it was made, and the codes."""
    log = Diagnostics()
    change = make_site(replace(site.order(withdrawn=(address,)), corrections=entries), log)
    return change is not None, [each.code for each in log]


@pytest.mark.parametrize("is_gone", [True, False])
def test_correction_of_a_withdrawn_version_does_not_come_to_the_next_one(site, is_gone):
    gone = "bureau/2023/department/v2"
    site.run(site.entry())
    assert withdrawn(site, gone, site.entry()) == (False, ["U121"])
    site.build(text="执行率96%", date="2024-10-08")
    entry = site.entry()
    if is_gone:
        site.file.unlink()
    for codes in (["U118"], []):
        assert withdrawn(site, gone, entry) == (True, codes)
    assert not list((site.out / gone).parent.rglob("notice.docx"))
    second = notice(site.root / "二.docx", "又误。", signed="某局 2024年10月8日")
    entries = entry, site.entry(date="2024-10-08", notice=second)
    assert withdrawn(site, gone, *entries) == (True, [])
    assert "v3/notice.docx" in site.page(PAGE)


def test_correction_of_a_version_that_went_before_anybody_noted_notices_is_past(site):
    gone = "bureau/2023/department/v2"
    site.run(site.entry())
    site.build(text="执行率96%", date="2024-10-08")
    second = notice(site.root / "二.docx", "又误。", signed="某局 2024年10月8日")
    entries = site.entry(), site.entry(date="2024-10-08", notice=second)
    assert withdrawn(site, gone, *entries) == (True, [])
    path = site.out / "site.json"
    noted, past, rest = path.read_text("utf-8").partition(',"past_notices":')
    path.write_text(noted + rest[rest.index("]") + 1 :], "utf-8")
    assert past and withdrawn(site, gone, *entries) == (True, [])


def test_correction_of_what_was_never_published_is_refused(site):
    for change in ({"report": "special-fund"}, {"unit": "nobody"}, {"year": 2022}):
        made, codes = site.run(site.entry(**change))
        assert not made and "U180" in codes


def test_correction_of_an_unchanged_text_is_refused(site):
    site.build(text="执行率90%")
    assert site.run(site.entry()) == (False, ["U181"])


def test_two_notices_for_one_version_are_refused(site):
    other = notice(site.root / "二.docx", "又一份。")
    made, codes = site.run(site.entry(), site.entry(notice=other))
    assert (made, codes) == (False, ["U182"])
    site.run(site.entry())
    assert site.run(site.entry(), site.entry(notice=other)) == (False, ["U182"])


BAD = {
    "missing": (lambda path: path.unlink(), "A501"),
    "empty": (lambda path: path.write_bytes(b""), "A501"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:900]), "A501"),
    "no document": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "A502"),
    "a draft": (lambda path: notice(path, signed="某局　　　　年　　月　　日"), "U184"),
    "unsigned": (lambda path: notice(path, signed="经办人：　　审核人：　　签发人："), "U184"),
    "with a password": (lambda path: path.write_bytes(OLE), "A501"),
    "of another report": (lambda path: notice(path, title="另一份报告"), "U185"),
}


@pytest.mark.parametrize("how", list(BAD))
def test_notice_that_cannot_be_published_is_refused(site, how):
    spoil, code = BAD[how]
    spoil(site.file)
    made, codes = site.run(site.entry())
    assert not made
    assert code in codes


def pdf(**encryption):
    """Return a page with a word as PDF."""
    document, output = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    shown = pikepdf.Stream(document, b"BT /F 12 Tf 72 700 Td (notice) Tj ET")
    page.Contents = document.make_indirect(shown)
    lock = pikepdf.Encryption(**encryption) if encryption else False
    document.save(output, encryption=lock)
    return output.getvalue()


NO_PDF = {
    "with a password": (lambda: pdf(owner="a", user="b"), "A501"),
    "opens without its password": (lambda: pdf(owner="a", user=""), "U177"),
    "cut": (lambda: pdf()[:-60], "A501"),
    "a head alone": (lambda: b"%PDF-1.7\n", "A501"),
    "empty": (lambda: b"", "A501"),
    "text": (f"关于《{TITLE}》的更正说明 某局 2024年9月12日".encode, "A501"),
    "a web page": (f"<html><p>关于《{TITLE}》的更正说明</p></html>".encode, "U183"),
}


@pytest.mark.parametrize("how", list(NO_PDF))
def test_pdf_that_nobody_can_open_or_search_is_refused(site, how):
    make, code = NO_PDF[how]
    path = site.root / "说明.pdf"
    path.write_bytes(make())
    made, codes = site.run(site.entry(notice=path))
    assert not made
    assert code in codes


def test_document_that_is_called_otherwise_than_it_is_is_refused(site):
    path = site.file.rename(site.root / "说明.pdf")
    assert site.run(site.entry(notice=path)) == (False, ["U183"])


def test_file_of_another_kind_is_refused(site):
    path = site.root / "说明.txt"
    path.write_text(f"关于《{TITLE}》的更正说明", "utf-8")
    assert site.run(site.entry(notice=path)) == (False, ["U183"])


def test_correction_before_the_publication_of_what_it_corrects_is_refused(site):
    assert site.run(site.entry(date="2024-05-05")) == (False, ["U186"])
    assert site.run(site.entry(date="2024-05-06")) == (True, [])


def edited(path, text, into):
    """Put markup of Word behind the first paragraph of a notice."""
    found = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(found, "w") as changed:
        for member in package.namelist():
            data = package.read(member).decode("utf-8") if member == into else None
            data = data.replace("</w:p>", f"{text}</w:p>", 1) if data else package.read(member)
            changed.writestr(member, data)
    path.write_bytes(found.getvalue())


def test_changes_that_nobody_accepted_are_not_published(site):
    inserted = '<w:ins w:id="1" w:author="甲"><w:r><w:t>草</w:t></w:r></w:ins>'
    edited(site.file, inserted, "word/document.xml")
    made, codes = site.run(site.entry())
    assert not made and "U187" in codes


@pytest.mark.parametrize("property_", ["comments", "keywords", "category"])
def test_properties_that_nobody_sees_who_signs_are_not_published(site, property_):
    document = docx.Document(site.file)
    setattr(document.core_properties, property_, "内部讨论稿")
    document.save(site.file)
    log = Diagnostics()
    assert make_site(replace(site.order(), corrections=(site.entry(),)), log) is None
    (told,) = log
    element = {"comments": "description"}.get(property_, property_)
    assert (told.code, told.severity) == ("U187", "error")
    assert f"docProps/core.xml <{element}>" in told.params["what"]


NOTICE = f"关于《{TITLE}》的更正说明\n\n原报告执行率误为90%。\n\n某局　2024年9月12日"


@pytest.mark.parametrize("signed", [for_the_web, sealed, lambda data: sealed(sealed(data))])
def test_pdf_as_offices_seal_it_is_published_as_it_is(site, signed):
    path = site.root / "说明.pdf"
    path.write_bytes(signed(page(NOTICE)))
    assert site.run(site.entry(notice=path)) == (True, [])
    published = site.out / "bureau/2023/department/v2/notice.pdf"
    assert published.read_bytes() == path.read_bytes()


def without_last_line(data):
    """Return a PDF of a page saved once more, without the last line of its text."""
    with pikepdf.open(io.BytesIO(data)) as document:
        shown = document.pages[0].Contents.read_bytes()
    start, end = shown.rindex(b"BT "), shown.rindex(b"\nET\n") + 4
    return rewritten(data, shown[:start] + shown[end:])


@pytest.mark.parametrize(
    "changed", [lambda data: sealed(without_last_line(data)), lambda data: sealed(data, kind="Tx")]
)
def test_pdf_that_said_more_before_or_can_be_filled_in_is_not_published(site, changed):
    path = site.root / "说明.pdf"
    path.write_bytes(changed(page(f"{NOTICE}\n\n草稿：未核。")))
    made, codes = site.run(site.entry(notice=path))
    assert not made and "U187" in codes


@pytest.mark.parametrize("key", ["/Keywords", "/Comments"])
def test_properties_of_a_pdf_are_not_published_either(site, key):
    document, output = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    document.docinfo[key] = "内部讨论稿"
    document.save(output)
    path = site.root / "说明.pdf"
    path.write_bytes(output.getvalue())
    assert "U187" in site.run(site.entry(notice=path))[1]


def test_person_who_made_the_file_is_told_of(site):
    notice(site.file, author="张三")
    assert site.run(site.entry()) == (True, ["U187"])


@pytest.mark.parametrize("written", ["经王芳核对", "经王·芳核对", "电话13800000000"])
def test_notice_that_tells_what_is_withheld_is_not_published(site, written):
    kept = Secret("preparer.name", "填表人", "王芳", SourceSpan("data/x.yaml", 3, 9))
    site.build(text="执行率95%", date="2024-09-12", secrets=(kept,))
    notice(site.file, written)
    made, codes = site.run(site.entry())
    assert not made
    assert {"U172", "D104"} & set(codes)
