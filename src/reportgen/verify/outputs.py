"""Verifies the finished files of a report before anything is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from reportgen.findings import Finding, finding
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.readback import Readback
from reportgen.verify.agree import agree
from reportgen.verify.docx import read_docx
from reportgen.verify.expected import expected, sequence
from reportgen.verify.html import read_html
from reportgen.verify.leaks import find_leaks
from reportgen.verify.pdf import nonconformities, read_pdf
from reportgen.verify.stream import contains_in_order

READERS: Mapping[str, Callable[[bytes], Readback]] = {
    "docx": read_docx,
    "html": read_html,
    "pdf": read_pdf,
}
"""Each format with a reader that shares no code with its writer."""


def verify(
    document: Document, files: Mapping[str, bytes], disclosed: Disclosed
) -> tuple[Finding, ...]:
    """Return findings V1xx and D101 for outputs (by format) that do not say what they should."""
    with ThreadPoolExecutor() as pool:
        results = pool.map(_read, files.items())
        read = dict(zip(files, results, strict=True))
    findings: list[Finding] = []
    wanted = expected(document)
    for name, found in read.items():
        if isinstance(found, Finding):
            findings.append(found)
        elif found.stream:
            findings.extend(_stream(name, found.stream, document))
        else:
            findings.extend(agree(found, wanted))
    if "pdf" in files:
        findings.extend(finding("V105", detail=each) for each in nonconformities(files["pdf"]))
    streams = {n: r.stream or "".join(r.texts) for n, r in read.items() if isinstance(r, Readback)}
    findings.extend(find_leaks(files, streams, disclosed.secrets))
    return tuple(findings)


def _read(pair: tuple[str, bytes]) -> Readback | Finding:
    name, data = pair
    try:
        return READERS[name](data)
    except (ValueError, OSError) as error:
        return finding("V104", subject=name, format=name, detail=str(error))


def _stream(name: str, stream: str, document: Document) -> list[Finding]:
    missing = contains_in_order(stream, tuple(text for text in sequence(document) if text))
    return [finding("V101", subject=name, format=name, text=text) for text in missing[:5]]
