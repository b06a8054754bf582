"""Notices what is hardly right without anybody having typed a rule for it.

What is looked for stands in the tables below; the `ranges` of a pack or report narrow or lift it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from reportgen.check.likely_errors import slip_of_size
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR, covering
from reportgen.model.document import Document, values
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.locations import LocatedText, located_texts
from reportgen.model.quantity import number_text
from reportgen.model.rules import PlausibleRange
from reportgen.model.units import Dimension

CHANGES = re.compile(
    "增|升|降|幅|速|变动|变化|同比|环比|超额|完成|执行|进度|控制|占.*计划|利润|回报|倍"
)
"""Words of rates that may be below 0 or above 100 %: growth, completion, execution, control."""
SHARES = re.compile(
    "满意|占比|比重|占总|覆盖|合格|达标|到位率|及时率|准确率|公开率|使用率|通过率|优良"
)
"""Words of rates that are parts of a whole also where they are worked out."""
MEASURES = frozenset(
    "money length area mass volume energy power day 年 月 季度 小时 工作日 周 分 美元".split()
)
"""Dimensions that count no things: a half of them is nothing odd."""
SLIPS = (10, 100, 1000, 10_000, 10**8)
"""By what a number is wrong where a unit (元 for 万元) or a digit slipped."""
NEAR_TEN, NEAR = (Fraction(9, 10), Fraction(10, 9)), (Fraction(2, 3), Fraction(3, 2))
"""How near to a slip the ratio to last year's number is: of ten closely, of more roughly."""
COLUMNS = ("outturn", "budget", "initial", "last")
"""Columns of one row that are of one size."""
OUT_OF_SIZE = 5_000
"""So many times another column of its row no amount is."""
PARTS = (
    ("税收", "产值"),
    ("税收", "营业收入"),
    ("税收", "主营业务收入"),
    ("利润", "营业收入"),
    ("tax", "output"),
    ("tax", "revenue"),
    ("profit", "revenue"),
)
"""Columns of an author's own tables of which the first is a part of the second."""
OF_WHICH = "其中"
"""What begins the name of a fact, column or row that is a part of the last one before it."""
FORECASTS = re.compile(r"预计(?!总?投资\d)|预期将|拟于|数据未出|尚未公布|尚未统计|待公布|数据待")
"""Words of what was not known yet, which a report written after the year should know."""
BOUNDS = re.compile("目标|任务|计划|指标|target|goal")
"""Words of numbers that are bounds: 100家以上 as a target is what results are compared with."""
OLD = 10
"""Years after which a document is hardly the basis of this year's work."""
_CELL = re.compile(r"(?P<table>[^.]+)\.[^.]+\.(?P<column>[^.]+)")
_WORKED_OUT = re.compile(r"(?!count\([^()]*\)\s*$)[^\s]")
_FIRST_YEAR = 1949
_DOCUMENT = re.compile(r"[〔\[（(](\d{4})[〕\]）)]\s*+\d*+\s*+号?")


def check_plausibility(ledger: Ledger, ranges: Iterable[PlausibleRange]) -> tuple[Finding, ...]:
    """Return R401 to R405 and R407 to R409: what of the figures and documents is hardly right.

    Each is about one figure, whose key is the subject, and can be waived with its value.
    """
    checks = _Plausibility(ledger, tuple(ranges))
    found = (
        *checks.out_of_range(),
        *checks.slipped(),
        *checks.parts_above_wholes(),
        *checks.points_without_result(),
        *checks.old_documents(),
        *checks.shares_that_miss(),
        *checks.exact_from_rough(),
    )
    return tuple(each for each in found if not checks.is_lifted(each.subject))


def check_forecasts(document: Document, year: int) -> tuple[Finding, ...]:
    """Return R406 for each text that forecasts `year` in a report of a later date."""
    if document.date[:4] <= str(year):
        return ()
    findings: list[Finding] = []
    for located in located_texts(document):
        match = FORECASTS.search(located.text)
        if match is not None:
            where, date = located.where, document.date
            text = located.text[match.start() : match.start() + 20]
            findings.append(
                finding("R406", located.span, subject=where, where=where, text=text, date=date)
            )
    return tuple(findings)


