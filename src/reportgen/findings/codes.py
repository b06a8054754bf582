"""The codes of findings: severity, sentences in Chinese and English, help.

People edit codes.yaml; `code_table` is generated from it, so that no YAML is parsed to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reportgen.findings.code_table import CODE_ROWS, LABELS
from reportgen.model.frozen import frozen
from reportgen.model.rules import Severity

__all__ = ["CODES", "LABELS", "Code", "Language"]

Language = Literal["zh", "en"]


@frozen
class Code:
    """One kind of finding. Texts are by language; `message` and `help` take {parameters}.

    `final` says that a finished report must not have it, whatever a draft may; `outside` that no
    version for others than those inside may, finished or not. `draft` says of an error that a draft
    for those inside is shown nevertheless.
    """

    code: str
    name: str
    severity: Severity
    message: Mapping[Language, str]
    help: Mapping[Language, str]
    about: Mapping[Language, str]
    final: bool = False
    outside: bool = False
    draft: bool = False


CODES: dict[str, Code] = {row[0]: Code(*row) for row in CODE_ROWS}
"""Every code. `LABELS` are short words for secondary places and parameters, by language."""
