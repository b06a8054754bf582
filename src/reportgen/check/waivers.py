"""Applies waivers: what authors know of becomes a note with their reason."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from reportgen.findings import Finding, blocks, finding
from reportgen.model.rules import Waiver

NEVER = ("L", "S", "T", "V", "D")
"""Letters of codes that nobody can waive: broken input, templates, outputs and disclosure."""


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and R103 for each waiver that was unused.

    Where an error is left, later checks did not run, and no waiver can be called unused.
    """
    every = tuple(waivers)
    used: set[Waiver] = set()
    result: list[Finding] = []
    for each in findings:
        waiver = next((w for w in every if _covers(w, each)), None)
        if waiver is None:
            result.append(each)
        else:
            used.add(waiver)
            result.append(each.with_waiver(waiver.reason))
    unused = [] if blocks(result) else [waiver for waiver in every if waiver not in used]
    for waiver in unused:
        subject = waiver.subject
        result.append(finding("R103", waiver.mark, subject=subject, waived=waiver.code, of=subject))
    return tuple(result)


def _covers(waiver: Waiver, found: Finding) -> bool:
    """Return whether `waiver` is for `found`; `*` in its subject stands for any text."""
    if waiver.code != found.code or found.code.startswith(NEVER) or found.waived:
        return False
    return fnmatchcase(found.subject, waiver.subject.replace("[", "[[]"))
