"""The commands about what was built: rebuild, verify."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reportgen.attest import Cache, Question, attest, failed
from reportgen.cli import options
from reportgen.cli.options import HERE, Face, Reader
from reportgen.cli.proofs import proof_lines, proofs_json
from reportgen.cli.reports import built, job_of
from reportgen.cli.show import chosen, finish, say, show, stop_for
from reportgen.history import state
from reportgen.manifests import Claim
from reportgen.pipeline import Job

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
    shape: options.Shape = Face.full,
    verbose: options.Verbose = False,
) -> None:
    """照一次提交重新生成报告，与当时逐字节相同。Build a past state from git, to the same bytes."""
    wanted = options.chosen_formats(formats)
    with state(root, revision) as (past, findings):
        stop_for(findings, lang, shape, root)
        assert past is not None
        if shape is not Face.json:
            say(str(past.commit))
        target = out or root / "build"
        folder = past.folder
        first = Job(folder, target, "", 0, "", audience.value, wanted, comments, strict)
        first = replace(first, origin=past.origin)
        every = chosen(folder, unit, year, report, lang, shape)
        jobs = [job_of(first, each) for each in every]
        finish([built(job, lang, shape, verbose=verbose) for job in jobs], lang, shape)


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
    shape: options.Shape = Face.full,
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
        if shape is not Face.json:
            print("\n".join(proof_lines(proof, lang)))
            if proof.findings:
                show(proof.findings, lang, shape, root, verbose=True, title="")
    if shape is Face.json:
        print(proofs_json(proofs, lang))
    if any(failed(proof) for proof in proofs):
        raise typer.Exit(1)
