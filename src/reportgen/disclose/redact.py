"""Takes out of a ledger what a public version must not carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.formula.names import covering
from reportgen.model.disclosed import Disclosed, Entry, Secret
from reportgen.model.document import Audience
from reportgen.model.figures import Figure, Ledger
from reportgen.model.pack import Pack

PERSONAL = "个人信息（个人信息保护法第二十五条、政府信息公开条例第十五条）"
"""The reason for withholding fields that the schema marks as personal."""


def disclose(ledger: Ledger, pack: Pack, audience: Audience) -> Disclosed:
    """Return what of `ledger` may be composed for `audience`.

    Only `public` leaves anything out: fields the schema marks as personal, what the pack
    withholds (a key with all below it, in every year), and all that is worked out from these.
    A row that is withheld as a whole is no row of its table any more.
    """
    if audience != "public":
        return Disclosed(ledger, audience)
    reasons = {key: PERSONAL for key, fact in ledger.texts.items() if fact.personal}
    rows: set[str] = set()
    for wanted, reason in pack.withhold:
        covered = covering(wanted)
        whole = [row for row in _rows(ledger) if covered.fullmatch(row)]
        keys = (key for key in (*ledger.figures, *ledger.texts, *whole) if covered.fullmatch(key))
        reasons |= dict.fromkeys(keys, reason)
        rows.update(whole)
    reasons |= _dependents(ledger, reasons)
    secrets = (_secret(key, ledger) for key in reasons)
    open_ledger = replace(
        ledger,
        figures={k: _blank(f) if k in reasons else f for k, f in ledger.figures.items()},
        texts={k: replace(t, value=None) if k in reasons else t for k, t in ledger.texts.items()},
        tables={
            table: tuple(row for row in ids if f"{table}.{row}" not in rows)
            for table, ids in ledger.tables.items()
        },
    )
    entries = tuple(Entry("withheld", key, "", reason) for key, reason in reasons.items())
    return Disclosed(
        open_ledger, audience, entries=entries, secrets=tuple(each for each in secrets if each)
    )


def _rows(ledger: Ledger) -> Iterable[str]:
    """Yield the keys of all rows of all tables."""
    return (f"{table}.{row}" for table, ids in ledger.tables.items() for row in ids)


def _secret(key: str, ledger: Ledger) -> Secret | None:
    """Return what must not be found in any output; nothing for a blank or a row."""
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    if figure is not None and figure.value is not None:
        shape = figure.shape
        return Secret(key, figure.title, figure.text, figure.mark, figure.value, figure.unit, shape)
    if text is not None and text.value:
        return Secret(key, text.title, str(text.value), text.mark)
    return None


def _blank(figure: Figure) -> Figure:
    return replace(figure, title="", value=None, words="", formula="", reading="", inputs=())


def _dependents(ledger: Ledger, withheld: Mapping[str, str]) -> dict[str, str]:
    """Return every figure below which a withheld one lies, with the reason that caused it."""
    users: dict[str, list[str]] = {}
    for key, figure in ledger.figures.items():
        for used in figure.inputs:
            users.setdefault(used, []).append(key)
    found: dict[str, str] = {}
    left = list(withheld.items())
    while left:
        key, reason = left.pop()
        for user in users.get(key, ()):
            if user not in withheld and user not in found:
                found[user] = reason
                left.append((user, reason))
    return found
