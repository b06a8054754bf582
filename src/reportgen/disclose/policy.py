"""Checks a policy: does it name what there is, and do its words hide what they stand for?"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reportgen.disclose.rulings import derived_from, known_keys, rulings
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import covering
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack, Section
from reportgen.model.policy import BLOCKS, Policy, PolicyLine, Replacement
from reportgen.model.rules import Severity

PACK_LAYER = 0
"""The layer of the pack, which provides for facts that not every unit has."""
_READERS: tuple[Audience, ...] = ("public", "submit")
"""The audiences from whom something may be kept back."""
_REPEATED = re.compile(r"(.)\1+")
_SENTENCE = re.compile(r"[，。；！？\n]")
_LONGEST_NAME = 40
"""A longer text is a sentence; what stands in one is replaced there."""
_LONG_PIECE = 4


def check_policy(ledger: Ledger, policy: Policy, pack: Pack) -> tuple[Finding, ...]:
    """Return what is wrong with `policy`, whoever the report is for.

    D110 says that a key does not exist, D111 that nothing matches a pattern, D112 that the pack
    does not have a part, D116 and D117 that a mask gives its value away, D118 that a
    replacement makes another term, D119 that one cuts a longer name, D120 that a release is
    of what nothing keeps back.
    """
    return (
        *_unknown_keys(ledger, policy),
        *_unknown_parts(policy, pack),
        *_revealing_masks(ledger, policy),
        *_revealing_terms(ledger, policy),
        *_idle_releases(ledger, policy),
    )


def _unknown_keys(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    known = (*known_keys(ledger), *ledger.tables)
    lines: tuple[PolicyLine, ...] = (*policy.withhold, *policy.masks, *policy.releases)
    for line in lines:
        if line.key and not _covers_any(_pattern_key(line), known):
            yield _unknown_key(line, known)


def _covers_any(key: str, keys: Iterable[str]) -> bool:
    """Return whether `key`, which may be a pattern, speaks of one of `keys`."""
    return any(map(covering(key).fullmatch, keys))


def _pattern_key(line: PolicyLine) -> str:
    """Return the key of `line`, for whatever row if it is one of the pack.

    A table need not have every row that a pack provides for.
    """
    parts = line.key.split(".")
    if line.ground.layer == PACK_LAYER:
        parts[1:-1] = ["*"] * len(parts[1:-1])
    return ".".join(parts)


def _unknown_key(line: PolicyLine, known: Iterable[str]) -> Finding:
    key = line.key
    severity: Severity | None = "warning" if line.ground.layer == PACK_LAYER else None
    near = "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.6)) or "—"
    code = "D111" if "*" in key else "D110"
    return finding(code, line.ground.span, severity=severity, subject=key, key=key, near=near)


def _blocks_of(pack: Pack) -> list[str]:
    """Return the blocks of a report that a policy can withhold."""
    if pack.cover is not None:
        return list(BLOCKS)
    return [block for block in BLOCKS if block != "cover"]


def _unknown_parts(policy: Policy, pack: Pack) -> Iterator[Finding]:
    sections = list(_section_ids(pack.outline))
    forms = _form_names(pack)
    blocks = _blocks_of(pack)
    for line in policy.withhold:
        for part, known in ((line.section, sections), (line.form, forms), (line.block, blocks)):
            if part and part not in known:
                there = "、".join(known) or "—"
                yield finding("D112", line.ground.span, subject=part, part=part, known=there)


def _section_ids(sections: Iterable[Section]) -> Iterator[str]:
    """Yield the ids of `sections` and of those within them, in reading order."""
    for section in sections:
        yield section.id
        yield from _section_ids(section.sections)


def _form_names(pack: Pack) -> list[str]:
    """Return the names of all forms, those of the body before those of the annexes."""
    forms = list(pack.forms)
    for annex in pack.annexes:
        forms += annex.forms
    names = [form.name for form in forms]
    return [*names, pack.form.text] if pack.form else names


def _revealing_masks(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D116 for a mask that holds a piece of its value, D117 for one of its very length."""
    for mask in policy.masks:
        values = _values_under(mask.key, ledger) | set(map(_plain, mask.aliases))
        code = _fault_of_mask(_plain(mask.shown), values)
        if code:
            yield finding(code, mask.ground.span, subject=mask.key, key=mask.key, shown=mask.shown)


def _fault_of_mask(shown: str, values: set[str]) -> str:
    """Return the code of what is wrong with a mask of `values`, or nothing."""
    if any(_shows_piece(shown, value) for value in values):
        return "D116"
    if _REPEATED.search(shown) and any(_is_as_long(shown, value) for value in values):
        return "D117"
    return ""


