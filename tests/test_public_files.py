"""Public files carry no inside: nothing of the tool, its keys, its machine or its authors."""

from __future__ import annotations

import io
import re
import zipfile

import lxml.html
import pikepdf
import pytest

from outcome import draft
from real_report import ROOT
from reportgen.flow.job import Job
from reportgen.model.locations import located_texts
from reportgen.project.source_files import SourceFiles
from small_project import HOME, SmallProject

ABOUT = """
disclosure:
  replace:
    - {term: 示例市示例局, shown: 某市某局, reason: 保密审查意见}
  properties: {creator: 示例市示例局办公室, keywords: 绩效自评}
publication:
  index_number: 4300/2024-00001
  document_number: 示财绩〔2024〕9号
  date: 2024-08-30
  keywords: 自评
"""
SAID = {"creator": "某市某局办公室", "title": "2023年度某市某局整体支出绩效自评报告"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, bytes]:
    project = SmallProject.copied(tmp_path_factory.mktemp("public") / "project")
    home = f"{HOME}/report.yaml"
    project.write(home, project.text(home) + ABOUT)
    outcome = project.build(audience="public", formats=("docx", "html", "pdf"))
    assert not outcome.failed, outcome.findings
    return {**project.output(), **outcome.made}


@pytest.fixture(scope="module")
def parts(made) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made["docx"])) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_a_fragment_stands_beside_the_page(made):
    assert {"docx", "html", "pdf", "fragment.html"} <= set(made)
    manifest = next(data for name, data in made.items() if name.endswith("manifest.json"))
    assert b'"department.fragment.html"' in manifest


def test_nobody_but_the_public_gets_a_fragment(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    assert set(project.build(audience="submit").made) == {"html"}


def test_word_holds_no_more_than_the_text_and_its_looks(parts):
    assert {name.split("/")[0] for name in parts} == {
        "[Content_Types].xml",
        "_rels",
        "docProps",
        "word",
    }
    assert not [name for name in parts if re.search("comment|people|custom|thumbnail|app", name)]
    assert not [n for n, text in parts.items() if re.search(r"\brsid|<w:(ins|del|comment)\b", text)]
    assert not [name for name, text in parts.items() if "reportgen" in text or "<!--" in text]
    core = parts["docProps/core.xml"]
    assert "lastModifiedBy" not in core
    for text in (*SAID.values(), "<cp:keywords>绩效自评<"):
        assert text in core


@pytest.mark.parametrize("name", ["html", "fragment.html"])
def test_a_page_holds_no_inside(made, name):
    text = made[name].decode()
    page = lxml.html.document_fromstring(made[name])
    assert "<!--" not in text
    assert "reportgen" not in text
    names = {attribute for each in page.iter() for attribute in each.attrib}
    assert not [each for each in names if each.startswith("data-")]
    assert all(re.fullmatch(r"_\w+|s[\d-]+|annex-\d+(-s[\d-]+)?", i) for i in page.xpath("//@id"))
    assert not re.search(r"\.(md|yaml)\b|templates/|data/", text)


def test_the_page_says_what_the_site_needs(made):
    page = lxml.html.document_fromstring(made["html"].decode())
    named = {each.get("name"): each.get("content") for each in page.xpath("//meta[@name]")}
    assert named["author"] == SAID["creator"]
    assert named["ArticleTitle"] == SAID["title"]
    assert named["PubDate"] == "2024-08-30 00:00"
    assert named["ContentSource"] == "某市某局"
    assert named["Keywords"] == "绩效自评"
    said = dict(zip(page.xpath("//dt/text()"), page.xpath("//dd/text()"), strict=True))
    assert said == {
        "索引号": "4300/2024-00001",
        "文号": "示财绩〔2024〕9号",
        "发布机构": "某市某局",
        "发布日期": "2024-08-30",
        "名称": SAID["title"],
    }


def test_a_pdf_says_what_the_policy_states_and_the_day_of_the_report(made):
    with pikepdf.open(io.BytesIO(made["pdf"])) as pdf:
        told = {name: str(value) for name, value in pdf.docinfo.items()}
        packet = pdf.Root.Metadata.read_bytes().decode()
    assert told["/Author"] == SAID["creator"]
    assert told["/Title"] == SAID["title"]
    assert told["/Keywords"] == "绩效自评"
    assert told["/CreationDate"] == told["/ModDate"] == "D:20240628000000Z"
    assert "示例市示例局" not in packet
    assert "2024-06-28T00:00:00" in packet


def test_terms_are_in_no_file(made):
    for name in ("html", "fragment.html"):
        assert "示例市示例局" not in made[name].decode()


def test_a_fragment_that_differs_is_not_published(tmp_path, monkeypatch):
    project = SmallProject.copied(tmp_path / "project")
    writers = "reportgen.write.html.fragment.write_fragment"
    monkeypatch.setattr(writers, lambda _document, _edition: "<div>别的</div>".encode())
    outcome = project.build(audience="public")
    assert {each.code for each in outcome.findings if each.severity == "error"} == {"V101", "V102"}


@pytest.mark.parametrize("report", ["department", "emergency-supplies"])
def test_no_box_for_a_person_is_left_in_yueyangs_reports(report):
    job = Job(ROOT, ROOT / "build", "yueyang", 2021, report, "public")
    document = draft(job, SourceFiles(ROOT)).document
    said = "\n".join(spot.text for spot in located_texts(document))
    for label in ("签字", "签章", "意见：", "填报人", "联系人", "联络电话", "会计凭证号"):
        assert label not in said, label
