"""The command that makes a document of others the start of a report: adopt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import print_aside, print_findings
from reportgen.cli.waiting import waiting
from reportgen.features.adopt.adopting import adopt_file, save
from reportgen.features.adopt.adoption import AdoptedValue, Adoption
from reportgen.features.adopt.checks import in_ranges
from reportgen.features.adopt.new_pack import adopt_into_new_pack
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import as_json, place_text
from reportgen.project.layout import ReportId
from reportgen.project.saving import cannot_write
from reportgen.project.source_files import SourceFiles

_HEADS = {"zh": ("位置", "数据", "值", "结果"), "en": ("place", "key", "value", "result")}
_RESULTS = {
    "zh": {"added": "新填", "same": "相同", "differs": "不同，没有改"},
    "en": {"added": "added", "same": "same", "differs": "differs, kept"},
}
_COUNTED = {
    "zh": "取了 {added} 个数（其中 {derived} 个由系统计算，写在 published.yaml 里对照{waiting}）、"
    "{texts} 节正文；已有相同的 {same} 个，不同的 {differs} 个；{left} 处没有取",
    "en": "{added} values ({derived} of them worked out by rules, to compare in published.yaml"
    "{waiting}), {texts} texts; {same} stand there already, {differs} otherwise; {left} not taken",
}
_WAITING = {
    "zh": "，{waiting} 个还算不出来，没有对照",
    "en": "; {waiting} cannot be worked out yet and are not compared",
}
_NEXT = {
    "zh": "接着：核对“待确认”，填“待填”；reportgen check --unit {unit} --year {year} 说还剩什么",
    "en": "next: confirm, fill in; reportgen check --unit {unit} --year {year} shows what",
}
_ONE_OF = {"zh": "写其中一个", "en": "give one of them"}
_UNTOUCHED = {"zh": "数据文件没有改动", "en": "the data files are untouched"}


def adopt_report(
    file: Path,
    pack: str,
    new_pack: str,
    unit: str,
    year: int,
    report: str,
    lang: Lang,
    root: Path,
    dry_run: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Make a document the start of a report: its facts, texts, and what was not taken."""
    if bool(pack) == bool(new_pack):
        raise typer.BadParameter(_ONE_OF[lang.value], param_hint="--pack, --new-pack")
    files = SourceFiles(root)
    named = ReportId(unit, year, report)
    with waiting(file.name):
        if new_pack:
            adoption = adopt_into_new_pack(files, file, named, new_pack)
        else:
            needs = check_pack(files, pack, Diagnostics())
            adoption = adopt_file(files, file, named, pack, needs)
    _print(adoption, lang, output_format, root, verbose=verbose, title=file.name)
    if adoption.failed:
        print_aside(_UNTOUCHED[lang.value])
        raise typer.Exit(1)
    if dry_run or not adoption.after:
        return
    try:
        paths = save(files, adoption)
    except OSError as error:
        unsaved = [cannot_write(error, root)]
        print_findings(unsaved, lang, output_format, root, verbose=True, title="")
        raise typer.Exit(1) from None
    if output_format is not OutputFormat.json:
        print("\n".join(paths))
        print_aside(_NEXT[lang.value].format(unit=unit, year=year))


def _print(
    adoption: Adoption,
    lang: Lang,
    output_format: OutputFormat,
    root: Path,
    *,
    verbose: bool,
    title: str,
) -> None:
    """Print the findings, each value with `verbose`, and how many there are of each kind."""
    if output_format is OutputFormat.json:
        print(as_json(adoption.findings, lang.value))
        return
    findings = adoption.findings if verbose else in_ranges(adoption.findings)
    print_findings(findings, lang, output_format, root, verbose=True, title=clean(title))
    if verbose:
        rows = [_row(value, lang) for value in adoption.values]
        print("\n".join(aligned([_HEADS[lang.value], *rows])))
    if not adoption.failed:
        counts = _counts(adoption)
        waiting = _WAITING[lang.value].format(**counts) if counts["waiting"] else ""
        print(_COUNTED[lang.value].format(**{**counts, "waiting": waiting}))


def _counts(adoption: Adoption) -> Mapping[str, int]:
    counts = dict.fromkeys(("added", "same", "differs", "derived", "waiting"), 0)
    for value in adoption.values:
        counts[value.result] += 1
        counts["derived"] += value.derived and value.result == "added"
        counts["waiting"] += value.result == "added" and not value.comparable
    texts, left = sum(1 for each in adoption.texts if each.places), len(adoption.not_taken)
    return {**counts, "texts": texts, "left": left}


def _row(value: AdoptedValue, lang: Lang) -> tuple[str, str, str, str]:
    span = value.places[0]
    place = place_text(span, lang.value) or str(span.line)
    return place, clean(value.key), clean(value.text[:40]), _RESULTS[lang.value][value.result]
