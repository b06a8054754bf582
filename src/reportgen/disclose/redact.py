"""Takes out of a ledger what a public version must not carry."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Audience
from reportgen.model.figures import Figure, Ledger
from reportgen.model.pack import Pack

PERSONAL = "个人信息（个人信息保护法第二十五条、政府信息公开条例第十五条）"
"""The reason for withholding fields that the schema marks as personal."""


def disclose(ledger: Ledger, pack: Pack, audience: Audience) -> Disclosed:
    """Return what of `ledger` may be composed for `audience`.

    Only `public` leaves anything out: fields the schema marks as personal, the keys the pack
    withholds, and every figure worked out from one of them.
    """
    if audience != "public":
        return Disclosed(ledger, audience)
    reasons = {key: PERSONAL for key, fact in ledger.texts.items() if fact.personal}
    reasons |= {key: reason for key, reason in pack.withhold if _known(key, ledger)}
    reasons |= _dependents(ledger, reasons)
    secrets = {key: _text(key, ledger) for key in reasons}
    figures = {k: _blank(f) if k in reasons else f for k, f in ledger.figures.items()}
    texts = {k: replace(t, value=None) if k in reasons else t for k, t in ledger.texts.items()}
    open_ledger = replace(ledger, figures=figures, texts=texts)
    return Disclosed(open_ledger, audience, reasons, {k: s for k, s in secrets.items() if s})


def _known(key: str, ledger: Ledger) -> bool:
    return key in ledger.figures or key in ledger.texts


def _text(key: str, ledger: Ledger) -> str:
    figure = ledger.figures.get(key)
    return figure.text if figure else str(ledger.texts[key].value)


def _blank(figure: Figure) -> Figure:
    return replace(figure, value=None, words="", formula="", reading="", inputs=())


def _dependents(ledger: Ledger, withheld: dict[str, str]) -> dict[str, str]:
    """Return every figure below which a withheld one lies, with the reason that caused it."""
    found: dict[str, str] = {}
    grown = True
    while grown:
        grown = False
        for key, figure in ledger.figures.items():
            if key in found or key in withheld:
                continue
            cause = next((i for i in figure.inputs if i in withheld or i in found), None)
            if cause is not None:
                found[key] = withheld.get(cause) or found[cause]
                grown = True
    return found
