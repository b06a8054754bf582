"""Starts a new unit from a pack: its first year, blank, with a comment for every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from reportgen.features.drafting.skeleton import (
    facts_skeleton,
    row_skeleton,
    section_skeleton,
    tables_skeleton,
)
from reportgen.findings import Diagnostics, finding
from reportgen.load.fields import is_name
from reportgen.load.formatting import formatted, tidy_prose
from reportgen.load.groups import fields_of
from reportgen.load.inputs import known_pack
from reportgen.load.jsonschema import modeline
from reportgen.load.needs import SECTIONS_OF_FILES, first_parts, keys_in, own_tables
from reportgen.load.schema import Preparer, Rating, ReportingUnit, Year
from reportgen.load.unconfirmed import FILL, PLACEHOLDER
from reportgen.model.pack import Pack, PackNeeds, Section
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId
from reportgen.project.saving import save
from reportgen.project.source_files import SourceFiles

_NOT_OWN = frozenset((*fields_of(Year), "unit", "report", "prior", "ratings", "year"))
"""The sections of files that the schema knows; other names are facts and tables of the pack."""


def start_unit(
    files: SourceFiles, report: ReportId, pack: str, needs: PackNeeds, log: Diagnostics
) -> tuple[str, ...]:
    """Write data/<unit>/ for `report` by `pack`, with what it `needs`; return the files written.

    A unit that exists gets the report and the files of the year that it lacks; no file that is
    there is touched. The log says why nothing is written: Y104, a name that cannot be a folder;
    L127, no such pack; what is wrong with the pack; Y102, a report that is there.
    """
    if not _names_are_fit(report, log):
        return ()
    loaded = known_pack(files, pack, log)
    if loaded is None or log.blocked:
        return ()
    if (files.root / "data" / str(report)).exists():
        folder = SourceSpan(f"data/{report}")
        log.add(finding("Y102", folder, year=f"{report.year}/{report.report}"))
        return ()
    return _save_missing(files.root, _skeletons(report, loaded, needs))


def _names_are_fit(report: ReportId, log: Diagnostics) -> bool:
    """Return whether the unit and the report can be folders of these names."""
    for name in (report.unit, report.report):
        if not _can_be_a_folder(name):
            log.add(finding("Y104", name=name))
            return False
    return True


def _can_be_a_folder(name: str) -> bool:
    """Return whether `name` is lower-case ASCII letters and digits with hyphens between."""
    return is_name(name.replace("-", "_")) and name.isascii() and name == name.lower()


def _skeletons(report: ReportId, pack: Pack, needs: PackNeeds) -> dict[str, list[str]]:
    """Return the lines of all files of a report, its year and its unit, by path."""
    derived = tuple(metric.key for metric in pack.rules.metrics if "*" not in metric.key)
    facts = [key for key in needs.facts if not _is_derived(key, derived)]
    year = f"data/{report.unit}/{report.year}"
    texts = {f"data/{report.unit}/unit.yaml": _unit_file()}
    for name, lines in _year_files(facts, needs):
        texts[f"{year}/{name}"] = lines
    for name, lines in _report_files(pack, facts, report.year):
        texts[f"{year}/{report.report}/{name}"] = lines
    return texts


def _save_missing(root: Path, texts: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Save the files of which there is none yet; return their paths."""
    pages: dict[Path, bytes] = {}
    written: list[str] = []
    for path, lines in sorted(texts.items()):
        if not (root / path).exists():
            pages[root / path] = _page(path, lines)
            written.append(path)
    # The report's own folder comes last: while it is not there, the same command can be run again.
    save(dict(sorted(pages.items(), key=lambda page: len(page[0].parts))))
    return tuple(written)


def _page(path: str, lines: list[str]) -> bytes:
    """Return a file of `lines` in its usual form, a YAML file below the name of its schema."""
    if not path.endswith(".yaml"):
        return tidy_prose("\n".join(lines)).encode()
    text = "\n".join([modeline(path), *lines])
    return formatted(path, text, (), Diagnostics()).encode()


