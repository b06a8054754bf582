"""Units of measurement: symbols, dimensions and factors to the base unit of each dimension.

Counting words are dimensions of their own (家 does not add to 个), except those that count
the same thing (名 and 人, 个月 and 月). 万, 亿 and their like may stand before any unit
(2万家, 25.17万米), and a unit may be divided by units (元/人). Percent, 百分点, 倍 and bare
numbers share the empty dimension, so that a ratio can be shown as any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from reportgen.model.frozen import frozen

Dimension = tuple[tuple[str, int], ...]
"""Sorted (base dimension, exponent) pairs; `()` is a pure number."""


@frozen
class Unit:
    """A unit: its symbol as printed, its dimension, and how many base units it holds."""

    symbol: str
    dimension: Dimension
    factor: Fraction

    def __str__(self) -> str:
        """Return the printed symbol."""
        return self.symbol


ONE = Unit("", (), Fraction(1))

# The first symbol of a dimension is its base unit.
_SCALED: dict[str, dict[str, int | Fraction]] = {
    "money": {"元": 1, "角": Fraction(1, 10)},
    "length": {
        "米": 1,
        "公里": 1000,
        "千米": 1000,
        "m": 1,
        "km": 1000,
        "里": 500,
        "厘米": Fraction(1, 100),
    },
    "area": {
        "平方米": 1,
        "㎡": 1,
        "m²": 1,
        "公顷": 10_000,
        "平方公里": 1_000_000,
        "平方千米": 1_000_000,
        "亩": Fraction(2000, 3),
    },
    "mass": {
        "吨": 1,
        "公斤": Fraction(1, 1000),
        "千克": Fraction(1, 1000),
        "斤": Fraction(1, 2000),
        "克": Fraction(1, 1_000_000),
    },
    "volume": {"立方米": 1, "m³": 1, "方": 1, "升": Fraction(1, 1000)},
    "energy": {"千瓦时": 1, "度": 1},
    "power": {"千瓦": 1, "兆瓦": 1000},
    "day": {"天": 1, "日": 1},
    "": {
        "%": Fraction(1, 100),
        "‰": Fraction(1, 1000),
        "倍": 1,
        "成": Fraction(1, 10),
        "折": Fraction(1, 10),
        "‱": Fraction(1, 10_000),
        "个百分点": Fraction(1, 100),
        "百分点": Fraction(1, 100),
    },
}

_COUNTERS = (
    "家 个 人 次 单位 线 台 项 条 件 户 份 场 场次 人次 支 部 套 座 辆 批 批次 处 张 篇 期 种 类 "
    "只 箱 瓶 盒 块 根 桶 起 例 站 所 间 宗 笔 届 名次 分 年 月 季度 小时 工作日 周 本 册 "
    "轮 层 级 品种 企业 单元 家次 户次 车次 班次 台次 台套 件套 人份 剂 片 把 双 顶 副 封 班 幅 "
    "栋 组 枚 门 面 棵 株 袋 包 美元 欧元 日元 港元 英镑"
).split()

_SAME_COUNT = {
    "名": "人",
    "位": "人",
    "个月": "月",
    "个季度": "季度",
    "个小时": "小时",
    "个工作日": "工作日",
    "个品种": "品种",
    "个单元": "单元",
}

_SPELLED_SO = {
    "元": "圆 圓 元钱 块钱 人民币 元人民币 圆人民币 元整 圆整 rmb cny yuan renminbi",
    "㎡": "m2 m^2 平米 平方 平方公尺 sqm",
    "平方公里": "km2 km² km^2 ㎢",
    "公顷": "ha ㏊",
    "立方米": "m3 m^3 ㎥ 立方",
    "升": "公升",
    "公里": "㎞",
    "公斤": "kg ㎏",
    "吨": "公吨 t",
    "千瓦时": "kwh",
    "千瓦": "kw",
    "兆瓦": "mw",
    "%": "％ ﹪ ٪ pct percent",
    "‰": "؉ permille",
    "‱": "bp 基点 个基点",
    "个百分点": "个点 pp",
    "人": "个人",
}
ALIASES: dict[str, str] = {}
for _symbol, _aliases in _SPELLED_SO.items():
    ALIASES |= dict.fromkeys(_aliases.split(), _symbol)
"""Other spellings of units that a text may have, small letters, with the symbol that they mean."""

_ALSO = {"块": "元", "方": "平方米"}
"""Units that are said for another one too: three 块 of land, three 块 of money."""
_KINDRED = ("人 人次", "家 户 个 单位 企业", "笔 项 个", "台 套 台套 辆 件", "场 场次 次 班次 期")
"""Counters that people use for each other when they count the same things."""

PREFIXES = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}
"""Words for round numbers that may stand before a unit; longer ones before their beginnings."""


def _base_units() -> dict[str, Unit]:
    units = {"": ONE}
    for name, symbols in _SCALED.items():
        dimension: Dimension = ((name, 1),) if name else ()
        units.update({s: Unit(s, dimension, Fraction(f)) for s, f in symbols.items()})
    counted = {counter: counter for counter in _COUNTERS} | _SAME_COUNT
    units.update({c: Unit(c, ((what, 1),), Fraction(1)) for c, what in counted.items()})
    return units


UNITS = _base_units()
"""Every unit without a prefix, by symbol."""
_SPELLED = {symbol.lower(): symbol for symbol in UNITS if symbol} | ALIASES
SPELLINGS = tuple(sorted(_SPELLED, key=len, reverse=True))
"""Every spelling of a unit without a prefix, in small letters, the longest first."""


def any_spelling(spellings: Iterable[str]) -> str:
    """Return a pattern of any of some texts, the longest first, in their order.

    Those of one character are a class of characters, which is compiled and searched faster.
    """
    longest_first = sorted(spellings, key=len, reverse=True)
    characters = [re.escape(text) for text in longest_first if len(text) == 1]
    words = [re.escape(text) for text in longest_first if len(text) > 1]
    return "|".join([*words, f"[{''.join(characters)}]"] if characters else words)


def spelled_unit(spelling: str) -> Unit | None:
    """Return the unit that a text means by `spelling`, with its prefix, in any letters."""
    first, *others = spelling.lower().split("/")
    symbols = [_meant(first), *(_SPELLED.get(other, other) for other in others)]
    return find_unit("/".join(symbols)) or find_unit(symbols[0])


def _meant(spelling: str) -> str:
    """Return the symbol that is spelled so, with its prefix."""
    if spelling in _SPELLED:
        return _SPELLED[spelling]
    for prefix in PREFIXES:
        rest = spelling.removeprefix(prefix)
        if rest != spelling and rest in _SPELLED:
            return prefix + _SPELLED[rest]
    return spelling


def also_meant(unit: Unit) -> Unit:
    """Return what else is said as `unit` is: 块 is money too, and 万元/年; most mean themselves."""
    if "/" in unit.symbol:
        return find_unit(unit.symbol.partition("/")[0]) or unit
    for said, meant in _ALSO.items():
        if unit.symbol.endswith(said) and unit.dimension == UNITS[said].dimension:
            other = UNITS[meant]
            factor = unit.factor / UNITS[said].factor * other.factor
            return Unit(unit.symbol, other.dimension, factor)
    return unit


def is_kindred(one: Dimension, other: Dimension) -> bool:
    """Return whether people use the counters of two dimensions for each other: 家, 户 and 个."""
    names = {name for name, _ in (*one, *other)}
    return len(one) == len(other) == 1 and any(names <= set(kin.split()) for kin in _KINDRED)


def find_unit(symbol: str) -> Unit | None:
    """Return the unit written `symbol`, with 万 or 亿 before it and `/` understood, or None."""
    first, *others = symbol.split("/")
    dividend = _find_simple(first)
    if dividend is None or not others:
        return dividend
    dimension, factor = dividend.dimension, dividend.factor
    for other in others:
        divisor = _find_simple(other)
        if dividend is ONE or divisor is None or not divisor.dimension:
            return None
        dimension = combine(dimension, divisor.dimension, -1)
        factor /= divisor.factor
    return Unit(symbol, dimension, factor)


def _find_simple(symbol: str) -> Unit | None:
    """Return a unit that is not divided, with or without a prefix, or None."""
    if symbol in UNITS:
        return UNITS[symbol]
    for prefix, factor in PREFIXES.items():
        if symbol.startswith(prefix):
            unit = UNITS.get(symbol.removeprefix(prefix))
            if unit is not None and _takes_prefix(unit):
                return Unit(symbol, unit.dimension, unit.factor * factor)
    return None


def _takes_prefix(unit: Unit) -> bool:
    """Return whether 万 or 亿 may stand before a unit, which they may not before 倍 or %."""
    return bool(unit.dimension) or unit is ONE


def combine(left: Dimension, right: Dimension, sign: int) -> Dimension:
    """Return the dimension of a product (`sign` 1) or a quotient (`sign` -1)."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def base_unit(dimension: Dimension) -> Unit:
    """Return the unit in which values of `dimension` are held, for messages and defaults."""
    if not dimension:
        return ONE
    above = "·".join(_power(name, power) for name, power in dimension if power > 0)
    below = "".join("/" + _power(name, -power) for name, power in dimension if power < 0)
    return Unit((above or "1") + below, dimension, Fraction(1))


def _power(name: str, power: int) -> str:
    symbol = next(iter(_SCALED[name])) if name in _SCALED else name
    return symbol if power == 1 else f"{symbol}^{power}"
