"""What there is to work out: each metric, once per measure and once per row it applies to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.formula.faults import fault
from reportgen.formula.lookup import nearest
from reportgen.formula.names import MEASURES, Context, Lookup
from reportgen.formula.parse import parse
from reportgen.formula.reading import Titles
from reportgen.formula.syntax import Expression, FormulaError, every_name
from reportgen.model.rules import Metric
from reportgen.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Derivation:
    """One figure to derive: its metric, and the measure and row of this one.

    `expression` is None where the formula cannot be read, which has been told.
    """

    key: str
    metric: Metric
    expression: Expression | None
    measure: str = ""
    row: str = ""

    @property
    def rank(self) -> tuple[bool, bool]:
        """Return how general the rule is: the least general of those for one key applies."""
        return bool(self.row), bool(self.measure)

    def context(self, lookup: Lookup) -> Context:
        """Return the context in which the formula is evaluated."""
        return Context(lookup, self.measure, self.row)

    def title(self, titles: Titles) -> str:
        """Return the metric's title with the row's name before it and the measure's after it."""
        name = titles.of(self.row) if self.row else ""
        row = self.row.rpartition(".")[2] if name == self.row else name
        parts = (row, self.metric.title, MEASURES.get(self.measure, self.measure))
        return "·".join(part for part in parts if part)


def derivations(
    metrics: Iterable[Metric], tables: Mapping[str, tuple[str, ...]], log: Diagnostics
) -> dict[str, Derivation]:
    """Return what there is to derive, by key; the log gets formulas that cannot be read.

    A rule for one key comes before a rule for all rows or measures (L110 where neither does).
    """
    result: dict[str, Derivation] = {}
    findings: dict[object, Finding] = {}
    for metric in metrics:
        expression = None
        try:
            expression = parse(metric.formula)
        except FormulaError as error:
            findings[metric.span] = fault(metric.formula, error, metric.key)
        table = _table(metric)
        if table and table not in tables:
            near = nearest(table, tables)
            unknown = finding("F103", metric.span, subject=metric.key, key=table, near=near)
            findings.setdefault(metric.span, unknown)
        for job in _of(metric, expression, tables):
            other = result.setdefault(job.key, job)
            if other is not job and other.rank == job.rank:
                first = RelatedLocation(other.metric.span, "first")
                twice = finding("L110", metric.span, first, subject=metric.key, key=metric.key)
                findings.setdefault((metric.span, first), twice)
            elif job.rank < other.rank:
                result[job.key] = job
    log.extend(findings.values())
    return result


def _table(metric: Metric) -> str:
    table, star, _ = metric.key.partition(".*.")
    return table if star else ""


def _of(
    metric: Metric, expression: Expression | None, tables: Mapping[str, tuple[str, ...]]
) -> Iterator[Derivation]:
    table, star, field = metric.key.partition(".*.")
    rows = [f"{table}.{row}" for row in tables.get(table, ())] if star else [""]
    for row in rows:
        base = f"{row}.{field}" if star else metric.key
        for measure in metric.each or ("",):
            key = f"{base}.{measure}" if measure else base
            yield Derivation(key, metric, expression, measure, row)


MOST = 8
"""Of a longer circle, only the first members are told."""


def circle(keys: Sequence[str], spans: Sequence[SourceSpan], subject: str) -> Finding:
    """Return F105 for figures of which each needs the next, and the last one the first.

    `marks` are where each names the next; the first in the files begins.
    """
    start = min(range(len(keys)), key=lambda i: (spans[i], keys[i]))
    turned = [*range(start, len(keys)), *range(start)]
    shown = [keys[i] for i in turned[:MOST]] + ["…"] * (len(keys) > MOST)
    others = dict.fromkeys(spans[i] for i in turned[:MOST] if spans[i] != spans[start])
    return finding(
        "F105",
        spans[start],
        *(RelatedLocation(span, "rule") for span in others),
        subject=subject,
        path=" → ".join([*shown, keys[start]]),
    )


def names_it(job: Derivation, key: str, lookup: Lookup) -> SourceSpan:
    """Return the place in the formula of `job` that needs the figure at `key`."""
    if job.expression is not None:
        context = job.context(lookup)
        for name in every_name(job.expression.tree):
            column = context.column(name.key)
            within = f"{column.table if column else context.full(name.key)}."
            if key in context.meanings(name.key) or (column and key.startswith(within)):
                return job.expression.span_of(name)
    return job.metric.span
