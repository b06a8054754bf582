"""How people write amounts, counts, areas and rates that are kept back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from reportgen.language.folding import BORDER
from reportgen.language.numerals import by_digits, chinese
from reportgen.model.disclosed import Secret
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import find_unit
from spellings import Spelling, Ways, spelled

Texts = Iterator[str]
Way = Callable[[Fraction], Texts]

# Digits: other signs for 0 to 9, from the one in the first place on
_SCRIPTS = {
    "full-width": "".join(map(chr, range(0xFF10, 0xFF1A))),
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "subscript": "₀₁₂₃₄₅₆₇₈₉",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "circled black": "⓿❶❷❸❹❺❻❼❽❾",
    "in brackets": "0⑴⑵⑶⑷⑸⑹⑺⑻⑼",
    "mathematical": "".join(map(chr, range(0x1D7CE, 0x1D7D8))),
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
}
_THIN = "\u2009\u202f\u00a0\u3000\u2006\u2002 "
_POINTS = "．点·・‧•。"


def _in(script: str, text: str) -> str:
    return text.translate(dict(zip(map(ord, "0123456789"), _SCRIPTS[script], strict=True)))


def _grouped(digits: str, sign: str, size: int = 3) -> str:
    whole, point, part = digits.partition(".")
    groups = []
    while whole:
        groups.insert(0, whole[-size:])
        whole = whole[:-size]
    return sign.join(groups) + point + part


def _scripts(digits: str, unit: str) -> Texts:
    for script in _SCRIPTS:
        if script != "in brackets" or "0" not in digits:  # there is no such zero
            yield _in(script, digits) + unit


def _separated(digits: str, unit: str) -> Texts:
    for sign in [*",，'’‘_", *_THIN]:
        yield _grouped(digits, sign) + unit
        yield _grouped(digits, sign, 4) + unit


def _spaced(digits: str, unit: str) -> Texts:
    for space in _THIN:
        yield space.join(digits) + unit
        yield digits.replace(".", f".{space}") + unit
        yield digits.replace(".", f"{space}.{space}") + space + unit


def _pointed(digits: str, unit: str) -> Texts:
    for point in _POINTS:
        yield digits.replace(".", point) + unit
    yield digits.replace(".", ",") + unit


def _invisible(digits: str, unit: str) -> Texts:
    for sign in "\u200b\u00ad\u2060\ufeff\u200d":
        yield sign.join(digits) + unit


def _parted(digits: str, unit: str) -> Texts:
    for border in (BORDER, "\n", f" {BORDER} "):
        yield digits + border + unit + border
        for at in range(1, len(digits)):
            yield digits[:at] + border + digits[at:] + unit
    yield BORDER.join(digits) + BORDER + unit
    yield f"|{'|'.join(digits)}|{unit}|"


def _with_words(digits: str, unit: str) -> Texts:
    for before in "约 近 达 共计 大概 差不多 不低于 超过 为： （ = ≈".split():
        yield f"{before}{digits}{unit}"
    for after in ("左右", "以上", "上下", "的项目", "办公用房", "。", "）", "other"):
        yield f"{digits}{unit}{after}"
    yield f"{digits}（{unit}）"
    yield f"{digits} ({unit})"
    yield f"{digits} {unit}"
    yield f"{digits}余{unit}"


def _powers(digits: str, unit: str) -> Texts:
    value, power = Fraction(digits), 0
    while value >= 10:
        value, power = value / 10, power + 1
    first = exact(value)
    yield f"{first}e{power}{unit}"
    yield f"{first}E+{power}{unit}"
    yield f"{first}×10^{power}{unit}"
    yield f"{first}*10**{power}{unit}"
    yield f"{first}×10{_in('superscript', str(power))}{unit}"


_FORMS: dict[str, Callable[[str, str], Texts]] = {
    "scripts": _scripts,
    "separators": _separated,
    "spaces": _spaced,
    "points": _pointed,
    "invisible": _invisible,
    "parted": _parted,
    "words around": _with_words,
    "powers": _powers,
}


def _composed(form: Callable[[str, str], Texts], written: Callable[[Fraction], list[str]]) -> Way:
    """Return the way that writes the digits of a value in a form; `written` gives both parts."""

    def write(value: Fraction) -> Texts:
        for text in written(value):
            digits, unit = text.split("|")
            yield from form(digits, unit)

    return write


def _with_forms(written: Callable[[Fraction], list[str]]) -> dict[str, Way]:
    return {name: _composed(form, written) for name, form in _FORMS.items()}


def _counted(symbol: str, *symbols: str) -> Callable[[Fraction], list[str]]:
    """Return what writes a value in each of the units, as digits|unit."""

    def write(value: Fraction) -> list[str]:
        return [f"{_digits(value, each)}|{each}" for each in (symbol, *symbols)]

    return write


def _digits(value: Fraction, symbol: str) -> str:
    unit = find_unit(symbol)
    assert unit is not None, symbol
    return exact(value / unit.factor)


# Money


def _money_units(yuan: Fraction) -> Texts:
    for symbol in ("元", "千元", "万元", "百万元", "千万元", "亿元", "角"):
        yield _digits(yuan, symbol) + symbol
    wan, hundred_million = exact(yuan / 10**4), exact(yuan / 10**8)
    for said in (
        "万块",
        "万块钱",
        "万圆",
        "万",
        "万人民币",
        "万元人民币",
        "万RMB",
        "w",
        "W元",
        " 万 元",
    ):
        yield f"{wan}{said}"
    for said in ("亿", "个亿", "亿块", "亿人民币", "亿圆"):
        yield f"{hundred_million}{said}"
    for before in ("人民币", "RMB", "RMB ", "￥", "¥", "CNY ", "人民币："):
        yield f"{before}{wan}万"
        yield f"{before}{wan}万元"
        yield before + exact(yuan)
    yield f"{exact(yuan / 10**6)} million yuan"
    yield f"{exact(yuan / 10**3)} thousand yuan"


def _chained(yuan: Fraction) -> Texts:
    """Yield chains of 亿, 万, 千 and 百 with digits and characters."""
    whole = int(yuan)
    if whole != yuan:
        return
    high, low = divmod(whole, 10**8)
    wan, rest = divmod(low, 10**4)
    texts = [f"{high}亿" if high else "", f"{wan}万" if wan else "", str(rest) if rest else ""]
    yield "".join(texts) + "元"
    yield " ".join(filter(None, texts)) + " 元"
    yield _grouped(str(whole // 10**4), ",") + "万" + (str(rest) if rest else "") + "元"
    if rest and not rest % 1000:
        yield f"{''.join(texts[:2])}{rest // 1000}千元"
        yield f"{''.join(texts[:2])}{chinese(rest // 1000)}千元"
        yield f"{''.join(texts[:2])}{rest // 1000}千块"
    if wan >= 100 and not high:
        hundreds, below = divmod(wan, 100)
        yield f"{hundreds}百{below}万{rest or ''}元"


def _characters(yuan: Fraction) -> Texts:
    written, upper = chinese(yuan), chinese(yuan, upper=True)
    for unit in ("元", "圆", "块", "元整", "块钱"):
        yield written + unit
    for unit in ("元", "圆", "元整", "圆整", "圓整"):
        yield upper + unit
    yield f"人民币{upper}元整"
    yield upper.replace("万", "萬").replace("亿", "億") + "圓"
    yield " ".join(upper) + " 元"
    yield BORDER.join(upper) + BORDER + "元"
    for places, unit in ((4, "万元"), (8, "亿元")):
        decimal = yuan / 10**places
        yield chinese(decimal) + unit
        yield chinese(decimal, upper=True) + unit
        whole, _, part = exact(decimal).partition(".")
        spelled_out = by_digits(int(whole)) + ("点" + by_digits_of(part) if part else "")
        yield spelled_out + unit
        yield spelled_out.replace("〇", "零") + unit
        yield spelled_out.replace("〇", "○").replace("点", "．") + unit


def by_digits_of(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _below_yuan(yuan: Fraction) -> Texts:
    """Yield an amount down to 角 and 分."""
    whole, cents = divmod(int(yuan * 100), 100)
    jiao, fen = divmod(cents, 10)
    tail = (f"{jiao}角" if jiao else "") + (f"{fen}分" if fen else "")
    said = (chinese(jiao) + "角" if jiao else "零") + (chinese(fen) + "分" if fen else "")
    if cents:
        yield f"{whole}元{tail}"
        yield f"{chinese(whole)}元{said}"
        yield f"{chinese(whole, upper=True)}圆{_upper(said)}"


def _upper(text: str) -> str:
    return text.translate(str.maketrans("一二三四五六七八九", "壹贰叁肆伍陆柒捌玖"))


def _rounded(symbols: tuple[str, ...], least: int = 2) -> Way:
    """Return the way that writes a value rounded, cut off or raised to few digits."""

    def write(value: Fraction) -> Texts:
        for symbol in symbols:
            unit = find_unit(symbol)
            assert unit is not None
            number = value / unit.factor
            for digits in range(least, 6):
                yield from _to(number, digits, symbol, least)

    return write


def _to(number: Fraction, digits: int, symbol: str, least: int) -> Texts:
    power = 0
    while number >= Fraction(10) ** (power + 1):
        power += 1
    while number < Fraction(10) ** power:
        power -= 1
    step = Fraction(10) ** (power - digits + 1)
    low = number // step * step
    if low == number:
        return
    for value in (low, low + step):
        text = exact(value)
        if len(text.replace(".", "").strip("0")) < least:
            continue
        yield f"约{text}{symbol}"
        yield f"{text}余{symbol}"
        yield f"近{text}{symbol}"
        yield f"{text}{symbol}以上"
        if value >= 10 and Fraction(text).denominator == 1:
            yield f"{chinese(value)}余{symbol}"


def _ranges(symbol: str) -> Way:
    """Return the way that writes a range around a value, no wider than 5% either way."""

    def write(value: Fraction) -> Texts:
        unit = find_unit(symbol)
        assert unit is not None
        number = value / unit.factor
        low, high = int(number * 98 / 100), int(number * 102 / 100) + 1
        if high - low > number / 10:
            return
        for sign in ("-", "—", "－", "\uff5e", "~", "至", "到", "–"):
            yield f"{low}{sign}{high}{symbol}"
            yield f"{low}{symbol}{sign}{high}{symbol}" if exact(number) == str(low) else ""
        yield f"{chinese(low)}至{chinese(high)}{symbol}"

    return lambda value: filter(None, write(value))


def _end_of_range(symbol: str) -> Way:
    """Return the way that writes a value as one end of a wide range."""

    def write(value: Fraction) -> Texts:
        digits = _digits(value, symbol)
        other = exact(2 * Fraction(digits))
        for sign in ("-", "—", "\uff5e", "至", "、"):
            yield f"{digits}{sign}{other}{symbol}"
            yield f"{other}{sign}{digits}{symbol}"

    return write


MONEY: Ways[Fraction] = {
    "money: units": _money_units,
    "money: chains": _chained,
    "money: characters": _characters,
    "money: 角, 分": _below_yuan,
    "money: rounded": _rounded(("万元", "亿元", "元")),
    "money: ranges": _ranges("万元"),
    "money: end of a range": _end_of_range("万元"),
    **{f"money: {name}": way for name, way in _with_forms(_counted("万元", "元")).items()},
}
"""Ways to write an amount in yuan."""

# Areas


def _area_units(metres: Fraction) -> Texts:
    whole = exact(metres)
    for (
        symbol
    ) in "㎡ m² m2 M2 m^2 平方米 平米 平方 平方公尺 平方米办公用房 ㎡的用房 sqm 方".split():
        yield whole + symbol
    yield _digits(metres, "万平方米") + "万平方米"
    yield _digits(metres, "万平方米") + "万㎡"
    yield _digits(metres, "公顷") + "公顷"
    yield number_text(metres * 3 / 2000, Shape(3)) + "亩"
    yield number_text(metres * 3 / 2000, Shape(2)) + "畝"
    yield chinese(metres) + "平方米"
    yield by_digits(int(metres)) + "平方米"


AREA: Ways[Fraction] = {
    "area: units": _area_units,
    "area: rounded": _rounded(("平方米", "㎡", "万平方米")),
    "area: ranges": _ranges("平方米"),
    **{f"area: {name}": way for name, way in _with_forms(_counted("平方米", "㎡")).items()},
}
"""Ways to write an area in square metres."""

# Counts


def _count_units(number: Fraction) -> Texts:
    whole = exact(number)
    for symbol in "人 名 位 人次 人员".split():
        yield whole + symbol
    yield _digits(number, "万人") + "万人"
    yield _digits(number, "千人") + "千人"
    yield chinese(number) + "人"
    yield chinese(number, upper=True) + "人"
    yield by_digits(int(number)) + "人"
    if number > 10_000 and not number % 1000:
        wan, rest = divmod(int(number), 10_000)
        yield f"{wan}万{rest // 1000}千人"
        yield f"{chinese(wan)}万{rest // 1000}千名"


COUNT: Ways[Fraction] = {
    "count: units": _count_units,
    "count: rounded": _rounded(("人", "万人")),
    "count: ranges": _ranges("人"),
    **{
        f"count: {name}": way
        for name, way in _with_forms(_counted("人")).items()
        if name != "points"
    },
}
"""Ways to write how many people there are."""


def _masses(tonnes: Fraction) -> Texts:
    for symbol in ("吨", "公斤", "千克", "斤", "万吨", "万斤"):
        yield _digits(tonnes, symbol) + symbol
    yield exact(tonnes * 1000) + "kg"
    yield exact(tonnes * 1000) + " KG"
    yield exact(tonnes) + "t"


def _lengths(metres: Fraction) -> Texts:
    for symbol in ("米", "公里", "千米", "里"):
        yield _digits(metres, symbol) + symbol
    for symbol in ("km", "KM", "Km", "㎞"):
        yield exact(metres / 1000) + symbol


# Rates


def _rate_units(rate: Fraction) -> Texts:
    percent = exact(rate * 100)
    for symbol in ("%", "％", "﹪", " %", "个百分点", "百分点", "个点", "pct", " percent", "pp"):
        yield percent + symbol
    yield f"百分之{chinese(rate * 100)}"
    yield f"百分之{percent}"
    yield f"百分之{by_digits_of(percent).replace('.', '点')}"
    yield f"千分之{exact(rate * 1000)}"
    yield f"万分之{exact(rate * 10**4)}"
    yield f"{exact(rate * 1000)}‰"
    yield f"{exact(rate * 10)}成"
    yield f"{exact(rate * 10)}折"
    yield f"{exact(rate)}倍"
    yield f"100分之{percent}"
    yield f"比例为{exact(rate)}。"


RATE: Ways[Fraction] = {
    "rate: units": _rate_units,
    "rate: rounded": _rounded(("%",), least=3),
    **{
        f"rate: {name}": way for name, way in _with_forms(_counted("%")).items() if name != "powers"
    },
}
"""Ways to write a share, of at least four digits."""


def _shares(rate: Fraction) -> Texts:
    """Yield a plain fraction."""
    above, below = rate.numerator, rate.denominator
    yield f"{chinese(below)}分之{chinese(above)}"
    yield f"{below}分之{above}"
    yield f"{above}/{below}"
    vulgar = {(1, 3): "⅓", (2, 3): "⅔", (1, 8): "⅛", (3, 8): "⅜", (5, 8): "⅝", (7, 8): "⅞"}
    if (above, below) in vulgar:
        yield vulgar[above, below]


KINDS: tuple[tuple[Ways[Fraction], str, tuple[str, ...]], ...] = (
    (MONEY, "万元", ("3187000", "126580000", "12345678.9", "45196000")),
    (MONEY, "元", ("3187000", "98765.43")),
    (MONEY, "亿元", ("126580000",)),
    (AREA, "平方米", ("4519.6", "18302")),
    (AREA, "㎡", ("4519.6",)),
    (COUNT, "人", ("32000", "4517", "12658")),
    ({"mass: units": _masses}, "吨", ("4519.6", "3187")),
    ({"length: units": _lengths}, "公里", ("318700", "451960")),
    (RATE, "%", ("0.9914", "0.31874")),
    ({"rate: fractions": _shares}, "%", ("1/3", "2/3", "3/8", "5/7", "22/35")),
)
"""Ways to write a value, the unit in which it is printed, and values in base units."""


def secret(value: Fraction, symbol: str) -> Secret:
    """Return the secret that `value` is, printed in the unit `symbol`."""
    unit = find_unit(symbol)
    assert unit is not None
    shape = Shape(2 if "/" in exact(value / unit.factor) else 6)
    text = number_text(value / unit.factor, shape) + symbol
    return Secret("k", "", text, value=value, unit=unit, shape=shape)


def trials() -> Iterator[tuple[Secret, Spelling]]:
    """Yield secrets with every way to write them."""
    for ways, symbol, values in KINDS:
        for value in map(Fraction, values):
            for spelling in spelled(ways, value):
                yield secret(value, symbol), spelling
