from __future__ import annotations

import json
import re
import shutil

import pytest

from repository import ACCOUNTS, git
from small_project import NARRATIVE, PACK, UNIT, reportgen


def diff(repository, *words):
    done = reportgen(
        "diff", "--root", repository.root, "--lang", "zh", "--output-format", "json", *words
    )
    return done.code, json.loads(done.out)


def changes(found):
    """Return causes by key of the only comparison."""
    (comparison,) = found["comparisons"]
    return {change["key"]: change["causes"] for change in comparison["changes"]}


def codes(found):
    return [each["code"] for each in found["findings"]]


@pytest.fixture
def edited(repository):
    """Return a repository whose files differ from HEAD by a fact, a rule and a sentence."""
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.replace(f"{PACK}/metrics.yaml", "staffing.actual / staffing.quota", "1 - 0.05")
    repository.write(f"{NARRATIVE}/results.md", "完成工业投资{{ 工业投资 }}。")
    return repository


def test_files_against_head(edited):
    code, found = diff(edited)
    assert code == 0
    told = changes(found)
    assert told["expenditure.basic.outturn"] == ["fact"]
    assert told["expenditure.total.outturn"] == ["inputs"]
    assert told["execution_rate"] == ["inputs"]
    assert told["staffing.control_rate"] == ["rule"]
    (comparison,) = found["comparisons"]
    by_key = {change["key"]: change for change in comparison["changes"]}
    total = by_key["expenditure.total.outturn"]
    assert (total["old"]["text"], total["new"]["text"]) == ("407.95万元", "408.95万元")
    assert (total["change"], total["share"]) == ("+1万元", "+0.25%")
    assert total["facts"] == ["expenditure.basic.outturn"]
    assert by_key["expenditure.basic.outturn"]["new"]["source"].startswith(f"{ACCOUNTS}:")
    assert any("完成工业投资" in line["new"] for line in comparison["sentences"])


def test_two_commits_branches_and_tags(edited):
    git(edited.top, "tag", "approved")
    git(edited.top, "checkout", "-q", "-b", "draft")
    edited.commit("Draft")
    for words in (["main"], ["main", "draft"], ["approved", "HEAD"], ["HEAD~1"]):
        assert "execution_rate" in changes(diff(edited, *words)[1]), words
    assert diff(edited, "HEAD")[1] == {"same": 1, "comparisons": [], "findings": []}


def test_change_back_is_no_change(repository):
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.commit("There")
    repository.replace(ACCOUNTS, "281.75", "280.75")
    assert diff(repository, "HEAD~1")[1]["comparisons"] == []


def test_change_of_a_comment_is_no_change_of_figures(repository):
    repository.write(ACCOUNTS, "# 另注\n" + repository.text(ACCOUNTS))
    assert diff(repository)[1]["same"] == 1


def test_changes_elsewhere_work_nothing_out(repository, monkeypatch):
    def never(*_given):
        raise AssertionError

    monkeypatch.setattr("reportgen.features.diff.differences.state_of", never)
    (repository.root / "data" / "other").mkdir()
    repository.write("data/other/unit.yaml", "")
    (repository.root / "templates" / "another").mkdir()
    repository.write("templates/another/x.md", "")
    code, found = diff(repository)
    assert (code, found["same"]) == (0, 1)


def test_fact_of_last_year_is_a_change_of_this_years_report(repository):
    path = "data/bureau/2022/accounts.yaml"
    text = repository.text(path)
    number = re.search(r"reception: \{.*?outturn: ([\d.]+)", text)[1]
    repository.write(path, text.replace(f"outturn: {number}", "outturn: 77.5", 1))
    assert any(key.startswith("prior.") for key in changes(diff(repository)[1]))


def test_new_and_lost_reports_are_told(repository):
    shutil.copytree(
        repository.root / "data/bureau/2023/department", repository.root / "data/bureau/2023/again"
    )
    _, found = diff(repository)
    (comparison,) = found["comparisons"]
    assert comparison["report"] == "bureau/2023/again"
    out = reportgen("diff", "--root", repository.root, "--lang", "zh").out
    assert "新的报告" in out
    repository.commit("Again")
    shutil.rmtree(repository.root / "data/bureau/2023/again")
    assert "报告没有了" in reportgen("diff", "--root", repository.root, "--lang", "zh").out


def test_broken_state_is_a_finding_and_the_others_are_compared(repository):
    shutil.copytree(
        repository.root / "data/bureau/2023/department", repository.root / "data/bureau/2023/again"
    )
    repository.commit("Two")
    repository.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}")
    repository.replace(ACCOUNTS, "280.75", "281.75")
    code, found = diff(repository)
    assert (code, codes(found)) == (1, ["G118"])
    assert [each["report"] for each in found["comparisons"]] == ["bureau/2023/again"]


def test_unknown_side_and_empty_selection_are_findings(repository):
    assert diff(repository, "nope")[0] == 1
    assert codes(diff(repository, "nope")[1]) == ["G103"]
    assert codes(diff(repository, "HEAD", "nope")[1]) == ["G103"]
    assert codes(diff(repository, "HEAD", "--unit", "nobody")[1]) == ["G117"]


# Years


def test_year_without_a_report_is_worked_out_by_this_years_rules(repository):
    code, found = diff(repository, "2022", "2023")
    assert code == 0
    (comparison,) = found["comparisons"]
    assert comparison["years"] and (comparison["old"], comparison["new"]) == ("2022", "2023")
    by_key = {change["key"]: change for change in comparison["changes"]}
    reception = by_key["three_public.reception.outturn"]
    assert reception["new"]["text"] == "2.25万元"
    growth = by_key["three_public.reception.growth"]["new"]["text"]
    assert reception["change"].removeprefix("+") == growth
    assert not any(key.startswith("prior.") for key in by_key)
    assert diff(repository, "2022")[1] == found


