"""Comparisons as text for a terminal, as Markdown, as one web page without script, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import jinja2

from reportgen.features.diff.changes import Change, difference_text, share_text
from reportgen.features.diff.comparison import Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.summary import ComparisonSummary, SummaryGroup, SummaryRow
from reportgen.features.diff.words import WORDS
from reportgen.findings.codes import Language
from reportgen.findings.excerpt import clean
from reportgen.language.text_differences import ChangedSentence, Piece, pieces
from reportgen.model.quantity import exact
from reportgen.write.html.look import page_style

MOST_UNMATCHED = 10
"""How many figures without counterpart a terminal shows; the other renderers have them all."""
RIGHT = frozenset(["old", "new", "change", "share"])
"""Columns of numbers."""
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$^!]|^[-+=]")
"""What Markdown would take for markup in a text, or at its beginning for a list."""
_NUMBER = re.compile(r"^([0-9]{1,9})(?=[.)](?: |$))")
"""What it would take for the number of a list."""
_SPACE = re.compile(r"\s+")
_CALLS = re.compile(
    r"(?<=@)(?=\w)|(?<=\\[#!&~])(?=\w)|(?<=:)(?=//)|(?<=[Ww]{3})(?=\.)|(?<=GH-)(?=[0-9])"
)
"""Where a server would see a person called, an issue or an address: nothing is put between."""
MOST_CHARACTERS = 65_000
"""How long a comment may be; GitHub takes 65,536 characters."""
_LONGEST = 400
"""How many characters of one text a comment has."""
_REPORTS = 200
"""How many reports a comment has at most."""
_LINES = 2_000
"""How many lines can be short enough for a comment."""
_ROWS = (_LINES, 300, 100, 40, 15, 5, 2, 0)
"""How many lines of each table are tried until a comment is short enough."""


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


def as_markdown(
    summaries: Sequence[ComparisonSummary],
    language: Language,
    *,
    same: int = 0,
    failed: Sequence[str] = (),
) -> str:
    """Return comparisons as Markdown, a comment of a merge request: no longer than one may be.

    `same` counts the reports that did not change, `failed` says why some were not compared. Of what
    is too long each table has fewer lines and says how many are left out; then there are fewer
    reports.
    """
    words, text = WORDS[language], ""
    shown = list(summaries[:_REPORTS])
    for most in _ROWS:
        if _count(shown, most) <= _LINES:
            text = _comment(_pages(shown, len(summaries), words, most), words, same, failed[:most])
            if len(text) <= MOST_CHARACTERS:
                return text
    while len(text) > MOST_CHARACTERS:
        shown = shown[: len(shown) // 2]
        text = _comment(_pages(shown, len(summaries), words, 0), words, same, failed[:1])
    return text


def _count(summaries: Iterable[ComparisonSummary], most: int) -> int:
    """Return how many lines comparisons have, each table and list with at most so many."""
    count = 0
    for summary in summaries:
        for rows in (summary.lines, *(group.rows for group in summary.groups)):
            count += min(most, len(rows))
    return count


def _pages(
    shown: Sequence[ComparisonSummary], count: int, words: Mapping[str, str], most: int
) -> Iterator[str]:
    """Yield the pages of comparisons, and how many of all are not among them."""
    for summary in shown:
        yield "\n".join(_markdown_lines(summary, words, most))
    if len(shown) < count:
        yield f"> {words['rest_reports'].format(count=count - len(shown))}\n"


def _comment(
    pages: Iterable[str], words: Mapping[str, str], same: int, failed: Sequence[str]
) -> str:
    """Return a whole comment of the pages of reports."""
    parts = [f"> **{words['not_compared']}** {_md(text)}\n" for text in failed]
    parts += pages
    if same or not parts:
        count = words["same_one" if same == 1 else "same"].format(count=same)
        parts.append(f"{count if same else words['nothing']}\n")
    return "\n".join(parts).rstrip("\n")


def _markdown_lines(
    summary: ComparisonSummary, words: Mapping[str, str], most: int
) -> Iterator[str]:
    yield from (f"## {_md(summary.title or summary.name)}", "")
    yield from (f"{_md(summary.name)}: {_md(summary.old)} → {_md(summary.new)}", "")
    for note in summary.notes:
        yield from (f"> {_md(note)}", "")
    if summary.empty:
        yield from (words["nothing"], "")
    for group in summary.groups:
        yield from (f"### {_md(group.heading)} ({len(group.rows)})", "")
        yield from _markdown_rows(group, words, most)
        yield from _left_out(len(group.rows), most, words)
    if summary.lines:
        heading = f"{words['sentences']} ({len(summary.lines)})"
        yield from ("<details>", f"<summary>{heading}</summary>", "")
        for line in summary.lines[:most]:
            yield f"- {_md(line.where)}<br>{_both_sides(line)}"
        yield from _left_out(len(summary.lines), most, words)
        yield from ("</details>", "")


def _left_out(count: int, most: int, words: Mapping[str, str]) -> Iterator[str]:
    """Yield an empty line, and how many lines are not listed."""
    yield ""
    if count > most:
        yield from (f"*{words['rest'].format(count=count - most)}*", "")


def _markdown_rows(group: SummaryGroup, words: Mapping[str, str], most: int) -> Iterator[str]:
    """Yield the rows of a group: sentences as a list, all others as a table."""
    rows = group.rows[:most]
    if group.told:
        for row in rows:
            yield f"- {_md(row.title)}"
    elif rows:
        columns = _columns(group)
        yield _markdown_row(words, columns)
        yield "|" + "|".join("--:" if column in RIGHT else "---" for column in columns) + "|"
        for row in rows:
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
    """Return both sides of a sentence in one, what is gone and what is new in elements of HTML.

    Signs of emphasis beside Chinese punctuation would be no markup (CommonMark 0.31, 6.2).
    """
    forms = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}
    cut = _pieces(_cut(line.old), _cut(line.new))
    return "".join(forms[piece.kind].format(_escaped(piece.text)) for piece in cut)


@lru_cache(maxsize=_LINES)
def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of a sentence, which stands in each comment that is tried."""
    return pieces(old, new)


def _md(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line, linking and calling nobody."""
    return _NUMBER.sub(r"\1\\", _escaped(text.strip()))


def _escaped(text: str) -> str:
    """Return a text, or a piece of one, that Markdown shows as it is."""
    line = clean(_SPACE.sub(" ", _cut(text)))
    return _CALLS.sub("&#8203;", _MARKUP.sub(r"\\\g<0>", line))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


# The web page


def as_page(summaries: Iterable[ComparisonSummary], language: Language) -> str:
    """Return the page of comparisons: one file, changed sentences side by side, no script."""
    return _template().render(
        summaries=tuple(summaries),
        lang={"zh": "zh-CN", "en": "en"}[language],
        words=WORDS[language],
        css=page_style(_read("page.css"), dark=True),
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
