"""What is to be proven of the files of a document: what they may not hold, and what they may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.language.folding import BORDER, even
from reportgen.language.personal_numbers import PersonalNumber, personal_numbers
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import (
    Block,
    Document,
    Inlines,
    Strong,
    Table,
    Text,
    Value,
    plain,
    values,
)
from reportgen.model.locations import LocatedText, located_text, located_texts
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.verify.spellings import SearchTargets, released_texts, search_targets


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
    to_prove = Proof(
        targets=search_targets(disclosed, printed),
        public=disclosed.audience == "public",
        free=frozenset(_digits(text) for text in (*printed, *released_texts(policy))),
        makers=frozenset({"", document.properties.creator, document.organization, *properties}),
        office_phone=bool(policy.office_phone),
    )
    for secret, why in to_prove.targets.unsearched:
        key, title = secret.key, secret.title
        log.add(finding("D103", secret.span, subject=key, key=key, title=title, why=why))
    if not to_prove.public:
        return to_prove
    return replace(to_prove, known=_known_numbers(texts, to_prove, disclosed, log))


def _known_numbers(
    texts: Iterable[LocatedText], to_prove: Proof, disclosed: Disclosed, log: Diagnostics
) -> frozenset[str]:
    """Return the numbers of persons in the texts of a document, each a D104."""
    known: set[str] = set()
    for text in texts:
        for number in unallowed_numbers(even(_typed(text.inlines)), to_prove):
            known.add(number.plain)
            span = _span(number, disclosed, text.span)
            log.add(personal_number(number, text.where, span))
    return frozenset(known)


def unallowed_numbers(text: str, to_prove: Proof) -> Iterator[PersonalNumber]:
    """Yield the numbers of persons in an even text that nothing allows."""
    for number in personal_numbers(text):
        if number.kind == "@landline" and to_prove.office_phone:
            continue
        if not any(number.plain in digits for digits in to_prove.free):
            yield number


def personal_number(number: PersonalNumber, where: str, span: SourceSpan = NOWHERE) -> Finding:
    """Return D104 for a number of a person that stands at `where`."""
    hint = number.hint
    return finding("D104", span, subject=hint, kind=number.kind, hint=hint, where=where)


def _span(number: PersonalNumber, disclosed: Disclosed, otherwise: SourceSpan) -> SourceSpan:
    """Return where the fact stands that holds a number, else where it was typed."""
    for text in disclosed.ledger.texts.values():
        if number.plain in _digits(str(text.value or "")):
            return text.span
    return otherwise


def _digits(text: str) -> str:
    return re.sub(r"[ (),-]", "", even(text))


def _all_texts(document: Document) -> Iterator[LocatedText]:
    """Yield every text of a document with its place, the captions of its tables too."""
    yield located_text(document.name, (Text(document.name),))
    yield from located_texts(document)
    yield from _captions(document.blocks)
    for annex in document.annexes:
        yield from _captions(annex.blocks)


def _captions(blocks: tuple[Block, ...]) -> Iterator[LocatedText]:
    for block in blocks:
        if isinstance(block, Table):
            yield located_text(block.caption, (Text(block.caption),))


def _printed_figures(texts: Iterable[LocatedText]) -> Iterator[str]:
    for text in texts:
        for value in values(text.inlines):
            yield value.text


def _typed(inlines: Inlines) -> str:
    """Return what was typed, a border in the place of each figure."""
    pieces = []
    for inline in inlines:
        match inline:
            case Value():
                pieces.append(BORDER)
            case Strong(inner):
                pieces.append(_typed(inner))
            case _:
                pieces.append(plain((inline,)))
    return "".join(pieces)
