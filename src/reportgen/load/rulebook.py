"""Files of rules, and the rules of several files together."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from reportgen.findings import Finding, Place, finding
from reportgen.load.fields import Key
from reportgen.load.rules import (
    LiteralEntry,
    MetricEntry,
    RelationEntry,
    read_literals,
    read_metrics,
    read_relations,
)
from reportgen.load.scoring import (
    ScoringEntry,
    ScoringRuleEntry,
    read_scoring_rules,
    read_scorings,
)
from reportgen.load.section import Section
from reportgen.model.rules import Rules
from reportgen.model.source import Mark


class RuleFile(Section):
    """A file of rules; every part is optional."""

    metrics: dict[Key, MetricEntry] = Field(default_factory=dict, title="指标公式")
    relations: dict[str, RelationEntry] = Field(default_factory=dict, title="勾稽关系")
    scoring_rules: dict[str, ScoringRuleEntry] = Field(default_factory=dict, title="评分标准")
    scoring: dict[str, ScoringEntry] = Field(default_factory=dict, title="评分")
    literals: list[LiteralEntry] = Field(default_factory=list, title="认可的数")


def rulebook(files: Iterable[RuleFile]) -> tuple[Rules, tuple[Finding, ...]]:
    """Return the rules of `files` together; a key that stands twice is L110 at both places."""
    metrics: dict[str, MetricEntry] = {}
    relations: dict[str, RelationEntry] = {}
    standards: dict[str, ScoringRuleEntry] = {}
    scorings: dict[str, ScoringEntry] = {}
    literals: list[LiteralEntry] = []
    findings: list[Finding] = []

    def put(key: str, mark: Mark, first: Mark | None) -> None:
        if first is not None:
            findings.append(finding("L110", mark, Place(first, "first"), key=key))

    for file in files:
        for key, metric in file.metrics.items():
            put(key, metric.formula.mark, metrics[key].formula.mark if key in metrics else None)
            metrics[key] = metric
        for key, relation in file.relations.items():
            put(key, relation.claim.mark, relations[key].claim.mark if key in relations else None)
            relations[key] = relation
        for key, standard in file.scoring_rules.items():
            put(key, standard.title.mark, standards[key].title.mark if key in standards else None)
            standards[key] = standard
        for key, entry in file.scoring.items():
            put(key, entry.rule.mark, scorings[key].rule.mark if key in scorings else None)
            scorings[key] = entry
        literals += file.literals
    found, bad = read_metrics(metrics.items())
    scored, worse = read_scoring_rules(standards.items())
    book = Rules(
        metrics=found,
        relations=read_relations(relations.items()),
        standards=scored,
        scorings=read_scorings(scorings.items()),
        literals=read_literals(literals),
    )
    return book, (*findings, *bad, *worse)
