"""Findings as text: concise, in full with the source, as annotations of a workflow, as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from reportgen.findings import CODES, Finding, RelatedLocation, one_per_cause
from reportgen.findings.codes import LABELS, Language
from reportgen.findings.excerpt import ExcerptLine, clean, excerpt
from reportgen.model.source import NOWHERE, SourceSpan

SourceReader = Callable[[str], str | None]
"""Gives the text of a file by the path of a span, or None where it cannot be read."""

# Only a name in single braces is a parameter, so that messages can show {{ … }} as it is typed.
PARAMETER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")

HELP: Mapping[Language, str] = {"zh": "提示: ", "en": "help: "}

_STEP = re.compile(r"([a-z])(\d+)")
"""A letter and a number of a place in a Word file, such as `t1r5c3`."""

MOST = 5
"""How many warnings of one code about one file are listed before the rest are counted."""

_REMAINDER: Mapping[Language, str] = {
    "zh": "{path}: 另有 {count} 条 {code}，加 -v 逐条显示",
    "en": "{path}: {count} more {code}; -v shows each",
}
MOST_OTHERS = 3
"""So many findings that follow from the same are shown below the first, the rest are counted."""
_FOLLOWING: Mapping[Language, str] = {
    "zh": "同一原因的另有 {count} 条（{codes}），-v 逐条显示",
    "en": "{count} more of the same cause ({codes}); -v shows each",
}
_WAIVED: Mapping[Language, str] = {"zh": "已豁免：", "en": "waived: "}
_BRACKETED: Mapping[Language, str] = {"zh": "（{}）", "en": " ({})"}
_NO_FINDINGS: Mapping[Language, str] = {"zh": "没有发现问题", "en": "no findings"}
_COMMA: Mapping[Language, str] = {"zh": "，", "en": ", "}
_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "ok": "1;32",
    "strong": "1",
    "gutter": "1;34",
}


def truncated(
    findings: Iterable[Finding], language: Language
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return `findings` with the first few warnings of each code and file, and what is left out.

    Errors are never left out.
    """
    warnings: Counter[tuple[str, str]] = Counter()
    kept = []
    for finding in findings:
        kind = (finding.span.path, finding.code)
        warnings[kind] += finding.severity == "warning"
        if finding.severity != "warning" or warnings[kind] <= MOST:
            kept.append(finding)
    remainder = []
    for (path, code), count in warnings.items():
        if count > MOST:
            text = _REMAINDER[language].format(path=path, count=count - MOST, code=code)
            remainder.append(text)
    return tuple(kept), tuple(remainder)


def message(finding: Finding, language: Language) -> str:
    """Return the message of `finding`; a parameter that it lacks stays in braces."""
    return _filled(CODES[finding.code].message[language], finding.params, language)


def help_text(finding: Finding, language: Language) -> str:
    """Return what to do about `finding`, empty where its code has nothing to say."""
    return _filled(CODES[finding.code].help[language], finding.params, language)


def _filled(text: str, params: Mapping[str, str], language: Language) -> str:
    """Return `text` with `params`; one that begins with @ is a label, which takes them itself.

    There may be several labels with 、 between them, and something behind each.
    """

    def value(match: re.Match[str]) -> str:
        text = params.get(match[1], match[0])
        if not text.startswith("@"):
            return _in_words(text, language)
        return "、".join(map(labelled, text.split("、")))

    def labelled(text: str) -> str:
        label, *more = text.split(" ", 1)
        if label not in LABELS:
            return text
        return " ".join((PARAMETER.sub(plain_value, LABELS[label][language]), *more))

    def plain_value(match: re.Match[str]) -> str:
        return params.get(match[1], match[0])

    return PARAMETER.sub(value, text)


def _in_words(text: str, language: Language) -> str:
    """Return a parameter in the language: what the system says is known by heart, and lists."""
    if f"os {text}" in LABELS:
        return LABELS[f"os {text}"][language]
    is_chinese = language == "zh" or re.search("[\u4e00-\u9fff]", text) is not None
    return text if is_chinese else text.replace("、", ", ")


def concise(findings: Iterable[Finding], language: Language) -> str:
    """Return one line a finding: `path:line:col: error[R101] message`."""
    lines = []
    for finding in findings:
        line = _header(finding, language, _plain)
        if finding.waived:
            line += _BRACKETED[language].format(_waiver(finding, language))
        if finding.others:
            line += _BRACKETED[language].format(_following(finding, language))
        lines.append(line)
    return "\n".join(lines)


