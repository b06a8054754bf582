"""The manual of codes: the text about one, the table of all, and the page docs/codes.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from reportgen.findings.codes import CODES, Code, Language
from reportgen.findings.excerpt import aligned
from reportgen.findings.renderers import HELP

if TYPE_CHECKING:
    from reportgen.findings.example_table import CodeExample, CodeExampleChange

EXAMPLE: Mapping[Language, str] = {"zh": "例如：", "en": "for example:"}

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
    "U": {"zh": "网站", "en": "site"},
    "A": {"zh": "审核他人文件", "en": "audit"},
    "O": {"zh": "总览", "en": "overview"},
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
    if code in _examples():
        changes, told = _examples()[code]
        parts.append("\n".join([EXAMPLE[language], *_change_lines(changes), told[language]]))
    return "\n\n".join(parts)


def _examples() -> Mapping[str, CodeExample]:
    from reportgen.findings.example_table import EXAMPLES  # noqa: PLC0415 - one command shows them

    return EXAMPLES


def _change_lines(changes: Iterable[CodeExampleChange]) -> Iterator[str]:
    """Yield what an example changes, file by file: the lines that stood there, those that do."""
    for path, before, after in changes:
        yield path
        yield from (f"- {line}" for line in before.split("\n") if before)
        yield from (f"+ {line}" for line in after.split("\n") if after)


def codes_table(language: Language) -> str:
    """Return one line a code: code, name, severity and message, in columns."""
    rows = []
    for code in _in_order(CODES.values()):
        message = code.message[language]
        rows.append((code.code, code.name, code.severity, message))
    return "\n".join(aligned(rows))


def codes_page(codes: Iterable[Code], examples: Mapping[str, CodeExample]) -> str:
    """Return docs/codes.md: every code in Chinese and English with its example, by letter."""
    return "\n".join(_page(codes, examples)) + "\n"


def _in_order(codes: Iterable[Code]) -> list[Code]:
    letters = list(LETTERS)
    return sorted(codes, key=lambda code: (letters.index(code.code[0]), code.code))


def _letter(code: Code) -> Mapping[Language, str]:
    return LETTERS[code.code[0]]


def _page(codes: Iterable[Code], examples: Mapping[str, CodeExample]) -> Iterator[str]:
    yield "<!-- Written by tools/make_docs.py from src/reportgen/findings/codes.yaml. -->"
    yield ""
    yield "# 检查代码 / Codes"
    yield ""
    yield "`reportgen explain 代码` 显示同样的说明。花括号里是每次填入的内容。"
    yield ""
    yield "`reportgen explain CODE` shows the same text. Braces hold what is filled in each time."
    letter = ""
    for code in _in_order(codes):
        if code.code[0] != letter:
            letter = code.code[0]
            yield f"\n## {letter} · {_letter(code)['zh']} / {_letter(code)['en']}"
        yield f"\n### {code.code} {code.name}"
        yield f"\n`{code.severity}`"
        yield from _texts(code, "zh")
        yield from _texts(code, "en")
        if code.code in examples:
            changes, told = examples[code.code]
            yield "\n".join(["\n```text", *_change_lines(changes), told["zh"], told["en"], "```"])


def _texts(code: Code, language: Language) -> Iterator[str]:
    yield f"\n> {_literal(code.message[language])}"
    yield f"\n{_literal(code.about[language])}"
    if code.help[language]:
        yield f"\n*{HELP[language].rstrip()}* {_literal(code.help[language])}"


def _literal(text: str) -> str:
    """Return `text` as Markdown that reads as it stands, but for its `code`."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    for index, part in enumerate(parts):
        if not part.startswith("`"):
            parts[index] = re.sub(r"([\\<>*_#|\[\]&])", r"\\\1", part)
    return "".join(parts)