def _is_derived(key: str, derived: Iterable[str]) -> bool:
    """Return whether `key` is one of the `derived`, stands in one, or is a group of them only."""
    is_section = key.partition(".")[0] in fields_of(Year)
    for other in derived:
        if f"{key}.".startswith(f"{other}."):
            return True
        if other.startswith(f"{key}.") and not is_section:
            return True
    return False


def _unit_file() -> list[str]:
    lines = ["# 单位基本情况：多年不变的内容"]
    for name in fields_of(ReportingUnit):
        if name not in ReportingUnit.unlisted:
            lines += [*section_skeleton(ReportingUnit, name), ""]
    return lines


# The files of a year


def _year_files(facts: list[str], needs: PackNeeds) -> Iterator[tuple[str, list[str]]]:
    """Yield the files that hold the facts of a year, by name."""
    sections = first_parts(facts)
    for file, of_file in SECTIONS_OF_FILES.items():
        needed = [section for section in of_file if section in sections]
        if needed:
            yield file, _section_file(needed)
    own = [name for name in sections if name not in _NOT_OWN]
    if own:
        yield "outcomes.yaml", _own_facts(own, facts, needs)


def _section_file(sections: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines += [*section_skeleton(Year, section), ""]
    return lines


def _own_facts(names: list[str], facts: list[str], needs: PackNeeds) -> list[str]:
    """Return the lines of the facts and tables that the pack has of its own."""
    tables = own_tables(names, facts, needs.columns)
    plain = [name for name in names if name not in tables]
    lines = ["# 业务事实"]
    if plain:
        lines += facts_skeleton(plain, needs.lists)
    if tables:
        lines += ["", *tables_skeleton(tables.values())]
    return lines


# The files of a report


def _report_files(pack: Pack, facts: list[str], year: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the files of a report, by their paths in its folder."""
    yield "report.yaml", _report_file(pack, facts, year)
    indicators = _with_scored(first_parts(keys_in("ratings", facts)), pack)
    if "ratings" in facts or indicators:
        yield "ratings.yaml", _ratings_file(indicators)
    for section in _sections_to_write(pack.outline):
        path = PurePosixPath("narrative") / f"{section.id}.md"
        yield str(path), [f"{{# {section.title}：{FILL} #}}{PLACEHOLDER}。"]
    if pack.opening == "narrative":
        yield "narrative/opening.md", [f"{{# 引言：{FILL} #}}{PLACEHOLDER}。"]


def _with_scored(parts: list[str], pack: Pack) -> list[str]:
    """Return what is named of the indicators, and the ids of those that rules of the pack score."""
    rows = (scoring.row for scoring in pack.rules.scorings if scoring.table == "ratings")
    ids = (row.rpartition(".")[2] for row in rows if not row.endswith("*"))
    return list(dict.fromkeys((*parts, *ids)))


def _report_file(pack: Pack, facts: list[str], year: int) -> list[str]:
    lines = [
        f"# {year}年 {pack.name}",
        f"pack: {pack.folder}",
        f"date: {year + 1}-01-31   # 报告日期 {FILL}",
        "",
    ]
    documents = first_parts(keys_in("report.documents", facts))
    if documents:
        lines.append("documents:   # 依据文件：名称带书名号，文号用〔〕")
        lines += [f"  {name}:   # {FILL}" for name in documents]
    if "report.preparer" in facts or keys_in("report.preparer", facts):
        lines += ["", "preparer:   # 填表信息；公开版不出现", *_preparer_lines()]
    return lines


def _preparer_lines() -> Iterator[str]:
    for name, field in fields_of(Preparer).items():
        yield f"  {name}:   # {field.title} {FILL}"


def _ratings_file(parts: list[str]) -> list[str]:
    """Return the lines of the indicators that keys name by id, or of an example."""
    ids = [part for part in parts if part not in fields_of(Rating)]
    lines = ["ratings:   # 绩效指标，一行一个；分值由财政部门规定"]
    for name in ids or ["example"]:
        lines += row_skeleton(Rating, name)
    return lines


def _sections_to_write(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield the sections that the unit writes itself, in the order of the outline."""
    for section in sections:
        if section.text == "narrative":
            yield section
        yield from _sections_to_write(section.sections)
