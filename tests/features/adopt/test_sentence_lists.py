"""Sentences that count names, or give the sum of amounts, state the rows of a list."""

from __future__ import annotations

import pytest

from adopted_documents import pack
from reportgen.features.adopt.cells import StatedValue
from reportgen.features.adopt.expected import Slot
from reportgen.features.adopt.sentence_lists import sentence_values
from reportgen.model.reading import ReadParagraph
from reportgen.model.rules import Metric, Rules
from reportgen.model.source import Formula, SourceSpan

HERE = SourceSpan("report.docx", 1, 1, place="p1")


def metric(key, title, formula):
    return Metric(key, title, Formula(formula, HERE), HERE)


RULES = Rules(
    metrics=(
        metric("office_count", "内设科室数", "count(unit.offices)"),
        metric("staffing.quota", "编制数", "sum(posts.quota)"),
        metric("basic.pay", "工资福利支出", 'sum(economic[category == "工资福利支出"].outturn)'),
        metric("funding.outturn", "财政拨款", 'sum(funds[source == "财政"].outturn)'),
    )
)


def stated(*texts, known=(), **more):
    """Return what texts state: keys without their numbers, and values."""
    blocks = [ReadParagraph(text, HERE) for text in texts]
    values = sentence_values(blocks, pack(rules=RULES, **more), 2023, known)
    return [(each.slot.key.replace("#", "").lstrip("0123456789"), each.text) for each in values]


def texts_of(values, column):
    return [text for key, text in values if key.endswith(f".{column}")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("机关内设科室3个，分别是：办公室、综合科、人事科。", ["办公室", "综合科", "人事科"]),
        ("内设科室2个，分别为办公室、科技和人才科，均在编。", ["办公室", "科技和人才科"]),
        ("内设科室3个，分别是办公室、综合科和人事科。", ["办公室", "综合科", "人事科"]),
        ("内设科室4个，分别是办公室、综合科、人事科。", []),
        ("2022年内设科室2个，分别是办公室、综合科。", []),
        ("另有内设科室的事业单位3个，分别是甲、乙、丙。", []),
    ],
)
def test_names_are_taken_that_are_as_many_as_counted(text, names):
    assert [said for _, said in stated(text)] == names


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("编制共57人，其中行政编制38人、工勤编制1人、事业编制18人。", 3),
        ("编制共57人，其中行政编制38人、工勤编制1人、事业编制17人。", 0),
        ("编制共57人，其中行政编制约38人、工勤编制1人、事业编制18人。", 0),
        ("上年编制共57人，其中行政编制38人、工勤编制1人、事业编制18人。", 0),
        ("核定人数共57人，其中行政编制38人、工勤编制1人、事业编制18人。", 0),
    ],
)
def test_rows_are_taken_that_add_up_to_the_sum(text, rows):
    assert len(texts_of(stated(text), "quota")) == rows


def test_rows_have_the_category_of_which_the_sum_is_told():
    values = stated("工资福利支出30万元，占三成，包括基本工资20.5万元、津贴、补贴9.5万元。")
    assert texts_of(values, "name") == ["基本工资", "津贴、补贴"]
    assert texts_of(values, "category") == ["工资福利支出"] * 2
    assert texts_of(values, "outturn") == ["20.5万元", "9.5万元"]


def test_items_that_add_up_to_a_sum_of_a_form_are_its_rows():
    items = ["1.甲项目10万元，用于甲。", "2.乙项目20万元，用于乙。", "3.丙项目12.5万元。"]
    total = StatedValue(Slot("funding.outturn"), "42.5", HERE, "", (("table", "万元"),))
    values = stated(*items, known=[total])
    assert texts_of(values, "name") == ["甲项目", "乙项目", "丙项目"]
    assert texts_of(values, "source") == ["财政"] * 3
    assert stated(*items[:2], known=[total]) == []
    assert stated(*items) == []


def test_the_one_title_with_the_words_of_a_document_is_that_document():
    words = {"evaluation": "绩效自评工作的通知", "measures": "管理办法"}
    text = (
        "根据《关于开展绩效自评工作的通知》（某财绩〔2024〕46号）、《甲管理办法》《乙管理办法》。"
    )
    assert stated(text, documents=words) == [
        ("report.documents.evaluation", "《关于开展绩效自评工作的通知》"),
        ("report.documents.evaluation_number", "某财绩〔2024〕46号"),
    ]
