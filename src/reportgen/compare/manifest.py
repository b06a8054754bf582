"""Why two builds differ: what their manifest entries say of program, engines, fonts and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.findings import Finding, finding

_MOST = 6
"""How many changed files a finding names."""


def causes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return a finding for each thing that differs between two entries (G111, G112).

    What the old entry does not tell is no difference.
    """
    if not old.get("inputs"):
        return ()
    found = [finding("G111", part=part, old=a, new=b) for part, a, b in _environment(old, new)]
    before, after = old["inputs"], new.get("inputs", {})
    paths = sorted(changed_paths(before, after))
    # What one build read and the other not (another year, to see what can be worked out) is a
    # cause only where nothing that both read has changed.
    paths = [path for path in paths if path in before and path in after] or paths
    if paths:
        shown = "、".join(paths[:_MOST]) + ("……" if len(paths) > _MOST else "")
        found.append(finding("G112", count=len(paths), paths=shown))
    return tuple(found)


def changed_paths(old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """Return the paths whose hashes differ, or that only one side has."""
    return {path for path in {*old, *new} if old.get(path) != new.get(path)}


def _environment(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (what, old, new) for the program, its options, each engine and each font."""
    if old.get("reportgen") != new.get("reportgen"):
        yield "reportgen", str(old.get("reportgen")), str(new.get("reportgen"))
    elif "program" in old and old["program"] != new.get("program"):
        version = str(old.get("reportgen"))
        programs = (str(entry.get("program"))[:10] for entry in (old, new))
        yield "reportgen", *(f"{version} ({short})" for short in programs)  # type: ignore[misc]
    if old.get("options") != new.get("options"):
        yield "options", str(old.get("options")), str(new.get("options"))
    engines = old.get("engines", {}), new.get("engines", {})
    yield from _pairs(*(each.get("packages", {}) for each in engines))
    yield from _pairs(*({_font(f): _said(f) for f in each.get("fonts", ())} for each in engines))


def _pairs(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name, "—"), new.get(name, "—")


def _font(font: Mapping[str, str]) -> str:
    return str(font.get("family"))


def _said(font: Mapping[str, str]) -> str:
    """Return a font file as one can tell it from another: name, version, the hash's beginning."""
    parts = (font.get("file"), font.get("version"), str(font.get("sha256", ""))[:10])
    return " ".join(part for part in parts if part)
