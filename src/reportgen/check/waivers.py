"""Applies waivers: what authors know of becomes a note with their reason."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.findings import Finding, blocks, finding
from reportgen.model.rules import Waiver

NEVER = ("L", "S", "T", "V", "D")
"""Letters of codes that nobody can waive: broken input, templates, outputs and disclosure."""


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and R103 for each waiver that was unused.

    Where an error is left, later checks did not run, and no waiver can be called unused.
    """
    by_subject = {(waiver.code, waiver.subject): waiver for waiver in waivers}
    used: set[tuple[str, str]] = set()
    result: list[Finding] = []
    for each in findings:
        key = (each.code, each.subject)
        if key in by_subject and not each.code.startswith(NEVER):
            used.add(key)
            result.append(each.with_waiver(by_subject[key].reason))
        else:
            result.append(each)
    unused = {} if blocks(result) else by_subject
    for key, waiver in unused.items():
        if key not in used:
            subject = waiver.subject
            result.append(
                finding("R103", waiver.mark, subject=subject, waived=waiver.code, of=subject)
            )
    return tuple(result)
