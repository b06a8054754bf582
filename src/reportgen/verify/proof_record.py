"""What a proof is made of, as JSON: so what shows a version later is searched as its files were.

It holds what is kept back and belongs into the record of a disclosure, which nobody publishes.
Secrets are written, not what is searched for: a later program searches in all ways it knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.policy import Ground, Mask, Policy, Release, Replacement
from reportgen.model.quantity import Shape
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.model.units import Dimension, Unit
from reportgen.verify.proof import Proof
from reportgen.verify.spellings import SearchTargets, open_texts, released_texts, search_targets

_LISTS = "released masked personal texts printed free known makers".split()
"""The parts that are lists of texts."""
_PARTS = frozenset([*_LISTS, "secrets", "replaced", "amounts", "office_phone"])
_NO_GROUND = Ground("", "", NOWHERE)


def proof_json(proof: Proof, disclosed: Disclosed) -> str:
    """Return what `proof`, of a version of `disclosed`, is made of."""
    policy, ledger = disclosed.policy, disclosed.ledger
    parts: dict[str, object] = {
        "secrets": list(map(_secret_record, disclosed.secrets)),
        "released": list(released_texts(policy)),
        "replaced": [[each.term, each.shown, list(each.keep)] for each in policy.replacements],
        "masked": [mask.shown for mask in policy.masks],
        "personal": list(policy.personal),
        "texts": list(dict.fromkeys(open_texts(ledger))),
        "amounts": _amounts(ledger),
        "printed": list(proof.printed),
        "free": sorted(proof.free),
        "known": sorted(proof.known),
        "makers": sorted(proof.makers),
        "office_phone": proof.office_phone,
    }
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"


def _secret_record(secret: Secret) -> dict[str, object]:
    span = secret.span
    return {
        "key": secret.key,
        "title": secret.title,
        "text": secret.text,
        "span": [span.path, span.line, span.column],
        "amount": _amount_record(secret),
        "initials": list(secret.initials),
    }


def _amount_record(secret: Secret) -> list[object] | None:
    """Return the number that a secret states, in base units, with its unit and its shape."""
    if secret.value is None or secret.unit is None:
        return None
    shape = None if secret.shape is None else asdict(secret.shape)
    return [str(secret.value), _unit_record(secret.unit), shape]


def _unit_record(unit: Unit) -> list[object]:
    return [unit.symbol, list(map(list, unit.dimension)), str(unit.factor)]


def _amounts(ledger: Ledger) -> list[list[object]]:
    """Return each value of an open figure in base units, with its dimension."""
    found: dict[tuple[str, Dimension], None] = {}
    for figure in ledger.figures.values():
        if figure.value is not None:
            found[str(figure.value), figure.unit.dimension] = None
    return [[value, list(map(list, dimension))] for value, dimension in found]


# Read back


def read_proof(record: object, beside: Iterable[str] = ()) -> Proof:
    """Return the proof that `record`, the content of such a JSON, is made of.

    The numbers in `beside` are open as well: whatever shows the version prints them itself. Raises
    `ValueError` for anything that is not exactly one.
    """
    try:
        return _proof_of(record, beside)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _proof_of(record: Any, beside: Iterable[str]) -> Proof:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(record, dict) or record.keys() != _PARTS:
        raise ValueError("the parts of a proof are not all there, or there are others")
    lists = {name: _texts(record[name]) for name in _LISTS}
    printed = lists["printed"]
    secrets = tuple(map(_read_secret, record["secrets"]))
    policy = _policy(lists, record["replaced"])
    ledger = _ledger(lists["texts"], record["amounts"])
    disclosed = Disclosed(ledger, "public", policy, secrets=secrets)
    if not isinstance(record["office_phone"], bool):
        raise TypeError("office_phone")
    return Proof(
        targets=search_targets(disclosed, (*printed, *beside)) if secrets else SearchTargets(),
        public=True,
        printed=printed,
        free=frozenset(lists["free"]),
        known=frozenset(lists["known"]),
        makers=frozenset(lists["makers"]),
        office_phone=record["office_phone"],
    )


def _texts(found: object) -> tuple[str, ...]:
    """Return a list of texts. Raises `TypeError` for anything else."""
    if not isinstance(found, list):
        raise TypeError("a list of texts is none")
    return tuple(map(_text, found))


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("a text is none")
    return found


def _whole(found: object) -> int:
    if not isinstance(found, int):
        raise TypeError("a whole number is none")
    return found


def _policy(lists: Mapping[str, tuple[str, ...]], replaced: Iterable[Any]) -> Policy:
    """Return as much of a policy as a search needs."""
    replacements: list[Replacement] = []
    for term, shown, keep in replaced:
        texts = _text(term), _text(shown)
        replacements.append(Replacement(_NO_GROUND, *texts, keep=_texts(keep)))
    return Policy(
        masks=tuple(Mask(_NO_GROUND, "", shown) for shown in lists["masked"]),
        replacements=tuple(replacements),
        releases=tuple(Release(_NO_GROUND, text=text) for text in lists["released"]),
        personal=lists["personal"],
    )


def _ledger(texts: Iterable[str], amounts: Iterable[list[Any]]) -> Ledger:
    """Return a ledger with the open texts and the open values."""
    facts = {f"{n}": Fact(f"{n}", "", text, NOWHERE) for n, text in enumerate(texts)}
    figures: dict[str, Figure] = {}
    for number, (value, dimension) in enumerate(amounts):
        unit = Unit("", _read_dimension(dimension), Fraction(1))
        figures[f"{number}"] = Figure("", "", "fact", _fraction(value), unit, Shape(), NOWHERE)
    return Ledger(0, figures, facts)


def _read_secret(found: Mapping[str, Any]) -> Secret:
    """Return a secret; a field that is missing or of another type raises."""
    path, line, column = found["span"]
    secret = Secret(
        _text(found["key"]),
        _text(found["title"]),
        _text(found["text"]),
        span=SourceSpan(_text(path), _whole(line), _whole(column)),
        initials=_texts(found["initials"]),
    )
    if found["amount"] is None:
        return secret
    value, unit, shape = found["amount"]
    return replace(
        secret,
        value=_fraction(value),
        unit=_read_unit(unit),
        shape=None if shape is None else _read_shape(shape),
    )


def _read_shape(found: Mapping[str, Any]) -> Shape:
    """Return a shape, each field of which is there and of the type that it always has."""
    usual = asdict(Shape())
    values = map(found.__getitem__, usual)
    if len(found) != len(usual) or list(map(type, values)) != list(map(type, usual.values())):
        raise TypeError("a field of a shape is none")
    return Shape(**found)


def _read_unit(found: list[Any]) -> Unit:
    symbol, dimension, factor = found
    return Unit(_text(symbol), _read_dimension(dimension), _fraction(factor))


def _read_dimension(found: list[Any]) -> Dimension:
    dimension: list[tuple[str, int]] = []
    for name, exponent in found:
        dimension.append((_text(name), _whole(exponent)))
    return tuple(dimension)


def _fraction(text: object) -> Fraction:
    """Return an exact number, which is written as a text."""
    return Fraction(_text(text))
