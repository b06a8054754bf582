"""Packs of a few sections, and documents to be adopted by them, made of a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from audited_documents import reading
from builders import FORMATS
from reportgen.features.adopt.headings import AlignedDocument, aligned
from reportgen.features.adopt.narrative import section_text
from reportgen.load.packs import NUMBERING
from reportgen.model.pack import Pack, Section
from reportgen.model.source import Formula, SourceSpan

HERE = SourceSpan("templates/city/pack.yaml")
OUTLINE = (
    "一 基本情况 basics none",
    "二 机构设置情况 organization",
    "二 人员编制情况 staffing",
    "一 绩效情况 results",
    "一 存在的问题及原因分析 problems",
)


def sections(lines: Iterable[str]) -> tuple[Section, ...]:
    """Return an outline: a line has its level (一 or 二), title, id and who writes it."""
    found: list[Section] = []
    for line in lines:
        level, title, name, *text = line.split()
        section = Section(
            name, title, {"none": ""}.get(*text or ["narrative"], *text or ["narrative"]), HERE
        )
        if level == "一":
            found.append(section)
        else:
            last = found[-1]
            found[-1] = Section(last.id, last.title, last.text, HERE, (*last.sections, section))
    return tuple(found)


def pack(*outline: str, numbering: tuple[str, ...] = NUMBERING, **more: Any) -> Pack:
    """Return a pack with an outline, that of `OUTLINE` without any."""
    given = {
        "title": (Formula("{{ year }}年度报告", HERE),),
        "signature": (),
        "opening": "",
        "annexes": (),
        **more,
    }
    return Pack(
        folder="city",
        name="报告",
        authority="某市财政局",
        basis="",
        subject="绩效自评",
        span=HERE,
        outline=sections(outline or OUTLINE),
        formats=FORMATS,
        numbering=numbering,
        **given,
    )


def cut(*lines: str, by: Pack | None = None) -> AlignedDocument:
    """Return a document cut at the headings of a pack."""
    return aligned(reading(*lines), by or pack())


def parts(*lines: str, by: Pack | None = None) -> dict[str, list[str]]:
    """Return the texts below each heading that was found, by the id of its section."""
    found: dict[str, list[str]] = {}
    for part in cut(*lines, by=by).parts:
        name = part.entry.section.id if part.entry is not None else ""
        found[name] = [getattr(block, "text", "表") for block in part.blocks]
    return found


def narrative(*lines: str, by: Pack | None = None, section: str = "results") -> str:
    """Return the narrative of a section, without the line that says where it came from."""
    by = by or pack()
    document = aligned(reading(*lines), by)
    for part in document.parts:
        if part.entry is not None and part.entry.section.id == section:
            made = section_text(part, by, document.levels, "x.md", {}, [])
            assert made is not None
            first, _, text = made.text.partition("\n")
            assert first.startswith("{# 待确认：取自 报告.txt")
            return text
    raise AssertionError(section)
