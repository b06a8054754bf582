"""Makes findings of the numbers typed into texts, and of words that say the wrong direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reportgen.check.numbers.classify import Classifier, TypedNumber
from reportgen.check.numbers.direction import Misdirection, figures_shown, misdirections
from reportgen.check.numbers.passages import Passage, TextReader, passages
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Allowed

CODES = {"bind": "N101", "near": "N102", "stale": "N103", "unsourced": "N104", "year": "N106"}
"""The code for each kind of number that is not right as it stands."""


@frozen
class Typed:
    """Every number typed into the texts of a report, and the findings about them."""

    numbers: tuple[TypedNumber, ...] = ()
    findings: tuple[Finding, ...] = ()


def check_numbers(
    ledger: Ledger,
    texts: Mapping[str, str],
    allowed: Iterable[Allowed],
    read: TextReader,
    folder: str,
) -> Typed:
    """Return the numbers in `texts` (by path) and in the prose of the ledger's year.

    `read` gives the files that hold the prose. N107 is reported for entries of `allowed` below
    the report's `folder` that cover nothing: those of a pack are for many reports.
    """
    allowed = tuple(allowed)
    classifier = Classifier(ledger, allowed)
    prose = [fact for key, fact in ledger.texts.items() if not key.startswith(PRIOR)]
    numbers: list[TypedNumber] = []
    findings: list[Finding] = []
    for passage in passages(texts, prose, read):
        of_passage = tuple(classifier.numbers(passage))
        numbers += of_passage
        findings += _findings_of(passage, of_passage, ledger)
    findings += _unused(allowed, classifier.used, folder)
    return Typed(tuple(numbers), tuple(findings))


def _unused(allowed: Iterable[Allowed], used: set[Allowed], folder: str) -> Iterator[Finding]:
    """Yield N107 for each entry below `folder` that is not `used`."""
    for entry in allowed:
        if entry not in used and entry.span.path.startswith(folder):
            yield finding("N107", entry.span, subject=entry.text, text=entry.text)


def _findings_of(passage: Passage, numbers: Iterable[TypedNumber], ledger: Ledger) -> list[Finding]:
    """Return what is wrong with the numbers of a passage and its words of direction."""
    findings = [_number_finding(number) for number in numbers if number.kind in CODES]
    shown = figures_shown(passage, numbers, ledger)
    wrong = misdirections(passage, shown, ledger)
    findings += map(_direction_finding, wrong)
    return findings


def _number_finding(number: TypedNumber) -> Finding:
    """Return the finding for a number that should be an expression, or has no source."""
    code = CODES[number.kind]
    expression = number.wording.expression if number.wording else "—"
    line = f"名称: {number.text}"
    figure = number.current or number.figure
    if figure is None:
        return finding(
            code,
            number.span,
            subject=number.text,
            text=number.text,
            title="",
            value="",
            expression=expression,
            line=line,
        )
    meant, advice = _advice(number)
    return finding(
        code,
        number.span,
        RelatedLocation(figure.span, figure.title),
        subject=figure.key,
        text=number.text,
        title=figure.title,
        value=_value(figure),
        expression=expression,
        line=line,
        meant=meant,
        advice=advice,
        choices="；".join(map(str, number.choices)),
    )


def _advice(number: TypedNumber) -> tuple[str, str]:
    """Return how sure it is which figure is meant, and what to do then."""
    if len(number.choices) > 1:
        return "@agrees_with_several", "@bind_one_of"
    if number.choices:
        return "@agrees_with_figure", "@bind_if_meant"
    same = number.wording is not None and number.wording.same
    return "@is_the_figure", "@bind_it" if same else "@bind_if_meant"


def _value(figure: Figure) -> str:
    return figure.text or "—"


def _direction_finding(misdirection: Misdirection) -> Finding:
    figure, other = misdirection.figure, misdirection.other
    value = _value(figure)
    if other is not None:
        value = f"{value} ← {_value(other)}"
    return finding(
        "N105",
        misdirection.span,
        RelatedLocation(figure.span, figure.title),
        subject=figure.key,
        word=misdirection.word,
        title=figure.title,
        value=value,
    )
