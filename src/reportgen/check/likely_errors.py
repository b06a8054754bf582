"""Says which typed number is most likely wrong where two sides differ.

By how much they differ; else by what it was last year and what a published text printed of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from reportgen.findings import RelatedLocation
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import shown
from reportgen.model.units import UNITS

ErrorKind = Literal["@unit_slip", "@point_slip", "@swapped", "@left_out", "@wrong_sign"]
"""How a number was mistyped, by a label of codes.yaml."""
RANKS: dict[ErrorKind, int] = {
    "@unit_slip": 0,
    "@point_slip": 1,
    "@swapped": 1,
    "@wrong_sign": 2,
    "@left_out": 3,
}
"""How sure each kind is, the surest first: a large difference fits nothing by chance."""
SCALES: tuple[tuple[ErrorKind, Fraction], ...] = (
    ("@unit_slip", Fraction(10_000)),  # 万元 for 元, 亿元 for 万元
    ("@unit_slip", Fraction(1, 10_000)),
    ("@point_slip", Fraction(10)),
    ("@point_slip", Fraction(100)),
    ("@point_slip", Fraction(1, 10)),
    ("@point_slip", Fraction(1, 100)),
    ("@wrong_sign", Fraction(-1)),
)
"""By what a mistyped number has to be multiplied."""
SCALED = {1 - scale: (kind, scale) for kind, scale in SCALES}
"""The same by the share of a mistyped number that is too much."""
MOST_NAMED = 2
"""Of more numbers that explain a difference none is likelier than the others."""
_MORE_DECIMALS = 4
"""What was typed in 元 for 万元 has so many decimals more."""
_LEAST_YUAN, _MOST_YUAN = 6_666, 15_000
"""About so many times another amount is one in 元 that was typed for 万元."""
MOST_FACTS = 400
"""Among more facts some number fits any difference by chance."""


@frozen
class LikelyError:
    """A typed number that explains a difference if it was mistyped, and what was meant."""

    kind: ErrorKind
    fact: Figure
    meant: str


def likely_errors(
    ledger: Ledger, left: Iterable[str], right: Iterable[str], gap: Fraction
) -> tuple[LikelyError, ...]:
    """Return the one or two numbers that explain why `left` is by `gap` more than `right`.

    They stand below the figures of these keys, and do so in the surest way that any number does;
    where more do, nobody can tell. `gap` is in base units.
    """
    if not gap:
        return ()
    errors = [*_errors_below(ledger, left, gap), *_errors_below(ledger, right, -gap)]
    ranks = [RANKS[error.kind] for error in errors]
    surest = [error for error in errors if RANKS[error.kind] == min(ranks)]
    return tuple(surest) if len(surest) <= MOST_NAMED else ()


@frozen
class Term:
    """A typed number below a side that does not agree, and what it may be held to.

    `past` is the same number of last year, `otherwise` where another value of it stands that was
    confirmed or published.
    """

    fact: Figure
    past: Figure | None = None
    otherwise: RelatedLocation | None = None

    def doubt(self) -> tuple[int, Fraction]:
        """Return how doubtful it is, for sorting: the least like what is known of it first.

        What was confirmed or published otherwise comes first, what grew or shrank twofold next,
        then what nothing is known of, what is much as it was, and what an earlier year settled.
        """
        change = self._change()
        if self.fact.key.startswith(PRIOR):
            return 4, Fraction(0)
        if self.otherwise is not None:
            return 0, -change
        if self.has_grown:
            return 1, -change
        return (3, -change) if change else (2, change)

    @property
    def has_grown(self) -> bool:
        """Return whether it is twice last year's or more, or half of it or less."""
        return self._change() >= TWOFOLD

    def _change(self) -> Fraction:
        """Return how many times the larger of this and last year's is the other, 0 if unknown."""
        now = self.fact.value
        past = self.past.value if self.past is not None else None
        if not now or not past:
            return Fraction(0)
        ratio = abs(now / past)
        return max(ratio, 1 / ratio)


TWOFOLD = 2
"""From so many times last year's on a number is doubted before what nothing is known of."""


def slip_of_size(figure: Figure, ratio: Fraction) -> dict[str, str]:
    """Return what slipped in a number that is `ratio` times another: 元 for 万元, or a digit.

    For the first what was meant goes with it; they are labels and parameters of codes.yaml.
    """
    is_yuan = figure.unit.dimension == UNITS["元"].dimension
    if not is_yuan or not _LEAST_YUAN <= abs(ratio) <= _MOST_YUAN:
        return {"slip": "@size_slip"}
    meant = (figure.value or Fraction(0)) / 10_000
    return {"slip": "@yuan_slip", "meant": _error("@unit_slip", figure, meant).meant}


def _errors_below(ledger: Ledger, keys: Iterable[str], excess: Fraction) -> Iterator[LikelyError]:
    """Yield what makes the figures at `keys` by `excess` more than they should be."""
    facts = facts_below(ledger, keys)
    if len(facts) <= MOST_FACTS:
        for fact in facts:
            yield from _errors(fact, excess)


def facts_below(ledger: Ledger, keys: Iterable[str]) -> list[Figure]:
    """Return the typed numbers that the figures at `keys` are worked out from, each once."""
    return [figure for figure in filter(is_typed, ledger.below(keys)) if figure.value]


def _errors(fact: Figure, excess: Fraction) -> Iterator[LikelyError]:
    """Yield each way of mistyping `fact` that makes it by `excess` more than it should be."""
    value = fact.value or Fraction(0)
    ratio = excess / value
    scaled = SCALED.get(ratio)
    if scaled is not None:
        kind, scale = scaled
        yield _error(kind, fact, value * scale)
    if abs(ratio) == 1:  # it stands twice, or not at all
        yield _error("@left_out", fact, value)
    for meant in _with_swapped_digits(fact, excess):
        yield _error("@swapped", fact, meant)


def _error(kind: ErrorKind, fact: Figure, meant: Fraction) -> LikelyError:
    shape = replace(fact.shape, decimals=fact.shape.decimals + _MORE_DECIMALS, strip=True)
    return LikelyError(kind, fact, shown(meant, fact.unit, shape))


def _with_swapped_digits(fact: Figure, excess: Fraction) -> Iterator[Fraction]:
    """Yield the value that is by `excess` less than `fact`, if two digits beside each other differ.

    Such numbers differ by what 9 divides.
    """
    step = fact.unit.factor / 10**fact.shape.decimals
    steps = excess / step
    if steps.denominator != 1 or steps % 9 != 0:
        return
    value = fact.value or Fraction(0)
    sign = 1 if value > 0 else -1
    digits = str(abs(value) // step)
    wanted = str(sign * (value - excess) / step)
    for at in range(len(digits) - 1):
        swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        if swapped.lstrip("0") == wanted != digits:
            yield value - excess
            return
