"""Indicators of a score sheet: what target and result say, in one cell or in columns of their own.

Read as people write them: `≥90%`, `135家`, `95%以上`, `成效明显`; or, as the integrated system
(预算管理一体化) has them, 指标性质 ≥, 指标值 90, 度量单位 %.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.units import ONE, Unit, find_unit

Sign = Literal["", "=", ">=", "<=", ">", "<"]

_SIGNS: dict[str, Sign] = {
    "≥": ">=",
    ">=": ">=",
    "不低于": ">=",
    "不少于": ">=",
    "至少": ">=",
    "超过": ">",
    ">": ">",
    "≤": "<=",
    "<=": "<=",
    "不超过": "<=",
    "不高于": "<=",
    "不足": "<",
    "不到": "<",
    "<": "<",
    "=": "=",
    "以上": ">=",
    "及以上": ">=",
    "以下": "<=",
    "以内": "<=",
    "及以下": "<=",
}
QUALITATIVE = "定性"
"""The nature of an indicator that is judged and not measured."""
_BOUND = re.compile(
    r"\s*+(?P<before>[^{}\s]{0,3})\s*+\{\{\s*+(?P<key>[\w.]+)\s*+\}\}\s*+(?P<after>\S{0,3})\s*+"
)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "points": ("points", "分值", "满分", "权重", "标准分", "标准分值", "指标分值", "应得分"),
    "score": tuple("score 得分 自评得分 自评分 评分 实得分 评价得分 考核得分 复评得分".split()),
    "nature": ("nature", "指标性质"),
    "value": ("value", "指标值"),
    "unit": ("unit", "度量单位", "计量单位"),
    "target": ("target", "年度指标值"),
    "actual": ("actual", "实际完成值", "完成值"),
    "deviation": ("deviation", "偏差原因分析及改进措施", "偏差原因", "未完成原因分析"),
    "level": ("level", "完成等级"),
}
"""The columns of a score sheet by field: in `ratings`, and as authors call them in their tables."""


class IndicatorAmount(NamedTuple):
    """A value in base units, and the unit that it was given in."""

    value: Fraction
    unit: Unit

    def compares_with(self, other: IndicatorAmount) -> bool:
        """Return whether both measure the same, so that their numbers can be compared."""
        return self.unit.dimension == other.unit.dimension


@frozen
class Indicator:
    """What an indicator's cell says; `value` is None where it is no number and stays literal."""

    text: str
    sign: Sign = ""
    value: Fraction | None = None
    unit: Unit | None = None

    @property
    def amount(self) -> IndicatorAmount | None:
        """Return the number of the cell with its unit, None where it has none."""
        if self.value is None or self.unit is None:
            return None
        return IndicatorAmount(self.value, self.unit)


IndicatorLookup = Callable[[str], Indicator | None]
"""Gives what the figure at a key says, None where there is none."""


def read_indicator(text: str, figure: IndicatorLookup, unit: Unit = ONE) -> Indicator:
    """Return what `text` says; `{{ key }}` alone, with a sign or not, takes the figure's value.

    A number without unit counts in `unit`.
    """
    bound = _BOUND.fullmatch(text)
    if bound is not None:
        found = figure(bound["key"])
        if found is None or found.value is None:
            return Indicator(text)
        sign = _sign(bound["before"], bound["after"]) or found.sign
        return replace(found, text=text, sign=sign)
    try:
        quantity = parse_quantity(text, unit)
    except QuantityError:
        return Indicator(text)
    sign = _sign(quantity.shape.before, quantity.shape.after)
    return Indicator(text, sign, quantity.value, quantity.unit)


def _sign(before: str, after: str) -> Sign:
    return _SIGNS.get(before, _SIGNS.get(after, ""))


def said_by(text: str, before: str, after: str, value: Fraction | None, unit: Unit) -> Indicator:
    """Return what a figure says that has the words `before` and `after` around its number."""
    return Indicator(text, _sign(before, after), value, unit)


def differ(one: Indicator, other: Indicator) -> bool:
    """Return whether two cells that say the same thing say different numbers of it."""
    first, second = one.amount, other.amount
    if first is None or second is None:
        return False
    is_equal = first.value == second.value and first.compares_with(second)
    return not is_equal or _contradict(one.sign, other.sign)


def _contradict(one: Sign, other: Sign) -> bool:
    return bool(one and other) and one != other


@frozen
class IndicatorRow:
    """The texts of a row by field, empty where blank, and the figures that they may refer to."""

    cells: Mapping[str, str]
    figure: IndicatorLookup

    @property
    def nature(self) -> str:
        """Return =, ≥, ≤, ＞, ＜ or 定性, empty where the row does not say."""
        return self.cells.get("nature", "")

    @property
    def unit(self) -> Unit:
        """Return the unit of the column 度量单位; one that nobody knows measures nothing else."""
        return find_unit(self.cells.get("unit", "")) or ONE

    @property
    def target(self) -> Indicator | None:
        """Return what is wanted: by nature, value and unit, else in the one cell of the target."""
        value = self.cells.get("value", "")
        if not value:
            return self.stated_target
        wanted = read_indicator(value, self.figure, self.unit)
        shown = f"{self.nature}{value}{self.cells.get('unit', '')}"
        return replace(wanted, text=shown, sign=_SIGNS.get(self.nature, wanted.sign))

    @property
    def stated_target(self) -> Indicator | None:
        """Return what the one cell of the target says."""
        text = self.cells.get("target", "")
        return read_indicator(text, self.figure) if text else None

    @property
    def actual(self) -> Indicator | None:
        """Return what was reached, None where that is blank."""
        text = self.cells.get("actual", "")
        return read_indicator(text, self.figure, self.unit) if text else None


def indicator_row(
    row: str, text: Callable[[str], str | None], figure: IndicatorLookup
) -> IndicatorRow:
    """Return the row at the key `row`; `text` gives the text of a cell by its key, as typed."""
    cells: dict[str, str] = {}
    for field, names in COLUMNS.items():
        found = filter(None, (text(f"{row}.{name}") for name in names))
        cells[field] = next(found, "")
    return IndicatorRow(cells, figure)
