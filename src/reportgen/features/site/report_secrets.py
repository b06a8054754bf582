"""What is withheld of each report of a site, as the records of builds keep it.

A site has records of public versions alone, which say no more than they print. What a build held
its files to stands in the record beside them (`verify.proof_record`), and never on the site: not
even a hash of it, by which a number could be guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reportgen.findings import Diagnostics, finding
from reportgen.flow.manifests import INSIDE
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError, read_foreign, read_json, reason
from reportgen.verify.proof import Proof
from reportgen.verify.proof_record import read_proof


@frozen
class ReportSecrets:
    """The record of what is withheld of a report: its file, and the hash of that.

    `proven` are the SHA-256 of the public files that the build held to it, `text` is the hash of
    all that these print.
    """

    address: str
    path: Path
    sha256: str
    proven: frozenset[str]
    text: str = ""

    @property
    def span(self) -> SourceSpan:
        """Return where it stands."""
        return SourceSpan(str(self.path), 0, 0)

    def proof(self, beside: Iterable[str] = ()) -> Proof:
        """Return what a page may not hold; the numbers of `beside` the site prints itself.

        Raises `ValueError` or `OSError` for a record that cannot be read.
        """
        return read_proof(read_json(self.path), beside)


def report_secrets(
    builds: Path, report: str, address: str, entry: Mapping[str, Any], log: Diagnostics
) -> ReportSecrets | None:
    """Return what is withheld of a public version in a unit's folder of `builds`.

    `entry` is what manifests tell of it. U170 tells of one that is missing, damaged or of another
    build: what cannot be proven is not published.
    """
    path = builds / INSIDE / f"{report}.proof.json"
    span = SourceSpan(str(path), 0, 0)
    try:
        digest = hashlib.sha256(read_foreign(path, limits.JSON_BYTES)).hexdigest()
    except (OSError, ForeignFileError) as error:
        log.add(finding("U170", span, name=address, **reason(error)))
        return None
    if entry.get("kept", {}).get(path.name) != digest:
        log.add(finding("U170", span, name=address, detail="@site_other_build"))
        return None
    proven, text = frozenset(entry["outputs"].values()), str(entry["report"]["text"])
    return ReportSecrets(address, path, digest, proven, text)
