"""What a report lacks to be handed in: signature, date, annexes that are promised or not named."""

from __future__ import annotations

import pytest

from builders import is_complete, pack
from logged import select
from outcome import draft
from real_report import ROOT, copied, job, replaced
from reportgen.check.completeness import check_promises, check_signed
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Cell,
    Chart,
    Cover,
    Document,
    Heading,
    Items,
    ListItem,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Title,
)
from reportgen.model.figures import Fact
from reportgen.model.pack import AnnexRule
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.source_files import SourceFiles

UNIT = "某市工业和信息化局"
SIGNATURE = pack(signature=(Formula("{{ unit.name }}", SourceSpan("pack.yaml", 7, 5)),))


def inlines(text):
    return (Text(text),)


def words(text, line=1):
    return Paragraph(inlines(text), span=SourceSpan("data/x/narrative/a.md", line, 1))


def table(*texts, caption="", show=False):
    cells = tuple(Cell((inlines(text),)) for text in texts)
    return Table("form", caption, (1,) * len(cells), (Row(cells),), show_caption=show)


def annex(label="附件", title="自评表", *blocks):
    return Annex(label, inlines(title), blocks or (table("甲"),), label)


def document(*blocks, annexes=(), organization=UNIT, listed=True):
    shown = (AttachmentList(tuple(each.title for each in annexes)),) if annexes and listed else ()
    return Document(
        ("报告",), "zh-CN", "", organization, "", "internal", (*blocks, *shown), tuple(annexes)
    )


def cover(*fields):
    return Cover(tuple((label, inlines(value)) for label, value in fields))


def signed(*blocks, **options):
    found = tuple(check_signed(document(*blocks, **options), SIGNATURE))
    assert all(map(is_complete, found))
    assert {str(each.span) for each in found} <= {"pack.yaml:7:5"}
    return [each.code for each in found]


@pytest.mark.parametrize(
    "blocks",
    [
        (words("文。" * 40), SignOff((inlines(UNIT), inlines("2024年6月28日")))),
        (SignOff((inlines(f"{UNIT}（盖章）"), inlines("二〇二四年六月二十八日"))),),
        (cover(("单位名称：", UNIT), ("报告日期：", "2024年6月28日")), words("文。" * 40)),
        (words("文。" * 40), words("某市工业 和信息化局"), words("2024 年 6 月 28 日")),
        (words(f"填报单位（盖章）：{UNIT}　填报日期：2024-06-28"), words("文。" * 40)),
    ],
)
def test_a_report_that_says_whose_it_is_and_of_when_is_signed(blocks):
    assert signed(*blocks) == []


@pytest.mark.parametrize(
    ("blocks", "codes"),
    [
        ((words("文。" * 40),), ["P215", "P216"]),
        ((words(f"{UNIT}2024年6月28日召开会议，" + "文" * 60),), ["P215", "P216"]),
        ((SignOff((inlines(UNIT),)),), ["P216"]),
        ((SignOff((inlines(UNIT), inlines("　　年　　月　　日"))),), ["P216"]),
        ((SignOff((inlines("2024年6月28日"),)),), ["P215"]),
        ((cover(("单位名称：", ""), ("报告日期：", "2024年6月28日")),), ["P215"]),
        ((cover(("单位名称：", UNIT), ("报告日期：", "")),), ["P216"]),
        ((Heading(1, "一、", inlines(UNIT), "h"), words("文。" * 40)), ["P215", "P216"]),
        ((Title((UNIT,)), words("文。" * 40)), ["P215", "P216"]),
    ],
)
def test_what_is_missing_of_a_signature_is_told_where_the_pack_has_it(blocks, codes):
    assert signed(*blocks) == codes


def test_a_unit_without_name_signs_with_any_line():
    assert signed(SignOff((inlines("某局"), inlines("2024年6月28日"))), organization="") == []
    assert signed(SignOff((inlines("2024年6月28日"),)), organization="") == ["P215"]


@pytest.mark.parametrize("unit", ["云阳市教育局 ", "云阳市\u3000教育局", " 云阳市 教育局\u3000"])
@pytest.mark.parametrize("line", ["云阳市教育局", "云阳市教育局 ", "云阳市　教育局（盖章）"])
def test_blanks_in_the_name_of_a_unit_count_for_nothing(unit, line):
    assert signed(SignOff((inlines(line), inlines("2024年6月28日"))), organization=unit) == []
    assert signed(SignOff((inlines("2024年6月28日"),)), organization=unit) == ["P215"]


def promised(*blocks, annexes=(), texts=(), listed=True):
    rules = tuple(
        AnnexRule("表", "annex.md", SourceSpan("pack.yaml", 20 + number, 3))
        for number, _ in enumerate(annexes)
    )
    whole = document(*blocks, annexes=annexes, listed=listed)
    found = tuple(check_promises(whole, pack(annexes=rules), texts))
    assert all(map(is_complete, found))
    return [(each.code, each.params.get("text") or each.params["label"]) for each in found]


TWO = (annex("附件1", "基础数据表"), annex("附件2", "自评表"))
OWN = (annex("附件3-2", "指标体系"),)


