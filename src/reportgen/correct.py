"""Writes the draft of a 更正说明 as Word and Markdown, searched for what must not be public."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.compare.changes import Comparison
from reportgen.compare.correction import as_markdown, correction
from reportgen.findings import Finding, blocks, finding
from reportgen.job import Outcome
from reportgen.load.edition import load_edition
from reportgen.load.files import Files
from reportgen.selection import Chosen
from reportgen.states import state_of
from reportgen.verify.outputs import verify
from reportgen.verify.proof import proof
from reportgen.write.writers import write

_OF_BUILD = re.compile(r"(?:.*/)?(\d{4})/([^/]+)/disclosure/(.+)")
FORMATS = ("docx",)


def corrected(
    root: Path, comparison: Comparison, outcome: Outcome | None
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return the draft by suffix (docx, md), or findings that forbid to write it.

    A build is no project: its report is looked up in the one at `root`.
    """
    if outcome is None:
        match = _OF_BUILD.fullmatch(comparison.name)
        each = Chosen(match[2], int(match[1]), match[3]) if match else None
        found: tuple[Finding, ...] = ()
        if each is not None:
            _, outcome, found = state_of(root, each, "", "public")
        if outcome is None:
            return {}, found or (finding("G119", report=comparison.name),)
    assert outcome.document is not None and outcome.disclosed is not None
    document = correction(comparison, outcome.document)
    files = Files(root)
    edition, found = load_edition(files, outcome.pack, "", FORMATS, comments=False)
    if edition is None:
        return {}, found
    made, bad = write(document, edition, FORMATS)
    to_prove, more = proof(document, outcome.disclosed)
    found += bad + more
    if not blocks(found):
        found += verify(document, made, to_prove)
    if blocks(found):
        return {}, found
    return {**made, "md": as_markdown(document).encode()}, found
