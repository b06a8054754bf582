"""Projects whose report is a Word form, made in the small project."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from typing import Any

from outcome import Outcome, build
from small_project import DATA, SmallProject, spots

PACK = "templates/small-form"
FORM = f"{PACK}/forms/sheet.docx"
HOME = f"{DATA}/sheet"
_PACK = """name: 项目支出绩效自评表
authority: 示例市财政局
basis: 示例财绩〔2024〕1号
subject: 项目支出绩效自评
kind: form
form: sheet
"""


@dataclass(frozen=True)
class FormProject:
    """A project whose report `sheet` is the Word form `sheet.docx`."""

    small: SmallProject

    @classmethod
    def of(cls, small: SmallProject, form: bytes, pack: str = "", report: str = "") -> FormProject:
        for folder in (f"{PACK}/forms", HOME):
            (small.root / folder).mkdir(parents=True, exist_ok=True)
        small.write(f"{PACK}/pack.yaml", _PACK + pack)
        small.write(FORM, form)
        small.write(f"{HOME}/report.yaml", f"pack: small-form\ndate: 2024-06-28\n{report}")
        return cls(small)

    def build(self, *formats: str, **options: Any) -> Outcome:
        job = self.small.job(formats=formats or ("docx",), **options)
        return build(replace(job, report="sheet"))

    def filled(self, **options: Any) -> bytes:
        """Return the Word file; nothing is wrong with it."""
        outcome = self.build(**options)
        assert spots(outcome.findings) == [], outcome.findings
        return outcome.files["sheet.docx"]


def part(data: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()
