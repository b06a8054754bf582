"""The record of a disclosure: complete, beside the public folder and never in it."""

from __future__ import annotations

import hashlib
import json
import re

import lxml.html
import pytest
import yaml

from reportgen.flow.disclosure_record import log_document, settled
from reportgen.model.disclosed import Disclosed, DisclosureEntry
from reportgen.model.document import plain
from reportgen.verify.opened import OpenedFile
from reportgen.verify.search import prove_file
from small_project import DATA, HOME, PACK, SmallProject, reportgen

POLICY = """disclosure:
  withhold:
    - {key: visits.spring.次数, reason: 测试不公开, basis: 某办法第三条}
  mask:
    - {key: 增速排名, shown: 前列, reason: 测试遮盖}
  replace:
    - {term: 示范, shown: 样板, reason: 测试替换}
  release:
    - {key: report.preparer.name, reason: 本人书面同意}
"""


@pytest.fixture
def small(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.replace(f"{HOME}/narrative/results.md", "走访{{ visits.total }}，", "")
    project.write(f"{DATA}/disclosure.yaml", POLICY)
    return project


def published(small, audience="public"):
    """Return the outcome of a build, and the folder of its record."""
    outcome = small.build(audience=audience)
    assert not outcome.failed, outcome.findings
    return outcome, outcome.job.record


def hashes(files):
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def content(record, name="department"):
    return yaml.load((record / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def entries(record, name="department"):
    return {each["subject"]: each for each in content(record, name)["entries"]}


def test_every_item_stands_in_the_log_with_reason_policy_and_places(small):
    _, record = published(small)
    log = entries(record)
    assert log["visits.spring.次数"] == {
        "action": "withheld",
        "subject": "visits.spring.次数",
        "title": "春季走访·次数",
        "reason": "测试不公开",
        "basis": "某办法第三条",
        "before": "4次",
        "policy": f"{DATA}/disclosure.yaml:3:13",
    }
    assert log["visits.total"]["cause"] == "visits.spring.次数"
    assert (log["增速排名"]["before"], log["增速排名"]["after"]) == ("第一", "前列")
    assert log["增速排名"]["places"] == ["三、绩效情况 ¶1"]
    assert log["report.preparer.name"]["action"] == "released"
    assert log["report.preparer.phone"]["policy"].startswith(f"{PACK}/pack.yaml:")


def test_what_is_blank_is_kept_from_nobody(small):
    small.replace(f"{HOME}/report.yaml", 'phone: "0000000"', "phone:")
    small.replace(f"{PACK}/annex.md", "{{ report.preparer.phone }}", "")
    _, record = published(small)
    assert "report.preparer.phone" not in entries(record)


def test_page_says_the_same_as_the_data(small):
    outcome, record = published(small)
    page = (record / "department.html").read_text("utf-8")
    for entry in settled(outcome.disclosed, outcome.internal):
        assert entry.reason in page
    assert "公开处理清单" in page and "内部留存，不得公开" in page
    assert "填表人甲" in page


def test_page_says_places_as_those_do_who_have_the_report_on_paper(small):
    outcome, record = published(small)
    page = lxml.html.parse(str(record / "department.html"))
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//article//tr")]
    heads, lines = rows[0], rows[1:]
    assert len(lines) == len(settled(outcome.disclosed, outcome.internal))
    said = {line[heads.index("对象")]: line[heads.index("位置")] for line in lines}
    assert said["增速排名"] == "三、绩效情况 第1段"
    whose = {line[heads.index("对象")]: line[heads.index("政策出处")] for line in lines}
    assert whose["春季走访·次数"] == "本年度的规定"
    assert set(whose.values()) == {"本年度的规定", "模板的规定"}
    assert not re.search(r"¶|r[0-9]+c[0-9]|\.yaml:[0-9]", page.getroot().text_content())


def test_page_has_no_column_in_which_nothing_is_said(small):
    draft = small.draft(audience="submit")
    entry = DisclosureEntry("withheld", "a.b", "甲", "理由", before="1", cause="a.c")
    other = DisclosureEntry("withheld", "a.c", "乙", "理由", before="2")
    *_, table = log_document(draft.document, (entry, other), draft.internal).blocks
    heads = [plain(line) for cell in table.rows[0].cells for line in cell.lines]
    assert heads == ["序号", "处理", "对象", "理由", "原文", "政策出处"]
    assert [plain(line) for line in table.rows[1].cells[3].lines] == ["理由", "由 乙 推得"]


def test_log_without_entries_has_no_table(small):
    draft = small.draft(audience="submit")
    document = log_document(draft.document, (), draft.internal)
    assert len(document.blocks) == 2


def test_public_folder_holds_the_files_and_their_hashes_and_nothing_else(small):
    outcome, _ = published(small)
    found = {path.name for path in outcome.job.folder.iterdir()}
    assert found == {*outcome.files, "manifest.json"}
    manifest = json.loads((outcome.job.folder / "manifest.json").read_text("utf-8"))
    assert manifest == {"department": {"outputs": hashes(outcome.files)}}


def test_confirmed_facts_are_counted_and_the_others_named(small):
    _, record = published(small)
    assert "confirmed" not in content(record)
    values = "    values: {staffing.quota: 30人}\n"
    text = f"confirmations:\n  - by: 人事科\n    evidence: 表\n{values}"
    small.write(f"{DATA}/confirmations.yaml", text)
    _, record = published(small)
    said = content(record)["confirmed"]
    assert (said["count"], said["total"]) == (1, 1 + len(said["missing"]))
    assert "staffing.actual" in said["missing"]
    assert "staffing.quota" not in said["missing"]


def test_whole_manifest_stands_in_the_record(small):
    outcome, record = published(small)
    entry = json.loads((record / "manifest.json").read_text("utf-8"))["department"]
    assert entry["published"] == hashes(outcome.files)
    assert f"{DATA}/disclosure.yaml" in entry["inputs"]
    assert {"engines", "options", "reportgen"} <= entry.keys()
    assert set(entry["outputs"]) == {
        "department.yaml",
        "department.html",
        "department.figures.json",
        "department.proof.json",
    }


def described(record):
    entry = json.loads((record / "manifest.json").read_text("utf-8"))["department"]
    return entry["report"]


def test_record_says_what_a_site_says_of_the_report(small):
    outcome, record = published(small)
    said = described(record)
    page = outcome.files["department.html"].decode()
    assert f"<title>{said['title']}</title>" in page
    assert said["publication"]["publisher"] == said["organization"]
    assert said["publication"]["name"] == said["title"]


def test_hash_of_the_text_changes_with_what_is_printed_and_with_nothing_else(small):
    _, record = published(small)
    before = described(record)["text"]
    staffing = f"{DATA}/staffing.yaml"
    small.write(staffing, f"{small.text(staffing)}# 注\n")
    _, record = published(small)
    assert described(record)["text"] == before
    small.replace(staffing, "27人", "28人")
    _, record = published(small)
    assert described(record)["text"] != before


def test_finance_bureau_has_a_record_of_its_own(small):
    small.replace(f"{DATA}/disclosure.yaml", "basis: 某办法第三条", "audience: [public, submit]")
    published(small)
    outcome, record = published(small, "submit")
    assert set(entries(record, "department.submit")) == {"visits.spring.次数", "visits.total"}
    assert "report.preparer.phone" in entries(record)
    assert "填表人甲" in outcome.files["department.html"].decode()


def test_nobody_else_needs_a_record(small):
    _, record = published(small, "internal")
    assert not record.exists()


def test_same_build_gives_the_same_record(small):
    _, record = published(small)
    first = {path.name: path.read_bytes() for path in record.iterdir()}
    published(small)
    assert {path.name: path.read_bytes() for path in record.iterdir()} == first


def test_version_that_cannot_be_published_leaves_the_record_as_it_was(small):
    _, record = published(small)
    before = (record / "department.yaml").read_bytes()
    small.replace(f"{DATA}/disclosure.yaml", "key: 增速排名, shown: 前列", "key: 没有, shown: 某")
    assert small.build(audience="public").failed
    assert (record / "department.yaml").read_bytes() == before


def test_internal_report_with_an_error_has_no_public_version(small):
    small.replace(
        f"{HOME}/report.yaml",
        "new_within_all: {title: 新增企业不超过规模企业, claim: 新增企业 <=",
        "new_within_all: {title: 新增企业不超过规模企业, claim: 新增企业 >=",
    )
    codes = [f.code for f in small.build(audience="public").findings if f.severity == "error"]
    assert codes == ["R101"]


def test_open_warning_is_told_and_refused_where_the_build_is_strict(small):
    small.replace(
        f"{HOME}/report.yaml", "claim: 新增企业 <=", "severity: warning, claim: 新增企业 >="
    )
    arguments = ("build", "--root", small.root, "--year", 2023, "--audience", "public")
    told = reportgen(*arguments, "--format", "html")
    assert "warning[R101]" in told.out
    assert (small.job(audience="public").folder / "department.html").exists()
    strict = small.build(audience="public", strict=True)
    assert "R101" in {f.code for f in strict.findings if f.severity == "error"}
    assert strict.failed


def test_entry_that_was_made_twice_is_told_once(small):
    outcome = small.draft(audience="public")
    twice = Disclosed(
        outcome.disclosed.ledger,
        "public",
        entries=(DisclosureEntry("withheld", "x", "甲", "理由"),) * 2,
    )
    assert len(settled(twice, outcome.internal)) == 1


def test_figures_of_the_public_version_stand_in_the_record(small):
    _, record = published(small)
    rows = json.loads((record / "department.figures.json").read_text("utf-8"))
    figures = {row["key"]: row for row in rows}
    assert figures["新增企业"]["places"]
    assert not any("4次" in row["text"] for row in rows)


def test_record_holds_what_the_public_files_were_held_to(small):
    from reportgen.verify.proof_record import read_proof

    outcome, record = published(small)
    to_prove = read_proof(json.loads((record / "department.proof.json").read_text("utf-8")))
    withheld = {
        each["subject"] for each in content(record)["entries"] if each["action"] == "withheld"
    }
    searched = {each.secret.key for each in (*to_prove.targets.words, *to_prove.targets.codes)}
    searched |= {each.secret.key for each in to_prove.targets.amounts.numbers}
    searched |= {secret.key for secret, _ in to_prove.targets.unsearched}
    assert withheld <= searched
    for name, data in outcome.files.items():
        assert prove_file(name, OpenedFile(data), to_prove) == ()


def test_finance_bureau_is_given_no_such_record(small):
    _, record = published(small, "submit")
    assert not list(record.glob("*.proof.json"))
