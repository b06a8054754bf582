"""For pack authors: start a new pack, and tell what is missing or unused in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2 import nodes

from reportgen.compose.errors import misread
from reportgen.features.packs.usage import (
    ColumnUse,
    merged,
    misspelt,
    shape_of_formula,
    shape_of_template,
)
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.formula.faults import fault
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError, every_name
from reportgen.load.packs import load_pack
from reportgen.load.schema import EconomicItem, Fund, Rating
from reportgen.model.pack import Pack, Section
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.source_files import SourceFiles

NAME = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
"""What a new pack may be called: a city's folder and one below it."""

COLUMNS = {name for row in (Fund, Rating, EconomicItem) for name in row.model_fields}
"""The columns of tables, which filters in formulas name without their table."""

_GIVEN = {"year", "prior", "loop", "row", "unit", "report"}


@dataclass(frozen=True, slots=True)
class PackCheck:
    """What `check-pack` found: findings, and the facts a report must bring for this pack.

    `columns` are those of tables, table.column, as far as the pack reads them; `lists` are the
    names of tables and of lists of texts.
    """

    findings: tuple[Finding, ...]
    facts: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def new_pack(root: Path, name: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Write a minimal working pack to templates/`name`; return its files, or P305/P306."""
    if not NAME.fullmatch(name):
        return (), (finding("P306", name=name),)
    folder = root / "templates" / name
    if folder.exists():
        return (), (finding("P305", SourceSpan(f"templates/{name}")),)
    starter = resources.files("reportgen.features.packs").joinpath("starter")
    written: list[str] = []
    for path, text in _texts(starter, ""):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        written.append(f"templates/{name}/{path}")
    return tuple(sorted(written)), ()


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".md", ".html")):
            yield f"{prefix}{entry.name}", entry.read_text("utf-8")


def check_pack(files: SourceFiles, name: str) -> PackCheck:
    """Return what is missing, wrong or unused in the pack templates/`name`."""
    log = Diagnostics()
    pack = load_pack(files, name, log)
    findings = tuple(log)
    if pack is None:
        return PackCheck(findings)
    templates, shapes, found = _templates(files, pack)
    formulas, shape, bad = _formulas(pack)
    names = {name for used in (*templates.values(), *formulas.values()) for name in used}
    columns, lists = merged((*shapes, shape))
    wrong = (*misspelt(files, pack, templates, formulas), *_unused(pack, names))
    every = (*findings, *found, *bad, *wrong, *_leftover(files, pack, templates))
    fields = {column.rpartition(".")[2] for column in columns}
    fields -= {name for used in templates.values() for name in used}
    return PackCheck(every, _needed(pack, names - fields), columns, lists)


def _templates(
    files: SourceFiles, pack: Pack
) -> tuple[dict[str, set[str]], list[ColumnUse], tuple[Finding, ...]]:
    """Return the names each template of the pack prints or tests, following forms and imports."""
    shapes: list[ColumnUse] = []
    queue = _printed(pack)
    found: dict[str, set[str]] = {}
    findings: list[Finding] = []
    environment = jinja2.Environment(autoescape=True)
    while queue:
        path = queue.pop()
        if path in found:
            continue
        problems = Diagnostics()
        text = files.text(path, problems)
        findings.extend(problems)
        found[path] = set()
        if text is None:
            continue
        try:
            tree = environment.parse(text)
        except jinja2.TemplateSyntaxError as error:
            span, params = SourceSpan(path, error.lineno), misread(error.message or "")
            findings.append(finding("T101", span, **params))  # type: ignore[arg-type]
            continue
        found[path] = set(_names(tree))
        shapes.append(shape_of_template(tree))
        queue.extend(_references(tree, pack.folder))
    lines = (*pack.title, *pack.signature, *_cover_lines(pack))
    found["pack.yaml"] = {n for line in lines for n in _names(environment.parse(line.text))}
    return found, shapes, tuple(findings)


def _printed(pack: Pack) -> list[str]:
    """Return the paths of the templates that the outline, the annexes and the forms name."""
    queue = [f"templates/{pack.folder}/sections/{s.id}.md" for s in _written(pack.outline)]
    if pack.opening == "pack":
        queue.append(f"templates/{pack.folder}/sections/opening.md")
    queue += [annex.body for annex in pack.annexes]
    forms = (*pack.forms, *(form for annex in pack.annexes for form in annex.forms))
    queue += [f"templates/{pack.folder}/forms/{form.name}.html" for form in forms]
    return queue


def _cover_lines(pack: Pack) -> tuple[Formula, ...]:
    if pack.cover is None:
        return ()
    foot = (pack.cover.foot,) if pack.cover.foot else ()
    return (*(value for _, value in pack.cover.fields), *foot, *pack.cover.title)


def _written(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        if section.text == "pack":
            yield section
        yield from _written(section.sections)


def _references(tree: nodes.Template, folder: str) -> Iterator[str]:
    """Yield the paths of the forms, includes and imports of a template."""
    for call in tree.find_all(nodes.Call):
        match call:
            case nodes.Call(node=nodes.Name(name="form"), args=[nodes.Const(value=str(name))]):
                yield f"templates/{folder}/forms/{name}.html"
            case _:
                pass
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport)):
        named = getattr(node, "template", None)
        if isinstance(named, nodes.Const):
            path = str(named.value)
            yield path if path.startswith(("templates/", "data/")) else f"templates/{path}"


def _names(tree: nodes.Template) -> Iterator[str]:
    """Yield the dotted names of a template that it does not set itself."""
    local = {n.name for n in tree.find_all(nodes.Name) if n.ctx != "load"}
    local |= {m.name for m in tree.find_all(nodes.Macro)}
    local |= {node.target for node in tree.find_all(nodes.Import)}
    inner: set[int] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Name)):
        if id(node) in inner:
            continue
        parts: list[str] = []
        at: nodes.Node = node
        while isinstance(at, nodes.Getattr):
            parts.insert(0, at.attr)
            at = at.node
            inner.add(id(at))
        if isinstance(at, nodes.Name) and at.name not in local | {"form"}:
            yield ".".join([at.name, *parts])


def _formulas(pack: Pack) -> tuple[dict[str, set[str]], ColumnUse, tuple[Finding, ...]]:
    """Return the names each formula of the pack uses, and findings for those that do not parse."""
    texts = {f"metric {m.key}": m.formula for m in pack.rules.metrics}
    texts |= {f"relation {r.key}": r.claim for r in pack.rules.relations}
    for scoring in pack.rules.scorings:
        for field in ("value", "target", "last"):
            formula = getattr(scoring, field)
            if formula is not None:
                texts[f"scoring {scoring.rating}.{field}"] = formula
    found: dict[str, set[str]] = {}
    findings: list[Finding] = []
    shapes: list[ColumnUse] = []
    for key, formula in texts.items():
        try:
            tree = parse(formula).tree
        except FormulaError as error:
            findings.append(fault(formula, error, key))
            continue
        found[key] = {part for name in every_name(tree) for part in _groups(name.key)}
        shapes.append(shape_of_formula(tree))
    return found, ColumnUse(*merged(shapes)), tuple(findings)


def _groups(key: str) -> Iterator[str]:
    """Yield `key` and every group of keys that it stands in."""
    while key:
        yield key
        key = key.rpartition(".")[0]


def _unused(pack: Pack, names: set[str]) -> Iterator[Finding]:
    """Yield P303 for each metric that no template and no formula uses."""
    for metric in pack.rules.metrics:
        stem = metric.key.partition(".*.")[0]
        field = metric.key.rpartition(".")[2]
        starred = "*" in metric.key
        used = any(
            name == metric.key
            or name.startswith(f"{metric.key}.")
            or metric.key.startswith(f"{name}.")
            or (starred and (name == stem or name.rpartition(".")[2] == field))
            for name in names
        )
        if not used:
            yield finding(
                "P303", metric.span, subject=metric.key, key=metric.key, title=metric.title
            )


def _leftover(files: SourceFiles, pack: Pack, templates: Iterable[str]) -> Iterator[Finding]:
    """Yield P302 for each section or form of the pack's folder that nothing refers to."""
    known = set(templates)
    for folder, suffix in (("sections", ".md"), ("forms", ".html")):
        for path in files.names(f"templates/{pack.folder}/{folder}", suffix):
            if path not in known:
                yield finding("P302", SourceSpan(path))


def _needed(pack: Pack, names: set[str]) -> tuple[str, ...]:
    """Return the facts that formulas and templates name and that no metric gives."""
    keys = {m.key.partition(".*.")[0] if "*" in m.key else m.key for m in pack.rules.metrics}
    groups = {group for m in pack.rules.metrics for group in _groups(m.key)}
    heads = {name for name in names - COLUMNS if name.partition(".")[0] not in _GIVEN}
    facts = {n for n in heads - keys - groups if not any(n.startswith(f"{k}.") for k in keys)}
    return tuple(sorted(facts | {wanted.text for wanted in pack.requires}))
