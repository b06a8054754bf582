from __future__ import annotations

from dataclasses import replace

import pytest

from builders import codes, is_complete, pack
from reportgen.check.conform import check_document
from reportgen.findings import Finding
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Cell,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Value,
)
from reportgen.model.figures import Fact
from reportgen.model.pack import AnnexRule, FormRule, Section
from reportgen.model.source import SourceSpan


def document(*blocks: Block, annexes: tuple[Annex, ...] = (), title: str = "报告") -> Document:
    listed = (AttachmentList(tuple(a.title for a in annexes)),) if annexes else ()
    return Document(
        (title,), "zh-CN", "", "", "2024-06-28", "internal", (*blocks, *listed), annexes
    )


def section(title: str, line: int = 1, *inner: Section) -> Section:
    return Section(f"s{line}", title, "narrative", SourceSpan("pack.yaml", line, 5), inner)


def heading(text: str, level: int = 1) -> Heading:
    return Heading(level, "一、", (Text(text),), f"h-{text}")


def words(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def table(*rows: list[str], name: str = "form", widths: int = 0) -> Table:
    columns = widths or max(len(row) for row in rows)
    cells = (
        Row(tuple(Cell(((Text(text),),), header="" if n else "col") for text in row))
        for n, row in enumerate(rows)
    )
    return Table(name, name, (1,) * columns, tuple(cells))


def annex(*blocks: Block, title: str = "表") -> Annex:
    return Annex("附件", (Text(title),), blocks, "annex-1")


def form_pack(*labels: str, columns: int = 2, name: str = "form"):
    form = FormRule(name, columns, labels, SourceSpan("pack.yaml", 9, 3))
    return pack(
        annexes=(AnnexRule("表", "annex.md", SourceSpan("pack.yaml", 8, 3), forms=(form,)),)
    )


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    assert all(map(is_complete, findings))
    return [(each.code, each.subject) for each in findings]


OUTLINE = pack(outline=(section("甲", 1), section("乙", 2, section("子", 3)), section("丙", 4)))
COMPLETE = (
    heading("甲"),
    words("文"),
    heading("乙"),
    heading("子", 2),
    words("文"),
    heading("丙"),
    words("文"),
)


def without(*texts: str) -> tuple[Block, ...]:
    return tuple(b for b in COMPLETE if not (isinstance(b, Heading) and b.inlines[0].text in texts))


def test_a_document_as_prescribed_is_silent():
    assert check_document(document(*COMPLETE), OUTLINE) == ()


@pytest.mark.parametrize(("title", "subject"), [("甲", "s1"), ("子", "s3"), ("丙", "s4")])
def test_a_missing_section_is_told_where_it_is_prescribed(title, subject):
    findings = check_document(document(*without(title)), OUTLINE)
    assert ("P201", subject) in told(findings)
    missing = next(each for each in findings if each.code == "P201")
    assert str(missing.span) == f"pack.yaml:{subject[1]}:5"
    assert missing.params == {"title": title}


def test_a_heading_of_another_level_is_not_the_section():
    blocks = (*COMPLETE[:3], heading("子", 3), *COMPLETE[4:])
    assert told(check_document(document(*blocks), OUTLINE)) == [("P201", "s3")]


def test_a_section_out_of_order_is_told_as_such():
    blocks = (*COMPLETE[5:], *COMPLETE[:5])
    assert told(check_document(document(*blocks), OUTLINE)) == [("P210", "s4")]


@pytest.mark.parametrize(
    "content",
    [
        (),
        (Paragraph(()),),
        (words("　 "),),
        (PageBreak(),),
        (AttachmentList(((Text("表"),),)),),
        (SignOff(((Text("某局"),),)),),
    ],
)
def test_a_section_without_content_is_told_also_at_the_end(content):
    blocks = (*COMPLETE[:-1], *content)
    findings = check_document(document(*blocks), OUTLINE)
    assert ("P202", "s4") in told(findings)


@pytest.mark.parametrize(
    "content",
    [
        (words("无。"),),
        (Items((ListItem("1.", (Text("文"),)),)),),
        (table(["格"]),),
        (Paragraph((Value("5万元", "5"),)),),
        (PageBreak(), words("文")),
        (heading("小标题", 2), words("文")),
    ],
)
def test_a_section_with_any_content_is_not_empty(content):
    assert check_document(document(*COMPLETE[:-1], *content), OUTLINE) == ()


def test_a_section_before_another_of_its_level_is_empty():
    blocks = (heading("甲"), *COMPLETE[2:])
    assert told(check_document(document(*blocks), OUTLINE)) == [("P202", "s1")]


def test_a_title_that_is_a_template_is_any_heading_of_its_level():
    of = pack(outline=(section("{{ year }}年情况"), section("乙", 2)))
    blocks = (heading("2023年情况"), words("文"), heading("乙"), words("文"))
    assert check_document(document(*blocks), of) == ()


@pytest.mark.parametrize("inside", ["body", "annex"])
def test_spans_that_do_not_fit_are_told_alone_and_at_their_form(inside):
    broken = table(["甲", "乙"], ["丙"], name="rating")
    blocks = (broken,) if inside == "body" else ()
    annexes = (annex(broken),) if inside == "annex" else ()
    findings = check_document(document(*blocks, annexes=annexes), form_pack("没有"))
    assert told(findings) == [("P203", "rating")]
    assert findings[0].span.path == "templates/city/report/forms/rating.html"
    assert findings[0].params["row"] == "2"
    assert findings[0].params["column"] == "2"


FORM = table(["项目", "金额"], ["支出合计", "5"])


def test_a_table_without_headers_is_told_at_its_form():
    bare = Row((Cell(((Text("支出"),),)), Cell(((Text("5"),),))))
    span = SourceSpan("templates/city/report/forms/rating.html", 7)
    form = Table("rating-2", "表", (1, 1), (bare,), span=span)
    (found,) = check_document(document(form), pack())
    assert (found.code, found.severity, found.span) == ("P214", "note", span)


def test_a_table_to_sign_in_and_one_of_a_single_cell_need_no_headers():
    bare = Row((Cell(((Text("组长："),),)), Cell(((),))))
    signed = Table("a", "签字", (1, 1), (bare,), signatures=True)
    single = Table("b", "说明", (1,), (Row(bare.cells[:1]),))
    assert check_document(document(signed, single), pack()) == ()


def test_a_form_as_prescribed_is_silent():
    of = form_pack("项目", "金额", "支出合计")
    assert check_document(document(annexes=(annex(FORM),)), of) == ()


def test_a_form_in_parts_is_one_form():
    parts = (table(["项目", "金额"], name="form-1"), table(["支出", "收入"], name="form-2"))
    of = form_pack("项目", "收入")
    assert check_document(document(annexes=(annex(*parts),)), of) == ()


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (form_pack("项目", columns=3), [("P204", "form")]),
        (form_pack("没有"), [("P205", "form")]),
        (form_pack("金额", "项目"), [("P205", "form")]),
        (form_pack("支出", "合计"), []),
        (form_pack("没有", "项目", "金额"), [("P205", "form")]),
        (form_pack("项目", name="other"), [("P206", "other")]),
        (form_pack("项目", name="for"), [("P206", "for")]),
    ],
)
def test_what_a_form_lacks_is_told_where_it_is_prescribed(of, expected):
    findings = check_document(document(annexes=(annex(FORM),)), of)
    assert told(findings) == expected
    assert all(str(each.span) == "pack.yaml:9:3" for each in findings)


