from __future__ import annotations

import json
import shutil

import pytest

from reportgen.features.diff.comparison import compare
from reportgen.features.diff.correction import as_markdown, correction
from reportgen.features.diff.state import ReportState, StateEntry
from reportgen.model.document import Document
from reportgen.verify.docx import read_docx
from repository import ACCOUNTS
from small_project import NARRATIVE, reportgen

REPORT = Document(("某报告",), "zh-CN", "自评", "某局", "2024-06-01", "public", ())


def run(repository, *words):
    return reportgen("diff", "--root", repository.root, "--lang", "zh", *words)


def drafted(repository, target, *words, code=0):
    done = run(repository, "--correction", target, *words)
    assert done.code == code, done
    return target.with_suffix(".md")


@pytest.fixture
def corrected(repository, tmp_path):
    """Return a repository with a correction of a fact, and where to write its draft."""
    repository.replace(ACCOUNTS, "280.75", "281.75")
    return repository, tmp_path / "更正说明.docx"


def test_draft_says_what_was_published_what_is_right_and_why(corrected):
    repository, target = corrected
    text = drafted(repository, target, "HEAD").read_text("utf-8")
    assert text.startswith("# 关于《")
    assert "| 407.95万元 | 408.95万元 | 所依据的数据更正，重新计算 |" in text
    assert "签发人：" in text and "对评价结果的影响" in text


def test_word_file_says_what_the_markdown_says(corrected):
    repository, target = corrected
    markdown = drafted(repository, target, "HEAD").read_text("utf-8")
    found = read_docx(target.read_bytes())
    cells = [cell.text for cell in found.tables[0]]
    assert "407.95万元" in cells and "408.95万元" in cells
    assert all("".join(text.split())[:6] in "".join(markdown.split()) for text in found.texts[2:5])


def _rows(markdown):
    """Return the rows of the table without their numbers: builds know no order of places."""
    rows = [line.split("|", 2) for line in markdown.splitlines() if line.startswith("|")]
    return {rest for _, number, rest in rows if number.strip().isdigit()}


def test_draft_between_builds_is_the_same(corrected, tmp_path):
    repository, target = corrected
    by_commit = drafted(repository, target, "HEAD").read_text("utf-8")
    repository.replace(ACCOUNTS, "281.75", "280.75")
    repository.build(audience="public")
    shutil.copytree(repository.root / "build", tmp_path / "old")
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.build(audience="public")
    folders = (tmp_path / "old", repository.root / "build")
    by_build = drafted(repository, target, *folders).read_text("utf-8")
    assert _rows(by_build) == _rows(by_commit) != set()
    public = [folder / "2023/bureau/public" for folder in folders]
    done = run(repository, "--published", *public, "--output-format", "json")
    (comparison,) = json.loads(done.out)["comparisons"]
    assert "execution_rate" in {change["key"] for change in comparison["changes"]}


def test_figures_that_no_public_version_prints_are_not_told(corrected):
    repository, _ = corrected
    everything = json.loads(run(repository, "--output-format", "json").out)
    public = json.loads(run(repository, "--published", "--output-format", "json").out)

    def keys(found):
        return {change["key"] for change in found["comparisons"][0]["changes"]}

    assert keys(public) < keys(everything)
    changes = public["comparisons"][0]["changes"]
    assert all((c["old"] or c["new"])["places"] or c["new"]["places"] for c in changes)


def test_what_is_withheld_now_is_not_published_once_again(repository, tmp_path):
    policy = "disclosure:\n  withhold:\n    - {key: staffing.actual, reason: 内部数据}\n"
    repository.write(f"{NARRATIVE}/staffing.md", "编制{{ staffing.quota }}。")
    repository.write("data/bureau/2023/disclosure.yaml", policy)
    target = tmp_path / "更正.docx"
    done = run(repository, "--correction", target, "HEAD")
    if done.code == 0:
        text = target.with_suffix(".md").read_text("utf-8")
        assert "27人" not in text and "（不再公布）" in text
    else:
        assert not target.exists() and "D10" in done.err


def test_nothing_changed_writes_nothing(repository, tmp_path):
    target = tmp_path / "更正.docx"
    assert run(repository, "--correction", target, "HEAD").code == 0
    assert not target.exists()


def test_two_reports_ask_which_is_meant(corrected):
    repository, target = corrected
    home = repository.root / "data/bureau/2023"
    shutil.copytree(home / "department", home / "again")
    repository.commit("Two reports")
    repository.replace(ACCOUNTS, "281.75", "282.75")
    done = run(repository, "--correction", target, "HEAD")
    assert (done.code, target.exists()) == (2, False)
    drafted(repository, target, "HEAD", "--report", "again")


def test_build_of_another_project_is_told(corrected, tmp_path):
    repository, target = corrected
    repository.build(audience="public")
    record = repository.folder.parent / "disclosure"
    old = tmp_path / "x" / "disclosure"
    shutil.copytree(record, old)
    text = (old / "department.figures.json").read_text("utf-8").replace("408.95", "407.95")
    (old / "department.figures.json").write_text(text, "utf-8")
    done = run(repository, "--correction", target, old, record)
    assert (done.code, target.exists()) == (1, False)
    assert "G119" in done.err


def item(key, text, *printed, **more):
    return StateEntry(key, key, more.pop("kind", "fact"), text, printed=printed, **more)


def draft(old, new):
    states = (ReportState("a", entries={i.key: i for i in side}) for side in (old, new))
    return as_markdown(correction(compare("r", *states, published=True), REPORT))


def test_places_are_told_without_names_of_forms_and_cells():
    old = [item("甲", "1", ("1", "二、支出 ¶3"), ("1", "附件1 base-data r2c3"))]
    new = [item("甲", "2", ("2", "二、支出 ¶3"), ("2", "附件1 base-data r2c3"))]
    text = draft(old, new)
    assert "| 1 | 二、支出、附件1 | 甲 | 1 | 2 |" in text
    assert "¶" not in text and "base-data" not in text


def test_figure_taken_out_is_told_without_its_value():
    text = draft([item("甲", "7319", ("7319", "一 ¶1"))], [item("甲", "7319")])
    assert "7319" not in text and "不再公布" in text


def test_figure_left_out_before_is_told_as_added():
    text = draft([item("甲", "7319")], [item("甲", "7319", ("7319", "一 ¶1"))])
    assert "| （未公布） | 7319 | 原报告遗漏，补充公布 |" in text


def test_scores_that_stay_are_said_to_stay():
    text = draft([item("甲", "1", ("1", "一"))], [item("甲", "2", ("2", "一"))])
    assert "以上更正不影响自评得分和评价等级。" in text
