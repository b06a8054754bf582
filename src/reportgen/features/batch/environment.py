"""What a worker builds with: its program, engines and fonts, of which others give other bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from functools import cache

from reportgen import __version__
from reportgen.findings import Finding, finding


@cache
def environment() -> Mapping[str, str]:
    """Return the versions and hashes of the program, its engines and its fonts by their names."""
    from reportgen.flow.up_to_date import program  # noqa: PLC0415 - seldom asked for
    from reportgen.write.writers import engines  # noqa: PLC0415 - as above

    shaping = engines()
    parts = {"reportgen": f"{__version__} {program()[:12]}", **shaping["packages"]}
    for font in shaping["fonts"]:
        parts[font["family"]] = " ".join(filter(None, (font["file"], font["sha256"][:12])))
    return parts


@cache
def environment_hash() -> str:
    """Return a hash of the environment, the same wherever files come out the same."""
    text = json.dumps(environment(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def differing_environment(wanted: str) -> Iterator[Finding]:
    """Yield J110 where this is not the environment of that hash: its worker came too late."""
    if environment_hash() != wanted:
        about = f"reportgen {environment()['reportgen']}"
        yield finding("J110", worker=platform.node(), parts=about)


def differences(worker: str, others: Mapping[str, str]) -> Iterator[Finding]:
    """Yield J110 with what of the environment of a worker is other than here, if anything is."""
    own = environment()
    parts = []
    for name in sorted(own.keys() | others.keys()):
        here, there = own.get(name, "—"), others.get(name, "—")
        if here != there:
            parts.append(f"{name} {there} ≠ {here}")
    if parts:
        yield finding("J110", worker=worker, parts="；".join(parts))
