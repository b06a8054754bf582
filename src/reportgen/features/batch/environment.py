"""What a worker builds with: its program, engines and fonts, of which others give other bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache

from reportgen import __version__
from reportgen.findings import Finding, finding
from reportgen.model.rules import Severity


@cache
def environment() -> Mapping[str, str]:
    """Return the versions and hashes of the program, its engines and its fonts by their names.

    The fonts of rare characters are among them, since any report may have such a character.
    """
    from reportgen.flow.up_to_date import program  # noqa: PLC0415 - seldom asked for
    from reportgen.write.fonts import find_fonts, font_files  # noqa: PLC0415 - as above
    from reportgen.write.writers import engines  # noqa: PLC0415 - as above

    packages = engines(font_versions=False)["packages"]
    parts = {"reportgen": f"{__version__} {program()[:12]}", **packages}
    for font in font_files(find_fonts(rare=True), versions=False):
        parts[font.family] = " ".join(filter(None, (font.file, font.sha256[:12])))
    return parts


@cache
def environment_hash() -> str:
    """Return a hash of the environment, the same wherever files come out the same."""
    text = json.dumps(environment(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(
    worker: str, others: Mapping[str, str], severity: Severity | None = None
) -> Iterator[Finding]:
    """Yield J110 with what of the environment of a worker is other than here, if anything is."""
    own = environment()
    parts = []
    for name in sorted(own.keys() | others.keys()):
        here, there = own.get(name, "—"), others.get(name, "—")
        if here != there:
            parts.append(f"{name} {there} ≠ {here}")
    if parts:
        yield finding("J110", severity=severity, worker=worker, parts="；".join(parts))
