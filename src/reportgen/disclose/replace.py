"""Replaces terms in the whole of a document, and searches what came of it once more (D8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reportgen.disclose.edit import Edit, edit_lines, edited, joined
from reportgen.disclose.leftovers import Leftover, after_replacing, before_replacing
from reportgen.disclose.rewrite import Lines, Spot, rewrite
from reportgen.disclose.terms import Folded, Hit, Terms, fold
from reportgen.findings import Finding, Place, finding
from reportgen.model.disclosed import Entry, Secret
from reportgen.model.document import Document
from reportgen.model.policy import Replacement
from reportgen.model.source import NOWHERE


def replace_terms(
    document: Document, replacements: Iterable[Replacement], secrets: Iterable[Secret] = ()
) -> tuple[Document, tuple[Entry, ...], tuple[Finding, ...]]:
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

    def change(self, spot: Spot, lines: Lines) -> Lines:
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

    def entries(self) -> Iterator[Entry]:
        """Yield what was replaced, a term after the other."""
        for each in self.terms.replacements:
            if each in self.places:
                yield Entry(
                    action="replaced",
                    subject=each.term,
                    title="",
                    reason=each.ground.reason,
                    basis=each.ground.basis,
                    before=each.term,
                    after=each.shown,
                    mark=each.ground.mark,
                    places=tuple(self.places[each]),
                )

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each kind of leftover of a term, with its first place."""
        for each in self.terms.replacements:
            if each not in self.places:
                yield finding("D137", each.ground.mark, subject=each.term, term=each.term)
        kinds: dict[tuple[str, Replacement], list[Leftover]] = {}
        for left in self.left:
            kinds.setdefault((left.code, left.term), []).append(left)
        for (code, each), every in kinds.items():
            yield finding(
                code,
                each.ground.mark,
                *dict.fromkeys(
                    Place(at.spot.mark, "used") for at in every if at.spot.mark != NOWHERE
                ),
                subject=each.term,
                term=each.term,
                where=every[0].spot.where,
                text=every[0].text,
                count=len(every),
            )


def _edit(text: Folded, hit: Hit) -> Edit:
    assert hit.replacement is not None
    return Edit(*text.span(hit.start, hit.end), hit.replacement.shown)
