"""Applies waivers: what authors know of becomes a note with their reason.

A waiver holds for the values it was given for: `judged_text` says which these are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from reportgen.check.conform import outline_sections
from reportgen.check.scoring import all_rows
from reportgen.findings import Finding, RelatedLocation, blocks, finding
from reportgen.formula.lookup import nearest
from reportgen.formula.names import every_row
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import Rules, Waiver

Subjects = Mapping[str, Collection[str]]
"""By the beginning of a code: all subjects that its findings can have."""

WAIVABLE = ("R", "P", "N", "F111", "F112", "D103", "D160", "D161", "D162", "D163")
"""Beginnings of the codes that can be waived: what facts and form are, not what is broken.

Input that cannot be read, a formula or template that fails, an output that is not what was
composed and a file that leaks (D101, D102, D104, D105) are never accepted: what may be disclosed
is released in the policy.
"""
NEVER = ("P203", "R103", "R104", "R105", "R106", "R107", "R305", "R501", "R502")
"""Nor is a table whose cells do not fit together, which nothing could write; nor a waiver."""
JUDGED = {
    "R101": "{left} {sign} {right}",
    "R102": "{blank}",
    "R201": "{typed} → {computed}",
    "R202": "{score} > {points}",
    "R203": "{score} / {points}",
    "R205": "{sum} ≠ {points}",
    "R206": "{ratio}",
    "R207": "{level} {score}",
    "R208": "{target} / {actual}",
    "R209": "{actual} / {target}",
    "R210": "{text} / {past}",
    "R211": "{text}",
    "R214": "{text} / {own}",
    "R301": "{printed} → {computed}",
    "R401": "{text}",
    "R402": "{text}",
    "R403": "{text} / {other}",
    "R404": "{text} / {whole}",
    "R405": "{text}",
    "R406": "{text}",
    "R408": "{sum}",
    "R409": "{text} ← {read}",
    "R503": "{text}",
    "R504": "{text}",
    "F112": "{typed} → {computed}",
    "N102": "{value}",
    "N103": "{value}",
    "N105": "{word} {value}",
    "P208": "{text}",
    "P209": "{text}",
    "P212": "{text}",
    "P213": "{text} / {other}",
    "D160": "{text}",
    "D162": "{text}",
    "D163": "{text} {working}",
}
"""What is judged of a finding of each code, in its parameters; of the others that it is there."""


def subjects(rules: Rules, pack: Pack, ledger: Ledger | None) -> Subjects:
    """Return what waivers of relations, scores, required facts, sections and forms may name."""
    relations = {relation.key for relation in rules.relations}
    sections = {section.id for section, _ in outline_sections(pack.outline)}
    forms = _form_names(pack)
    return {
        "R101": relations,
        "R102": relations,
        "R20": all_rows(ledger),
        "P10": _required(pack, ledger),
        "P201": sections,
        "P202": sections,
        "P210": sections,
        "P204": forms,
        "P205": forms,
        "P206": forms,
    }


def _required(pack: Pack, ledger: Ledger | None) -> set[str]:
    """Return the keys that a pack requires, of each row where it requires one of all."""
    keys: set[str] = set()
    for required in pack.requires:
        keys.update(every_row(required.text, ledger.tables if ledger else {}))
    return keys


def _form_names(pack: Pack) -> set[str]:
    """Return the names of the forms of the body and of all annexes."""
    forms = [*pack.forms]
    for annex in pack.annexes:
        forms += annex.forms
    names = {form.name for form in forms}
    return names | {pack.form.text} if pack.form else names


def apply_waivers(
    findings: Iterable[Finding], waivers: Iterable[Waiver], known: Subjects | None = None
) -> tuple[Finding, ...]:
    """Return `findings` with the waived ones as notes, and what is wrong with the waivers.

    R104 is a waiver that cannot be used, R105 one whose subject is none of those `known`,
    R103 one that is not used. R106 stands for a finding that says other values than those which
    were judged. While an error is left, later checks may not have run: then no waiver is said
    to be unused.
    """
    waivers = tuple(waivers)
    used: set[Waiver] = set()
    result: list[Finding] = []
    for original in findings:
        named = _waivers_of(original, waivers)
        waiver = _holding(original, named)
        if waiver is not None:
            used.add(waiver)
            result.append(original.with_waiver(waiver.reason))
        elif named:
            used.update(named)
            result.append(_lapsed(original, named))
        else:
            result.append(original)
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


def _waivers_of(original: Finding, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Return the waivers for the code and subject of a finding; a waived one needs none."""
    if original.waived or not can_be_waived(original.code):
        return ()
    named = (original.code, original.subject)
    return tuple(waiver for waiver in waivers if (waiver.code, waiver.subject) == named)


def _holding(original: Finding, waivers: Iterable[Waiver]) -> Waiver | None:
    """Return the first of the waivers of a finding that judged the values which it says."""
    now = judged_text(original)
    for waiver in waivers:
        if not now or any(is_same_judgement(judged, now) for judged in waiver.judged):
            return waiver
    return None


def _lapsed(original: Finding, waivers: tuple[Waiver, ...]) -> Finding:
    """Return R106: what was judged is not what a finding says."""
    judged: list[str] = []
    places: list[RelatedLocation] = []
    for waiver in waivers:
        judged += waiver.judged
        places.append(RelatedLocation(waiver.span, "waiver"))
    lapsed = finding(
        "R106",
        subject=original.subject,
        title=original.params.get("title", original.subject),
        judged="；".join(judged) or "—",
        now=judged_text(original),
        waived=original.code,
        of=original.subject,
    )
    return replace(lapsed, places=(*original.places, *places))


def judged_text(judged: Finding) -> str:
    """Return the values that a waiver of a finding accepts, as text; empty where it has none."""
    return JUDGED.get(judged.code, "").format_map(judged.params)


def is_same_judgement(judged: str, now: str) -> bool:
    """Return whether `now` says the values of `judged`, in whatever unit; both are as printed.

    27亿元 is not 27.4亿元: what is recorded is never rounded further than what is told.
    """
    before, after = judged.split(), now.split()
    if len(before) != len(after):
        return False
    pairs = zip(before, after, strict=True)
    return all(_is_same_value(old, new) for old, new in pairs)


def _is_same_value(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        stated, current = parse_quantity(old), parse_quantity(new)
    except QuantityError:
        return False
    return (stated.value, stated.unit.dimension) == (current.value, current.unit.dimension)


def _problem(waiver: Waiver, known: Subjects) -> Finding | None:
    """Return R104 or R105 where `waiver` cannot cover any finding."""
    if not can_be_waived(waiver.code):
        return _about("R104", waiver)
    possible = _possible_subjects(waiver, known)
    if possible is None or waiver.subject in possible:
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


def can_be_waived(code: str) -> bool:
    """Return whether findings of `code` can be accepted at all."""
    return code.startswith(WAIVABLE) and code not in NEVER