def test_a_label_in_a_cell_of_several_lines_is_found():
    cell = Cell(((Text("绩效"),), (Text("指标"),)))
    form = Table("form", "", (1,), (Row((cell,)),))
    assert check_document(document(annexes=(annex(form),)), form_pack("绩效指标", columns=1)) == ()


@pytest.mark.parametrize(
    ("listed", "attached"), [([], ["表"]), (["表"], []), (["别的"], ["表"]), (["表", "表"], ["表"])]
)
def test_the_list_of_attachments_is_what_is_attached(listed, attached):
    lists = (AttachmentList(tuple((Text(title),) for title in listed)),)
    annexes = tuple(annex(FORM, title=title) for title in attached)
    of = Document(("报告",), "zh-CN", "", "", "2024-06-28", "internal", lists, annexes)
    findings = check_document(of, form_pack("项目"))
    assert told(findings)[0] == ("P211", "annexes")
    assert findings[0].params == {
        "listed": "、".join(listed) or "—",
        "found": "、".join(attached) or "—",
    }
    assert ("P206" in codes(findings)) is (not attached)


def test_a_required_text_may_stand_anywhere():
    of = pack(required_texts=("评价等级",))
    broken = Paragraph((Text("评价"), Value("等级", "")))
    for content in (words("评价等级为优"), broken, table(["评价等级"])):
        assert check_document(document(content), of) == ()
    assert check_document(document(title="评价等级"), of) == ()
    assert check_document(document(annexes=(annex(title="评价等级"),)), of)[0].code == "P211"


