"""The commands about what was published: rebuild a past state, verify files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from reportgen.cli.batch import Execution, Shown, run_tasks, tasks_for, workers_for
from reportgen.cli.options import Lang, OutputFormat, Reader, chosen_formats
from reportgen.cli.output import (
    print_aside,
    print_fault,
    print_findings,
    selected_reports,
    stop_for,
)
from reportgen.cli.waiting import waited_in_turn
from reportgen.features.batch.tasks import build_report
from reportgen.features.provenance_check import (
    CheckedFile,
    ProvenanceRequest,
    check_files,
)
from reportgen.findings import Diagnostics
from reportgen.findings.excerpt import clean
from reportgen.findings.renderers import as_json
from reportgen.flow.job import Job
from reportgen.flow.manifests import Claim
from reportgen.language.text_differences import ChangedSentence
from reportgen.model.edition import Comments
from reportgen.project.history import state

MOST = 20
"""How many differing sentences are printed; the JSON has them all."""

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "same": "{file}：一致，就是这次提交生成的",
        "published": "{file}：一致，是公开的那个文件",
        "not": "{file}：没有证明",
        "old": "文件",
        "new": "提交",
        "figures": "数",
        "more": "……另有 {count} 处不同（--output-format json 全部列出）",
    },
    "en": {
        "same": "{file}: proven, exactly what this commit builds",
        "published": "{file}: as it was published",
        "not": "{file}: not proven",
        "old": "file  ",
        "new": "commit",
        "figures": "figures",
        "more": "… {count} more differences (--output-format json lists them all)",
    },
}


def rebuild_reports(
    lang: Lang,
    revision: str,
    root: Path,
    out: Path | None,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    formats: str,
    comments: bool,
    comments_all: bool,
    strict: bool,
    jobs: int,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Build a past state of the project from git, to the same bytes."""
    names = chosen_formats(formats)
    log = Diagnostics()
    with state(root, revision, log) as past:
        stop_for(tuple(log), lang, output_format, root)
        assert past is not None
        if output_format is not OutputFormat.json:
            print_aside(str(past.commit))
        target = out or root / "build"
        folder = past.folder
        explained: Comments = "all" if comments_all else comments
        pattern = Job(folder, target, "", 0, "", audience.value, names, explained, strict)
        pattern = replace(pattern, origin=past.origin)
        reports = selected_reports(folder, unit, year, report, lang, output_format)
        tasks = tasks_for(pattern, reports, force=True)
        run_tasks(build_report, tasks, Execution(jobs), Shown(lang, output_format, verbose), log)


def verify_files(
    files: list[Path],
    lang: Lang,
    revision: str,
    root: Path,
    out: Path | None,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader | None,
    manifest: Path | None,
    site: Path | None,
    search: bool,
    limit: int,
    jobs: int,
    scheduler: str,
    output_format: OutputFormat,
) -> None:
    """Say of each file whether a commit builds exactly it; exits with 1 where one is not proven."""
    claim = _claim(report, unit, year, audience)
    steps = limit if search else 0
    execution = Execution(jobs, scheduler)
    folder, builds = map(execution.place, (root, out or root / "build"))
    given, published = (execution.place(path) if path else None for path in (manifest, site))
    request = ProvenanceRequest(folder, builds, claim, revision, given, steps, published)
    stop_for(request.problems, lang, output_format, root)
    checked, lost = [], Diagnostics()
    shown = Shown(lang, output_format, verbose=True)
    with (
        workers_for(execution, len(files), shown, lost) as workers,
        closing(check_files(map(execution.place, files), request, workers)) as checking,
    ):
        for path, file in zip(files, waited_in_turn(checking, list(map(str, files))), strict=False):
            checked.append(replace(file, file=path))
            if output_format is not OutputFormat.json:
                _print_checked(checked[-1], lang, output_format, root)
    if output_format is OutputFormat.json:
        stop_for(tuple(lost), lang, output_format, root)
        print(checked_json(checked, lang))
    if code := _exit_code(checked, lost):
        raise typer.Exit(code)


def _exit_code(checked: Iterable[CheckedFile], lost: Diagnostics) -> int:
    """Return 2 where the program failed at a file, 1 where one is not proven or was not reached."""
    codes = (int(file.failed) if file.fault is None else 2 for file in checked)
    return max(int(lost.blocked), *codes)


def _claim(
    report: str | None, unit: str | None, year: int | None, audience: Reader | None
) -> Claim:
    """Return what the person says a file is; empty where nothing is said."""
    return Claim(report or "", unit or "", year, audience.value if audience else "")


def _print_checked(
    checked: CheckedFile, lang: Lang, output_format: OutputFormat, root: Path
) -> None:
    if checked.fault is not None:
        print_fault(checked.fault)
    print("\n".join(checked_lines(checked, lang)))
    if checked.findings:
        print_findings(checked.findings, lang, output_format, root, verbose=True, title="")


def checked_lines(checked: CheckedFile, lang: Lang) -> Iterator[str]:
    """Yield what became of a file: verdict, report, commit, the sentences that differ."""
    words = _WORDS[lang.value]
    claim = checked.claim
    proven = "published" if checked.commit is None else "same"
    verdict = words[proven if checked.same else "not"]
    yield verdict.format(file=clean(str(checked.file)))
    if claim.whole:
        yield f"  {claim}  {claim.audience}  {claim.format}"
    if checked.commit:
        yield f"  {clean(str(checked.commit))}"
    for sentence in checked.differences[:MOST]:
        yield from _sentence_lines(sentence, words)
    if len(checked.differences) > MOST:
        yield f"    {words['more'].format(count=len(checked.differences) - MOST)}"


def _sentence_lines(sentence: ChangedSentence, words: dict[str, str]) -> Iterator[str]:
    """Yield where a sentence stands, what it is in the file and in the commit, its figures."""
    if sentence.where:
        yield f"    {sentence.where}"
    yield f"    {words['old']} − {sentence.old or '∅'}"
    yield f"    {words['new']} ＋ {sentence.new or '∅'}"
    if sentence.figures:
        pairs = [f"{old or '∅'} → {new or '∅'}" for old, new in sentence.figures]
        yield f"      {words['figures']} {'；'.join(pairs)}"


def checked_json(checked: Iterable[CheckedFile], lang: Lang) -> str:
    """Return what became of files as a JSON list, a record a file."""
    records = [_record(file, lang) for file in checked]
    return json.dumps(records, ensure_ascii=False, indent=2)


def _record(checked: CheckedFile, lang: Lang) -> dict[str, Any]:
    claim = checked.claim
    return {
        "file": str(checked.file),
        "same": checked.same,
        "unit": claim.unit or None,
        "year": claim.year,
        "report": claim.report or None,
        "audience": claim.audience or None,
        "format": claim.format or None,
        "commit": _commit_record(checked),
        "differences": list(map(_sentence_record, checked.differences)),
        "findings": json.loads(as_json(checked.findings, lang.value)),
    }


def _commit_record(checked: CheckedFile) -> dict[str, str] | None:
    commit = checked.commit
    if commit is None:
        return None
    return {"commit": commit.id, "date": commit.date, "subject": commit.subject}


def _sentence_record(sentence: ChangedSentence) -> dict[str, Any]:
    figures = [{"file": old, "commit": new} for old, new in sentence.figures]
    return {
        "where": sentence.where,
        "file": sentence.old,
        "commit": sentence.new,
        "figures": figures,
    }
