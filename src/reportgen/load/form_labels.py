"""The labels of forms and their keys: the titles of the schema, and how else forms put them.

A label that nobody knows gets no key here; its blank is named by its place.
"""

from __future__ import annotations

import re
from functools import cache

from reportgen.load.groups import KeyGroup, bare, fields_of, is_model
from reportgen.load.schema import BudgetLine, Rating, Year

_UNIT = "unit.name"
_PREPARER = "report.preparer"
_FACTS = {
    "单位名称": _UNIT,
    "部门名称": _UNIT,
    "填报单位": _UNIT,
    "预算单位": _UNIT,
    "预算单位名称": _UNIT,
    "填报部门": _UNIT,
    "填表人": f"{_PREPARER}.name",
    "填报人": f"{_PREPARER}.name",
    "联系电话": f"{_PREPARER}.phone",
    "填报日期": f"{_PREPARER}.date | day",
    "填表日期": f"{_PREPARER}.date | day",
    "填表时间": f"{_PREPARER}.date | day",
    "填报时间": f"{_PREPARER}.date | day",
    "报告日期": "report.date | day",
    "年度": "year",
}
"""Labels whose value every report has."""
_SPELLED_SO = {
    "initial": "年初预算",
    "budget": "预算数 全年预算 调整后预算数 预算金额",
    "received": "到位资金 实际到位资金 实际到位数",
    "outturn": "全年执行数 执行数 预算执行数 实际支出 全年支出数 执行金额 决算",
    "execution_rate": "执行率 预算执行率",
    "name": "三级指标 指标名称 名称",
    "target": "指标值 目标值 绩效目标值 计划值",
    "actual": "完成值 全年完成值 实际值",
    "score": "自评得分 评分",
    "points": "权重 标准分值",
    "deviation": "偏差原因分析 未完成原因分析 偏差原因及改进措施 未完成原因及改进措施",
    "remark": "备注 说明",
    "amount": "金额",
    "project_name": "项目名称",
    "project_code": "项目编码 项目代码",
    "competent_department": "主管部门 主管部门及代码",
    "implementing_unit": "实施单位 项目单位 项目实施单位",
    "project_leader": "项目负责人",
    "leader": "单位负责人 负责人",
    "finance_leader": "财务负责人",
    "reviewer": "审核人 复核人",
    "contact": "联系人",
    "total_funds": "年度资金总额 资金总额 项目资金总额",
    "total": "合计 总计 总分",
    "fiscal_appropriation": "当年财政拨款 财政拨款 财政资金 一般公共预算拨款",
    "carried_over": "上年结转资金 上年结转 上年结余",
    "other_funds": "其他资金",
    "unit_funds": "单位资金 自筹资金",
    "goal": "年度总体目标 总体目标 年度目标",
    "expected": "预期目标 年初设定目标",
    "outcome": "实际完成情况 目标实际完成情况 全年实际完成情况 完成情况",
    "output": "产出指标",
    "benefit": "效益指标",
    "satisfaction": "满意度指标",
    "quantity": "数量指标",
    "quality": "质量指标",
    "timeliness": "时效指标",
    "cost": "成本指标",
    "economic": "经济效益指标 经济效益",
    "social": "社会效益指标 社会效益",
    "ecological": "生态效益指标 生态效益",
    "sustainability": "可持续影响指标 可持续影响",
    "clients": "服务对象满意度指标 服务对象满意度",
    "grade": "评价等级 自评等级 评价等次",
    "problems": "存在问题 存在的问题",
    "measures": "改进措施 下一步改进措施",
    "conclusion": "评价结论 自评结论",
}
"""Keys by how the forms of finance bureaus put them, beside the titles of the schema."""
_NUMBERED = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|其中[:：]?|[*★△])+")
_REMARK = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_SPACE = re.compile(r"\s+")


def plain(label: str) -> str:
    """Return a label without number, remarks, colons, blanks: （一）名  称（万元）： is 名称."""
    text = _SPACE.sub("", label)
    without = _REMARK.sub("", _NUMBERED.sub("", text)).strip(":：_＿")
    return without or text.strip(":：_＿")


def fact_of(label: str) -> str:
    """Return what prints the value of a label that every report has, empty for others."""
    return _FACTS.get(plain(label), "")


def key_of(label: str) -> str:
    """Return the key of a label, empty for one that nobody knows."""
    return _keys().get(plain(label), "")


def line_of(row: str, column: str) -> str:
    """Return the fact of a row and a column of the year's budgets, empty for any other."""
    found = "" if key_of(row) else _budget_lines().get(plain(row), "")
    return f"{found}.{column}" if found and column in fields_of(BudgetLine) else ""


@cache
def _keys() -> dict[str, str]:
    keys = {**_by_title(Rating), **_by_title(BudgetLine)}
    for key, spelled in _SPELLED_SO.items():
        keys.update(dict.fromkeys(spelled.split(), key))
    return keys


def _by_title(group: type[KeyGroup]) -> dict[str, str]:
    """Return the keys of a group by their titles."""
    return {each.title: name for name, each in fields_of(group).items()}


@cache
def _budget_lines() -> dict[str, str]:
    """Return the keys of the budget lines of a year by their titles."""
    lines: dict[str, str] = {}
    for name, each in fields_of(Year).items():
        inner = bare(each.annotation)
        if inner is BudgetLine:
            lines[each.title] = name
        elif is_model(inner):
            lines |= _lines_in(name, inner)
    return lines


def _lines_in(group: str, model: type[KeyGroup]) -> dict[str, str]:
    lines: dict[str, str] = {}
    for name, each in fields_of(model).items():
        if bare(each.annotation) is BudgetLine:
            lines[plain(each.title)] = f"{group}.{name}"
    return lines
