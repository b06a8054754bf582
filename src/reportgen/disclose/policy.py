"""Holds a policy to the ledger and the pack: a slip in it would disclose what it means to hide."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reportgen.disclose.masks import check_masks, check_terms
from reportgen.disclose.rulings import above, keys, rulings
from reportgen.findings import Finding, finding
from reportgen.formula.names import covering
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack, Section
from reportgen.model.policy import BLOCKS, Line, Policy
from reportgen.model.rules import Severity

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
    lines: tuple[Line, ...] = (*policy.withhold, *policy.masks, *policy.releases)
    for line in lines:
        key, wide = line.key, line.ground.layer == PACK
        if not key or any(map(covering(_of_any_row(key) if wide else key).fullmatch, known)):
            continue
        severity: Severity | None = "warning" if wide else None
        near = "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.6)) or "—"
        code = "D111" if "*" in key else "D110"
        yield finding(code, line.ground.mark, severity=severity, subject=key, key=key, near=near)


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
                yield finding("D112", line.ground.mark, subject=part, part=part, known=there)


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
            mark, key = line.ground.mark, line.key
            if any(map(covering(key).fullmatch, keys(ledger))):
                yield finding("D120", mark, subject=key, key=key)
