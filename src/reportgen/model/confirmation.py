"""What people stand for: facts that an office confirmed, and those worked out backwards."""

from __future__ import annotations

from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan


@frozen
class Confirmation:
    """That an `office` stands for the `values` of facts on some `evidence`.

    `evidence` names a document and a page, `file` may keep it below the folder of the year. Each
    of `values` is a key, the value that was confirmed, and where that stands.
    """

    office: str
    evidence: str
    file: str
    values: tuple[tuple[str, str, SourceSpan], ...]


@frozen
class InferredFact:
    """A fact worked out backwards from a figure that it now gives, and how."""

    key: str
    reason: str
    span: SourceSpan
