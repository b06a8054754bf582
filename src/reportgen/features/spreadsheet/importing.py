"""Import: from a spreadsheet to changed YAML files that load without error, or to findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportgen.features.spreadsheet.edit import Pages
from reportgen.features.spreadsheet.grid import Sheet, squeezed
from reportgen.features.spreadsheet.heads import Head, HeadSearch, find_head
from reportgen.features.spreadsheet.intake import Intake, take
from reportgen.features.spreadsheet.rows import read_rows, same_expense
from reportgen.features.spreadsheet.targets import Target, read_source, targets
from reportgen.features.spreadsheet.workbook import read_sheets
from reportgen.features.spreadsheet.writing import write_rows
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.findings.renderers import message
from reportgen.load.flatten import flatten
from reportgen.load.reading import read_model
from reportgen.load.schema import Year
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.saving import save_texts
from reportgen.project.source_files import EditedFiles, SourceFiles


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the file, the year it is for, and what the author says about it.

    `into` and `sheet` are empty where the file decides. `named` are heads whose column the
    author names: 预算数=年初预算数.
    """

    name: str
    data: bytes
    unit: str
    year: int
    into: str = ""
    sheet: str = ""
    hidden: bool = False
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Return the folder of the year."""
        return f"data/{self.unit}/{self.year}"


@dataclass(frozen=True, slots=True)
class Import:
    """What became of a request: findings, what each sheet gave, the files that change."""

    findings: tuple[Finding, ...] = ()
    intakes: Mapping[str, Intake] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids to write."""
        return blocks(self.findings)

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines: list[str] = []
        for path, text in sorted(self.after.items()):
            old = self.before.get(path, "").splitlines(keepends=True)
            new = text.splitlines(keepends=True)
            lines += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1)
        return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def plan(files: SourceFiles, request: Request) -> Import:
    """Return what an import would do, with findings (X1xx, and those of reading the year)."""
    log = Diagnostics()
    source = read_source(files, request.base, log)
    sheets, problems = read_sheets(request.name, request.data)
    log.extend(problems)
    if log.blocked:
        return Import(tuple(log))
    chosen, findings = _chosen(sheets, targets(source), request)
    intakes: dict[str, Intake] = {}
    for sheet, target, head in chosen:
        intake = take(sheet, head, target, hidden=request.hidden)
        intakes[sheet.name] = intake
        findings += intake.findings
    if blocks(findings):
        return Import(tuple(findings), intakes)
    pages = Pages(dict(source.texts))
    for intake in intakes.values():
        write_rows(pages, intake, request.base)
    after = pages.result()
    findings += _refused(files, request, after)
    if blocks(findings):
        return Import(tuple(findings), intakes)
    return Import(tuple(findings), intakes, source.texts, after)


def _chosen(
    sheets: tuple[Sheet, ...], every: tuple[Target, ...], request: Request
) -> tuple[list[tuple[Sheet, Target, Head]], list[Finding]]:
    """Return the sheets that are taken, each with its target and head, and findings."""
    span = SourceSpan(request.name, 0, 0)
    into = request.into if request.into in {t.key for t in every} else f"tables.{request.into}"
    known = "、".join(target.key for target in every)
    if request.into and into not in {t.key for t in every}:
        return [], [finding("X108", span, target=request.into, known=known)]
    wanted = [t for t in every if request.into in {"", t.key} or t.key == into]
    names = "、".join(sheet.name for sheet in sheets)
    if request.sheet and request.sheet not in {sheet.name for sheet in sheets}:
        return [], [finding("X107", span, sheet=request.sheet, known=names)]
    chosen: list[tuple[Sheet, Target, Head]] = []
    findings: list[Finding] = []
    named = {sheet.name for sheet in sheets if _by_name(sheet, wanted)}
    for sheet in sheets:
        if named and not request.sheet and sheet.name not in named:
            # A workbook of ours: what is not called after a table repeats or explains one.
            findings.append(finding("X128", sheet.span))
            continue
        if request.sheet not in {"", sheet.name}:
            continue
        if sheet.hidden and not request.sheet and not request.hidden:
            findings.append(finding("X120", sheet.span, label=sheet.name))
            continue
        found, problems = _target(sheet, wanted, request)
        findings += problems
        chosen += found
    taken = [target.key for _, target, _ in chosen]
    twice = [sheet.name for sheet, target, _ in chosen if taken.count(target.key) > 1]
    if twice:
        return [], [finding("X107", span, sheet="、".join(twice), known=names)]
    if not chosen and not blocks(findings):
        code = "X106" if any(sheet.rows for sheet in sheets) else "X105"
        findings.append(finding(code, span, known=known))
    return chosen, [f for f in findings if chosen or f.code != "X128"]


