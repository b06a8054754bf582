from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from outcome import build, draft
from real_report import DATA, built, copied, drafted, figures, files, job, replaced
from reportgen.project.source_files import SourceFiles

NARRATIVE = f"{DATA}/department/narrative"
PAGE = "templates/shared/page.html.j2"
HTML = {"formats": ("html",)}


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """Return the project with a good page in its build/; tests work on copies."""
    root = copied(tmp_path_factory.mktemp("original") / "project")
    built(root, **HTML)
    return root


@pytest.fixture
def root(original, tmp_path):
    return shutil.copytree(original, tmp_path / "project")


def output(root):
    return {p.relative_to(root): p.read_bytes() for p in (root / "build").rglob("*") if p.is_file()}


def refused(root, **options):
    """Return the codes of the errors of a build that leaves the last good output as it was."""
    before = output(root)
    outcome = build(job(root, **(HTML | options)))
    assert outcome.failed
    assert output(root) == before
    return [each.code for each in outcome.findings if each.severity == "error"]


def test_report_is_built_from_facts_to_files(tmp_path):
    outcome = built(copied(tmp_path))
    assert outcome.job.folder == tmp_path / "build" / "2023" / "huaihua" / "internal"
    names = ["department.docx", "department.html", "department.pdf", "department.figures.json"]
    assert list(outcome.files) == names
    found = files(outcome)
    assert found.keys() == {*names, "manifest.json"}
    assert all(found[name] == outcome.files[name] for name in names)
    assert found["department.docx"].startswith(b"PK") and found["department.pdf"].startswith(
        b"%PDF"
    )


def test_findings_come_in_the_order_of_their_places(root):
    spans = [each.span for each in built(root, **HTML).findings]
    assert spans == sorted(spans)
    assert len({span.path for span in spans}) > 2


def test_shipped_data_has_nothing_but_notes():
    assert {each.severity for each in drafted().findings} == {"note"}


def test_out_is_where_the_files_go(root, tmp_path):
    outcome = built(root, out=tmp_path / "elsewhere", **HTML)
    assert outcome.job.folder.is_relative_to(tmp_path / "elsewhere")
    assert (outcome.job.folder / "department.html").is_file()


@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
def test_figures_json_is_for_everybody_but_the_public(root, audience):
    found = files(built(root, audience=audience, **HTML))
    assert ("department.figures.json" in found) == (audience != "public")
    if audience != "public":
        assert figures(found["department.figures.json"])["execution_rate"]["text"] == "135.47%"


def test_page_links_to_the_twins_that_were_made_with_it(root):
    alone = files(built(root, **HTML))["department.html"].decode()
    assert "department.docx" not in alone and "department.pdf" not in alone
    siblings = files(built(root, formats=("docx", "html")))["department.html"].decode()
    assert "department.docx" in siblings and "department.pdf" not in siblings


def test_fewer_formats_replace_the_files_of_the_report_as_a_whole(root):
    assert "department.docx" in files(built(root, formats=("docx", "html")))
    assert files(built(root, **HTML)).keys() == {
        "department.html",
        "department.figures.json",
        "manifest.json",
    }


def test_comments_are_in_the_word_file_where_they_are_asked_for(root):
    plain = files(built(root, formats=("docx",)))["department.docx"]
    explained = files(built(root, formats=("docx",), comments=True))["department.docx"]
    assert b"word/comments.xml" not in plain
    assert b"word/comments.xml" in explained


def test_comments_explain_what_was_worked_out_and_what_was_typed_only_on_demand(root):
    def commented(comments):
        data = files(built(root, formats=("docx",), comments=comments))["department.docx"]
        part = zipfile.ZipFile(io.BytesIO(data)).read("word/comments.xml").decode()
        return part.split("<w:comment ")[1:]

    some, every = commented(True), commented("all")
    assert all(" = " in comment for comment in some)
    assert 0 < len(some) < len(every)
    assert any(" = " not in comment for comment in every)


def test_only_the_internal_version_explains_its_figures(root):
    pages = {
        audience: files(built(root, audience=audience, **HTML))["department.html"].decode()
        for audience in ("internal", "submit", "public")
    }
    assert "出处：data/" in pages["internal"]
    assert "出处：" not in pages["submit"] + pages["public"]
    assert "填表人甲" in pages["internal"] and "填表人甲" in pages["submit"]
    assert "填表人甲" not in pages["public"]


def test_broken_facts_stop_the_run_before_anything_is_derived(root):
    replaced(root, f"{DATA}/staffing.yaml", "quota:", "qouta:")
    assert set(refused(root)) <= {"S201", "S202"}
    outcome = draft(job(root), SourceFiles(root))
    assert outcome.ledger is None and outcome.document is None


def test_broken_formula_stops_the_run_before_its_absence_is_told_again_and_again(root):
    path = "templates/huaihua/department-2023/metrics.yaml"
    replaced(
        root, path, "expenditure.total.outturn / expenditure.total.initial", "nobody / nothing"
    )
    outcome = draft(job(root), SourceFiles(root))
    assert {each.code for each in outcome.findings if each.severity != "note"} == {"F103"}
    assert outcome.ledger is not None and outcome.document is None
    assert set(refused(root)) == {"F103"}


def test_broken_relation_and_broken_text_are_told_together(root):
    replaced(root, f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    (root / NARRATIVE / "other.md").write_text("{{ nobody }}", "utf-8")
    assert sorted(set(refused(root))) == ["R101", "T102"]


def test_slip_in_a_frame_file_is_a_finding(root):
    (root / "templates/shared/frame.docx").write_bytes(b"no Word file")
    assert refused(root, formats=("docx",)) == ["W104"]
    replaced(root, PAGE, "{{ body }}", "{{ boddy }}")
    assert refused(root) == ["W105"]


def test_missing_frame_file_is_a_finding(root):
    (root / PAGE).unlink()
    assert refused(root) == ["L100"]


def test_warning_about_a_frame_file_is_not_lost(root):
    data = (root / PAGE).read_bytes()
    (root / PAGE).write_bytes(b"\xef\xbb\xbf" + data)
    codes = [each.code for each in built(root, **HTML).findings if each.severity == "warning"]
    assert codes == ["L112"]


def test_strict_takes_warnings_for_errors_and_publishes_nothing(root):
    path = root / NARRATIVE / "other.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert refused(root, strict=True) == ["L112"]
    built(root, **HTML)


def test_page_that_does_not_say_what_the_document_says_is_not_published(root):
    replaced(root, PAGE, "{{ body }}", "")
    assert set(refused(root)) == {"V101", "V103"}


def test_public_version_with_a_typed_secret_is_not_published(root):
    (root / NARRATIVE / "other.md").write_text("如有疑问请联系填表人甲。", "utf-8")
    built(root, **HTML)
    assert set(refused(root, audience="public")) == {"D101"}


def test_folder_that_cannot_be_made_is_a_finding(root):
    file = root / "file"
    file.write_text("x")
    assert refused(root, out=file) == ["W201"]


def test_input_is_what_was_read_and_nothing_else(root):
    read = SourceFiles(root)
    draft(job(root), read)
    assert all(not Path(path).is_absolute() and (root / path).is_file() for path in read.digests)
    (root / "data/huaihua/2023/unread.txt").write_text("x")
    again = SourceFiles(root)
    draft(job(root), again)
    assert again.digests == read.digests