def full(
    findings: Iterable[Finding], language: Language, read: SourceReader, *, colour: bool = False
) -> str:
    """Return each finding with its source lines, carets, other places, and help or waiver.

    A blank line stands between findings; ANSI colours only with `colour`.
    """
    paint = painted if colour else _plain
    once = cache(read)  # many findings stand in one file
    blocks = ["\n".join(_block(finding, language, once, paint)) for finding in findings]
    return "\n\n".join(blocks)


_Paint = Callable[[str, str], str]


def _plain(text: str, _style: str) -> str:
    return text


def painted(text: str, style: str) -> str:
    """Return `text` in the ANSI colour of `style`: a severity, ok, strong, gutter."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if text else ""


def _header(finding: Finding, language: Language, paint: _Paint) -> str:
    where = paint(clean(_where(finding.span, language)) + ":", "strong")
    what = paint(f"{finding.severity}[{finding.code}]", finding.severity)
    return f"{where} {what} {clean(message(finding, language))}"


def _where(span: SourceSpan, language: Language) -> str:
    if span.path == NOWHERE.path:
        return "reportgen"
    if span.place:
        return f"{span.path} {place_text(span, language)}"
    return str(span) if span.line else span.path


def place_text(span: SourceSpan, language: Language) -> str:
    """Return the place in a Word file as one sees it, such as 表1 第5行第3列; empty elsewhere."""
    steps: list[str] = []
    for step in span.place.split():
        label = LABELS[f"place_{step[0]}"][language]
        steps.append(_filled(label, dict(_STEP.findall(step)), language))
    return _COMMA[language].join(steps)


def _waiver(finding: Finding, language: Language) -> str:
    return clean(_WAIVED[language] + finding.waived)


def _block(finding: Finding, language: Language, read: SourceReader, paint: _Paint) -> list[str]:
    """Return the lines of one finding."""
    excerpts = _excerpts(finding, read)
    gutter = _gutter(excerpts)
    note = _note(finding, finding.places[0], language)
    after = f" {note}" if note else ""
    lines = [_header(finding, language, paint)]
    lines += _source(excerpts[0], gutter, paint, finding.severity, after)
    for location, rows in zip(finding.places[1:], excerpts[1:], strict=True):
        lines.append(_see_also(finding, location, language, paint))
        lines += _source(rows, gutter, paint, "gutter", "")
    return [*lines, *_advice(finding, language, paint), *_others(finding, language, paint)]


def _advice(finding: Finding, language: Language, paint: _Paint) -> Iterator[str]:
    """Yield the waiver of a finding, or what to do about it."""
    if finding.waived:
        yield _waiver(finding, language)
    elif advice := help_text(finding, language):
        yield paint(HELP[language].rstrip(), "strong") + " " + clean(advice)


def _others(finding: Finding, language: Language, paint: _Paint) -> Iterator[str]:
    """Yield the first of the findings that have the same cause."""
    if finding.others:
        yield _following(finding, language)
    for other in finding.others[:MOST_OTHERS]:
        yield f"  {_header(other, language, paint)}"


def _following(finding: Finding, language: Language) -> str:
    """Return how many findings of each code have the same cause as `finding`."""
    counts = Counter(other.code for other in finding.others)
    codes = "、".join(f"{code} ×{count}" for code, count in counts.items())
    return _FOLLOWING[language].format(count=len(finding.others), codes=codes)


def _excerpts(finding: Finding, read: SourceReader) -> list[tuple[ExcerptLine, ...]]:
    """Return the source lines of each place; only the first has lines around it."""
    excerpts = []
    for index, location in enumerate(finding.places):
        span = location.span
        text = read(span.path) if span.line and not span.place else None
        excerpts.append(() if text is None else excerpt(text, span, context=index == 0))
    return excerpts


def _gutter(excerpts: Iterable[Iterable[ExcerptLine]]) -> int:
    """Return how many columns the longest line number takes."""
    columns = 0
    for rows in excerpts:
        for row in rows:
            columns = max(columns, len(str(row.number)))
    return columns


def note_text(location: RelatedLocation, language: Language) -> str:
    """Return what is said of a place; a note that begins with @ is a label and what follows it."""
    label, *more = location.note.split(" ", 1) if location.note[:1] == "@" else [location.note]
    words = LABELS[label][language] if label in LABELS else label
    return clean(" ".join((words, *more)))


def _note(finding: Finding, location: RelatedLocation, language: Language) -> str:
    """Return what is said of a place; of a rule, its key too."""
    note = note_text(location, language)
    if location.note == "rule" and finding.subject:
        return f"{note} {clean(finding.subject)}"
    return note


def _see_also(
    finding: Finding, location: RelatedLocation, language: Language, paint: _Paint
) -> str:
    lead = LABELS["other"][language]
    note = _note(finding, location, language)
    line = f"{lead} {paint(clean(_where(location.span, language)), 'strong')}"
    return line if note in {"", lead} else f"{line} {note}"


def _source(
    rows: Sequence[ExcerptLine], gutter: int, paint: _Paint, style: str, after: str
) -> list[str]:
    """Return `rows` with their gutter; `after` follows the last carets."""
    lines = []
    for row in rows:
        number = paint(f"{str(row.number or '').rjust(gutter)} |", "gutter")
        text = paint(row.text, style) if row.carets else row.text
        lines.append(f"{number} {text}".rstrip())
    for index in reversed(range(len(rows))):
        if rows[index].carets:
            lines[index] += after.rstrip()
            break
    return lines


_ANNOTATED = {"error": "error", "warning": "warning", "note": "notice"}


def as_annotations(findings: Iterable[Finding], language: Language) -> str:
    """Return one workflow command a finding, which CI shows beside the line it is about."""
    return "\n".join(_annotation(finding, language) for finding in findings)


def _annotation(finding: Finding, language: Language) -> str:
    span = finding.span
    escaped = [f"{name}={_escaped(text, ',:')}" for name, text in _properties(finding)]
    text = message(finding, language)
    if span.place:
        text = f"{place_text(span, language)}: {text}"
    if finding.waived:
        text += "\n" + _WAIVED[language] + finding.waived
    elif advice := help_text(finding, language):
        text += "\n" + advice
    return f"::{_ANNOTATED[finding.severity]} {','.join(escaped)}::{_escaped(text)}"


def _properties(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what an annotation says of where it belongs, and the code."""
    span = finding.span
    if span.path != NOWHERE.path:
        yield "file", span.path
    yield "title", finding.code
    if span.line and not span.place:
        yield "line", str(span.line)
        yield "col", str(span.column)


