from __future__ import annotations

import jinja2
import pytest

from reportgen.findings import finding
from reportgen.findings.codes import LABELS
from reportgen.findings.renderers import PARAMETER, message
from reportgen.project.jinja_messages import PATTERNS, misread

SLIPS = [
    ("{{ total", "}}"),
    ("乙{{ total }", "多出了 }"),
    ("{% if a %}\n甲", "{% endif %}"),
    ("{% for a in b %}\n甲", "{% endfor %}"),
    ("{% fro x in funds %}", "{% fro %}"),
    ("{% for x funds %}{% endfor %}", "应是 in，写的是 funds"),
    ("{{ }}", "}} 前面缺"),
    ("{{ a，b }}", "，"),
    ("{{ a b }}", "应是 }}，写的是 b"),
    ("{{ a | }}", "应是 名称，写的是 }}"),
    ("{{ (a }}", "应是 )，写的是 }"),
    ("{{ a) }}", "多出了 )"),
    ("{% if a %}x{% endfor %}", "还没有结束的是 {% if … %}"),
    ("{% endif %}", "{% endif %} 前面没有"),
    ("{% %}", "没有写要做什么"),
    ("{# abc", "#}"),
    ("{{ a. }}", "后面缺名称"),
    ("{{ 'abc }}", "引号"),
    ("{{ “abc” }}", "“"),
    ("{% set 3 = 1 %}", "set 后面"),
    ("{{ a = 1 }}", "=="),
    ("{% if a = 1 %}{% endif %}", "=="),
    ("{% include %}", "多出了 %}"),
    ("{{ \uff13 }}", "全角"),
]


def told(source: str) -> dict[str, str]:
    with pytest.raises(jinja2.TemplateSyntaxError) as caught:
        jinja2.Environment(autoescape=True).parse(source)
    return misread(caught.value.message or "")


@pytest.mark.parametrize(("source", "said"), SLIPS)
def test_a_slip_is_told_in_chinese_with_the_signs_of_the_file(source, said):
    chinese = message(finding("T101", **told(source)), "zh")
    assert said in chinese
    assert not PARAMETER.search(chinese)
    assert not any(word in chinese for word in ("expected", "got", "token", "Jinja"))


@pytest.mark.parametrize("source", [source for source, _ in SLIPS])
def test_english_is_what_jinja_says(source):
    found = told(source)
    assert message(finding("T101", **found), "en").endswith(found["english"])


def test_what_no_pattern_knows_is_told_as_it_is():
    assert misread("something new") == {"detail": "something new"}


def test_every_label_of_the_table_exists():
    assert {label for _, label in PATTERNS} <= set(LABELS)
