"""What a policy says of each key of a ledger: the entry that decides, and what it overrules."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from reportgen.formula.names import covering
from reportgen.language.personal import OFFICE_PHONE, PERSON, ProtectedKind, kind_of
from reportgen.model.document import Audience
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.policy import (
    Ground,
    Mask,
    Policy,
    PolicyLine,
    Release,
    Replacement,
    Withhold,
)
from reportgen.model.source import NOWHERE

DEFAULT = -1
"""The layer of what the schema protects by itself, wider than any policy."""
_STRENGTH = {Release: 0, Mask: 1, Withhold: 2}


@frozen
class Ruling:
    """The line that decides about a key; `kept` says that without a release it were kept back."""

    line: PolicyLine
    kept: bool

    @property
    def hides(self) -> bool:
        """Return whether the audience may not see the value."""
        return not isinstance(self.line, Release)

    @property
    def withholds(self) -> bool:
        """Return whether the audience sees nothing in the place of the value."""
        return isinstance(self.line, Withhold)

    @property
    def mask(self) -> str:
        """Return what is printed in the place of the value, if anything."""
        return self.line.shown if isinstance(self.line, Mask) else ""


def rulings(ledger: Ledger, policy: Policy, audience: Audience) -> dict[str, Ruling]:
    """Return the ruling on each key and row of `ledger` that `policy` or a default speaks of.

    The narrowest layer decides; within a layer the line that names the key most closely, and
    between equals the one that hides more.
    """
    lines = sorted(_lines_about_keys(policy, audience), key=_rank)
    patterns = [covering(line.key) for line in lines]
    defaults = _defaults(ledger, policy) if audience == "public" else {}
    decided: dict[str, Ruling] = {}
    for key in known_keys(ledger):
        deciding = [defaults[key]] if key in defaults else list[PolicyLine]()
        deciding += _covering_lines(key, lines, patterns)
        if deciding:
            decided[key] = Ruling(deciding[-1], _is_kept_back(deciding))
    return decided


def _covering_lines(
    key: str, lines: Sequence[PolicyLine], patterns: Sequence[re.Pattern[str]]
) -> Iterator[PolicyLine]:
    """Yield the lines that speak of `key`."""
    for line, pattern in zip(lines, patterns, strict=True):
        if pattern.fullmatch(key):
            yield line


def _is_kept_back(lines: Iterable[PolicyLine]) -> bool:
    """Return whether any of `lines` but a release speaks of a key."""
    return any(not isinstance(line, Release) for line in lines)


def _lines_about_keys(policy: Policy, audience: Audience) -> Iterator[PolicyLine]:
    """Yield every line of `policy` that speaks of a key, for `audience`."""
    lines: tuple[PolicyLine, ...] = (
        *policy.withhold,
        *policy.masks,
        *policy.releases,
        *policy.past,
    )
    for line in lines_for(audience, lines):
        if line.key:
            yield line


_Line = TypeVar("_Line", bound=PolicyLine | Replacement)


def lines_for(audience: Audience, lines: Iterable[_Line]) -> Iterator[_Line]:
    """Yield those of `lines` of a policy that are meant for `audience`."""
    for line in lines:
        if audience in line.ground.audiences:
            yield line


def _rank(line: PolicyLine) -> tuple[int, int, int, int]:
    parts = line.key.split(".")
    stars = parts.count("*")
    return (line.ground.layer, len(parts), -stars, _STRENGTH[type(line)])


def known_keys(ledger: Ledger) -> Iterable[str]:
    """Return the keys of all figures, texts and rows of `ledger`."""
    keys = dict.fromkeys((*ledger.figures, *ledger.texts))
    for table, rows in ledger.tables.items():
        for row in rows:
            keys[f"{table}.{row}"] = None
    return keys


def _defaults(ledger: Ledger, policy: Policy) -> Mapping[str, PolicyLine]:
    """Return a line for each fact that is withheld unless a policy releases it.

    These are the fields that the schema marks personal and those whose name says it; a number
    with a unit (智能手机: 100万台) is none of them.
    """
    lines: dict[str, PolicyLine] = {}
    for key, kind in _protected_keys(ledger, policy):
        if not (policy.office_phone and kind.reason == OFFICE_PHONE.reason):
            lines[key] = Withhold(Ground(kind.reason, kind.basis, NOWHERE, layer=DEFAULT), key)
    return lines


def _protected_keys(ledger: Ledger, policy: Policy) -> Iterator[tuple[str, ProtectedKind]]:
    """Yield the facts about a person or the like, and what kind they are of."""
    yield from _protected_texts(ledger, policy)
    yield from _protected_figures(ledger, policy)


def _protected_texts(ledger: Ledger, policy: Policy) -> Iterator[tuple[str, ProtectedKind]]:
    for key, text in ledger.texts.items():
        kind = kind_of(key, policy.personal) or (PERSON if text.personal else None)
        if kind is not None:
            yield key, kind


def _protected_figures(ledger: Ledger, policy: Policy) -> Iterator[tuple[str, ProtectedKind]]:
    for key, figure in ledger.figures.items():
        kind = kind_of(key, policy.personal) if _is_plain_number(figure) else None
        if kind is not None:
            yield key, kind


def _is_plain_number(figure: Figure) -> bool:
    """Return whether an author typed digits that measure and count nothing, such as a telephone."""
    return figure.kind == "fact" and not str(figure.unit)


def derived_from(
    ledger: Ledger, hidden: Iterable[str], stops: Container[str] = ()
) -> dict[str, str]:
    """Return every figure worked out from one of `hidden`, with the hidden key that caused it.

    What is in `stops` is left out, and what is worked out from it alone.
    """
    users = _users(ledger)
    causes: dict[str, str] = {}
    pending = [(key, key) for key in hidden]
    while pending:
        key, cause = pending.pop()
        for user in users.get(key, ()):
            if user not in stops and user not in causes:
                causes[user] = cause
                pending.append((user, cause))
    return causes


def _users(ledger: Ledger) -> Mapping[str, list[str]]:
    """Return the figures that are worked out from each key."""
    users: dict[str, list[str]] = {}
    for key, figure in ledger.figures.items():
        for used in figure.inputs:
            users.setdefault(used, []).append(key)
    return users
