"""What there is to work out: each metric, once per measure and once per row it applies to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reportgen.findings import Finding, finding
from reportgen.formula.evaluate import Context
from reportgen.formula.filters import Lookup
from reportgen.formula.parse import Expression, FormulaError, parse, part_mark
from reportgen.model.rules import Metric


@dataclass(frozen=True, slots=True)
class Job:
    """One figure to derive: its metric, and the measure and row of this one."""

    key: str
    metric: Metric
    expression: Expression
    measure: str = ""
    row: str = ""

    def context(self, lookup: Lookup) -> Context:
        """Return the context in which the formula is evaluated."""
        return Context(lookup, self.measure, self.row)


def jobs(
    metrics: Iterable[Metric], tables: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Job], tuple[Finding, ...]]:
    """Return the jobs by key, with findings for formulas that cannot be read (F101, F102)."""
    result: dict[str, Job] = {}
    findings: list[Finding] = []
    for metric in metrics:
        try:
            expression = parse(metric.formula)
        except FormulaError as error:
            place = part_mark(metric.formula, error.node)
            findings.append(finding(error.code, place, subject=metric.key, **error.params))
            continue
        table, star, field = metric.key.partition(".*.")
        if star and table not in tables:
            near = "、".join(sorted(tables))
            findings.append(finding("F103", metric.mark, subject=metric.key, key=table, near=near))
        prefixes = [f"{table}.{row}" for row in tables.get(table, ())] if star else [""]
        for prefix in prefixes:
            base = f"{prefix}.{field}" if star else metric.key
            for measure in metric.each or ("",):
                key = f"{base}.{measure}" if measure else base
                result[key] = Job(key, metric, expression, measure, prefix)
    return result, tuple(findings)
