"""Finds names that a pack uses and that are nearly, but not quite, those of derived figures."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from reportgen.findings import Finding, finding
from reportgen.load.files import Files
from reportgen.load.schema import Year
from reportgen.model.pack import Pack
from reportgen.model.source import Mark

_TYPED = {*Year.model_fields, "ratings", "prior", "row", "unit", "report"}
"""The sections whose keys a schema knows; of theirs an unknown one is found with the facts."""


def misspelt(
    files: Files,
    pack: Pack,
    templates: Mapping[str, Iterable[str]],
    formulas: Mapping[str, Iterable[str]],
) -> Iterator[Finding]:
    """Yield P307 for a name beside derived figures that none of them has, but one nearly has.

    Its place is its first line in the template, or the formula.
    """
    metrics = pack.rules.metrics
    keys = {f"{m.key}.{each}" if each else m.key for m in metrics for each in m.each or ("",)}
    groups = {key[:end] for key in keys for end in range(len(key) + 1) if key[end : end + 1] == "."}
    known = {*keys, *groups, *(wanted.text for wanted in pack.requires)}
    marks = {f"metric {metric.key}": metric.formula.mark for metric in metrics}
    marks |= {f"relation {each.key}": each.claim.mark for each in pack.rules.relations}
    for where, names in (*templates.items(), *formulas.items()):
        for name in sorted({*names} - known):
            beside = [k for k in keys if k.rpartition(".")[0] == name.rpartition(".")[0] != ""]
            if name.partition(".")[0] in _TYPED or not beside:
                continue
            if near := difflib.get_close_matches(name, beside, 1, 0.8):
                mark = marks.get(where) or _line(files, where, name)
                yield finding("P307", mark, subject=name, key=name, near=near[0])


def _line(files: Files, path: str, name: str) -> Mark:
    text, _ = files.text(path) if "/" in path else (None, ())
    lines = (text or "").split("\n")
    return next((Mark(path, n) for n, line in enumerate(lines, 1) if name in line), Mark(path))