@pytest.mark.parametrize(
    ("text", "annexes", "absent"),
    [
        ("详见附件2。", TWO, []),
        ("详见附件３。", TWO, ["附件3"]),
        ("详见附件三。", TWO, ["附件3"]),
        ("（见附件1、2）", TWO, []),
        ("见附件1、3。", TWO, ["附件3"]),
        ("见附件1至附件4。", TWO, ["附件3", "附件4"]),
        ("见附件1-2。", TWO, []),
        ("《自评表》（附件4）已经填报。", TWO, ["附件4"]),
        ("见附件1。", (annex(),), []),
        ("见附件2。", (annex(),), ["附件2"]),
        ("详见附件。", TWO, []),
        ("详见附件。", (), ["附件"]),
        ("具体情况见附表1。", TWO, ["附表1"]),
        ("见附图。", TWO, ["附图"]),
        ("见附件3-2。", OWN, []),
        ("见附件3。", OWN, []),
        ("见附件3-1。", OWN, ["附件3-1"]),
        ("附件：1.基础数据表　2.自评表", TWO, []),
        ("附件：1.基础数据表　2.《项目清单》", TWO, ["《项目清单》"]),
        ("附件：项目清单", (), ["项目清单"]),
    ],
)
def test_an_annex_that_a_text_promises_must_be_attached(text, annexes, absent):
    assert promised(words(text), annexes=annexes) == [("P218", each) for each in absent]


@pytest.mark.parametrize(
    "text",
    [
        "按照《关于开展自评的通知》附件2填报。",
        "依据怀财绩〔2024〕46号附件3的要求。",
        "见文件附件2。",
        "按《通知》（怀财绩〔2024〕46号）附件3、附件5的格式填报。",
        "附件材料齐全，附件共3份。",
        "附近的企业，附加值提高。",
        "附件1、2023年共支出5万元。",
    ],
)
def test_annexes_of_other_papers_and_other_words_promise_nothing(text):
    assert promised(words(text), annexes=(annex("附件1"), annex("附件2", "表二"))) == []


def test_a_promise_is_told_where_it_was_written_in_a_list_too():
    item = ListItem("1.", inlines("见附件3。"), SourceSpan("data/x/narrative/a.md", 4, 1))
    (found,) = check_promises(document(Items((item,))), pack())
    assert str(found.span) == "data/x/narrative/a.md:4:1"


def test_a_promise_is_told_at_its_column_where_the_file_can_be_read():
    text = words("第一句。见附件三，另见附表1。", line=2)
    typed = "无。\n第一句。\n见附件三，另见附表1。\n"
    found = check_promises(document(text), pack(), (), lambda _: typed)
    assert [str(each.span) for each in found] == [
        "data/x/narrative/a.md:3:2",
        "data/x/narrative/a.md:3:8",
    ]


def test_a_form_speaks_of_the_papers_of_who_prescribes_it_but_facts_in_it_do_not():
    fact = Fact("reason", "原因", "详见附件3", SourceSpan("data/x/ratings.yaml", 5, 3))
    assert promised(table("按附件3的口径填报")) == []
    assert promised(table("按附件3的口径填报"), texts=(fact,)) == []
    assert promised(table("详见附件3"), texts=(fact,)) == [("P218", "附件3")]
    (found,) = check_promises(document(table("详见附件3")), pack(), (fact,))
    assert str(found.span) == "data/x/ratings.yaml:5:3"


def test_a_table_or_chart_that_is_called_so_in_the_body_is_there():
    chart = Chart("c", "share", ("甲",), ("数",), ((None,),), (("",),), "万元", "图")
    assert promised(words("见附表1。"), words("附表1 支出明细"), table("甲")) == []
    assert promised(words("见附表1。"), table("甲", caption="附表1：支出", show=True)) == []
    assert promised(words("见附图2。"), words("附图2"), chart) == []
    assert promised(words("见附表1。"), words("附表1 支出明细"), words("文。")) != []


def test_an_annex_that_nothing_names_is_told_where_the_pack_prescribes_it():
    assert promised(annexes=TWO) == []
    assert promised(annexes=TWO, listed=False) == [("P219", "附件1"), ("P219", "附件2")]
    assert promised(words("见附件1。"), annexes=TWO, listed=False) == [("P219", "附件2")]
    assert promised(words("填报了自评表。"), annexes=TWO, listed=False) == [("P219", "附件1")]
    found = check_promises(document(annexes=TWO, listed=False), pack())
    assert {str(each.span) for each in found} == {str(pack().span)}


def test_an_appendix_of_charts_needs_no_name():
    chart = Chart("c", "share", ("甲",), ("数",), ((None,),), (("",),), "万元", "图")
    assert promised(annexes=(annex("附图", "图表", chart),), listed=False) == []


@pytest.mark.parametrize(
    ("audience", "severity"), [("internal", "warning"), ("submit", "error"), ("public", "error")]
)
def test_what_is_missing_is_an_error_for_all_but_those_inside(tmp_path, audience, severity):
    root = copied(tmp_path)
    replaced(
        root, "templates/huaihua/department-2023/pack.yaml", "  - '{{ report.date | day }}'\n", ""
    )
    replaced(root, "templates/huaihua/department-2023/annex1.md", "　　　　金额单位：万元", "")
    outcome = draft(job(root, audience=audience), SourceFiles(root))
    told = {each.code: each.severity for each in outcome.findings if each.code in CODES}
    assert told == {"P216": severity, "P217": severity}


CODES = {"P215", "P216", "P217", "P218", "P219"}


@pytest.mark.parametrize(
    "report", [str(each) for each in select(SourceFiles(ROOT), None, None, None)[0]]
)
def test_the_six_reports_lack_nothing_that_is_not_accounted_for(report):
    unit, year, name = report.split("/")
    outcome = draft(job(ROOT, unit=unit, year=int(year), report=name), SourceFiles(ROOT))
    told = [each for each in outcome.findings if each.code in CODES]
    assert all(each.waived for each in told)
