"""What a build leaves in the manifest for an overview of many reports: a few figures, findings.

An overview then reads this alone, of thousands of reports. What is said of those inside is kept
apart from what the audience of the build is shown, and stands in no file that others get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from operator import attrgetter
from typing import Any

from reportgen.findings import Finding
from reportgen.flow.staged import Draft
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.locations import located_texts, printed_figures
from reportgen.model.pack import OverviewRule, Pack
from reportgen.model.quantity import Quantity, QuantityError, exact, parse_quantity

_Entry = dict[str, Any]
_UNPRINTED = {"state": "unprinted"}


def overview_entry(draft: Draft, findings: Iterable[Finding]) -> _Entry:
    """Return what an overview says of a report: to those inside, and to the audience of `draft`.

    `findings` are counted by code and severity, without those that are waived.
    """
    pack, ledger = draft.derived.inputs.pack, draft.ledger
    entry = {
        "pack": pack.folder,
        "pack_name": pack.name,
        "peers": pack.overview.peers or pack.subject,
        "findings": _counted(findings),
        "internal": _told(draft.internal, _Reader(ledger), pack),
    }
    if draft.document.audience != "internal":
        printed: dict[str, list[str]] = {}
        for key, places in printed_figures(draft.version.document).items():
            printed[key] = [text for text, _ in places]
        texts = "\n".join(each.text for each in located_texts(draft.document))
        reader = _Reader(draft.disclosed.ledger, draft.disclosed, printed, texts)
        entry["shown"] = _told(draft.document, reader, pack)
    return entry


def _counted(findings: Iterable[Finding]) -> list[list[object]]:
    """Return each code and severity with how often it was found, in the order of codes."""
    counts = Counter((each.code, each.severity) for each in findings if not each.waived)
    return [[code, severity, count] for (code, severity), count in sorted(counts.items())]


def _told(document: Document, reader: _Reader, pack: Pack) -> _Entry:
    parts = [reader.part(row, pack.overview) for row in reader.rows(pack.overview)]
    return {"title": document.name, "unit": document.organization, "parts": parts}


@frozen
class _Reader:
    """Reads figures as somebody gets them: as they are, or as a version of a report prints them.

    `printed` are the texts of each figure that a version prints, by its key, and `texts` all that
    it says; `disclosed` tells what it keeps back.
    """

    ledger: Ledger
    disclosed: Disclosed | None = None
    printed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: str = ""

    def rows(self, rule: OverviewRule) -> Iterator[str]:
        """Yield each row of the table that has figures of its own, or nothing for the report."""
        first = next(iter(rule.figures.values()), None)
        table, star, _ = (first.text if first else "").partition(".*.")
        yield from self._rows_of(table) if star else [""]

    def _rows_of(self, table: str) -> Iterator[str]:
        for row in self.ledger.tables.get(table, ()):
            yield f"{table}.{row}"

    def part(self, row: str, rule: OverviewRule) -> _Entry:
        """Return the figures that a pack declares of a row, or of the whole report."""
        part: _Entry = {"row": row, "name": self._name(row)} if row else {}
        for item, declared in rule.figures.items():
            key = declared.text
            if row:
                key = f"{row}.{key.partition('.*.')[2]}"
            part[item] = self._figure(self.ledger.figures.get(key), key)
        return part

    def _name(self, row: str) -> str:
        """Return the name of a row, for others than those inside if their version says it."""
        text = self.ledger.texts.get(f"{row}.name")
        name = str(text.value or "") if text is not None else ""
        return name if self.disclosed is None or name in self.texts else ""

    def _figure(self, figure: Figure | None, key: str) -> _Entry:
        """Return a figure as it is stated, or in which state it is that nothing is."""
        if self.disclosed is not None and key in self.disclosed.hidden:
            return {"state": "withheld"}
        if figure is None or _is_blank(figure):
            return {"state": "blank"}
        texts = [figure.text] if self.disclosed is None else self.printed.get(key, ())
        if figure.words:
            return {"text": figure.words} if figure.words in texts else _UNPRINTED
        read = sorted(_read(figure, texts), key=attrgetter("tolerance"))
        return _stated(read[0]) if read else _UNPRINTED


def _is_blank(figure: Figure) -> bool:
    """Return whether a figure has neither a value nor a word, or needs what is to be filled in."""
    return figure.unfilled or (figure.value is None and not figure.words)


def _read(figure: Figure, texts: Iterable[str]) -> Iterator[Quantity]:
    """Yield what printed texts say of a figure, those that are its value in the digits they have.

    What is printed in another way, as a change without its sign, is no statement of it.
    """
    for text in texts:
        try:
            quantity = parse_quantity(text, figure.unit)
        except QuantityError:
            continue
        if figure.value is not None and abs(quantity.value - figure.value) <= quantity.tolerance:
            yield quantity


def _stated(quantity: Quantity) -> _Entry:
    """Return a number as it is printed, with its unit, and the value that is printed."""
    unit = quantity.unit
    return {"text": quantity.text, "value": exact(quantity.value / unit.factor), "unit": str(unit)}
