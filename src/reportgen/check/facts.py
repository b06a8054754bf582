"""Checks the facts: what a pack requires and allows, units of last year, who stands for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from reportgen.check.scoring import all_rows
from reportgen.check.waivers import is_same_judgement
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.indicators import COLUMNS
from reportgen.formula.lookup import is_typed, nearest
from reportgen.formula.names import PRIOR, covering
from reportgen.model.figures import Confirmation, Fact, Figure, InferredFact, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import DeclaredValues
from reportgen.model.source import Formula, SourceSpan

AMOUNTS = re.compile(
    r"(?:(?<![名份])额|资金|投资|工资|出资|款|费|费用|产值|总值|增加值|税|税收|营收|收入|支出|经费|利润|成本"
    r"|投入|补助|补贴|奖补|结余|预算|决算|预算数|决算数"
    r"|\.(?:initial|budget|received|outturn|amount|invested))$"
)
"""Names of columns that hold amounts of money."""


def check_values(ledger: Ledger, declared: Iterable[DeclaredValues]) -> tuple[Finding, ...]:
    """Return S217 for each fact of this year that holds none of the values declared for it."""
    findings: list[Finding] = []
    facts: dict[str, Fact | Figure] = {**ledger.texts, **ledger.figures}
    for values in declared:
        wanted = covering(values.key)
        for key, fact in facts.items():
            is_meant = not key.startswith(PRIOR) and wanted.fullmatch(key) is not None
            if is_meant and not _is_declared(fact, values.texts):
                findings.append(_undeclared(fact, values))
    return tuple(findings)


def _is_declared(fact: Fact | Figure, texts: Iterable[str]) -> bool:
    """Return whether a fact holds one of `texts`, or nothing; a number is compared by its value."""
    if not said(fact) or said(fact) in texts:
        return True
    return isinstance(fact, Figure) and any(_is_value(fact, text) for text in texts)


def _is_value(figure: Figure, text: str) -> bool:
    try:
        return parse_quantity(text, figure.unit).value == figure.value
    except QuantityError:
        return False


def _undeclared(fact: Fact | Figure, values: DeclaredValues) -> Finding:
    rule = RelatedLocation(values.span, "rule")
    wanted = " / ".join(values.texts)
    return finding(
        "S217", fact.span, rule, subject=fact.key, title=fact.title, text=said(fact), wanted=wanted
    )


def check_confirmations(
    ledger: Ledger,
    confirmations: Iterable[Confirmation],
    wanted: Iterable[Formula],
    inferred: Iterable[InferredFact],
) -> tuple[Finding, ...]:
    """Return what is wrong with what people stand for.

    R501 is a confirmed fact that has another value now, R502 a key that is no fact, R503 a fact
    that has to be confirmed and is not, R504 one that was worked out backwards. The last of
    several confirmations of a fact holds.
    """
    confirmed = confirmed_values(confirmations)
    findings: list[Finding] = []
    for key, (office, value, span) in confirmed.items():
        findings += _lapsed(ledger, key, value, span, office)
    for pattern in wanted:
        findings += _unconfirmed(ledger, pattern, confirmed)
    used = _inputs(ledger)
    for fact in inferred:
        findings += _inferred(ledger, fact, used)
    return tuple(findings)


def confirmed_values(
    confirmations: Iterable[Confirmation],
) -> dict[str, tuple[str, str, SourceSpan]]:
    """Return who confirmed each fact last, its value then, and where that stands."""
    confirmed: dict[str, tuple[str, str, SourceSpan]] = {}
    for confirmation in confirmations:
        for key, value, span in confirmation.values:
            confirmed[key] = (confirmation.office, value, span)
    return confirmed


def _lapsed(
    ledger: Ledger, key: str, value: str, span: SourceSpan, office: str
) -> Iterator[Finding]:
    """Yield R501 where a fact has not the value that was confirmed, R502 where there is none."""
    item = ledger.figures.get(key) or ledger.texts.get(key)
    if item is None:
        yield _no_fact(ledger, key, span)
    elif not is_same_judgement(value, said(item)):
        yield finding(
            "R501",
            item.span,
            RelatedLocation(span, "confirmed"),
            subject=key,
            title=item.title,
            judged=value or "—",
            now=said(item) or "—",
            office=office,
        )


def said(item: Fact | Figure) -> str:
    """Return the value of a fact as a confirmation records it."""
    if isinstance(item, Figure):
        return "" if item.unfilled and item.value is None else item.text
    return str(item.value or "").replace("\n", " ").strip()


@frozen
class Confirmed:
    """How many typed numbers of the year are confirmed as they are, and which are not."""

    count: int
    missing: tuple[Figure, ...]

    @property
    def total(self) -> int:
        """Return how many typed numbers there are."""
        return self.count + len(self.missing)


def confirmed_facts(ledger: Ledger, confirmations: Iterable[Confirmation]) -> Confirmed | None:
    """Return which typed numbers of the year are confirmed, None where none ever was."""
    confirmed = confirmed_values(confirmations)
    if not confirmed:
        return None
    facts = list(filter(_is_stated, ledger.figures.values()))
    missing = tuple(fact for fact in facts if not _holds(fact, confirmed))
    return Confirmed(len(facts) - len(missing), missing)


def _holds(fact: Figure, confirmed: Mapping[str, tuple[str, str, SourceSpan]]) -> bool:
    """Return whether a fact is confirmed with the value that it has."""
    return fact.key in confirmed and is_same_judgement(confirmed[fact.key][1], fact.text)


def _is_stated(figure: Figure) -> bool:
    """Return whether somebody typed the figure this year."""
    return is_typed(figure) and figure.value is not None and not figure.key.startswith(PRIOR)


def _no_fact(ledger: Ledger, key: str, span: SourceSpan) -> Finding:
    near = nearest(key, [*ledger.figures, *ledger.texts])
    return finding("R502", span, subject=key, key=key, near=near)


def _unconfirmed(ledger: Ledger, pattern: Formula, confirmed: Collection[str]) -> Iterator[Finding]:
    """Yield R503 for each typed fact that a pack wants confirmed; `*` stands for a row."""
    wanted = covering(pattern.text)
    for key, figure in ledger.figures.items():
        if wanted.fullmatch(key) and _is_stated(figure) and key not in confirmed:
            rule = RelatedLocation(pattern.span, "rule")
            title, text = figure.title, figure.text
            yield finding("R503", figure.span, rule, subject=key, title=title, text=text, key=key)


def _inputs(ledger: Ledger) -> set[str]:
    """Return the keys of all that some figure is worked out from."""
    inputs: set[str] = set()
    for figure in ledger.figures.values():
        inputs.update(figure.inputs)
    return inputs


def _inferred(ledger: Ledger, fact: InferredFact, used: Collection[str]) -> Iterator[Finding]:
    """Yield R504 for a fact worked out backwards that a figure comes from, R502 without a fact."""
    item = ledger.figures.get(fact.key) or ledger.texts.get(fact.key)
    if item is None:
        yield _no_fact(ledger, fact.key, fact.span)
    elif fact.key in used:
        place = RelatedLocation(fact.span, "inferred")
        title, text, reason = item.title, said(item), fact.reason
        yield finding(
            "R504", item.span, place, subject=fact.key, title=title, text=text, reason=reason
        )


def check_units(ledger: Ledger) -> tuple[Finding, ...]:
    """Return R210 for each fact without a unit that had one last year, R211 by its column.

    A year is started by filling in blanks; what is typed without its unit would be printed
    without it too (增长5.2, 在谈项目72).
    """
    findings: list[Finding] = []
    for key, figure in ledger.figures.items():
        past = ledger.figures.get(PRIOR + key)
        if past is not None and _lost_unit(figure, past):
            findings.append(_unit_finding(figure, past))
    for column, cells in _typed_columns(ledger).items():
        findings += _without_unit(column, cells)
    return tuple(findings)


LAST_YEAR = re.compile(r"上年度?|去年|last_(?=.)|prior_(?=.)")
"""What stands before the name of a number of the year before, among facts and columns of a year."""
LAST, OUTTURN = "last", "outturn"
"""A column of its own for last year's outturn."""


