"""What is asked for when a document is adopted, what its places gave, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from reportgen.findings import Finding, blocks
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack, PackNeeds
from reportgen.model.reading import Reading
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId

AdoptedResult = Literal["added", "same", "differs"]
"""Whether a value is new to the files, stands there already, or stands there otherwise."""


@frozen
class AdoptRequest:
    """The document to adopt, its bytes, the pack that it follows and the report it becomes.

    `needs` is what the pack needs of any report.
    """

    reading: Reading
    data: bytes
    pack: Pack
    report: ReportId
    needs: PackNeeds = PackNeeds()

    @property
    def folder(self) -> str:
        """Return the folder of the report."""
        return f"data/{self.report}"

    @property
    def span(self) -> SourceSpan:
        """Return the place of the document as a whole."""
        return SourceSpan(self.reading.name, 0, 0)


@frozen
class AdoptedValue:
    """A value that the document states: the key of its fact or figure, as in a ledger.

    `text` is the value as it is typed, with its unit; a figure that a rule works out is `derived`
    and goes to published.yaml. `places` are where the document states it, the first decides.
    `path` is the file that holds it. One that rules cannot work out yet is not `comparable`.
    """

    key: str
    text: str
    places: tuple[SourceSpan, ...]
    derived: bool = False
    result: AdoptedResult = "added"
    path: str = ""
    comparable: bool = True


@frozen
class NotTaken:
    """What the document states and no fact or text took: its text, its place, and why.

    `why` names a label of the table of codes.
    """

    text: str
    span: SourceSpan
    why: str


@frozen
class AdoptedText:
    """A section's text with its numbers bound to facts, for the file at `path` that it becomes.

    `places` are the paragraphs that it was made of.
    """

    path: str
    text: str
    places: tuple[SourceSpan, ...]


@frozen
class Adoption:
    """What became of a request: findings, values, texts, what was not taken, files that change.

    `evidence` is the document itself by the path where it is kept.
    """

    findings: tuple[Finding, ...] = ()
    values: tuple[AdoptedValue, ...] = ()
    texts: tuple[AdoptedText, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids to write."""
        return blocks(self.findings)
