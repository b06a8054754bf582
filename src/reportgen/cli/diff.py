"""The command `diff`: what changed, in figures."""

from __future__ import annotations

import json
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.options import HERE, Lang
from reportgen.cli.show import say
from reportgen.features.diff.correction import corrected
from reportgen.features.diff.differences import ComparisonResult, differ
from reportgen.features.diff.renderers import as_json, as_markdown, as_page, as_text, dumped
from reportgen.features.diff.states import Scope
from reportgen.features.diff.summary import summarize
from reportgen.features.diff.words import WORDS
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import as_json as findings_json
from reportgen.findings.renderers import full
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.project.source_files import SourceFiles


class ComparisonFormat(StrEnum):
    """How a comparison is shown."""

    text = "text"
    markdown = "markdown"
    html = "html"
    json = "json"


Side = Annotated[
    str,
    typer.Argument(
        help="年度、提交（HEAD~3、分支、标签）或成品文件夹 · a year, a revision, a folder of builds"
    ),
]
Other = Annotated[
    str | None,
    typer.Argument(
        help="同上；不写则与现在的文件比 · the same; without it the files as they stand"
    ),
]
Threshold = Annotated[
    str,
    typer.Option("--threshold", help="变动达到多少须说明原因 · explain changes from here on"),
]
OutputOption = Annotated[
    ComparisonFormat, typer.Option("--output-format", help="样式 · face of the comparison")
]


def show_differences(
    lang: options.Tongue,
    old: Side = "HEAD",
    new: Other = None,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    threshold: Threshold = "20%",
    published: Annotated[
        bool, typer.Option("--published", help="只比公开版印出的数 · public versions, as printed")
    ] = False,
    correction: Annotated[
        Path | None,
        typer.Option("--correction", help="更正说明草稿，.docx 和 .md · draft a correction"),
    ] = None,
    view: OutputOption = ComparisonFormat.text,
) -> None:
    """逐数比较两个年度、两次提交或两次成品。Compare years, commits or builds, figure by figure."""
    least = _threshold(threshold)
    scope = Scope(root, unit, year, report, published or correction is not None)
    log = Diagnostics()
    result = differ(scope, old, new, log)
    if correction is not None:
        written = _corrected(scope, result, correction, log)
        say("\n".join(map(str, written)))
    findings = tuple(log)
    if view is ComparisonFormat.json:
        found = json.loads(findings_json(findings, lang.value))
        every = as_json(result.comparisons)
        print(dumped({"same": result.same, "comparisons": every, "findings": found}))
    else:
        summaries = [summarize(each, lang.value, least) for each in result.comparisons]
        renderers = {
            ComparisonFormat.text: as_text,
            ComparisonFormat.markdown: as_markdown,
            ComparisonFormat.html: as_page,
        }
        if summaries or view is ComparisonFormat.html:
            print(renderers[view](summaries, lang.value))
        if findings:
            say(full(findings, lang.value, SourceFiles(root).shown))
        if result.same:
            say(_counted(result, lang))
    if log.blocked:
        raise typer.Exit(1)


def _corrected(
    scope: Scope, result: ComparisonResult, target: Path, log: Diagnostics
) -> list[Path]:
    """Write the draft of a correction, as Word and Markdown; return the files."""
    if len(result.comparisons) > 1:
        names = "、".join(each.name for each in result.comparisons)
        raise typer.BadParameter(f"{names}: --unit --year --report", param_hint="--correction")
    written = []
    for comparison in result.comparisons:
        own_log = Diagnostics()
        draft = result.drafts.get(comparison.name)
        files = corrected(scope.root, comparison, draft, own_log)
        log.extend(each for each in own_log if each.severity != "note")
        for suffix, data in files.items():
            path = target.with_suffix(f".{suffix}")
            path.write_bytes(data)
            written.append(path)
    return written


def _threshold(text: str) -> Fraction:
    try:
        return parse_quantity(text).value
    except QuantityError:
        raise typer.BadParameter("20%", param_hint="--threshold") from None


def _counted(result: ComparisonResult, lang: Lang) -> str:
    """Return how many reports did not change."""
    words = WORDS[lang.value]
    return words["same_one" if result.same == 1 else "same"].format(count=result.same)
