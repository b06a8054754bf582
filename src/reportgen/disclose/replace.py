"""Puts other words into lines of inlines, wherever a term begins and ends in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from reportgen.disclose.leftovers import Leftover, after_replacing, before_replacing
from reportgen.disclose.rewrite import DocumentLocation, Lines, rewrite
from reportgen.disclose.terms import Folded, TermMatch, Terms, fold
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.disclosed import DisclosureEntry, Secret
from reportgen.model.document import Break, Document, Inline, Inlines, Strong, Text, Value, plain
from reportgen.model.policy import Replacement
from reportgen.model.source import NOWHERE


@dataclass(frozen=True, slots=True)
class Substitution:
    """The words `shown` for what stands from `start` to `end` of the lines read as one text."""

    start: int
    end: int
    shown: str


def joined(lines: tuple[Inlines, ...]) -> str:
    """Return `lines` as the one text whose places edits count."""
    return "\n".join(map(plain, lines))


def edited(text: str, edits: tuple[Substitution, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return `text` after `edits`, which are in order, and where their words stand in it."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = length = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.shown)
        start = length + edit.start - at
        length = start + len(edit.shown)
        spans.append((start, length))
        at = edit.end
    return "".join((*parts, text[at:])), tuple(spans)


def edit_lines(
    lines: tuple[Inlines, ...], edits: tuple[Substitution, ...]
) -> tuple[tuple[Inlines, ...], tuple[tuple[Substitution, Value], ...]]:
    """Return as many lines after `edits`, and the figures that an edit would cut in two.

    Words for what is split over inlines stand where it begins; line breaks stay. A figure
    that is covered as a whole is a figure no more.
    """
    editor = _Editor(edits)
    result: list[Inlines] = []
    for line in lines:
        result.append(tuple(editor.inlines(line)))
        editor.at += 1
    return tuple(result), tuple(editor.cut)


@dataclass(slots=True)
class _Editor:
    edits: tuple[Substitution, ...]
    at: int = 0
    cut: list[tuple[Substitution, Value]] = field(default_factory=list)

    def inlines(self, inlines: Inlines) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Text(text):
                    yield from _text(self._text(text), text)
                case Value():
                    yield from self._value(inline)
                case Strong(inner):
                    strong = tuple(self.inlines(inner))
                    if strong or not inner:
                        yield Strong(strong)
                case Break():
                    self.at += 1
                    yield inline
                case _:
                    assert_never(inline)

    def _text(self, text: str) -> str:
        """Return the next piece of text after all edits that reach into it."""
        start, end = self.at, self.at + len(text)
        self.at = end
        parts: list[str] = []
        done = start
        for edit in self._reaching(start, end):
            parts.append(text[done - start : max(edit.start - start, 0)])
            if edit.start >= start:
                parts.append(edit.shown)
            done = min(edit.end, end)
        return "".join((*parts, text[done - start :])) if parts else text

    def _value(self, value: Value) -> Iterator[Inline]:
        start, end = self.at, self.at + len(value.text)
        reaching = self._reaching(start, end)
        text = self._text(value.text)
        if not reaching:
            yield value
        elif reaching[0].start <= start and reaching[0].end >= end:
            yield from _text(text, value.text)
        else:
            if value.number:
                self.cut.extend((edit, value) for edit in reaching)
            yield replace(value, text=text)

    def _reaching(self, start: int, end: int) -> tuple[Substitution, ...]:
        return tuple(edit for edit in self.edits if edit.start < end and start < edit.end)


def _text(text: str, before: str) -> Iterator[Inline]:
    """Yield what is left of a text; one that was empty before is as good as it was."""
    if text or not before:
        yield Text(text)


def replace_terms(
    document: Document, replacements: Iterable[Replacement], secrets: Iterable[Secret] = ()
) -> tuple[Document, tuple[DisclosureEntry, ...], tuple[Finding, ...]]:
    """Return `document` with every term replaced, an entry a term, and findings (D130–D137).

    All terms are replaced at once, the longest first, in every text that a file may show.
    """
    terms = Terms(replacements)
    if not terms.replacements:
        return document, (), ()
    words = {fold(each.term) for each in terms.replacements}
    work = _Work(terms, tuple(each for each in secrets if fold(each.text) not in words))
    result = rewrite(document, work.change)
    return result, tuple(work.entries()), tuple(work.findings())


@dataclass(slots=True)
class _Work:
    terms: Terms
    secrets: tuple[Secret, ...]
    places: dict[Replacement, dict[str, None]] = field(default_factory=dict)
    left: list[Leftover] = field(default_factory=list)

    def change(self, spot: DocumentLocation, lines: Lines) -> Lines:
        """Return `lines` with their terms replaced; note where, and what is left to say."""
        before = Folded.of(joined(lines))
        if not before.folded:
            return lines
        hits = self.terms.find(before.folded)
        self.left += before_replacing(spot, before, hits, self.terms)
        done = [(hit.replacement, _edit(before, hit)) for hit in hits if hit.replacement]
        if not done:
            return lines
        edits = tuple(edit for _, edit in done)
        by_edit = {edit: replacement for replacement, edit in done}
        for replacement, _ in done:
            self.places.setdefault(replacement, {})[spot.where] = None
        result, cut = edit_lines(lines, edits)
        self.left += (Leftover("D135", by_edit[edit], spot, value.text) for edit, value in cut)
        after, spans = edited(before.text, edits)
        shown = tuple((span, r) for span, (r, _) in zip(spans, done, strict=True))
        self.left += after_replacing(spot, before, after, shown, self.terms, self.secrets)
        return result

    def entries(self) -> Iterator[DisclosureEntry]:
        """Yield what was replaced, a term after the other."""
        for each in self.terms.replacements:
            if each in self.places:
                yield DisclosureEntry(
                    action="replaced",
                    subject=each.term,
                    title="",
                    reason=each.ground.reason,
                    basis=each.ground.basis,
                    before=each.term,
                    after=each.shown,
                    span=each.ground.span,
                    places=tuple(self.places[each]),
                )

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each kind of leftover of a term, with its first place."""
        for each in self.terms.replacements:
            if each not in self.places:
                yield finding("D137", each.ground.span, subject=each.term, term=each.term)
        kinds: dict[tuple[str, Replacement], list[Leftover]] = {}
        for left in self.left:
            kinds.setdefault((left.code, left.term), []).append(left)
        for (code, each), every in kinds.items():
            yield finding(
                code,
                each.ground.span,
                *dict.fromkeys(
                    RelatedLocation(at.spot.span, "used") for at in every if at.spot.span != NOWHERE
                ),
                subject=each.term,
                term=each.term,
                where=every[0].spot.where,
                text=every[0].text,
                count=len(every),
            )


def _edit(text: Folded, hit: TermMatch) -> Substitution:
    assert hit.replacement is not None
    return Substitution(*text.span(hit.start, hit.end), hit.replacement.shown)
