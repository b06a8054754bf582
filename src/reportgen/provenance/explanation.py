"""Explains figures: what one is made of, down to the facts; where a fact is printed."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
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


def equation(figure: Figure) -> str:
    """Return the figure in one line: its title, its formula in words if it has one, its value."""
    text = figure.text or "—"
    if not figure.reading:
        return f"{figure.title}：{text}"
    if figure.words and figure.value is not None:
        text = f"{shown(figure.value, figure.unit, figure.shape)}，{text}"
    return f"{figure.title} = {figure.reading}{' ≈ ' if _is_rounded(figure) else ' = '}{text}"


def _is_rounded(figure: Figure) -> bool:
    if figure.value is None:
        return False
    value = figure.value / figure.unit.factor
    decimals = figure.shape.decimals
    return value != Fraction(round_half_up(value, decimals), 10**decimals)


def notes(ledger: Ledger, document: Document) -> dict[str, str]:
    """Return the note of every figure that `document` prints: equation, inputs, basis, place."""
    return {key: note(ledger, key) for key in printed_figures(document)}


def note(ledger: Ledger, key: str) -> str:
    """Return what is said of a figure when a reader asks where it comes from."""
    return "\n".join(text for text, _ in note_parts(ledger, key))


def note_parts(ledger: Ledger, key: str) -> Iterator[tuple[str, SourceSpan]]:
    """Yield the lines of a note, each with the place of what it speaks of, if it has one."""
    figure = ledger.figures[key]
    inputs = [ledger.figures[i] for i in figure.inputs if i in ledger.figures]
    yield equation(figure), NOWHERE
    for each in inputs[:NOTE_INPUTS]:
        yield f"· {each.title}：{each.text or '—'}", each.span
    if len(inputs) > NOTE_INPUTS:
        yield f"· ……共 {len(inputs)} 项", NOWHERE
    if figure.basis:
        yield f"依据：{figure.basis}", NOWHERE
    yield f"出处：{figure.span}", figure.span


def tree(ledger: Ledger, key: str, *, deep: bool = False) -> str:
    """Return the figure or text at `key` with what is below it, facts with their places.

    What several figures share is laid out once; after that a line says 见上. Unless `deep`, it
    shows two levels, and of many inputs the first with what the others come to; its last line
    says so.
    """
    lines: list[str] = []
    told: set[str] = set()
    cut = False
    left = [(key, 0)]
    while left:
        at, depth = left.pop()
        indent = "  " * min(depth, MOST_INDENT)
        figure = ledger.figures.get(at)
        if at.startswith("…"):
            lines.append(indent + at)
        elif figure is None:
            lines += [indent + line for line in _text_lines(ledger, at)]
        elif at in told and figure.inputs:
            lines.append(f"{indent}{figure.title}：{figure.text or '—'}  [{at}]  见上")
        else:
            told.add(at)
            lines += [indent + line for line in _figure_lines(figure, basis=not depth)]
            below = figure.inputs if deep or depth < LEVELS else ()
            many = not deep and len(below) > MOST_INPUTS
            below, rest = (below[:FIRST_INPUTS], below[FIRST_INPUTS:]) if many else (below, ())
            cut = cut or len(below) < len(figure.inputs)
            left += [(rest_line, depth + 1) for rest_line in _rest(ledger, figure, rest)]
            left += [(inner, depth + 1) for inner in reversed(below)]
    return "\n".join([*lines, *(["（没有列全；全部列出加 --deep）"] if cut else [])])


def _rest(ledger: Ledger, whole: Figure, keys: tuple[str, ...]) -> list[str]:
    """Return the line that stands for the inputs of `whole` at `keys`, with what they add up to.

    They are added up only where all inputs make the whole.
    """
    if not keys:
        return []
    said = f"… 其余 {len(keys)} 项"
    if sum(_amounts(ledger, whole.inputs)) == whole.value:
        rest = sum(_amounts(ledger, keys), Fraction(0))
        said += f"合计 {shown(rest, whole.unit, whole.shape)}"
    return [said]


def _amounts(ledger: Ledger, keys: Iterable[str]) -> Iterator[Fraction]:
    """Yield the values of the figures at `keys` that have one."""
    for key in keys:
        figure = ledger.figures.get(key)
        if figure is not None and figure.value is not None:
            yield figure.value


def _figure_lines(figure: Figure, *, basis: bool) -> Iterator[str]:
    yield f"{equation(figure)}  [{figure.key}]"
    if basis and figure.basis:
        yield f"  依据：{figure.basis}"
    yield f"  {figure.span}  {figure.formula}".rstrip()


def _text_lines(ledger: Ledger, key: str) -> Iterator[str]:
    """Yield the lines of a text, or of a counted row, which its name tells."""
    text = ledger.texts.get(key) or ledger.texts.get(f"{key}.name")
    if text is None:
        yield f"[{key}]"
    else:
        yield f"{text.title}：{text.value or '—'}  [{key}]"
        yield f"  {text.span}"


def search(ledger: Ledger, document: Document | None, target: str) -> tuple[str, ...]:
    """Return the keys of the figures that `target` means; all of them where it is ambiguous.

    It is a key; else a whole title; one without its measure; a part of one; a group of keys; a
    text as printed; or the value of a figure that is not printed: the first that fits.
    """
    figures = ledger.figures
    if target in figures:
        return (target,)
    wanted = narrow(target)
    shown_at = printed_figures(document) if document else {}
    tests: tuple[Callable[[str], bool], ...] = (
        lambda key: figures[key].title == target,
        lambda key: figures[key].title.rpartition("·")[0] == target != "",
        lambda key: target in figures[key].title.split("·"),
        lambda key: key.startswith(f"{target}."),
        lambda key: any(narrow(text) == wanted for text, _ in shown_at.get(key, ())),
        lambda key: _reads(figures[key], wanted),
    )
    for fits in tests:
        found = tuple(key for key in figures if fits(key))
        if found:
            return found
    return ()


def _reads(figure: Figure, text: str) -> bool:
    return bool(text) and text in {narrow(figure.text), narrow(figure.number)}


def users(ledger: Ledger, key: str) -> tuple[str, ...]:
    """Return the keys of every figure below which `key` lies, the nearest first."""
    above: dict[str, list[str]] = {}
    for name, figure in ledger.figures.items():
        for inner in figure.inputs:
            above.setdefault(inner, []).append(name)
    found: dict[str, None] = {}
    left = deque([key])
    while left:
        for name in above.get(left.popleft(), ()):
            if name not in found and name != key:
                found[name] = None
                left.append(name)
    return tuple(found)


def used_by(ledger: Ledger, document: Document | None, key: str) -> str:
    """Return where the figure at `key` is printed, and every figure made from it."""
    places = printed_figures(document) if document else {}
    lines: list[str] = []
    for name in (key, *users(ledger, key)):
        figure = ledger.figures.get(name)
        lines += [f"{equation(figure)}  [{name}]"] if figure else _text_lines(ledger, name)
        lines += [f"  印作 {text}：{where}" for text, where in places.get(name, ())]
    return "\n".join(lines)


def figures_json(ledger: Ledger, document: Document) -> str:
    """Return figures.json: every printed figure and everything it is worked out from."""
    places = printed_figures(document)
    wanted: set[str] = set()
    left = list(places)
    while left:
        key = left.pop()
        if key in ledger.figures and key not in wanted:
            wanted.add(key)
            left.extend(ledger.figures[key].inputs)
    rows = [_row(ledger.figures[key], places.get(key, [])) for key in sorted(wanted)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _row(figure: Figure, places: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    return {
        "key": figure.key,
        "title": figure.title,
        "text": figure.text,
        "value": figure.exact,
        "unit": figure.unit.symbol,
        "kind": figure.kind,
        "formula": figure.formula,
        "reading": figure.reading,
        "inputs": list(figure.inputs),
        "basis": figure.basis,
        "source": str(figure.span),
        "places": [{"text": text, "where": where} for text, where in places],
    }
