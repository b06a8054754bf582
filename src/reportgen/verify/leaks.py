"""Searches finished files for what should not be in them (D8)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from reportgen.findings import Finding, finding
from reportgen.verify.expected import squeeze

SHORTEST = 4
"""Shorter secrets occur by chance everywhere; the composed document is checked for them instead."""


def find_leaks(
    files: Mapping[str, bytes], streams: Mapping[str, str], secrets: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return D101 for each secret (by key) found in a file (by format) or in its read-back text.

    A docx is searched part by part, unpacked; a PDF through `streams`, its text read back.
    """
    findings: list[Finding] = []
    for name, data in files.items():
        text = squeeze(_content(data)) + squeeze(streams.get(name, ""))
        for key, secret in secrets.items():
            wanted = squeeze(secret)
            if len(wanted) >= SHORTEST and wanted in text:
                findings.append(finding("D101", subject=key, format=name, key=key))
    return tuple(findings)


def _content(data: bytes) -> str:
    """Return all text of a file: every part of a zip, else the bytes as UTF-8."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