def test_years_are_sorted_by_size_and_marked_beyond_the_threshold(repository):
    def marked(threshold):
        out = reportgen(
            *("diff", "2022", "2023", "--root", repository.root, "--lang", "zh"),
            *("--threshold", threshold),
        ).out
        part = out.split("较上年变动")[1].split("只有")[0]
        return [line for line in part.splitlines() if "→" in line]

    rows = marked("20%")
    shares = [float(m[1]) for row in rows if (m := re.search(r"\(([-+][\d.]+)%\)", row))]
    assert [abs(s) for s in shares] == sorted((abs(s) for s in shares), reverse=True)
    assert all(("须说明原因" in r) == (abs(s) >= 20) for r, s in zip(rows, shares, strict=False))
    assert sum("须说明原因" in r for r in marked("0.01%")) >= sum("须说明原因" in r for r in rows)


def test_same_pack_in_both_years_compares_the_two_reports(repository):
    (repository.root / "data/bureau/2022").rename(repository.root / "data/bureau/2021")
    shutil.copytree(repository.root / "data/bureau/2023", repository.root / "data/bureau/2022")
    repository.replace("data/bureau/2022/staffing.yaml", "27人", "28人")
    code, found = diff(repository, "2022", "2023")
    assert code == 0, found["findings"]
    by_key = {c["key"]: c for c in found["comparisons"][0]["changes"]}
    assert by_key["staffing.actual"]["change"] == "-1人"


def test_year_without_data_is_told(repository):
    code, found = diff(repository, "2022", "2031")
    assert (code, codes(found)) == (1, ["J101"])


def test_threshold_that_is_no_number_is_misuse(repository):
    done = reportgen("diff", "2022", "2023", "--root", repository.root, "--threshold", "much")
    assert done.code == 2


# Builds


def test_two_folders_of_builds(repository, tmp_path):
    repository.build()
    shutil.copytree(repository.root / "build", tmp_path / "old")
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.build()
    for old, new in (
        (tmp_path / "old", repository.root / "build"),
        (tmp_path / "old/2023/bureau/internal", repository.folder),
    ):
        code, found = diff(repository, old, new)
        assert code == 0
        assert changes(found)["execution_rate"] == ["inputs"]
    code, found = diff(repository, tmp_path / "old", tmp_path / "old")
    assert (code, found["same"], found["comparisons"]) == (0, 1, [])


def test_damaged_figures_are_a_finding(repository, tmp_path):
    repository.build()
    shutil.copytree(repository.folder, tmp_path / "old")
    (tmp_path / "old" / "department.figures.json").write_text("[{}]", "utf-8")
    code, found = diff(repository, tmp_path / "old", repository.folder)
    assert (code, codes(found)) == (1, ["G108"])


# Faces


def test_text_says_what_by_how_much_why_and_where(edited):
    out = reportgen("diff", "--root", edited.root, "--lang", "zh").out
    assert "280.75万元 → 281.75万元  +1万元  (+0.36%)" in out
    assert f"改录；{ACCOUNTS}:" in out
    assert "公式或规则改变：staffing.actual / staffing.quota → 1 - 0.05" in out
    assert "随事实变动：" in out


def test_english_face_has_no_chinese_words_of_its_own(edited):
    out = reportgen("diff", "--root", edited.root, "--lang", "en").out
    assert "typed anew" in out and "改录" not in out


def test_markdown_is_tables_and_escapes_what_is_typed(edited):
    edited.replace("data/bureau/2023/funds.yaml", "name: 业务培训经费", "name: 业务|培训*经费")
    edited.replace("data/bureau/2023/funds.yaml", "18.4", "18.5")
    out = reportgen(
        "diff", "--root", edited.root, "--lang", "zh", "--output-format", "markdown"
    ).out
    assert "业务\\|培训\\*经费" in out
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {9}
    assert re.search(r"<del>.+</del>", out) and re.search(r"<ins>.+</ins>", out)


def test_page_is_one_file_that_marks_words_by_elements_and_escapes(edited):
    edited.replace("data/bureau/2023/funds.yaml", "name: 行业普查经费", "name: 行业<b>普查&经费")
    page = reportgen("diff", "--root", edited.root, "--lang", "zh", "--output-format", "html").out
    assert page.startswith("<!doctype html>") and "<script" not in page
    assert "src=" not in page and 'href="http' not in page
    assert "行业&lt;b&gt;普查&amp;经费" in page and "<b>普查" not in page
    assert re.search(r"<del><span class=\"unseen\">删：</span>[^<]+</del>", page)
    assert re.search(r"<ins><span class=\"unseen\">增：</span>[^<]+</ins>", page)
    assert UNIT in page


def test_page_of_no_change_says_so(repository):
    page = reportgen(
        "diff", "--root", repository.root, "--lang", "zh", "--output-format", "html"
    ).out
    assert "没有变化" in page


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2011", "2012"), "J101"),
        (("2011",), "J101"),
        (("2023", "2031"), "J101"),
        (("2011", "2012", "--unit", "nowhere"), "J102"),
        (("2011x",), "G103"),
    ],
)
def test_years_without_data_are_told_with_those_that_there_are(repository, words, code):
    exit_code, found = diff(repository, *words)
    assert (exit_code, codes(found)) == (1, [code])
    if code == "J101":
        assert "2022、2023" in found["findings"][0]["help"]


def test_a_branch_may_be_named_as_a_year(repository):
    git(repository.top, "branch", "2011")
    assert diff(repository, "2011")[0] == 0
