"""Carries a year's file over to the next: structure, names and rules stay, amounts go.

Every line that holds something carried says so in a comment, 待确认, and every line with
something to fill in says 待填; drafters take the words away when they have done it, and
`reportgen.load.unconfirmed` finds those that are left.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml

from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.load.inputs import load
from reportgen.load.jsonschema import MODELINE
from reportgen.load.unconfirmed import CONFIRM, FILL
from reportgen.model.figures import Fact
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project import yaml_nodes as nodes
from reportgen.project.layout import reports, units, years
from reportgen.project.saving import save_texts
from reportgen.project.source_files import SourceFiles
from reportgen.project.splice import put
from reportgen.project.yaml_nodes import Scalar, Sequence
from reportgen.project.yaml_reader import read_yaml

RolloverAction = Literal["keep", "clear", "shift"]

_DATED = re.compile(r"\s*#.*(?<!\d)(?:19|20)\d\d(?!\d)")
_COMMENT = re.compile(r"(?:^|\s)#")
_QUOTED = re.compile(r"""(?<![^\s\[{,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with facts by key, which texts are results, which sections go, which are rules."""

    facts: tuple[tuple[str, RolloverAction], ...]
    results: re.Pattern[str]
    dropped: frozenset[str]
    rules: frozenset[str]


@cache
def plan() -> Plan:
    """Return the plan of rollover.yaml."""
    text = (
        resources.files("reportgen.features.drafting").joinpath("rollover.yaml").read_text("utf-8")
    )
    raw = yaml.load(text, Loader=yaml.CSafeLoader)
    facts = tuple((entry["key"], entry["do"]) for entry in raw["facts"])
    results = re.compile(raw["results"])
    return Plan(facts, results, frozenset(raw["dropped"]), frozenset(raw["rules"]))


def carried(path: str, text: str, facts: Mapping[tuple[int, int], Fact], years: int) -> str:
    """Return `text`, the readable YAML file at `path`, as it begins `years` later.

    `facts` are those of the file by the line and column where their values stand.
    """
    lines = text.split("\n")
    node, _ = read_yaml(path, text)
    notes: dict[int, set[str]] = {}
    for entry, scalar in reversed(tuple(_scalars(node))):
        fact = facts.get((scalar.start.line, scalar.start.column))
        if scalar.blank:
            notes.setdefault(scalar.span.line, set()).add(CONFIRM)
        if scalar.blank or fact is None:
            continue
        action = _action(fact)
        asked = _asked(fact, scalar, action, blanked=entry)
        notes.setdefault(_last(lines, scalar), set()).add(asked)
        if action == "clear" and entry:
            put(lines, scalar.span, "")
        elif action == "shift":
            put(lines, scalar.span, _later(scalar.text, years))
    _note_others(node, notes)
    for number in _dated(lines, node):
        notes.setdefault(number, set()).add(CONFIRM)
    for number, words in notes.items():
        lines[number - 1] = _noted(lines[number - 1], words)
    return "\n".join(_without(lines, node))


def carried_prose(text: str) -> str:
    """Return `text`, Markdown, each line that prints something marked as not yet confirmed."""
    tags = [(m.start(), m.end(), m[0].startswith("{{")) for m in _TAG.finditer(text)]
    start = 0
    marked: list[str] = []
    for line in text.split("\n"):
        place = _end_of_text(text, start, start + len(line), tags)
        start += len(line) + 1
        known = place is None or any(word in line for word in (CONFIRM, FILL))
        marked.append(line if known else f"{line[:place]}{{# {CONFIRM} #}}{line[place:]}")
    return "\n".join(marked)


def _end_of_text(text: str, start: int, end: int, tags: list[tuple[int, int, bool]]) -> int | None:
    """Return where in the line from `start` to `end` ends what it prints; None if nothing does.

    No tag is broken that goes on in the next line; tags at the end that print nothing, such as
    endfor, follow the place, since they may take away the white space after them.
    """
    last = end
    for opened, closed, prints in reversed(tags):
        if closed <= start or opened >= last:
            continue
        if closed > end or (not prints and not text[closed:last].strip()):
            last = max(opened, start)
        else:
            break
    shown = text[start:last].rstrip()
    return len(shown) if shown else None


def _scalars(node: nodes.YamlNode | None) -> Iterator[tuple[bool, Scalar]]:
    """Yield every scalar, and whether it stands after a key, so that it can be left blank."""
    match node:
        case nodes.Mapping(entries):
            for entry in entries:
                if isinstance(entry.value, Scalar):
                    yield True, entry.value
                else:
                    yield from _scalars(entry.value)
        case Sequence(items):
            for item in items:
                if isinstance(item, Scalar):
                    yield False, item
                else:
                    yield from _scalars(item)


def _action(fact: Fact) -> RolloverAction:
    for pattern, action in plan().facts:
        if fnmatchcase(fact.key, pattern):
            return action
    return "clear" if isinstance(fact.value, Quantity) or _is_result(fact.value) else "keep"


def _asked(fact: Fact, scalar: Scalar, action: RolloverAction, *, blanked: bool) -> str:
    """Return what to note: to confirm, or to fill in, with the typed unit where it goes too."""
    if action != "clear":
        return CONFIRM
    unit = fact.value.unit.symbol if isinstance(fact.value, Quantity) else ""
    return f"{FILL}（{unit}）" if blanked and unit and unit in scalar.text else FILL


def _is_result(text: str | None) -> bool:
    """Return whether a text is an amount with its unit, or a place such as 第一."""
    if not text or plan().results.fullmatch(text):
        return bool(text)
    try:
        return bool(parse_quantity(text).unit.symbol)
    except QuantityError:
        return False


def _last(lines: list[str], scalar: Scalar) -> int:
    """Return the line to mark: the last of a quoted text, the first of a block."""
    span = scalar.span
    block = not scalar.plain and lines[span.line - 1][span.column - 1] in "|>"
    return span.line if block else span.end_line or span.line


def _later(date: str, years: int) -> str:
    """Return an ISO date as many years later; the last of February where that day is none."""
    day = dt.date(*(int(part) for part in date.split("-")))
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:
        return day.replace(year=day.year + years, day=28).isoformat()


def _note_others(node: nodes.YamlNode | None, notes: dict[int, set[str]]) -> None:
    """Note what is carried and is no fact: the pack, and lists that are empty."""
    for entry in node.entries if isinstance(node, nodes.Mapping) else ():
        if entry.key in {"pack", "模板包"}:
            notes.setdefault(entry.span.line, set()).add(CONFIRM)
    for line in _empty_lists(node):
        notes.setdefault(line, set()).add(CONFIRM)


def _empty_lists(node: nodes.YamlNode | None) -> Iterator[int]:
    match node:
        case nodes.Mapping(entries):
            for entry in entries:
                yield from _empty_lists(entry.value)
        case Sequence(items):
            if not items:
                yield node.span.line
            for item in items:
                yield from _empty_lists(item)


def _dated(lines: list[str], node: nodes.YamlNode | None) -> Iterator[int]:
    """Yield the lines that are nothing but a comment and name a year, which may be over."""
    spans = [scalar.span for _, scalar in _scalars(node)]
    inside = {n for span in spans for n in range(span.line + 1, span.end_line + 1)}
    for number, line in enumerate(lines, 1):
        if number not in inside and _DATED.match(line) and not line.startswith(MODELINE):
            yield number


def _noted(line: str, words: set[str]) -> str:
    """Return `line` with `words` in the comment at its end."""
    told = "、".join(sorted(words, reverse=True))
    outside = _QUOTED.sub(lambda match: "_" * len(match[0]), line)
    return f"{line.rstrip()}{' ' if _COMMENT.search(outside) else '   # '}{told}"


def _without(lines: list[str], node: nodes.YamlNode | None) -> list[str]:
    """Return `lines` without what belongs to the old year, rules with a mark above."""
    entries = node.entries if isinstance(node, nodes.Mapping) else ()
    starts = {entry.span.line: entry.key for entry in entries}
    kept: list[str] = []
    skipping = False
    for number, line in enumerate(lines, 1):
        key = starts.get(number)
        if key is not None:
            skipping = key in plan().dropped
            while skipping and kept and kept[-1].startswith("#"):
                kept.pop()
            if key in plan().rules:
                kept.append(f"# {CONFIRM}")
        elif skipping and line.startswith("#"):
            skipping = False
        if not skipping:
            kept.append(line)
    return kept


_UNCARRIED = {"published.yaml"}
"""Files that are about what was published of their own year."""


def new_year(
    files: SourceFiles, unit: str, year: int, source: int | None = None, report: str | None = None
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Write data/<unit>/<year>/ from `source` (the latest year before); return its files.

    With `report` only that one is carried, also into a year that is there: with the files of the
    year that it lacks, none that stands is touched. Findings say why nothing was written: J102,
    Y102 where the year or the report is there, Y103 where there is none before it, and the
    errors of the old year, which cannot be carried as it stands.
    """
    known = units(files)
    if unit not in known:
        return (), (finding("J102", unit=unit, known="、".join(known) or "—"),)
    target = f"data/{unit}/{year}"
    taken = f"{target}/{report}" if report else target
    if (files.root / taken).exists():
        return (), (finding("Y102", SourceSpan(taken), year=taken.removeprefix(f"data/{unit}/")),)
    earlier = [y for y in years(files, unit) if y < year and _has(files, unit, y, report)]
    if source is None:
        source = max(earlier, default=None)
    if source not in earlier:
        there = "、".join(map(str, earlier)) or "—"
        return (), (finding("Y103", SourceSpan(f"data/{unit}"), year=year, known=there),)
    facts, findings = _facts(files, unit, source)
    if blocks(findings):
        return (), findings
    texts = dict(_texts(files, f"data/{unit}/{source}", facts, year))
    if report:
        texts = {n: t for n, t in texts.items() if n.count("/") == 0 or n.startswith(f"{report}/")}
    if (files.root / target).exists():
        texts = {n: t for n, t in texts.items() if not (files.root / target / n).exists()}
        save_texts(files.root / target, texts)
    else:
        _write(files.root / target, texts)
    return tuple(sorted(f"{target}/{name}" for name in texts)), ()


def _has(files: SourceFiles, unit: str, year: int, report: str | None) -> bool:
    """Return whether there is `report`, or any report, of `unit` in `year`."""
    found = reports(files, unit, year)
    return report in found if report else bool(found)


def _facts(
    files: SourceFiles, unit: str, year: int
) -> tuple[Mapping[str, dict[tuple[int, int], Fact]], tuple[Finding, ...]]:
    """Return the facts of all reports of a year, by file, line and column."""
    placed: dict[str, dict[tuple[int, int], Fact]] = {}
    findings: list[Finding] = []
    for report in reports(files, unit, year):
        log = Diagnostics()
        loaded = load(files, unit, year, report, log)
        findings.extend(each for each in log if each.severity == "error")
        for fact in loaded.facts.facts.values() if loaded else ():
            if fact.value is not None:  # what is left out stands at the place of its group
                placed.setdefault(fact.span.path, {})[fact.span.line, fact.span.column] = fact
    return placed, tuple(findings)


def _texts(
    files: SourceFiles, base: str, facts: Mapping[str, dict[tuple[int, int], Fact]], year: int
) -> Iterator[tuple[str, str]]:
    """Yield each file of the year at `base`, by its path below it, as `year` begins.

    What a file names of its own year, such as a text to include, is the new year's.
    """
    root = files.root / base
    home, _, old = base.rpartition("/")
    for file in sorted(root.rglob("*")):
        path = file.relative_to(files.root).as_posix()
        if file.name in _UNCARRIED or file.suffix not in {".yaml", ".md"}:
            continue
        text = files.text(path, Diagnostics())
        if text is None:
            continue
        ahead = year - int(old)
        prose = file.suffix == ".md"
        new = carried_prose(text) if prose else carried(path, text, facts.get(path, {}), ahead)
        new = new.replace(f"{base}/", f"{home}/{year}/")
        if new.strip():
            yield file.relative_to(root).as_posix(), new


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Make `folder` with `texts` by path in it, whole or not at all."""
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        stage = Path(name) / folder.name
        for path, text in texts.items():
            file = stage / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        stage.rename(folder)
