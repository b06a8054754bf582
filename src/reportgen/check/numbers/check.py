"""Checks the numbers that people typed into texts instead of referring to figures (N1xx)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportgen.check.numbers.classify import Classifier, Number
from reportgen.check.numbers.direction import Misdirection, figures_shown, misdirections
from reportgen.check.numbers.passages import Read, passages
from reportgen.findings import Finding, Place, finding
from reportgen.model.figures import Figure, Ledger
from reportgen.model.rules import Allowed

CODES = {"bind": "N101", "near": "N102", "stale": "N103", "unsourced": "N104", "year": "N106"}
"""The code for each kind of number that is not right as it stands."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Every number typed into the texts of a report, and the findings about them."""

    numbers: tuple[Number, ...] = ()
    findings: tuple[Finding, ...] = ()


def check_numbers(
    ledger: Ledger, texts: Mapping[str, str], allowed: Iterable[Allowed], read: Read, home: str
) -> Typed:
    """Return the numbers in `texts` (by path) and in the prose of the ledger's year.

    `read` gives the files that hold the prose. N107 is said of entries of `allowed` below
    `home`, the report's folder, that cover nothing: those of a pack are for many reports.
    """
    entries = tuple(allowed)
    classifier = Classifier(ledger, entries)
    prose = (f for key, f in ledger.texts.items() if not key.startswith("prior."))
    numbers: list[Number] = []
    findings: list[Finding] = []
    for passage in passages(texts, prose, read):
        found = tuple(classifier.numbers(passage))
        numbers += found
        findings += _told(found)
        shown = figures_shown(passage, found, ledger)
        findings += map(_misdirected, misdirections(passage, shown, ledger))
    unused = (e for e in entries if e not in classifier.used and e.mark.path.startswith(home))
    findings += (finding("N107", e.mark, subject=e.text, text=e.text) for e in unused)
    return Typed(tuple(numbers), tuple(findings))


def _told(numbers: Iterable[Number]) -> Iterator[Finding]:
    for number in numbers:
        code = CODES.get(number.kind)
        if code is None:
            continue
        figure = number.current or number.figure
        yield finding(
            code,
            number.mark,
            *([Place(figure.mark, figure.title)] if figure else ()),
            subject=figure.key if figure else number.text,
            text=number.text,
            title=figure.title if figure else "",
            value=_value(figure) if figure else "",
            expression=number.wording.expression if number.wording else "—",
            line=f"名称: {number.text}",
        )


def _value(figure: Figure) -> str:
    return figure.text or "—"


def _misdirected(wrong: Misdirection) -> Finding:
    figure, other = wrong.figure, wrong.other
    value = _value(figure) if other is None else f"{_value(figure)} ← {_value(other)}"
    return finding(
        "N105",
        wrong.mark,
        Place(figure.mark, figure.title),
        subject=figure.key,
        word=wrong.word,
        title=figure.title,
        value=value,
    )
