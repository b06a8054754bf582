"""Explains figures: what one is made of, down to the facts; where a fact is printed."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from reportgen.findings.codes import LABELS, Language
from reportgen.model.document import Document
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.locations import printed_figures
from reportgen.model.quantity import narrow, round_half_up, shown
from reportgen.model.source import NOWHERE, SourceSpan

NOTE_INPUTS = 6
"""How many inputs a note beside a figure lists; `explain` lists them all."""
LEVELS = 2
"""How many levels below a figure a tree shows, unless all are wanted."""
MOST_INPUTS, FIRST_INPUTS = 8, 4
"""Of more inputs than the first, a tree shows as many as the second and adds up the rest."""
MOST_INDENT = 30
"""From this depth on a tree does not move further to the right."""


def said(name: str, lang: Language, **values: object) -> str:
    """Return the words of an explanation called `name` in codes.yaml, filled with `values`."""
    return LABELS[f"explain {name}"][lang].format(**values)


def equation(figure: Figure, lang: Language = "zh") -> str:
    """Return the figure in one line: its title, its formula if it has one, its value.

    The formula is in Chinese words; in English it stands as it is typed.
    """
    if not figure.reading:
        return said("is", lang, title=figure.title, text=text_of(figure))
    formula = figure.reading if lang == "zh" else figure.formula
    equals = "≈" if _is_rounded(figure) else "="
    return f"{figure.title} = {formula} {equals} {_result(figure, lang)}"


def text_of(figure: Figure) -> str:
    """Return the figure as printed in running text, a dash where nothing is."""
    return figure.text or "—"


def _result(figure: Figure, lang: Language) -> str:
    """Return what stands at the end of an equation: the number too where a word replaces it."""
    if figure.words and figure.value is not None:
        number = shown(figure.value, figure.unit, figure.shape)
        return said("replaced", lang, number=number, words=figure.words)
    return text_of(figure)


def _is_rounded(figure: Figure) -> bool:
    if figure.value is None:
        return False
    value = figure.value / figure.unit.factor
    decimals = figure.shape.decimals
    return value != Fraction(round_half_up(value, decimals), 10**decimals)


def notes(ledger: Ledger, document: Document) -> dict[str, str]:
    """Return the note of every figure that `document` prints: equation, inputs, basis, source."""
    keys = filter(ledger.figures.__contains__, printed_figures(document))
    return {key: note(ledger, key) for key in keys}


def note(ledger: Ledger, key: str) -> str:
    """Return what is said of a figure when a reader asks where it comes from."""
    return "\n".join(text for text, _ in note_parts(ledger, key))


def note_parts(ledger: Ledger, key: str) -> Iterator[tuple[str, SourceSpan]]:
    """Yield the lines of a note, each with the span of what it speaks of, if it has one."""
    figure = ledger.figures[key]
    inputs = _figures_at(ledger, figure.inputs)
    yield equation(figure), NOWHERE
    for item in inputs[:NOTE_INPUTS]:
        yield f"· {item.title}：{text_of(item)}", item.span
    if len(inputs) > NOTE_INPUTS:
        yield f"· ……共 {len(inputs)} 项", NOWHERE
    if figure.basis:
        yield f"依据：{figure.basis}", NOWHERE
    yield f"出处：{figure.span}", figure.span


def _figures_at(ledger: Ledger, keys: Iterable[str]) -> list[Figure]:
    """Return the figures at `keys`; some of these may be keys of texts."""
    return [ledger.figures[key] for key in keys if key in ledger.figures]


# The tree below a figure


def tree(ledger: Ledger, key: str, *, deep: bool = False, lang: Language = "zh") -> str:
    """Return the figure or text at `key` with what is below it, facts with their sources.

    What several figures share is laid out once; after that a line says 见上. Unless `deep`, it
    shows two levels, and of many inputs the first with what the others come to; its last line
    says so.
    """
    layout = _TreeLayout(ledger, deep, lang)
    layout.lay_out(key)
    return "\n".join(layout.lines)


@frozen
class _Node:
    """A figure or text of a tree by its key, or a line that stands for the inputs left out."""

    depth: int
    key: str = ""
    remainder: str = ""


@dataclass(slots=True)
class _TreeLayout:
    ledger: Ledger
    deep: bool
    lang: Language
    lines: list[str] = field(default_factory=list)
    laid_out: set[str] = field(default_factory=set)
    cut: bool = False

    def lay_out(self, key: str) -> None:
        """Add the lines of `key` and of all below it; a stack, since formulas go deep."""
        pending = [_Node(0, key)]
        while pending:
            node = pending.pop()
            self._add_lines(node)
            pending += reversed(self._children(node))
        if self.cut:
            self.lines.append(said("cut", self.lang))

    def _add_lines(self, node: _Node) -> None:
        indent = "  " * min(node.depth, MOST_INDENT)
        for line in self._lines_of(node):
            self.lines.append(indent + line)

    def _lines_of(self, node: _Node) -> Iterable[str]:
        if node.remainder:
            return [node.remainder]
        figure = self.ledger.figures.get(node.key)
        if figure is None:
            return _text_lines(self.ledger, node.key, self.lang)
        if figure.inputs and node.key in self.laid_out:
            own = said("is", self.lang, title=figure.title, text=text_of(figure))
            return [f"{own}  [{node.key}]  {said('above', self.lang)}"]
        return _figure_lines(figure, self.lang, basis=node.depth == 0)

    def _children(self, node: _Node) -> Sequence[_Node]:
        """Return what is laid out below a figure; nothing when it was laid out before."""
        figure = self.ledger.figures.get(node.key)
        if figure is None or node.key in self.laid_out:
            return ()
        self.laid_out.add(node.key)
        if not self.deep and node.depth >= LEVELS:
            self.cut = self.cut or bool(figure.inputs)
            return ()
        keys = self._shown_inputs(figure)
        children = [_Node(node.depth + 1, key) for key in keys]
        left_out = figure.inputs[len(keys) :]
        if left_out:
            self.cut = True
            remainder = _remainder(self.ledger, figure, left_out, self.lang)
            children.append(_Node(node.depth + 1, remainder=remainder))
        return children

    def _shown_inputs(self, figure: Figure) -> tuple[str, ...]:
        """Return the inputs of a figure, or the first of many."""
        if self.deep or len(figure.inputs) <= MOST_INPUTS:
            return figure.inputs
        return figure.inputs[:FIRST_INPUTS]


def _remainder(ledger: Ledger, whole: Figure, keys: Sequence[str], lang: Language) -> str:
    """Return the line that stands for the inputs of `whole` at `keys`, with what they add up to.

    They are added up only where all inputs make the whole.
    """
    line = said("rest", lang, count=len(keys))
    if _total(ledger, whole.inputs) == whole.value:
        line += said("rest_sum", lang, sum=shown(_total(ledger, keys), whole.unit, whole.shape))
    return line


def _total(ledger: Ledger, keys: Iterable[str]) -> Fraction:
    """Return the sum of the figures at `keys`; those without a value add nothing."""
    total = Fraction(0)
    for figure in _figures_at(ledger, keys):
        total += figure.value or 0
    return total


def _figure_lines(figure: Figure, lang: Language, *, basis: bool) -> Iterator[str]:
    yield f"{equation(figure, lang)}  [{figure.key}]"
    if basis and figure.basis:
        yield f"  {said('basis', lang, text=figure.basis)}"
    yield f"  {figure.span}  {figure.formula}".rstrip()


def text_at(ledger: Ledger, key: str) -> Fact | None:
    """Return the text at `key`; for a counted row its name."""
    return ledger.texts.get(key) or ledger.texts.get(f"{key}.name")


def text_line(text: Fact, key: str, lang: Language) -> str:
    """Return a text in one line: its title, its words or a dash, the key it is found at."""
    return f"{said('is', lang, title=text.title, text=text.value or '—')}  [{key}]"


def _text_lines(ledger: Ledger, key: str, lang: Language) -> Iterator[str]:
    text = text_at(ledger, key)
    if text is None:
        yield f"[{key}]"
    else:
        yield text_line(text, key, lang)
        yield f"  {text.span}"


# What a word means


def search(ledger: Ledger, document: Document | None, target: str) -> tuple[str, ...]:
    """Return the keys of the figures that `target` means; all of them where it is ambiguous.

    It is a key; else a whole title; one without its measure; a part of one; a group of keys; a
    text as printed; or the value of a figure that is not printed: the first that fits.
    """
    if target in ledger.figures:
        return (target,)
    printed = _printed(document)
    matches: dict[int, list[str]] = defaultdict(list)
    for key, figure in ledger.figures.items():
        rank = _match_rank(key, figure, target, printed.get(key, ()))
        if rank is not None:
            matches[rank].append(key)
    return tuple(matches[min(matches)]) if matches else ()


def _printed(document: Document | None) -> Mapping[str, Sequence[tuple[str, str]]]:
    return printed_figures(document) if document else {}


def _match_rank(
    key: str, figure: Figure, target: str, printed: Iterable[tuple[str, str]]
) -> int | None:
    """Return how well a figure fits `target`, 0 the best, None where it does not."""
    if figure.title == target:
        return 0
    if target and figure.title.rpartition("·")[0] == target:
        return 1
    if target in figure.title.split("·"):
        return 2
    if key.startswith(f"{target}."):
        return 3
    if _is_printed_as(narrow(target), printed):
        return 4
    return 5 if _reads(figure, narrow(target)) else None


def _is_printed_as(text: str, printed: Iterable[tuple[str, str]]) -> bool:
    return any(narrow(printed_text) == text for printed_text, _ in printed)


def _reads(figure: Figure, text: str) -> bool:
    """Return whether the value of a figure is written as `text`, with or without its unit."""
    return bool(text) and text in {narrow(figure.text), narrow(figure.number)}


# What a figure is used for


def users(ledger: Ledger, key: str) -> tuple[str, ...]:
    """Return the keys of every figure below which `key` lies, the nearest first."""
    above: dict[str, list[str]] = defaultdict(list)
    for name, figure in ledger.figures.items():
        for input_key in figure.inputs:
            above[input_key].append(name)
    reached: dict[str, None] = {key: None}
    pending = deque([key])
    while pending:
        for name in above[pending.popleft()]:
            if name not in reached:
                reached[name] = None
                pending.append(name)
    del reached[key]
    return tuple(reached)


def used_by(ledger: Ledger, document: Document | None, key: str, lang: Language = "zh") -> str:
    """Return where the figure at `key` is printed, and every figure made from it."""
    printed = _printed(document)
    lines: list[str] = []
    for name in (key, *users(ledger, key)):
        figure = ledger.figures.get(name)
        if figure is None:
            lines += _text_lines(ledger, name, lang)
        else:
            lines.append(f"{equation(figure, lang)}  [{name}]")
        lines += _place_lines(printed.get(name, ()), lang)
    return "\n".join(lines)


def printed_lines(document: Document | None, key: str, lang: Language) -> list[str]:
    """Return a line for each place where `document` prints the figure at `key`, or that none is."""
    nowhere = [f"  {said('not_printed', lang)}"]
    return _place_lines(_printed(document).get(key, ()), lang) or nowhere


def _place_lines(printed: Iterable[tuple[str, str]], lang: Language) -> list[str]:
    return [f"  {said('printed', lang, text=text, where=where)}" for text, where in printed]


# figures.json


def figures_json(ledger: Ledger, document: Document) -> str:
    """Return figures.json: every printed figure and everything it is worked out from."""
    return rows_json(figure_rows(ledger, document))


def figure_rows(ledger: Ledger, document: Document) -> list[dict[str, Any]]:
    """Return the rows of figures.json, by key."""
    printed = printed_figures(document)
    keys = sorted(_with_inputs(ledger, printed))
    return [_row(ledger.figures[key], printed.get(key, [])) for key in keys]


def rows_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a figures.json that holds `rows`."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _with_inputs(ledger: Ledger, keys: Iterable[str]) -> set[str]:
    """Return the figures among `keys` and all figures below them."""
    reached: set[str] = set()
    pending = list(keys)
    while pending:
        key = pending.pop()
        if key in ledger.figures and key not in reached:
            reached.add(key)
            pending.extend(ledger.figures[key].inputs)
    return reached


def _row(figure: Figure, printed: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what is said of a figure: `text` as it is first printed, else as it would be."""
    own_text = figure.text
    return {
        "key": figure.key,
        "title": figure.title,
        "text": printed[0][0] if printed else own_text,
        "with_unit": own_text,
        "value": figure.exact,
        "unit": figure.unit.symbol,
        "kind": figure.kind,
        "formula": figure.formula,
        "reading": figure.reading,
        "inputs": list(figure.inputs),
        "basis": figure.basis,
        "source": str(figure.span),
        "places": [{"text": text, "where": where} for text, where in printed],
    }
