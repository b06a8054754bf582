"""Applies waivers: what authors know of becomes a note with their reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from reportgen.check.conform import outline_sections
from reportgen.findings import Finding, blocks, finding
from reportgen.formula.lookup import nearest
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack
from reportgen.model.rules import Rules, Waiver

Subjects = Mapping[str, Collection[str]]
"""By the beginning of a code: all subjects that its findings can have."""

WAIVABLE = ("R", "P", "N", "F111", "F112", "D103", "D160", "D161", "D162")
"""Beginnings of the codes that can be waived: what facts and form are, not what is broken.

Input that cannot be read, a formula or template that fails, an output that is not what was
composed and a file that leaks (D101, D102, D104, D105) are never accepted: what may be disclosed
is released in the policy.
"""
NEVER = ("P203", "R103", "R104", "R105")
"""Nor is a table whose cells do not fit together, which nothing could write; nor a waiver."""


def subjects(rules: Rules, pack: Pack, ledger: Ledger | None) -> Subjects:
    """Return what waivers of relations, scores, required facts, sections and forms may name."""
    relations = {relation.key for relation in rules.relations}
    sections = {section.id for section, _ in outline_sections(pack.outline)}
    forms = _form_names(pack)
    rows = ledger.tables.get("ratings", ()) if ledger else ()
    return {
        "R101": relations,
        "R102": relations,
        "R20": {f"ratings.{row}" for row in rows},
        "P10": {required.text for required in pack.requires},
        "P201": sections,
        "P202": sections,
        "P210": sections,
        "P204": forms,
        "P205": forms,
        "P206": forms,
    }


def _form_names(pack: Pack) -> set[str]:
    """Return the names of the forms of the body and of all annexes."""
    forms = [*pack.forms]
    for annex in pack.annexes:
        forms += annex.forms
    return {form.name for form in forms}


def apply_waivers(
    findings: Iterable[Finding], waivers: Iterable[Waiver], known: Subjects | None = None
) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and what is wrong with the waivers.

    R104 is a waiver that cannot be used, R105 one whose subject is none of those `known`,
    R103 one that is not used. While an error is left, later checks may not have run: then no
    waiver is said to be unused.
    """
    waivers = tuple(waivers)
    used: set[Waiver] = set()
    result: list[Finding] = []
    for original in findings:
        waiver = _waiver_of(original, waivers)
        if waiver is None:
            result.append(original)
        else:
            used.add(waiver)
            result.append(original.with_waiver(waiver.reason))
    if blocks(result):
        used.update(waivers)
    result += _waiver_findings(waivers, used, known or {})
    return tuple(result)


def _waiver_findings(
    waivers: Iterable[Waiver], used: set[Waiver], known: Subjects
) -> Iterator[Finding]:
    """Yield what is wrong with `waivers`, each once."""
    for waiver in dict.fromkeys(waivers):
        problem = _problem(waiver, known)
        if problem is not None:
            yield problem
        elif waiver not in used:
            yield _about("R103", waiver)


def _waiver_of(original: Finding, waivers: Iterable[Waiver]) -> Waiver | None:
    """Return the first waiver that covers a finding; one that is waived already needs none."""
    if original.waived or not _can_be_waived(original.code):
        return None
    for waiver in waivers:
        if waiver.code == original.code and _names(waiver, original.subject):
            return waiver
    return None


def _problem(waiver: Waiver, known: Subjects) -> Finding | None:
    """Return R104 or R105 where `waiver` cannot cover any finding."""
    if not _can_be_waived(waiver.code):
        return _about("R104", waiver)
    possible = _possible_subjects(waiver, known)
    if possible is None or any(_names(waiver, subject) for subject in possible):
        return None
    return _about("R105", waiver, near=nearest(waiver.subject, sorted(possible)))


def _possible_subjects(waiver: Waiver, known: Subjects) -> Collection[str] | None:
    """Return the subjects that findings of the code of `waiver` have, None where any may be."""
    for beginning, possible in known.items():
        if waiver.code.startswith(beginning):
            return possible
    return None


def _about(code: str, waiver: Waiver, **more: str) -> Finding:
    params = {"waived": waiver.code, "of": waiver.subject, **more}
    return replace(finding(code, waiver.span, subject=waiver.subject), params=params)


def _names(waiver: Waiver, subject: str) -> bool:
    """Return whether a waiver is for `subject`; `*` in a waiver stands for any text."""
    return fnmatchcase(subject, waiver.subject.replace("[", "[[]"))


def _can_be_waived(code: str) -> bool:
    return code.startswith(WAIVABLE) and code not in NEVER
