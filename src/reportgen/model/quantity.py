"""Exact quantities: how a number with a unit is read, rounded and written.

The only place that parses numbers, the only rounding function and the only formatter
(docs/adr/002). Values are `Fraction`s in the base unit of their dimension.

>>> parse_quantity("1,234.50万元").text
'1234.50万元'
>>> from reportgen.model.units import UNITS
>>> shown(Fraction(324181, 239294), UNITS["%"], Shape(decimals=2))
'135.47%'
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, PREFIXES, Unit, find_unit

_BEFORE = (
    "不低于 不少于 不小于 不超过 不高于 不大于 不多于 大约 将近 接近 超过 高于 大于 多于 低于 小于 "
    "少于 不足 不到 不满 不及 未满 达到 至少 至多 约 近 超 逾 达 ≥ ≤ > < ="
).split()
_AFTER = "及以上 及以下 以上 以下 以内 左右 上下 之多".split()
_NUMBER = re.compile(
    rf"(?P<before>{'|'.join(_BEFORE)})? ?(?P<sign>[-+])?"
    # A zero in front is a code or mistyped, and printing would lose it.
    r"(?P<number>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0)(?:\.[0-9]+)?)"
    rf" ?(?P<about>[余多来])?(?P<scale>{'|'.join(PREFIXES)})?(?P<about_scaled>[余多来])?"
    rf"(?P<unit>[^0-9\s,.]*?)(?P<after>{'|'.join(_AFTER)})?"
)
EXACT_WORDS = frozenset(("达到", "达", "=", ""))
"""What may stand before an exact number."""
BOUND_WORDS = frozenset(
    "不低于 不少于 不小于 不超过 不高于 不大于 不多于 至少 至多 ≥ ≤ > <".split()
)
"""What stands before a number that results are held to; it is as exact as it is meant."""
_FORMS = dict(zip("−–—≧≦⩾⩽\u3000\u00a0", "---≥≤≥≤  ", strict=True))


class QuantityError(ValueError):
    """A text is no quantity; `reason` is `number`, `unit` or `long`, `part` the text at fault."""

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(reason, part)
        self.reason = reason
        self.part = part


@frozen
class Shape:
    """How a value is written: decimals, whether trailing zeros go, separators, words around.

    `about` (余, 多) stands `about_at` characters into the unit: 80余次, but 2万余家.
    """

    decimals: int = 2
    strip: bool = True
    thousands: bool = False
    before: str = ""
    about: str = ""
    about_at: int = 0
    after: str = ""

    @property
    def is_exact(self) -> bool:
        """Return whether no word says that it is about, more or less: 约, 超过, 余, 以上."""
        before = self.before.rstrip("+")
        return before in EXACT_WORDS | BOUND_WORDS and not (self.about or self.after)


@frozen
class Quantity:
    """A number as an author wrote it: exact value in base units, unit, and its shape."""

    value: Fraction
    unit: Unit
    shape: Shape

    @property
    def text(self) -> str:
        """Return the quantity as written, separators dropped, full-width forms narrowed."""
        return shown(self.value, self.unit, self.shape)

    @property
    def tolerance(self) -> Fraction:
        """Return half a unit of the last written digit: what rounding may have hidden."""
        return self.unit.factor * Fraction(1, 2 * 10**self.shape.decimals)


def narrow(text: str) -> str:
    """Return `text` with full-width digits, signs and ％ in their usual form, spaces trimmed."""
    if not text.isascii():
        text = "".join(_FORMS.get(c) or _narrow_char(c) for c in text)
    return text.replace(">=", "≥").replace("<=", "≤").strip()


def _narrow_char(char: str) -> str:
    compatible = "\uff00" <= char <= "\uffef" or "\ufe50" <= char <= "\ufe6f"
    return unicodedata.normalize("NFKC", char) if compatible else char


def parse_quantity(text: str, default: Unit = ONE) -> Quantity:
    """Return the quantity that `text` states; a number without unit counts in `default`.

    Raises `QuantityError` for a malformed number, an unknown unit, or too many digits.
    """
    plain = narrow(text)
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise QuantityError("number", plain)
    parts = match.groupdict("")
    if parts["about"] and parts["about_scaled"]:
        raise QuantityError("number", plain)
    digits = parts["number"].replace(",", "")
    if len(digits) > limits.NUMBER_DIGITS:
        raise QuantityError("long", digits[: limits.NUMBER_DIGITS])
    symbol = parts["scale"] + parts["unit"]
    unit = find_unit(symbol) if symbol else default
    if unit is None:
        raise QuantityError("unit", symbol)
    number = Fraction(parts["sign"] + digits)
    return Quantity(number * unit.factor, unit, _shape_of(parts, digits))


def _shape_of(parts: dict[str, str], digits: str) -> Shape:
    """Return how a number was written, from the parts of its match."""
    return Shape(
        decimals=len(digits.partition(".")[2]),
        strip=False,
        before=parts["before"] + parts["sign"].strip("-"),
        about=parts["about"] or parts["about_scaled"],
        about_at=len(parts["scale"]) if parts["about_scaled"] else 0,
        after=parts["after"],
    )


def round_half_up(value: Fraction, decimals: int) -> int:
    """Return `value` times 10**decimals, rounded half away from zero (四舍五入), as an integer."""
    # In whole numbers, which need not be reduced at every step as fractions are.
    parts = value.denominator
    whole: int = abs(value.numerator) * 10**decimals
    rounded = (2 * whole + parts) // (2 * parts)
    return rounded if value.numerator >= 0 else -rounded


def number_text(value: Fraction, shape: Shape) -> str:
    """Return the digits of `value` (already in its unit) as `shape` wants them, never `-0`."""
    scaled = round_half_up(value, shape.decimals)
    digits = str(abs(scaled)).rjust(shape.decimals + 1, "0")
    whole = digits[: len(digits) - shape.decimals]
    part = digits[len(digits) - shape.decimals :]
    if shape.strip:
        part = part.rstrip("0")
    if shape.thousands:
        whole = f"{int(whole):,}"
    return ("-" if scaled < 0 else "") + whole + ("." + part if part else "")


def shown(value: Fraction, unit: Unit, shape: Shape) -> str:
    """Return `value` (in base units) with its unit and the words around it, as printed."""
    number = number_text(value / unit.factor, shape)
    at = shape.about_at
    symbol = unit.symbol[:at] + shape.about + unit.symbol[at:]
    return f"{shape.before}{number}{symbol}{shape.after}"


def exact(value: Fraction) -> str:
    """Return an exact text of `value`: a finite decimal of bounded length, else a fraction."""
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1 or max(twos, fives) > limits.EXACT_DECIMALS:
        return f"{value.numerator}/{value.denominator}"
    return number_text(value, Shape(decimals=max(twos, fives)))