def check_last_year(ledger: Ledger) -> tuple[Finding, ...]:
    """Return R214 for each typed number of last year that is another in last year's own files."""
    findings: list[Finding] = []
    for figure in filter(_is_stated, ledger.figures.values()):
        past = ledger.figures.get(_key_of_last_year(figure.key))
        if past is not None and _is_restated(figure, past):
            place = RelatedLocation(past.span, f"{past.title} {past.text}")
            text, title, own = figure.text, figure.title, past.text
            findings.append(
                finding(
                    "R214", figure.span, place, subject=figure.key, title=title, text=text, own=own
                )
            )
    return tuple(findings)


def _key_of_last_year(key: str) -> str:
    """Return the key under `prior.` of what a number of this year says it is, `` where none."""
    group, _, name = key.rpartition(".")
    start = f"{PRIOR}{group}." if group else PRIOR
    if name == LAST:
        return f"{start}{OUTTURN}"
    match = LAST_YEAR.match(name)
    return start + name[match.end() :] if match else ""


def _is_restated(figure: Figure, past: Figure) -> bool:
    """Return whether two numbers of one kind differ by more than either was rounded."""
    if figure.value is None or past.value is None or not is_typed(past):
        return False
    allowed = max(_half_digit(figure), _half_digit(past))
    is_alike = figure.unit.dimension == past.unit.dimension
    return is_alike and abs(figure.value - past.value) > allowed


