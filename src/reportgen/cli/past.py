"""What `verify` prints of a file: that it is proven, or what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from reportgen.cli import options
from reportgen.cli.options import HERE, Lang, OutputFormat, Reader
from reportgen.cli.reports import built, job_of
from reportgen.cli.show import chosen, finish, say, show, stop_for
from reportgen.features.provenance_check import Cache, CheckedFile, Question, attest, failed
from reportgen.findings import Finding
from reportgen.findings.excerpt import clean
from reportgen.findings.renderers import as_json
from reportgen.flow.job import Job
from reportgen.flow.manifests import Claim
from reportgen.language.text_differences import ChangedSentence
from reportgen.project.history import state

MOST = 20
"""How many differing sentences are printed; the JSON has them all."""

_WORDS = {
    "zh": {
        "same": "{file}：一致，就是这次提交生成的",
        "not": "{file}：没有证明",
        "old": "文件",
        "new": "提交",
        "figures": "数",
        "more": "……另有 {count} 处不同（--output-format json 全部列出）",
    },
    "en": {
        "same": "{file}: proven, exactly what this commit builds",
        "not": "{file}: not proven",
        "old": "file  ",
        "new": "commit",
        "figures": "figures",
        "more": "… {count} more differences (--output-format json lists them all)",
    },
}


def proof_lines(proof: CheckedFile, lang: Lang) -> Iterator[str]:
    """Yield what became of a file: verdict, report, commit, the sentences that differ."""
    words = _WORDS[lang.value]
    yield words["same" if proof.same else "not"].format(file=clean(str(proof.file)))
    if proof.claim.whole:
        yield f"  {proof.claim}  {proof.claim.audience}  {proof.claim.format}"
    if proof.commit:
        yield f"  {clean(str(proof.commit))}"
    for line in proof.lines[:MOST]:
        if line.where:
            yield f"    {line.where}"
        yield f"    {words['old']} − {line.old or '∅'}"
        yield f"    {words['new']} ＋ {line.new or '∅'}"
        if line.figures:
            pairs = "；".join(f"{old or '∅'} → {new or '∅'}" for old, new in line.figures)
            yield f"      {words['figures']} {pairs}"
    if len(proof.lines) > MOST:
        yield f"    {words['more'].format(count=len(proof.lines) - MOST)}"


def proofs_json(proofs: Iterable[CheckedFile], lang: Lang) -> str:
    """Return the proofs as a JSON list, a record a file."""
    return json.dumps([_record(proof, lang) for proof in proofs], ensure_ascii=False, indent=2)


def _record(proof: CheckedFile, lang: Lang) -> dict[str, Any]:
    claim, commit = proof.claim, proof.commit
    told = {"commit": commit.id, "date": commit.date, "subject": commit.subject} if commit else None
    return {
        "file": str(proof.file),
        "same": proof.same,
        "unit": claim.unit or None,
        "year": claim.year,
        "report": claim.report or None,
        "audience": claim.audience or None,
        "format": claim.format or None,
        "commit": told,
        "differences": [_line(line) for line in proof.lines],
        "findings": json.loads(as_json(proof.findings, lang.value)),
    }


def _line(line: ChangedSentence) -> dict[str, Any]:
    figures = [{"file": old, "commit": new} for old, new in line.figures]
    return {"where": line.where, "file": line.old, "commit": line.new, "figures": figures}


Revision = Annotated[
    str,
    typer.Option("--commit", help="提交号、分支、标签，如 HEAD~3 · a revision", metavar="REV"),
]
Proven = Annotated[
    str,
    typer.Option("--commit", help="与哪次提交比，默认是清单记的 · instead of the recorded one"),
]
Reported = Annotated[
    Reader | None, typer.Option("--audience", help="读者：内部、报送、公开 · for whom")
]


def rebuild_reports(
    lang: options.Tongue,
    revision: Revision,
    root: options.Root = HERE,
    out: options.Out = None,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: options.For = Reader.internal,
    formats: options.Formats = options.ALL_FORMATS,
    comments: options.Comments = False,
    strict: options.Strict = False,
    shape: options.Shape = OutputFormat.full,
    verbose: options.Verbose = False,
) -> None:
    """照一次提交重新生成报告，与当时逐字节相同。Build a past state from git, to the same bytes."""
    wanted = options.chosen_formats(formats)
    with state(root, revision) as (past, findings):
        stop_for(findings, lang, shape, root)
        assert past is not None
        if shape is not OutputFormat.json:
            say(str(past.commit))
        target = out or root / "build"
        folder = past.folder
        first = Job(folder, target, "", 0, "", audience.value, wanted, comments, strict)
        first = replace(first, origin=past.origin)
        every = chosen(folder, unit, year, report, lang, shape)
        jobs = [job_of(first, each) for each in every]
        told: list[Finding] = []
        for job in jobs:
            told += built(job, lang, shape, verbose=verbose, force=True).findings
        finish(told, lang, shape)


def verify_files(
    files: Annotated[list[Path], typer.Argument(help="已公开的文件 · published files")],
    lang: options.Tongue,
    revision: Proven = "",
    root: options.Root = HERE,
    out: options.Out = None,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: Reported = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="清单 · the manifest of that build")
    ] = None,
    search: Annotated[
        bool, typer.Option("--search", help="往回逐次提交找 · search back, commit by commit")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="最多找几次提交 · how many at most")
    ] = 50,
    shape: options.Shape = OutputFormat.full,
) -> None:
    """证明文件就是某次提交生成的，否则说出差别和原因。Prove a file to be what a commit builds."""
    for_whom = audience.value if audience else ""
    asked = Claim(report or "", unit or "", year, for_whom)
    steps = limit if search else 0
    question = Question(root, out or root / "build", asked, revision, manifest, steps)
    cache: Cache = {}
    proofs = []
    for file in files:
        proof = attest(file, question, cache)
        proofs.append(proof)
        if shape is not OutputFormat.json:
            print("\n".join(proof_lines(proof, lang)))
            if proof.findings:
                show(proof.findings, lang, shape, root, verbose=True, title="")
    if shape is OutputFormat.json:
        print(proofs_json(proofs, lang))
    if any(failed(proof) for proof in proofs):
        raise typer.Exit(1)
