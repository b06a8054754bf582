"""Reads out of a document what it is, and the few figures by which reports are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportgen.features.audit.against import title_lines, titled_unit, titled_year
from reportgen.features.audit.ratios import now_and_earlier
from reportgen.features.audit.scores import overall_grade, overall_score
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.features.audit.table_numbers import TableNumbers, tables_with_notes
from reportgen.model.reading import DocumentNumber, KeyFigures, Reading

_KINDS = (
    (re.compile("整体支出"), "部门整体支出绩效自评"),
    (re.compile("专项资金"), "专项资金绩效自评"),
    (re.compile("项目"), "项目支出绩效自评"),
)
"""What a title or cover calls a report, and the subject of the packs of this kind."""
_RATE = re.compile(r"执行率[约达到为是均实现在：:]*$")
_OF_A_PART = re.compile("采购|三公|公用|基本支出|项目(?:支出|资金)|专户|上年")
"""Of what an execution rate is not one of the whole report."""
_RATE_COLUMN = re.compile("执行率[^/]*$")
_THREE_PUBLIC = re.compile('三公[”"]?(?:经费)?')
_OF_THREE_PUBLIC = re.compile("接待|购置|运行|出国|因公|预算")
"""Of what of the three public expenses an amount is not the whole."""
_THREE_PUBLIC_ROW = re.compile('三公[”"]?经费(?:支出)?(?:合计|总额)?(?:[（(]万?元[)）])?$')
_SPENT = re.compile("决算|执行数|实际|支出数")
_EARLIER = re.compile("上年|去年|上一年")
_END_OF_TITLE = re.compile("(?:报告|自评表|评价表|情况表|评分表)(?:[（(].*[)）])?$")


def key_figures(reading: Reading, claims: DocumentClaims) -> KeyFigures:
    """Return what a document says of itself as a whole, as it says it first."""
    title, year = _title(reading), int(titled_year(reading).text or 0)
    cover = "".join(text for text, _ in title_lines(reading))
    this, last = _three_public(reading, claims, year)
    return KeyFigures(
        title,
        titled_unit(reading).text,
        year or None,
        next((kind for pattern, kind in _KINDS if pattern.search(cover)), ""),
        overall_score(reading, claims),
        overall_grade(claims),
        next(_rates(reading, claims), None),
        this,
        last,
    )


def _rates(reading: Reading, claims: DocumentClaims) -> Iterator[DocumentNumber]:
    """Yield the execution rates of the whole report: of its text, then of its score sheet."""
    for claim in claims.every:
        lead = claim.claim.lead
        if _RATE.search(lead) and not _OF_A_PART.search(lead + claim.claim.subject):
            yield claim.number
    for table in tables_with_notes(reading):
        for column in table.headed(_RATE_COLUMN)[:1]:
            yield from _measured(table, table.rows, column)


def _measured(table: TableNumbers, rows: Iterable[int], column: int) -> Iterator[DocumentNumber]:
    """Yield the numbers of a column in the units that the table states for them."""
    yield from filter(None, (table.measured_at(row, column) for row in rows))


def _title(reading: Reading) -> str:
    """Return the title: the lines at the top as far as the one that names a report or a form.

    Where none does it is the first.
    """
    lines: list[str] = []
    for text, _ in title_lines(reading):
        lines.append(text)
        if _END_OF_TITLE.search(text):
            return "".join(lines)
    return lines[0] if lines else ""


_Both = tuple[DocumentNumber | None, DocumentNumber | None]


def _three_public(reading: Reading, claims: DocumentClaims, year: int) -> _Both:
    """Return the three public expenses of this year and of last year: of the text, or a table."""
    found = next(_said_three_public(claims), (None, None))
    if found[1] is None:
        return next(_tabled_three_public(reading, year), found)
    return found


def _said_three_public(claims: DocumentClaims) -> Iterator[_Both]:
    """Yield the amounts that sentences say, with last year's where they compare the two."""
    for sentence in claims.sentences:
        for claim in filter(_is_of_three_public, sentence):
            yield claim.number, _earlier(claim, sentence)


def _earlier(claim: DocumentClaim, sentence: Iterable[DocumentClaim]) -> DocumentNumber | None:
    """Return the number of last year that a sentence holds a claim to."""
    sentence = tuple(sentence)
    for change in sentence:
        pair = now_and_earlier(sentence, change) if change.order > claim.order else None
        if pair is not None and pair.now is claim:
            return pair.earlier.number
    return None


def _tabled_three_public(reading: Reading, year: int) -> Iterator[_Both]:
    """Yield the numbers of rows of the three public expenses, in columns of what was spent."""
    for table in tables_with_notes(reading):
        spent: dict[bool, int] = {}
        for column in table.headed(_SPENT):
            spent.setdefault(_is_earlier(table.head(column), year), column)
        for row in table.labelled(_THREE_PUBLIC_ROW) if False in spent else ():
            this, last = (
                table.measured_at(row, spent.get(earlier, -1)) for earlier in (False, True)
            )
            if this is not None:
                yield this, last


def _is_earlier(head: str, year: int) -> bool:
    """Return whether a column is of the year before that of the report."""
    return _EARLIER.search(head) is not None or (year > 0 and str(year - 1) in head)


def _is_of_three_public(claim: DocumentClaim) -> bool:
    """Return whether a claim is the amount of all three public expenses together."""
    said = claim.claim.lead + claim.claim.subject
    is_whole = _THREE_PUBLIC.search(said) is not None and not _OF_THREE_PUBLIC.search(said)
    return is_whole and claim.claim.role == "amount"
