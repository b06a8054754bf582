"""What `verify` prints of a file: that it is proven, or what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from reportgen.attest import Proof
from reportgen.cli.options import Lang
from reportgen.compare.texts import Line
from reportgen.findings.columns import clean
from reportgen.findings.faces import as_json

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


def proof_lines(proof: Proof, lang: Lang) -> Iterator[str]:
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


def proofs_json(proofs: Iterable[Proof], lang: Lang) -> str:
    """Return the proofs as a JSON list, a record a file."""
    return json.dumps([_record(proof, lang) for proof in proofs], ensure_ascii=False, indent=2)


def _record(proof: Proof, lang: Lang) -> dict[str, Any]:
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


def _line(line: Line) -> dict[str, Any]:
    figures = [{"file": old, "commit": new} for old, new in line.figures]
    return {"where": line.where, "file": line.old, "commit": line.new, "figures": figures}
