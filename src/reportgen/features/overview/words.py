"""What an overview calls things, in two languages, and how it writes numbers that it works out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from reportgen.features.overview.values import (
    FigureState,
    Item,
    Outlier,
    OverviewFigure,
    Stage,
)
from reportgen.findings.codes import Language
from reportgen.model.quantity import Shape, number_text, shown
from reportgen.model.units import Unit, find_unit

WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "title": "绩效自评总览",
        "unit": "单位",
        "unit_id": "单位标识",
        "year": "年度",
        "report": "报告",
        "name": "标题",
        "part": "项目",
        "peers": "同类",
        "pack": "模板包",
        "stage": "阶段",
        "changed": "数据有改动",
        "errors": "错误",
        "warnings": "警告",
        "notes": "提示",
        "findings": "发现",
        "code": "代码",
        "severity": "级别",
        "count": "个数",
        "files": "文件",
        "outliers": "突出的",
        "reason": "原因",
        "measure": "指标",
        "trend": "历年变化",
        "groups": "同类分布",
        "grades": "等级分布",
        "minimum": "最低",
        "lower_quartile": "下四分位数",
        "median": "中位数",
        "upper_quartile": "上四分位数",
        "maximum": "最高",
        "mean": "平均",
        "lower_fence": "下界",
        "upper_fence": "上界",
        "meaning": "说明",
        "value": "数值",
        "change": "较上年",
        "yes": "是",
        "no": "否",
    },
    "en": {
        "title": "Overview of self-evaluations",
        "unit": "unit",
        "unit_id": "unit id",
        "year": "year",
        "report": "report",
        "name": "title",
        "part": "project",
        "peers": "peers",
        "pack": "pack",
        "stage": "stage",
        "changed": "facts changed",
        "errors": "errors",
        "warnings": "warnings",
        "notes": "notes",
        "findings": "findings",
        "code": "code",
        "severity": "severity",
        "count": "count",
        "files": "files",
        "outliers": "outliers",
        "reason": "reason",
        "measure": "measure",
        "trend": "trends",
        "groups": "distributions",
        "grades": "grades",
        "minimum": "minimum",
        "lower_quartile": "lower quartile",
        "median": "median",
        "upper_quartile": "upper quartile",
        "maximum": "maximum",
        "mean": "mean",
        "lower_fence": "lower fence",
        "upper_fence": "upper fence",
        "meaning": "meaning",
        "value": "value",
        "change": "change",
        "yes": "yes",
        "no": "no",
    },
}

ITEM_WORDS: Mapping[Language, Mapping[Item, str]] = {
    "zh": {
        "score": "得分",
        "full_score": "满分",
        "grade": "等级",
        "execution_rate": "预算执行率",
        "three_public": "“三公”经费",
        "three_public_last": "上年“三公”经费",
        "three_public_change": "“三公”经费增减",
        "three_public_growth": "“三公”经费增幅",
    },
    "en": {
        "score": "score",
        "full_score": "full score",
        "grade": "grade",
        "execution_rate": "execution rate",
        "three_public": "three public expenses",
        "three_public_last": "three public expenses last year",
        "three_public_change": "change of three public",
        "three_public_growth": "growth of three public",
    },
}

STAGE_WORDS: Mapping[Language, Mapping[Stage, str]] = {
    "zh": {
        "not built": "未生成",
        "draft": "草稿",
        "final": "定稿",
        "published": "已公开",
        "audited": "外来文件",
    },
    "en": {
        "not built": "not built",
        "draft": "draft",
        "final": "final",
        "published": "published",
        "audited": "audited",
    },
}

STATE_WORDS: Mapping[Language, Mapping[FigureState, str]] = {
    "zh": {
        "stated": "",
        "withheld": "不公开",
        "unprinted": "未印出",
        "blank": "未填",
        "undeclared": "模板包未声明",
        "unmeasured": "未写单位",
        "unknown": "不详",
    },
    "en": {
        "stated": "",
        "withheld": "withheld",
        "unprinted": "not printed",
        "blank": "blank",
        "undeclared": "not declared by its pack",
        "unmeasured": "no unit stated",
        "unknown": "not known",
    },
}

_REASONS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "low": "{measure}{text}，低于同类的下界{bound}",
        "high": "{measure}{text}，高于同类的上界{bound}",
        "under_execution": "{measure}{text}，低于{bound}",
        "over_execution": "{measure}{text}，超过{bound}",
        "full_score": "{measure}{text}，一分未扣",
        "three_public_growth": "{measure}{text}，比上年增加",
    },
    "en": {
        "low": "{measure} {text}, below {bound}, the lower fence of its peers",
        "high": "{measure} {text}, above {bound}, the upper fence of its peers",
        "under_execution": "{measure} {text}, under {bound}",
        "over_execution": "{measure} {text}, over {bound}",
        "full_score": "{measure} {text}, nothing deducted",
        "three_public_growth": "{measure} {text}, more than last year",
    },
}

_SIGNED = frozenset(["three_public_change", "three_public_growth"])
"""Items that are differences, and have a sign whichever it is."""
_WORKED_OUT = Shape(decimals=2, strip=True)
"""How a mean or a quartile is written."""


def figure_text(figure: OverviewFigure, language: Language) -> str:
    """Return a figure as it is printed, or in a word why there is none."""
    word = STATE_WORDS[language][figure.state]
    if figure.text and word:
        return f"{figure.text}（{word}）" if language == "zh" else f"{figure.text} ({word})"
    return figure.text or word


def value_text(item: Item, value: Fraction, unit: Unit) -> str:
    """Return a value that was worked out, in base units, with its unit."""
    return _sign(item, value) + shown(value, unit, _WORKED_OUT)


def value_number(value: Fraction, unit: Unit) -> str:
    """Return the digits of a value in base units, counted in a unit."""
    return number_text(value / unit.factor, _WORKED_OUT)


def change_text(value: Fraction, unit: Unit) -> str:
    """Return a change between two years with its sign; that of two rates is in 个百分点."""
    points = find_unit("个百分点") if unit.symbol == "%" else None
    sign = "+" if value > 0 else ""
    return sign + shown(value, points or unit, _WORKED_OUT)


def reason_text(outlier: Outlier, language: Language) -> str:
    """Return why a row stands out, in a sentence without its name."""
    figure = outlier.row.figure(outlier.measure)
    bound = outlier.bound
    told = "" if bound is None else value_text(outlier.measure, bound, figure.unit)
    return _REASONS[language][outlier.kind].format(
        measure=ITEM_WORDS[language][outlier.measure], text=figure.text, bound=told
    )


def _sign(item: Item, value: Fraction) -> str:
    return "+" if item in _SIGNED and value > 0 else ""
