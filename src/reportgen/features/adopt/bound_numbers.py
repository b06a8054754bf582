"""Binds the numbers of adopted narratives to facts and figures, by their value and their meaning.

A number that may mean several figures stays as it was typed and is told. What a bound text prints
is held to what was typed: a reference that would print anything else is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reportgen.check.numbers.classify import Classifier, TypedNumber
from reportgen.check.numbers.passages import passage
from reportgen.compose.environment import Environment
from reportgen.compose.errors import ERRORS, TemplateReader
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.features.adopt.adoption import AdoptedText, NotTaken
from reportgen.features.adopt.narrative import SectionText
from reportgen.findings import Diagnostics
from reportgen.model.figures import Ledger
from reportgen.model.rules import Allowed

_BOUND = ("bind", "year")
"""Kinds of numbers that are bound: the others are none, or would print another text."""


@dataclass(slots=True)
class BoundTexts:
    """Narratives with their numbers bound, how many were, and the numbers that may mean several."""

    texts: list[AdoptedText] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    bound: int = 0


def bound_texts(
    sections: Iterable[SectionText],
    ledger: Ledger,
    source: TemplateReader,
    allowed: Iterable[Allowed] = (),
) -> BoundTexts:
    """Return narratives with their numbers bound to the figures of `ledger`.

    `source` reads the templates that forms in them are made of.
    """
    classifier = Classifier(ledger, allowed)
    result = BoundTexts()
    for section in sections:
        numbers = tuple(classifier.numbers(passage(section.path, section.text)))
        result.not_taken += _of_several(numbers, section)
        sure = list(filter(_is_sure, numbers))
        chosen = _printing_the_same(section, sure, ledger, source)
        result.bound += len(chosen)
        text = _with_references(section.text, chosen)
        result.texts.append(AdoptedText(section.path, text, section.places))
    return result


def _is_sure(number: TypedNumber) -> bool:
    is_one = number.kind in _BOUND and number.sure
    return is_one and number.wording is not None and number.wording.same


def _of_several(numbers: Iterable[TypedNumber], section: SectionText) -> Iterator[NotTaken]:
    """Yield the numbers that agree with several figures, at the paragraph they stand in."""
    for number in numbers:
        if number.kind == "bind" and not number.sure and len(number.choices) > 1:
            place = section.places[number.span.line - 1]
            yield NotTaken(number.text, place, "@one_of_several")


def _with_references(text: str, numbers: Sequence[TypedNumber]) -> str:
    """Return a text in which numbers are references to their figures."""
    for number in reversed(numbers):
        assert number.wording is not None
        words = number.wording
        text = f"{text[: words.start]}{words.expression}{text[words.end :]}"
    return text


def _printing_the_same(
    section: SectionText, numbers: list[TypedNumber], ledger: Ledger, source: TemplateReader
) -> list[TypedNumber]:
    """Return the numbers, all or one after the other, that bound leave what is printed."""
    before = _printed(section, section.text, ledger, source)
    if _printed(section, _with_references(section.text, numbers), ledger, source) == before:
        return numbers
    chosen: list[TypedNumber] = []
    for number in numbers:
        text = _with_references(section.text, [*chosen, number])
        if _printed(section, text, ledger, source) == before:
            chosen.append(number)
    return chosen


def _printed(
    section: SectionText, text: str, ledger: Ledger, source: TemplateReader
) -> str | Exception:
    """Return what a narrative prints, values in place of references; an error where it cannot."""

    def read(path: str, log: Diagnostics) -> str | None:
        return text if path == section.path else source(path, log)

    tokens = Tokens()
    environment = Environment(read, tokens, View.of(ledger), Diagnostics())
    environment.globals["form"] = _no_form
    try:
        return tokens.text(environment.text(section.path).text)
    except ERRORS as error:
        return error


def _no_form(name: object = "", **_: object) -> str:
    return f"[{name}]"
