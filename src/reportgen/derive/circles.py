"""Tells of formulas that need themselves to be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.derive.jobs import Job
from reportgen.findings import Finding, Place, finding
from reportgen.formula.names import Lookup
from reportgen.formula.syntax import every_name
from reportgen.model.source import Mark

MOST = 8
"""Of a longer circle, only the first members are told."""


def circle(keys: Sequence[str], marks: Sequence[Mark], subject: str) -> Finding:
    """Return F105 for figures of which each needs the next, and the last one the first.

    `marks` are where each names the next; the first in the files begins.
    """
    start = min(range(len(keys)), key=lambda i: (marks[i], keys[i]))
    turned = [*range(start, len(keys)), *range(start)]
    shown = [keys[i] for i in turned[:MOST]] + ["…"] * (len(keys) > MOST)
    others = dict.fromkeys(marks[i] for i in turned[:MOST] if marks[i] != marks[start])
    return finding(
        "F105",
        marks[start],
        *(Place(mark, "rule") for mark in others),
        subject=subject,
        path=" → ".join([*shown, keys[start]]),
    )


def names_it(job: Job, key: str, lookup: Lookup) -> Mark:
    """Return the place in the formula of `job` that needs the figure at `key`."""
    if job.expression is not None:
        context = job.context(lookup)
        for name in every_name(job.expression.tree):
            column = context.column(name.key)
            within = f"{column.table if column else context.full(name.key)}."
            if key in context.meanings(name.key) or (column and key.startswith(within)):
                return job.expression.mark_of(name)
    return job.metric.mark
