"""The record of a disclosure: what was kept back or changed, why and where; never published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import Any, Literal

import yaml

from reportgen.check.facts import confirmed_facts
from reportgen.flow.staged import Draft, GuardedDraft, Written
from reportgen.flow.told_figures import figures
from reportgen.model.disclosed import Action, Disclosed, DisclosureEntry
from reportgen.model.document import Cell, Document, Inlines, Paragraph, Row, Table, Text
from reportgen.model.edition import Edition
from reportgen.model.locations import (
    LocatedText,
    SpokenPlaces,
    located_texts,
    printed_figures,
)
from reportgen.model.source import NOWHERE

TITLE = "公开处理清单"
ACTIONS: Mapping[Action, str] = {
    "withheld": "不公开",
    "masked": "遮盖",
    "replaced": "替换",
    "released": "准予公开",
}
"""What was done, in words."""
AUDIENCES = {"submit": "报送版", "public": "公开版"}
DEFAULT = "默认"
"""The place of what no policy says, because it is withheld by default."""
_HEADS = ("序号", "处理", "对象", "理由", "依据", "原文", "印作", "位置", "政策出处")
_WIDTHS = (4, 6, 14, 18, 20, 14, 10, 20, 12)
_NARROWEST = 4
"""Columns that stay though none of their cells says anything: number, action, subject, reason."""
_CSS = """
/* A list of many columns: as wide as the screen, and lying on paper. */
article { max-inline-size: none; padding-inline: clamp(1rem, 3vw, 2.5rem); }
@page { size: A4 landscape; margin: 20mm; }
@media print { .form.wide { font-size: 9pt; line-height: 1.4; } }
"""
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHORTEST = 2
"""A text of one character stands everywhere by chance; its places say nothing."""


def record(written: Written, name: str) -> dict[str, bytes]:
    """Return the record of what a version keeps back: as data, as a page, and its figures.

    A version for the finance bureau holds its figures itself. A public one may be shown by a site,
    whose pages are searched by what its files were held to.
    """
    draft = written.draft
    entries = log(draft)
    files = {
        f"{name}.yaml": log_yaml(draft.document, entries, _confirmed(draft)).encode(),
        f"{name}.html": log_page(draft.document, written.edition, entries, draft.internal),
    }
    if draft.document.audience == "public":
        files[f"{name}.figures.json"] = figures(draft)
    if isinstance(draft, GuardedDraft) and draft.proof.public:
        from reportgen.verify.proof_record import proof_json  # noqa: PLC0415 - few builds need it

        files[f"{name}.proof.json"] = proof_json(draft.proof, draft.disclosed).encode()
    return files


def log(draft: Draft) -> tuple[DisclosureEntry, ...]:
    """Return what a version keeps back, and its places in the internal document."""
    return settled(draft.disclosed, draft.internal)


def settled(disclosed: Disclosed, internal: Document) -> tuple[DisclosureEntry, ...]:
    """Return the log of `disclosed`: each entry once, with its places in the `internal` document.

    What is blank in any version was not kept from anybody and is left out.
    """
    figures = printed_figures(internal)
    texts = tuple(located_texts(internal))
    known = {*disclosed.ledger.figures, *disclosed.ledger.texts}
    entries = []
    for entry in dict.fromkeys(disclosed.entries):
        if entry.subject in known and not entry.before:
            continue
        printed = (where for _, where in figures.get(entry.subject, ()))
        places = entry.places or tuple(printed) or tuple(_where_spelt(entry, texts))
        entries.append(replace(entry, places=tuple(dict.fromkeys(places))))
    return tuple(entries)


def _where_spelt(entry: DisclosureEntry, texts: Iterable[LocatedText]) -> Iterator[str]:
    """Yield where the text of an entry stands; a replaced term has its places already."""
    if entry.action != "replaced" and len(entry.before) >= _SHORTEST:
        for located in texts:
            if _spelt(entry.before, located.text):
                yield located.where


def _spelt(before: str, text: str) -> bool:
    """Return whether `text` holds what stood in a report."""
    return _as_written(before) in text


def _as_written(before: str) -> str:
    """Return what stood in a report, a date as reports write it."""
    match = _DATE.fullmatch(before)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else before


def _confirmed(draft: Draft) -> dict[str, Any]:
    """Return which facts an office confirmed, and which none did; nothing where none ever was."""
    facts = confirmed_facts(draft.derived.ledger, draft.derived.inputs.confirmations)
    if facts is None:
        return {}
    missing = [fact.key for fact in facts.missing]
    return {"confirmed": {"count": facts.count, "total": facts.total, "missing": missing}}


def log_yaml(
    report: Document, entries: Sequence[DisclosureEntry], confirmed: Mapping[str, Any]
) -> str:
    """Return the log of `report` as YAML, an entry a group, what is empty left out.

    `confirmed` is what is said of its facts besides.
    """
    head = f"# {report.name}：{AUDIENCES[report.audience]}{TITLE}。内部留存，不得公开。\n"
    rows = list(map(_row, entries))
    body = {"audience": report.audience, "totals": _totals(entries), **confirmed, "entries": rows}
    return head + yaml.dump(
        body, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=1000
    )


def log_page(
    report: Document, edition: Edition, entries: Sequence[DisclosureEntry], internal: Document
) -> bytes:
    """Return the log of `report` as a web page with a table."""
    from reportgen.write.html import write_html  # noqa: PLC0415 - its engine loads when it runs

    edition = replace(edition, siblings={}, sources=False, css=edition.css + _CSS)
    return write_html(log_document(report, entries, internal), edition)


def log_document(
    report: Document, entries: Sequence[DisclosureEntry], internal: Document
) -> Document:
    """Return the log of `report` as a document: totals, then a table.

    It says the places in the `internal` document as those do who have it on paper.
    """
    totals = "、".join(f"{ACTIONS[each]}{n}项" for each, n in _totals(entries).items())
    version = AUDIENCES[report.audience]
    sentence = f"{report.name}的{version}共处理{len(entries)}项{f'：{totals}' if totals else ''}。"
    blocks = [_paragraph(sentence), _paragraph("本清单记有不公开的原文，内部留存，不得公开。")]
    table = _table(_lines(entries, SpokenPlaces(internal)))
    return replace(
        report,
        title=(report.name, f"{version}{TITLE}"),
        subject=TITLE,
        audience="internal",
        blocks=(*blocks, *((table,) if entries else ())),
        annexes=(),
        notes={},
        publication=None,
        stated={},
        title_figures=(),
    )


def _lines(entries: Sequence[DisclosureEntry], places: SpokenPlaces) -> list[tuple[Cell, ...]]:
    """Return a line of the table for each entry; causes are called by their titles."""
    titles = {entry.subject: entry.title for entry in entries}
    lines: list[tuple[Cell, ...]] = []
    for number, entry in enumerate(entries, 1):
        told = replace(entry, cause=titles.get(entry.cause) or entry.cause)
        lines.append(tuple(_cells(number, told, places)))
    return lines


def _table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    """Return the table of the log without the columns in which no row says anything."""
    said = [number < _NARROWEST for number in range(len(_HEADS))]
    for row in rows:
        said = [is_said or bool(cell.lines) for is_said, cell in zip(said, row, strict=True)]
    heads = [Cell((_line(head),), header="col", align="center") for head in _HEADS]
    lines = [Row(tuple(compress(heads, said)), head=True)]
    lines += [Row(tuple(compress(row, said))) for row in rows]
    return Table("disclosure", TITLE, tuple(compress(_WIDTHS, said)), tuple(lines))


def _totals(entries: Sequence[DisclosureEntry]) -> dict[Action, int]:
    """Return how many entries there are of each action that there is."""
    counts = Counter(entry.action for entry in entries)
    return {action: counts[action] for action in ACTIONS if counts[action]}


def _row(entry: DisclosureEntry) -> dict[str, Any]:
    fields = {
        "action": entry.action,
        "subject": entry.subject,
        "title": entry.title,
        "reason": entry.reason,
        "basis": entry.basis,
        "before": entry.before,
        "after": entry.after,
        "cause": entry.cause,
        "policy": _policy(entry),
        "places": list(entry.places),
    }
    return {name: value for name, value in fields.items() if value}


def _policy(entry: DisclosureEntry) -> str:
    return DEFAULT if entry.span == NOWHERE else str(entry.span)


_POLICIES = {1: "本单位的规定", 2: "本年度的规定", 3: "本报告的规定"}
"""Whose policy it is, by how many folders below data/ its file lies in."""


def _policy_said(entry: DisclosureEntry) -> str:
    """Return whose policy it is; file and line stand in the record for programs."""
    if entry.span == NOWHERE:
        return DEFAULT
    top, *folders, _ = entry.span.path.split("/")
    if top == "data":
        return _POLICIES.get(len(folders), _POLICIES[3])
    return "模板的规定"


def _cells(number: int, entry: DisclosureEntry, places: SpokenPlaces) -> Iterator[Cell]:
    cause = [f"由 {entry.cause} 推得"] if entry.cause else []
    lines = (
        [str(number)],
        [ACTIONS[entry.action]],
        [entry.title or entry.subject],
        [entry.reason, *cause],
        [entry.basis],
        _as_written(entry.before).split("\n"),
        entry.after.split("\n"),
        list(map(places.said, entry.places)),
        [_policy_said(entry)],
    )
    for column, texts in enumerate(lines):
        header: Literal["", "row"] = "row" if _HEADS[column] == "对象" else ""
        yield Cell(tuple(_line(text) for text in texts if text), header=header)


def _line(text: str) -> Inlines:
    return (Text(text),)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(_line(text))
