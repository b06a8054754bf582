"""The table of codes: severity, sentences in Chinese and English, help, read from codes.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal, cast

import yaml

from reportgen.model.rules import Severity

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. Texts are by language; `message` and `help` take {parameters}.

    `final` says that a finished report must not have it, whatever a draft may.
    """

    code: str
    name: str
    severity: Severity
    message: Mapping[Language, str]
    help: Mapping[Language, str]
    about: Mapping[Language, str]
    final: bool = False


def _read() -> tuple[dict[str, Code], dict[str, dict[Language, str]]]:
    text = resources.files("reportgen.findings").joinpath("codes.yaml").read_text("utf-8")
    raw = yaml.load(text, Loader=yaml.CSafeLoader)
    codes = {
        code: Code(
            code=code,
            name=entry["name"],
            severity=cast(Severity, entry["severity"]),
            message=entry["message"],
            help=entry["help"],
            about=entry["about"],
            final=entry.get("final", False),
        )
        for code, entry in raw["codes"].items()
    }
    return codes, raw["labels"]


CODES, LABELS = _read()
"""Every code, and the short words for secondary places, by language."""
