"""The command `diff`: what changed, in figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import typer

from reportgen.cli.options import ComparisonFormat, Lang
from reportgen.cli.output import cache_folder, print_aside
from reportgen.cli.waiting import waiting
from reportgen.features.diff.differences import ComparisonResult, differ
from reportgen.features.diff.renderers import as_json, as_markdown, as_page, as_text, dumped
from reportgen.features.diff.states import Scope
from reportgen.features.diff.summary import summarize
from reportgen.features.diff.words import WORDS
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import as_json as findings_json
from reportgen.findings.renderers import concise, full
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.project.saving import save
from reportgen.project.source_files import SourceFiles

RENDERERS: Mapping[ComparisonFormat, Callable[..., str]] = {
    ComparisonFormat.text: as_text,
    ComparisonFormat.html: as_page,
}


_NO_THRESHOLD = {"zh": "'{text}' 不是 20% 这样的数", "en": "'{text}' is no number such as 20%"}


def show_differences(
    lang: Lang,
    old: str,
    new: str | None,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    threshold: str,
    published: bool,
    correction: Path | None,
    output_format: ComparisonFormat,
) -> None:
    """Compare two states of reports, figure by figure; with `correction` draft one."""
    explained_from = _threshold(threshold, lang)
    is_public = published or correction is not None
    scope = Scope(root, unit, year, report, is_public, cache_folder())
    log = Diagnostics()
    with waiting(f"{old} → {new or scope.root}"):
        result = differ(scope, old, new, log)
    if correction is not None:
        _write_correction(scope, result, correction, log)
    if output_format is ComparisonFormat.json:
        _print_json(result, log, lang)
    else:
        _print_comparisons(result, log, lang, output_format, explained_from, root)
    if log.blocked:
        raise typer.Exit(1)


def _print_json(result: ComparisonResult, log: Diagnostics, lang: Lang) -> None:
    findings = json.loads(findings_json(tuple(log), lang.value))
    comparisons = as_json(result.comparisons)
    print(dumped({"same": result.same, "comparisons": comparisons, "findings": findings}))


def _print_comparisons(
    result: ComparisonResult,
    log: Diagnostics,
    lang: Lang,
    output_format: ComparisonFormat,
    explained_from: Fraction,
    root: Path,
) -> None:
    """Print the comparisons; beside them the findings, and how many reports did not change."""
    summaries = [
        summarize(comparison, lang.value, explained_from) for comparison in result.comparisons
    ]
    if output_format is ComparisonFormat.markdown:
        failed = concise(tuple(log), lang.value).splitlines()
        print(as_markdown(summaries, lang.value, same=result.same, failed=failed))
    elif summaries or output_format is ComparisonFormat.html:
        print(RENDERERS[output_format](summaries, lang.value))
    if log:
        print_aside(full(tuple(log), lang.value, SourceFiles(root).shown))
    if result.same and output_format is not ComparisonFormat.markdown:
        sentence = "same_one" if result.same == 1 else "same"
        print_aside(WORDS[lang.value][sentence].format(count=result.same))


def _write_correction(
    scope: Scope, result: ComparisonResult, target: Path, log: Diagnostics
) -> None:
    """Write the draft of a correction, as Word and Markdown; the log gets what is wrong with it."""
    if len(result.comparisons) > 1:
        names = "、".join(comparison.name for comparison in result.comparisons)
        raise typer.BadParameter(f"{names}: --unit --year --report", param_hint="--correction")
    from reportgen.features.diff.correction import corrected  # noqa: PLC0415 - it writes files

    paths: list[str] = []
    for comparison in result.comparisons:
        problems = Diagnostics()
        draft = result.drafts.get(comparison.name)
        with waiting(str(target)):
            files = corrected(scope.root, comparison, draft, problems)
        log.extend(problem for problem in problems if problem.severity != "note")
        drafts = {target.with_suffix(f".{suffix}"): data for suffix, data in files.items()}
        save(drafts)
        paths += map(str, drafts)
    print_aside("\n".join(paths))


def _threshold(text: str, lang: Lang) -> Fraction:
    try:
        return parse_quantity(text).value
    except QuantityError:
        reason = _NO_THRESHOLD[lang.value].format(text=text)
        raise typer.BadParameter(reason, param_hint="--threshold") from None
