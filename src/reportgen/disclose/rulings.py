"""What a policy says of each key of a ledger: the entry that decides, and what it overrules."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportgen.formula.names import covering
from reportgen.language.personal import OFFICE_PHONE, PERSON, ProtectedKind, kind_of
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.policy import Ground, Mask, Policy, PolicyLine, Release, Withhold
from reportgen.model.source import NOWHERE

DEFAULT = -1
"""The layer of what the schema protects by itself, wider than any policy."""
_STRENGTH = {Release: 0, Mask: 1, Withhold: 2}


@dataclass(frozen=True, slots=True)
class Ruling:
    """The line that decides about a key; `kept` says that without a release it were kept back."""

    line: PolicyLine
    kept: bool

    @property
    def hides(self) -> bool:
        """Return whether the audience is not told the value."""
        return not isinstance(self.line, Release)


def rulings(ledger: Ledger, policy: Policy, audience: Audience) -> dict[str, Ruling]:
    """Return the ruling on each key and row of `ledger` that `policy` or a default speaks of.

    The narrowest layer decides; within a layer the line that names the key most closely, and
    between equals the one that hides more.
    """
    lines = [(_rank(line), covering(line.key), line) for line in spoken(policy, audience)]
    lines.sort(key=lambda each: each[0])
    defaults = _defaults(ledger, policy) if audience == "public" else {}
    found: dict[str, Ruling] = {}
    for key in keys(ledger):
        covering_lines = [line for _, pattern, line in lines if pattern.fullmatch(key)]
        if key in defaults:
            covering_lines.insert(0, defaults[key])
        if covering_lines:
            kept = any(not isinstance(line, Release) for line in covering_lines)
            found[key] = Ruling(covering_lines[-1], kept)
    return found


def spoken(policy: Policy, audience: Audience) -> Iterator[PolicyLine]:
    """Yield every line of `policy` that speaks of a key, for `audience`."""
    lines = (*policy.withhold, *policy.masks, *policy.releases, *policy.past)
    for line in lines:
        if line.key and audience in line.ground.audiences:
            yield line


def keys(ledger: Ledger) -> Iterable[str]:
    """Return the keys of all figures, texts and rows of `ledger`."""
    rows = (f"{table}.{row}" for table, ids in ledger.tables.items() for row in ids)
    return dict.fromkeys((*ledger.figures, *ledger.texts, *rows))


def _rank(line: PolicyLine) -> tuple[int, int, int, int]:
    parts = line.key.split(".")
    stars = parts.count("*")
    return (line.ground.layer, len(parts), -stars, _STRENGTH[type(line)])


def _defaults(ledger: Ledger, policy: Policy) -> Mapping[str, Withhold]:
    """Return a line for each fact that is withheld unless a policy releases it.

    These are the fields that the schema marks personal and those whose name says it; a number
    with a unit (智能手机: 100万台) is none of them.
    """
    found: dict[str, Withhold] = {}
    for key, text in ledger.texts.items():
        kind = kind_of(key, policy.personal) or (PERSON if text.personal else None)
        if kind is not None:
            found[key] = _default(key, kind)
    for key, figure in ledger.figures.items():
        if figure.kind == "fact" and not str(figure.unit):
            kind = kind_of(key, policy.personal)
            if kind is not None:
                found[key] = _default(key, kind)
    if policy.office_phone:
        found = {k: w for k, w in found.items() if w.ground.reason != OFFICE_PHONE.reason}
    return found


def _default(key: str, kind: ProtectedKind) -> Withhold:
    return Withhold(Ground(kind.reason, kind.basis, NOWHERE, layer=DEFAULT), key)


def above(ledger: Ledger, hidden: Iterable[str], stops: Container[str] = ()) -> dict[str, str]:
    """Return every figure worked out from one of `hidden`, with the hidden key that caused it.

    What is in `stops` is left out, and what is worked out from it alone.
    """
    users: dict[str, list[str]] = {}
    for key, figure in ledger.figures.items():
        for used in figure.inputs:
            users.setdefault(used, []).append(key)
    found: dict[str, str] = {}
    left = [(key, key) for key in hidden]
    while left:
        key, cause = left.pop()
        for user in users.get(key, ()):
            if user not in stops and user not in found:
                found[user] = cause
                left.append((user, cause))
    return found
