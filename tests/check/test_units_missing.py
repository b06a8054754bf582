from __future__ import annotations

import pytest

from builders import facts, ledger, metric, where
from reportgen.check.facts import check_units
from reportgen.findings.renderers import help_text, message

PAST = facts({"增速": "4.8%", "企业": "14家", "序号": "3", "空": None}, year=2022)


def found(this, *rules):
    return check_units(ledger(facts(this), *rules, prior=(PAST,)))


def test_a_number_that_had_a_unit_last_year_is_told_with_both():
    (finding,) = found({"增速": "5.2"})
    assert (finding.code, finding.subject) == ("R210", "增速")
    assert where(finding)[0].startswith("data-2023.yaml:1:")
    assert message(finding, "zh") == "增速 填 5.2，没有写单位，上年是 4.8%"
    assert help_text(finding, "zh").startswith("写 5.2%；")


@pytest.mark.parametrize(
    "this",
    [{"增速": "5.2%"}, {"企业": "20个"}, {"序号": "4"}, {"空": "1"}, {"增速": None}, {"新": "1"}],
    ids=["with unit", "another unit", "never one", "blank last year", "blank", "new"],
)
def test_nothing_else_is_told(this):
    assert found(this) == ()


def test_what_is_worked_out_is_the_rule_s_own_business():
    assert found({"甲": "6家", "乙": "3家"}, metric("增速", "甲 / 乙")) == ()
