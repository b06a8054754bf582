"""Keeps a crowd of like findings from hiding the others on a terminal."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from reportgen.findings import CODES, Finding, RelatedLocation
from reportgen.findings.codes import LABELS, Language
from reportgen.findings.excerpt import ExcerptLine, clean, excerpt
from reportgen.model.source import NOWHERE, SourceSpan

MOST = 5
"""How many warnings of one code about one file are shown before the rest are counted."""
_REST: Mapping[Language, str] = {
    "zh": "{path}: 另有 {count} 条 {code}，加 -v 逐条显示",
    "en": "{path}: {count} more {code}; -v shows each",
}


def thinned(
    findings: Iterable[Finding], language: Language
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return `findings` with the first few warnings of each code and file, and what is left out.

    Errors are never left out.
    """
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for each in findings:
        kind = (each.span.path, each.code)
        seen[kind] += each.severity == "warning"
        if each.severity != "warning" or seen[kind] <= MOST:
            kept.append(each)
    rest = (
        _REST[language].format(path=path, count=count - MOST, code=code)
        for (path, code), count in seen.items()
        if count > MOST
    )
    return tuple(kept), tuple(rest)


SourceReader = Callable[[str], str | None]
"""Gives the text of a file by the path of a mark, or None where it cannot be read."""

# Only a name in single braces is a parameter, so that messages can show {{ … }} as it is typed.
PARAMETER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")

HELP: Mapping[Language, str] = {"zh": "提示: ", "en": "help: "}
_WAIVED: Mapping[Language, str] = {"zh": "已豁免：", "en": "waived: "}
_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "ok": "1;32",
    "strong": "1",
    "gutter": "1;34",
}


def message(finding: Finding, language: Language) -> str:
    """Return the message of `finding`; a parameter that it lacks stays in braces."""
    return _filled(CODES[finding.code].message[language], finding.params, language)


def help_text(finding: Finding, language: Language) -> str:
    """Return what to do about `finding`, empty where its code has nothing to say."""
    return _filled(CODES[finding.code].help[language], finding.params, language)


def _filled(text: str, params: Mapping[str, str], language: Language) -> str:
    """Return `text` with `params`; one that begins with @ is a label, which takes them itself."""

    def value(match: re.Match[str]) -> str:
        given = params.get(match[1], match[0])
        if given[:1] != "@" or given not in LABELS:
            return given
        return PARAMETER.sub(lambda m: params.get(m[1], m[0]), LABELS[given][language])

    return PARAMETER.sub(value, text)


def concise(findings: Iterable[Finding], language: Language) -> str:
    """Return one line a finding: `path:line:col: error[R101] message`."""
    brackets = {"zh": "（{}）", "en": " ({})"}[language]
    return "\n".join(
        _header(each, language, _plain)
        + (brackets.format(clean(_WAIVED[language] + each.waived)) if each.waived else "")
        for each in findings
    )


def full(
    findings: Iterable[Finding], language: Language, read: SourceReader, *, colour: bool = False
) -> str:
    """Return each finding with its source lines, carets, other places, and help or waiver.

    A blank line stands between findings; ANSI colours only with `colour`.
    """
    paint = painted if colour else _plain
    return "\n\n".join("\n".join(_block(each, language, read, paint)) for each in findings)


_Paint = Callable[[str, str], str]


def _plain(text: str, _style: str) -> str:
    return text


