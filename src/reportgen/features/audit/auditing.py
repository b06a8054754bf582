"""Runs every check on a reading: what agrees, what does not, and what nothing could be held to."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from reportgen.features.audit.against import check_against, check_copied, check_last_year
from reportgen.features.audit.comparisons import Recomputation
from reportgen.features.audit.disagreements import findings_of
from reportgen.features.audit.disclosure import check_disclosure, check_properties
from reportgen.features.audit.names import check_names
from reportgen.features.audit.ratios import check_directions, check_ratios
from reportgen.features.audit.repeated import check_repeated
from reportgen.features.audit.scores import check_group_points, check_scores, check_total_scores
from reportgen.features.audit.statements import NO_CLAIMS, DocumentClaims, statements
from reportgen.features.audit.structure import check_structure
from reportgen.features.audit.sums import check_parts, check_sums
from reportgen.features.audit.tables import check_tables
from reportgen.features.audit.wording import check_wording
from reportgen.findings import Finding, in_order
from reportgen.model.frozen import frozen
from reportgen.model.reading import Reading

_NUMBER = attrgetter("number")


@frozen
class Audit:
    """What an audit found: the document, its claims, what was compared, and the findings.

    `checked` counts the numbers that others of the document give, `unchecked` those that none do.
    """

    reading: Reading
    statements: DocumentClaims
    comparisons: tuple[Recomputation, ...]
    findings: tuple[Finding, ...]
    checked: int
    unchecked: int


def audit(reading: Reading, last: Reading | None = None) -> Audit:
    """Return what disagrees in a document, with that of the year before, too, if it is given."""
    claims = statements(reading)
    other = tuple(check_against(reading, last)) if last is not None else ()
    before = statements(last) if last is not None and not other else NO_CLAIMS
    comparisons = (
        *check_ratios(claims),
        *check_sums(claims),
        *check_tables(reading),
        *check_repeated(reading, claims),
        *check_total_scores(reading, claims),
        *check_group_points(reading),
        *check_last_year(claims, before),
    )
    found = in_order(
        (
            *findings_of(comparisons),
            *check_directions(claims),
            *check_parts(claims),
            *check_scores(reading, claims),
            *check_structure(reading, claims),
            *check_wording(reading, claims),
            *check_names(reading, claims),
            *check_disclosure(reading),
            *check_properties(reading),
            *other,
            *check_copied(claims, before),
        )
    )
    checked, unchecked = _counted(claims, comparisons)
    return Audit(reading, claims, comparisons, found, checked, unchecked)


def _counted(claims: DocumentClaims, comparisons: Iterable[Recomputation]) -> tuple[int, int]:
    """Return how many numbers of the text were compared with others, and how many were not."""
    compared: set[int] = set()
    for comparison in comparisons:
        compared.update(map(id, (comparison.stated, *comparison.terms)))
    stated = map(id, map(_NUMBER, claims.every))
    checked = len(list(filter(compared.__contains__, stated)))
    return checked, len(claims.every) - checked
