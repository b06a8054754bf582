"""The commands that write authors' files: fmt, new-year, init, numbers."""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import typer

from reportgen.check.numbers.classify import NumberKind, TypedNumber
from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import (
    drafted,
    drafting_job,
    print_aside,
    print_findings,
    selected_reports,
    stop_for,
)
from reportgen.features.drafting.binding import bind
from reportgen.features.drafting.confirming import confirm
from reportgen.features.drafting.rollover import new_year
from reportgen.features.drafting.start import start_unit
from reportgen.features.drafting.waiving import Acceptance, waive
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics, blocks
from reportgen.findings.excerpt import aligned, clean
from reportgen.flow.staged import Draft
from reportgen.load.confirmations import Statement
from reportgen.load.formatting import FileChange, authored, reformat
from reportgen.model.document import Audience
from reportgen.project.layout import ReportId
from reportgen.project.saving import save, save_texts
from reportgen.project.source_files import SourceFiles

KIND_NAMES: Mapping[NumberKind, Mapping[str, str]] = {
    "plain": {"zh": "可手填", "en": "plain"},
    "allowed": {"zh": "已认可", "en": "allowed"},
    "year": {"zh": "年份", "en": "year"},
    "bind": {"zh": "应引用", "en": "bind"},
    "near": {"zh": "差一点", "en": "near"},
    "stale": {"zh": "上年的数", "en": "stale"},
    "unsourced": {"zh": "没有来源", "en": "unsourced"},
}
"""What each kind of number is called."""

_MAY_BE_TYPED = frozenset({"plain", "allowed"})
_SETTLED = frozenset({"plain", "allowed", "year"})

_NOTHING_TO_CHANGE = {"zh": "都已是统一写法", "en": "nothing to change"}
_OUTSIDE = {"zh": "{path}：不在 {root} 里", "en": "{path} is not inside {root}"}
_REWRITTEN = {"zh": "改写 {path}", "en": "written: {path}"}
_REASON = {"zh": "的理由和依据", "en": ": the reason"}
_COMMA = {"zh": "，", "en": ", "}
_AFTER_NEW_YEAR = {
    "zh": "接着：核对“待确认”，填“待填”；reportgen check --unit {unit} --year {year} 说还剩什么",
    "en": "next: confirm, fill in; reportgen check --unit {unit} --year {year} shows what",
}
_AFTER_INIT = {
    "zh": "接着：照注释填写，用 reportgen check --unit {unit} --year {year} 看还缺什么",
    "en": "next: fill in; reportgen check --unit {unit} --year {year} tells what is missing",
}


def format_files(lang: Lang, paths: list[Path] | None, root: Path, check: bool, diff: bool) -> None:
    """Put data files in their usual form, or only say which are not; exits with 1 if any is."""
    log = Diagnostics()
    changes = reformat(SourceFiles(root), _file_names(paths, root, lang), log)
    if log:
        print_findings(tuple(log), lang, OutputFormat.full, root, verbose=False, title="fmt")
    writing = not check and not diff
    if writing:
        _save(root, changes)
    for change in changes:
        print(_change_text(change, diff=diff))
    if not log and not changes:
        print_aside(_NOTHING_TO_CHANGE[lang.value])
    if log.blocked or (changes and not writing):
        raise typer.Exit(1)


def _save(root: Path, changes: Iterable[FileChange]) -> None:
    """Write the changed files, all or none."""
    save({root / change.path: change.new.encode() for change in changes})


def _file_names(paths: list[Path] | None, root: Path, lang: Lang) -> tuple[str, ...]:
    """Return the files asked for relative to the project; without any, all that authors write."""
    if not paths:
        return authored(root)
    return tuple(_inside(path, root, lang) for path in paths)


def start_year(
    year: int, lang: Lang, unit: str, source: int | None, report: str | None, root: Path
) -> None:
    """Write the files of a new year, taken over from an earlier one, and print their paths."""
    log = Diagnostics()
    written = new_year(SourceFiles(root), unit, year, log, source=source, report=report)
    _print_written(written, log, root, lang)
    print_aside(_AFTER_NEW_YEAR[lang.value].format(unit=unit, year=year))


def start_project(lang: Lang, unit: str, pack: str, year: int, report: str, root: Path) -> None:
    """Write the files of a new unit, to be filled in, and print their paths."""
    files = SourceFiles(root)
    needs = check_pack(files, pack, Diagnostics())
    log = Diagnostics()
    written = start_unit(files, ReportId(unit, year, report), pack, needs, log)
    _print_written(written, log, root, lang)
    print_aside(_AFTER_INIT[lang.value].format(unit=unit, year=year))


def _print_written(written: tuple[str, ...], log: Diagnostics, root: Path, lang: Lang) -> None:
    """Print what was written; exits with 1 and the findings where nothing was."""
    if log:
        print_findings(tuple(log), lang, OutputFormat.full, root, verbose=True, title="")
        raise typer.Exit(1)
    print("\n".join(written))