def check_printed(document: Document, ledger: Ledger) -> tuple[Finding, ...]:
    """Return R407 for old documents that texts cite, R408 for shares that miss 100 % in a text.

    Documents that are facts themselves, and shares in a table, are told by `check_plausibility`.
    """
    findings: list[Finding] = []
    known = "".join(str(text.value) for text in ledger.texts.values() if not text.prose)
    for located in located_texts(document):
        findings += _old_citations(located, known, ledger.year - OLD)
        findings += _missed(_shares_in(located, ledger))
    return tuple(findings)


def _old_citations(located: LocatedText, known: str, oldest: int) -> Iterator[Finding]:
    """Yield R407 for each old document that a text cites and that `known` facts do not name."""
    where = located.where
    for number in _old_numbers(located.text, oldest):
        if number not in known:
            yield finding(
                "R407", located.span, subject=where, title=f"“{where}”", text=number, years=OLD
            )


def _shares_in(located: LocatedText, ledger: Ledger) -> list[Figure]:
    """Return the shares that a text prints, each once."""
    keys = dict.fromkeys(value.key for value in values(located.inlines))
    figures = filter(None, map(ledger.figures.get, keys))
    return list(filter(_is_share, figures))


class _Plausibility:
    """What is hardly right in a ledger."""

    def __init__(self, ledger: Ledger, ranges: tuple[PlausibleRange, ...]) -> None:
        self.ledger = ledger
        self.ranges = ranges
        self.figures = [
            figure
            for key, figure in ledger.figures.items()
            if figure.value is not None and not key.startswith(PRIOR)
        ]

    def out_of_range(self) -> Iterator[Finding]:
        """Yield R401 for a rate that no share is, R402 for a number of things that is none."""
        for figure in self.figures:
            stated = self._range_of(figure.key)
            has_ends = stated is not None and (stated.least, stated.most) != (None, None)
            yield from _outside(figure, stated) if stated and has_ends else _impossible(figure)

    def is_lifted(self, key: str) -> bool:
        """Return whether pack or report say that a figure may be anything."""
        stated = self._range_of(key)
        return stated is not None and stated.is_lifted

    def _range_of(self, key: str) -> PlausibleRange | None:
        """Return the last of the stated ranges that is for `key`; `*` stands for a row."""
        found = None
        for stated in self.ranges:
            if covering(stated.key).fullmatch(key):
                found = stated
        return found

    def slipped(self) -> Iterator[Finding]:
        """Yield R403 for a typed number of another size than last year's or its row's."""
        for figure in self.figures:
            if is_typed(figure) and figure.value:
                other = self._last_year(figure) or self._of_row(figure)
                yield from _of_other_size(figure, other)

    def _last_year(self, figure: Figure) -> Figure | None:
        """Return last year's figure where this year's is some power of ten of it."""
        past = self.ledger.figures.get(PRIOR + figure.key)
        if past is not None and _is_comparable(figure, past) and _is_slip(figure, past):
            return past
        return None

    def _of_row(self, figure: Figure) -> Figure | None:
        """Return another column of the row of a figure which it is thousands of times of."""
        row, _, column = figure.key.rpartition(".")
        if column not in COLUMNS:
            return None
        for name in COLUMNS:
            other = self.ledger.figures.get(f"{row}.{name}")
            if other is not None and _is_out_of_size(figure, other):
                return other
        return None

    def parts_above_wholes(self) -> Iterator[Finding]:
        """Yield R404 for a part that is more than its whole: stated, by its column, or by 其中."""
        of_which = _of_which(self.ledger)
        for figure in self.figures:
            stated = self._range_of(figure.key)
            wholes = [stated.whole_of(figure.key)] if stated else _wholes_by_column(figure.key)
            for key in (*wholes, of_which.get(figure.key, "")):
                whole = self.ledger.figures.get(key)
                if whole is not None:
                    yield from _above(figure, whole)

    def points_without_result(self) -> Iterator[Finding]:
        """Yield R405 for an indicator with a target and points, and no result."""
        for row in self.ledger.tables.get("ratings", ()):
            key = f"ratings.{row}"
            score = self.ledger.figures.get(f"{key}.score")
            is_blank = self._says(f"{key}.target") and not self._says(f"{key}.actual")
            if score is not None and is_blank and is_typed(score) and score.value:
                yield _about("R405", score)

    def _says(self, key: str) -> bool:
        text = self.ledger.texts.get(key)
        return text is not None and bool(str(text.value or "").strip())

    def old_documents(self) -> Iterator[Finding]:
        """Yield R407 for a document that is cited and many years old."""
        for key, text in self.ledger.texts.items():
            if not key.startswith(PRIOR):
                yield from _old_documents(text, self.ledger.year - OLD)

    def shares_that_miss(self) -> Iterator[Finding]:
        """Yield R408 for shares of a whole that are printed to add up to nearly 100 %."""
        columns: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for figure in self.figures:
            match = _CELL.fullmatch(figure.key)
            if match is not None and _is_share(figure):
                columns[match["table"], match["column"]].append(figure)
        for shares in columns.values():
            yield from _missed(shares)

    def exact_from_rough(self) -> Iterator[Finding]:
        """Yield R409 for a number worked out from one that is not exact."""
        for figure in self.figures:
            if _WORKED_OUT.match(figure.formula):
                read = map(self.ledger.figures.get, figure.inputs)
                for part in filter(_is_rough, filter(None, read)):
                    text = f"{part.title} {part.text}"
                    yield _about("R409", figure, RelatedLocation(part.span, text), read=text)


