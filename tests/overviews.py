"""Overviews made up in code: rows as tersely as one says them, and many of them."""

from __future__ import annotations

import json
import random
from pathlib import Path

from reportgen.features.overview.peers import compared
from reportgen.features.overview.values import (
    ITEMS,
    FindingCount,
    Item,
    Overview,
    OverviewFigure,
    OverviewRow,
    Stage,
)
from reportgen.model.document import Audience
from reportgen.model.quantity import exact, parse_quantity

STATES = {
    "不公开": "withheld",
    "未印出": "unprinted",
    "未填": "blank",
    "未声明": "undeclared",
    "": "unknown",
}


def figure(item: Item, text: str) -> OverviewFigure:
    """A figure as it is printed, or the state that a word says: `98.5分`, `优`, `不公开`."""
    if text in STATES:
        return OverviewFigure(state=STATES[text])  # type: ignore[arg-type]
    if item == "grade":
        return OverviewFigure(text, state="stated")
    quantity = parse_quantity(text)
    return OverviewFigure(text, quantity.value, quantity.unit, "stated")


def row(
    unit: str = "huaihua",
    year: int | None = 2023,
    report: str = "department",
    stage: Stage = "published",
    findings: tuple[FindingCount, ...] = (),
    about: dict[str, object] | None = None,
    **items: str,
) -> OverviewRow:
    """A row; `items` are figures as printed, such as score="98.5分", `about` any other field."""
    figures: dict[Item, OverviewFigure] = {}
    for item in ITEMS:
        figures[item] = figure(item, items.get(item, ""))
    fields = {
        "unit_name": f"{unit}局",
        "title": f"{year}年度{unit}局绩效自评报告",
        "peers": "部门整体支出绩效自评",
        **(about or {}),
    }
    return OverviewRow(  # type: ignore[arg-type]
        unit, year, report, stage, figures=figures, findings=findings, **fields
    )


def made_up(count: int, audience: Audience = "internal", seed: int = 1) -> Overview:
    """An overview of so many reports of three years and two kinds, the same from the same seed."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        unit, year = f"u{number // 6:04}", 2021 + number % 3
        report, peers = (
            ("department", "部门整体支出绩效自评"),
            ("special-fund", "专项资金绩效自评"),
        )[number // 3 % 2]
        last, this = chance.randint(200, 4000), chance.randint(200, 4000)
        score = chance.randint(7000, 10000)
        grade = "优" if score >= 9000 else "良" if score >= 8000 else "中"
        found = (FindingCount("R302", "warning", chance.randint(1, 4)),) if number % 5 else ()
        rows.append(
            row(
                *(unit, year, report),
                stage=("draft", "final", "published")[number % 3],
                findings=found if audience == "internal" else (),
                about={"peers": peers},
                score=f"{score / 100:.2f}分",
                full_score="100分",
                grade=grade,
                execution_rate=f"{chance.randint(5000, 11000) / 100:.2f}%",
                three_public=f"{this / 100:.2f}万元",
                three_public_last=f"{last / 100:.2f}万元",
                three_public_change=f"{'+' if this > last else ''}{(this - last) / 100:.2f}万元",
                three_public_growth="不公开"
                if number % 7 == 0
                else f"{100 * (this - last) / last:.2f}%",
            )
        )
    return compared(audience, rows)


def written(
    builds: Path, name: str, audience: str, entry: dict[str, object], shown: bool = True
) -> Path:
    """Write what a build of `unit/year/report` leaves for an audience: its manifests, one file.

    `entry` is the overview part; `shown` says that the entry stands where a build puts it.
    """
    unit, year, report = name.split("/")
    folder = builds / year / unit
    outputs = {f"{report}.html": "0" * 64}
    place = folder / audience
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{report}.html").write_text("")
    about = {
        "reportgen": "0",
        "options": {"final": False},
        **({"overview": entry} if shown else {}),
    }
    if audience == "internal":
        add_entry(place, report, {**about, "outputs": outputs})
        return place
    add_entry(place, report, {"outputs": outputs})
    kept = {**about, "outputs": {}, **({"published": outputs} if audience == "public" else {})}
    record = f"{report}.{audience}" if audience == "submit" else report
    add_entry(folder / "disclosure", record, kept)
    return place


def add_entry(folder: Path, report: str, entry: dict[str, object]) -> None:
    """Add an entry to the manifest in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.json"
    entries = json.loads(manifest.read_text()) if manifest.exists() else {}
    manifest.write_text(json.dumps({**entries, report: entry}, ensure_ascii=False))


def told(title: str = "题", unit: str = "某局", **items: str) -> dict[str, object]:
    """What a manifest tells somebody of a report: figures as printed, or the word of a state."""
    part: dict[str, object] = {}
    for item, text in items.items():
        made = figure(item, text)  # type: ignore[arg-type]
        if made.state != "stated":
            part[item] = {"state": made.state}
        elif made.number is None:
            part[item] = {"text": text}
        else:
            part[item] = {"text": text, "value": exact(made.number), "unit": str(made.unit)}
    return {"title": title, "unit": unit, "parts": [part]}


def overview_part(internal: dict[str, object], **more: object) -> dict[str, object]:
    """The overview part of a manifest's entry."""
    about = {"pack": "p/q", "pack_name": "模板包", "peers": "部门整体支出绩效自评", "findings": []}
    return {**about, "internal": internal, **more}
