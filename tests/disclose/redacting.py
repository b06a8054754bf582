"""Policies and documents for the tests of redaction, as tersely as one writes them."""

from __future__ import annotations

from typing import Any

from builders import facts, ledger
from logged import redact_document
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.document import Block, Cell, Document, Paragraph, Row, Table, Text
from reportgen.model.policy import Ground, Policy, Replacement, Withhold
from reportgen.model.source import SourceSpan

MARK = SourceSpan("data/bureau/disclosure.yaml", 3, 5)
GROUND = Ground("不宜公开", "政府信息公开条例第十四条", MARK)
LEDGER = ledger(facts({}))


def term(word: str, shown: str, *keep: str, initials: tuple[str, ...] = ()) -> Replacement:
    return Replacement(GROUND, word, shown, initials, keep)


def withhold(**part: str) -> Withhold:
    return Withhold(GROUND, **part)


def document(*blocks: Block, **more: Any) -> Document:
    """Return a document of `blocks` about nothing."""
    about: dict[str, Any] = {
        "title": ("报告",),
        "language": "zh-CN",
        "subject": "自评",
        "organization": "某局",
        "date": "2024-06-28",
        "audience": "public",
        **more,
    }
    return Document(blocks=blocks, **about)


def paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def table(*rows: str, head: int = 1, **more: Any) -> Table:
    """Return a table of single cells from rows like `甲|乙`, the first `head` of them heads."""
    cells = [[Cell(((Text(text),),)) for text in row.split("|")] for row in rows]
    lines = tuple(Row(tuple(row), head=n < head) for n, row in enumerate(cells))
    widths = tuple(range(1, len(cells[0]) + 1))
    return Table("form", more.pop("caption", "表"), widths, lines, **more)


def redacted(of: Document, *wishes: Withhold | Replacement, secrets: tuple[str, ...] = (), **more):
    """Return what is left of `of` for the public, the log and the findings."""
    policy = Policy(
        withhold=tuple(w for w in wishes if isinstance(w, Withhold)),
        replacements=tuple(w for w in wishes if isinstance(w, Replacement)),
        **more,
    )
    hidden = tuple(Secret(text, text, text) for text in secrets)
    return redact_document(of, Disclosed(LEDGER, of.audience, policy, secrets=hidden))
