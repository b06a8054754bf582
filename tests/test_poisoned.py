"""A project in which all that is withheld has a value of its own, searched by `scanner`.

The scanner shares no code with the package: it finds every value in the internal files, and
none in the public ones.
"""

from __future__ import annotations

import io
import zipfile

import pytest

from reportgen.model.edition import FORMATS
from reportgen.write.writers import formats_to_write
from scanner import scan
from small_project import HOME, NARRATIVE, REPORT, SmallProject

FACTS = """
  合同金额: 4321.87万元
  涉密占比: 87.65%
  合作单位: 南岭某某研究中心
  服务户数: 681374户
"""
PARTNERS = """
  partners:
    - {id: alpha, name: 甲乙丙试制厂, 采购额: 765.43万元}
    - {id: beta, name: 公开供应商, 采购额: 12.34万元}
"""
METRICS = """
  人均合同: {title: 人均合同额, formula: 合同金额 / staffing.actual, unit: 万元/人}
"""
POLICY = """
disclosure:
  withhold:
    - {key: 合同金额, reason: 商业秘密}
    - {key: 涉密占比, reason: 国家秘密}
    - {key: 合作单位, reason: 商业秘密}
    - {key: partners.alpha, reason: 商业秘密}
  mask:
    - {key: 服务户数, shown: 若干户, reason: 商业秘密}
  replace:
    - {term: 天枢星专项, shown: 某专项, initials: [TSXZX], reason: 保密审查}
"""
NARRATION = """

{% if 合同金额 is not blank %}签订合同{{ 合同金额 }}，人均{{ 人均合同 }}。{% endif %}

{% if 涉密占比 is not blank %}占比{{ 涉密占比 }}。{% endif %}

{% if 合作单位 is not blank %}合作单位为{{ 合作单位 }}。{% endif %}

服务{{ 服务户数 }}，推进天枢星专项建设，**天枢星专项**按期完成。

{% for each in partners %}
1. {{ each.name }}：{{ each.采购额 }}
{% endfor %}
"""
SECRETS = {
    "name": ["赵钱孙李"],
    "phone": ["0745-0987654", "07450987654", "0987654"],
    "date": ["2024-06-21", "2024年6月21日", "20240621"],
    "amount": ["4321.87", "43218700", "43,218,700", "0.432187"],
    "derived": ["160.07"],
    "percent": ["87.65", "0.8765"],
    "text": ["南岭某某研究中心", "南岭某某"],
    "row": ["甲乙丙试制厂", "765.43", "7654300"],
    "masked": ["681374", "681,374"],
    "term": ["天枢星", "TSXZX", "tsxzx"],
}
"""Each withheld value with some of its spellings, the first as it is printed."""