def _values_under(pattern: str, ledger: Ledger) -> set[str]:
    """Return what is printed, blanks apart, for the keys that `pattern` covers."""
    covered = covering(pattern)
    values: set[str] = set()
    for key in known_keys(ledger):
        if covered.fullmatch(key):
            values.add(_plain(_printed(key, ledger)))
    return values - {""}


def _printed(key: str, ledger: Ledger) -> str:
    """Return the figure or text at `key` as it is printed; nothing for a row."""
    if key in ledger.figures:
        return ledger.figures[key].text
    text = ledger.texts.get(key)
    return str(text.value or "") if text else ""


def _plain(text: str) -> str:
    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


def _is_as_long(shown: str, value: str) -> bool:
    """Return whether `shown` has a character for each of `value`, or for each of its digits."""
    return len(shown) in (len(value), len(re.sub(r"\D", "", value)))


def _shows_piece(shown: str, value: str) -> bool:
    """Return whether `shown` holds a piece of `value` that gives it away, or some of it.

    Two digits in a row are such a piece; of words, half of them or four in a row.
    """
    return shown == value or _shows_digits(shown, value) or _shows_words(shown, value)


def _shows_digits(shown: str, value: str) -> bool:
    numbers = re.findall(r"\d+", value)
    if any(_shares(shown, number, 2) for number in numbers):
        return True
    return bool(numbers) and numbers == re.findall(r"\d+", shown)


def _shows_words(shown: str, value: str) -> bool:
    if re.search(r"\d", value):
        return False
    return _shares(shown, value, max(2, min(_LONG_PIECE, (len(value) + 1) // 2)))


def _shares(shown: str, text: str, size: int) -> bool:
    """Return whether `size` characters in a row of `text` stand in `shown`."""
    last = len(text) - size
    return any(text[at : at + size] in shown for at in range(last + 1))


def _revealing_terms(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D118 for words that hold another term, D119 for a term within a longer name."""
    for replacement in policy.replacements:
        yield from _terms_shown(replacement, policy)
        yield from _names_cut(replacement, ledger, policy)


def _terms_shown(replacement: Replacement, policy: Policy) -> Iterator[Finding]:
    """Yield D118 for each term of `policy` that the words shown for `replacement` hold."""
    span, term, shown = replacement.ground.span, replacement.term, replacement.shown
    for other in policy.replacements:
        if any(word and word in shown for word in (other.term, *other.initials, *other.aliases)):
            there = RelatedLocation(other.ground.span, "other")
            yield finding("D118", span, there, subject=term, shown=shown, term=other.term)


def _names_cut(replacement: Replacement, ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D119 for each name in the facts of which the term of `replacement` is a part."""
    span, term = replacement.ground.span, replacement.term
    longer = _longer_words(term, policy)
    for text in ledger.texts.values():
        name = str(text.value or "")
        if _is_name(name) and _is_cut(name, term, longer):
            there = RelatedLocation(text.span, "other")
            yield finding("D119", span, there, subject=term, term=term, name=name)


def _longer_words(term: str, policy: Policy) -> list[str]:
    """Return the terms and kept words of `policy` that `term` is a part of, longest first."""
    words: set[str] = set()
    for replacement in policy.replacements:
        words.update((replacement.term, *replacement.keep))
    longer = [word for word in words - {term} if term in word]
    return sorted(longer, key=len, reverse=True)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and "{" not in text and not _SENTENCE.search(text)


def _is_cut(name: str, term: str, longer: Iterable[str]) -> bool:
    """Return whether `term` stands in the longer `name` where no `longer` word covers it."""
    if name == term:
        return False
    for word in longer:
        name = name.replace(word, "\0")
    return term in name


def _idle_releases(ledger: Ledger, policy: Policy) -> Iterator[Finding]:
    """Yield D120 for each release by key of what nothing keeps back, itself or from below."""
    lines = [line for line in policy.releases if line.key]
    if not lines:
        return
    kept = _kept_back(ledger, replace(policy, releases=()))
    keys = known_keys(ledger)
    for line in lines:
        if not _covers_any(line.key, kept) and _covers_any(line.key, keys):
            yield finding("D120", line.ground.span, subject=line.key, key=line.key)


def _kept_back(ledger: Ledger, policy: Policy) -> set[str]:
    """Return the keys that `policy` keeps from any audience, and those worked out from them."""
    kept: set[str] = set()
    for audience in _READERS:
        for key, ruling in rulings(ledger, policy, audience).items():
            if ruling.hides:
                kept.add(key)
    return kept | set(derived_from(ledger, kept))
