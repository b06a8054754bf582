"""What is to be proven of the files of a document: what they may not hold, and what they may.

What an author typed is found in the document already, at its place, before any file is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.folding import BORDER, even, solid
from reportgen.language.personal import DOUBTFUL, may_be_person, personal_data
from reportgen.language.personal_numbers import PersonalNumber
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document, Inlines, Strong, Text, Value, plain, values
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.locations import DocumentLocation, LocatedText, located_text, located_texts
from reportgen.model.rewrite import Lines, rewrite_document
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.verify.leaks import Leak, find_leaks, find_likely_names
from reportgen.verify.part import Part
from reportgen.verify.spellings import SearchTargets, released_texts, search_targets

_LEFT_OVER = frozenset({"D130", "D131", "D132", "D133", "D134", "D135", "D136"})
"""What is told of terms that were not replaced as they should be."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What to prove of the files of a document: what to search for, and what may stand there.

    `free` are the digits of figures and of released texts, which are no numbers of persons;
    `known` are those found in its texts already; `makers` may be named as authors.
    """

    targets: SearchTargets
    public: bool
    free: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    office_phone: bool = False


def proof(document: Document, disclosed: Disclosed, log: Diagnostics) -> Proof:
    """Return what is to be proven; the log gets what is wrong before any file is made.

    D103 tells of what cannot be searched for, D104 of numbers of persons in the texts.
    """
    texts = tuple(_all_texts(document))
    printed = tuple(_printed_figures(texts))
    policy = disclosed.policy
    properties = policy.properties.values()
    measures = (value.text for value in printed if _is_measure(value, disclosed.ledger))
    to_prove = Proof(
        targets=search_targets(disclosed, (value.text for value in printed)),
        public=disclosed.audience == "public",
        free=frozenset(map(_letters, (*measures, *released_texts(policy)))),
        makers=frozenset({"", document.properties.creator, document.organization, *properties}),
        office_phone=bool(policy.office_phone),
    )
    log.extend(_not_searchable(to_prove.targets))
    log.extend(_new(_told_secrets(texts, to_prove.targets, disclosed.ledger), log))
    log.extend(_likely_names(texts, to_prove.targets, disclosed.ledger))
    if not to_prove.public:
        return to_prove
    return replace(to_prove, known=_known_numbers(texts, to_prove, disclosed.ledger, log))


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


# Secrets


def _told_secrets(
    texts: tuple[LocatedText, ...], targets: SearchTargets, ledger: Ledger
) -> Iterator[Finding]:
    """Yield D101 for each secret that texts of a document tell, at each place where it is typed."""
    whole = Part.of("", (text.text for text in texts))
    for key in dict.fromkeys(leak.secret.key for leak in find_leaks(whole, targets)):
        of_key = targets.of(key)
        for text, leak in _telling(texts, of_key):
            yield _told(text, leak, _typed_at(text, of_key, ledger))


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
        for leak in islice(find_leaks(together, targets), 1):
            yield text, leak


def _told(text: LocatedText, leak: Leak, span: SourceSpan) -> Finding:
    secret = leak.secret
    places = () if span == NOWHERE else (RelatedLocation(secret.span, "kept"),)
    return finding(
        "D101",
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


def _typed_at(text: LocatedText, targets: SearchTargets, ledger: Ledger) -> SourceSpan:
    """Return where the fact stands that tells one of `targets`, else where the text comes from."""
    for fact in ledger.texts.values():
        typed = str(fact.value or "")
        if typed and typed in text.text and any(find_leaks(Part.of("", (typed,)), targets)):
            return fact.span
    return text.span


def _likely_names(
    texts: tuple[LocatedText, ...], targets: SearchTargets, ledger: Ledger
) -> Iterator[Finding]:
    """Yield D107 for each text that may tell a secret name in short."""
    for text in texts if targets.likely else ():
        for secret, form in find_likely_names(Part.of(text.where, (text.text,)), targets):
            yield finding(
                "D107",
                _fact_with(form, ledger) or text.span,
                RelatedLocation(secret.span, "kept"),
                subject=secret.key,
                key=secret.key,
                title=secret.title,
                form=form,
                where=text.where,
            )


def _fact_with(words: str, ledger: Ledger) -> SourceSpan | None:
    """Return where the first fact stands that holds `words`, as they stand in a solid text."""
    for fact in ledger.texts.values():
        if words in solid(even(str(fact.value or ""))):
            return fact.span
    return None


# Numbers of persons


def _known_numbers(
    texts: tuple[LocatedText, ...], to_prove: Proof, ledger: Ledger, log: Diagnostics
) -> frozenset[str]:
    """Return the numbers of persons in the texts of a document, each a D104 or D106."""
    known: set[str] = set()
    log.extend(_told_names(texts, to_prove, ledger))
    for text in texts:
        for number in unallowed_numbers(even(_typed(text.inlines, ledger)), to_prove):
            known.add(number.plain)
            span = _span(number, ledger, text.span)
            log.add(personal_number(number, text.where, span))
    return frozenset(known)


def _told_names(
    texts: tuple[LocatedText, ...], to_prove: Proof, ledger: Ledger
) -> Iterator[Finding]:
    """Yield D106 for each fact that may name a person, where it is printed first."""
    released = "".join(to_prove.free)
    for fact in ledger.texts.values():
        name = str(fact.value or "")
        if may_be_person(fact.key, name) and name not in released:
            places = (text.where for text in texts if name in text.text)
            for where in islice(places, 1):
                yield personal_number(PersonalNumber("@person", name), where, fact.span)


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
    return any(number.plain in letters for letters in free)


def personal_number(number: PersonalNumber, where: str, span: SourceSpan = NOWHERE) -> Finding:
    """Return D104 for a number of a person that stands at `where`, D106 for what may be one."""
    code, hint = "D106" if number.kind in DOUBTFUL else "D104", number.hint
    return finding(code, span, subject=hint, kind=number.kind, hint=hint, where=where)


def _span(number: PersonalNumber, ledger: Ledger, otherwise: SourceSpan) -> SourceSpan:
    """Return where the fact stands that holds a number, else where it was typed."""
    facts: Mapping[str, Fact | Figure] = {**ledger.texts, **ledger.figures}
    for fact in facts.values():
        typed = fact.text if isinstance(fact, Figure) else str(fact.value or "")
        if number.plain in _letters(typed):
            return fact.span
    return otherwise


def _letters(text: str) -> str:
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
