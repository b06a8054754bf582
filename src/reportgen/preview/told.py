"""Findings as the preview's templates print them: sentences, places, links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.findings import Finding
from reportgen.findings.codes import LABELS, Language
from reportgen.findings.faces import help_text, message
from reportgen.model.rules import Severity
from reportgen.model.source import Mark
from reportgen.preview.links import Editor, is_place, place_text


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to read, to copy and to open; `link` is empty where no editor is."""

    text: str
    link: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    severity: Severity
    code: str
    message: str
    help: str
    spots: tuple[Spot, ...]
    waived: str


def spot(mark: Mark, editor: Editor, note: str = "") -> Spot:
    """Return the spot of a mark."""
    return Spot(place_text(mark), editor.link(mark), note)


def tell(findings: Iterable[Finding], editor: Editor, language: Language) -> tuple[Told, ...]:
    """Return `findings` in words, errors first, then warnings, then notes."""
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(
        Told(
            each.severity,
            each.code,
            message(each, language),
            "" if each.waived else help_text(each, language),
            tuple(
                spot(place.mark, editor, LABELS.get(place.note, {}).get(language, place.note))
                for place in each.places
                if is_place(place.mark)
            ),
            each.waived,
        )
        for each in sorted(findings, key=lambda each: order[each.severity])
    )