def test_a_required_text_that_is_missing_is_told():
    findings = check_document(document(words("评价 等级")), pack(required_texts=("评价等级",)))
    assert told(findings) == [("P207", "评价等级")]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("怀财预〔2023〕X号", ""),
        ("怀财预〔2023〕XX号", "XX"),
        ("\uff38\uff38局", "\uff38\uff38"),
        ("××项目", "××"),
        ("3×4", ""),
        ("待填", "待填"),
        ("待填写", "待填写"),
        ("等待填报", ""),
        ("待补充", "待补充"),
        ("（此处填写）", "此处填写"),
        ("财预〔〕6号", "〔〕"),
        ("财预〔　〕6号", "〔　〕"),
        ("财预〔2023〕6号", ""),
        ("见附表（ ）", "（ ）"),
        ("（无）", ""),
        ("{{ x }}", "{{"),
        ("{单位}负责", "{单位}"),
        ("{a}", "{a}"),
        ("{ staffing.actual }", "{ staffing.actual }"),
        ("{% if a %}", "{%"),
        ("{ { a", "{ {"),
        ("TODO", "TODO"),
    ],
)
def test_placeholders_are_told(text, slip):
    findings = check_document(document(words(text)), pack())
    found = [each.params["text"] for each in findings if each.code == "P208"]
    assert found[:1] == ([slip] if slip else [])


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("完成。。", "。。"),
        ("完成，，还有", "，，"),
        ("完成。，还有", "。，"),
        ("完成，。", "，。"),
        ("甲、，乙", "、，"),
        ("99.14%%", "%%"),
        ("99.14％%", "％%"),
        ("5万元万元", "万元万元"),
        ("5万元、6万元", ""),
        ("等等……", ""),
        ("如下：", ""),
        ("合计,2023年", ","),
        ("1,234", ""),
        ("约130余吨", "约130余"),
        ("约1,300万余个", "约1,300万余"),
        ("将近四十多次", "近四十多"),
        ("约50个左右", "约50个左右"),
        ("超过50%以上", "超过50%以上"),
        ("不少于3家以上", "不少于3家以上"),
        ("约43种、1200余万个", ""),
        ("近40次，50余家", ""),
        ("节约30余万元，签约20余个", ""),
        ("最近10余次，近10余年", ""),
        ("约5吨，左右两侧", ""),
        ("超过50%，10家以上", ""),
        ("超过100家规模以上企业，至少2名中级以上职称人员", ""),
        ("合约30余份，就近10余家", ""),
    ],
)
def test_doubled_marks_are_told(text, slip):
    findings = check_document(document(words(text)), pack())
    assert [each.params["text"] for each in findings if each.code == "P209"] == (
        [slip] if slip else []
    )


def test_slips_are_told_with_the_section_in_body_table_and_title():
    of = document(heading("甲"), words("文。。"), table(["XX"], name="form"), title="报告XX")
    findings = check_document(of, pack())
    assert [(each.code, each.params["section"]) for each in findings] == [
        ("P208", "报告XX"),
        ("P209", "一、甲 ¶1"),
        ("P208", "一、甲 form r1c1"),
    ]
    assert [each.subject for each in findings] == [each.params["section"] for each in findings]
    assert {each.span for each in findings} == {pack().span}


def test_a_slip_is_told_at_its_line_of_the_template_or_at_the_fact_that_brought_it():
    line, form, fact = (
        SourceSpan("a.md", 7),
        SourceSpan("f.html", 3),
        SourceSpan("facts.yaml", 9, 5),
    )
    of = document(
        replace(words("文。。"), span=line),
        Items((ListItem("1.", (Text("待补充"),), line),)),
        replace(table(["XX"]), span=form),
        replace(words("由XX局负责"), span=line),
    )
    findings = check_document(of, pack(), [Fact("局名", "局名", "XX局", fact)])
    assert [each.span for each in findings] == [line, line, form, fact]


def slips(document_):
    return [(each.code, each.params["text"]) for each in check_document(document_, pack())]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("较上年增加0万元", "增加0"),
        ("减少了0.00%", "减少了0.00"),
        ("下降0个百分点。", "下降0"),
        ("同比多支出0万元", "多支出0"),
        ("增收0万元", "增收0"),
        ("净增约0家", "净增约0"),
        ("新增0家", ""),
        ("至少0家", ""),
        ("增加0.5万元", ""),
        ("增加10万元", ""),
        ("增加0.05万元", ""),
        ("与上年持平", ""),
    ],
)
def test_a_word_of_direction_before_nothing_is_told(text, slip):
    assert slips(document(words(text))) == ([("P212", slip)] if slip else [])


def figures(*texts: str) -> Paragraph:
    pieces = [Value(text, text.replace(",", "").removesuffix("万元"), "x") for text in texts]
    return Paragraph(tuple(pieces))


@pytest.mark.parametrize(
    ("texts", "slip"),
    [
        (("2851万元", "2,851万元"), "2,851"),
        (("2851万元", "2851.0万元"), "2851.0"),
        (("2851万元", "2851"), ""),
        (("2851万元", "2851万元"), ""),
        (("2851.04万元", "2851.0万元"), ""),
    ],
)
def test_a_figure_in_two_styles_is_told_once_with_both(texts, slip):
    assert slips(document(figures(*texts), figures(*texts))) == ([("P213", slip)] if slip else [])