def _inside(path: Path, root: Path, lang: Lang) -> str:
    """Return `path` relative to the project."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        text = _OUTSIDE[lang.value].format(path=path, root=root)
        raise typer.BadParameter(text) from None


def _change_text(change: FileChange, *, diff: bool) -> str:
    """Return the path of a file that changes, or with `diff` its lines that do."""
    if not diff:
        return change.path
    lines = difflib.unified_diff(
        change.old.splitlines(),
        change.new.splitlines(),
        change.path,
        change.path,
        lineterm="",
    )
    return "\n".join(lines)


def list_numbers(
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    fix: bool,
    with_plain: bool,
) -> None:
    """Print the numbers typed in texts, by report; exits with 1 where one should be bound."""
    unsettled = 0
    for report_id in selected_reports(root, unit, year, report, lang, OutputFormat.full):
        draft = _composed(root, report_id, lang)
        if fix:
            _bind(root, draft, lang)
            draft = _composed(root, report_id, lang)
        print(f"{report_id}  {_counted(draft.numbers, lang)}")
        for line in _number_lines(draft.numbers, lang, with_plain=with_plain):
            print(line)
        unsettled += sum(number.kind not in _SETTLED for number in draft.numbers)
    if unsettled:
        raise typer.Exit(1)


def waive_finding(
    code: str,
    subject: str,
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    reason: str,
) -> None:
    """Write into a report that a finding is accepted as it is now; exits with 1 if it cannot be."""
    log = Diagnostics()
    accepted = Acceptance(code, subject, reason or _asked_reason(code, subject, lang))
    done = 0
    for report_id in selected_reports(root, unit, year, report, lang, OutputFormat.full):
        findings = Diagnostics()
        audience: Audience = "public" if code.startswith("D") else "internal"
        drafted(drafting_job(root, report_id, audience), findings)
        problems = Diagnostics()
        files, folder = SourceFiles(root), f"data/{report_id}"
        change = waive(files, folder, findings, accepted, problems)
        if change is None:
            log.extend(problems)
            continue
        done += 1
        save_texts(root, {change.path: change.new})
        print_aside(_REWRITTEN[lang.value].format(path=change.path))
    if log and not done:
        print_findings(tuple(log), lang, OutputFormat.full, root, verbose=False, title="waive")
        raise typer.Exit(1)


def confirm_facts(
    keys: list[str],
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    office: str,
    evidence: str,
    file: str,
) -> None:
    """Write that an office confirms facts as they are now; exits with 1 if nothing is written."""
    stated = Statement(office, evidence, file)
    for report_id in selected_reports(root, unit, year, report, lang, OutputFormat.full)[:1]:
        log = Diagnostics()
        state = drafted(drafting_job(root, report_id), log)
        if state is None:
            stop_for(tuple(log), lang, OutputFormat.full, root)
            return
        ledger = state.derived.ledger if isinstance(state, Draft) else state.ledger
        problems = Diagnostics()
        changes = confirm(SourceFiles(root), report_id, ledger, keys, stated, problems)
        stop_for(tuple(problems), lang, OutputFormat.full, root)
        save_texts(root, {change.path: change.new for change in changes})
        for change in changes:
            print_aside(_REWRITTEN[lang.value].format(path=change.path))


def _asked_reason(code: str, subject: str, lang: Lang) -> str:
    """Return the reason as it is typed on a terminal, nothing where there is none to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ""
    asked = typer.prompt(f"{code} {subject} {_REASON[lang.value]}", default="", err=True)
    return str(asked).strip()


def _composed(root: Path, report: ReportId, lang: Lang) -> Draft:
    """Return the draft of a report; exits with 1 and the findings where it has no document."""
    job, log = drafting_job(root, report), Diagnostics()
    draft = drafted(job, log)
    findings = job.graded(log)
    if not isinstance(draft, Draft) or blocks(findings):
        # Where nothing is composed, nobody knows which texts a report has.
        full = OutputFormat.full
        print_findings(findings, lang, full, root, verbose=False, title=str(report))
        raise typer.Exit(1)
    return draft


def _bind(root: Path, draft: Draft, lang: Lang) -> None:
    """Write references for the numbers that should be bound, and say in which files."""
    changes = bind(draft)
    save_texts(root, {change.path: change.new for change in changes})
    for change in changes:
        print_aside(_REWRITTEN[lang.value].format(path=change.path))


def _counted(numbers: Iterable[TypedNumber], lang: Lang) -> str:
    """Return how many numbers there are of each kind."""
    counts = Counter(number.kind for number in numbers)
    parts = []
    for kind, names in KIND_NAMES.items():
        if counts[kind]:
            parts.append(f"{names[lang.value]} {counts[kind]}")
    return _COMMA[lang.value].join(parts)


def _number_lines(numbers: Iterable[TypedNumber], lang: Lang, *, with_plain: bool) -> list[str]:
    """Return a line a number: where it stands, what it is, what it should be."""
    rows = []
    for number in numbers:
        if with_plain or number.kind not in _MAY_BE_TYPED:
            kind = KIND_NAMES[number.kind][lang.value]
            cells = (str(number.span), number.text, kind, _advice(number))
            rows.append(list(map(clean, cells)))
            rows += [["", "", "", clean(f"? {choice}")] for choice in number.choices]
    return aligned(rows)


def _advice(number: TypedNumber) -> str:
    """Return why a number is listed, how to refer to the figure meant, and that figure.

    Those of which one has to be chosen stand below.
    """
    if number.choices:
        return ""
    parts = [number.why]
    if number.wording:
        parts.append(number.wording.expression)
    figure = number.current or number.figure
    if figure:
        parts.append(f"{figure.title} {figure.text}")
    return "  ".join(filter(None, parts))
