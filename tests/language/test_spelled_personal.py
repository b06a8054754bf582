from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language.folding import even
from reportgen.language.personal_marks import personal_data
from spelled_personal import CARDS, IDENTITIES, KINDS, is_found, trials
from spellings import Spelling, spelled

ROOT = Path(__file__).resolve().parents[2]
BEFORE = ("", "其中，", "联系方式：", "（", "张某", "\n")
AFTER = ("", "。", "，其余从略", "）", "\n", " 转")


@st.composite
def written(draw):
    """Draw one of all ways, each kind and class alike."""
    _, kind, ways, texts = draw(st.sampled_from(KINDS))
    label = draw(st.sampled_from(list(ways)))
    spellings = list(spelled({label: ways[label]}, draw(st.sampled_from(texts))))
    return kind, draw(st.sampled_from(spellings))


@settings(max_examples=400, deadline=None)
@given(written(), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_number_is_found_however_it_is_written(drawn, before, after):
    kind, spelling = drawn
    assert is_found(kind, f"{before}{spelling.text}{after}"), spelling.label


def test_every_way_of_every_kind_is_found():
    missed: list[Spelling] = []
    for kind, _, spelling in trials():
        if not is_found(kind, spelling.text):
            missed.append(spelling)
    assert missed == []


HARMLESS = [
    "怀财绩〔2023〕1号",
    "湘财绩〔2024〕12号文件",
    "2023年1月1日至2023年12月31日",
    "20240625103000",
    "2024-06-25 10:30:45",
    "13,912,345.67元",
    "139,123,456.78",
    "13912345678元",
    "13912345678.00",
    "13912345678 元",
    "共计人民币13912345678",
    "¥13912345678",
    "投资139万1234元5678",
    "139年1234月5678日",
    "110105年19491231月0021",
    "139123.45万元、7812.3万元",
    "指标值1 234 5 678",
    "完成率99.14%、100%、95.5%",
    "预算编码431200231000000012345",
    "项目编码：430000210000000015",
    "统一社会信用代码91430000000000000X",
    "151956, 64734",
    "15 + 40 + 25 + 20 = 100",
    "13206/211004",
    "377.12\n265.1\n1232.93",
    "第0745号",
    "GB 11643-1999",
    "2021-2023年",
    "微信公众号：怀化发布",
    "微信支付12345元",
    "桐木镇大坪村5组道路硬化",
    "怀化市鹤城区顺天南路100号",
    "12.5@3",
    "**合计** ***",
    "邮编418000",
    IDENTITIES[1][:-1] + ("0" if IDENTITIES[1][-1] != "0" else "1"),
    CARDS[0][:-1] + str((int(CARDS[0][-1]) + 1) % 10),
]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_are_left_alone(text):
    assert list(personal_data(even(text))) == []


@pytest.mark.parametrize("folder", ["data", "templates"])
def test_published_reports_and_packs_hold_none(folder):
    texts = [
        path for path in (ROOT / folder).rglob("*") if path.suffix in (".yaml", ".md", ".html")
    ]
    assert texts
    for path in texts:
        assert list(personal_data(even(path.read_text("utf-8")))) == [], path
