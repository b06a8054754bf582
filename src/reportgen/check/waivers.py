"""Applies waivers: what authors know of becomes a note with their reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase

from reportgen.findings import Finding, blocks, finding
from reportgen.model.rules import Waiver

WAIVABLE = ("R", "P", "N", "F111", "F112", "D160", "D161", "D162")
"""Beginnings of the codes that can be waived: what facts and form are, not what is broken.

Input that cannot be read, a formula or template that fails, an output that is not what was
composed and a disclosure that leaks are never accepted.
"""
NEVER = ("P203", "R103", "R104")
"""Nor is a table whose cells do not fit together, which nothing could write; nor a waiver."""


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and what is wrong with the waivers.

    R103 tells of a waiver that is not used, R104 of one that cannot be. While an error is
    left, later checks may not have run: then nothing is said to be unused.
    """
    every = tuple(waivers)
    wrong = [waiver for waiver in every if not _can_be_waived(waiver.code)]
    used: set[Waiver] = set()
    result: list[Finding] = []
    for each in findings:
        waiver = next((w for w in every if _covers(w, each)), None)
        if waiver is not None:
            used.add(waiver)
        result.append(each.with_waiver(waiver.reason) if waiver else each)
    if blocks(result):
        used.update(every)
    unused = [waiver for waiver in every if waiver not in used and waiver not in wrong]
    result += [_told("R104", waiver) for waiver in wrong]
    result += [_told("R103", waiver) for waiver in unused]
    return tuple(result)


def _told(code: str, waiver: Waiver) -> Finding:
    params = {"waived": waiver.code, "of": waiver.subject}
    return replace(finding(code, waiver.mark, subject=waiver.subject), params=params)


def _covers(waiver: Waiver, found: Finding) -> bool:
    """Return whether `waiver` is for `found`; `*` in its subject stands for any text."""
    if waiver.code != found.code or not _can_be_waived(found.code) or found.waived:
        return False
    return fnmatchcase(found.subject, waiver.subject.replace("[", "[[]"))


def _can_be_waived(code: str) -> bool:
    return code.startswith(WAIVABLE) and code not in NEVER
