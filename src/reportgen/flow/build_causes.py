"""Why two builds differ, as far as their manifests tell: program, options, engines, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.findings import Finding, finding

MOST_PATHS = 6
"""How many changed inputs a finding names."""


def causes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return a finding for each thing that differs between two entries (G111, G112).

    What the old entry does not tell is no difference.
    """
    if not old.get("inputs"):
        return ()
    findings = [
        finding("G111", part=part, old=before, new=after)
        for part, before, after in _environment(old, new)
    ]
    paths = _inputs_to_blame(old["inputs"], new.get("inputs", {}))
    if paths:
        findings.append(finding("G112", count=len(paths), paths=listed(paths, MOST_PATHS)))
    return tuple(findings)


def _inputs_to_blame(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the paths whose hashes differ; those that only one side has if there are no others.

    What one build read and the other not (another year, to see what can be worked out) is a
    cause only where nothing that both read has changed.
    """
    differing = [path for path in sorted({*old, *new}) if old.get(path) != new.get(path)]
    in_both = [path for path in differing if path in old and path in new]
    return in_both or differing


def _environment(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (what, old, new) for the program, its options, each engine and each font."""
    yield from _program(old, new)
    if old.get("options") != new.get("options"):
        yield "options", str(old.get("options")), str(new.get("options"))
    yield from _differing(_packages(old), _packages(new))
    yield from _differing(_fonts(old), _fonts(new))


def _program(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield both versions of the program, with the hash of its code where only that differs."""
    versions = str(old.get("reportgen")), str(new.get("reportgen"))
    codes = str(old.get("program"))[:10], str(new.get("program"))[:10]
    if versions[0] != versions[1]:
        yield "reportgen", *versions
    elif "program" in old and old["program"] != new.get("program"):
        yield "reportgen", f"{versions[0]} ({codes[0]})", f"{versions[1]} ({codes[1]})"


def _packages(entry: Mapping[str, Any]) -> Mapping[str, str]:
    versions: Mapping[str, str] = entry.get("engines", {}).get("packages", {})
    return versions


def _fonts(entry: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what tells the file of each font from another: name, version, the hash's beginning."""
    fonts = {}
    for font in entry.get("engines", {}).get("fonts", ()):
        parts = (font.get("file"), font.get("version"), str(font.get("sha256", ""))[:10])
        fonts[str(font.get("family"))] = " ".join(filter(None, parts))
    return fonts


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name, "—"), new.get(name, "—")


def listed(names: Sequence[str], most: int) -> str:
    """Return the first names, with dots where there are more."""
    return "、".join(names[:most]) + ("……" if len(names) > most else "")
