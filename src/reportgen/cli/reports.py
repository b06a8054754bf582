"""The commands about reports: build, check, explain, list, codes, schema."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import Annotated

import typer

from reportgen.cli import complete, options
from reportgen.cli.options import HERE, Lang, OutputFormat, Reader
from reportgen.cli.show import chosen, drafted, finish, results, say, show, working
from reportgen.features.explain import answers, near
from reportgen.findings import CODES, Finding, blocks
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.manual import codes_table, document_code
from reportgen.findings.renderers import summary
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.staged import Build, Draft
from reportgen.load.jsonschema import SCHEMAS, json_schema
from reportgen.project.selection import ReportId

_HEADS = {
    "zh": ("报告", "模板包", "名称", "状态"),
    "en": ("report", "pack", "title", "state"),
}


def build_reports(
    lang: options.Tongue,
    root: options.Root = HERE,
    out: options.Out = None,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: options.For = Reader.internal,
    formats: options.Formats = options.ALL_FORMATS,
    comments: options.Comments = False,
    strict: options.Strict = False,
    final: options.Final = False,
    force: options.Force = False,
    shape: options.Shape = OutputFormat.full,
    verbose: options.Verbose = False,
) -> None:
    """生成报告，全部核验无误才换上。Build reports; nothing is replaced unless all is right."""
    wanted = options.chosen_formats(formats)
    target = out or root / "build"
    first = Job(root, target, "", 0, "", audience.value, wanted, comments, strict, final=final)
    jobs = [job_of(first, each) for each in chosen(root, unit, year, report, lang, shape)]
    findings: list[Finding] = []
    for job in jobs:
        findings += built(job, lang, shape, verbose=verbose, force=force).findings
    finish(findings, lang, shape)


def job_of(job: Job, each: ReportId) -> Job:
    """Return `job` for the report `each`."""
    return replace(job, unit=each.unit, year=each.year, report=each.report)


def built(job: Job, lang: Lang, shape: OutputFormat, *, verbose: bool, force: bool) -> Build:
    """Build a report; print what was found, how long it took, and where the files are."""
    started = time.perf_counter()
    name = f"{job.unit}/{job.year}/{job.report}"
    with working(name):
        result = build(job, force=force)
    title = f"{name}  {time.perf_counter() - started:.2f} s"
    if result.up_to_date:
        if shape is not OutputFormat.json:
            print(title)
    else:
        show(result.findings, lang, shape, job.root, verbose=verbose, title=title)
    if shape is not OutputFormat.json:
        print("\n".join(results(result, lang)))
    return result


def check_reports(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: options.For = Reader.internal,
    strict: options.Strict = False,
    final: options.Final = False,
    shape: options.Shape = OutputFormat.full,
    verbose: options.Verbose = False,
) -> None:
    """核对数据、公式、勾稽关系和正文，不生成文件。Check everything, write nothing."""
    every: list[Finding] = []
    for each in chosen(root, unit, year, report, lang, shape):
        _, findings = drafted(root, each, audience.value, strict=strict, final=final)
        every += findings
        show(findings, lang, shape, root, verbose=verbose, title=str(each), waived=True)
    finish(every, lang, shape)


def explain_target(
    target: options.Target,
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    used_by: options.UsedBy = False,
    deep: options.Deep = False,
) -> None:
    """说明一个数的来历，或一个代码的意思。Explain a figure, or a code of a finding."""
    if target.upper() in CODES:
        print(document_code(target.upper(), lang.value))
        return
    found, like = False, list[str]()
    for each in chosen(root, unit, year, report, lang, OutputFormat.full):
        state, findings = drafted(root, each, "internal", strict=False)
        told: tuple[str, ...] = ()
        if state is not None:
            told = answers(state, findings, target, used_by=used_by, deep=deep)
            like += () if told else near(state, target)
        if not told and blocks(findings):
            # What is broken may be the reason why nothing was found.
            show(findings, lang, OutputFormat.full, root, verbose=False, title=str(each))
        if told:
            found = True
            print(*told, sep="\n\n", end="\n\n")
    if not found:
        known = "、".join(dict.fromkeys(like)) or "—"
        say(
            f"没有“{target}”：它不是键、名称、代码，也没有印在报告里；相近的：{known}"
            if lang == Lang.zh
            else f"nothing is called or printed as “{target}”; like it: {known}"
        )
        raise typer.Exit(1)


def list_reports(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
) -> None:
    """列出单位、年度、报告、模板包及其状态。List units, years, reports, packs and their state.

    终端上按列对齐，管道里每份报告一行、用制表符分隔。Columns on a terminal, tabs in a pipe.
    """
    rows = [_HEADS[lang.value]] if sys.stdout.isatty() else []
    for each in chosen(root, unit, year, None, lang, OutputFormat.concise):
        report, findings = drafted(root, each, "internal", strict=False)
        pack, title = "—", "—"
        if isinstance(report, Draft):
            title = clean(report.document.name)
        if report is not None:
            derived = report.derived if isinstance(report, Draft) else report
            pack = derived.inputs.pack.folder
        rows.append((str(each), pack, title, summary(findings, lang.value)))
    lines = aligned(rows) if sys.stdout.isatty() else map("\t".join, rows)
    print(*lines, sep="\n")


def list_codes(lang: options.Tongue) -> None:
    """列出所有消息代码。List every code of a finding."""
    print(codes_table(lang.value))


def print_schema(
    name: Annotated[str, typer.Argument(help="、".join(SCHEMAS), autocompletion=complete.schema)],
) -> None:
    """输出数据文件的 JSON Schema，供编辑器使用。Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS))
    print(json_schema(name))
