"""The proof: no part of a finished file holds what was kept back, nor what no public file may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document, Inlines, Strong, Table, Text, Value, plain, values
from reportgen.model.locations import LocatedText, located, located_texts
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.verify.inside import ForbiddenContent, inside, personal_numbers
from reportgen.verify.leaks import Leak, hits
from reportgen.verify.part import BORDER, Part, UnreadableError, even
from reportgen.verify.parts import parts
from reportgen.verify.spellings import SearchTargets, wanted


@dataclass(frozen=True, slots=True)
class Proof:
    """What to prove of the files of a document: what to search for, and what may stand there.

    `free` are the digits of figures and of released texts, which are no numbers of persons;
    `known` are those found in its texts already; `makers` may be named as authors.
    """

    wanted: SearchTargets
    public: bool
    free: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    office_phone: bool = False


def proof(document: Document, disclosed: Disclosed, log: Diagnostics) -> Proof:
    """Return what is to be proven; the log gets what is wrong before any file is made.

    D103 tells of what cannot be searched for, D104 of numbers of persons in the texts.
    """
    every = tuple(_every(document))
    printed = tuple(value.text for spot in every for value in values(spot.inlines))
    sought = wanted(disclosed, printed)
    policy = disclosed.policy
    stated = policy.properties.values()
    to_prove = Proof(
        wanted=sought,
        public=disclosed.audience == "public",
        free=frozenset(_digits(text) for text in (*printed, *_released(disclosed))),
        makers=frozenset({"", document.properties.creator, document.organization, *stated}),
        office_phone=bool(policy.office_phone),
    )
    for secret, why in sought.unsearched:
        log.add(
            finding(
                "D103", secret.span, subject=secret.key, key=secret.key, title=secret.title, why=why
            )
        )
    if not to_prove.public:
        return to_prove
    known: set[str] = set()
    for spot in every:
        for found in _personal(even(_typed(spot.inlines)), to_prove):
            known.add(found.plain)
            log.add(_number(found, spot.where, _mark(found, disclosed, spot.span)))
    return replace(to_prove, known=frozenset(known))


def prove(name: str, data: bytes, to_prove: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the file `name`: D101, D102, D104, D105."""
    seen: dict[tuple[str, str], Leak] = {}
    personal: dict[str, Finding] = {}
    try:
        for part in parts("", data):
            for hit in hits(part, to_prove.wanted):
                if not part.whole or all(key != hit.secret.key for key, _ in seen):
                    seen.setdefault((hit.secret.key, hit.where), hit)
            if to_prove.public and isinstance(part, Part):
                for found in _personal(part.text, to_prove):
                    if found.plain not in to_prove.known:
                        where = f"{name} {part.where.strip() or '<body>'}"
                        personal.setdefault(found.plain, _number(found, where, NOWHERE))
    except UnreadableError as error:
        yield finding("D102", subject=name, file=name, part=error.where, detail=error.detail)
    else:
        if to_prove.public:
            for what in inside(data, to_prove.makers):
                yield finding("D105", subject=name, file=name, what=what)
    yield from (_leak(name, hit) for hit in seen.values())
    yield from personal.values()


def prove_file(name: str, data: bytes, to_prove: Proof) -> tuple[Finding, ...]:
    """Return what is wrong with a file and its `name`; what breaks is not searched (D102)."""
    try:
        found = tuple(prove(name, data, to_prove))
    except Exception as error:  # noqa: BLE001 - what cannot be searched has not been checked
        detail = str(error) or type(error).__name__
        found = (finding("D102", subject=name, file=name, part="", detail=detail),)
    return (*prove_names((name,), to_prove), *found)


def prove_names(names: Iterable[str], to_prove: Proof) -> Iterator[Finding]:
    """Yield D101 for each of the files whose name tells a secret."""
    for name in names:
        for hit in set(hits(Part("@name", (name,)), to_prove.wanted)):
            yield _leak(name, hit)


def _leak(name: str, hit: Leak) -> Finding:
    secret = hit.secret
    return finding(
        "D101",
        secret.span,
        subject=secret.key,
        key=secret.key,
        title=secret.title,
        file=name,
        part=hit.where.strip() or "<body>",
        manner=hit.manner,
        unit=hit.symbol if hit.manner in ("@converted", "@rounded") else "",
    )


def _number(found: ForbiddenContent, where: str, span: SourceSpan) -> Finding:
    return finding("D104", span, subject=found.hint, kind=found.kind, hint=found.hint, where=where)


def _personal(text: str, to_prove: Proof) -> Iterator[ForbiddenContent]:
    """Yield the numbers of persons in an even text that nothing allows."""
    for found in personal_numbers(text):
        if found.kind == "@landline" and to_prove.office_phone:
            continue
        if not any(found.plain in each for each in to_prove.free):
            yield found


def _mark(found: ForbiddenContent, disclosed: Disclosed, otherwise: SourceSpan) -> SourceSpan:
    """Return where the fact stands that holds what was found, else where it was typed."""
    for text in disclosed.ledger.texts.values():
        if found.plain in _digits(str(text.value or "")):
            return text.span
    return otherwise


def _released(disclosed: Disclosed) -> Iterator[str]:
    return (each.text for each in disclosed.policy.releases if each.text)


def _digits(text: str) -> str:
    return re.sub(r"[ (),-]", "", even(text))


def _every(document: Document) -> Iterator[LocatedText]:
    """Yield every text of a document with its place, the captions of its tables too."""
    yield located(document.name, (Text(document.name),))
    yield from located_texts(document)
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for block in blocks:
            if isinstance(block, Table):
                yield located(block.caption, (Text(block.caption),))


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
