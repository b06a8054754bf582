"""What is to be proven of the files of a document: what they may not hold, and what they may.

What an author typed is found in the document already, at its place, before any file is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, product
from operator import attrgetter

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.folding import BORDER, even, place_of
from reportgen.language.numbers import first_number
from reportgen.language.personal import may_be_person
from reportgen.language.personal_marks import DOUBTFUL, personal_data
from reportgen.language.personal_numbers import PersonalNumber
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document, Inlines, Strong, Text, Value, plain, values
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.locations import DocumentLocation, LocatedText, located_text, located_texts
from reportgen.model.rewrite import Lines, rewrite_document
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.verify.amounts import AmountTargets
from reportgen.verify.leaks import Leak, find_leaks, find_likely_names
from reportgen.verify.part import Part
from reportgen.verify.spellings import SearchTargets, released_texts, search_targets

_LEFT_OVER = frozenset({"D130", "D131", "D132", "D133", "D134", "D135", "D136"})
"""What is told of terms that were not replaced as they should be."""
_NO_CHANCE = 4
"""Digits from which a figure that rounds to another, or is it in another unit, is hardly chance."""
_FIRST_DIGITS = re.compile(r"^[0-9.]{3,}")


@frozen
class Proof:
    """What to prove of the files of a document: what to search for, and what may stand there.

    `printed` are its figures as they are printed; `free` the digits of figures and of released
    texts, which are no numbers of persons; `known` those found in its texts already; `makers` may
    be named as authors.
    """

    targets: SearchTargets
    public: bool
    printed: tuple[str, ...] = ()
    free: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    office_phone: bool = False


Sources = Mapping[str, str]
"""Texts that a document was composed from, by path."""


def proof(document: Document, disclosed: Disclosed, sources: Sources, log: Diagnostics) -> Proof:
    """Return what is to be proven; the log gets what is wrong before any file is made.

    D103 tells of what cannot be searched for, D104 of numbers of persons in the texts.
    """
    texts = tuple(_all_texts(document))
    figures = tuple(_printed_figures(texts))
    printed = tuple(dict.fromkeys(value.text for value in figures))
    policy = disclosed.policy
    properties = policy.properties.values()
    measures = (value.text for value in figures if _is_measure(value, disclosed.ledger))
    to_prove = Proof(
        targets=search_targets(disclosed, printed),
        public=disclosed.audience == "public",
        printed=printed,
        free=frozenset(map(letters, (*measures, *released_texts(policy)))),
        makers=frozenset({"", document.properties.creator, document.organization, *properties}),
        office_phone=bool(policy.office_phone),
    )
    log.extend(_not_searchable(to_prove.targets))
    typed = _Typed(disclosed.ledger, sources)
    log.extend(_new(_told_secrets(texts, to_prove.targets, typed), log))
    log.extend(_likely_names(texts, to_prove.targets, typed))
    log.extend(_once_a_place(_told_figures(texts, to_prove.targets.amounts, disclosed.ledger)))
    if not to_prove.public:
        return to_prove
    return replace(to_prove, known=_known_numbers(texts, to_prove, typed, log))


def _not_searchable(targets: SearchTargets) -> Iterator[Finding]:
    for secret, why in targets.unsearched:
        key, title = secret.key, secret.title
        yield finding("D103", secret.span, subject=key, key=key, title=title, why=why)


def _new(leaks: Iterable[Finding], log: Diagnostics) -> tuple[Finding, ...]:
    """Return those of `leaks` of which `log` does not know the cause: one cause, one finding."""
    left_over = {each.subject for each in log if each.code in _LEFT_OVER}
    return tuple(leak for leak in leaks if leak.subject not in left_over)


def _is_measure(value: Value, ledger: Ledger) -> bool:
    """Return whether a printed figure was worked out or has a unit, unlike a typed telephone."""
    figure = ledger.figures.get(value.key)
    return figure is None or figure.kind != "fact" or bool(str(figure.unit))


# Where it was typed


@dataclass(frozen=True)
class _Typed:
    """What authors typed: the facts of a ledger, and the texts that a document is made of."""

    ledger: Ledger
    sources: Sources

    @cached_property
    def facts(self) -> list[tuple[str, SourceSpan]]:
        """Return each fact that is not blank, as it is printed, and where it stands."""
        facts: Mapping[str, Fact | Figure] = {**self.ledger.texts, **self.ledger.figures}
        typed = [(_as_typed(fact), fact.span) for fact in facts.values()]
        return [(text, span) for text, span in typed if text]

    def place(self, words: Iterable[str], text: LocatedText) -> SourceSpan:
        """Return where one of `words`, which `text` prints, was typed, else where that comes from.

        Words are those of a solid text.
        """
        wanted = list(filter(None, words))
        printed = [word for word in wanted if place_of(word, text.text)]
        return self._in_fact(wanted, text) or self._in_source(printed, text.span) or text.span

    def _in_fact(self, words: list[str], text: LocatedText) -> SourceSpan | None:
        for typed, span in self.facts:
            if typed in text.text and _holds_any(words, typed):
                return span
        return None

    def _in_source(self, words: list[str], span: SourceSpan) -> SourceSpan | None:
        """Return where one of `words` stands in the source that `span` is of, from there on."""
        paths = [span.path] if span.path in self.sources else list(self.sources)
        first = span.line if span.path in self.sources else 1
        for path, word in product(paths, words):
            if place := place_of(word, self.sources[path], first):
                return SourceSpan(path, *place)
        return None


def _as_typed(fact: Fact | Figure) -> str:
    return fact.text if isinstance(fact, Figure) else str(fact.value or "")


def _holds_any(words: list[str], typed: str) -> bool:
    held = letters(typed)
    return any(letters(word) in held for word in words)


# Secrets


def _told_secrets(
    texts: tuple[LocatedText, ...], targets: SearchTargets, typed: _Typed
) -> Iterator[Finding]:
    """Yield D101 or D108 for each secret that texts of a document tell, where it is typed."""
    whole = Part.of("", (text.text for text in texts))
    for key in dict.fromkeys(leak.secret.key for leak in find_leaks(whole, targets)):
        yield from _once_a_place(_told_of_key(texts, targets.of(key), typed))


def _told_of_key(
    texts: tuple[LocatedText, ...], targets: SearchTargets, typed: _Typed
) -> Iterator[Finding]:
    words = [word.text for word in (*targets.words, *targets.codes)]
    for text, leak in _telling(texts, targets):
        # What was written again in another form stands there with its first digits at least.
        digits = _FIRST_DIGITS.findall(leak.text)
        yield _told(typed.place([*words, leak.text, *digits], text), text, leak)


def _once_a_place(findings: Iterable[Finding]) -> Iterable[Finding]:
    places: dict[SourceSpan, Finding] = {}
    for each in findings:
        places.setdefault(each.span, each)
    return places.values()


def _telling(
    texts: tuple[LocatedText, ...], targets: SearchTargets
) -> Iterator[tuple[LocatedText, Leak]]:
    """Yield the texts that tell one of `targets`; where none does alone, the first of several."""
    alone = tuple(_windows(texts, targets, 1))
    if alone:
        yield from alone
        return
    sizes = (2, 4, 8, len(texts))
    yield from islice(chain.from_iterable(_windows(texts, targets, size) for size in sizes), 1)


def _windows(
    texts: tuple[LocatedText, ...], targets: SearchTargets, size: int
) -> Iterator[tuple[LocatedText, Leak]]:
    """Yield the first of so many texts in a row, and what they tell together."""
    for at, text in enumerate(texts):
        together = Part.of(text.where, (each.text for each in texts[at : at + size]))
        leaks = sorted(find_leaks(together, targets), key=attrgetter("sure"), reverse=True)
        for leak in leaks[:1]:
            yield text, leak


def _told(span: SourceSpan, text: LocatedText, leak: Leak) -> Finding:
    secret = leak.secret
    places = () if span == NOWHERE else (RelatedLocation(secret.span, "kept"),)
    return finding(
        "D101" if leak.sure else "D108",
        span if places else secret.span,
        *places,
        subject=secret.key,
        key=secret.key,
        title=secret.title,
        file="@document",
        part=text.where,
        manner=leak.manner,
        unit=leak.symbol if leak.manner in ("@converted", "@rounded") else "",
    )


def _likely_names(
    texts: tuple[LocatedText, ...], targets: SearchTargets, typed: _Typed
) -> Iterator[Finding]:
    """Yield D107 for each text that may tell a secret name in short."""
    for text in texts if targets.likely else ():
        for secret, form in find_likely_names(Part.of(text.where, (text.text,)), targets):
            yield finding(
                "D107",
                typed.place([form], text),
                RelatedLocation(secret.span, "kept"),
                subject=secret.key,
                key=secret.key,
                title=secret.title,
                form=form,
                where=text.where,
            )


def _told_figures(
    texts: tuple[LocatedText, ...], amounts: AmountTargets, ledger: Ledger
) -> Iterator[Finding]:
    """Yield D108 for each typed figure with enough digits that may be a secret in other words.

    What is printed as a figure is open, so texts may repeat it.
    """
    targets = AmountTargets(numbers=amounts.numbers)
    for text in texts if amounts.numbers else ():
        for figure in _typed_figures(text, ledger):
            yield from _told_by_figure(figure, text, targets)


def _typed_figures(text: LocatedText, ledger: Ledger) -> Iterator[Figure]:
    for value in values(text.inlines):
        figure = ledger.figures.get(value.key)
        if figure is not None and figure.kind == "fact":
            yield figure


def _told_by_figure(figure: Figure, text: LocatedText, targets: AmountTargets) -> Iterator[Finding]:
    number = first_number(figure.text)
    if number is None or number.weight < _NO_CHANCE:
        return
    for secret, manner, symbol, _ in targets.told_by(number):
        leak = Leak(secret, text.where, manner, symbol, sure=False)
        yield _told(figure.span, text, leak)


# Numbers of persons


def _known_numbers(
    texts: tuple[LocatedText, ...], to_prove: Proof, typed: _Typed, log: Diagnostics
) -> frozenset[str]:
    """Return the numbers of persons in the texts of a document, each a D104 or D106."""
    known: set[str] = set()
    log.extend(_told_names(texts, to_prove, typed.ledger))
    for text in texts:
        for number in unallowed_numbers(even(_typed(text.inlines, typed.ledger)), to_prove):
            known.add(number.plain)
            log.add(personal_number(number, text.where, typed.place([number.text], text)))
    return frozenset(known)


def _told_names(
    texts: tuple[LocatedText, ...], to_prove: Proof, ledger: Ledger
) -> Iterator[Finding]:
    """Yield D106 for each fact that may name a person, where it is printed first."""
    for fact in ledger.texts.values():
        name = _as_typed(fact)
        if may_be_person(fact.key, name) and not any(name in free for free in to_prove.free):
            yield from islice(_name_told(name, fact.span, texts), 1)


def _name_told(name: str, span: SourceSpan, texts: Iterable[LocatedText]) -> Iterator[Finding]:
    for text in texts:
        if name in text.text:
            yield personal_number(PersonalNumber("@person", name), text.where, span)


def unallowed_numbers(
    text: str, to_prove: Proof, *, technical: bool = False
) -> Iterator[PersonalNumber]:
    """Yield the numbers of persons in an even text that nothing allows."""
    for number in personal_data(text, technical=technical):
        if number.kind == "@landline" and to_prove.office_phone:
            continue
        if not _is_free(number, to_prove.free):
            yield number


def _is_free(number: PersonalNumber, free: frozenset[str]) -> bool:
    """Return whether a number stands in a figure or a released text, or is a row of figures."""
    groups = re.findall(r"\d+", number.text)
    if len(groups) > 1 and free.issuperset(groups):
        return True
    return any(number.plain in allowed for allowed in free)


def personal_number(number: PersonalNumber, where: str, span: SourceSpan = NOWHERE) -> Finding:
    """Return D104 for a number of a person that stands at `where`, D106 for what may be one."""
    code, hint = "D106" if number.kind in DOUBTFUL else "D104", number.hint
    return finding(code, span, subject=hint, kind=number.kind, hint=hint, where=where)


def letters(text: str) -> str:
    """Return the letters and digits of a text in their even form."""
    return re.sub(r"[\W_]", "", even(text))


def _all_texts(document: Document) -> Iterator[LocatedText]:
    """Yield every text of a document with its place: of charts, captions and properties too."""
    yield located_text(document.name, (Text(document.name),))
    seen: set[str] = set()
    for text in located_texts(document):
        seen.add(text.text)
        yield text
    for location, line in _every_line(document):
        if plain(line).replace("\n", "") not in seen:
            yield LocatedText(location, line)


def _every_line(document: Document) -> Iterable[tuple[DocumentLocation, Inlines]]:
    """Return each line of everything that a file may show."""
    found: list[tuple[DocumentLocation, Inlines]] = []

    def note(location: DocumentLocation, lines: Lines) -> Lines:
        found.extend((location, line) for line in lines)
        return lines

    rewrite_document(document, note)
    return found


def _printed_figures(texts: Iterable[LocatedText]) -> Iterator[Value]:
    for text in texts:
        yield from values(text.inlines)


def _typed(inlines: Inlines, ledger: Ledger) -> str:
    """Return what was typed, a border in the place of each figure that measures something."""
    pieces = []
    for inline in inlines:
        match inline:
            case Value() if _is_measure(inline, ledger):
                pieces.append(BORDER)
            case Strong(inner):
                pieces.append(_typed(inner, ledger))
            case _:
                pieces.append(plain((inline,)))
    return "".join(pieces)
