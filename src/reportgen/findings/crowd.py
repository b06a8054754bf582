"""Keeps a crowd of like findings from hiding the others on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from reportgen.findings import Finding
from reportgen.findings.codes import Language

MOST = 5
"""How many warnings of one code about one file are shown before the rest are counted."""
_REST: Mapping[Language, str] = {
    "zh": "{path}: 另有 {count} 条 {code}，加 -v 逐条显示",
    "en": "{path}: {count} more {code}; -v shows each",
}


def thinned(
    findings: Iterable[Finding], language: Language
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return `findings` with the first few warnings of each code and file, and what is left out.

    Errors are never left out.
    """
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for each in findings:
        kind = (each.mark.path, each.code)
        seen[kind] += each.severity == "warning"
        if each.severity != "warning" or seen[kind] <= MOST:
            kept.append(each)
    rest = (
        _REST[language].format(path=path, count=count - MOST, code=code)
        for (path, code), count in seen.items()
        if count > MOST
    )
    return tuple(kept), tuple(rest)
