"""Applies waivers: what authors know of becomes a note with their reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from reportgen.findings import Finding, blocks, finding
from reportgen.formula.lookup import nearest
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack, Section
from reportgen.model.rules import Rules, Waiver

Subjects = Mapping[str, Collection[str]]
"""By the beginning of a code: all subjects that its findings can have."""

WAIVABLE = ("R", "P", "N", "F111", "F112", "D103", "D160", "D161", "D162")
"""Beginnings of the codes that can be waived: what facts and form are, not what is broken.

Input that cannot be read, a formula or template that fails, an output that is not what was
composed and a file that leaks (D101, D102, D104, D105) are never accepted: what may be told is
released in the policy.
"""
NEVER = ("P203", "R103", "R104", "R105")
"""Nor is a table whose cells do not fit together, which nothing could write; nor a waiver."""


def subjects(rules: Rules, pack: Pack, ledger: Ledger | None) -> Subjects:
    """Return what waivers of relations, scores, required facts, sections and forms may name."""
    relations = {relation.key for relation in rules.relations}
    sections = {section.id for section in _flat(pack.outline)}
    annexed = (form for annex in pack.annexes for form in annex.forms)
    forms = {form.name for form in (*pack.forms, *annexed)}
    rows = ledger.tables.get("ratings", ()) if ledger else ()
    return {
        "R101": relations,
        "R102": relations,
        "R20": {f"ratings.{row}" for row in rows},
        "P10": {wanted.text for wanted in pack.requires},
        **dict.fromkeys(("P201", "P202", "P210"), sections),
        **dict.fromkeys(("P204", "P205", "P206"), forms),
    }


def apply_waivers(
    findings: Iterable[Finding], waivers: Iterable[Waiver], known: Subjects | None = None
) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and what is wrong with the waivers.

    R104 tells of a waiver that cannot be used, R105 of one whose subject is none of those
    `known`, R103 of one that is not used. While an error is left, later checks may not have
    run: then nothing is said to be unused.
    """
    every = tuple(waivers)
    wrong = {w: _told("R104", w) for w in every if not _can_be_waived(w.code)}
    for each in every:
        if each not in wrong and (there := _misnamed(each, known or {})) is not None:
            wrong[each] = _told("R105", each, near=nearest(each.subject, sorted(there)))
    used: set[Waiver] = set()
    result: list[Finding] = []
    for found in findings:
        waiver = next((w for w in every if _covers(w, found)), None)
        if waiver is not None:
            used.add(waiver)
        result.append(found.with_waiver(waiver.reason) if waiver else found)
    if blocks(result):
        used.update(every)
    unused = [waiver for waiver in every if waiver not in used and waiver not in wrong]
    result += wrong.values()
    result += [_told("R103", waiver) for waiver in unused]
    return tuple(result)


def _misnamed(waiver: Waiver, known: Subjects) -> Collection[str] | None:
    """Return the subjects that `waiver` could name where it names none of them."""
    for beginning, there in known.items():
        if waiver.code.startswith(beginning):
            return None if any(_fits(waiver, subject) for subject in there) else there
    return None


def _told(code: str, waiver: Waiver, **more: str) -> Finding:
    params = {"waived": waiver.code, "of": waiver.subject, **more}
    return replace(finding(code, waiver.span, subject=waiver.subject), params=params)


def _covers(waiver: Waiver, found: Finding) -> bool:
    """Return whether `waiver` is for `found`; `*` in its subject stands for any text."""
    if waiver.code != found.code or not _can_be_waived(found.code) or found.waived:
        return False
    return _fits(waiver, found.subject)


def _fits(waiver: Waiver, subject: str) -> bool:
    return fnmatchcase(subject, waiver.subject.replace("[", "[[]"))


def _can_be_waived(code: str) -> bool:
    return code.startswith(WAIVABLE) and code not in NEVER


def _flat(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _flat(section.sections)
