"""What a document prints of figures that rules work out, for published.yaml, and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from reportgen.check.published import check_published
from reportgen.features.adopt.adoption import AdoptedResult, AdoptedValue
from reportgen.features.adopt.expected import label_of
from reportgen.features.adopt.facts import KeyedValue
from reportgen.findings import Finding
from reportgen.findings.renderers import place_text
from reportgen.load.jsonschema import modeline
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import Published
from reportgen.model.units import find_unit
from reportgen.project.yaml_editor import yaml_text

PUBLISHED = "published.yaml"


class PublishedFigures:
    """The figures that a document prints, as entries; `known` has those of the file by key."""

    def __init__(
        self, stated: Iterable[KeyedValue], ledger: Ledger, known: Iterable[Published]
    ) -> None:
        self.ledger = ledger
        self.known: Mapping[str, str] = dict(map(attrgetter("key", "printed"), known))
        self.entries: list[Published] = []
        for value in stated:
            figure = ledger.figures.get(value.key)
            if value.derived and figure is not None:
                self.entries.append(_entry(value, figure))

    def values(self, path: str) -> Iterator[AdoptedValue]:
        """Yield what becomes of each figure in the file at `path`."""
        for entry in self.entries:
            yield AdoptedValue(
                entry.key,
                entry.printed,
                (entry.span,),
                True,
                self._result(entry),
                path,
                self._is_comparable(entry),
            )

    def _is_comparable(self, entry: Published) -> bool:
        """Return whether the rules can work out the figure of an entry from what there is."""
        figure = self.ledger.figures[entry.key]
        return figure.value is not None or figure.words != ""

    def _result(self, entry: Published) -> AdoptedResult:
        old = self.known.get(entry.key)
        if old is None:
            return "added"
        return "same" if label_of(old) == label_of(entry.printed) else "differs"

    def findings(self) -> Iterator[Finding]:
        """Yield R301 for each figure of which the document prints another value."""
        comparable = filter(self._is_comparable, self.entries)
        for each in check_published(self.ledger, None, comparable):
            if each.code == "R301":
                yield each

    def text(self, path: str, old: str) -> str:
        """Return the file at `path`, which was `old`, with the entries that it lacks."""
        lines = [_line(entry) for entry in self.entries if entry.key not in self.known]
        if not lines:
            return old
        head = old.rstrip("\n") or modeline(path)
        if "published:" not in old:
            head += "\npublished:"
        return "\n".join([head, *lines, ""])


def _entry(value: KeyedValue, figure: Figure) -> Published:
    place = place_text(value.span, "zh")
    return Published(value.key, printed_text(value, figure), place, "", value.span, "")


def printed_text(value: KeyedValue, figure: Figure) -> str:
    """Return what the document prints of a figure, with the unit that its labels name."""
    text = "".join(value.printed.split())
    try:
        quantity = parse_quantity(text)
    except QuantityError:
        return text
    if quantity.unit.symbol or not figure.unit.symbol:
        return text
    return f"{text}{_unit_of(value, figure)}"


def _unit_of(value: KeyedValue, figure: Figure) -> str:
    """Return the nearest unit of the kind that a figure has, else its own."""
    for symbol in value.units:
        unit = find_unit(symbol)
        if unit is not None and unit.dimension == figure.unit.dimension:
            return symbol
    return figure.unit.symbol


def _line(entry: Published) -> str:
    printed, where = yaml_text(entry.printed, quoted=True), yaml_text(entry.where or "—")
    return f"  - {{key: {entry.key}, printed: {printed}, where: {where}}}"
