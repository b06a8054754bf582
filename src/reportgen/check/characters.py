"""Characters that no font shows, or few: told where somebody typed them.

Which characters those are, the fonts say. A character stands in a fact, or in a text of the unit or
the pack; where it is written in another way (as an escape), the text that prints it is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from reportgen.findings import Finding, RelatedLocation
from reportgen.model.document import Document
from reportgen.model.figures import Fact
from reportgen.model.frozen import frozen
from reportgen.model.locations import located_texts
from reportgen.model.source import SourceSpan

_ESCAPE = re.compile(r"&#|\\[uUxN]")
"""How HTML, YAML and Jinja write a character by its number."""
_MOST = 20
"""How many places of a character are told."""
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_YAML_COMMENT = re.compile(r"(?<!\S)#.*")


@frozen
class TypedTexts:
    """What a document was made of: `texts` by their paths, `facts`, and the files by `shown`."""

    document: Document
    texts: Mapping[str, str]
    facts: Collection[Fact]
    shown: Callable[[str], str | None]

    @property
    def are_usual(self) -> bool:
        """Return whether no character of theirs, and none by its number, lies beyond GBK.

        A document is made of nothing else; GBK is what every font has.
        """
        values = [fact.value for fact in self.facts if isinstance(fact.value, str)]
        try:
            "".join([*self.texts.values(), *values]).encode("gbk")
        except UnicodeEncodeError:
            return False
        return not any(map(_ESCAPE.search, self.texts.values()))

    def placed(self, problem: Finding, char: str) -> Finding:
        """Return `problem`, which is about `char`, at the places where that is typed."""
        spans = sorted({*self._in_facts(char), *self._in_texts(char)})
        first, *others = spans[:_MOST] or [*self._printed(char), problem.span][:1]
        further = [RelatedLocation(span, "other") for span in others]
        return replace(problem, places=(RelatedLocation(first), *further))

    def _in_facts(self, char: str) -> Iterator[SourceSpan]:
        """Yield the place of `char` in each fact that holds it; last year's are not printed."""
        for fact in self.facts:
            held = isinstance(fact.value, str) and char in fact.value
            if held and fact.span.line and not fact.key.startswith("prior."):
                yield self._within(fact.span, char)

    def _within(self, span: SourceSpan, char: str) -> SourceSpan:
        """Return the first place of `char` in its file from the start of `span` on."""
        lines = (self.shown(span.path) or "").splitlines()[span.line - 1 :]
        for number, line in enumerate(lines):
            at = line.find(char, span.column - 1 if number == 0 else 0)
            if at >= 0:
                return _one_character(span.path, span.line + number, at + 1)
        return span

    def _in_texts(self, char: str) -> Iterator[SourceSpan]:
        """Yield every place of `char` in the texts, comments left out."""
        for path, text in self.texts.items():
            if char not in text:
                continue
            for number, line in enumerate(_without_comments(path, text).splitlines(), 1):
                for match in re.finditer(re.escape(char), line):
                    yield _one_character(path, number, match.start() + 1)

    def _printed(self, char: str) -> Iterator[SourceSpan]:
        """Yield where the texts come from that print `char`."""
        for text in located_texts(self.document):
            if char in text.text and text.span.line:
                yield text.span


def _one_character(path: str, line: int, column: int) -> SourceSpan:
    return SourceSpan(path, line, column, line, column + 1)


def _without_comments(path: str, text: str) -> str:
    """Return `text` with blanks for its comments."""
    text = _COMMENT.sub(_blank, text)
    return _YAML_COMMENT.sub(_blank, text) if path.endswith((".yaml", ".yml")) else text


def _blank(comment: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", comment[0])
