"""What there is to work out: each metric, once per measure and once per row it applies to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.derive.scores import ScoreJob
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.formula.lookup import fault, nearest
from reportgen.formula.names import MEASURES, Context, Lookup
from reportgen.formula.parse import parse
from reportgen.formula.reading import Titles
from reportgen.formula.syntax import Expression, FormulaError, Name, every_name
from reportgen.model.figures import Fact, Facts, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Metric
from reportgen.model.source import SourceSpan


@frozen
class Derivation:
    """One figure to derive: its metric, and the measure and row of this one.

    `expression` is None where the formula cannot be read, which has been logged.
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
        return "·".join(filter(None, parts))


def derivations(
    metrics: Iterable[Metric], tables: Mapping[str, tuple[str, ...]], log: Diagnostics
) -> dict[str, Derivation]:
    """Return what there is to derive, by key; the log gets formulas that cannot be read.

    A rule for one key comes before a rule for all rows or measures (L110 where neither does).
    """
    result: dict[str, Derivation] = {}
    for metric in metrics:
        expression = _expression(metric, tables, log)
        rivals: dict[SourceSpan, None] = {}
        for derivation in _derivations_of(metric, expression, tables):
            other = result.get(derivation.key)
            if other is None or derivation.rank < other.rank:
                result[derivation.key] = derivation
            elif derivation.rank == other.rank:
                rivals[other.metric.span] = None
        _log_rivals(metric, rivals, log)
    return result


def _log_rivals(metric: Metric, rivals: Iterable[SourceSpan], log: Diagnostics) -> None:
    """Log L110 for each metric before this one that is for the same key and no more general."""
    for span in rivals:
        first = RelatedLocation(span, "first")
        log.add(finding("L110", metric.span, first, subject=metric.key, key=metric.key))


def _expression(
    metric: Metric, tables: Mapping[str, tuple[str, ...]], log: Diagnostics
) -> Expression | None:
    """Return the formula of `metric` as an expression; F103 if it is for rows of no table."""
    table = _table(metric)
    try:
        expression = parse(metric.formula)
    except FormulaError as error:
        log.add(fault(metric.formula, error, metric.key))
        return None
    if table and table not in tables:
        near = nearest(table, tables)
        log.add(finding("F103", metric.span, subject=metric.key, key=table, near=near))
    return expression


def _table(metric: Metric) -> str:
    """Return the table for the rows of which a metric is worked out, empty if it is for none."""
    table, star, _ = metric.key.partition(".*.")
    return table if star else ""


def _derivations_of(
    metric: Metric, expression: Expression | None, tables: Mapping[str, tuple[str, ...]]
) -> Iterator[Derivation]:
    """Yield a derivation for each row and measure that `metric` is for."""
    measures = metric.each or ("",)
    for row, base in _bases(metric, tables):
        for measure in measures:
            key = f"{base}.{measure}" if measure else base
            yield Derivation(key, metric, expression, measure, row)


def _bases(metric: Metric, tables: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield each row that `metric` is for, "" for none, with the key of its figure there."""
    table = _table(metric)
    if not table:
        yield "", metric.key
        return
    field = metric.key.removeprefix(f"{table}.*.")
    for row_id in tables.get(table, ()):
        row = f"{table}.{row_id}"
        yield row, f"{row}.{field}"


def titles_of(
    facts: Facts,
    to_derive: Mapping[str, Derivation],
    scores: Mapping[str, ScoreJob],
    last: Ledger | None,
) -> Titles:
    """Return the titles of all facts, metrics and scores of a year, and of `last` year's."""
    known = {key: _fact_title(fact, facts) for key, fact in facts.facts.items()}
    rows = Titles(dict(known), facts.tables, facts.year)
    for key, job in scores.items():
        known.setdefault(key, f"{rows.of(job.row)}·得分")
    for key, derivation in to_derive.items():
        known[key] = derivation.title(rows)
    if last is None:
        return Titles(known, facts.tables, facts.year)
    known.update(_ledger_titles(last))
    return Titles(known, {**facts.tables, **last.tables}, facts.year)


def _ledger_titles(ledger: Ledger) -> dict[str, str]:
    titles = {key: figure.title for key, figure in ledger.figures.items()}
    titles.update((key, text.title) for key, text in ledger.texts.items())
    return titles


def _fact_title(fact: Fact, facts: Facts) -> str:
    """Return the title of `fact`; in a table of the author's own, with the name of its row."""
    row, _, field = fact.key.rpartition(".")
    if fact.title != field or row.rpartition(".")[0] not in facts.tables:
        return fact.title
    word = MEASURES.get(field, field)
    name = facts.facts.get(f"{row}.name")
    if name is None or not isinstance(name.value, str):
        return word
    return f"{name.value}·{word}"


LONGEST_CYCLE = 8
"""Of a longer cycle, only the first members are named."""


def cycle_finding(keys: Sequence[str], spans: Sequence[SourceSpan], subject: str) -> Finding:
    """Return F105 for figures of which each needs the next, and the last one the first.

    `spans` are where each names the next; the first in the files begins.
    """
    start = min(range(len(keys)), key=lambda number: (spans[number], keys[number]))
    keys = [*keys[start:], *keys[:start]]
    spans = [*spans[start:], *spans[:start]]
    named = list(keys[:LONGEST_CYCLE])
    if len(keys) > LONGEST_CYCLE:
        named.append("…")
    others = dict.fromkeys(span for span in spans[:LONGEST_CYCLE] if span != spans[0])
    return finding(
        "F105",
        spans[0],
        *(RelatedLocation(span, "rule") for span in others),
        subject=subject,
        path=" → ".join([*named, keys[0]]),
    )


def span_of_need(derivation: Derivation, key: str, lookup: Lookup) -> SourceSpan:
    """Return the place in the formula of `derivation` that needs the figure at `key`."""
    expression = derivation.expression
    if expression is not None:
        context = derivation.context(lookup)
        for name in every_name(expression.tree):
            if _needs(name, key, context):
                return expression.span_of(name)
    return derivation.metric.span


def _needs(name: Name, key: str, context: Context) -> bool:
    """Return whether `name` means the figure at `key`, or a column that it stands in."""
    if key in context.meanings(name.key):
        return True
    column = context.column(name.key)
    return column is not None and key.startswith(f"{column.table}.")
