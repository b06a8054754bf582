"""Starts a new unit from a pack: its first year, blank, with a comment for every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from reportgen.features.drafting.skeleton import (
    PLACEHOLDER,
    BlankTable,
    blank_facts,
    blank_row,
    blank_section,
    blank_tables,
)
from reportgen.features.packs.inspection import COLUMNS, PackCheck, check_pack
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.load.fields import is_name
from reportgen.load.jsonschema import modeline
from reportgen.load.packs import load_pack
from reportgen.load.schema import BudgetLine, Preparer, Rating, ReportingUnit, Year
from reportgen.load.unconfirmed import FILL
from reportgen.model.pack import Pack, Section
from reportgen.model.source import SourceSpan
from reportgen.project.layout import packs
from reportgen.project.saving import save
from reportgen.project.source_files import SourceFiles

FILES = (
    ("staffing.yaml", ("staffing",)),
    ("budget.yaml", ("income", "expenditure", "operating", "procurement", "buildings")),
    ("economic.yaml", ("economic",)),
    ("three_public.yaml", ("three_public",)),
    ("funds.yaml", ("funds",)),
    ("goals.yaml", ("goals", "achievements")),
)
"""Which sections of a year stand in which file."""

_ELSEWHERE = {"unit", "report", "prior", "ratings", "year"}


def start_unit(
    files: SourceFiles, unit: str, pack: str, year: int, report: str
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Write data/<unit>/ for `report` by `pack`; return its files, or why it was not written.

    A unit that exists gets the report and the files of the year that it lacks; no file that is
    there is touched. Y104: a name that cannot be a folder; L127: no such pack.
    """
    for name in (unit, report):
        if not (is_name(name.replace("-", "_")) and name.isascii() and name == name.lower()):
            return (), (finding("Y104", name=name),)
    known = packs(files)
    if pack not in known:
        listed = "、".join(known) or "—"
        return (), (finding("L127", pack=pack, known=listed),)
    log = Diagnostics()
    loaded = load_pack(files, pack, log)
    if loaded is None or log.blocked:
        return (), tuple(log)
    home = f"data/{unit}/{year}/{report}"
    if (files.root / home).exists():
        return (), (finding("Y102", SourceSpan(home), year=f"{year}/{report}"),)
    checked = check_pack(files, pack)
    needed = tuple(name for name in checked.facts if not _derived(loaded, name))
    texts = {
        f"data/{unit}/unit.yaml": _unit(),
        **{f"data/{unit}/{year}/{name}": text for name, text in _year(needed, checked)},
        **{f"{home}/{name}": text for name, text in _report(loaded, needed, year)},
    }
    written = [path for path in sorted(texts) if not (files.root / path).exists()]
    save({files.root / path: _page(path, texts[path]) for path in written})
    return tuple(written), ()


def _page(path: str, lines: list[str]) -> bytes:
    head = [modeline(path)] if path.endswith(".yaml") else []
    return ("\n".join([*head, *lines]) + "\n").encode()


def _derived(pack: Pack, name: str) -> bool:
    """Return whether a metric of `pack` gives `name`, or `name` is a group of metrics only."""
    plain = [m.key for m in pack.rules.metrics if "*" not in m.key]
    inside = any(name == key or name.startswith(f"{key}.") for key in plain)
    group = any(key.startswith(f"{name}.") for key in plain)
    return inside or (group and name.partition(".")[0] not in Year.model_fields)


def _unit() -> list[str]:
    lines = ["# 单位基本情况：多年不变的内容"]
    return [
        *lines,
        *(line for name in _kept(ReportingUnit) for line in _section(ReportingUnit, name)),
    ]


def _kept(model: type[ReportingUnit]) -> Iterator[str]:
    return (name for name in model.model_fields if name not in model.unlisted)


def _section(model: type[ReportingUnit | Year], name: str) -> Iterator[str]:
    yield from blank_section(model, name)
    yield ""


def _heads(needed: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.partition(".")[0] for name in needed))


def _year(needed: tuple[str, ...], checked: PackCheck) -> Iterator[tuple[str, list[str]]]:
    heads = _heads(needed)
    for file, sections in FILES:
        wanted = [name for name in sections if name in heads]
        if wanted:
            yield file, [line for name in wanted for line in _section(Year, name)]
    own = [name for name in heads if name not in Year.model_fields and name not in _ELSEWHERE]
    tables = [_table(name, needed, checked.columns) for name in own]
    plain = {table.name for table in tables if not (table.columns or table.rows)}
    lines = ["# 业务事实"]
    if plain:
        lines += blank_facts([(name, name in checked.lists) for name in own if name in plain])
    if len(plain) < len(own):
        lines += ["", *blank_tables([table for table in tables if table.name not in plain])]
    if own:
        yield "outcomes.yaml", lines


def _table(name: str, needed: Iterable[str], columns: Iterable[str]) -> BlankTable:
    """Return the table `name` as far as the pack names its columns, and rows by their ids."""
    below = [key.split(".")[1:] for key in needed if key.startswith(f"{name}.")]
    read = [key.partition(".")[2] for key in sorted(columns) if key.startswith(f"{name}.")]
    whole = any(len(key) > 1 for key in below)
    rows = [key[0] for key in below if len(key) > 1 or (whole and key[0] not in read)]
    rows = [row for row in dict.fromkeys(rows) if row not in BudgetLine.model_fields]
    cells = [*(key[-1] for key in below if key[-1] not in rows), *read]
    own = tuple(dict.fromkeys(cell for cell in cells if cell not in {"id", "name"}))
    return BlankTable(name, own, tuple(rows))


def _report(pack: Pack, needed: tuple[str, ...], year: int) -> Iterator[tuple[str, list[str]]]:
    lines = [f"# {year}年 {pack.name}", f"pack: {pack.folder}"]
    lines += [f"date: {year + 1}-01-31   # 报告日期 {FILL}", ""]
    documents = [n.split(".")[2] for n in needed if n.startswith("report.documents.")]
    if documents:
        lines += ["documents:   # 依据文件：名称带书名号，文号用〔〕"]
        lines += [f"  {name}:   # {FILL}" for name in documents]
    if any(name.startswith("report.preparer") for name in needed):
        lines += ["", "preparer:   # 填表信息；公开版不出现"]
        for name, field in Preparer.model_fields.items():
            lines.append(f"  {name}:   # {field.title} {FILL}")
    yield "report.yaml", lines
    indicators = dict.fromkeys(n.split(".")[1] for n in needed if n.startswith("ratings."))
    if "ratings" in needed or indicators:
        yield "ratings.yaml", _ratings(indicators)
    for section in _written(pack):
        path = PurePosixPath("narrative") / f"{section.id}.md"
        yield str(path), [f"{{# {section.title}：{FILL} #}}{PLACEHOLDER}。"]
    if pack.opening == "narrative":
        yield "narrative/opening.md", [f"{{# 引言：{FILL} #}}{PLACEHOLDER}。"]


def _ratings(indicators: Iterable[str]) -> list[str]:
    named = [each for each in indicators if each not in COLUMNS] or ["example"]
    lines = ["ratings:   # 绩效指标，一行一个；分值由财政部门规定"]
    return [*lines, *(line for name in named for line in blank_row(Rating, name))]


def _written(pack: Pack) -> Iterator[Section]:
    left = list(pack.outline)
    while left:
        section = left.pop(0)
        if section.text == "narrative":
            yield section
        left[:0] = section.sections
