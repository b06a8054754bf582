"""The command `reportgen`: the only module that prints, exits or reads the environment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from reportgen import __version__, explain
from reportgen.findings import CODES, Finding, in_order
from reportgen.findings.faces import as_json, concise, full, summary
from reportgen.findings.manual import codes_table, document_code
from reportgen.load.files import Files
from reportgen.load.jsonschema import SCHEMAS, json_schema
from reportgen.model.document import Audience
from reportgen.options import (
    HERE,
    Face,
    For,
    Lang,
    Out,
    Reader,
    Report,
    Root,
    Shape,
    Strict,
    Tongue,
    Unit,
    Verbose,
    Year,
)
from reportgen.pipeline import Job, Outcome, build, draft
from reportgen.selection import Chosen, select
from reportgen.write.writers import FORMATS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="绩效自评报告：从 YAML 事实生成 Word、网页和 PDF。Self-evaluation reports from facts.",
    epilog="例：reportgen build --year 2023 --unit huaihua",
)


@app.command("build", epilog="例：reportgen build --year 2023 --audience public")
def build_command(
    lang: Tongue,
    root: Root = HERE,
    out: Out = None,
    year: Year = None,
    unit: Unit = None,
    report: Report = None,
    audience: For = Reader.internal,
    formats: Annotated[str, typer.Option("--format", help="docx,html,pdf")] = ",".join(FORMATS),
    comments: Annotated[bool, typer.Option("--comments", help="Word 批注说明每个数的来历")] = False,
    strict: Strict = False,
    shape: Shape = Face.full,
    verbose: Verbose = False,
) -> None:
    """生成报告。Build reports; nothing is replaced unless everything is right."""
    wanted = tuple(dict.fromkeys(formats.split(",")))
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise typer.BadParameter(f"{unknown[0]}：{'、'.join(FORMATS)}", param_hint="--format")
    chosen = _chosen(root, unit, year, report, lang, shape)
    target = out or root / "build"
    outcomes = []
    for each in chosen:
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
        _show(outcome.findings, lang, shape, root, verbose=verbose, title=str(each))
        if not outcome.failed:
            for name in outcome.files:
                _say(f"{job.folder / name}")
            _say(f"{each}  {time.perf_counter() - started:.2f} s")
    _finish(outcomes, lang, shape)


@app.command("check", epilog="例：reportgen check --year 2023 --strict")
def check_command(
    lang: Tongue,
    root: Root = HERE,
    year: Year = None,
    unit: Unit = None,
    report: Report = None,
    audience: For = Reader.internal,
    strict: Strict = False,
    shape: Shape = Face.full,
) -> None:
    """核对数据、公式、勾稽关系和正文，不生成文件。Check everything, write nothing."""
    outcomes = []
    for each in _chosen(root, unit, year, report, lang, shape):
        outcome = _draft(root, each, audience.value, strict=strict)
        outcomes.append(outcome)
        _show(outcome.findings, lang, shape, root, verbose=True, title=str(each))
    _finish(outcomes, lang, shape)


@app.command("explain", epilog="例：reportgen explain 135.47% --year 2023；reportgen explain R101")
def explain_command(
    target: Annotated[str, typer.Argument(help="键、名称、印出的文字，或消息代码")],
    lang: Tongue,
    root: Root = HERE,
    year: Year = None,
    unit: Unit = None,
    report: Report = None,
    used_by: Annotated[bool, typer.Option("--used-by", help="反过来：用在哪里")] = False,
) -> None:
    """说明一个数的来历，或一个消息代码。Explain a figure, or a code of a finding."""
    if target in CODES:
        print(document_code(target, lang.value))
        return
    found = False
    for each in _chosen(root, unit, year, report, lang, Face.full):
        outcome = _draft(root, each, "internal", strict=False)
        if outcome.ledger is None:
            _show(outcome.findings, lang, Face.full, root, verbose=False, title=str(each))
            raise typer.Exit(1)
        for key in explain.search(outcome.ledger, outcome.document, target):
            found = True
            text = explain.used_by(outcome.ledger, outcome.document, key) if used_by else None
            print(text or explain.tree(outcome.ledger, key), end="\n\n")
    if not found:
        _say(
            f"没有“{target}”：它不是键、名称、代码，也没有印在报告里"
            if lang == Lang.zh
            else f"nothing is called or printed as “{target}”"
        )
        raise typer.Exit(1)


@app.command("list")
def list_command(lang: Tongue, root: Root = HERE, year: Year = None, unit: Unit = None) -> None:
    """列出单位、年度、报告、模板包及其状态。List units, years, reports, packs and their state."""
    for each in _chosen(root, unit, year, None, lang, Face.concise):
        outcome = _draft(root, each, "internal", strict=False)
        title = outcome.document.name if outcome.document else "—"
        state = summary(outcome.findings, lang.value)
        print(f"{each}\t{outcome.pack or '—'}\t{title}\t{state}")


@app.command("codes")
def codes_command(lang: Tongue) -> None:
    """列出所有消息代码。List every code of a finding."""
    print(codes_table(lang.value))


@app.command("schema")
def schema_command(
    name: Annotated[str, typer.Argument(help="、".join(SCHEMAS))],
) -> None:
    """输出数据文件的 JSON Schema，供编辑器使用。Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS))
    print(json_schema(name))


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="版本")] = False,
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
    every = in_order(findings)
    shown = [f for f in every if verbose or f.severity != "note" or f.waived]
    if shape is Face.json:
        return
    if shape is Face.concise:
        text = concise(shown, lang.value)
    else:
        files = Files(root)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        text = full(shown, lang.value, files.shown, colour=colour)
    lines = [text] if text else []
    print("\n".join([*lines, f"{title}  {summary(every, lang.value)}".strip()]))


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
        app()
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
