from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from frames import FRAME, with_element, with_relation
from logged import logged
from outcome import build
from reportgen.features.packs import inspection
from reportgen.findings.renderers import message
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from word_files import cell, row, table, word_file

ROOT = Path(__file__).resolve().parents[3]
FACTS = """
funds:
  - {id: a, name: 甲项目, category: 一, source: 市级, budget: 100, outturn: 80}
  - {id: b, name: 乙项目, category: 一, source: 市级, budget: 50, outturn: 50}
"""


def new_pack(*arguments):
    return logged(inspection.new_pack, *arguments)


def findings_of(files, name):
    return logged(inspection.check_pack, files, name)[1]


FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText> INCLUDE</w:instrText></w:r>"
    "<w:r><w:instrText>TEXT x </w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>甲</w:t></w:r></w:p>'
)


def with_text(old, new, frame):
    """Return a frame with another text in its body."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(frame)) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode())
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return data.getvalue()


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "templates/shared", tmp_path / "templates/shared")
    written, findings = new_pack(tmp_path, "changsha/fund-2024")
    assert findings == ()
    assert "templates/changsha/fund-2024/pack.yaml" in written
    return tmp_path


def put(root, path, text):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def codes(findings):
    return [each.code for each in findings]


def test_new_pack_builds_as_it_is(project):
    put(project, "data/changsha/unit.yaml", "name: 某局\n")
    put(project, "data/changsha/2024/funds.yaml", FACTS)
    report = "data/changsha/2024/fund"
    put(project, f"{report}/report.yaml", "pack: changsha/fund-2024\ndate: 2025-06-30\n")
    put(project, f"{report}/narrative/overview.md", "概况。\n")
    put(project, f"{report}/narrative/problems.md", "无。\n")
    job = Job(project, project / "build", "changsha", 2024, "fund", formats=("html",))
    outcome = build(job)
    assert [f for f in outcome.findings if f.severity != "note"] == []
    page = outcome.files["fund.html"].decode()
    for text in ("86.67%", "130万元", "甲项目80万元、乙项目50万元", "安排项目2个"):
        assert text in printed(page)


def printed(page):
    page = re.sub(r'<span role="tooltip".*?</span>', "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>|\s", "", page)


def test_new_pack_is_clean_and_says_what_it_needs(project):
    needs, findings = logged(inspection.check_pack, SourceFiles(project), "changsha/fund-2024")
    assert findings == ()
    assert needs.facts == ("funds", "unit.name")


def test_every_shipped_pack_is_whole():
    files = SourceFiles(ROOT)
    for city in files.folders("templates"):
        for name in files.folders(f"templates/{city}"):
            if files.exists(f"templates/{city}/{name}/pack.yaml"):
                found = findings_of(files, f"{city}/{name}")
                assert [(f.code, str(f.span)) for f in found if f.severity == "error"] == []


def test_what_a_pack_loads_from_elsewhere_is_named_at_its_place(project):
    put(project, f"{PACK}/report.typ", '= x\n#import "@preview/cetz:0.3.0"\n')
    put(project, f"{PACK}/report.css", "p {\n  background: url(https://x.example/a.png)\n}\n")
    put(project, f"{PACK}/page.html.j2", "<p>\n<script>x</script>\n")
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert [(f.code, str(f.span)) for f in found] == [
        ("P308", f"{PACK}/page.html.j2:2:1"),
        ("P308", f"{PACK}/report.css:2:15"),
        ("P308", f"{PACK}/report.typ:2:2"),
    ]


def test_what_a_word_frame_carries_is_named_and_what_is_left_out_noted(project):
    (project / PACK / "frame.docx").write_bytes(with_element("footer1", "<w:object/>")[0])
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert [(f.code, f.span.path) for f in found] == [("P309", f"{PACK}/frame.docx")]
    people = with_relation("document", "people", "people.xml")[0]
    (project / PACK / "frame.docx").write_bytes(people)
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert ("P310", f"{PACK}/frame.docx") in [(f.code, f.span.path) for f in found]


def test_tags_of_a_word_frame_are_checked_at_their_places(project):
    frame = with_text("{{p title }}", "{{p titel }}{{ a ", FRAME)
    (project / PACK / "frame.docx").write_bytes(frame)
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    told = {(each.code, each.span.place) for each in found if each.span.place}
    assert told == {("T126", "p1"), ("T157", "p1"), ("T158", "p1"), ("T102", "p1")}


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [("{{p body }}", "", "@f_no_body"), ("{{p title }}", "题", "@f_no_title")],
)
def test_word_frame_without_a_place_for_the_report_is_told(project, old, new, detail):
    (project / PACK / "frame.docx").write_bytes(with_text(old, new, FRAME))
    (one,) = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert (one.code, one.params["detail"]) == ("W104", detail)
    assert "{{p" in message(one, "zh")


def test_existing_pack_is_never_touched(project):
    before = (project / "templates/changsha/fund-2024/pack.yaml").read_bytes()
    assert codes(new_pack(project, "changsha/fund-2024")[1]) == ["P305"]
    assert (project / "templates/changsha/fund-2024/pack.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["../x", "a/b/c", "changsha", "department-2024", "长沙", "", "a b", "/a", "A/b"]
)
def test_name_that_is_no_folder_of_templates_is_refused(project, name):
    assert codes(new_pack(project, name)[1]) == ["P306"]


PACK = "templates/changsha/fund-2024"


def test_missing_section_is_named(project):
    (project / PACK / "sections/funds.md").unlink()
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert ("L100", f"{PACK}/sections/funds.md") in [(f.code, f.span.path) for f in found]


SPARE = "<table><caption>备用</caption><tr><th>甲</th><td>乙</td></tr></table>"


def test_file_that_nothing_uses_is_named(project):
    put(project, f"{PACK}/forms/spare.html", SPARE)
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert [(f.code, f.span.path) for f in found] == [("P302", f"{PACK}/forms/spare.html")]


def test_tags_of_a_word_form_are_checked_and_its_names_are_needed_facts(project):
    put(project, f"{PACK}/annex1.md", '{{ form("sheet") }}\n')
    (project / PACK / "forms/funds.html").unlink()
    text = (project / PACK / "pack.yaml").read_text("utf-8")
    sheet_rule = "- {name: sheet, columns: 2}"
    put(project, f"{PACK}/pack.yaml", re.sub(r"- \{name: funds, .*\}", sheet_rule, text))
    rows = (row("{%tr for x in projects %}"), row("{{ x.name }}"), row("{%tr endfor %}"))
    sheet = project / PACK / "forms/sheet.docx"
    sheet.write_bytes(word_file(table(row("单位", "{{ office }}"), *rows)))
    needs, found = logged(inspection.check_pack, SourceFiles(project), "changsha/fund-2024")
    assert [each.code for each in found if each.severity == "error"] == []
    assert {"office", "projects"} <= set(needs.facts)
    assert "projects.name" in needs.columns
    sheet.write_bytes(word_file(table(row("单位", "{{?office}}"), row("", "{{ a | money }}"))))
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    told = [(each.code, each.span.place) for each in found if each.span.path.endswith("docx")]
    assert told == [("T151", "t1r1c2"), ("T115", "t1r2c2")]


def test_what_a_word_form_brings_along_is_told_at_its_place(project):
    put(project, f"{PACK}/annex1.md", '{{ form("sheet") }}\n')
    (project / PACK / "forms/funds.html").unlink()
    text = (project / PACK / "pack.yaml").read_text("utf-8")
    sheet_rule = "- {name: sheet, columns: 2}"
    put(project, f"{PACK}/pack.yaml", re.sub(r"- \{name: funds, .*\}", sheet_rule, text))
    run = "<w:r><w:t>甲</w:t></w:r>"
    inserted = f'<w:p><w:ins w:id="0" w:author="张三">{run}</w:ins></w:p>'
    hidden = f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>{run}</w:p>"
    held = f"<w:p><w:r><w:object/></w:r>{run}</w:p>"
    core = b"<a><creator>\xe5\xbc\xa0\xe4\xb8\x89</creator></a>"
    body = table(row("甲", cell(inserted))) + hidden + held + FIELD
    members = {"docProps/core.xml": core, "word/broken.xml": b"<a"}
    (project / PACK / "forms/sheet.docx").write_bytes(word_file(body, members=members))
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    told = [(f.code, f.params.get("kind"), f.span.place) for f in found if "sheet" in f.span.path]
    assert sorted(told, key=str) == sorted(
        [
            ("P323", "@b_revisions", "t1r1c2"),
            ("P323", "@b_hidden", "p1"),
            ("P322", "@b_objects", "p2"),
            ("P322", "@b_fields", "p3"),
            ("P322", "@b_unreadable", ""),
            ("P310", None, ""),
        ],
        key=str,
    )
    (left,) = [f for f in found if f.code == "P310"]
    assert "作者 张三 不会进入成品" in message(left, "zh")
    assert "author 张三" in message(left, "en")


def test_metric_that_nothing_uses_is_named(project):
    put(project, f"{PACK}/more.yaml", "metrics: {spare: {title: 多余, formula: total.outturn}}\n")
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert [(f.code, f.subject) for f in found] == [("P303", "spare")]


FREE = """
metrics:
  spent: {title: 支出, formula: 'sum(outlays[对象 == "企业" and 金额 > 上限].金额)', unit: 万元}
  outlays.*.rate: {title: 比率, formula: row.金额 / spent, unit: "%"}
  many: {title: 次数, formula: count(visits)}