def poisoned(root):
    project = SmallProject.copied(root)
    home = f"{HOME}/report.yaml"
    project.replace(home, "填表人甲", "赵钱孙李")
    project.replace(home, '"0000000"', '"0745-0987654"')
    project.replace(home, "2024-06-20", "2024-06-21")
    project.replace(home, "metrics:\n", f"metrics:{METRICS}")
    project.write(home, project.text(home) + POLICY)
    facts = "data/bureau/2023/facts.yaml"
    project.replace(facts, "facts:\n", f"facts:{FACTS}")
    project.replace(facts, "tables:\n", f"tables:{PARTNERS}")
    results = f"{NARRATIVE}/results.md"
    project.write(results, project.text(results) + NARRATION)
    return project


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return all texts of the files for the public and for the bureau, by format."""
    project = poisoned(tmp_path_factory.mktemp("poisoned") / "project")
    found = {}
    for audience in ("public", "internal"):
        outcome = project.build(audience=audience, formats=FORMATS)
        wrong = [each for each in outcome.findings if each.severity == "error"]
        assert not wrong, wrong
        found[audience] = {
            name: scan(data) + name
            for name, data in outcome.files.items()
            if not name.endswith(".json")
        }
    return found


@pytest.mark.parametrize("kind", SECRETS)
def test_value_stands_in_every_internal_file(built, kind):
    for name, text in built["internal"].items():
        day = SECRETS[kind][1] if kind == "date" else SECRETS[kind][0]
        assert day in text, name


@pytest.mark.parametrize("kind", SECRETS)
def test_value_stands_in_no_public_file(built, kind):
    assert set(built["public"]) == {
        f"{REPORT}.{each}" for each in formats_to_write(FORMATS, "public")
    }
    for name, text in built["public"].items():
        assert [spelled for spelled in SECRETS[kind] if spelled in text] == [], name


def test_what_is_open_stands_in_every_public_file(built):
    for name, text in built["public"].items():
        for said in ("公开供应商", "12.34万元", "若干户", "某专项建设", "示例市示例局"):
            assert said in text, (name, said)


# A leak in a template, a frame, a text: nothing is published, the last output stays


def leaked(project, change, *formats):
    """Return the codes of errors of a public build after `change`; nothing may be published."""
    formats = formats or ("html",)
    arguments = ("build", "--audience", "public", "--format", ",".join(formats))
    first = project.run(*arguments)
    assert first.code == 0, first.out
    before = project.output()
    assert any(name.endswith(f"{REPORT}.{formats[0]}") for name in before)
    change()
    run = project.run(*arguments)
    assert run.code == 1
    assert project.output() == before
    return {each["code"] for each in run.findings if each["severity"] == "error"}


@pytest.fixture
def project(tmp_path):
    return poisoned(tmp_path / "project")


SENTENCES = {
    "amount": "合同约4321.87万元。",
    "amount in yuan": "合同金额四千三百二十一万八千七百元。",
    "rounded": "合同金额约0.4322亿元。",
    "upper case": "大写：肆仟叁佰贰拾壹万捌仟柒佰元整。",
    "percent": "占比百分之八十七点六五。",
    "name": "填表人赵钱 孙李。",
    "date": "二〇二四年六月二十一日填报。",
    "row": "向甲乙丙试制厂采购。",
    "derived": "人均160.07万元/人。",
    "masked": "服务68.1374万户。",
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_secret_typed_into_a_narrative_is_not_published(project, kind):
    path = f"{NARRATIVE}/opening.md"
    said = project.text(path) + SENTENCES[kind]
    assert leaked(project, lambda: project.write(path, said)) == {"D101"}


def test_secret_typed_into_a_pack_is_not_published(project):
    path = "templates/small/annex.md"
    said = project.text(path) + "\n\n联系电话：（0745）0987654\n"
    assert leaked(project, lambda: project.write(path, said)) == {"D101"}


def framed(project, change):
    """Change the parts of the common frame of Word files."""
    path = "templates/shared/frame.docx"
    with zipfile.ZipFile(project.root / path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    project.write(path, data.getvalue())


def in_footer(parts):
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace(
        b"</w:p>", "<w:r><w:t>赵钱</w:t></w:r><w:r><w:t>孙李</w:t></w:r></w:p>".encode(), 1
    )


def in_style(parts):
    style = '<w:style w:type="paragraph" w:styleId="x1"><w:name w:val="天枢星专项"/></w:style>'
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        b"</w:styles>", f"{style}</w:styles>".encode()
    )


@pytest.mark.parametrize("change", [in_footer, in_style])
def test_secret_in_the_frame_is_not_published(project, change):
    assert leaked(project, lambda: framed(project, change), "docx") == {"D101"}


def test_part_of_the_frame_that_nobody_can_read_is_not_published(project):
    def embed(parts):
        office = b"application/vnd.openxmlformats-officedocument.obfuscatedFont"
        types = parts["[Content_Types].xml"].replace(
            b"<Default", b'<Default Extension="odttf" ContentType="%s"/><Default' % office, 1
        )
        relations = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/font" Target="fonts/a.odttf"/></Relationships>'
        )
        parts |= {"[Content_Types].xml": types, "word/_rels/fontTable.xml.rels": relations}
        parts["word/fonts/a.odttf"] = b"\xd0\xcf\x11\xe0" + bytes(60)
        space = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        font = b'<w:embedRegular xmlns:r="%s" r:id="rId1"/></w:font>' % space
        table = parts["word/fontTable.xml"]
        parts["word/fontTable.xml"] = table.replace(b"</w:font>", font, 1)

    assert leaked(project, lambda: framed(project, embed), "docx") == {"D102"}


def test_rsids_of_the_frame_are_left_out(project):
    def saved(parts):
        parts["word/settings.xml"] = parts["word/settings.xml"].replace(
            b"</w:settings>", b'<w:rsids><w:rsidRoot w:val="00A1"/></w:rsids></w:settings>'
        )

    framed(project, saved)
    assert project.run("build", "--audience", "public", "--format", "docx").code == 0
    (word,) = (data for name, data in project.output().items() if name.endswith(".docx"))
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        assert not any(b"rsid" in package.read(name) for name in package.namelist())


PAGES = {
    "comment": ("<main", "<!-- 赵钱孙李 --><main", {"D101", "D105"}),
    "script": ("<main", "<script>let x = '\\u8d75\\u94b1孙李'</script><main", {"P308"}),
    "inside": ("<main", "<main data-key='x'", {"D105"}),
    "mobile": ("<main", f"<p>手机138{'0' * 8}</p><main", {"D104"}),
}


@pytest.mark.parametrize("kind", PAGES)
def test_leak_of_the_page_template_is_not_published(project, kind):
    old, new, codes = PAGES[kind]
    path = "templates/shared/page.html.j2"
    assert leaked(project, lambda: project.replace(path, old, new)) == codes


def test_secret_in_the_typst_template_is_not_published(project):
    path = "templates/shared/report.typ"
    said = project.text(path) + "\n赵钱孙李\n"
    assert "D101" in leaked(project, lambda: project.write(path, said), "pdf")


def test_secret_is_told_where_it_is_typed_and_where_its_fact_stands(project):
    path = f"{NARRATIVE}/opening.md"
    project.write(path, project.text(path) + "填表人赵钱孙李。")
    run = project.run("build", "--audience", "public", "--format", "html")
    assert run.spots() == [project.spot("D101", path, "赵钱孙李")]
    (place,) = run.findings[0]["places"]
    assert place["path"] == f"{HOME}/report.yaml"
    assert "赵钱孙李" not in run.findings[0]["message"]


def test_value_that_cannot_be_searched_is_a_warning(project):
    facts = "data/bureau/2023/facts.yaml"
    project.replace(facts, "涉密占比: 87.65%", "涉密占比: 100%")
    spot = project.spot("D103", facts, "100%")
    assert spot in project.run("check", "--audience", "public").spots("warning")
    run = project.run("build", "--audience", "public", "--format", "html")
    assert run.code == 0
    assert spot in run.spots("warning")
    home = f"{HOME}/report.yaml"
    waiver = "  - {code: D103, subject: 涉密占比, reason: 通读公开版没有}\n"
    project.replace(home, "waivers:\n", f"waivers:\n{waiver}")
    run = project.run("build", "--audience", "public", "--format", "html", "--strict")
    assert spot in run.spots("note")


def test_number_of_a_person_is_told_before_any_file_is_made(project):
    path = f"{NARRATIVE}/opening.md"
    project.write(path, project.text(path) + f"手机138{'0' * 8}。")
    run = project.run("check", "--audience", "public")
    assert [spot[:2] for spot in run.spots()] == [("D104", path)]