def _target(
    sheet: Sheet, wanted: list[Target], request: Request
) -> tuple[list[tuple[Sheet, Target, Head]], list[Finding]]:
    """Return what `sheet` is about: by its name, else by the most rows and columns known."""
    if not any(not cell.empty for row in sheet.rows for cell in row):
        return [], ([finding("X105", sheet.span, known="—")] if request.sheet else [])
    by_name = _by_name(sheet, wanted)
    ranked: list[tuple[tuple[int, int], Target, Head, tuple[Finding, ...]]] = []
    for target in by_name or wanted:
        if target.key == "facts" and not by_name and not request.into:
            continue  # any sheet of names and numbers would do; it has to be asked for
        look = HeadSearch(target, request.year, request.named, hidden=request.hidden)
        head, found = find_head(sheet, look)
        if head is not None:
            known = _known(sheet, head, target, hidden=request.hidden)
            ranked.append(((known, len(head.columns)), target, head, found))
    best = max((score for score, *_ in ranked), default=None)
    if best is None or (best[0] == 0 and not by_name and not request.into and best[1] < 3):
        return [], [finding("X128", sheet.span)]
    first = [each for each in ranked if each[0] == best]
    if len(first) > 1:
        known_keys = "、".join(target.key for _, target, _, _ in first)
        return [], [finding("X108", sheet.span, target="?", known=known_keys)]
    _, target, head, findings = first[0]
    return [(sheet, target, head)], list(findings)


def _by_name(sheet: Sheet, wanted: list[Target]) -> list[Target]:
    return [t for t in wanted if squeezed(sheet.name) in {squeezed(t.title), t.key}]


def _known(sheet: Sheet, head: Head, target: Target, *, hidden: bool) -> int:
    """Return how many rows of `sheet` stand in `target` already."""
    column = head.columns.get("id") or head.columns["name"]
    keys = {squeezed(e.name) for e in target.entries} | {e.id for e in target.entries}
    keys |= {entry.id.rpartition(".")[2] for entry in target.entries}
    lines = read_rows(sheet, head, target, hidden=hidden)
    items = (sheet.rows[line.at] for line in lines if line.kind == "item")
    return sum(
        row[column.at].label in keys
        or _name(row, head) in keys
        or (not target.stem and bool(same_expense(target.entries, _name(row, head))))
        for row in items
    )


def _name(row: tuple[object, ...], head: Head) -> str:
    column = head.columns.get("name")
    return str(getattr(row[column.at], "label", "")) if column else ""


def _refused(files: SourceFiles, request: Request, after: Mapping[str, str]) -> Iterable[Finding]:
    """Yield X124 for each error with which the changed files would not load."""
    edited = EditedFiles(files.root, edits=after)
    log = Diagnostics()
    value = read_model(edited, edited.names(request.base, ".yaml"), Year, log)
    if value is not None:
        flatten(value, 0, "", NOWHERE, log)
    for each in log:
        if each.severity == "error":
            text = f"{each.span}: {each.code} {message(each, 'zh')}"
            yield finding("X124", SourceSpan(request.name, 0, 0), detail=text)


def save(files: SourceFiles, result: Import) -> tuple[str, ...]:
    """Write the changed files, all or none, and return their paths; raises OSError."""
    save_texts(files.root, result.after)
    return tuple(sorted(result.after))