def _half_digit(figure: Figure) -> Fraction:
    return figure.unit.factor * Fraction(1, 2 * 10**figure.shape.decimals)


def _typed_columns(ledger: Ledger) -> dict[str, list[Figure]]:
    """Return the typed numbers of each column of this year's tables, by table and column."""
    rows = set(all_rows(ledger))
    columns: dict[str, list[Figure]] = {}
    for key, figure in ledger.figures.items():
        row, _, column = key.rpartition(".")
        if row in rows and is_typed(figure) and not _counts_in_row(column, row, ledger):
            columns.setdefault(f"{row.rpartition('.')[0]}.{column}", []).append(figure)
    return columns


def _counts_in_row(column: str, row: str, ledger: Ledger) -> bool:
    """Return whether a number counts in the unit that a column of its row states (度量单位)."""
    if column not in (*COLUMNS["value"], *COLUMNS["actual"]):
        return False
    texts = (ledger.texts.get(f"{row}.{name}") for name in COLUMNS["unit"])
    return any(text is not None and text.value for text in texts)


def _without_unit(column: str, cells: list[Figure]) -> Iterator[Finding]:
    """Yield R211 for each number without unit in a column of numbers with one, or of amounts."""
    held = [cell.text for cell in cells if cell.unit.symbol]
    held += ["@amounts"] * bool(AMOUNTS.search(column))
    for cell in filter(_is_bare, cells if held else ()):
        title, text = cell.title, cell.text
        yield finding("R211", cell.span, subject=cell.key, title=title, text=text, other=held[0])


def _is_bare(figure: Figure) -> bool:
    return not figure.unit.symbol and bool(figure.value)


def _unit_finding(figure: Figure, past: Figure) -> Finding:
    return finding(
        "R210",
        figure.span,
        RelatedLocation(past.span, f"{past.title} {past.text}"),
        subject=figure.key,
        title=figure.title,
        text=figure.text,
        past=past.text,
        unit=past.unit.symbol,
    )


def _lost_unit(figure: Figure, past: Figure) -> bool:
    """Return whether a typed `figure` has no unit, and its `past` value has one."""
    is_bare = figure.value is not None and not figure.unit.symbol
    had_unit = past.value is not None and past.unit.symbol != ""
    return is_bare and had_unit and is_typed(figure)
