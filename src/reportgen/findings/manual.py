"""The manual of codes: the text about one, the table of all, and the page docs/codes.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.findings.codes import CODES, Code, Language
from reportgen.findings.excerpt import padded, width
from reportgen.findings.renderers import HELP

LETTERS: Mapping[str, Mapping[Language, str]] = {
    "J": {"zh": "任务", "en": "job"},
    "L": {"zh": "读取", "en": "load"},
    "S": {"zh": "数据格式", "en": "schema"},
    "F": {"zh": "公式", "en": "formula"},
    "R": {"zh": "勾稽关系", "en": "relation"},
    "N": {"zh": "文中的数", "en": "number in a text"},
    "T": {"zh": "模板", "en": "template"},
    "P": {"zh": "规定格式", "en": "prescribed form"},
    "W": {"zh": "输出", "en": "write"},
    "V": {"zh": "核验", "en": "verify"},
    "D": {"zh": "公开", "en": "disclosure"},
    "G": {"zh": "历史", "en": "history"},
    "X": {"zh": "电子表格", "en": "spreadsheet"},
    "Y": {"zh": "新年度", "en": "new year"},
}
"""What the first letter of a code says, in the order of the flow."""


def document_code(code: str, language: Language) -> str:
    """Return the text about `code` for a terminal; raises `KeyError` for one that is not."""
    entry = CODES[code]
    parts = [
        f"{entry.code} {entry.name} ({entry.severity}, {_letter(entry)[language]})",
        entry.message[language],
        entry.about[language].rstrip(),
    ]
    if entry.help[language]:
        parts.append(HELP[language] + entry.help[language])
    return "\n\n".join(parts)


def codes_table(language: Language) -> str:
    """Return one line a code: code, name, severity and message, in columns."""
    rows = [(c.code, c.name, c.severity, c.message[language]) for c in _in_order()]
    widths = [max(map(width, column), default=0) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(padded(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def codes_page() -> str:
    """Return docs/codes.md: every code in Chinese and English, by letter."""
    return "\n".join(_page()) + "\n"


def _in_order() -> list[Code]:
    letters = list(LETTERS)
    return sorted(CODES.values(), key=lambda code: (letters.index(code.code[0]), code.code))


def _letter(code: Code) -> Mapping[Language, str]:
    return LETTERS[code.code[0]]


def _page() -> Iterator[str]:
    yield "<!-- Written by tools/make_docs.py from src/reportgen/findings/codes.yaml. -->"
    yield ""
    yield "# 检查代码 / Codes"
    yield ""
    yield "`reportgen explain 代码` 显示同样的说明。花括号里是每次填入的内容。"
    yield ""
    yield "`reportgen explain CODE` shows the same text. Braces hold what is filled in each time."
    letter = ""
    for entry in _in_order():
        if entry.code[0] != letter:
            letter = entry.code[0]
            yield f"\n## {letter} · {_letter(entry)['zh']} / {_letter(entry)['en']}"
        yield f"\n### {entry.code} {entry.name}"
        yield f"\n`{entry.severity}`"
        for language in ("zh", "en"):
            yield from _texts(entry, language)


def _texts(entry: Code, language: Language) -> Iterator[str]:
    yield f"\n> {_literal(entry.message[language])}"
    yield f"\n{_literal(entry.about[language])}"
    if entry.help[language]:
        yield f"\n*{HELP[language].rstrip()}* {_literal(entry.help[language])}"


def _literal(text: str) -> str:
    """Return `text` as Markdown that reads as it stands, but for its `code`."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\<>*_#|\[\]&])", r"\\\1", part)
        for part in parts
    )
