"""The commands for whoever writes files by hand: new-pack, check-pack, schema."""

from __future__ import annotations

from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import print_aside, print_findings
from reportgen.cli.waiting import waiting
from reportgen.features.packs.inspection import check_pack, new_pack
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import as_json
from reportgen.load.jsonschema import SCHEMAS, json_schema
from reportgen.project.source_files import SourceFiles

_NEXT_STEP = {
    "zh": "接着：照 docs/packs.md 修改，用 reportgen check-pack {name} 检查",
    "en": "next: change it as docs/packs.md says, then reportgen check-pack {name}",
}
_FACTS_NEEDED = {"zh": "需要的事实：", "en": "facts it needs:"}


def start_pack(name: str, form: Path | None, lang: Lang, root: Path) -> None:
    """Write a pack and print its files; exits with 1 and the findings where it cannot."""
    log = Diagnostics()
    written = new_pack(root, name, log, form)
    if log:
        print_findings(tuple(log), lang, OutputFormat.full, root, verbose=True, title=name)
    if not written:
        raise typer.Exit(1)
    print("\n".join(written))
    print_aside(_NEXT_STEP[lang.value].format(name=name))


def inspect_pack(name: str, lang: Lang, root: Path, output_format: OutputFormat) -> None:
    """Print what a pack lacks and does not use, and the facts it needs."""
    log = Diagnostics()
    with waiting(name):
        needs = check_pack(SourceFiles(root), name, log)
    findings = tuple(log)
    if output_format is OutputFormat.json:
        print(as_json(findings, lang.value))
    print_findings(findings, lang, output_format, root, verbose=True, title=name)
    if needs.facts and output_format is not OutputFormat.json:
        print(_FACTS_NEEDED[lang.value])
        for fact in needs.facts:
            print(f"  {fact}")
    if log.blocked:
        raise typer.Exit(1)


def print_schema(name: str) -> None:
    """Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS), param_hint="name")
    print(json_schema(name))
