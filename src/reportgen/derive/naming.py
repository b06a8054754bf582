"""What every figure of a report is called, before any of them is worked out."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.derive.jobs import Job
from reportgen.derive.scores import ScoreJob
from reportgen.formula.names import MEASURES
from reportgen.formula.titles import Titles
from reportgen.model.facts import Fact, Facts
from reportgen.model.figures import Ledger


def naming(
    facts: Facts, jobs: Mapping[str, Job], scores: Mapping[str, ScoreJob], last: Ledger | None
) -> Titles:
    """Return the titles of all facts, metrics and scores of a year, and of `last` year's."""
    known = {key: _fact_title(fact, facts) for key, fact in facts.facts.items()}
    rows = Titles(known, facts.tables, facts.year)
    past = {key: figure.title for key, figure in last.figures.items()} if last else {}
    past |= {key: text.title for key, text in last.texts.items()} if last else {}
    scored = {key: f"{rows.of(job.row)}·得分" for key, job in scores.items()}
    derived = {key: job.title(rows) for key, job in jobs.items()}
    tables = {**facts.tables, **(last.tables if last else {})}
    return Titles({**scored, **known, **derived, **past}, tables, facts.year)


def _fact_title(fact: Fact, facts: Facts) -> str:
    """Return the title of `fact`; in a table of the author's own, with the name of its row."""
    row, _, field = fact.key.rpartition(".")
    if fact.title != field or row.rpartition(".")[0] not in facts.tables:
        return fact.title
    name = facts.facts.get(f"{row}.name")
    word = MEASURES.get(field, field)
    return f"{name.value}·{word}" if name and isinstance(name.value, str) else word
