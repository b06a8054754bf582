"""Puts other words into lines of inlines, wherever a term begins and ends in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from reportgen.disclose.leftovers import Leftover, SearchedText, after_replacing, before_replacing
from reportgen.disclose.terms import Folded, Substitution, TermMatch, Terms
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.disclosed import DisclosureEntry, Secret
from reportgen.model.document import Break, Document, Inline, Inlines, Strong, Text, Value, plain
from reportgen.model.locations import DocumentLocation
from reportgen.model.policy import Replacement
from reportgen.model.rewrite import Lines, rewrite_document
from reportgen.model.source import NOWHERE


def joined(lines: Lines) -> str:
    """Return `lines` as the one text whose characters substitutions count."""
    return "\n".join(map(plain, lines))


def substitute_in_text(
    text: str, substitutions: tuple[Substitution, ...]
) -> tuple[str, tuple[Substitution, ...]]:
    """Return `text` after `substitutions`, which are in order, and those as they stand in it."""
    parts: list[str] = []
    moved: list[Substitution] = []
    at = length = 0
    for each in substitutions:
        parts += (text[at : each.start], each.term.shown)
        start = length + each.start - at
        length = start + len(each.term.shown)
        moved.append(Substitution(start, length, each.term))
        at = each.end
    parts.append(text[at:])
    return "".join(parts), tuple(moved)


def substitute_in_lines(
    lines: Lines, substitutions: tuple[Substitution, ...]
) -> tuple[Lines, tuple[tuple[Substitution, Value], ...]]:
    """Return as many lines after `substitutions`, and the figures that one would cut in two.

    Words for what is split over inlines stand where it begins; line breaks stay. A figure
    that is covered as a whole is a figure no more.
    """
    editor = _Editor(substitutions)
    edited: list[Inlines] = []
    for line in lines:
        edited.append(tuple(editor.inlines(line)))
        editor.at += 1
    return tuple(edited), tuple(editor.cut)


class _Editor:
    """Reads inlines on from character `at` and yields them with the words put for terms."""

    def __init__(self, substitutions: tuple[Substitution, ...]) -> None:
        self.substitutions = substitutions
        self.at = 0
        self.cut: list[tuple[Substitution, Value]] = []

    def inlines(self, inlines: Inlines) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Text(text):
                    yield from _text_left(self._replaced(text), text)
                case Value():
                    yield from self._value(inline)
                case Strong(inner):
                    yield from self._strong(inner)
                case Break():
                    self.at += 1
                    yield inline
                case _:
                    assert_never(inline)

    def _strong(self, inner: Inlines) -> Iterator[Inline]:
        edited = tuple(self.inlines(inner))
        if edited or not inner:
            yield Strong(edited)

    def _value(self, value: Value) -> Iterator[Inline]:
        start, end = self.at, self.at + len(value.text)
        reaching = self._reaching(start, end)
        text = self._replaced(value.text)
        if not reaching:
            yield value
        elif reaching[0].covers(start, end):
            yield from _text_left(text, value.text)
        else:
            self._note_cut(value, reaching)
            yield replace(value, text=text)

    def _note_cut(self, value: Value, reaching: tuple[Substitution, ...]) -> None:
        if value.number:
            for each in reaching:
                self.cut.append((each, value))

    def _replaced(self, text: str) -> str:
        """Return the next piece of text after all substitutions that reach into it."""
        start, end = self.at, self.at + len(text)
        self.at = end
        parts: list[str] = []
        done = start
        for each in self._reaching(start, end):
            parts.append(text[done - start : max(each.start - start, 0)])
            if each.start >= start:
                parts.append(each.term.shown)
            done = min(each.end, end)
        parts.append(text[done - start :])
        return "".join(parts)

    def _reaching(self, start: int, end: int) -> tuple[Substitution, ...]:
        return tuple(each for each in self.substitutions if each.reaches_into(start, end))


def _text_left(text: str, before: str) -> Iterator[Inline]:
    """Yield what is left of a text; one that was empty before is as good as it was."""
    if text or not before:
        yield Text(text)


def replaced(text: str, terms: Terms) -> str:
    """Return a text that no document prints, such as a title, with every term replaced."""
    folded = Folded.of(text)
    substitutions = tuple(_substitutions(folded, terms.find(folded.folded)))
    return substitute_in_text(text, substitutions)[0] if substitutions else text


def replace_terms(
    document: Document,
    replacements: Iterable[Replacement],
    secrets: Iterable[Secret],
    log: Diagnostics,
) -> tuple[Document, tuple[DisclosureEntry, ...]]:
    """Return `document` with every term replaced, and an entry of the disclosure log a term.

    All terms are replaced at once, the longest first, in every text that a file may show.
    Findings are D130–D137.
    """
    terms = Terms(replacements)
    if not terms.replacements:
        return document, ()
    replacer = _TermReplacer(terms, secrets)
    result = rewrite_document(document, replacer.rewrite)
    log.extend(replacer.findings())
    return result, tuple(replacer.entries())


class _TermReplacer:
    """Replaces terms text by text and notes where, and what is left of them."""

    def __init__(self, terms: Terms, secrets: Iterable[Secret]) -> None:
        self.terms = terms
        self.secrets = tuple(secret for secret in secrets if not terms.has(secret.text))
        self.places: dict[Replacement, dict[str, None]] = {}
        self.leftovers: list[Leftover] = []

    def rewrite(self, location: DocumentLocation, lines: Lines) -> Lines:
        """Return `lines` with their terms replaced."""
        searched = SearchedText(location, Folded.of(joined(lines)))
        if not searched.text.folded:
            return lines
        matches = self.terms.find(searched.text.folded)
        self.leftovers += before_replacing(searched, matches, self.terms)
        substitutions = tuple(_substitutions(searched.text, matches))
        if not substitutions:
            return lines
        return self._substituted(searched, lines, substitutions)

    def _substituted(
        self, searched: SearchedText, lines: Lines, substitutions: tuple[Substitution, ...]
    ) -> Lines:
        location = searched.location
        for each in substitutions:
            self.places.setdefault(each.term, {})[location.where] = None
        result, cut = substitute_in_lines(lines, substitutions)
        for substitution, value in cut:
            self.leftovers.append(Leftover("D135", substitution.term, location, value.text))
        text, moved = substitute_in_text(searched.text.text, substitutions)
        self.leftovers += after_replacing(searched, text, moved, self.terms, self.secrets)
        return result

    def entries(self) -> Iterator[DisclosureEntry]:
        """Yield what was replaced, a term after the other."""
        for term in self.terms.replacements:
            if term in self.places:
                yield DisclosureEntry(
                    action="replaced",
                    subject=term.term,
                    title="",
                    reason=term.ground.reason,
                    basis=term.ground.basis,
                    before=term.term,
                    after=term.shown,
                    span=term.ground.span,
                    places=tuple(self.places[term]),
                )

    def findings(self) -> Iterator[Finding]:
        """Yield D137 for a term that is nowhere, then a finding for each kind of leftover."""
        for term in self.terms.replacements:
            if term not in self.places:
                yield finding("D137", term.ground.span, subject=term.term, term=term.term)
        kinds: dict[tuple[str, Replacement], list[Leftover]] = {}
        for leftover in self.leftovers:
            kinds.setdefault((leftover.code, leftover.term), []).append(leftover)
        for leftovers in kinds.values():
            yield _finding_of_kind(leftovers)


def _substitutions(text: Folded, matches: tuple[TermMatch, ...]) -> Iterator[Substitution]:
    """Yield what is to be replaced in the printed text: each match but kept words."""
    for match in matches:
        if match.replacement:
            start, end = text.span(match.start, match.end)
            yield Substitution(start, end, match.replacement)


def _finding_of_kind(leftovers: list[Leftover]) -> Finding:
    """Return one finding for leftovers of one code and term, with the words of the first."""
    first = leftovers[0]
    places: dict[RelatedLocation, None] = {}
    for leftover in leftovers:
        if leftover.location.span != NOWHERE:
            places[RelatedLocation(leftover.location.span, "used")] = None
    return finding(
        first.code,
        first.term.ground.span,
        *places,
        subject=first.term.term,
        term=first.term.term,
        where=first.location.where,
        text=first.text,
        count=len(leftovers),
    )
