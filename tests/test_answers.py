from __future__ import annotations

import pytest

from real_report import drafted
from reportgen.lookup import answers


def told(target, *, used_by=False):
    outcome = drafted()
    return answers(outcome.ledger, outcome.document, target, used_by=used_by)


def test_figure_is_meant_by_key_title_and_printed_text():
    (by_key,) = told("execution_rate")
    assert by_key.startswith("预算执行率 = ")
    assert told("135.47%") == (by_key,)
    assert by_key in told("预算执行率")


@pytest.mark.parametrize("target", ["unit.name", "单位名称", "怀化市工业和信息化局"])
def test_text_is_meant_by_key_title_and_words_once_for_all_years(target):
    assert told(target) == (
        "单位名称：怀化市工业和信息化局  [unit.name]\n  data/huaihua/unit.yaml:2:7",
    )


def test_used_by_of_a_text_says_where_it_is_printed():
    (found,) = told("unit.name", used_by=True)
    own, place, *printed = found.split("\n")
    assert f"{own}\n{place}" == told("unit.name")[0]
    assert "  印作 怀化市工业和信息化局：附件1 ¶1" in printed
    assert all(line.startswith("  印作 ") for line in printed)


def test_used_by_of_a_text_says_what_counts_it():
    (found,) = told("unit.offices.1", used_by=True)
    assert "[office_count]" in found
    assert "  印作 17个：（一）机构设置情况 ¶1" in found.split("\n")


def test_used_by_of_a_fact_goes_up_to_all_that_is_made_of_it():
    (found,) = told("funds.upgrading.outturn", used_by=True)
    keys = [line.rpartition("[")[2].rstrip("]") for line in found.split("\n") if line.endswith("]")]
    assert keys[0] == "funds.upgrading.outturn"
    assert {"project.business.outturn", "expenditure.total.outturn", "execution_rate"} <= {*keys}
    assert "  印作 135.47%：附件2 self-rating r3c8" in found.split("\n")


def test_nothing_is_told_of_what_does_not_exist():
    assert told("没有这个") == ()
    assert answers(None, None, "execution_rate", used_by=False) == ()