def _wholes_by_column(key: str) -> list[str]:
    """Return the keys of what a cell is a part of, by the names of the columns of its row."""
    row, _, column = key.rpartition(".")
    return [f"{row}.{whole}" for part, whole in PARTS if part == column]


def _of_which(ledger: Ledger) -> dict[str, str]:
    """Return the key of the whole of each number called 其中…, or in a row called so."""
    wholes: dict[str, str] = {}
    last: dict[str, str] = {}
    for key, figure in ledger.figures.items():
        group, _, name = key.rpartition(".")
        if name.startswith(OF_WHICH):
            wholes[key] = last.get(group, "")
        elif is_typed(figure):
            last[group] = key
    for table, rows in ledger.tables.items():
        wholes.update(_of_which_rows(ledger, table, rows))
    return wholes


def _of_which_rows(ledger: Ledger, table: str, rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells of the rows called 其中…, each with that of the last row before them."""
    last = ""
    for row in rows:
        name = ledger.texts.get(f"{table}.{row}.name")
        if name is None or not str(name.value).startswith(OF_WHICH):
            last = row
            continue
        for key in ledger.figures:
            start, _, column = key.rpartition(".")
            if start == f"{table}.{row}":
                yield key, f"{table}.{last}.{column}"


def _above(part: Figure, whole: Figure) -> Iterator[Finding]:
    """Yield R404 where a part is more than its whole."""
    if _is_comparable(part, whole) and _value(part) > _value(whole):
        place = RelatedLocation(whole.span, f"{whole.title} {whole.text}")
        yield _about("R404", part, place, whole=f"{whole.title} {whole.text}")


def _is_rough(figure: Figure) -> bool:
    return not figure.shape.is_exact and BOUNDS.search(figure.title) is None


def _missed(shares: list[Figure]) -> Iterator[Finding]:
    if len(shares) < 2:
        return
    exact, printed = Fraction(0), Fraction(0)
    for share in shares:
        exact += _value(share)
        printed += Fraction(number_text(_value(share) * 100, share.shape)) / 100
    step = Fraction(len(shares), 2 * 100 * 10 ** shares[0].shape.decimals)
    if abs(exact - 1) <= step and printed != 1 and abs(printed - 1) <= step:
        text = number_text(printed * 100, shares[0].shape)
        yield _about("R408", shares[0], sum=f"{text}%")


def _about(code: str, figure: Figure, *others: RelatedLocation, **more: str) -> Finding:
    told = finding(code, figure.span, *others, subject=figure.key)
    return replace(told, params={"title": figure.title, "text": figure.text, **more})


def _old_documents(text: Fact, oldest: int) -> Iterator[Finding]:
    title = f"{text.title} {text.value}"
    for number in _old_numbers(str(text.value or ""), oldest):
        yield finding("R407", text.span, subject=text.key, title=title, text=number, years=OLD)


def _old_numbers(text: str, oldest: int) -> Iterator[str]:
    """Yield the numbers of documents in a text that are older than the year `oldest`."""
    for match in _DOCUMENT.finditer(text):
        if _FIRST_YEAR <= int(match[1]) < oldest:
            yield match[0]


def _impossible(figure: Figure) -> Iterator[Finding]:
    """Yield R401 or R402 for a figure that no share and no number of things is."""
    if _is_share(figure) and not 0 <= _value(figure) <= 1:
        yield _about("R401", figure, least="0%", most="100%")
    elif is_typed(figure) and _is_no_count(figure):
        yield _about("R402", figure)


def _of_other_size(figure: Figure, other: Figure | None) -> Iterator[Finding]:
    """Yield R403 where there is a figure from which another one differs by its size."""
    if other is not None:
        place = RelatedLocation(other.span, f"{other.title} {other.text}")
        slip = slip_of_size(figure, _value(figure) / _value(other))
        yield _about("R403", figure, place, other=other.text, times=_times(figure, other), **slip)


def _is_out_of_size(figure: Figure, other: Figure) -> bool:
    if not _is_comparable(figure, other):
        return False
    return abs(_value(figure)) >= OUT_OF_SIZE * abs(_value(other))


def _outside(figure: Figure, stated: PlausibleRange) -> Iterator[Finding]:
    """Yield R401 where a figure is not within what a pack or report says of it."""
    value = _value(figure)
    is_low = stated.least is not None and value < stated.least
    if is_low or (stated.most is not None and value > stated.most):
        place = RelatedLocation(stated.span, "rule")
        yield _about("R401", figure, place, least=stated.least_text, most=stated.most_text)


def _value(figure: Figure) -> Fraction:
    return figure.value or Fraction(0)


def _is_share(figure: Figure) -> bool:
    """Return whether a percentage is a part of a whole, by its name: a typed one is unless told."""
    if figure.unit.symbol not in {"%", "‰"}:
        return False
    if SHARES.search(figure.title):
        return True
    return is_typed(figure) and not CHANGES.search(figure.title)


def _is_no_count(figure: Figure) -> bool:
    """Return whether a number of things is negative or no whole number."""
    value = _value(figure)
    if not _counts(figure.unit.dimension) or figure.shape.about:
        return False
    return value.denominator != 1 or (value < 0 and not CHANGES.search(figure.title))


def _counts(dimension: Dimension) -> bool:
    """Return whether a dimension is that of countable things."""
    return len(dimension) == 1 and dimension[0][1] == 1 and dimension[0][0] not in MEASURES


def _is_comparable(figure: Figure, other: Figure) -> bool:
    return bool(figure.value and other.value and figure.unit.dimension == other.unit.dimension)


def _is_slip(figure: Figure, past: Figure) -> bool:
    """Return whether the larger of two figures is some slip of units or digits from the other."""
    ratio = abs(_value(figure) / _value(past))
    return _is_power(ratio) or _is_power(1 / ratio)


def _is_power(ratio: Fraction) -> bool:
    """Return whether a ratio above 1 is about a power of ten by which numbers are mistyped."""
    for slip in SLIPS:
        least, most = NEAR_TEN if slip == SLIPS[0] else NEAR
        if least <= ratio / slip <= most:
            return True
    return False


def _times(figure: Figure, other: Figure) -> str:
    """Return how many times the larger of two figures is the smaller one, roughly."""
    ratio = abs(_value(figure) / _value(other))
    return f"{round(ratio if ratio >= 1 else 1 / ratio)}"
