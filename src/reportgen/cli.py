"""The command `reportgen`: the only module that prints, exits or reads the environment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from reportgen import __version__, options
from reportgen.findings import CODES, Finding, in_order
from reportgen.findings.faces import as_json, concise, full, summary
from reportgen.findings.manual import codes_table, document_code
from reportgen.load.files import Files
from reportgen.load.jsonschema import SCHEMAS, json_schema
from reportgen.lookup import answers
from reportgen.model.document import Audience
from reportgen.options import HERE, Face, Lang, Reader
from reportgen.pipeline import Job, Outcome, build, draft
from reportgen.selection import Chosen, select

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="绩效自评报告：从 YAML 事实生成 Word、网页和 PDF。Self-evaluation reports from facts.",
    epilog="例 example: reportgen build --year 2023 --unit huaihua",
)


@app.command("build", epilog="例 example: reportgen build --year 2023 --audience public")
def build_command(
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
    shape: options.Shape = Face.full,
    verbose: options.Verbose = False,
) -> None:
    """生成报告，全部核验无误才换上。Build reports; nothing is replaced unless all is right."""
    wanted = options.chosen_formats(formats)
    target = out or root / "build"
    outcomes = []
    for each in _chosen(root, unit, year, report, lang, shape):
        started = time.perf_counter()
        job = Job(
            root,
            target,
            each.unit,
            each.year,
            each.report,
            audience.value,
            wanted,
            comments,
            strict,
        )
        outcome = build(job)
        outcomes.append(outcome)
        title = f"{each}  {time.perf_counter() - started:.2f} s"
        _show(outcome.findings, lang, shape, root, verbose=verbose, title=title)
        if shape is not Face.json:
            print("\n".join(_results(outcome, lang)))
    _finish(outcomes, lang, shape)


@app.command("check", epilog="例 example: reportgen check --year 2023 --strict")
def check_command(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: options.For = Reader.internal,
    strict: options.Strict = False,
    shape: options.Shape = Face.full,
) -> None:
    """核对数据、公式、勾稽关系和正文，不生成文件。Check everything, write nothing."""
    outcomes = []
    for each in _chosen(root, unit, year, report, lang, shape):
        outcome = _draft(root, each, audience.value, strict=strict)
        outcomes.append(outcome)
        _show(outcome.findings, lang, shape, root, verbose=True, title=str(each))
    _finish(outcomes, lang, shape)


@app.command("explain", epilog="例 example: reportgen explain 135.47% · reportgen explain R101")
def explain_command(
    target: options.Target,
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    used_by: options.UsedBy = False,
) -> None:
    """说明一个数的来历，或一个代码的意思。Explain a figure, or a code of a finding."""
    if target.upper() in CODES:
        print(document_code(target.upper(), lang.value))
        return
    found = False
    for each in _chosen(root, unit, year, report, lang, Face.full):
        outcome = _draft(root, each, "internal", strict=False)
        told = answers(outcome.ledger, outcome.document, target, used_by=used_by)
        if not told and outcome.failed:
            # What is broken may be the reason why nothing was found.
            _show(outcome.findings, lang, Face.full, root, verbose=False, title=str(each))
        if told:
            found = True
            print(*told, sep="\n\n", end="\n\n")
    if not found:
        _say(
            f"没有“{target}”：它不是键、名称、代码，也没有印在报告里"
            if lang == Lang.zh
            else f"nothing is called or printed as “{target}”"
        )
        raise typer.Exit(1)


@app.command("list", epilog="例 example: reportgen list --unit huaihua")
def list_command(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
) -> None:
    """列出单位、年度、报告、模板包及其状态。List units, years, reports, packs and their state."""
    for each in _chosen(root, unit, year, None, lang, Face.concise):
        outcome = _draft(root, each, "internal", strict=False)
        title = outcome.document.name if outcome.document else "—"
        state = summary(outcome.findings, lang.value)
        print(f"{each}\t{outcome.pack or '—'}\t{title}\t{state}")


@app.command("codes", epilog="例 example: reportgen codes --lang en")
def codes_command(lang: options.Tongue) -> None:
    """列出所有消息代码。List every code of a finding."""
    print(codes_table(lang.value))


@app.command("schema", epilog="例 example: reportgen schema year > year.schema.json")
def schema_command(
    name: Annotated[str, typer.Argument(help="、".join(SCHEMAS))],
) -> None:
    """输出数据文件的 JSON Schema，供编辑器使用。Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS))
    print(json_schema(name))


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
) -> None:
    """Show the version where it is asked for."""
    if version:
        print(__version__)
        raise typer.Exit


def _chosen(
    root: Path, unit: str | None, year: int | None, report: str | None, lang: Lang, shape: Face
) -> tuple[Chosen, ...]:
    chosen, findings = select(Files(root), unit, year, report)
    if findings:
        _show(findings, lang, shape, root, verbose=True, title="")
        if shape is Face.json:
            print(as_json(findings, lang.value))
        raise typer.Exit(1)
    return chosen


def _draft(root: Path, each: Chosen, audience: Audience, *, strict: bool) -> Outcome:
    job = Job(root, root / "build", each.unit, each.year, each.report, audience, strict=strict)
    return draft(job, Files(root))


def _show(
    findings: Iterable[Finding], lang: Lang, shape: Face, root: Path, *, verbose: bool, title: str
) -> None:
    """Print findings and their count; without `verbose` no notes, and a line for what is waived."""
    if shape is Face.json:
        return
    every = in_order(findings)
    waived = [each for each in every if each.waived and not verbose]
    shown = [each for each in every if verbose or each.severity != "note"]
    if shape is Face.concise:
        parts = [concise(in_order((*shown, *waived)), lang.value)]
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        parts = [
            concise(waived, lang.value),
            full(shown, lang.value, Files(root).shown, colour=colour),
        ]
    told = "\n\n".join(part for part in parts if part)
    print("\n".join(filter(None, [told, f"{title}  {summary(every, lang.value)}".strip()])))


def _results(outcome: Outcome, lang: Lang) -> list[str]:
    """Return the paths of what was built, or the word that nothing was."""
    if outcome.failed:
        kept = {
            "zh": "没有生成，上次的成品没有改动",
            "en": "not built; the last output is untouched",
        }
        return [f"  {kept[lang.value]}"]
    return [f"  {outcome.job.folder / name}" for name in outcome.files]


def _finish(outcomes: list[Outcome], lang: Lang, shape: Face) -> None:
    if shape is Face.json:
        print(as_json(in_order(f for each in outcomes for f in each.findings), lang.value))
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(1)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def run() -> None:
    """Run the command; a fault of the program is one line and exit code 2, never a traceback."""
    try:
        app(prog_name="reportgen")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if "REPORTGEN_DEBUG" in os.environ:
            raise
        _say(f"reportgen: 程序内部错误 internal error: {type(error).__name__}: {error}")
        _say("REPORTGEN_DEBUG=1 显示详情 shows the details")
        raise SystemExit(2) from None


if __name__ == "__main__":
    run()
