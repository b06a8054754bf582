"""The web page of a comparison: one file, changed sentences side by side, no script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from reportgen.features.diff import changes as numbers
from reportgen.features.diff.changes import Change, Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.summary import ComparisonSummary, SummaryGroup, SummaryRow
from reportgen.features.diff.words import WORDS
from reportgen.findings.codes import Language
from reportgen.language.text_differences import ChangedSentence, Piece
from reportgen.model.quantity import exact


def as_page(every: Iterable[ComparisonSummary], language: Language) -> str:
    """Return the page of comparisons."""
    return _template().render(
        comparisons=tuple(every),
        lang={"zh": "zh-CN", "en": "en"}[language],
        words=WORDS[language],
        css=_read("page.css"),
        sides=sides,
    )


def sides(line: ChangedSentence) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the pieces of the old and of the new sentence."""
    every = line.pieces
    old = tuple(piece for piece in every if piece.kind != "new")
    return old, tuple(piece for piece in every if piece.kind != "gone")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read("page.html.j2"))


def _read(name: str) -> str:
    return resources.files("reportgen.features.diff").joinpath(name).read_text("utf-8")


MOST_ALONE = 10
"""How many figures without counterpart a terminal shows; the other faces have them all."""
_ESCAPED = str.maketrans({char: f"\\{char}" for char in r"\`*_{}[]<>#|~"})
"""What Markdown would take for markup in a text."""


def as_text(every: Iterable[ComparisonSummary], language: Language) -> str:
    """Return comparisons as lines for a terminal."""
    return "\n".join(line for told in every for line in _lines(told, language)).rstrip("\n")


def _lines(told: ComparisonSummary, language: Language) -> Iterator[str]:
    words = WORDS[language]
    yield f"{told.name}  {told.title}".rstrip()
    yield f"  {told.old} → {told.new}"
    yield from (f"  {note}" for note in told.notes)
    if told.empty:
        yield f"  {words['nothing']}"
    for group in told.groups:
        yield ""
        yield f"  {group.heading}  {len(group.rows)}"
        for row in group.rows[: MOST_ALONE if group.plain else None]:
            yield from _row_lines(row, group, words)
        if group.plain and len(group.rows) > MOST_ALONE:
            yield "    ……"
    if told.lines:
        yield ""
        yield f"  {words['sentences']}  {len(told.lines)}"
        for line in told.lines:
            yield f"    {line.where}".rstrip()
            yield f"      − {line.old}" if line.old else ""
            yield f"      + {line.new}" if line.new else ""
    yield ""


def _row_lines(row: SummaryRow, group: SummaryGroup, words: Mapping[str, str]) -> Iterator[str]:
    if group.plain:
        yield f"    {row.title}  {row.old}"
        return
    size = "  ".join(filter(None, [row.change, f"({row.share})" if row.share else ""]))
    span = f"  ◆ {words['explain']}" if row.explain else ""
    yield f"    {row.title}  {row.old} → {row.new}  {size}".rstrip() + span
    where = f"{words['where']} {row.where}" if row.where and not group.years else ""
    about = [row.cause, row.source, where]
    if told := "；".join(filter(None, about)):
        yield f"      {told}"


def as_markdown(every: Iterable[ComparisonSummary], language: Language) -> str:
    """Return comparisons as Markdown with tables, for a merge request."""
    return "\n".join(line for told in every for line in _marked(told, language)).rstrip("\n")


def _marked(told: ComparisonSummary, language: Language) -> Iterator[str]:
    words = WORDS[language]
    yield f"## {_md(told.title or told.name)}"
    yield ""
    yield f"`{told.name}`: {_md(told.old)} → {_md(told.new)}"
    yield ""
    for note in told.notes:
        yield from (f"> {_md(note)}", "")
    if told.empty:
        yield from (words["nothing"], "")
    for group in told.groups:
        yield f"### {group.heading} ({len(group.rows)})"
        yield ""
        yield from _table(group, words)
        yield ""
    if told.lines:
        yield f"### {words['sentences']} ({len(told.lines)})"
        yield ""
        yield from (f"- {_md(line.where)}  \n  {_sentence(line)}" for line in told.lines)
        yield ""


def _table(group: SummaryGroup, words: Mapping[str, str]) -> Iterator[str]:
    keys = columns(group)
    yield "| " + " | ".join(words[key] for key in keys) + " |"
    yield "|" + "|".join("--:" if key in RIGHT else "---" for key in keys) + "|"
    for row in group.rows:
        texts = {key: _md(text) for key, text in cells(row, words).items()}
        if row.explain:
            texts["cause"] = " ".join(filter(None, [f"**{words['explain']}**", texts["cause"]]))
        yield "| " + " | ".join(texts[key] or " " for key in keys) + " |"


RIGHT = frozenset(["old", "new", "change", "share"])
"""Columns of numbers."""


def columns(group: SummaryGroup) -> tuple[str, ...]:
    """Return the columns of a group's table, by their words."""
    if group.plain:
        return ("figure", "old", "where")
    base = ("figure", "old", "new", "change", "share", "cause")
    return base if group.years else (*base, "where")


def cells(row: SummaryRow, words: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a row by column."""
    return {
        "figure": row.title,
        "old": row.old,
        "new": row.new,
        "change": row.change,
        "share": row.share,
        "cause": words["by"].join(filter(None, [row.cause, row.source])),
        "where": row.where,
    }


def _sentence(line: ChangedSentence) -> str:
    """Return both sides in one: ~~gone~~ **new**."""
    spans = {"same": "{}", "gone": "~~{}~~", "new": "**{}**"}
    return "".join(spans[piece.kind].format(_md(piece.text)) for piece in line.pieces)


def _md(text: str) -> str:
    return text.translate(_ESCAPED).replace("\n", " ")


def as_json(every: Iterable[Comparison]) -> list[dict[str, Any]]:
    """Return comparisons as values for JSON; numbers are exact texts in the figure's unit."""
    return [
        {
            "report": each.name,
            "title": each.new.title or each.old.title,
            "old": each.old.name,
            "new": each.new.name,
            "years": each.years,
            "changes": [_change(change) for change in each.changes],
            "sentences": [
                {"where": line.where, "old": line.old, "new": line.new} for line in each.lines
            ],
        }
        for each in every
    ]


def _change(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "title": change.item.title,
        "kind": change.item.kind,
        "old": _side(change.old),
        "new": _side(change.new),
        "change": numbers.difference(change) or None,
        "share": numbers.share(change) or None,
        "causes": list(change.causes),
        "facts": list(change.facts),
    }


def _side(item: StateEntry | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "key": item.key,
        "text": item.text,
        "value": None if item.value is None else exact(item.value / item.unit.factor),
        "unit": item.unit.symbol,
        "formula": item.formula,
        "source": item.source,
        "places": [{"text": text, "where": where} for text, where in item.printed],
    }


def dumped(value: object) -> str:
    """Return `value` as JSON for a person or a program."""
    return json.dumps(value, ensure_ascii=False, indent=1)
