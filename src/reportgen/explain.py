"""Explains figures: what one is made of, down to the facts; where a fact is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.model.document import Document
from reportgen.model.facts import Fact
from reportgen.model.figures import Figure, Ledger
from reportgen.model.places import printed

NOTE_INPUTS = 6
"""How many inputs a note beside a figure lists; `explain` lists them all."""


def equation(figure: Figure) -> str:
    """Return the figure in one line: its title, its formula in words, its value."""
    if figure.kind == "fact":
        return f"{figure.title}：{figure.text or '—'}"
    rounded = " ≈ " if _is_rounded(figure) else " = "
    return f"{figure.title} = {figure.reading}{rounded}{figure.text or '—'}"


def _is_rounded(figure: Figure) -> bool:
    return figure.value is not None and not figure.words and figure.exact != figure.number


def notes(ledger: Ledger, document: Document) -> dict[str, str]:
    """Return the note of every figure that `document` prints: equation, inputs, basis, place."""
    return {key: note(ledger, key) for key in printed(document)}


def note(ledger: Ledger, key: str) -> str:
    """Return what is said of a figure when a reader asks where it comes from."""
    figure = ledger.figures[key]
    inputs = [ledger.figures[i] for i in figure.inputs if i in ledger.figures]
    lines = [equation(figure)]
    lines += [f"· {each.title}：{each.text or '—'}" for each in inputs[:NOTE_INPUTS]]
    if len(inputs) > NOTE_INPUTS:
        lines.append(f"· ……共 {len(inputs)} 项")
    if figure.basis:
        lines.append(f"依据：{figure.basis}")
    lines.append(f"出处：{figure.mark}")
    return "\n".join(lines)


def tree(ledger: Ledger, key: str) -> str:
    """Return the figure at `key` with everything below it, a line each, facts with their places."""
    lines: list[str] = []

    def walk(at: str, depth: int, seen: frozenset[str]) -> None:
        indent = "  " * depth
        figure = ledger.figures.get(at)
        if figure is None:
            fact = ledger.texts.get(at)
            lines.append(f"{indent}{_text_line(fact) if fact else at}")
            return
        lines.append(f"{indent}{equation(figure)}  [{at}]")
        if figure.basis and depth == 0:
            lines.append(f"{indent}  依据：{figure.basis}")
        lines.append(f"{indent}  {figure.mark}" + (f"  {figure.formula}" if figure.formula else ""))
        for inner in figure.inputs:
            if inner not in seen:
                walk(inner, depth + 1, seen | {inner})

    walk(key, 0, frozenset({key}))
    return "\n".join(lines)


def _text_line(fact: Fact) -> str:
    return f"{fact.title}：{fact.value}  {fact.mark}"


def search(ledger: Ledger, document: Document | None, target: str) -> tuple[str, ...]:
    """Return the keys that `target` means: a key, a title, or a text as printed."""
    if target in ledger.figures:
        return (target,)
    titled = [k for k, f in ledger.figures.items() if target in (f.title, *f.title.split("·"))]
    if titled:
        return tuple(titled)
    places = printed(document) if document else {}
    shown = [k for k, spots in places.items() if any(text == target for text, _ in spots)]
    same = [k for k, f in ledger.figures.items() if target in (f.text, f.number) and k not in shown]
    return tuple(shown) or tuple(same)


def users(ledger: Ledger, key: str) -> tuple[str, ...]:
    """Return the keys of every figure below which `key` lies, the nearest first."""
    found: list[str] = []
    queue = [key]
    while queue:
        at = queue.pop(0)
        for name, figure in ledger.figures.items():
            if at in figure.inputs and name not in found:
                found.append(name)
                queue.append(name)
    return tuple(found)


def used_by(ledger: Ledger, document: Document | None, key: str) -> str:
    """Return where the figure at `key` is printed, and every figure worked out from it."""
    places = printed(document) if document else {}
    lines: list[str] = []
    for name in (key, *users(ledger, key)):
        lines.append(f"{equation(ledger.figures[name])}  [{name}]")
        lines += [f"  印作 {text}：{where}" for text, where in places.get(name, ())]
    return "\n".join(lines)


def figures_json(ledger: Ledger, document: Document) -> str:
    """Return figures.json: every printed figure and everything it is worked out from."""
    places = printed(document)
    wanted: set[str] = set()
    queue = list(places)
    while queue:
        key = queue.pop()
        if key in ledger.figures and key not in wanted:
            wanted.add(key)
            queue.extend(ledger.figures[key].inputs)
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
        "source": str(figure.mark),
        "places": [{"text": text, "where": where} for text, where in places],
    }
