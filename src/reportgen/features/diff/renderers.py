"""Comparisons as text for a terminal, as Markdown, as one web page without script, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from reportgen.features.diff.changes import Change, difference_text, share_text
from reportgen.features.diff.comparison import Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.summary import WORDS, ComparisonSummary, SummaryGroup, SummaryRow
from reportgen.findings.codes import Language
from reportgen.language.text_differences import ChangedSentence, Piece
from reportgen.model.quantity import exact

MOST_UNMATCHED = 10
"""How many figures without counterpart a terminal shows; the other renderers have them all."""
RIGHT = frozenset(["old", "new", "change", "share"])
"""Columns of numbers."""
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~]")
"""What Markdown would take for markup in a text."""


def _joined(separator: str, *texts: str) -> str:
    """Return texts with a separator between those that are not empty."""
    return separator.join(filter(None, texts))


# Text for a terminal


def as_text(summaries: Iterable[ComparisonSummary], language: Language) -> str:
    """Return comparisons as lines for a terminal."""
    lines: list[str] = []
    for summary in summaries:
        lines += _text_lines(summary, WORDS[language])
    return "\n".join(lines).rstrip("\n")


def _text_lines(summary: ComparisonSummary, words: Mapping[str, str]) -> Iterator[str]:
    yield f"{summary.name}  {summary.title}".rstrip()
    yield f"  {summary.old} → {summary.new}"
    for note in summary.notes:
        yield f"  {note}"
    if summary.empty:
        yield f"  {words['nothing']}"
    for group in summary.groups:
        yield from _text_group(group, words)
    if summary.lines:
        yield ""
        yield f"  {words['sentences']}  {len(summary.lines)}"
        yield from _text_sentences(summary.lines)
    yield ""


def _text_sentences(lines: Iterable[ChangedSentence]) -> Iterator[str]:
    for line in lines:
        yield f"    {line.where}".rstrip()
        yield f"      − {line.old}" if line.old else ""
        yield f"      + {line.new}" if line.new else ""


def _text_group(group: SummaryGroup, words: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"  {group.heading}  {len(group.rows)}"
    if not group.plain:
        for row in group.rows:
            yield from _text_row(row, group, words)
        return
    for row in group.rows[:MOST_UNMATCHED]:
        yield f"    {row.title}  {row.old}"
    if len(group.rows) > MOST_UNMATCHED:
        yield "    ……"


def _text_row(row: SummaryRow, group: SummaryGroup, words: Mapping[str, str]) -> Iterator[str]:
    size = _joined("  ", row.change, f"({row.share})" if row.share else "")
    flag = f"  ◆ {words['explain']}" if row.explain else ""
    yield f"    {row.title}  {row.old} → {row.new}  {size}".rstrip() + flag
    where = f"{words['where']} {row.where}" if row.where and not group.years else ""
    about = _joined("；", row.cause, row.source, where)
    if about:
        yield f"      {about}"


# Markdown


def as_markdown(summaries: Iterable[ComparisonSummary], language: Language) -> str:
    """Return comparisons as Markdown with tables, for a merge request."""
    lines: list[str] = []
    for summary in summaries:
        lines += _markdown_lines(summary, WORDS[language])
    return "\n".join(lines).rstrip("\n")


def _markdown_lines(summary: ComparisonSummary, words: Mapping[str, str]) -> Iterator[str]:
    yield from (f"## {_md(summary.title or summary.name)}", "")
    yield from (f"`{summary.name}`: {_md(summary.old)} → {_md(summary.new)}", "")
    for note in summary.notes:
        yield from (f"> {_md(note)}", "")
    if summary.empty:
        yield from (words["nothing"], "")
    for group in summary.groups:
        yield from (f"### {group.heading} ({len(group.rows)})", "")
        yield from _markdown_table(group, words)
        yield ""
    if summary.lines:
        yield from (f"### {words['sentences']} ({len(summary.lines)})", "")
        yield from (f"- {_md(line.where)}  \n  {_both_sides(line)}" for line in summary.lines)
        yield ""


def _markdown_table(group: SummaryGroup, words: Mapping[str, str]) -> Iterator[str]:
    columns = _columns(group)
    yield _markdown_row(words, columns)
    yield "|" + "|".join("--:" if column in RIGHT else "---" for column in columns) + "|"
    for row in group.rows:
        yield _markdown_row(_cells(row, words), columns)


def _markdown_row(texts: Mapping[str, str], columns: Iterable[str]) -> str:
    return "| " + " | ".join(texts[column] or " " for column in columns) + " |"


def _columns(group: SummaryGroup) -> tuple[str, ...]:
    """Return the columns of a group's table, by their words."""
    if group.plain:
        return ("figure", "old", "where")
    columns = ("figure", "old", "new", "change", "share", "cause")
    return columns if group.years else (*columns, "where")


def _cells(row: SummaryRow, words: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a row by column, escaped."""
    cause = _md(_joined(words["by"], row.cause, row.source))
    return {
        "figure": _md(row.title),
        "old": _md(row.old),
        "new": _md(row.new),
        "change": _md(row.change),
        "share": _md(row.share),
        "cause": _joined(" ", f"**{words['explain']}**", cause) if row.explain else cause,
        "where": _md(row.where),
    }


def _both_sides(line: ChangedSentence) -> str:
    """Return both sides of a sentence in one: ~~gone~~ **new**."""
    forms = {"same": "{}", "gone": "~~{}~~", "new": "**{}**"}
    return "".join(forms[piece.kind].format(_md(piece.text)) for piece in line.pieces)


def _md(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text).replace("\n", " ")


# The web page


def as_page(summaries: Iterable[ComparisonSummary], language: Language) -> str:
    """Return the page of comparisons: one file, changed sentences side by side, no script."""
    return _template().render(
        summaries=tuple(summaries),
        lang={"zh": "zh-CN", "en": "en"}[language],
        words=WORDS[language],
        css=_read("page.css"),
        without=_without,
    )


def _without(kind: str, line: ChangedSentence) -> tuple[Piece, ...]:
    """Return the pieces of one side of a sentence: those that are not of a kind."""
    return tuple(piece for piece in line.pieces if piece.kind != kind)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read("page.html.j2"))


def _read(name: str) -> str:
    return resources.files("reportgen.features.diff").joinpath(name).read_text("utf-8")


# JSON


def as_json(comparisons: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Return comparisons as values for JSON; numbers are exact texts in the figure's unit."""
    return list(map(_comparison, comparisons))


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "report": comparison.name,
        "title": comparison.title,
        "old": comparison.old.name,
        "new": comparison.new.name,
        "years": comparison.years,
        "changes": list(map(_change, comparison.changes)),
        "sentences": list(map(_line, comparison.lines)),
    }


def _line(line: ChangedSentence) -> dict[str, str]:
    return {"where": line.where, "old": line.old, "new": line.new}


def _change(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "title": change.entry.title,
        "kind": change.entry.kind,
        "old": _side(change.old),
        "new": _side(change.new),
        "change": difference_text(change) or None,
        "share": share_text(change) or None,
        "causes": list(change.causes),
        "facts": list(change.facts),
    }


def _side(entry: StateEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "key": entry.key,
        "text": entry.text,
        "value": None if entry.value is None else exact(entry.value / entry.unit.factor),
        "unit": entry.unit.symbol,
        "formula": entry.formula,
        "source": entry.source,
        "places": [{"text": text, "where": where} for text, where in entry.printed],
    }


def dumped(value: object) -> str:
    """Return `value` as JSON for a person or a program."""
    return json.dumps(value, ensure_ascii=False, indent=1)
