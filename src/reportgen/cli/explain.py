"""The commands that explain: explain, codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import (
    drafted,
    drafting_job,
    print_aside,
    print_findings,
    selected_reports,
)
from reportgen.features.explain import answers, near
from reportgen.findings import CODES, Diagnostics, blocks
from reportgen.findings.manual import codes_table, document_code

_BETWEEN = {"zh": "、", "en": ", "}
_NOTHING_CALLED = {
    "zh": "没有“{target}”：它不是键、名称、代码，也没有印在报告里；相近的：{known}",
    "en": "nothing is called or printed as “{target}”; like it: {known}",
}


def explain_target(
    target: str,
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    used_by: bool,
    deep: bool,
) -> None:
    """Print what is to be known of a code, or of a figure in the reports asked for."""
    if target.upper() in CODES:
        print(document_code(target.upper(), lang.value))
        return
    explained = False
    similar: list[str] = []
    for report_id in selected_reports(root, unit, year, report, lang, OutputFormat.full):
        job, log = drafting_job(root, report_id), Diagnostics()
        state = drafted(job, log)
        findings = job.graded(log)
        if state is not None:
            texts = answers(state, findings, target, used_by=used_by, deep=deep, lang=lang.value)
            if texts:
                explained = True
                print(*texts, sep="\n\n", end="\n\n")
                continue
            similar += near(state, target, lang.value)
        if blocks(findings):
            # What is broken may be the reason why nothing was found.
            title = str(report_id)
            full = OutputFormat.full
            print_findings(findings, lang, full, root, verbose=False, title=title)
    if not explained:
        _print_similar(target, similar, lang)
        raise typer.Exit(1)


def _print_similar(target: str, similar: Iterable[str], lang: Lang) -> None:
    """Say that nothing is called `target`, and what is called like it."""
    known = _BETWEEN[lang.value].join(dict.fromkeys(similar)) or "—"
    print_aside(_NOTHING_CALLED[lang.value].format(target=target, known=known))


def list_codes(lang: Lang) -> None:
    """Print every code of a finding."""
    print(codes_table(lang.value))
