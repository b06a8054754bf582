"""Checks the words that a policy puts in the place of others: do they tell what they hide?"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportgen.disclose.rulings import above, keys, rulings
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import covering
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack, Section
from reportgen.model.policy import BLOCKS, Policy, PolicyLine, Replacement
from reportgen.model.rules import Severity

_RUN = re.compile(r"(.)\1+")
_SENTENCE = re.compile(r"[，。；！？\n]")
_LONGEST_NAME = 40
"""A longer text is a sentence; what stands in one is replaced there."""
_LONG_PIECE = 4


def check_masks(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D116 for a mask that holds a piece of its value, D117 for one of its very length."""
    for mask in policy.masks:
        covered = covering(mask.key)
        hidden = {_value(key, ledger) for key in keys(ledger) if covered.fullmatch(key)} - {""}
        place, shown = mask.ground.span, _plain(mask.shown)
        if any(_shows(shown, value) for value in hidden):
            yield finding("D116", place, subject=mask.key, key=mask.key, shown=mask.shown)
        elif _RUN.search(shown) and len(shown) in {n for v in hidden for n in _lengths(v)}:
            yield finding("D117", place, subject=mask.key, key=mask.key, shown=mask.shown)


def check_terms(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D118 for words that hold another term, D119 for a term within a longer name."""
    for each in policy.replacements:
        span, term = each.ground.span, each.term
        for other in policy.replacements:
            if any(word and word in each.shown for word in (other.term, *other.initials)):
                there = RelatedLocation(other.ground.span, "other")
                yield finding("D118", span, there, subject=term, shown=each.shown, term=other.term)
        for text in ledger.texts.values():
            name = str(text.value or "")
            if _is_name(name) and _eaten(each, name, policy.replacements):
                there = RelatedLocation(text.span, "other")
                yield finding("D119", span, there, subject=term, term=term, name=name)


def _value(key: str, ledger: Ledger) -> str:
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    return _plain(figure.text if figure else str((text.value if text else "") or ""))


def _plain(text: str) -> str:
    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


def _shows(shown: str, value: str) -> bool:
    """Return whether `shown` holds a piece of `value` that tells it, or some of it.

    Two digits in a row are such a piece; of words, half of them or four in a row.
    """
    if shown == value:
        return True
    if any(pair in shown for run in re.findall(r"\d{2,}", value) for pair in _pieces(run, 2)):
        return True
    digits = re.findall(r"\d+", value)
    if digits and digits == re.findall(r"\d+", shown):
        return True
    words = re.sub(r"\d+", "\0", value)
    size = max(2, min(_LONG_PIECE, (len(value) + 1) // 2))
    return not digits and any(piece in shown for piece in _pieces(words, size))


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(len(text) - size + 1))


def _lengths(value: str) -> set[int]:
    """Return the lengths of `value` as printed, and of its digits."""
    return {len(value), len(re.sub(r"\D", "", value))}


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and "{" not in text and not _SENTENCE.search(text)


def _eaten(each: Replacement, name: str, every: Sequence[Replacement]) -> bool:
    """Return whether the term stands in the longer `name` where no longer word covers it."""
    if name == each.term:
        return False
    longer = [word for other in every for word in (other.term, *other.keep)]
    longer = [word for word in longer if each.term in word and word != each.term]
    for word in sorted({*longer}, key=len, reverse=True):
        name = name.replace(word, "\0")
    return each.term in name


PACK = 0
"""The layer of the pack, which provides for facts that not every unit has."""


def check_policy(ledger: Ledger, policy: Policy, pack: Pack) -> tuple[Finding, ...]:
    """Return what is wrong with `policy`, whoever the report is for.

    D110 tells of a key that does not exist, D111 of a pattern that nothing matches, D112 of a
    part that the pack does not have, D116 and D117 of a mask that tells too much, D118 of a
    replacement that makes another term, D119 of one that eats a longer name, D120 of a release
    of what nothing keeps back.
    """
    return (
        *_unknown_keys(ledger, policy),
        *_unknown_parts(policy, pack),
        *check_masks(ledger, policy),
        *check_terms(ledger, policy),
        *_idle_releases(ledger, policy),
    )


def _unknown_keys(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    known = (*keys(ledger), *ledger.tables)
    lines: tuple[PolicyLine, ...] = (*policy.withhold, *policy.masks, *policy.releases)
    for line in lines:
        key, wide = line.key, line.ground.layer == PACK
        if not key or any(map(covering(_of_any_row(key) if wide else key).fullmatch, known)):
            continue
        severity: Severity | None = "warning" if wide else None
        near = "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.6)) or "—"
        code = "D111" if "*" in key else "D110"
        yield finding(code, line.ground.span, severity=severity, subject=key, key=key, near=near)


def _of_any_row(key: str) -> str:
    """Return `key` for whatever row: a table need not have every row that a pack provides for."""
    first, *rows, last = key.split(".") if "." in key else (key, "")
    return ".".join(part for part in (first, *("*" for _ in rows), last) if part)


def _unknown_parts(policy: Policy, pack: Pack) -> Iterator[Finding]:
    forms = [f.name for f in (*pack.forms, *(f for a in pack.annexes for f in a.forms))]
    blocks = [b for b in BLOCKS if b != "cover" or pack.cover is not None]
    for line in policy.withhold:
        for part, known in (
            (line.section, [s.id for s in _sections(pack.outline)]),
            (line.form, forms),
            (line.block, blocks),
        ):
            if part and part not in known:
                there = "、".join(known) or "—"
                yield finding("D112", line.ground.span, subject=part, part=part, known=there)


def _sections(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def _idle_releases(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D120 for each release by key of what would be told anyway, itself and from below."""
    lines = [line for line in policy.releases if line.key]
    if not lines:
        return
    kept: set[str] = set()
    for audience in ("public", "submit"):
        without = replace(policy, releases=())
        hidden = {k for k, r in rulings(ledger, without, audience).items() if r.hides}
        kept |= hidden | set(above(ledger, hidden))
    for line in lines:
        if not any(map(covering(line.key).fullmatch, kept)):
            span, key = line.ground.span, line.key
            if any(map(covering(key).fullmatch, keys(ledger))):
                yield finding("D120", span, subject=key, key=key)