"""
LOOP = """
{% for each, other in outlays | ordered("seq") | halves %}
{{ each.用途 }}{{ other.rate }}{{ loop.index }}{% endfor %}
{% for kind, rows in outlays | groups("类") %}
{% for row in rows %}{{ row.期限 }}{% endfor %}{% endfor %}
{% for item in aspects %}{{ item }}{% endfor %}
{% for fund in funds %}{{ fund.name }}{{ fund.outturn }}{% endfor %}
{% for one in total.list %}{{ one.id }}{% endfor %}
"""


def test_columns_of_free_tables_are_told_from_facts(project):
    put(project, f"{PACK}/more.yaml", FREE)
    put(project, f"{PACK}/sections/funds.md", LOOP + "{{ spent }}{{ many }}{{ 上限 }}")
    needs, _ = logged(inspection.check_pack, SourceFiles(project), "changsha/fund-2024")
    needed = {"visits", "aspects", "funds", "上限"}
    assert needed <= {*needs.facts}
    others = {"对象", "金额", "each", "each.用途", "item", "outlays.rate", "rows"}
    assert not others & {*needs.facts}
    assert {"outlays.对象", "outlays.金额", "funds.name", "funds.outturn"} <= needs.columns
    assert {"outlays", "visits", "aspects", "funds"} <= needs.lists


@pytest.mark.parametrize("where", ["template", "formula"])
def test_likely_typo_of_a_derived_key_is_found_at_its_place(project, where):
    if where == "formula":
        path = f"{PACK}/more.yaml"
        put(project, path, "metrics: {spare: {title: 多余, formula: total.outtrun * 2}}\n")
    else:
        path = f"{PACK}/sections/funds.md"
        put(project, path, "甲\n{{ total.outtrun }}\n")
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    (typo,) = [f for f in found if f.code == "P307"]
    assert (typo.span.path, typo.span.line) == (path, 1 if where == "formula" else 2)
    assert typo.params["near"] == "total.outturn"


def test_formula_that_cannot_be_read_is_placed(project):
    put(project, f"{PACK}/more.yaml", "metrics: {spare: {title: 坏, formula: total.outturn +}}\n")
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert [(f.code, f.span.path, f.span.line) for f in found if f.code == "F101"] == [
        ("F101", f"{PACK}/more.yaml", 1)
    ]


OWN = """
{% for row in outlays %}{{ row.amount }}{{ row.level1 }}{% endfor %}
{% for row in outlays %}{{ row.level2 }}{{ row.goal }}{% endfor %}
"""


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("amuont", "outlays.amount"),
        ("amoun", "outlays.amount"),
        ("amounts", "outlays.amount"),
        ("level3", None),
        ("gaol", None),  # the one text that says goal may be the wrong one
        ("account", None),
    ],
)
def test_slip_in_a_column_of_an_own_table_is_told_by_the_others(project, column, meant):
    put(
        project,
        f"{PACK}/more.yaml",
        "metrics: {spare: {title: 支出, formula: sum(outlays.amount)}}",
    )
    put(
        project,
        f"{PACK}/sections/funds.md",
        OWN + f"{{% include '{PACK}/part.md' %}}{{{{ spare }}}}",
    )
    put(
        project,
        f"{PACK}/part.md",
        f"{{% for row in outlays %}}{{{{ row.{column} }}}}{{% endfor %}}\n",
    )
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    told = [f.params["near"] for f in found if f.code == "P307"]
    assert told == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("required", "meant"),
    [
        ("unit.nam", "unit.name"),
        ("funds.*.outtrun", "funds.outturn"),
        ("unit.name", None),
        ("funds.*.outturn", None),
        ("investment", None),
    ],
)
def test_slip_in_a_required_key_is_told_at_its_place(project, required, meant):
    path = f"{PACK}/pack.yaml"
    text = (project / path).read_text("utf-8")
    put(project, path, text.replace("requires:", f"requires:\n  - {required}", 1))
    put(project, f"{PACK}/sections/funds.md", LOOP)
    found = [f for f in findings_of(SourceFiles(project), "changsha/fund-2024") if f.code == "P324"]
    assert [(f.span.path, f.params["near"]) for f in found] == ([(path, meant)] if meant else [])


@pytest.mark.parametrize("name", ["yea", "yer", "yearr"])
def test_slip_in_the_name_of_the_year_is_told(project, name):
    put(project, f"{PACK}/sections/funds.md", f"{{{{ {name} }}}}年\n")
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert ("P307", "year") in [(f.code, f.params.get("near")) for f in found]


def test_slip_in_a_name_that_a_template_sets_itself_is_told(project):
    put(
        project, f"{PACK}/sections/funds.md", "{% for duty in unit.duties %}{{ duy }}{% endfor %}\n"
    )
    found = findings_of(SourceFiles(project), "changsha/fund-2024")
    assert ("P307", "duty") in [(f.code, f.params.get("near")) for f in found]