def _escaped(text: str, more: str = "") -> str:
    """Return `text` as a workflow command takes it; `more` characters too in a property."""
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def as_json(findings: Iterable[Finding], language: Language) -> str:
    """Return the findings as a JSON list; a place or an end that is not known is null."""
    records = [_record(finding, language) for finding in findings]
    text = json.dumps(records, ensure_ascii=False, indent=2)
    # A lone surrogate, from a file name that is no UTF-8, becomes its JSON escape.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _record(finding: Finding, language: Language) -> dict[str, object]:
    others = []
    for location in finding.places[1:]:
        position = _position(location.span, language)
        others.append({**position, "note": note_text(location, language)})
    return {
        "code": finding.code,
        "name": CODES[finding.code].name,
        "severity": finding.severity,
        "message": message(finding, language),
        "help": help_text(finding, language),
        **_position(finding.span, language),
        "places": others,
        "subject": finding.subject,
        "waived": finding.waived,
        "cause": finding.cause,
    }


_LINES = ("line", "column", "end_line", "end_column")


def _position(span: SourceSpan, language: Language) -> dict[str, object]:
    if span.place:
        return {"path": span.path, "place": place_text(span, language)} | dict.fromkeys(_LINES)
    return {
        "path": None if span.path == NOWHERE.path else span.path,
        "line": span.line or None,
        "column": span.column or None,
        "end_line": span.end_line or None,
        "end_column": span.end_column or None,
    }


_COUNTED: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "zh": {
        "error": ("{} 个错误", "{} 个错误"),
        "warning": ("{} 个警告", "{} 个警告"),
        "note": ("{} 个说明", "{} 个说明"),
        "waived": ("{} 个已豁免", "{} 个已豁免"),
        "others": ("同一原因的另有 {} 条", "同一原因的另有 {} 条"),
    },
    "en": {
        "error": ("{} error", "{} errors"),
        "warning": ("{} warning", "{} warnings"),
        "note": ("{} note", "{} notes"),
        "waived": ("{} waived", "{} waived"),
        "others": ("{} more of the same causes", "{} more of the same causes"),
    },
}


def summary(findings: Iterable[Finding], language: Language) -> str:
    """Return how many findings there are of each kind; a waived one counts as waived only.

    Of those with one cause the gravest counts, the others are told apart.
    """
    counts: Counter[str] = Counter()
    for finding in one_per_cause(tuple(findings)):
        counts["others"] += len(finding.others)
        counts["waived" if finding.waived else finding.severity] += 1
    parts = []
    for kind, (singular, plural) in _COUNTED[language].items():
        if counts[kind]:
            form = plural if counts[kind] > 1 else singular
            parts.append(form.format(counts[kind]))
    return _COMMA[language].join(parts) or _NO_FINDINGS[language]
