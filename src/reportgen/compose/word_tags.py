"""The tags of a Word form, held to what every template may say: names, filters, no calculations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes

from reportgen.compose import syntax
from reportgen.compose.errors import TemplateError
from reportgen.compose.filters import FILTERS, TESTS
from reportgen.compose.sums import SUM
from reportgen.findings import Diagnostics, finding
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import BoundedEnvironment
from reportgen.project.foreign_files import ForeignFileError
from reportgen.project.jinja_messages import faults
from reportgen.wordfile.diagnosis import diagnose
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import WordParagraph, field_codes, paragraphs

_MERGE_FIELD = re.compile(r"MERGEFIELD\s+\"?([^\s\"\\]+)")


class _TagEnvironment(BoundedEnvironment):
    """Compiles templates of one tag; nothing is rendered in it."""

    def __init__(self) -> None:
        super().__init__()
        self.filters |= {**FILTERS, "join": None, SUM: None}
        self.tests = {**TESTS, "defined": lambda value: value}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return syntax.parse(
            super()._parse, source, SourceSpan(filename or name or "-"), places=False
        )


def diagnose_form(path: str, data: bytes, log: Diagnostics) -> WordFile | None:
    """Return the Word form at `path`, None for what is none; the log says what is wrong with it."""
    try:
        file = WordFile.read(data)
        texts = [each for each in paragraphs(file) if not each.copy]
    except ForeignFileError as error:
        log.add(finding("T140", SourceSpan(path, 0, 0), **error.params))
        return None
    diagnose(path, texts, _judge, log)
    for text in texts:
        _tell_merge_fields(path, text, log)
    return file


def _tell_merge_fields(path: str, paragraph: WordParagraph, log: Diagnostics) -> None:
    """Log the fields of a mail merge that show something else than their names."""
    for name in _MERGE_FIELD.findall(field_codes(paragraph.element)):
        if f"«{name}»" not in paragraph.text:
            span = SourceSpan(path, paragraph.line, place=paragraph.place)
            params = {"found": f"MERGEFIELD {name}", "instead": f"{{{{ {name} }}}}"}
            log.add(finding("T151", span, tool="@w_merge", **params))  # type: ignore[arg-type]


def _judge(source: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is wrong with a template of one tag, as the code and parameters of a finding."""
    try:
        yield from faults(_TagEnvironment(), source)
    except TemplateError as error:
        yield error.code, error.params