def painted(text: str, style: str) -> str:
    """Return `text` in the ANSI colour of `style`: a severity, ok, strong, gutter."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if text else ""


def _header(finding: Finding, language: Language, paint: _Paint) -> str:
    where = paint(clean(_where(finding.span)) + ":", "strong")
    what = paint(f"{finding.severity}[{finding.code}]", finding.severity)
    return f"{where} {what} {clean(message(finding, language))}"


def _where(span: SourceSpan) -> str:
    if span.path == NOWHERE.path:
        return "reportgen"
    return str(span) if span.line else span.path


def _block(
    finding: Finding, language: Language, read: SourceReader, paint: _Paint
) -> Sequence[str]:
    texts = {place.span.path: read(place.span.path) for place in finding.places if place.span.line}
    parts = [_rows(texts, place, context=not i) for i, place in enumerate(finding.places)]
    gutter = max((len(str(row.number)) for rows in parts for row in rows), default=0)
    lines = [_header(finding, language, paint)]
    for i, (place, rows) in enumerate(zip(finding.places, parts, strict=True)):
        note = _note(place, language)
        if place.note == "rule" and finding.subject:
            note = f"{note} {clean(finding.subject)}"
        if i:
            lines.append(_see_also(place, note, language, paint))
        after = "" if i or not note else " " + note
        style = "gutter" if i else finding.severity
        lines += _source(rows, gutter, paint, style, after)
    if finding.waived:
        lines.append(clean(_WAIVED[language] + finding.waived))
    elif advice := help_text(finding, language):
        lines.append(paint(HELP[language].rstrip(), "strong") + " " + clean(advice))
    return lines


def _rows(
    texts: Mapping[str, str | None], place: RelatedLocation, *, context: bool
) -> tuple[ExcerptLine, ...]:
    text = texts.get(place.span.path)
    return excerpt(text, place.span, context=context) if text is not None else ()


def _note(place: RelatedLocation, language: Language) -> str:
    return clean(LABELS[place.note][language] if place.note in LABELS else place.note)


def _see_also(place: RelatedLocation, note: str, language: Language, paint: _Paint) -> str:
    lead = LABELS["other"][language]
    parts = (lead, paint(clean(_where(place.span)), "strong"), "" if note == lead else note)
    return " ".join(part for part in parts if part)


def _source(
    rows: Sequence[ExcerptLine], gutter: int, paint: _Paint, style: str, after: str
) -> Iterable[str]:
    """Yield `rows` with their gutter; `after` follows the last carets."""
    last = max((i for i, row in enumerate(rows) if row.carets), default=-1)
    for i, row in enumerate(rows):
        number = str(row.number or "").rjust(gutter)
        text = paint(row.text, style) + after * (i == last) if row.carets else row.text
        yield (paint(f"{number} |", "gutter") + " " + text).rstrip()


_ANNOTATED = {"error": "error", "warning": "warning", "note": "notice"}


def as_annotations(findings: Iterable[Finding], language: Language) -> str:
    """Return one workflow command a finding, which CI shows beside the line it is about."""
    return "\n".join(_annotation(each, language) for each in findings)


def _annotation(finding: Finding, language: Language) -> str:
    span = finding.span
    places = {"file": "" if span.path == NOWHERE.path else span.path, "title": finding.code}
    if span.line:
        places |= {"line": str(span.line), "col": str(span.column)}
    told = [message(finding, language), help_text(finding, language)]
    if finding.waived:
        told = [message(finding, language), _WAIVED[language] + finding.waived]
    where = ",".join(f"{name}={_escaped(text, ',:')}" for name, text in places.items() if text)
    text = _escaped("\n".join(filter(None, told)))
    return f"::{_ANNOTATED[finding.severity]} {where}::{text}"


def _escaped(text: str, more: str = "") -> str:
    """Return `text` as a workflow command takes it; `more` characters too in a property."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{more}" else char for char in text)


def as_json(findings: Iterable[Finding], language: Language) -> str:
    """Return the findings as a JSON list; a place or an end that is not known is null."""
    text = json.dumps([_record(f, language) for f in findings], ensure_ascii=False, indent=2)
    # A lone surrogate, from a file name that is no UTF-8, becomes its JSON escape.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _record(finding: Finding, language: Language) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": CODES[finding.code].name,
        "severity": finding.severity,
        "message": message(finding, language),
        "help": help_text(finding, language),
        **_position(finding.span),
        "places": [
            {**_position(place.span), "note": _note(place, language)}
            for place in finding.places[1:]
        ],
        "subject": finding.subject,
        "waived": finding.waived,
    }


def _position(span: SourceSpan) -> dict[str, object]:
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
    },
    "en": {
        "error": ("{} error", "{} errors"),
        "warning": ("{} warning", "{} warnings"),
        "note": ("{} note", "{} notes"),
        "waived": ("{} waived", "{} waived"),
    },
}


def summary(findings: Iterable[Finding], language: Language) -> str:
    """Return how many findings there are of each kind; a waived one counts as waived only."""
    kinds = ["waived" if each.waived else each.severity for each in findings]
    parts = [
        forms[kinds.count(kind) > 1].format(kinds.count(kind))
        for kind, forms in _COUNTED[language].items()
        if kind in kinds
    ]
    nothing = {"zh": "没有发现问题", "en": "no findings"}[language]
    return {"zh": "，", "en": ", "}[language].join(parts) or nothing
